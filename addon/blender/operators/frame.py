"""Show a placed result in the viewport."""

import bpy

from ..core.access import scene_of
from ..core.ids import OperatorId
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from .one_job import OneJobOperator


class STUDIO3D_OT_frame(OneJobOperator):
    """Select what came from a job and move the view there."""

    bl_idname = OperatorId.FRAME
    bl_label = "Show in Viewport"
    bl_description = "Select the placed objects of this job and frame them in the viewport"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Selecting objects is a matter of Object Mode."""
        if context.mode != "OBJECT":
            cls.poll_message_set(translate("Switch to Object Mode first"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        """Select and frame; without a viewport, only select."""
        from ..placement.append_result import select
        from ..runtime import framing
        from ..scene import bounds
        from ..scene.provenance import placed_objects

        objects = [
            obj
            for obj in placed_objects(scene_of(context), self.job_id)
            if obj.visible_get(view_layer=context.view_layer)
        ]
        if not objects:
            self.report({"WARNING"}, "Nothing visible in this scene came from this job")
            return {"CANCELLED"}
        select(context, objects)
        box, viewport = bounds.of(objects), viewport_of(context)
        if box is not None and viewport is not None:
            framing.frame(*viewport, *box)
        return {"FINISHED"}


def frame_selected(context: bpy.types.Context) -> None:
    """Frame what is selected of a mesh in the window's 3D viewport, if there is one."""
    viewport = viewport_of(context)
    if viewport is not None:
        with context.temp_override(window=context.window, area=viewport[0], region=viewport[1]):
            bpy.ops.view3d.view_selected()


def viewport_of(context: bpy.types.Context) -> tuple[bpy.types.Area, bpy.types.Region] | None:
    """The window's 3D viewport, the one under the mouse before others."""
    window = context.window
    if window is None or bpy.app.background:
        return None
    areas = [context.area, *window.screen.areas]
    area = next((area for area in areas if area is not None and area.type == "VIEW_3D"), None)
    if area is None:
        return None
    return area, next(region for region in area.regions if region.type == "WINDOW")


CLASSES = (STUDIO3D_OT_frame,)
