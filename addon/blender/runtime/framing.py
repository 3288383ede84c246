"""Moving a view so that a box is wholly in it, beside what lies over the view.

Blender's own *Frame Selected* knows of no sidebar, which half of a model would be behind, and cuts
off the near corners of what is large.
"""

from typing import Final, NamedTuple

import bpy
from mathutils import Vector

from ..core.access import present, typed
from ..scene.bounds import Corner

STEP: Final = 1.1
"""Farther away each time, until all of it is in view."""
MOST_STEPS: Final = 80
NEAREST: Final = 1.5
"""Of a view's Clip Start, in front of which Blender's own framing does not go either."""
MARGIN: Final = 0.04
"""Share of the free width and height that stays empty at each side."""
LEAST: Final = 0.2
"""Share of the width: where less is free, what lies over it counts as nothing."""
OVER: Final = frozenset({"UI", "TOOLS", "HEADER", "TOOL_HEADER", "ASSET_SHELF"})


class _Free(NamedTuple):
    """What of the region nothing lies over, in its pixels."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def holds(self, point: Vector | None) -> bool:
        across, up = MARGIN * (self.right - self.left), MARGIN * (self.top - self.bottom)
        return (
            point is not None
            and self.left + across <= point.x <= self.right - across
            and self.bottom + up <= point.y <= self.top - up
        )


def frame(area: bpy.types.Area, region: bpy.types.Region, low: Corner, high: Corner) -> None:
    """Let the region's view show the whole box from where it looks; it leaves its camera."""
    from bpy_extras.view3d_utils import location_3d_to_region_2d, region_2d_to_location_3d

    view = region.data
    if not isinstance(view, bpy.types.RegionView3D):
        return
    if view.view_perspective == "CAMERA":
        view.view_perspective = "PERSP"
    free = _free_of(area, region)
    corners = [Vector((x, y, z)) for x in (low[0], high[0]) for y in (low[1], high[1])
               for z in (low[2], high[2])]  # fmt: skip
    middle = (Vector(low) + Vector(high)) / 2
    view.view_location = middle
    space = typed(bpy.types.SpaceView3D, area.spaces.active)
    view.view_distance = max((Vector(high) - Vector(low)).length / 2, NEAREST * space.clip_start)
    for _ in range(MOST_STEPS):
        view.update()
        there = present(region_2d_to_location_3d(region, view, free.middle, middle), "place")
        view.view_location = Vector(view.view_location[:]) + middle - there
        view.update()
        if all(free.holds(location_3d_to_region_2d(region, view, one)) for one in corners):
            return
        view.view_distance *= STEP


def _free_of(area: bpy.types.Area, region: bpy.types.Region) -> _Free:
    left, bottom, right, top = 0.0, 0.0, float(region.width), float(region.height)
    for other in area.regions:
        if other.type not in OVER or other.width <= 1 or other.height <= 1:
            continue
        x, y = other.x - region.x, other.y - region.y
        if other.type == "UI" and x > region.width / 2:
            right = min(right, x)
        elif other.type in {"UI", "TOOLS"} and x + other.width < region.width / 2:
            left = max(left, x + other.width)
        elif other.type in {"HEADER", "TOOL_HEADER"} and y > region.height / 2:
            top = min(top, y)
        elif other.type in {"HEADER", "TOOL_HEADER", "ASSET_SHELF"} and y + other.height < (
            region.height / 2
        ):
            bottom = max(bottom, y + other.height)
    if right - left < LEAST * region.width:
        left, right = 0.0, float(region.width)
    return _Free(left, bottom, right, top)
