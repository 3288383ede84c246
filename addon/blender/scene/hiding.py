"""Which of a result and its originals is seen: flags, names and collisions go to that one."""

from collections.abc import Sequence

import bpy

from ..model.motion import copy_transform, is_keyed
from . import collections_of, physics
from .parenting import copy_parent


def hide(obj: bpy.types.Object, layer: bpy.types.ViewLayer) -> None:
    """Hide everywhere; not by the eye alone, which Show Hidden Objects would open."""
    if obj.name in layer.objects:
        obj.hide_set(True, view_layer=layer)
    obj.hide_viewport = True
    obj.hide_render = True
    physics.stand_aside(obj)


def exchange(
    shown: bpy.types.Object, instead: Sequence[bpy.types.Object], layer: bpy.types.ViewLayer
) -> None:
    """Show others exactly as much as ``shown`` is, and hide that one."""
    by_eye = shown.hide_get(view_layer=layer)
    in_viewport, in_render = shown.hide_viewport, shown.hide_render
    for obj in instead:
        obj.hide_viewport, obj.hide_render = in_viewport, in_render
        if obj.name in layer.objects:
            obj.hide_set(by_eye, view_layer=layer)
        physics.take_part(obj)
    physics.hand_over(shown, instead[0])
    hide(shown, layer)


def reveal(obj: bpy.types.Object, layer: bpy.types.ViewLayer) -> None:
    """Undo ``hide``."""
    obj.hide_viewport = obj.hide_render = False
    if obj.name in layer.objects:
        obj.hide_set(False, view_layer=layer)
    physics.take_part(obj)


def is_hidden(obj: bpy.types.Object) -> bool:
    """Tell whether the object was hidden by ``hide``."""
    return obj.hide_viewport and obj.hide_render


def swap_names(hidden: bpy.types.Object, shown: bpy.types.Object, suffix: str) -> None:
    """Give ``shown`` the name that ``hidden`` has, and that one a name telling what it is."""
    name = hidden.name
    data_name = hidden.data.name if hidden.data is not None else ""
    hidden.name = f"{name}{suffix}"
    shown.name = name
    if hidden.data is None or shown.data is None:
        return
    own = collections_of.is_own(hidden.data) and collections_of.is_own(shown.data)
    if own and hidden.data.users == 1:  # others may use it by its name
        hidden.data.name = f"{data_name}{suffix}"
        shown.data.name = data_name


def follow(follower: bpy.types.Object, leader: bpy.types.Object) -> None:
    """Bring ``follower`` to where ``leader`` is, which was moved while the other was hidden.

    Not if it has keys: they say where it is. One that an armature bends no longer, because its
    mesh is bent already, goes on hanging on that armature as on any object.
    """
    kinds = {leader.parent_type, follower.parent_type}
    is_bent = leader.parent == follower.parent and kinds == {"ARMATURE", "OBJECT"}
    copy_parent(leader, follower, kind=follower.parent_type if is_bent else "")
    if not is_keyed(follower):
        copy_transform(leader, follower)
