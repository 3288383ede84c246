"""Objects that stand in for an artist's object with another mesh, and keep everything else."""

from collections.abc import Sequence
from typing import Any, cast

import bpy
from mathutils import Matrix

from ..background.motion import copy_transform
from ..object_links import PART
from . import homes
from .hanging import copy_parent

NOT_COPIED = {"_RNA_UI", "cycles"}


def twin(
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
        result = cast(bpy.types.Object, original.copy())
        if result.override_library is not None:
            result.make_local()  # the mesh of an override is its library's
        result.data = mesh
        _show_materials_of_mesh(result)
    else:
        result = _like(original, mesh)
    if bakes_modifiers:
        for modifier in result.modifiers:
            modifier.show_viewport = modifier.show_render = False
    homes.join(scene, [result], original)
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
    """The pieces as children of an empty like ``original``; the empty comes first."""
    parent = _like(original, None)
    parent.empty_display_size = original.dimensions.length / 4 or 1.0
    homes.join(scene, [parent, *pieces], original)
    for piece in pieces:
        piece.parent = parent
        piece.matrix_parent_inverse = Matrix.Identity(4)
        piece.matrix_basis = Matrix.Identity(4)
        piece[PART] = True
    return [parent, *pieces]


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
    keys = original.animation_data
    if keys is None or keys.action is None:
        return
    made: Any = result.animation_data_create()
    made.action = keys.action
    if hasattr(keys, "action_slot"):  # newer Blenders
        made.action_slot = keys.action_slot
