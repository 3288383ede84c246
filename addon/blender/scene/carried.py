"""What the background Blender has carried over to a result: it bends as the original does.

A prepared mesh is seen as it was sent. In the original's place it is taken to rest, where the
original's own modifiers, shape keys and drivers bend it again; elsewhere it keeps its pose.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Final

import bpy

from ..core.access import by_name, mesh_of, present
from ..model import animation, deforming

COPIED: Final = (
    "slider_min",
    "slider_max",
    "value",
    "mute",
    "vertex_group",
    "interpolation",
    "lock_shape",
)
"""What a shape key is beside its shape; the range comes before what has to be in it."""


def is_at_rest(mesh: bpy.types.Mesh) -> bool:
    """Whether the original's modifiers have to bend the mesh, so that it looks as it was sent."""
    return deforming.AT_REST in mesh.keys()  # noqa: SIM118 - Blender's own, not a dict


def keep_pose(objects: Iterable[bpy.types.Object]) -> None:
    """Let prepared objects be what is seen of them, and nothing more."""
    for obj in objects:
        mesh = obj.data
        if not isinstance(mesh, bpy.types.Mesh) or not is_at_rest(mesh):
            continue
        del mesh[deforming.AT_REST]
        posed = _key(mesh, deforming.POSED)
        if posed is not None:
            places = _places(posed.data)
            obj.shape_key_clear()
            _set_places(mesh, places)


def come_to_rest(obj: bpy.types.Object, originals: Sequence[bpy.types.Object]) -> None:
    """Take the pose off an object with a mesh at rest, and let the originals' keys shape it."""
    mesh = mesh_of(obj)
    del mesh[deforming.AT_REST]
    for hook in list(deforming.hooks(obj)):
        deforming.hold_by_group(hook)
    posed = _key(mesh, deforming.POSED)
    if posed is None:
        return
    keys = present(mesh.shape_keys, "shape keys")
    places = _places(keys.reference_key.data)
    obj.shape_key_remove(posed)
    sources = [found for found in map(_keys_of, originals) if found is not None]
    if sources and len(keys.key_blocks) > 1:
        _follow(keys, sources)
        _choose_key(obj, originals[0])
    else:
        obj.shape_key_clear()
    _set_places(mesh, places)


def is_in_mesh(modifier: bpy.types.Modifier, mesh: bpy.types.Mesh) -> bool:
    """Whether a prepared mesh is already as the modifier makes it."""
    if deforming.moves_nothing(modifier):
        return False
    if not is_at_rest(mesh) or not deforming.can_go_on(modifier):
        return True
    return modifier.name in str(mesh[deforming.AT_REST]).split("\n")


def _key(mesh: bpy.types.Mesh, name: str) -> bpy.types.ShapeKey | None:
    return None if mesh.shape_keys is None else by_name(mesh.shape_keys.key_blocks, name)


def _keys_of(obj: bpy.types.Object) -> bpy.types.Key | None:
    return obj.data.shape_keys if isinstance(obj.data, bpy.types.Mesh) else None


def _follow(keys: bpy.types.Key, sources: Sequence[bpy.types.Key]) -> None:
    """Let the keys be set as the originals' are, of which the first counts most."""
    for key in keys.key_blocks:
        found = (by_name(source.key_blocks, key.name) for source in sources)
        like = next((one for one in found if one is not None), None)
        for name in COPIED:
            if like is not None:
                setattr(key, name, getattr(like, name))
    for source in sources:
        animation.copy(source, keys)


def _choose_key(obj: bpy.types.Object, original: bpy.types.Object) -> None:
    chosen = original.active_shape_key
    keys = _keys_of(obj)
    if chosen is not None and keys is not None:
        obj.active_shape_key_index = max(keys.key_blocks.find(chosen.name), 0)


def _places(points: Any) -> "array[float]":
    found = array("f", bytes(12 * len(points)))
    points.foreach_get("co", found)
    return found


def _set_places(mesh: bpy.types.Mesh, places: "array[float]") -> None:
    mesh.vertices.foreach_set("co", places)
    mesh.update()
