"""Where a result is to stand, and in which collection: found when it is ordered or placed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import bpy
from mathutils import Vector

from ...jobs.origin import Identity, Placement
from ...jobs.placement_options import Into, PlacementOptions, Where
from ..core import session
from ..core.access import present, scene_of, view_layer_of
from ..core.translation import translate
from ..scene import export_selection
from ..scene.visible_surfaces import SURFACES

if TYPE_CHECKING:
    from ...jobs.job import Job

DOWN: Final = Vector((0.0, 0.0, -1.0))
UP: Final = -DOWN
STEP: Final = 1e-4
"""How far a ray starts beside the point it is for, to meet a surface that lies in that point."""
SINGLE_PRECISION: Final = 1e-6
MOST_SURFACES: Final = 64
"""Surfaces above each other that a ray looks at."""
NO_SURFACE: Final = {"WIRE", "BOUNDS"}
"""How objects are displayed that are helpers, such as cutters, and nothing to stand on."""


class TargetPoint(NamedTuple):
    """A point of the scene; ``remark`` says why it is not the one that was asked for."""

    point: Vector
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the choices refer to."""

    cursor: Vector
    obj: bpy.types.Object | None
    """What the result is to stand in place of."""
    collection: bpy.types.Collection | None
    gone: str = ""
    """Name of the object that was chosen and is not in the scene any more."""


def capture(context: bpy.types.Context, chosen: PlacementOptions) -> Placement:
    """The options and what they refer to now."""
    kept = Placement(chosen)
    active = _selected_object(context)
    if chosen.where is Where.SELECTION and active is not None:
        kept = replace(kept, object=export_selection.identity(active))
    if chosen.into is Into.ACTIVE and context.collection is not None:
        collection = context.collection
        kept = replace(kept, collection=Identity(collection.name, collection.session_uid))
    return kept


def of_now(context: bpy.types.Context) -> Targets:
    """What is selected and active now."""
    return Targets(_cursor(context), _selected_object(context), context.collection)


def of_job(context: bpy.types.Context, job: Job) -> Targets:
    """What was selected and active when the job was ordered; now, where that is not known.

    The 3D cursor is the one of now: it is where an artist points for whatever comes next.
    """
    kept = job.origin.placement or Placement()
    same_session = session.is_open(job)
    obj, gone = _selected_object(context), ""
    if kept.object is not None:
        obj = export_selection.find(kept.object, same_session=same_session)
        if obj is None or context.scene not in obj.users_scene:
            obj, gone = None, kept.object.name
    collection = context.collection
    if kept.collection is not None:
        collection = _find_collection(context, kept.collection, same_session=same_session)
    return Targets(_cursor(context), obj, collection, gone)


def _cursor(context: bpy.types.Context) -> Vector:
    return scene_of(context).cursor.location.copy()


def _selected_object(context: bpy.types.Context) -> bpy.types.Object | None:
    active = view_layer_of(context).objects.active
    return active if active is not None and active.select_get() else None


def _find_collection(
    context: bpy.types.Context, known: Identity, *, same_session: bool
) -> bpy.types.Collection | None:
    root = scene_of(context).collection
    name = "session_uid" if same_session else "name"
    value = getattr(known, name)
    here = (root, *root.children_recursive)
    return next((one for one in here if getattr(one, name) == value), None)


def find(context: bpy.types.Context, where: Where, targets: Targets) -> TargetPoint:
    """The point for the base of a result."""
    if where is Where.SURFACE:
        found = surface(context, targets.cursor)
        if found is None:
            words = translate("no surface at the 3D cursor, so it stands on the cursor")
            return TargetPoint(targets.cursor, words)
        return TargetPoint(found)
    if where is Where.SELECTION:
        if targets.obj is not None:
            return TargetPoint(_foot(context, targets.obj))
        if targets.gone:
            words = translate("{name} is gone, so it stands on the 3D cursor", name=targets.gone)
        else:
            words = translate("nothing was selected, so it stands on the 3D cursor")
        return TargetPoint(targets.cursor, words)
    return TargetPoint(targets.cursor)


def _foot(context: bpy.types.Context, obj: bpy.types.Object) -> Vector:
    """The bottom center of what the object shows; its location if it shows nothing."""
    shown = obj.evaluated_get(context.evaluated_depsgraph_get())
    if obj.type not in SURFACES or not any(shown.dimensions[:]):
        return shown.matrix_world.translation.copy()
    corners = [shown.matrix_world @ Vector(corner) for corner in shown.bound_box]
    low, high = (
        Vector([side(c[axis] for c in corners) for axis in range(3)]) for side in (min, max)
    )
    return Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))


def surface(context: bpy.types.Context, cursor: Vector) -> Vector | None:
    """The surface straight below the cursor; above it where the cursor is inside or under."""
    below = next(_surfaces(context, cursor, DOWN), None)
    if below is not None and below.faces_up:
        return below.point
    above = list(_surfaces(context, cursor, UP))
    # Through a top face from below: the cursor is in or under what is to be stood on.
    top = next((one for one in above if one.faces_up), None)
    if top is not None and (below is None or above[0].faces_up):
        return top.point
    if below is not None:  # its normals are the wrong way round
        return below.point
    return above[0].point if above else None


class _Surface(NamedTuple):
    point: Vector
    faces_up: bool


def _surfaces(context: bpy.types.Context, start: Vector, direction: Vector) -> Iterator[_Surface]:
    """The surfaces a ray from ``start`` meets, nearest first."""
    scene = scene_of(context)
    depsgraph = context.evaluated_depsgraph_get()
    step = max(STEP, SINGLE_PRECISION * max(abs(side) for side in start[:]))
    origin = start - direction * step
    for _ in range(MOST_SURFACES):
        hit, point, normal, _, obj, _ = scene.ray_cast(depsgraph, origin, direction)
        if not hit:
            return
        if present(obj, "object that was hit").display_type not in NO_SURFACE:
            yield _Surface(point, normal.z > 0.0)
        origin = point + direction * step
