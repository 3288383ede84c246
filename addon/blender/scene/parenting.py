"""Children of a result and its original: they hang on the one that is shown, where they were."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import bpy
from mathutils import Matrix

from ..core.ids import EXTENSION

HUNG: Final = f"{EXTENSION}_hung"
"""Custom property of a child that hung on what only one of the two has: how it did."""
VERTICES: Final = {"VERTEX": 1, "VERTEX_3": 3}
"""Vertices that a child hangs on."""


def adopt_children(
    old: bpy.types.Object, new: bpy.types.Object, besides: Collection[bpy.types.Object] = ()
) -> None:
    """Hang the children of ``old`` on ``new``, which has the same transform, where they are.

    Their own transforms, which may be keyed, are not touched. A child that hangs on vertices, a
    bone or a path that ``new`` does not have hangs on its origin instead, until that comes back.
    """
    children = [one for one in old.children if one not in besides and _can_move(one, old, new)]
    # Before anything changes, or all would be evaluated again for each of them.
    spaces = {child: _space(child) for child in children if _hangs_on_shape(child, old)}
    for child in children:
        before = child.get(HUNG)
        kept = child.matrix_parent_inverse.copy()
        if before is not None and _hung_on(new, child, before):
            child.parent_vertices = before["vertices"]
            inverse = Matrix(_rows(before["inverse"]))
            _hang(child, new, before["type"], before["bone"], inverse)
            del child[HUNG]
        elif child in spaces and not _has_same_vertices(child, old, new):
            inverse = old.matrix_world.inverted_safe() @ spaces[child] @ kept
            child[HUNG] = _described(child, old, inverse)
            _hang(child, new, "OBJECT", "", inverse)
        else:
            _hang(child, new, child.parent_type, child.parent_bone, kept)


def adopt_orphans(
    old: bpy.types.Object, new: bpy.types.Object, besides: Collection[bpy.types.Object]
) -> None:
    """Hang what still hangs on ``old``, which is to be removed, on ``new``, where it is."""
    children = [one for one in old.children if one not in besides and one.library is None]
    spaces = {child: _space(child) for child in children}
    for child, space in spaces.items():
        inverse = new.matrix_world.inverted_safe() @ space @ child.matrix_parent_inverse
        _hang(child, new, "OBJECT", "", inverse)


def left_behind(
    old: bpy.types.Object, new: bpy.types.Object, besides: Collection[bpy.types.Object] = ()
) -> list[bpy.types.Object]:
    """The children that ``adopt_children`` would leave where they hang."""
    return [one for one in old.children if one not in besides and not _can_move(one, old, new)]


def _can_move(child: bpy.types.Object, old: bpy.types.Object, new: bpy.types.Object) -> bool:
    """Whether the file keeps that the child hangs on another.

    Of an override it keeps the parent, but not that it hangs on its vertices no longer.
    """
    if child.override_library is not None:
        return not _hangs_on_shape(child, old) or _has_same_vertices(child, old, new)
    return child.library is None


def copy_parent(source: bpy.types.Object, target: bpy.types.Object, kind: Any = "") -> None:
    """Hang ``target`` on what ``source`` hangs on, in the same way or as that ``kind`` of child."""
    target.parent_vertices = source.parent_vertices
    inverse = source.matrix_parent_inverse.copy()
    _hang(target, source.parent, kind or source.parent_type, source.parent_bone, inverse)


def _hang(
    child: bpy.types.Object,
    parent: bpy.types.Object | None,
    kind: Any,
    bone: str,
    inverse: Matrix,
) -> None:
    child.parent = parent
    child.parent_type = kind
    child.parent_bone = bone
    child.matrix_parent_inverse = inverse  # last: each of the others resets it


def _hangs_on_shape(child: bpy.types.Object, parent: bpy.types.Object) -> bool:
    """Whether more than the parent's own transform says where the child is."""
    on_path = isinstance(parent.data, bpy.types.Curve) and parent.data.use_path
    return on_path or child.parent_type == "BONE" or child.parent_type in VERTICES


def _space(child: bpy.types.Object) -> Matrix:
    """What the child's transform is relative to, in the world."""
    shown = child.evaluated_get(bpy.context.evaluated_depsgraph_get())
    if shown.is_evaluated:
        return shown.matrix_world @ shown.matrix_local.inverted_safe()
    # It is not seen: where it was when it was.
    own = child.matrix_parent_inverse @ child.matrix_basis
    return child.matrix_world @ own.inverted_safe()


def _has_same_vertices(
    child: bpy.types.Object, old: bpy.types.Object, new: bpy.types.Object
) -> bool:
    """Whether ``new`` has the vertices the child hangs on, and shows them at the same place."""
    if child.parent_type not in VERTICES or not isinstance(new.data, bpy.types.Mesh):
        return False
    deform = [[m.show_viewport for m in obj.modifiers] for obj in (old, new)]
    if deform[0] != deform[1] or _has_shapes(old) != _has_shapes(new):
        return False
    vertices = _vertices(child)
    return _places(old, vertices) == _places(new, vertices)


def _has_shapes(obj: bpy.types.Object) -> bool:
    return getattr(obj.data, "shape_keys", None) is not None


def _vertices(child: bpy.types.Object) -> list[int]:
    """The vertices the child hangs on, by index."""
    return _indices(child)[: VERTICES.get(child.parent_type, 0)]


def _indices(child: bpy.types.Object) -> list[int]:
    three: Any = child.parent_vertices  # the stubs do not know that it is a sequence
    return list(three)


def _places(obj: bpy.types.Object, vertices: Sequence[int]) -> list[float]:
    """Where these vertices are in the object's mesh, after how many it has."""
    mesh = obj.data
    if not isinstance(mesh, bpy.types.Mesh):
        return []
    there = [index for index in vertices if index < len(mesh.vertices)]
    sides = [float(side) for index in there for side in mesh.vertices[index].co[:]]
    return [float(len(mesh.vertices)), *sides]


def _described(child: bpy.types.Object, parent: bpy.types.Object, given: Matrix) -> dict[str, Any]:
    """How the child hangs; ``given`` is the inverse it gets now."""
    return {
        "type": child.parent_type,
        "on": parent.type,
        "bone": child.parent_bone,
        "vertices": _indices(child),
        "places": _places(parent, _vertices(child)),
        "inverse": _flat(child.matrix_parent_inverse),
        "given": _flat(given),
    }


def _hung_on(new: bpy.types.Object, child: bpy.types.Object, before: Mapping[str, Any]) -> bool:
    """Whether the child hung on ``new`` before, and was hung on nothing by the artist since."""
    vertices = list(before["vertices"])[: VERTICES.get(before["type"], 0)]
    return (
        new.type == before["on"]
        and _places(new, vertices) == list(before["places"])
        and child.parent_type == "OBJECT"
        and _flat(child.matrix_parent_inverse) == list(before["given"])
    )


def _flat(matrix: Matrix) -> list[float]:
    return [float(value) for row in matrix[:] for value in row[:]]


def _rows(flat: Sequence[float]) -> list[Sequence[float]]:
    return [list(flat)[start : start + 4] for start in range(0, 16, 4)]
