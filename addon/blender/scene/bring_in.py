"""Append a prepared .blend into the open scene, or leave the scene as it was.

Called by an operator, which gives the change its undo step.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import bpy
from mathutils import Matrix

from . import provenance

if TYPE_CHECKING:
    from ...jobs.job import Job, Prepared

APPENDED_DATA: Final = (
    "actions",
    "armatures",
    "collections",
    "images",
    "libraries",
    "materials",
    "meshes",
    "node_groups",
    "objects",
    "shape_keys",
    "textures",
)
"""Where in ``bpy.data`` an append can leave something."""


class BringInFailed(Exception):
    """The result cannot be brought in; the scene is as it was. The text says why."""


def bring_in(context: bpy.types.Context, job: Job) -> list[bpy.types.Object]:
    """Put the job's prepared result into a collection of its own, standing on the 3D cursor.

    The objects become the selection. Raises BringInFailed.
    """
    with appended(job) as collection:
        _place(context, collection, job)
    return list(collection.all_objects)


@contextmanager
def appended(job: Job) -> Iterator[bpy.types.Collection]:
    """The job's result as a collection that is in no scene yet, to be placed in the block.

    If that fails, everything appended is removed again. Raises BringInFailed.
    """
    if job.prepared is None:
        raise BringInFailed("There is nothing to bring in: the result was not prepared.")
    existing = _existing_data()
    try:
        yield _append(job.prepared)
    except (OSError, RuntimeError, BringInFailed) as error:
        _remove_all_but(existing)
        raise BringInFailed(_in_words(error, job.prepared.path)) from error
    except BaseException:
        _remove_all_but(existing)
        raise
    _remove_library(job.prepared.path, existing)


def _append(prepared: Prepared) -> bpy.types.Collection:
    if not prepared.path.is_file():
        raise BringInFailed(f"{prepared.path} is not there any more.")
    load = cast(Any, bpy.data.libraries.load)  # the stubs do not know what it returns
    with load(str(prepared.path), link=False) as (available, wanted):
        if prepared.collection not in available.collections:
            raise BringInFailed(f"{prepared.path.name} does not hold the result.")
        wanted.collections = [prepared.collection]
    collection: bpy.types.Collection | None = wanted.collections[0]
    if collection is None or not collection.all_objects:
        raise BringInFailed(f"{prepared.path.name} is damaged.")
    return collection


def _place(context: bpy.types.Context, collection: bpy.types.Collection, job: Job) -> None:
    scene = cast(bpy.types.Scene, context.scene)
    objects = list(collection.all_objects)
    scene.collection.children.link(collection)
    collection.name = job.name
    collection.use_fake_user = False
    _scale_to_scene(objects, scene)
    for obj in _roots(objects):
        obj.location += scene.cursor.location
    provenance.mark(objects, job)
    show_in_local_view(context, objects)
    select(context, objects)


def _roots(objects: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    return [obj for obj in objects if obj.parent is None]


def _scale_to_scene(objects: Sequence[bpy.types.Object], scene: bpy.types.Scene) -> None:
    """Prepared files are in metres: convert to the scene's unit, keeping object scales at 1."""
    units = scene.unit_settings
    if units.system == "NONE" or math.isclose(units.scale_length, 1.0, rel_tol=1e-6):
        return
    factor = Matrix.Scale(1.0 / units.scale_length, 4)
    for obj in _roots(objects):
        if isinstance(obj.data, bpy.types.Mesh) and _is_own_and_unmoved(obj, obj.data):
            obj.data.transform(factor, shape_keys=True)
        else:
            obj.matrix_basis = factor @ obj.matrix_basis


def _is_own_and_unmoved(obj: bpy.types.Object, mesh: bpy.types.Mesh) -> bool:
    return mesh.users == 1 and not obj.children and obj.matrix_basis == Matrix.Identity(4)


def show_in_local_view(context: bpy.types.Context, objects: Sequence[bpy.types.Object]) -> None:
    """Add the objects to viewports in local view, which show only what was added to them."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            space = area.spaces.active
            if isinstance(space, bpy.types.SpaceView3D) and space.local_view is not None:
                for obj in objects:
                    obj.local_view_set(space, True)


def select(context: bpy.types.Context, objects: Sequence[bpy.types.Object]) -> None:
    """Make the objects the selection; the largest mesh becomes the active object."""
    layer = context.view_layer
    for obj in list(layer.objects.selected):
        obj.select_set(False, view_layer=layer)
    for obj in objects:
        obj.select_set(True, view_layer=layer)
    layer.objects.active = max(objects, key=_size)


def _size(obj: bpy.types.Object) -> float:
    return obj.dimensions.length if obj.type == "MESH" else -1.0


def _existing_data() -> set[int]:
    """Session ids of all data that an append could add to."""
    found: set[int] = set()
    for name in APPENDED_DATA:
        items = getattr(bpy.data, name)
        uids = array("i", bytes(4 * len(items)))
        items.foreach_get("session_uid", uids)
        found.update(uids)
    return found


def _remove_all_but(existing: set[int]) -> None:
    bpy.data.batch_remove(
        [
            item
            for name in APPENDED_DATA
            for item in getattr(bpy.data, name)
            if item.session_uid not in existing
        ]
    )


def _remove_library(path: Path, existing: set[int]) -> None:
    """Drop the record of the file appended from, which Blender keeps after an append."""
    for library in list(bpy.data.libraries):
        if library.session_uid not in existing and Path(library.filepath) == path:
            bpy.data.libraries.remove(library)


def _in_words(error: Exception, path: Path) -> str:
    if isinstance(error, BringInFailed):
        return str(error)
    return f"{path.name} cannot be read: {error}"
