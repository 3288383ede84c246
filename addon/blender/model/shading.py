"""What materials are made of: walks through their nodes, as if there were no groups."""

from collections.abc import Iterable, Iterator
from typing import Any

import bpy

Groups = tuple[bpy.types.Node, ...]
"""The groups a node is in, the innermost last."""

Fed = tuple[bpy.types.Node, Groups]
"""A node, and the groups it is in."""


def tree_of(material: bpy.types.Material | None) -> Any:
    """The nodes that the material is shown by; None if it has none, or they are off."""
    if material is None or (bpy.app.version < NODES_ONLY and not material.use_nodes):
        return None
    return material.node_tree


NODES_ONLY = (5, 0, 0)
"""From here on all materials use their nodes, and asking for it warns."""


def new_material(name: str) -> bpy.types.Material:
    """A material with nodes: the usual shader and an output."""
    made = bpy.data.materials.new(name)
    _use_nodes(made)
    return made


def new_world(name: str) -> bpy.types.World:
    """A sky with nodes: an even background and an output."""
    made = bpy.data.worlds.new(name)
    _use_nodes(made)
    return made


def _use_nodes(made: bpy.types.Material | bpy.types.World) -> None:
    if bpy.app.version < NODES_ONLY:
        made.use_nodes = True


def principled(material: bpy.types.Material) -> Any:
    """The first shader of the usual kind that the material has."""
    tree: Any = material.node_tree
    return next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")


def has_pictures(material: bpy.types.Material) -> bool:
    """Tell whether any node of the material, or of its groups, is a picture."""
    return any(
        node.type in {"TEX_IMAGE", "TEX_ENVIRONMENT"} for node in nodes_of(material.node_tree)
    )


def nodes_of(tree: bpy.types.NodeTree | None) -> Iterator[bpy.types.Node]:
    """Every node of the tree and of its groups."""
    if tree is None:
        return
    for node in tree.nodes:
        yield node
        if isinstance(node, bpy.types.ShaderNodeGroup):
            yield from nodes_of(node.node_tree)


def shaders(socket: Any, groups: Groups = ()) -> Iterator[Fed]:
    """The shaders that a surface is mixed of."""
    for node, inside in feeding(socket, groups):
        if node.type in {"MIX_SHADER", "ADD_SHADER"}:
            for one in node.inputs:
                if one.type == "SHADER":
                    yield from shaders(one, inside)
        else:
            yield node, inside


def pictures_behind(socket: Any, groups: Groups, seen: set[Fed] | None = None) -> Iterator[Fed]:
    """The pictures that an input comes from, through whatever nodes that were not ``seen`` yet."""
    seen = set() if seen is None else seen
    for fed in feeding(socket, groups):
        if fed in seen:  # there are more ways through the nodes than nodes
            continue
        seen.add(fed)
        node, inside = fed
        if node.type == "TEX_IMAGE":
            yield fed
        else:
            for one in node.inputs:
                yield from pictures_behind(one, inside, seen)


def feeding(socket: Any, groups: Groups) -> Iterator[Fed]:
    """The nodes at the other ends of the socket's links."""
    return ((source.node, inside) for source, inside in feeding_sockets(socket, groups))


def feeding_sockets(socket: Any, groups: Groups) -> Iterator[tuple[Any, Groups]]:
    """The outputs of nodes at the other ends of the socket's links."""
    for link in socket.links:
        node, name = link.from_node, link.from_socket.identifier
        if not link.is_valid or node == link.to_node:  # Blender follows no circle
            continue
        passed = _passed(link)
        if passed is not None:
            yield from feeding_sockets(passed, groups)
        elif node.type == "GROUP_INPUT" and groups:
            for one in named(groups[-1].inputs, name):
                yield from feeding_sockets(one, groups[:-1])
        elif isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree is not None:
            for inner in node.node_tree.nodes:
                if isinstance(inner, bpy.types.NodeGroupOutput) and inner.is_active_output:
                    for one in named(inner.inputs, name):
                        yield from feeding_sockets(one, (*groups, node))
        else:
            yield link.from_socket, groups


def _passed(link: Any) -> Any:
    """The input of the node behind the link that goes through it as it is; None if none does."""
    node = link.from_node
    if node.type == "REROUTE":
        return node.inputs[0]
    through = node.internal_links if node.mute else ()
    return next(
        (
            one.from_socket
            for one in through
            if one.to_socket.identifier == link.from_socket.identifier and one.from_socket.is_linked
        ),
        None,
    )


def named(sockets: Iterable[Any], identifier: str) -> list[Any]:
    """The sockets with that identifier: names of two can be the same."""
    return [socket for socket in sockets if socket.identifier == identifier]


def outer(socket: Any, groups: Groups) -> tuple[Any, Groups]:
    """Where the socket's value is set: the socket itself, or that of a group it is in."""
    if len(socket.links) == 1 and groups:
        link = socket.links[0]
        if link.from_node.type == "REROUTE":
            return outer(link.from_node.inputs[0], groups)
        if link.from_node.type == "GROUP_INPUT":
            (found,) = named(groups[-1].inputs, link.from_socket.identifier)
            return outer(found, groups[:-1])
    return socket, groups
