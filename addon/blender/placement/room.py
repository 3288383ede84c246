"""What stands in a scene, and where a result would stand free of it.

Bounds decide, with one exception: what is far larger than the result and goes all around it is its
surroundings, for example a terrain, a room or a sky. There the surface itself counts.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import bpy
from mathutils import Vector

from ..core.access import present, scene_of
from ..scene.provenance import JOB
from ..scene.visible_surfaces import SURFACES
from .free_spot import Box, around, in_the_way, overlap, tolerance, way_to_gap

DOWN: Final = Vector((0.0, 0.0, -1.0))
UP: Final = -DOWN
ALONG: Final = Vector((1.0, 0.0, 0.0))
SOLID: Final = SURFACES | {"CURVES", "POINTCLOUD", "VOLUME", "GPENCIL", "GREASEPENCIL"}
"""Types of objects that take room."""
HELPERS: Final = {"WIRE", "BOUNDS"}
"""How objects are displayed that are helpers, such as cutters, and no things."""
WIDE: Final = 3.0
"""How many times as wide and deep as the result its surroundings are at least."""
LOW: Final = 0.25
"""Share of a result's height below which a surface is the ground that it stands on, or in."""
MOST_TRIES: Final = 64
"""Places in surroundings that are looked at before the last one is good enough."""
MOST_INSTANCES: Final = 20_000
"""Objects and instances that are looked at: a third of a second."""


def things(context: bpy.types.Context, *, results_only: bool = False) -> list[Box]:
    """The bounds of everything visible that takes room, as its modifiers show it.

    ``results_only``: of results of jobs alone.
    """
    found = []
    depsgraph = context.evaluated_depsgraph_get()
    for number, one in enumerate(depsgraph.object_instances):
        if number >= MOST_INSTANCES:
            break
        obj = present(one.object, "object of an instance")
        if not one.show_self or obj.type not in SOLID or obj.display_type in HELPERS:
            continue
        if results_only and not _owner(one).get(JOB):
            continue
        corners = [one.matrix_world @ Vector(corner) for corner in obj.bound_box]
        box = around(corners)
        if any(box.sides[:]):
            found.append(box)
    return found


def _owner(one: bpy.types.DepsgraphObjectInstance) -> bpy.types.Object:
    """The object that is there, or that shows the instance."""
    return present(one.parent if one.is_instance else one.object, "owner of an instance")


def way_beside(
    context: bpy.types.Context, box: Box, standing: Sequence[Box], reserved: Sequence[Box]
) -> Vector:
    """How far a result has to go from ``box`` along +X to stand free of everything.

    ``standing`` is what ``things`` gives; ``reserved`` are the spots of results to come. From a
    slope it goes up or down with the ground.
    """
    others = [*(one for one in standing if not _is_wide(one, box)), *reserved]
    wide = [one for one in standing if _is_wide(one, box)]
    rises = bool(wide) and abs(_rise(context, box) or 0.0) <= LOW * box.sides.z
    taken, there, within = in_the_way(box, others), box, tolerance(box)
    for _ in range(MOST_TRIES):
        there = box.moved(way_to_gap(box, taken) * ALONG)
        if rises and there != box:
            rise = _rise(context, there) or 0.0
            there = there.moved((rise if abs(rise) > within else 0.0) * UP)
        hiding = [one for one in others if overlap(there, one, within)]
        hiding = hiding or _hiding(context, there, wide, standing)
        if not hiding:
            break
        taken += hiding
    return there.low - box.low


def _rise(context: bpy.types.Context, box: Box) -> float | None:
    """How much higher than its base the ground in the middle of the box is; None: there is none."""
    top = Vector(((box.low.x + box.high.x) / 2, (box.low.y + box.high.y) / 2, box.high.z))
    ground = next(surfaces(context, top, DOWN, 2 * box.sides.z), None)
    return None if ground is None or not ground.faces_up else ground.point.z - box.low.z


def _is_wide(other: Box, box: Box) -> bool:
    return all(other.sides[axis] >= WIDE * box.sides[axis] for axis in (0, 1))


def _hiding(
    context: bpy.types.Context, box: Box, wide: Sequence[Box], standing: Sequence[Box]
) -> list[Box]:
    """What of the ``wide`` the box would stand in; nothing if it stands well there."""
    met = [one for one in wide if overlap(box, one, tolerance(box))]
    if not met:
        return []
    across = [one for one in met if not _goes_around(one, box)]
    if across:
        return across
    middle = (box.low + box.high) / 2
    if _is_inside(context, middle):
        closed = [one for one in met if overlap(Box(middle, middle), one, 0.0)]
        smallest = min(closed or met, key=lambda one: one.sides.x)
        return [] if _holds_others(smallest, standing) else [smallest]
    foot = Vector((middle.x, middle.y, box.low.z + LOW * box.sides.z))
    return [box] if next(surfaces(context, foot, UP, box.high.z - foot.z), None) else []


def _goes_around(other: Box, box: Box) -> bool:
    """Whether the box lies within the other one, seen from above."""
    return all(
        other.low[axis] <= box.low[axis] and other.high[axis] >= box.high[axis] for axis in (0, 1)
    )


def _is_inside(context: bpy.types.Context, point: Vector) -> bool:
    """Whether a surface that looks away from the point is both above and below it."""
    above = next(surfaces(context, point, UP), None)
    below = next(surfaces(context, point, DOWN), None)
    if above is None or below is None:
        return False
    return above.faces_up and not below.faces_up


def _holds_others(box: Box, standing: Sequence[Box]) -> bool:
    """Whether smaller things are in it, as in a room, a car or under a sky."""
    return any(
        all(
            one.low[axis] > box.low[axis]
            and one.high[axis] < box.high[axis]
            and one.sides[axis] < box.sides[axis] / 2
            for axis in range(3)
        )
        for one in standing
    )


STEP: Final = 1e-4
"""How far a ray starts beside the point it is for, to meet a surface that lies in that point."""
SINGLE_PRECISION: Final = 1e-6
MOST_SURFACES: Final = 64
"""Surfaces behind each other that a ray looks at."""


class Surface(NamedTuple):
    """Where a ray meets a surface."""

    point: Vector
    faces_up: bool


def surfaces(
    context: bpy.types.Context, start: Vector, direction: Vector, far: float = 1e30
) -> Iterator[Surface]:
    """The surfaces that a ray up or down from ``start`` meets no farther than ``far``, in order."""
    scene = scene_of(context)
    depsgraph = context.evaluated_depsgraph_get()
    step = max(STEP, SINGLE_PRECISION * max(abs(side) for side in start[:]))
    origin = start - direction * step
    for _ in range(MOST_SURFACES):
        left = far - abs(origin.z - start.z)
        hit, point, normal, _, obj, _ = scene.ray_cast(depsgraph, origin, direction, distance=left)
        if not hit:
            return
        if present(obj, "object that was hit").display_type not in HELPERS:
            yield Surface(point, normal.z > 0.0)
        origin = point + direction * step
