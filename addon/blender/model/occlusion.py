"""Ambient occlusion as glTF has it: beside the surface, in a group that its exporter reads."""

from typing import Any, Final

import bpy

from ..core.access import copy_of
from .shading import tree_of

GROUPS: Final = ("gltf material output", "gltf settings")
"""What the group is called, in small letters."""
INPUT: Final = "Occlusion"


def has(material: bpy.types.Material) -> bool:
    """Whether nodes make it."""
    return _fed(material) is not None


def _fed(material: bpy.types.Material) -> Any:
    """The input of the group that is fed; None if there is none."""
    tree = tree_of(material)
    for node in () if tree is None else tree.nodes:
        group = node.node_tree if node.type == "GROUP" else None
        if group is not None and group.name.partition(".")[0].lower() in GROUPS:
            socket = node.inputs.get(INPUT)
            if socket is not None and socket.is_linked:
                return socket
    return None


def revealed(material: bpy.types.Material) -> bpy.types.Material:
    """A copy of the material that glows as much as light from all around gets there."""
    copy = copy_of(material)
    tree = tree_of(copy)
    light = tree.nodes.new("ShaderNodeEmission")
    light.inputs["Color"].default_value = (1.0, 1.0, 1.0, 1.0)
    socket = _fed(copy)
    if socket is not None:
        tree.links.new(socket.links[0].from_socket, light.inputs["Color"])
    output = tree.get_output_node("CYCLES") or tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(light.outputs[0], output.inputs["Surface"])
    return copy


def feed(output: Any, tree: Any, place: tuple[float, float]) -> None:
    """Let the output of a node be the occlusion of the material with that tree."""
    node = tree.nodes.new("ShaderNodeGroup")
    node.node_tree = _group()
    node.location = place
    tree.links.new(output, node.inputs[INPUT])


def _group() -> Any:
    """The group, as the importer made it, or made anew."""
    for group in bpy.data.node_groups:
        if group.name.lower() in GROUPS:
            return group
    made: Any = bpy.data.node_groups.new("glTF Material Output", "ShaderNodeTree")
    made.interface.new_socket(INPUT, socket_type="NodeSocketFloat")
    made.nodes.new("NodeGroupInput")
    return made
