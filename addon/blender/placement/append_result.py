"""Append a prepared .blend into the open scene, or leave the scene as it was.

Called by an operator, which gives the change its undo step.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import bpy
from mathutils import Matrix, Vector

from ...catalog.messages import Message
from ...jobs.placement_options import Into, PlacementOptions, SizeBy
from ..core.access import present, scene_of, view_layer_of, window_manager_of
from ..core.translation import translate
from ..core.units import metres_per_unit
from ..model import motion, sizes
from ..model.failure import own_words
from ..model.motion import hang_on_empty
from ..model.names import FILE_ORIGIN, FOLLOWS
from ..scene import carried, provenance, shared_data
from . import destination, read_ahead, read_result, spots
from .destination import Targets
from .free_spot import Box, around, standing_at
from .policy import is_from_newer_blender
from .read_result import AppendFailed, PreparedByNewerBlender, ResultUnusable

if TYPE_CHECKING:
    from ...jobs.job import Job


log = logging.getLogger(__name__)


class Placed(NamedTuple):
    """What entered the scene; ``remark`` says what is other than it was asked for."""

    objects: list[bpy.types.Object]
    remark: str


def append_result(
    context: bpy.types.Context, job: Job, location: Sequence[float] | None = None
) -> list[bpy.types.Object]:
    """Put the job's prepared result into a collection of its own, standing on ``location``.

    By default on the spot that was taken for it, or on the 3D cursor; free of everything. The
    objects become the selection. Raises BringInFailed.
    """
    targets = destination.of_job(context, job)
    if location is not None:
        targets = replace(targets, point=Vector(location), is_exact=True)
    return place(context, job, PlacementOptions(), targets).objects


def place(
    context: bpy.types.Context, job: Job, options: PlacementOptions, targets: Targets
) -> Placed:
    """Put the job's prepared result into the scene as ``options`` says; it becomes the selection.

    Raises BringInFailed.
    """
    scene = scene_of(context)
    # Before there is anything new in the scene that a ray could meet.
    spot = destination.find(context, options.where, targets)
    with appended(job) as collection:
        carried.keep_pose(collection.all_objects)
        for obj in _roots(list(collection.all_objects)):
            if _is_held(obj):
                hang_on_empty(obj)
        objects = list(collection.all_objects)
        factor = _size_factor(options, job) / metres_per_unit(scene)
        _scale(objects, factor)
        if not options.origin_at_base:
            _move_origins(objects, Vector(collection.get(FILE_ORIGIN, (0.0, 0.0, 0.0))) * factor)
        box = _box_at(spot.point, objects, job, factor)
        point = destination.free(context, options.where, targets, box, job)
        for obj in _roots(objects):
            obj.location += point
        remark = _put_away(context, collection, job, options, targets)
        provenance.mark(objects, job)
        objects = _with_followers(objects)
        show_in_local_view(context, objects)
        select(context, objects)
    destination.make_way(context, box.moved(point - spot.point), job)
    return Placed(objects, "; ".join(filter(None, (spot.remark, remark))))


@contextmanager
def appended(job: Job) -> Iterator[bpy.types.Collection]:
    """The job's result as a collection that is in no scene yet, to be placed in the block.

    Whatever goes wrong, there or in the block: everything new is removed again, and BringInFailed
    says what it was.
    """
    if job.is_kept and job.failure is not None:
        raise ResultUnusable(job.failure.message)
    if job.prepared is None:
        raise ResultUnusable("There is nothing to bring in: the result was not prepared.")
    if is_from_newer_blender(job.prepared):
        raise PreparedByNewerBlender("The result was prepared by a newer Blender than this one.")
    existing = read_result.existing_data() - read_ahead.data_of(job)
    try:
        collection = read_ahead.take(job) or read_result.read(job.prepared)
        motion.turn_by_euler(collection.all_objects)  # it may have been prepared long ago
        shared_data.share(job.id, read_result.new_of(existing))
        yield collection
    except Exception as error:
        read_result.remove_all_but(existing)
        if isinstance(error, AppendFailed):
            raise
        # What scenes can hold is without end, and the result is paid for.
        log.exception("the result of job %s was not placed", job.id)
        raise AppendFailed(_in_words(error)) from error
    except BaseException:
        read_result.remove_all_but(existing)
        raise
    read_result.remove_library(job.prepared.path, existing)


def _size_factor(options: PlacementOptions, job: Job) -> float:
    """What the model is to be scaled by, in metres; a height that was ordered it always has."""
    longest = options.metres if options.size_by is SizeBy.LONGEST else None
    height = options.metres if options.size_by is SizeBy.HEIGHT else None
    if options.size_by is SizeBy.FILE:
        height = spots.ordered_height(job.operation, job.mode, job.values)
    sides = present(job.prepared, "prepared result").dimensions
    return sizes.factor(sides, longest=longest, height=height)


def _box_at(point: Vector, objects: Sequence[bpy.types.Object], job: Job, factor: float) -> Box:
    """What the objects, scaled by ``factor``, take when they are brought to that point."""
    corners = [
        motion.place_of(obj) @ Vector(corner) + point
        for obj in objects
        if obj.type == "MESH"
        for corner in obj.bound_box
    ]
    if job.keeps_place and corners:  # it lies around where the origin was of what was sent
        return around(corners)
    sides = present(job.prepared, "prepared result").dimensions  # of its whole animation
    return standing_at(point, [side * factor for side in sides])


def _put_away(
    context: bpy.types.Context,
    collection: bpy.types.Collection,
    job: Job,
    options: PlacementOptions,
    targets: Targets,
) -> str:
    """Bring the appended collection, or what is in it, into the scene; returns a remark."""
    scene = scene_of(context)
    home = targets.collection
    if options.into is Into.ACTIVE and home is not None and _takes_objects(context, home):
        for obj in collection.objects:
            home.objects.link(obj)
        for inside in collection.children:  # with what goes with it, hidden
            home.children.link(inside)
        bpy.data.collections.remove(collection)
        return ""
    scene.collection.children.link(collection)
    collection.name = job.name
    collection.use_fake_user = False
    if FILE_ORIGIN in collection.keys():  # noqa: SIM118 - Blender's own, not a dict
        del collection[FILE_ORIGIN]
    if options.into is Into.OWN:
        return ""
    return translate("the collection chosen for it cannot be used, so it has one of its own")


def _takes_objects(context: bpy.types.Context, home: bpy.types.Collection) -> bool:
    """Whether what is put into the collection is there to be seen and selected."""
    if home.library is not None or home.override_library is not None:
        return False
    return any(
        layer.collection == home and layer.is_visible and not layer.collection.hide_select
        for layer in _layers(view_layer_of(context).layer_collection)
    )


def _layers(layer: bpy.types.LayerCollection) -> Iterator[bpy.types.LayerCollection]:
    """The layer collection and all below it that are not excluded."""
    if layer.exclude:
        return
    yield layer
    for child in layer.children:
        yield from _layers(child)


def _roots(objects: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    return [obj for obj in objects if obj.parent is None]


def _is_held(obj: bpy.types.Object) -> bool:
    """Whether something else than its transform says where the object is."""
    return motion.is_keyed(obj) or obj.rigid_body is not None


def _scale(objects: Sequence[bpy.types.Object], factor: float) -> None:
    """Scale the model about its base, keeping object scales at 1 where that can be."""
    if math.isclose(factor, 1.0, rel_tol=1e-6):
        return
    matrix = Matrix.Scale(factor, 4)
    for obj in _roots(objects):
        if isinstance(obj.data, bpy.types.Mesh) and _is_own_and_unmoved(obj, obj.data):
            obj.data.transform(matrix, shape_keys=True)
        else:
            # Not by a matrix: taken apart again, one that is flat would lose its direction.
            obj.location *= factor
            obj.scale *= factor


def _move_origins(objects: Sequence[bpy.types.Object], to: Vector) -> None:
    """Move the origins of still meshes to a place of the model, which itself stays.

    Rigs have origins of their own.
    """
    for obj in _roots(objects):
        if isinstance(obj.data, bpy.types.Mesh) and _is_own_and_unmoved(obj, obj.data):
            obj.data.transform(Matrix.Translation((-to)[:]), shape_keys=True)
            obj.location = to


def _with_followers(objects: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    """Let levels of detail and collision shapes move with the object that they are of.

    Returns the others: those are hidden, and nobody is to select them unseen.
    """
    leaders = []
    for obj in objects:
        leader = obj.get(FOLLOWS)
        if not isinstance(leader, bpy.types.Object):
            leaders.append(obj)
            continue
        del obj[FOLLOWS]
        if obj.parent is None:
            obj.parent = leader
            obj.matrix_parent_inverse = motion.place_of(leader).inverted_safe()
    return leaders


def _is_own_and_unmoved(obj: bpy.types.Object, mesh: bpy.types.Mesh) -> bool:
    return mesh.users == 1 and not obj.children and obj.matrix_basis == Matrix.Identity(4)


def show_in_local_view(context: bpy.types.Context, objects: Sequence[bpy.types.Object]) -> None:
    """Add the objects to viewports in local view, which show only what was added to them."""
    objects = _in_layer(context, objects)
    for window in window_manager_of(context).windows:
        for area in window.screen.areas:
            space = area.spaces.active
            if isinstance(space, bpy.types.SpaceView3D) and space.local_view is not None:
                for obj in objects:
                    obj.local_view_set(space, True)


def select(context: bpy.types.Context, objects: Sequence[bpy.types.Object]) -> None:
    """Make the objects the selection; the largest mesh becomes the active object."""
    layer = view_layer_of(context)
    for obj in list(layer.objects.selected):
        obj.select_set(False, view_layer=layer)
    there = _in_layer(context, objects)
    for obj in there:
        obj.select_set(True, view_layer=layer)
    if there:
        layer.objects.active = max(there, key=_size)


def _in_layer(
    context: bpy.types.Context, objects: Sequence[bpy.types.Object]
) -> list[bpy.types.Object]:
    """Those that are not in excluded collections only: the others cannot be selected."""
    layer = view_layer_of(context)
    for obj in objects:
        obj.hide_get(view_layer=layer)  # asked for one, the layer looks what its collections hold
    return [obj for obj in objects if obj.name in layer.objects]


def _size(obj: bpy.types.Object) -> float:
    return obj.dimensions.length if obj.type == "MESH" else -1.0


def _in_words(error: Exception) -> str:
    reason = own_words(error) or type(error).__name__
    return Message("The result could not be placed: {error}", error=reason)
