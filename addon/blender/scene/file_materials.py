"""What of a material a model file holds: pictures that lie on a UV map, and plain values.

Blender's exporter looks for a picture behind each input and takes it as it is: what nodes make of
it, or of nothing, is left behind without a word.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, Final

import bpy

from ..model import channels
from ..model.shading import (
    Fed,
    Groups,
    feeding,
    feeding_sockets,
    pictures_behind,
    shaders,
    tree_of,
)


class Loss(StrEnum):
    """What is seen of a material and not in a file."""

    COLOR = "COLOR"
    """Nodes make it."""
    SURFACE = "SURFACE"
    """Nodes make something else: roughness, metalness, normals, emission, alpha, displacement."""
    PLACE = "PLACE"
    """A picture lies otherwise than a UV map has it."""


COLORED: Final = {"BSDF_PRINCIPLED", "EMISSION"}
"""The shaders whose color, their first input, goes into a file."""

CONSTANT: Final = {"RGB", "VALUE"}
PLAIN: Final = {"TEX_IMAGE", "VERTEX_COLOR", "ATTRIBUTE", *CONSTANT}
"""Nodes whose color goes into a file."""
CHANNEL: Final = {"SEPARATE_COLOR", "SEPRGB"}
"""Nodes that take one number of a picture."""
OF_ALPHA: Final = {"MULTIPLY", "ROUND", "LESS_THAN", "GREATER_THAN", "SUBTRACT"}
"""Ways of a file's to read alpha, by what nodes write them."""
LIKE_UVS: Final = {"UVMAP", "ATTRIBUTE"}


def losses(material: bpy.types.Material) -> set[Loss]:
    """What is lost of the material."""
    tree = tree_of(material)
    output = None if tree is None else tree.get_output_node("ALL")
    if output is None:
        return set()
    found = list(shaders(output.inputs["Surface"]))
    known = [(node, groups) for node, groups in found if node.type in COLORED]
    if not known:
        return {Loss.COLOR} if found else set()
    made = {loss for node, groups in known for loss in _of_shader(node, groups)}
    return made | ({Loss.SURFACE} if output.inputs["Displacement"].is_linked else set())


def _of_shader(shader: Any, groups: Groups) -> Iterator[Loss]:
    checks = _checks(shader)
    for number, (socket, is_plain) in enumerate(checks):
        if not is_plain(socket, groups):
            yield Loss.COLOR if number == 0 else Loss.SURFACE
    seen: set[Fed] = set()
    fed = (picture for socket, _ in checks for picture in pictures_behind(socket, groups, seen))
    if not all(_lies_on_map(node, inside) for node, inside in fed):
        yield Loss.PLACE


Check = Callable[[Any, Groups], bool]


def _checks(shader: Any) -> list[tuple[Any, Check]]:
    """The shader's inputs that a file has a place for, its color first, and how to look at each."""
    if shader.type == "EMISSION":
        return [(shader.inputs["Color"], _is_color), (shader.inputs["Strength"], _is_constant)]
    inputs = shader.inputs
    found: list[tuple[Any, Check]] = [
        (inputs["Base Color"], _is_color),
        (inputs["Metallic"], _is_number),
        (inputs["Roughness"], _is_number),
        (inputs["Alpha"], _is_alpha),
        (inputs["Normal"], _is_normal),
    ]
    if channels.glows(shader):
        found += [
            (inputs["Emission Color"], _is_picture_or_constant),
            (inputs["Emission Strength"], _is_constant),
        ]
    return found


def _is_color(socket: Any, groups: Groups) -> bool:
    """Whether all that the color comes from can be in a file; a product of such colors can."""
    return all(
        node.type in PLAIN
        or (_multiplies(node) and all(_is_color(*one) for one in _colors(node, inside)))
        for node, inside in feeding(socket, groups)
    )


def _multiplies(node: Any) -> bool:
    return getattr(node, "blend_type", "") == "MULTIPLY"


def _colors(node: Any, groups: Groups) -> Iterator[tuple[Any, Groups]]:
    return ((one, groups) for one in node.inputs if one.type == "RGBA")


def _is_constant(socket: Any, groups: Groups) -> bool:
    return all(node.type in CONSTANT for node, _ in feeding(socket, groups))


def _is_picture_or_constant(socket: Any, groups: Groups) -> bool:
    return all(
        node.type in {"TEX_IMAGE", *CONSTANT}
        or (
            _multiplies(node)
            and all(_is_picture_or_constant(*one) for one in _colors(node, inside))
        )
        for node, inside in feeding(socket, groups)
    )


def _is_number(socket: Any, groups: Groups) -> bool:
    """Whether it is a number of a picture, or that times another number."""
    return all(
        node.type in {"TEX_IMAGE", *CONSTANT}
        or (node.type in CHANNEL and _is_number(node.inputs[0], inside))
        or (
            getattr(node, "operation", "") == "MULTIPLY"
            and all(_is_number(one, inside) for one in node.inputs)
        )
        for node, inside in feeding(socket, groups)
    )


def _is_alpha(socket: Any, groups: Groups) -> bool:
    return all(
        node.type in PLAIN
        or (node.type in CHANNEL and _is_alpha(node.inputs[0], inside))
        or (
            getattr(node, "operation", "") in OF_ALPHA
            and all(_is_alpha(one, inside) for one in node.inputs)
        )
        for node, inside in feeding(socket, groups)
    )


def _is_normal(socket: Any, groups: Groups) -> bool:
    return all(_is_map_of_normals(*one) for one in feeding(socket, groups))


def _is_map_of_normals(node: Any, groups: Groups) -> bool:
    """Whether it is a picture of normals as files have them."""
    return (
        node.type == "NORMAL_MAP"
        and node.space == "TANGENT"
        and _is_constant(node.inputs["Strength"], groups)
        and all(one.type == "TEX_IMAGE" for one, _ in feeding(node.inputs["Color"], groups))
    )


def _lies_on_map(picture: Any, groups: Groups) -> bool:
    return picture.projection == "FLAT" and _is_map(picture.inputs["Vector"], groups)


def _is_map(socket: Any, groups: Groups) -> bool:
    """Whether places in the picture are those of a UV map, moved, turned or scaled."""
    return all(
        source.node.type in LIKE_UVS
        or (source.node.type == "TEX_COORD" and source.identifier == "UV")
        or (source.node.type == "MAPPING" and _moves_a_map(source.node, inside))
        for source, inside in feeding_sockets(socket, groups)
    )


def _moves_a_map(mapping: Any, groups: Groups) -> bool:
    vector, *amounts = mapping.inputs
    return (
        vector.is_linked
        and _is_map(vector, groups)
        and not any(one.is_linked for one in amounts)
        and mapping.vector_type != "NORMAL"
    )
