"""Giving the selected objects a size, and making another model of them for a printer."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import StringProperty

from ...catalog.messages import error_message
from ...printing.orders import TOO_FINE, Base, Hollow, Mending, Split, is_too_fine
from ..core import ids
from ..core.access import view_layer_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..placement import read_result, take_print
from ..runtime import print_work
from ..scene import export_selection, print_size
from ..settings.print_settings import STUDIO3D_PG_printing, limits_of, order_of, wanted_height
from ..widgets import print_words
from .print_check import PrintOperator, leave_edit_mode, need_printer


class STUDIO3D_OT_print_size(PrintOperator):
    bl_idname = ids.OperatorId.PRINT_SIZE
    bl_label = "Set Size"
    bl_description = (
        "Scale the selected objects, with all that hangs on them, so that they are printed that "
        "high; here and at once, nothing is sent or paid"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def start(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
    ) -> None:
        leave_edit_mode(context)
        print_size.give_height(context, selection, wanted_height(settings))


def mending(
    context: bpy.types.Context,
    selection: "export_selection.Selection",
    settings: STUDIO3D_PG_printing,
) -> dict[str, Any]:
    """What is to be mended; raises SendFailed where it would take all memory there is."""
    wanted = order_of(settings.mending, Mending)
    if is_too_fine(wanted.voxel, max(print_size.sides(context, selection))):
        raise export_selection.SendFailed(TOO_FINE)
    return asdict(wanted)


class _MakingOperator(PrintOperator):
    """Base: has another model made of the mended one. ``doing`` says so while it lasts."""

    bl_options = {"INTERNAL"}
    doing = ""

    def order(self, settings: STUDIO3D_PG_printing) -> dict[str, Any]:
        """What is to be done beside mending, as ``background.printing.work.make`` takes it.

        Raises SendFailed.
        """
        return {}

    def start(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
    ) -> None:
        order = {"fix": mending(context, selection, settings), **self.order(settings)}
        print_work.start_making(context, selection, limits_of(settings), order, self.doing)


class STUDIO3D_OT_print_fix(_MakingOperator):
    bl_idname = ids.OperatorId.PRINT_FIX
    bl_label = "Fix"
    bl_description = (
        "Mend the selected objects as one model in the background, and put it in their place; "
        "costs nothing, and one undo step takes it back"
    )
    doing = "Fixing…"


class STUDIO3D_OT_print_base(_MakingOperator):
    bl_idname = ids.OperatorId.PRINT_BASE
    bl_label = "Add Base"
    bl_description = (
        "Mend the selected objects as one model, and join a base to it in the background; costs "
        "nothing, and one undo step takes it back"
    )
    doing = "Adding a base…"

    def order(self, settings: STUDIO3D_PG_printing) -> dict[str, Any]:
        return {"base": asdict(order_of(settings.base, Base))}


class STUDIO3D_OT_print_hollow(_MakingOperator):
    bl_idname = ids.OperatorId.PRINT_HOLLOW
    bl_label = "Make Hollow"
    bl_description = (
        "Mend the selected objects as one model and make it hollow in the background, with holes "
        "that it drains through; costs nothing, and one undo step takes it back"
    )
    doing = "Hollowing…"

    def order(self, settings: STUDIO3D_PG_printing) -> dict[str, Any]:
        return {"hollow": asdict(order_of(settings.hollow, Hollow))}


class STUDIO3D_OT_print_split(_MakingOperator):
    bl_idname = ids.OperatorId.PRINT_SPLIT
    bl_label = "Split for Printer"
    bl_description = (
        "Cut the selected objects as one model into parts that fit on the bed of the chosen "
        "printer, with pins, in the background; the original is kept hidden"
    )
    doing = "Splitting…"

    def order(self, settings: STUDIO3D_PG_printing) -> dict[str, Any]:
        need_printer(settings)
        return {"split": asdict(order_of(settings.split, Split))}


class STUDIO3D_OT_print_take(bpy.types.Operator):
    """What the watch calls when the model is there."""

    bl_idname = ids.OperatorId.PRINT_TAKE
    bl_label = "Change for Printing"
    bl_description = "Put what was made in the place of the object"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        scene: str
    else:
        scene: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        made = print_work.made()
        if made is None:
            return {"CANCELLED"}
        leave_edit_mode(context)
        said = made.report["figurines"][0]
        scene = bpy.data.scenes[self.scene]
        with context.temp_override(scene=scene, view_layer=_layer_of(context, scene)):
            try:
                obj = take_print.take(
                    bpy.context, made.objects, made.state, made.back, said["back"]
                )
            except read_result.AppendFailed as error:
                print_work.tell(error_message(error), trouble=True)
                self.report({"WARNING"}, translate(error_message(error)))
                return {"CANCELLED"}
            print_work.note_taken(bpy.context, obj, made)
        words = print_words.done_words(obj.name, said)
        print_work.tell(words, of=obj)
        self.report({"INFO"}, translate(words))
        return {"FINISHED"}


def _layer_of(context: bpy.types.Context, scene: bpy.types.Scene) -> bpy.types.ViewLayer:
    return view_layer_of(context) if context.scene == scene else scene.view_layers[0]


CLASSES = (
    STUDIO3D_OT_print_size,
    STUDIO3D_OT_print_fix,
    STUDIO3D_OT_print_base,
    STUDIO3D_OT_print_hollow,
    STUDIO3D_OT_print_split,
    STUDIO3D_OT_print_take,
)
