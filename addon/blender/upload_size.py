"""How much it is that would be sent: triangles, bytes, extent. Read without evaluating anything."""

from collections.abc import Sequence
from typing import Final, cast

import bpy
from mathutils import Vector

from ..catalog.validation import grouped
from ..service.limits import LARGE_UPLOAD_BYTES
from . import checks, lengths
from .scene.send_out import Selection
from .words import say

INDEX_BYTES: Final = 12
VERTEX_BYTES: Final = 32
"""Position, normal and UV, each corner of a face counted as about half a vertex of its own."""


def count_triangles(context: bpy.types.Context, selection: Selection) -> int:
    """Triangles as they would be sent; reads what is evaluated already, in no time."""
    return sum(_figures(context, obj, selection)[0] for obj in selection.objects)


def estimate_bytes(context: bpy.types.Context, selection: Selection) -> int:
    """About how large the file will be: geometry, and pictures packed into the .blend."""
    geometry = 0
    pictures: dict[str, int] = {}
    for obj in selection.objects:
        triangles, corners = _figures(context, obj, selection)
        geometry += triangles * INDEX_BYTES + corners * VERTEX_BYTES
        for slot in obj.material_slots:
            pictures |= _packed(slot.material)
    return geometry + sum(pictures.values())


def _figures(
    context: bpy.types.Context, obj: bpy.types.Object, selection: Selection
) -> tuple[int, int]:
    """Triangles and vertices as exported, without evaluating anything."""
    mesh = obj.data
    layer = cast(bpy.types.ViewLayer, context.view_layer)
    if selection.apply_modifiers and obj.modifiers and layer.depsgraph is not None:
        mesh = obj.evaluated_get(layer.depsgraph).data
    if not isinstance(mesh, bpy.types.Mesh):
        return 0, 0
    triangles = len(mesh.loops) - 2 * len(mesh.polygons)
    return triangles, min(len(mesh.loops), 2 * len(mesh.vertices))


def _packed(material: bpy.types.Material | None) -> dict[str, int]:
    if material is None or material.node_tree is None:
        return {}
    return {
        node.image.name: node.image.packed_file.size
        for node in material.node_tree.nodes
        if isinstance(node, bpy.types.ShaderNodeTexImage)
        and node.image is not None
        and node.image.packed_file is not None
    }


def total_bytes(context: bpy.types.Context, selections: Sequence[Selection]) -> int:
    """About how much is uploaded."""
    return sum(estimate_bytes(context, selection) for selection in selections)


def is_large(context: bpy.types.Context, selections: Sequence[Selection]) -> bool:
    """Tell whether the upload is worth a warning."""
    return total_bytes(context, selections) > LARGE_UPLOAD_BYTES


def words(context: bpy.types.Context, selections: Sequence[Selection]) -> str:
    """Triangles and size of what is sent, for example ``12 400 triangles, about 1.2 MB``."""
    triangles = sum(count_triangles(context, one) for one in selections)
    size = checks.bytes_words(total_bytes(context, selections))
    return say("{n} triangles, about {size}", n=grouped(triangles), size=size)


def extent_words(context: bpy.types.Context, obj: bpy.types.Object) -> str:
    """Width, depth and height of the object as it stands in the scene, in real units."""
    metres = lengths.metres_per_unit(cast(bpy.types.Scene, context.scene))
    corners = [obj.matrix_world @ Vector(corner) for corner in obj.bound_box]
    sides = [max(c[axis] for c in corners) - min(c[axis] for c in corners) for axis in range(3)]
    return checks.size_words([side * metres for side in sides])
