"""Put new textures on the geometry they were ordered for.

Services return triangles, often with a new UV map. The artist's polygons are the same surface, so
each takes the UVs of the triangles it was sent as; nothing of the mesh itself changes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import bpy
from mathutils import Vector, geometry, kdtree

from . import export

UV_NAME: Final = "Retexture"
SAME: Final = 1e-4
"""Share of the size within which two places are one."""
SAME_UV: Final = 1e-4
ENOUGH: Final = 0.98
"""Share of the polygons that have to find their UVs; the rest lies in the middle of a triangle."""


def geometry_of(blend: Path, settings: Mapping[str, Any]) -> bpy.types.Mesh | None:
    """The one mesh that was sent, as polygons, in the file's coordinates; None if it was several.

    It is brought into the open file. Raises ExportFailed.
    """
    pieces = export.pieces(blend, settings)
    if len(pieces) != 1:
        for mesh, _, _ in pieces:
            bpy.data.meshes.remove(mesh)
        return None
    ((mesh, _, world),) = pieces
    export.bake(mesh, world)
    return mesh


def dress(own: bpy.types.Mesh, answer: bpy.types.Mesh) -> bool:
    """Give ``own`` the answer's UVs and materials; False if the two are not the same surface."""
    found = _uvs_for(own, answer)
    if found is None:
        return False
    uvs, slots = found
    for layer in list(own.uv_layers):
        own.uv_layers.remove(layer)
    new = cast(bpy.types.MeshUVLoopLayer, own.uv_layers.new(name=UV_NAME))
    for index, uv in enumerate(uvs):
        new.uv[index].vector = uv
    own.materials.clear()
    for material in answer.materials:
        own.materials.append(material)
    own.polygons.foreach_set("material_index", slots)
    own.update()
    return True


def _uvs_for(own: bpy.types.Mesh, answer: bpy.types.Mesh) -> tuple[list[Vector], list[int]] | None:
    """UV of each corner and material of each polygon of ``own``, taken from ``answer``."""
    if answer.uv_layers.active is None:
        return None
    own.calc_loop_triangles()
    answer.calc_loop_triangles()
    tree = _centres(answer)
    near = _size(own) * SAME
    uvs: list[Vector | None] = [None] * len(own.loops)
    slots = [0] * len(own.polygons)
    exact: set[int] = set()
    """Corners of triangles that were found; others are carried on from them."""
    lost: set[int] = set()
    for triangle in own.loop_triangles:
        _, index, gap = tree.find(triangle.center)
        if index is None or gap is None or gap > near:
            lost.add(triangle.polygon_index)
            continue
        twin = _Twin(answer, answer.loop_triangles[index])
        slots[triangle.polygon_index] = twin.slot
        corners = _loops(triangle)
        if not all(twin.fits(own, loop, uvs[loop]) for loop in corners if loop in exact):
            continue  # a seam runs through the polygon: what was begun is carried on over it
        for loop in own.polygons[triangle.polygon_index].loop_indices:
            if loop in corners or uvs[loop] is None:
                uvs[loop] = twin.uv_at(_place(own, loop))
        exact.update(corners)
    if len(lost) > (1.0 - ENOUGH) * len(own.polygons):
        return None
    return [uv or Vector((0.0, 0.0)) for uv in uvs], slots


class _Twin:
    """A triangle of the answer as a map from places to UVs."""

    def __init__(self, mesh: bpy.types.Mesh, triangle: bpy.types.MeshLoopTriangle) -> None:
        layer = cast(bpy.types.MeshUVLoopLayer, mesh.uv_layers.active)
        loops = _loops(triangle)
        self.slot = triangle.material_index
        self._places = [_place(mesh, loop) for loop in loops]
        self._uvs = [layer.uv[loop].vector.to_3d() for loop in loops]

    def uv_at(self, place: Vector) -> Vector:
        """The UV at a place in the triangle's plane, also beyond its edges."""
        return geometry.barycentric_transform(place, *self._places, *self._uvs).to_2d()

    def fits(self, own: bpy.types.Mesh, loop: int, uv: Vector | None) -> bool:
        """Whether the corner would get the UV it has already."""
        return uv is not None and (self.uv_at(_place(own, loop)) - uv).length <= SAME_UV


def _centres(mesh: bpy.types.Mesh) -> kdtree.KDTree:
    tree = kdtree.KDTree(len(mesh.loop_triangles))
    for index, triangle in enumerate(mesh.loop_triangles):
        tree.insert(triangle.center, index)
    tree.balance()
    return tree


def _loops(triangle: bpy.types.MeshLoopTriangle) -> Sequence[int]:
    return cast(Sequence[int], triangle.loops)


def _place(mesh: bpy.types.Mesh, loop: int) -> Vector:
    return mesh.vertices[mesh.loops[loop].vertex_index].co


def _size(mesh: bpy.types.Mesh) -> float:
    places = [vertex.co for vertex in mesh.vertices]
    return max(
        (max(p[axis] for p in places) - min(p[axis] for p in places) for axis in range(3)),
        default=0.0,
    )
