"""Give another surface what the original has: weights, shape keys and attributes.

What was sent is a surface as modifiers and shape keys bend it. What came back lies on it, is taken
to where the surface is when nothing bends it, and can then be bent in the same way.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import bpy

from ...core.access import mesh_of
from ...model import deforming
from .. import export
from . import attributes, originals, pieces

AS_IT_STOOD: Final = (
    "{names} moves no more: other modifiers or shape keys did it than those of {main}."
)
AS_SHAPED: Final = (
    "{names} keeps its shape: its shape keys were set otherwise than those of {main}."
)
ELSEWHERE: Final = (
    "The result lies elsewhere than {main} did: what that has could not be carried over."
)
AS_POSED: Final = "{main} keeps the shape it was sent in: its modifiers do not fit the new surface."

Message = dict[str, Any]


def carry(answers: Sequence[bpy.types.Object], original: export.Original) -> list[Message]:
    """Give the objects what the original has; returns what there is to say about it.

    Those that have a rig or shapes of their own are left alone.
    """
    main = original.objects[0]
    meshes = [obj for obj in answers if obj.type == "MESH"]
    if not isinstance(main.data, bpy.types.Mesh) or len(meshes) != len(answers):
        return []
    if any(mesh_of(obj).shape_keys for obj in meshes):
        return []
    if not any(_has_anything(obj, original) for obj in original.objects):
        return []
    owners = _alike(original)
    for owner in owners:
        _make_hook_groups(owner)
    keyed = _set_alike(owners)
    said = [
        *_about(AS_IT_STOOD, original, lambda obj: obj not in owners and _can_move(obj, original)),
        *_about(AS_SHAPED, original, lambda obj: obj in owners and obj not in keyed),
    ]
    source = originals.Source(originals.surfaces(original, owners, keyed))
    made = [pieces.Piece(obj, source) for obj in meshes]
    if not pieces.lie_on(made, source):
        return _about(ELSEWHERE, original, lambda obj: obj == main)
    for piece in made:
        piece.take_weights(source)
    if pieces.bend_back(made, source, original):
        pieces.write_shapes(made, source, deforming.names_in_mesh(main))
    else:
        said.append({"template": AS_POSED, "parts": {"main": original.names[0]}})
    for piece in made:
        piece.take_attributes(source)
    return said


def _has_anything(obj: bpy.types.Object, original: export.Original) -> bool:
    """Whether there is something to carry over; to find where is not for nothing."""
    mesh = obj.data
    if not isinstance(mesh, bpy.types.Mesh):
        return False
    has_data = bool(obj.vertex_groups) or any(map(attributes.is_own, mesh.attributes))
    return has_data or _can_move(obj, original)


def _alike(original: export.Original) -> list[bpy.types.Object]:
    """The main object and those that the same modifiers bend, whatever object they are on."""
    main = original.objects[0]
    how = _how_bent(main, apply=original.apply_modifiers)
    anywhere = all(kind in ANYWHERE for kind, *_ in how)
    return [
        obj
        for obj in original.objects
        if obj == main
        or (
            anywhere
            and obj.type == "MESH"
            and _how_bent(obj, apply=original.apply_modifiers) == how
        )
    ]


ANYWHERE: Final = frozenset({"ARMATURE", "CURVE", "LATTICE", "PARENT", "SHRINKWRAP"})
"""What bends a place in the world the same, whose it may be."""


def _how_bent(obj: bpy.types.Object, *, apply: bool) -> list[tuple[str, ...]]:
    """What bends the object, in order; equal for two that are bent in the same way."""
    found: list[tuple[str, ...]] = []
    if deforming.hangs_in(obj):
        found.append(("PARENT", str(obj.parent)))
    for modifier in deforming.going_on(obj) if apply else ():
        if modifier.show_viewport:
            names = sorted(
                name
                for name, known in modifier.bl_rna.properties.items()
                if not known.is_readonly and not name.startswith(("show_", "name", "use_pin"))
            )
            values = (f"{name}={getattr(modifier, name)}" for name in names)
            found.append((modifier.type, *values))
    return found


def _set_alike(owners: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    """Those whose shape keys are set as those of the same name of the first: they are one."""
    values = originals.key_values(owners[0])

    def is_alike(obj: bpy.types.Object) -> bool:
        own = originals.key_values(obj).items()
        return all(abs(values.get(name, value) - value) <= originals.EXACT for name, value in own)

    return [obj for obj in owners if is_alike(obj)]


def _can_move(obj: bpy.types.Object, original: export.Original) -> bool:
    """Whether something can bend or shape the object."""
    if not isinstance(obj.data, bpy.types.Mesh):
        return False
    return bool(obj.data.shape_keys) or bool(_how_bent(obj, apply=original.apply_modifiers))


def _about(
    words: str, original: export.Original, whom: Callable[[bpy.types.Object], bool]
) -> list[Message]:
    """The words about those objects, if there are any."""
    pairs = zip(original.objects, original.names, strict=True)
    names = [name for obj, name in pairs if whom(obj)]
    if not names:
        return []
    parts = {"names": ", ".join(names), "main": original.names[0]}
    return [{"template": words, "parts": parts}]


def _make_hook_groups(obj: bpy.types.Object) -> None:
    """Note in a vertex group what each hook holds."""
    for hook in deforming.hooks(obj):
        held = obj.vertex_groups.get(hook.vertex_group)
        group = obj.vertex_groups.new(name=deforming.hook_group(hook))
        for index in deforming.held_by(hook):
            group.add([index], _weight(held, index), "REPLACE")


def _weight(group: bpy.types.VertexGroup | None, index: int) -> float:
    if group is None:
        return 1.0
    try:
        return group.weight(index)
    except RuntimeError:  # it is not in the group
        return 0.0
