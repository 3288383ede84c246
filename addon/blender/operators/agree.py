"""The question before anything is ordered whose price nobody knows."""

import json
from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...catalog import Estimate
from ..core import ids
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight
from ..snapshot import snapshot
from ..widgets.text import paragraph
from .nested import have_done


class STUDIO3D_OT_agree(bpy.types.Operator):
    """Where a dialog's settings made the price unknown, after that dialog has closed."""

    bl_idname = ids.OperatorId.AGREE
    bl_label = "Agree to Unknown Price…"
    bl_description = "Order it although nobody knows what it costs"
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        operator: str
        given: str
        action: str
        price: str
        reason: str
    else:
        operator: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        given: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        action: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        price: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        reason: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        return window_manager_of(context).invoke_props_dialog(
            self,
            title=preflight.unknown_price_question(self.action),
            confirm_text=self.action,
        )

    def draw(self, context: bpy.types.Context) -> None:
        column = layout_of(self).column(align=True)
        column.label(text=self.price, translate=False)
        paragraph(column, context, self.reason, translate=False)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        given = json.loads(self.given)
        return have_done(
            self, self.operator, "INVOKE_DEFAULT", **given, agree_to_unknown_price=True
        )


def ask_to_agree(operator: bpy.types.Operator, price: Estimate) -> None:
    """Ask who clicked whether it is to be ordered nevertheless; tell a script how it can agree."""
    if bpy.app.background or not operator.options.is_invoke:
        words = translate(
            "{reason} A script agrees with {argument}.",
            reason=price.words(),
            argument="agree_to_unknown_price=True",
        )
        operator.report({"ERROR"}, words)
        return
    names = set(operator.properties.keys()) - {"agree_to_unknown_price"}
    given = {name: getattr(operator, name) for name in names}
    ids.operator(ids.OperatorId.AGREE)(
        "INVOKE_DEFAULT",
        operator=type(operator).bl_idname,
        given=json.dumps(given),
        action=operator.bl_label,
        price=preflight.price_words(snapshot.current(), price),
        reason=translate(price.words()),
    )


CLASSES = (STUDIO3D_OT_agree,)
