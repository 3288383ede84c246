"""Turning the pages of the Results panel."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import IntProperty

from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..settings.interface_state import interface_state_of
from ..snapshot import snapshot


class STUDIO3D_OT_results_page(bpy.types.Operator):
    bl_idname = ids.OperatorId.RESULTS_PAGE
    bl_label = "Turn Page"
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        step: int
    else:
        step: IntProperty(default=1, options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        return translate("Show newer results" if properties.step < 0 else "Show older results")

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        shown = snapshot.current().results
        page = min(max(shown.page + self.step, 1), shown.pages)
        interface_state_of(context).results_page = page
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_results_page,)
