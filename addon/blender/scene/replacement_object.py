"""Objects that stand in for an artist's object with another mesh, and keep everything else."""

from collections.abc import Sequence
from typing import Any

import bpy
from mathutils import Matrix

from ..core.access import copy_of
from ..model import animation, deforming
from ..model.motion import copy_transform
from . import carried, collections_of, object_links
from .parenting import copy_parent

NOT_COPIED = {"_RNA_UI", "cycles"}


def make_replacement(
    scene: bpy.types.Scene,
    original: bpy.types.Object,
    mesh: bpy.types.Mesh,
    *,
    bakes_modifiers: bool,
) -> bpy.types.Object:
    """An object like ``original`` with ``mesh``, in the same collections.

    A copy keeps transform, parent, custom properties, constraints, animation, visibility and
    modifiers; those already in the mesh (``bakes_modifiers``) are kept switched off.
    """
    if original.type == "MESH":
        result = copy_of(original)
        if result.override_library is not None:
            result.make_local()  # the mesh of an override is its library's
        result.data = mesh
        _show_materials_of_mesh(result)
    else:
        result = _like(original, mesh)
    if bakes_modifiers:
        for modifier in result.modifiers:
            if carried.is_in_mesh(modifier, mesh):
                modifier.show_viewport = modifier.show_render = False
        if not carried.is_at_rest(mesh) and deforming.hangs_in(result):
            copy_parent(original, result, kind="OBJECT")
    collections_of.join(scene, [result], original)
    return result


def _show_materials_of_mesh(obj: bpy.types.Object) -> None:
    """Let nothing lie over the mesh's materials: slots can hold one of the object's instead."""
    for slot in obj.material_slots:
        if slot.link == "OBJECT":
            slot.material = None
            slot.link = "DATA"


def parts(
    scene: bpy.types.Scene, original: bpy.types.Object, pieces: Sequence[bpy.types.Object]
) -> list[bpy.types.Object]:
    """The pieces as children of an empty like ``original``; the empty comes first.

    Those whose mesh is at rest are bent by the modifiers that bend the original.
    """
    pieces = [_bent_piece(original, piece) for piece in pieces]
    parent = _like(original, None)
    parent.empty_display_size = original.dimensions.length / 4 or 1.0
    collections_of.join(scene, [parent, *pieces], original)
    for piece in pieces:
        piece.parent = parent
        piece.matrix_parent_inverse = Matrix.Identity(4)
        piece.matrix_basis = Matrix.Identity(4)
        piece[object_links.PART] = True
    return [parent, *pieces]


def _bent_piece(original: bpy.types.Object, piece: bpy.types.Object) -> bpy.types.Object:
    """The piece as a copy of the original that keeps no more of it than what bends it."""
    mesh = piece.data
    if not isinstance(mesh, bpy.types.Mesh) or original.type != "MESH":
        return piece
    if not carried.is_at_rest(mesh):
        return piece
    result = copy_of(original)
    if result.override_library is not None:
        result.make_local()
    result.data, name = mesh, piece.name
    bpy.data.objects.remove(piece)
    result.name = name
    object_links.link(result, ())
    result.constraints.clear()
    animation.keep_drivers(result, of="modifiers")
    for name in list(result.keys()):
        del result[name]
    for modifier in list(result.modifiers):
        if carried.is_in_mesh(modifier, mesh):
            result.modifiers.remove(modifier)
    parent = original.parent
    if parent is not None and deforming.hangs_in(original):  # which the piece does no longer
        modifiers: Any = result.modifiers
        bends = modifiers.new(parent.name, original.parent_type)
        bends.object = parent
        modifiers.move(len(modifiers) - 1, 0)
    _show_materials_of_mesh(result)
    return result


def _like(original: bpy.types.Object, mesh: bpy.types.Mesh | None) -> bpy.types.Object:
    """A new object of another type with the original's place and properties."""
    result = bpy.data.objects.new(original.name, mesh)
    copy_parent(original, result)
    copy_transform(original, result)
    for name in ("hide_render", "hide_viewport", "hide_select", "color", "pass_index"):
        setattr(result, name, getattr(original, name))
    _copy_motion(original, result)
    for name, value in original.items():
        if name not in NOT_COPIED:
            result[name] = value
    return result


def _copy_motion(original: bpy.types.Object, result: bpy.types.Object) -> None:
    """Let the same keys and constraints move both."""
    for constraint in original.constraints:
        result.constraints.copy(constraint)
    animation.copy(original, result)
