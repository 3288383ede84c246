"""Views for multi-view generation from the object at hand."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...catalog.messages import error_message
from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import build_snapshot, job_monitor, side_views
from ..scene import export_selection


class STUDIO3D_OT_views_from_object(bpy.types.Operator):
    bl_idname = ids.OperatorId.VIEWS_FROM_OBJECT
    bl_label = "Views from Selected Object"
    bl_description = (
        "Render the selected object from the front, left, back and right in the background, and "
        "use the pictures as the views that Generate starts from; costs nothing"
    )
    # The views are set when they are rendered: that is the step to undo.
    bl_options = {"REGISTER"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if side_views.is_running():
            cls.poll_message_set(translate("Views are being rendered already"))
            return False
        selection = export_selection.whole(context)
        if selection is None:
            cls.poll_message_set(translate("Select an object with a surface first"))
            return False
        for doubt in side_views.doubts(context, selection):
            if doubt.shows_nothing:
                cls.poll_message_set(translate(doubt.words))
                return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        selection = export_selection.whole(context)
        if selection is None:
            return {"CANCELLED"}
        try:
            side_views.start(context, selection)
        except (export_selection.SendFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        build_snapshot.refresh(context)
        job_monitor.wake()
        self.report(
            {"INFO"}, translate("{name}: the views are being rendered", name=selection.main.name)
        )
        return {"FINISHED"}


class STUDIO3D_OT_cancel_views(bpy.types.Operator):
    bl_idname = ids.OperatorId.CANCEL_VIEWS
    bl_label = "Cancel"
    bl_description = "Stop rendering the views; those there were before stay"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        side_views.stop()
        build_snapshot.refresh(context)
        return {"FINISHED"}


class STUDIO3D_OT_set_views(bpy.types.Operator):
    """What the watch calls when the pictures are there."""

    bl_idname = ids.OperatorId.SET_VIEWS
    bl_label = "Views from Selected Object"
    bl_description = "Start Generate from these pictures"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        scene: str
        front: str
        left: str
        back: str
        right: str
    else:
        scene: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        front: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        left: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        back: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        right: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        pictures = {side: getattr(self, side) for side in side_views.SIDES}
        side_views.set_views(bpy.data.scenes[self.scene], pictures)
        return {"FINISHED"}


CLASSES = (
    STUDIO3D_OT_views_from_object,
    STUDIO3D_OT_cancel_views,
    STUDIO3D_OT_set_views,
)
