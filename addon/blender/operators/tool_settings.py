"""Choosing the steps of a chain, and looking at an object before anything is paid for."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import IntProperty

from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..scene import export_selection, mesh_checks
from ..scene.visible_surfaces import SURFACES
from ..settings.properties import settings_of


class STUDIO3D_OT_add_step(bpy.types.Operator):
    bl_idname = ids.OperatorId.ADD_STEP
    bl_label = "Add Step"
    bl_description = "Add the tool above as the next step; steps run one after the other"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        settings = settings_of(context)
        settings.chain.add().tool = settings.tool
        return {"FINISHED"}


class STUDIO3D_OT_remove_step(bpy.types.Operator):
    bl_idname = ids.OperatorId.REMOVE_STEP
    bl_label = "Remove Step"
    bl_description = "Take this step out of the chain"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        index: int
    else:
        index: IntProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        settings_of(context).chain.remove(self.index)
        return {"FINISHED"}


class STUDIO3D_OT_check_model(bpy.types.Operator):
    bl_idname = ids.OperatorId.CHECK_MODEL
    bl_label = "Check First"
    bl_description = "Look on this machine whether the object is watertight; costs nothing"
    # Only looks: there is nothing to undo.
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        selected = export_selection.selected(context)
        if not selected or selected[0].type not in SURFACES:
            cls.poll_message_set(translate("Select a mesh object first"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        found = mesh_checks.check(context, export_selection.selected(context)[0])
        self.report({"INFO"}, translate(found.verdict))
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_add_step, STUDIO3D_OT_remove_step, STUDIO3D_OT_check_model)
