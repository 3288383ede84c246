"""Bring a result in where the mouse is clicked in a 3D viewport.

Blender lets nothing be dragged out of a panel but data-blocks and assets, so it is a click: the
button takes the result, the next click in a viewport puts it down.
"""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import bpy
from bpy.props import FloatVectorProperty
from bpy_extras import view3d_utils
from mathutils import Vector

from ..core import ids
from ..core.access import present, scene_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from .nested import have_done
from .one_job import OneJobOperator
from .place import may_change_scene
from .trouble import tells_trouble

FLAT: Final = 1e-6
"""A view whose rays are closer than this to level meets no ground."""


class _View(NamedTuple):
    """A viewport, and the mouse in it."""

    region: bpy.types.Region
    data: bpy.types.RegionView3D
    mouse: tuple[int, int]


class STUDIO3D_OT_place_by_click(OneJobOperator):
    """One undo step. Called with a ``location`` it puts the result there at once."""

    bl_idname = ids.OperatorId.PLACE_BY_CLICK
    bl_label = "Place by Click"
    bl_description = "Take the result, and put it down with a click in the 3D viewport"
    bl_options = {"UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        location: tuple[float, float, float]
    else:
        location: FloatVectorProperty(subtype="TRANSLATION", options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return may_change_scene(cls, context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        _say(context, translate("Click where the result is to stand, or press Esc"))
        present(context.window, "window").cursor_modal_set("CROSSHAIR")
        window_manager_of(context).modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        if event.type in {"ESC", "RIGHTMOUSE"}:
            self.cancel(context)
            return {"CANCELLED"}
        if event.type != "LEFTMOUSE" or event.value != "PRESS":
            return {"PASS_THROUGH"}
        view = view_under(context, event.mouse_x, event.mouse_y)
        if view is None:  # a click beside the viewports lets go of it
            self.cancel(context)
            return {"CANCELLED"}
        point = point_under(context, view)
        self.location = (point.x, point.y, point.z)
        self.cancel(context)
        return self.execute(context)

    def cancel(self, context: bpy.types.Context) -> None:
        """Leave the window as it was."""
        _say(context, None)
        present(context.window, "window").cursor_modal_restore()

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        cursor = scene_of(context).cursor
        before = cursor.location.copy()
        cursor.location = self.location
        try:
            return have_done(self, ids.OperatorId.IMPORT_AS_NEW, job_id=self.job_id)
        finally:
            cursor.location = before


def _say(context: bpy.types.Context, text: str | None) -> None:
    """What to do now, in the status bar; None gives it back."""
    workspace: Any = context.workspace
    workspace.status_text_set(text)


def view_under(context: bpy.types.Context, x: int, y: int) -> _View | None:
    """The 3D viewport at that place of the window; None where there is none, or a panel over it."""
    for area in present(context.window, "window").screen.areas:
        space = area.spaces.active
        if not isinstance(space, bpy.types.SpaceView3D):
            continue
        there = [region for region in area.regions if _holds(region, x, y)]
        main = next((region for region in there if region.type == "WINDOW"), None)
        if main is not None and len(there) == 1 and space.region_3d is not None:
            return _View(main, space.region_3d, (x - main.x, y - main.y))
    return None


def _holds(region: bpy.types.Region, x: int, y: int) -> bool:
    inside = region.x <= x < region.x + region.width and region.y <= y < region.y + region.height
    return inside and region.width > 1 and region.height > 1


def point_under(context: bpy.types.Context, view: _View) -> Vector:
    """What the mouse points at: a surface, else the ground, else the depth of the 3D cursor."""
    start = view3d_utils.region_2d_to_origin_3d(view.region, view.data, view.mouse)
    direction = view3d_utils.region_2d_to_vector_3d(view.region, view.data, view.mouse)
    scene = scene_of(context)
    hit, place, *_ = scene.ray_cast(context.evaluated_depsgraph_get(), start, direction)
    if hit:
        return place
    way = -start.z / direction.z if abs(direction.z) > FLAT else -1.0
    if way > 0:
        return start + direction * way
    return view3d_utils.region_2d_to_location_3d(
        view.region, view.data, view.mouse, scene.cursor.location
    )


CLASSES = (STUDIO3D_OT_place_by_click,)
