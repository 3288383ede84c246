"""What colour surfaces have, from the nodes of their materials: without light, and without Cycles.

Only what importers build is worked out. Of other nodes, what they are fed with first stands in.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import bpy
import numpy as np

from ...core.access import color_space_of, copy_of, pixels_of, size_of
from ...model.arrays import Floats, Integers, Numbers, got, vertices_of_corners
from ...model.colors import to_light
from ...model.shading import shaders, tree_of

LARGEST: Final = 512
"""Pixels along the side of a picture; of a larger one so many are read."""
SMALL: Final = 512
"""Pixels along the side of a picture up to which single ones can be seen."""
BLACK: Final = (0.0, 0.0, 0.0)
GREY: Final = (0.8, 0.8, 0.8)
NUMBERS: Final = {"Non-Color", "Raw", "Linear", "Linear Rec.709"}
"""Color spaces in which pictures hold what they say."""
MISSING: Final = (1.0, 0.0, 1.0, 1.0)
"""What Blender shows where there is no picture."""


class Look(NamedTuple):
    """How n places look."""

    color: Floats
    """(n, 3) light that they throw back."""
    glow: Floats
    """(n, 3) light of their own."""
    alpha: Floats
    """(n,)"""
    is_lit: bool
    """Whether light from elsewhere falls on them."""


class Spots(NamedTuple):
    """Places of a mesh."""

    mesh: bpy.types.Mesh
    corners: Numbers
    """(3, n) of the triangles that they are in."""
    weights: Floats
    """(3, n) share of each corner."""

    def blend(self, values: Floats) -> Floats:
        """(n, k) of the (l, k) values of the mesh's corners."""
        parts = (
            weight[:, None] * values[corner]
            for weight, corner in zip(self.weights, self.corners, strict=True)
        )
        blended: Floats = sum(parts, start=np.zeros((), dtype=np.float32))
        return blended


class Picture(NamedTuple):
    pixels: Floats
    """(height, width, 4)."""
    is_light: bool
    """Whether it stores numbers, and not sRGB."""


Pictures = dict[bpy.types.Image, Picture]


def look(material: bpy.types.Material | None, spots: Spots, pictures: Pictures) -> Look:
    """How the material looks there; ``pictures`` keeps what was read."""
    shader = _shader(material)
    if shader is None:
        color: Any = GREY if material is None else material.diffuse_color
        return _whole(spots, color)
    nodes = _Nodes(spots, pictures)
    if shader.type == "EMISSION":
        return _whole(spots, BLACK, nodes.named(shader, "Color", GREY))._replace(is_lit=False)
    strength = nodes.named(shader, "Emission Strength", 0.0)
    glow: Any = BLACK
    if np.any(strength):
        glow = _number(strength) * _three(nodes.named(shader, "Emission Color", BLACK))
    name = "Base Color" if "Base Color" in shader.inputs else "Color"
    alpha = _number(nodes.named(shader, "Alpha", 1.0))
    return _whole(spots, nodes.named(shader, name, GREY), glow, alpha)


def looks(
    spots: Spots,
    slots: Numbers,
    materials: Sequence[bpy.types.Material | None],
    pictures: Pictures,
) -> Iterator[tuple[Integers, Look]]:
    """The same of places of several materials: which of them, and how these look.

    ``slots``: (n,) number of each one's material; what is beyond the last one has that.
    """
    chosen = np.minimum(slots, len(materials) - 1)
    for slot in np.unique(chosen).tolist():
        which = np.flatnonzero(chosen == slot)
        part = Spots(spots.mesh, spots.corners[:, which], spots.weights[:, which])
        yield which, look(materials[slot], part, pictures)


def _shader(material: bpy.types.Material | None) -> Any:
    """The one that tells most of what there is to see."""
    tree = tree_of(material)
    output = None if tree is None else tree.get_output_node("CYCLES")
    if output is None:
        return None
    found = [node for node, _ in shaders(output.inputs["Surface"])]
    for wanted in ("BSDF_PRINCIPLED", "EMISSION"):
        for node in found:
            if node.type == wanted:
                return node
    return next((node for node in found if "Color" in node.inputs), None)


def _whole(spots: Spots, color: Any, glow: Any = BLACK, alpha: Any = 1.0) -> Look:
    """From values for all spots or for each."""
    count = spots.corners.shape[1]
    colors, glows = (np.broadcast_to(_three(value), (count, 3)) for value in (color, glow))
    alphas = np.broadcast_to(np.asarray(alpha, dtype=np.float32).reshape(-1), count)
    return Look(colors, glows, alphas, is_lit=True)


def _three(value: Any) -> Floats:
    """A number or a colour, one or n of them, as red, green and blue."""
    array = np.asarray(value, dtype=np.float32)
    if array.ndim and array.shape[-1] > 1:
        missing = max(0, 3 - array.shape[-1])  # of a place in a picture
        return np.pad(array[..., :3], [(0, 0)] * (array.ndim - 1) + [(0, missing)])
    return np.repeat(array.reshape(-1, 1), 3, axis=1)


def _number(value: Any) -> Floats:
    """The same as (n, 1) or (1, 1): of a colour how bright it is."""
    array = np.asarray(value, dtype=np.float32)
    if array.ndim and array.shape[-1] > 1:
        array = array[..., :3].mean(axis=-1)
    return array.reshape(-1, 1)


MATH: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "ADD": np.add,
    "SUBTRACT": np.subtract,
    "MULTIPLY": np.multiply,
    "GREATER_THAN": np.greater,
    "LESS_THAN": np.less,
    "MAXIMUM": np.maximum,
    "MINIMUM": np.minimum,
    "ROUND": lambda one, _: np.round(one),
}
MIXED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "MIX": lambda _, other: other,
    "MULTIPLY": np.multiply,
    "ADD": np.add,
}


class _Nodes:
    """Values of nodes: one for all spots, (k,), or one for each, (n, k)."""

    def __init__(self, spots: Spots, pictures: Pictures) -> None:
        self._spots = spots
        self._pictures = pictures
        self._known: dict[tuple[Any, str], Any] = {}

    def named(self, node: Any, name: str, otherwise: Any) -> Any:
        """The value of the input of that name; ``otherwise`` if there is none."""
        socket = node.inputs.get(name)
        return otherwise if socket is None else self.value(socket)

    def value(self, socket: Any) -> Any:
        for link in socket.links:
            if not link.is_muted:
                return self._once(link.from_node, link.from_socket, socket)
        default = getattr(socket, "default_value", 0.0)
        return np.array(default, dtype=np.float32)

    def _once(self, node: Any, output: Any, target: Any) -> Any:
        """The same as ``_made``, whose nodes may feed many others, or themselves."""
        key = output, target.type
        if key not in self._known:
            self._known[key] = np.array(GREY, dtype=np.float32)  # for a node that feeds itself
            self._known[key] = self._made(node, output, target)
        return self._known[key]

    def _made(self, node: Any, output: Any, target: Any) -> Any:
        """What the node gives out there."""
        make = _MAKERS.get(node.type)
        if make is not None and not node.mute:
            return make(self, node, output)
        for socket in sorted(node.inputs, key=lambda one: one.type != "RGBA"):
            if socket.is_linked:
                return self.value(socket)
        alike = [one for one in node.inputs if one.type == target.type]
        return self.value(alike[0]) if alike else np.array(GREY, dtype=np.float32)

    def constant(self, node: Any, output: Any) -> Any:
        return np.array(output.default_value, dtype=np.float32)

    def picture(self, node: Any, output: Any) -> Any:
        vector = node.inputs["Vector"]
        uvs = self.value(vector) if vector.is_linked else self.uv_map(None, None)
        uvs = np.atleast_2d(uvs)
        is_alpha = output.name == "Alpha"
        if node.image is None:
            return np.array(1.0 if is_alpha else MISSING, dtype=np.float32)
        picture = self._pictures.get(node.image)
        if picture is None:
            picture = self._pictures[node.image] = _read(node.image)
        texels = _sampled(picture.pixels, uvs, extension=node.extension)
        if is_alpha:
            return texels[:, 3:]
        return texels[:, :3] if picture.is_light else to_light(texels[:, :3])

    def uv_map(self, node: Any, _: Any) -> Any:
        layers = self._spots.mesh.uv_layers
        layer: Any = layers.get(node.uv_map) if node is not None and node.uv_map else None
        layer = layer or next((one for one in layers if one.active_render), None)
        if layer is None:
            return np.zeros(2, dtype=np.float32)
        return self._spots.blend(got(layer.uv, "vector", 2, kind=np.float32))

    def coordinates(self, _: Any, __: Any) -> Any:
        return self.uv_map(None, None)

    def attribute(self, node: Any, output: Any) -> Any:
        name = node.layer_name if node.type == "VERTEX_COLOR" else node.attribute_name
        layers = self._spots.mesh.color_attributes
        layer: Any = layers.get(name)
        if layer is None and not name and len(layers):
            layer = layers[max(layers.render_color_index, 0)]
        if layer is None:
            return np.zeros(4, dtype=np.float32)
        colors = got(layer.data, "color", 4, kind=np.float32)
        if layer.domain == "POINT":
            colors = colors[vertices_of_corners(self._spots.mesh)]
        blended = self._spots.blend(colors)
        return blended[:, 3:] if output.name == "Alpha" else blended

    def mapping(self, node: Any, _: Any) -> Any:
        vector = np.atleast_2d(self.value(node.inputs["Vector"]))[:, :2]
        if node.vector_type not in {"POINT", "TEXTURE"}:
            return vector
        place, turn, scale = (
            np.resize(self.named(node, name, usual), 3)
            for name, usual in (("Location", 0.0), ("Rotation", 0.0), ("Scale", 1.0))
        )
        cos, sin = math.cos(turn[2]), math.sin(turn[2])
        matrix = np.array([[cos, sin], [-sin, cos]], dtype=np.float32)
        if node.vector_type == "POINT":
            return (vector * scale[:2]) @ matrix + place[:2]
        return (vector - place[:2]) @ matrix.T / np.where(scale[:2] == 0.0, 1.0, scale[:2])

    def mix(self, node: Any, _: Any) -> Any:
        sockets = [one for one in node.inputs if one.enabled]
        share, one, other = (self.value(socket) for socket in sockets[:3])
        if node.type == "MIX" and node.data_type == "FLOAT":
            share, one, other = _number(share), _number(one), _number(other)
            return one + share * (other - one)
        share, one, other = _number(share), _three(one), _three(other)
        mixed = MIXED.get(getattr(node, "blend_type", "MIX"), np.multiply)(one, other)
        return one + share * (mixed - one)

    def math(self, node: Any, _: Any) -> Any:
        one, other = (_number(self.value(socket)) for socket in node.inputs[:2])
        act = MATH.get(node.operation)
        return one if act is None else act(one, other)

    def parted(self, node: Any, output: Any) -> Any:
        color = _three(self.value(node.inputs[0]))
        return color[..., [one.name for one in node.outputs].index(output.name), None]


_MAKERS: Final[dict[str, Callable[[_Nodes, Any, Any], Any]]] = {
    "TEX_IMAGE": _Nodes.picture,
    "UVMAP": _Nodes.uv_map,
    "TEX_COORD": _Nodes.coordinates,
    "MAPPING": _Nodes.mapping,
    "ATTRIBUTE": _Nodes.attribute,
    "VERTEX_COLOR": _Nodes.attribute,
    "RGB": _Nodes.constant,
    "VALUE": _Nodes.constant,
    "MIX": _Nodes.mix,
    "MIX_RGB": _Nodes.mix,
    "MATH": _Nodes.math,
    "SEPARATE_COLOR": _Nodes.parted,
    "SEPRGB": _Nodes.parted,
}


def _read(image: bpy.types.Image) -> Picture:
    """The picture, made smaller if it is large."""
    # Of a copy, as it is scaled. Whatever the image itself is asked for, it would be decoded too.
    read = copy_of(image)
    try:
        width, height = size_of(read)
        if not width * height:
            return Picture(np.array(MISSING, dtype=np.float32).reshape(1, 1, 4), is_light=True)
        if max(width, height) > LARGEST:
            share = LARGEST / max(width, height)
            width, height = (max(1, round(side * share)) for side in (width, height))
            read.scale(width, height)
        flat = np.empty(width * height * 4, dtype=np.float32)
        pixels_of(read).foreach_get(flat)
        is_light = read.is_float or color_space_of(read).name in NUMBERS
    finally:
        bpy.data.images.remove(read)
    return Picture(flat.reshape(height, width, 4), is_light)


def _sampled(pixels: Floats, uvs: Floats, *, extension: str) -> Floats:
    """(n, 4) pixels at the (n, 2) places; between those of a small picture, what is between."""
    size = np.array(pixels.shape[1::-1])
    if size.max() > SMALL:
        x, y = _cells(uvs[:, :2] * size, size, extension).T
        found: Floats = pixels[y, x]
        return found
    places = uvs[:, :2] * size - 0.5
    share = (places - np.floor(places)).astype(np.float32)
    made = np.zeros((len(uvs), 4), dtype=np.float32)
    for right, weight_x in ((0, 1.0 - share[:, 0]), (1, share[:, 0])):
        for up, weight_y in ((0, 1.0 - share[:, 1]), (1, share[:, 1])):
            x, y = _cells(places + np.array([right, up]), size, extension).T
            made += (weight_x * weight_y)[:, None] * pixels[y, x]
    return made


def _cells(places: Any, size: Any, extension: str) -> Integers:
    """(n, 2) numbers of the pixels there; beyond the picture is its edge, or it again."""
    cells: Integers = np.floor(np.nan_to_num(places)).astype(np.int64)
    inside: Integers = cells % size if extension == "REPEAT" else np.clip(cells, 0, size - 1)
    return inside
