"""What moves the vertices of a mesh, and goes on doing so on another mesh of the same surface."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import bpy

GO_ON: Final = frozenset(
    {
        "ARMATURE",
        "CAST",
        "CURVE",
        "HOOK",
        "LATTICE",
        "SHRINKWRAP",
        "SIMPLE_DEFORM",
        "WARP",
        "WAVE",
    }
)
"""Types of modifiers that ask a vertex for its place and its weights, and for nothing else."""

MOVE_CHILDREN: Final = frozenset({"ARMATURE", "LATTICE"})
"""Types of parents that deform what hangs on them, as the modifiers of that name do."""

COPY: Final = frozenset({"ARRAY", "BUILD", "EXPLODE", "MIRROR", "PARTICLE_INSTANCE", "SCREW"})
"""Types of modifiers that show what was bent before them in other places as well."""

AT_REST: Final = "studio3d_at_rest"
"""Custom property of a prepared mesh that the original's modifiers have to bend, so that it looks
as it was sent: the names of those among them that must not, as they are in the mesh, one a line."""
POSED: Final = "studio3d posed"
"""The shape key that shows a prepared mesh as it was sent; it is the last one."""
REST: Final = "studio3d rest"
"""The one it changes, where the original has none."""


def going_on(obj: bpy.types.Object) -> list[bpy.types.Modifier]:
    """The modifiers that do on another mesh what they do on this one.

    What was copied after it was bent cannot be bent as if it had been before.
    """
    copying = [n for n, one in enumerate(obj.modifiers) if one.type in COPY and one.show_viewport]
    return [one for one in obj.modifiers[max(copying, default=-1) + 1 :] if can_go_on(one)]


def can_go_on(modifier: bpy.types.Modifier) -> bool:
    """Whether it could if nothing came between."""
    if isinstance(modifier, bpy.types.CorrectiveSmoothModifier):
        return modifier.rest_source == "ORCO"
    return modifier.type in GO_ON


def names_in_mesh(obj: bpy.types.Object) -> str:
    """Of those that could, the names of those that do not go on, as ``AT_REST`` keeps them."""
    going = going_on(obj)
    return "\n".join(m.name for m in obj.modifiers if can_go_on(m) and m not in going)


def is_copied(obj: bpy.types.Object) -> bool:
    """Whether modifiers show what they get in other places as well."""
    return any(one.type in COPY and one.show_viewport for one in obj.modifiers)


def moves_nothing(modifier: bpy.types.Modifier) -> bool:
    """Whether the mesh is the same without it, and other objects are not."""
    return modifier.type == "COLLISION"


def hangs_in(obj: bpy.types.Object) -> bool:
    """Whether what the object hangs on bends it."""
    return obj.parent is not None and obj.parent_type in MOVE_CHILDREN


def hooks(obj: bpy.types.Object) -> Iterator[bpy.types.HookModifier]:
    """Those that hold vertices by number, of which another mesh has others."""
    for modifier in obj.modifiers:
        if isinstance(modifier, bpy.types.HookModifier) and held_by(modifier):
            yield modifier


def held_by(hook: bpy.types.HookModifier) -> Sequence[int]:
    """Numbers of the vertices it holds; none if a vertex group says which."""
    held: Any = hook.vertex_indices  # the stubs do not know that it is a sequence
    return list(held)


def hook_group(modifier: bpy.types.HookModifier) -> str:
    """Name of the vertex group that says what the hook holds on another mesh."""
    return f"{modifier.name}.hook"


def hold_by_group(hook: bpy.types.HookModifier) -> None:
    """Let the hook hold the vertices of that group."""
    hook.vertex_group = hook_group(hook)
    hook.vertex_indices_set([])
