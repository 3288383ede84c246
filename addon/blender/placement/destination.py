"""Where a result is to stand, and in which collection: found when it is ordered or placed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import bpy
from mathutils import Vector

from ...jobs.origin import Identity, Placement, Spot
from ...jobs.placement_options import Into, PlacementOptions, Where
from ..core import session
from ..core.access import scene_of, view_layer_of
from ..core.translation import translate
from ..core.units import metres_per_unit
from ..scene import export_selection, provenance
from ..scene.visible_surfaces import SURFACES
from . import room, spots
from .free_spot import Box, around, overlap, standing_at, tolerance

if TYPE_CHECKING:
    from ...jobs.job import Job


class TargetPoint(NamedTuple):
    """A point of the scene; ``remark`` says why it is not the one that was asked for."""

    point: Vector
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the choices refer to."""

    point: Vector
    """The spot that was taken when ordering, or the 3D cursor."""
    obj: bpy.types.Object | None
    """What the result is to stand in place of."""
    collection: bpy.types.Collection | None
    gone: str = ""
    """Name of the object that was chosen and is not in the scene any more."""
    is_kept: bool = False
    """Whether ``point`` is the result's own spot, which others make way for."""
    is_exact: bool = False
    """Whether it is to stand there, whatever else does."""


def capture(
    context: bpy.types.Context,
    chosen: PlacementOptions,
    sides: tuple[float, float, float] | None = None,
) -> Placement:
    """The options and what they refer to now.

    ``sides`` are what the result is expected to take, in metres; None where nothing enters a scene.
    """
    kept = Placement(chosen)
    if sides is not None:
        kept = replace(kept, spot=_take_spot(context, chosen.where, sides))
    active = _selected_object(context)
    if chosen.where is Where.SELECTION and active is not None:
        kept = replace(kept, object=export_selection.identity(active))
    if chosen.into is Into.ACTIVE and context.collection is not None:
        collection = context.collection
        kept = replace(kept, collection=Identity(collection.name, collection.session_uid))
    return kept


def _take_spot(context: bpy.types.Context, where: Where, sides: tuple[float, float, float]) -> Spot:
    """A spot for a result of these sides in metres that nothing stands on or is to come to."""
    unit = metres_per_unit(scene_of(context))
    now = of_now(context)
    point = find(context, where, now).point
    box = standing_at(point, [side / unit for side in sides])
    place = free(context, where, now, box)
    return Spot((place.x, place.y, place.z), sides)


def free(
    context: bpy.types.Context, where: Where, targets: Targets, box: Box, job: Job | None = None
) -> Vector:
    """The point that ``find`` gives, or the next one beside it at which a result is free.

    ``box`` is what it fills at that point. On a surface or in place of an object it keeps clear of
    other results only: what else stands there was pointed at. ``job`` is whose result it is.
    """
    point = find(context, where, targets).point
    if targets.is_exact:
        return point
    standing = room.things(context, results_only=where is not Where.CURSOR)
    # From its own spot only what stands there drives a result away, not what others are promised.
    is_own = targets.is_kept and where is not Where.SELECTION
    if is_own and not any(room.way_beside(context, box, standing, ())[:]):
        return point
    reserved = spots.reserved(scene_of(context), but_for=job, earlier_only=targets.is_kept)
    way = room.way_beside(context, box, standing, reserved)
    if where is Where.SURFACE and any(way[:]):
        return surface(context, targets.point + way) or point + way
    return point + way


def make_way(context: bpy.types.Context, taken: Box, job: Job) -> None:
    """Take other spots for results to come whose own the job's result stands on now.

    Not where a surface or an object was pointed at: what comes there looks when it comes.
    """
    scene, gone = scene_of(context), [taken]
    standing: list[Box] | None = None
    for jobs, box in spots.to_come(scene, but_for=job):
        ordered = jobs[-1].origin.placement_options
        if ordered.where is not Where.CURSOR:
            continue
        if not any(overlap(box, other, tolerance(box)) for other in gone):
            continue
        standing = room.things(context) if standing is None else standing
        earlier = spots.reserved(scene, but_for=jobs[-1], earlier_only=True)
        way = room.way_beside(context, box, standing, earlier)
        spots.move(jobs, way)
        gone.append(box.moved(way))


def of_now(context: bpy.types.Context) -> Targets:
    """What is selected and active now."""
    return Targets(_cursor(context), _selected_object(context), context.collection)


def of_job(context: bpy.types.Context, job: Job) -> Targets:
    """What was selected and active when the job was ordered; now, where that is not known.

    Its spot is that of the first result: who brings in another one points with the 3D cursor.
    """
    ordered = job.origin.placement or Placement()
    same_session = session.is_open(job)
    obj, gone = _selected_object(context), ""
    if ordered.object is not None:
        obj = export_selection.find(ordered.object, same_session=same_session)
        if obj is None or context.scene not in obj.users_scene:
            obj, gone = None, ordered.object.name
    collection = context.collection
    if ordered.collection is not None:
        collection = _find_collection(context, ordered.collection, same_session=same_session)
    spot = _spot_of(context, job)
    if spot is None:
        return Targets(_cursor(context), obj, collection, gone)
    return Targets(spot, obj, collection, gone, is_kept=True)


def _spot_of(context: bpy.types.Context, job: Job) -> Vector | None:
    """The spot that was taken for the job in this scene, unless its result stands there."""
    scene = scene_of(context)
    box = spots.box_of(scene, job)
    if box is None or provenance.placed_objects(scene, job.id):
        return None
    spot = (job.origin.placement or Placement()).spot
    return None if spot is None else Vector(spot.point)


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
    """The point for the base of a result, whatever stands there; see ``free``."""
    if targets.is_exact:
        return TargetPoint(targets.point)
    if where is Where.SURFACE:
        found = surface(context, targets.point)
        if found is None:
            words = translate("no surface at the 3D cursor, so it stands on the cursor")
            return TargetPoint(targets.point, words)
        return TargetPoint(found)
    if where is Where.SELECTION:
        if targets.obj is not None:
            return TargetPoint(_foot(context, targets.obj))
        if targets.gone:
            words = translate("{name} is gone, so it stands where that was", name=targets.gone)
        else:
            words = translate("nothing was selected, so it stands on the 3D cursor")
        return TargetPoint(targets.point, words)
    return TargetPoint(targets.point)


def _foot(context: bpy.types.Context, obj: bpy.types.Object) -> Vector:
    """The bottom center of what the object shows; its location if it shows nothing."""
    shown = obj.evaluated_get(context.evaluated_depsgraph_get())
    if obj.type not in SURFACES or not any(shown.dimensions[:]):
        return shown.matrix_world.translation.copy()
    low, high = around(shown.matrix_world @ Vector(corner) for corner in shown.bound_box)
    return Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))


def surface(context: bpy.types.Context, point: Vector) -> Vector | None:
    """The surface straight below the point; above it where the point is inside or under."""
    below = next(room.surfaces(context, point, room.DOWN), None)
    if below is not None and below.faces_up:
        return below.point
    above = list(room.surfaces(context, point, room.UP))
    # Through a top face from below: the point is in or under what is to be stood on.
    top = next((one for one in above if one.faces_up), None)
    if top is not None and (below is None or above[0].faces_up):
        return top.point
    if below is not None:  # its normals are the wrong way round
        return below.point
    return above[0].point if above else None
