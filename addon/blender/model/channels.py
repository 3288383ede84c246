"""What a surface is made of, channel by channel: its base color, its roughness and so on.

A renderer bakes light. So that it bakes a channel, whatever nodes it comes from, a copy of the
material is made to glow in it: each shader gives way to an emission of the very value it is fed.
What mixes the shaders, and the groups they are in, then mix the values.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import bpy

from ..core.access import copy_of
from .shading import Fed, Groups, feeding, nodes_of, outer, shaders, tree_of


class Channel(StrEnum):
    """Something that differs from place to place on a surface."""

    COLOR = "Base Color"
    ROUGHNESS = "Roughness"
    METALLIC = "Metallic"
    ALPHA = "Alpha"
    EMISSION = "Emission"
    OCCLUSION = "Occlusion"
    """How much of the light from all around gets there; see ``occlusion``."""
    SHARE = "Share"
    """How much of what is mixed has a color and a roughness: the glow and the clear have none."""


Value = tuple[float, ...]
"""Red, green and blue of a color, or one number."""

USUAL: Final[Mapping[Channel, Value]] = {
    Channel.COLOR: (0.0, 0.0, 0.0),
    Channel.ROUGHNESS: (0.5,),
    Channel.METALLIC: (0.0,),
    Channel.ALPHA: (1.0,),
    Channel.EMISSION: (0.0, 0.0, 0.0),
    Channel.OCCLUSION: (1.0,),
    Channel.SHARE: (1.0,),
}
"""What shaders have that do not have the input."""

INPUTS: Final[Mapping[Channel, Sequence[str]]] = {
    Channel.COLOR: ("Base Color", "Color"),
    Channel.ROUGHNESS: ("Roughness",),
    Channel.METALLIC: ("Metallic",),
    Channel.ALPHA: ("Alpha",),
    Channel.EMISSION: ("Emission Color",),
    Channel.OCCLUSION: (),
    Channel.SHARE: (),
}
"""Names of the shaders' inputs, the first that there is counts."""

FIXED: Final[Mapping[str, Mapping[Channel, Value]]] = {
    # Its own roughness is another kind.
    "BSDF_DIFFUSE": {Channel.ROUGHNESS: (1.0,)},
    "BSDF_GLOSSY": {Channel.METALLIC: (1.0,)},
    "BSDF_METALLIC": {Channel.METALLIC: (1.0,)},
    "EMISSION": {Channel.COLOR: (0.0, 0.0, 0.0)},
    "BSDF_TRANSPARENT": {Channel.COLOR: (0.0, 0.0, 0.0), Channel.ALPHA: (0.0,)},
    "HOLDOUT": {Channel.COLOR: (0.0, 0.0, 0.0), Channel.ALPHA: (0.0,)},
}
"""What shaders are by their kind."""

CLEAR: Final = {"BSDF_TRANSPARENT", "HOLDOUT"}
OF_SHARES: Final = (Channel.COLOR, Channel.ROUGHNESS, Channel.METALLIC)
"""Channels that what is clear has none of."""
NO_SHADERS: Final = {"MIX_SHADER", "ADD_SHADER", "REROUTE", "GROUP", "GROUP_INPUT", "GROUP_OUTPUT"}
"""Kinds of nodes that give on what shaders make."""


def surface(material: bpy.types.Material) -> list[Fed]:
    """The shaders the material's surface is mixed of."""
    tree = tree_of(material)
    output = None if tree is None else tree.get_output_node("CYCLES")
    return [] if output is None else list(shaders(output.inputs["Surface"]))


def has_normals(material: bpy.types.Material) -> bool:
    """Whether nodes bend the normals."""
    tree = tree_of(material)
    output = None if tree is None else tree.get_output_node("CYCLES")
    if output is None:
        return False
    if output.inputs["Displacement"].is_linked:
        return True
    return any(
        any(feeding(*outer(node.inputs["Normal"], groups)))
        for node, groups in surface(material)
        if "Normal" in node.inputs
    )


def values(material: bpy.types.Material, channel: Channel) -> set[Value | None]:
    """What the material's shaders have in the channel; None for what differs from place to place.

    Without those that have no share in it.
    """
    adds = _adds(material)
    return {
        _emitted(node, groups)
        if channel is Channel.EMISSION
        else _value(*_source(node, channel, adds=adds), groups)
        for node, groups in surface(material)
        if channel not in OF_SHARES or _share(node, adds=adds)
    }


def _adds(material: bpy.types.Material) -> bool:
    """Whether shaders are added to others: the glow is a layer over the rest then."""
    return any(node.type == "ADD_SHADER" for node in nodes_of(tree_of(material)))


def is_mixed(material: bpy.types.Material) -> bool:
    """Whether not all of what is mixed has a share in ``OF_SHARES``."""
    adds = _adds(material)
    return adds or not all(_share(node, adds=adds) for node, _ in surface(material))


def _share(node: Any, *, adds: bool) -> float:
    return float(node.type not in CLEAR and not (adds and node.type == "EMISSION"))


def _source(node: Any, channel: Channel, *, adds: bool) -> tuple[Any, Value]:
    """The input a shader has the channel from; None, and what it has, if there is no such input."""
    if channel is Channel.SHARE:
        return None, (_share(node, adds=adds),)
    if channel in OF_SHARES and not _share(node, adds=adds):
        return None, (0.0,) * len(USUAL[channel])
    fixed = FIXED.get(node.type, {}).get(channel)
    if fixed is None:
        for name in INPUTS[channel]:
            if name in node.inputs:
                return node.inputs[name], ()
    return None, fixed or USUAL[channel]


def _value(socket: Any, fixed: Value, groups: Groups) -> Value | None:
    return fixed if socket is None else settled(socket, groups)


def settled(socket: Any, groups: Groups) -> Value | None:
    """The one value an input has everywhere; None if nodes make it."""
    socket, groups = outer(socket, groups)
    own = _number(socket.default_value)
    if not socket.is_linked:
        return own
    nodes: list[Any] = [node for node, _ in feeding(socket, groups)]
    if len(nodes) == 1 and nodes[0].type in {"RGB", "VALUE"} and not nodes[0].mute:
        found = _number(nodes[0].outputs[0].default_value)
        return found if len(found) == len(own) else None
    return None


def _number(value: Any) -> Value:
    try:
        return tuple(value)[:3]
    except TypeError:
        return (float(value),)


def glows(shader: Any) -> bool:
    """Whether it may emit anything: its color and its strength are not set to nothing."""
    return not any(
        socket is None or (not socket.is_linked and not any(_number(socket.default_value)))
        for socket, _ in _glow(shader)
    )


def _emitted(node: Any, groups: Groups) -> Value | None:
    color, strength = (_value(*one, groups) for one in _glow(node))
    if strength == (0.0,) or (color is not None and not any(color)):
        return USUAL[Channel.EMISSION]
    if color is None or strength is None:
        return None
    return tuple(part * strength[0] for part in color)


def _glow(node: Any) -> tuple[tuple[Any, Value], tuple[Any, Value]]:
    """Color and strength of what the shader emits."""
    prefix = "" if node.type == "EMISSION" else "Emission "
    if f"{prefix}Strength" not in node.inputs or f"{prefix}Color" not in node.inputs:
        return (None, USUAL[Channel.EMISSION]), (None, (0.0,))
    return (node.inputs[f"{prefix}Color"], ()), (node.inputs[f"{prefix}Strength"], ())


def shared_inputs(materials: Sequence[bpy.types.Material]) -> Iterator[tuple[str, Any]]:
    """Name and value of what all shaders have alike, if all are of the principled kind."""
    fed = [one for material in materials for one in surface(material)]
    if not fed or any(node.type != "BSDF_PRINCIPLED" for node, _ in fed):
        return
    for number, socket in enumerate(fed[0][0].inputs):
        if socket.type not in {"VALUE", "RGBA"}:
            continue
        found = {settled(node.inputs[number], groups) for node, groups in fed}
        if len(found) == 1 and None not in found:
            yield socket.identifier, found.pop()


LAYERS: Final = (
    *("Transmission Weight", "Coat Weight", "Sheen Weight", "Subsurface Weight"),
    *("Anisotropic", "Thin Film Thickness"),
)
"""Inputs of the usual shader that add something to a surface which the channels do not have."""


def lost_inputs(materials: Sequence[bpy.types.Material]) -> list[str]:
    """Names of the layers that some shaders have, and that are not the same for all."""
    found: dict[str, set[Value | None]] = {}
    for material in materials:
        for node, groups in surface(material):
            for name in LAYERS:
                if name in node.inputs:
                    found.setdefault(name, set()).add(settled(node.inputs[name], groups))
    return [name for name, all_of in found.items() if len(all_of) > 1 or None in all_of]


def revealed(material: bpy.types.Material, channels: Sequence[Channel]) -> bpy.types.Material:
    """A copy of the material that glows in the channel, in up to three as red, green and blue."""
    adds = _adds(material)
    copy = copy_of(material)
    _reveal(tree_of(copy), channels, {}, adds=adds)
    return copy


def _reveal(tree: Any, channels: Sequence[Channel], groups: dict[Any, Any], *, adds: bool) -> None:
    for node in list(tree.nodes):
        outputs = [socket for socket in node.outputs if socket.type == "SHADER"]
        if outputs and node.type == "GROUP" and node.node_tree is not None:
            inner = groups.get(node.node_tree)
            if inner is None:
                inner = groups[node.node_tree] = node.node_tree.copy()
                _reveal(inner, channels, groups, adds=adds)
            node.node_tree = inner
        elif outputs and node.type not in NO_SHADERS:
            light = _light(tree, node, channels, adds=adds)
            for link in [link for socket in outputs for link in socket.links]:
                tree.links.new(light.outputs[0], link.to_socket)


def _light(tree: Any, node: Any, channels: Sequence[Channel], *, adds: bool) -> Any:
    """An emission of what the shader has in the channels."""
    light = tree.nodes.new("ShaderNodeEmission")
    if channels[0] is Channel.EMISSION:
        for source, target in zip(_glow(node), ("Color", "Strength"), strict=True):
            _feed(tree, source, light.inputs[target])
    elif channels[0] is Channel.COLOR:
        _feed(tree, _source(node, Channel.COLOR, adds=adds), light.inputs["Color"])
    else:
        several = tree.nodes.new("ShaderNodeCombineColor")
        for channel, target in zip(channels, several.inputs, strict=False):
            _feed(tree, _source(node, channel, adds=adds), target)
        tree.links.new(several.outputs[0], light.inputs["Color"])
    return light


def _feed(tree: Any, source: tuple[Any, Value], target: Any) -> None:
    socket, fixed = source
    if socket is not None and socket.is_linked:
        tree.links.new(socket.links[0].from_socket, target)
        return
    value = fixed if socket is None else _number(socket.default_value)
    target.default_value = value[0] if target.type == "VALUE" else (*value, 1.0)
