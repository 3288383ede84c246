"""The steps that change the model itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import bmesh
import bpy
from mathutils import Matrix

from ...core.access import mesh_of, size_of, view_layer_of
from ...model import sizes
from .. import normalize
from ..preparation import Model
from . import lods

MERGE_DISTANCE = 1e-5
"""Share of the longest side below which two vertices are one."""


def apply(model: Model, post: Mapping[str, Any]) -> None:
    """Clean, scale, move and lighten the model; it stands centred on the origin before.

    Raises PreparationFailed.
    """
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
    if post.get("triangles"):
        limit_triangles(model, int(post["triangles"]))
    if post.get("texture_set"):
        put_textures_together(model, int(post["texture_set"]))
    if post.get("texture_size"):
        limit_textures(int(post["texture_size"]))


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


TRIES = 8
"""A reduction ends near the share that it is asked for, and at times above it."""


def limit_triangles(model: Model, most: int) -> None:
    """Reduce the model to at most so many triangles; raises PreparationFailed.

    What cannot be reduced that far, such as many small parts, is said.
    """
    meshes = [obj for obj in model.objects if obj.type == "MESH"]
    count = normalize.count_triangles(meshes)
    for _ in range(TRIES):
        if count <= most:
            return
        for obj in meshes:
            lods.decimate(obj, most / count)
        before, count = count, normalize.count_triangles(meshes)
        if count >= before:
            break
    if count > most:
        parts = {"n": count, "most": most}
        model.left_out.append({"template": TOO_MANY, "parts": parts})


TOO_MANY = "It has {n} triangles: it cannot be reduced to {most}."


def put_textures_together(model: Model, most: int) -> None:
    """One material for the whole model, with pictures of at most so many pixels along a side.

    Where that cannot be, it is said, and the pictures are made smaller.
    """
    from ..baking import texture_set  # late: it loads numpy

    try:
        lost = texture_set.put_together(model.objects, model.collection.name, most)
        if lost:
            parts: dict[str, Any] = {"names": ", ".join(lost)}
            model.left_out.append({"template": texture_set.LOST, "parts": parts})
    except texture_set.NotPutTogether as error:
        model.left_out.append({"template": error.words, "parts": error.parts})
    normalize.drop_unused()
    limit_textures(most)


def limit_textures(most: int) -> None:
    """Make pictures smaller that have more pixels along a side."""
    for image in bpy.data.images:
        width, height = size_of(image)
        factor = most / max(width, height, 1)
        if factor < 1.0:
            image.scale(max(1, round(width * factor)), max(1, round(height * factor)))
            image.pack()
