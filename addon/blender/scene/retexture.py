"""New textures on the artist's own mesh: the background Blender has fitted them to its polygons.

What it fitted them to is the mesh as its modifiers show it. Where these only move vertices, each
polygon is one of the mesh itself, which gets the textures and keeps shape keys, vertex groups and
whatever else it has; the modifiers go on moving it.
"""

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import bpy

from ..core.access import copy_of, present
from ..model import face_cuts
from ..model.names import KEPT_UV_MAP, UV_NAME

if TYPE_CHECKING:
    from ..model.arrays import Integers

REPLACES_UVS: Final = {"UV_PROJECT", "UV_WARP"}
"""Types of modifiers that would lay the new pictures elsewhere; what they did was sent."""


def on_own_geometry(original: bpy.types.Object, answer: bpy.types.Mesh) -> bpy.types.Mesh | None:
    """A copy of the original's mesh with the answer's UVs and materials, polygon by polygon.

    None if the answer's polygons are others: modifiers have made new ones, or the service has made
    another mesh.
    """
    kept = answer.get(KEPT_UV_MAP)
    if kept is not None:
        return _on_own_map(original, answer, str(kept))
    own, source = original.data, answer.uv_layers.active
    if not isinstance(own, bpy.types.Mesh) or source is None or source.name != UV_NAME:
        return None
    mesh = copy_of(own)
    for layer in list(mesh.uv_layers):
        mesh.uv_layers.remove(layer)
    uvs: Any = array("f", bytes(8 * len(answer.loops)))
    source.uv.foreach_get("vector", uvs)
    slots: Any = _integers(answer.polygons, "material_index")
    flat = answer.get(face_cuts.CUTS)
    if flat is not None:
        numbers = list(flat)
        cuts = [numbers[start : start + 3] for start in range(0, len(numbers), 3)]
        order = _order_of_pieces(mesh, answer, cuts)
        if order is None:
            bpy.data.meshes.remove(mesh)
            return None
        uvs, slots = _in_order(uvs, order[0], 2), _in_order(slots, order[1], 1)
    elif not _same_polygons(mesh, answer):
        bpy.data.meshes.remove(mesh)
        return None
    layer = present(mesh.uv_layers.new(name=source.name), "room for a UV map")
    layer.uv.foreach_set("vector", uvs)
    _dress(mesh, answer, slots)
    return mesh


def _on_own_map(
    original: bpy.types.Object, answer: bpy.types.Mesh, uv_map: str
) -> bpy.types.Mesh | None:
    """The same where the pictures lie on one of the original's UV maps, which all stay.

    The map is as it was sent: it may have been changed since, and the pictures would lie elsewhere.
    """
    own = original.data
    if not isinstance(own, bpy.types.Mesh) or not _same_polygons(own, answer):
        return None
    if uv_map not in own.uv_layers or uv_map not in answer.uv_layers:
        return None
    mesh = copy_of(own)
    layer = mesh.uv_layers[uv_map]
    uvs: Any = array("f", bytes(8 * len(answer.loops)))
    answer.uv_layers[uv_map].uv.foreach_get("vector", uvs)
    layer.uv.foreach_set("vector", uvs)
    layer.active_render = True
    mesh.uv_layers.active = layer
    _dress(mesh, answer, _integers(answer.polygons, "material_index"))
    return mesh


def _dress(mesh: bpy.types.Mesh, answer: bpy.types.Mesh, slots: Any) -> None:
    """Give the mesh the answer's materials; ``slots`` has the one of each polygon."""
    mesh.materials.clear()
    for material in answer.materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", slots)


def let_uvs_be(obj: bpy.types.Object) -> None:
    """Switch those modifiers off that would change where the new pictures lie."""
    for modifier in obj.modifiers:
        if modifier.type in REPLACES_UVS:
            modifier.show_viewport = modifier.show_render = False


def _same_polygons(own: bpy.types.Mesh, answer: bpy.types.Mesh) -> bool:
    """Whether the polygons have the same vertices, in the same order."""
    if len(own.vertices) != len(answer.vertices) or len(own.loops) != len(answer.loops):
        return False
    if len(own.polygons) != len(answer.polygons):
        return False
    if _integers(own.polygons, "loop_start") != _integers(answer.polygons, "loop_start"):
        return False
    return _integers(own.loops, "vertex_index") == _integers(answer.loops, "vertex_index")


def _order_of_pieces(
    mesh: bpy.types.Mesh, answer: bpy.types.Mesh, cuts: Sequence[face_cuts.Cut]
) -> "tuple[Integers, Integers] | None":
    """Cut the mesh as the answer was; gives the answer's corner and polygon for each of its own.

    None if it is another mesh. The order may differ: a mirrored object was cut from outside.
    """
    import numpy as np  # late: most results need no cut

    from ..model.arrays import corners_of

    count = len(mesh.polygons)
    if count + len(cuts) != len(answer.polygons) or max(cut[0] for cut in cuts) >= count:
        return None
    if len(mesh.vertices) != len(answer.vertices) or not face_cuts.cut(mesh, cuts):
        return None
    polygons = face_cuts.polygons_before(count, cuts)
    here, there = corners_of(mesh), corners_of(answer)
    if len(here.vertices) != len(there.vertices):
        return None
    every = np.arange(len(here.vertices))
    own, theirs = (face_cuts.edge_keys(one, polygons, every) for one in (here, there))
    order, their_order = np.argsort(own), np.argsort(theirs)
    if (own[order] != theirs[their_order]).any():
        return None
    corner = np.empty_like(order)
    corner[order] = their_order
    return corner, there.polygons[corner[here.starts]]


def _in_order(values: "array[Any]", order: "Integers", width: int) -> Any:
    import numpy as np

    return np.asarray(values).reshape(-1, width)[order].ravel()


def _integers(items: Any, name: str) -> "array[int]":
    found = array("i", bytes(4 * len(items)))
    items.foreach_get(name, found)
    return found
