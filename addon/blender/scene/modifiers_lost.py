"""Modifiers that do to a result what they did not do to the original, or no longer do it."""

from collections.abc import Iterator
from typing import Any, Final

import bpy

from ..model import deforming
from ..model.names import UV_NAME

DRESSES: Final = {"REPLACE_MATERIAL", "SET_MATERIAL", "SET_MATERIAL_INDEX"}
"""Kinds of nodes that say what a surface wears."""
NAMES: Final = {"REMOVE_ATTRIBUTE", "STORE_NAMED_ATTRIBUTE"}
"""Kinds of nodes that write an attribute, which a UV map is, by its name."""


def that_hide_textures(obj: bpy.types.Object) -> list[str]:
    """Names of those that give the object other materials, or another UV map of a result's name."""
    return [
        modifier.name
        for modifier in obj.modifiers
        if isinstance(modifier, bpy.types.NodesModifier)
        and modifier.show_viewport
        and any(map(_hides, _nodes_of(modifier.node_group)))
    ]


def _hides(node: Any) -> bool:
    if node.type in DRESSES:
        return True
    if node.type not in NAMES:
        return False
    name = node.inputs["Name"]
    return bool(name.is_linked or name.default_value == UV_NAME)


def _nodes_of(tree: bpy.types.NodeTree | None) -> Iterator[bpy.types.Node]:
    """Every node of the tree and of its groups that does anything."""
    for node in () if tree is None else tree.nodes:
        if node.mute:
            continue
        yield node
        if isinstance(node, bpy.types.GeometryNodeGroup):
            yield from _nodes_of(node.node_tree)


def that_follow_others(obj: bpy.types.Object) -> list[str]:
    """Names of those that shape the object by another that moves in relation to it.

    In the result they are as they were when it was sent.
    """
    going_on = deforming.going_on(obj)
    return [
        modifier.name
        for modifier in obj.modifiers
        if modifier.show_viewport
        and modifier not in going_on
        and any(_moves_apart(obj, other) for other in _objects_of(modifier))
    ]


def _objects_of(modifier: bpy.types.Modifier) -> Iterator[bpy.types.Object]:
    """Other objects that it looks at, those that its nodes are given among them."""
    found = [getattr(modifier, name) for name in modifier.bl_rna.properties.keys()]  # noqa: SIM118
    if isinstance(modifier, bpy.types.NodesModifier):
        found += _given_to_nodes(modifier)
    yield from (one for one in found if isinstance(one, bpy.types.Object))


def _given_to_nodes(modifier: Any) -> list[Any]:
    """What the modifier's inputs are set to."""
    if bpy.app.version < INPUTS_ARE_PROPERTIES:
        return list(modifier.values())
    inputs = modifier.properties.inputs
    sockets = [getattr(inputs, name) for name in inputs.bl_rna.properties.keys()]  # noqa: SIM118
    return [getattr(socket, "value", None) for socket in sockets]


INPUTS_ARE_PROPERTIES: Final = (5, 2, 0)


def _moves_apart(obj: bpy.types.Object, other: bpy.types.Object) -> bool:
    """Whether something moves one of the two that does not move both."""
    ours, theirs = _chain(obj), _chain(other)
    apart = [one for one in ours if one not in theirs] + [one for one in theirs if one not in ours]
    return any(map(_is_moved, apart))


def _chain(obj: bpy.types.Object) -> list[bpy.types.Object]:
    """The object and all above it."""
    found = [obj]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def _is_moved(obj: bpy.types.Object) -> bool:
    """Whether more than hands move it: keys, drivers, constraints, a bone or a path."""
    animation = obj.animation_data
    is_keyed = animation is not None and bool(
        animation.action or animation.nla_tracks or animation.drivers
    )
    return is_keyed or bool(obj.constraints) or obj.parent_type not in {"OBJECT", "ARMATURE"}
