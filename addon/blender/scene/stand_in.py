"""Objects that stand in for an artist's object with another mesh, and keep everything else."""

from collections.abc import Sequence
from typing import cast

import bpy
from mathutils import Matrix

from ..object_links import PART
from .hiding import copy_transform

NOT_COPIED = {"_RNA_UI", "cycles"}


def twin(
    original: bpy.types.Object, mesh: bpy.types.Mesh, *, bakes_modifiers: bool
) -> bpy.types.Object:
    """An object like ``original`` with ``mesh``, in the same collections.

    A copy keeps transform, parent, custom properties, constraints, animation, visibility and
    modifiers; those already in the mesh (``bakes_modifiers``) are kept switched off.
    """
    if original.type == "MESH":
        result = cast(bpy.types.Object, original.copy())
        result.data = mesh
    else:
        result = _like(original, mesh)
    if bakes_modifiers:
        for modifier in result.modifiers:
            modifier.show_viewport = modifier.show_render = False
    join_collections(original, [result])
    return result


def parts(original: bpy.types.Object, pieces: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    """The pieces as children of an empty like ``original``; the empty comes first."""
    parent = _like(original, None)
    parent.empty_display_size = original.dimensions.length / 4 or 1.0
    join_collections(original, [parent, *pieces])
    for piece in pieces:
        piece.parent = parent
        piece.matrix_parent_inverse = Matrix.Identity(4)
        piece.matrix_basis = Matrix.Identity(4)
        piece[PART] = True
    return [parent, *pieces]


def join_collections(original: bpy.types.Object, results: Sequence[bpy.types.Object]) -> None:
    """Put the results into every collection the original is in."""
    for collection in original.users_collection:
        for result in results:
            collection.objects.link(result)


def _like(original: bpy.types.Object, mesh: bpy.types.Mesh | None) -> bpy.types.Object:
    """A new object of another type with the original's place and properties."""
    result = bpy.data.objects.new(original.name, mesh)
    result.parent, result.parent_type = original.parent, original.parent_type
    result.parent_bone = original.parent_bone
    result.matrix_parent_inverse = original.matrix_parent_inverse.copy()
    copy_transform(original, result)
    for name in ("hide_render", "hide_viewport", "hide_select", "color", "pass_index"):
        setattr(result, name, getattr(original, name))
    for name, value in original.items():
        if name not in NOT_COPIED:
            result[name] = value
    return result
