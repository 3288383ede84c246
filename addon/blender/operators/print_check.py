"""Looking at the selected objects as a printer does, and at what was found."""

from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import StringProperty

from ...catalog.messages import error_message
from ...printing.findings import KINDS, Elements
from ...printing.printers import printer_of
from ..core import ids
from ..core.access import mesh_of, scene_of, view_layer_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..model import failure
from ..placement import take_print
from ..runtime import job_monitor, print_marks, print_work
from ..scene import export_selection
from ..settings.print_settings import STUDIO3D_PG_printing, limits_of
from ..settings.properties import settings_of
from .frame import frame_selected

if TYPE_CHECKING:
    from ..runtime.print_work import Checked


class PrintOperator(bpy.types.Operator):
    """Base of what has the selected objects worked on."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there is something to work on, and nothing being worked on."""
        if print_work.progress():
            cls.poll_message_set(translate("A model is being worked on already"))
            return False
        if export_selection.whole(context) is None:
            cls.poll_message_set(translate("Select an object with a surface first"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        selection = export_selection.whole(context)
        if selection is None:
            return {"CANCELLED"}
        try:
            print_marks.hide()
            self.start(context, selection, settings_of(context).printing)
        except (export_selection.SendFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        job_monitor.wake()
        return {"FINISHED"}

    def start(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
    ) -> None:
        """Begin it; raises SendFailed and OSError."""
        raise NotImplementedError


def need_printer(settings: STUDIO3D_PG_printing) -> None:
    """Raise SendFailed where none is chosen."""
    if printer_of(settings.limits.printer) is None:
        raise export_selection.SendFailed("Choose a printer first: it says how much fits.")


class STUDIO3D_OT_print_check(PrintOperator):
    bl_idname = ids.OperatorId.PRINT_CHECK
    bl_label = "Check for Printing"
    bl_description = (
        "Look in the background for what may be wrong with the selected objects as one model: "
        "holes, thin walls, overhangs, size; costs nothing"
    )
    # Only looks: there is nothing to undo.
    bl_options = {"INTERNAL"}

    def start(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
    ) -> None:
        print_work.start_check(context, selection, limits_of(settings))


class STUDIO3D_OT_print_cancel(bpy.types.Operator):
    bl_idname = ids.OperatorId.PRINT_CANCEL
    bl_label = "Cancel"
    bl_description = "Stop working on the model; nothing is changed"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        print_work.stop()
        return {"FINISHED"}


class STUDIO3D_OT_print_finding(bpy.types.Operator):
    bl_idname = ids.OperatorId.PRINT_FINDING
    bl_label = "Show Finding"
    bl_description = (
        "Select the vertices, edges or faces this is about and move the view there; where walls "
        "are thin and overhangs lean, show how much in the viewport"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        kind: str
    else:
        kind: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        selection = export_selection.whole(context)
        found = None if selection is None else print_work.checked(selection)
        if selection is None or found is None or self.kind not in KINDS:
            return {"CANCELLED"}
        obj = selection.main
        if print_marks.is_shown(obj, self.kind):
            print_marks.hide()
            return {"FINISHED"}
        try:
            self._show(context, selection, found)
        except OSError as error:
            self.report(
                {"WARNING"}, translate("Check it again: {error}", error=failure.own_words(error))
            )
            return {"CANCELLED"}
        return {"FINISHED"}

    def _show(
        self, context: bpy.types.Context, selection: "export_selection.Selection", found: "Checked"
    ) -> None:
        obj = selection.main
        selects = (
            found.is_own and take_print.is_plain(obj) and not print_work.is_stale(selection, found)
        )
        if self.kind in print_marks.HEAT or not selects:
            leave_edit_mode(context)
            print_marks.show(obj, found.marks, self.kind, found.limits)
            return
        print_marks.hide()
        select(
            context, obj, KINDS[self.kind].elements, print_marks.indices_of(found.marks, self.kind)
        )
        frame_selected(context)


class STUDIO3D_OT_print_hide_marks(bpy.types.Operator):
    bl_idname = ids.OperatorId.PRINT_HIDE_MARKS
    bl_label = "Hide Marks"
    bl_description = "Take what is shown of a finding out of the viewports"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        print_marks.hide()
        return {"FINISHED"}


MODES: Final = {
    Elements.VERTICES: ("vertices", (True, False, False)),
    Elements.EDGES: ("edges", (False, True, False)),
    Elements.FACES: ("polygons", (False, False, True)),
}
"""Where a mesh has the elements, and the select mode that shows them."""


def select(context: bpy.types.Context, obj: bpy.types.Object, of: Elements, indices: Any) -> None:
    """Let these elements of the object's mesh, and no others, be selected in Edit Mode."""
    import numpy as np  # late: Blender takes a while to load it

    leave_edit_mode(context)
    layer = view_layer_of(context)
    obj.select_set(True, view_layer=layer)
    layer.objects.active = obj
    mesh: Any = mesh_of(obj)
    name, mode = MODES[of]
    for kind, _ in MODES.values():
        every = getattr(mesh, kind)
        flags = np.zeros(len(every), dtype=np.bool_)
        if kind == name:
            flags[indices] = True
            every.foreach_set("hide", np.zeros(len(every), dtype=np.bool_))
        every.foreach_set("select", flags)
    tools: Any = scene_of(context).tool_settings
    tools.mesh_select_mode = mode
    bpy.ops.object.mode_set(mode="EDIT")


def leave_edit_mode(context: bpy.types.Context) -> None:
    """Write what is edited into the meshes, and go on in Object Mode."""
    if context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")


CLASSES = (
    STUDIO3D_OT_print_check,
    STUDIO3D_OT_print_cancel,
    STUDIO3D_OT_print_finding,
    STUDIO3D_OT_print_hide_marks,
)
