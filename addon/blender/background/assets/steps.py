"""The steps of a row's ``post`` that change the model itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import bmesh
import bpy
from mathutils import Matrix

from ...core.access import mesh_of, view_layer_of
from ...model import sizes
from .. import normalize
from ..preparation import Model

MERGE_DISTANCE = 1e-5
"""Share of the longest side below which two vertices are one."""


def apply(model: Model, post: Mapping[str, Any]) -> None:
    """Clean, then scale, then move the model; it stands centred on the origin before."""
    objects = model.objects
    if post["clean"]:
        clean(objects)
    factor = float(post["scale"])
    if post["size"] is not None or post["height"] is not None:
        sides = normalize.dimensions(objects)
        factor = sizes.factor(sides, longest=post["size"], height=post["height"])
    if factor != 1.0:
        transform(objects, Matrix.Scale(factor, 4))
    if post["origin"] == "center":
        raised = normalize.dimensions(objects)[2] / 2
        transform(objects, Matrix.Translation((0.0, 0.0, -raised)))


def transform(objects: Sequence[bpy.types.Object], matrix: Matrix) -> None:
    """Transform the whole model about the origin; still meshes keep a neutral object transform."""
    for obj in objects:
        if obj.parent is None:
            obj.matrix_world = matrix @ obj.matrix_world
    view_layer_of(bpy.context).update()
    normalize.apply_transforms(objects)


def clean(objects: Sequence[bpy.types.Object]) -> None:
    """Merge vertices that lie on each other, close holes and turn faces outwards."""
    distance = max(normalize.dimensions(objects)) * MERGE_DISTANCE
    for mesh in {mesh_of(obj) for obj in objects if obj.type == "MESH"}:
        shape = bmesh.new()
        shape.from_mesh(mesh)
        bmesh.ops.remove_doubles(shape, verts=shape.verts[:], dist=distance)
        for vertex in [vertex for vertex in shape.verts if not vertex.link_faces]:
            shape.verts.remove(vertex)
        bmesh.ops.holes_fill(shape, edges=shape.edges[:], sides=0)
        bmesh.ops.recalc_face_normals(shape, faces=shape.faces[:])
        shape.to_mesh(mesh)
        shape.free()
