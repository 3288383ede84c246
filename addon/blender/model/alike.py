"""Materials that look alike: an importer makes one for each part, of the same pictures."""

import hashlib
from collections.abc import Hashable, Iterable
from typing import Any, Final

import bpy

from ..core.access import color_space_of, size_of
from .shading import tree_of

OF_PLACE: Final = frozenset(
    {
        *("name", "label", "location", "width", "height", "select", "parent"),
        *("color", "use_custom_color", "show_options", "show_preview", "show_texture", "hide"),
        *("warning_propagation", "bl_icon", "rna_type", "location_absolute"),
        *("texture_mapping", "color_mapping", "image_user", "color_tag", "dimensions"),
    }
)
"""Properties of nodes that say nothing of what they do."""


def key_of(material: bpy.types.Material) -> Hashable:
    """The same for materials that look alike."""
    tree = tree_of(material)
    if tree is None:
        return material
    return (material.use_backface_culling, _tree(tree))


def _tree(tree: Any) -> Hashable:
    number = {node: index for index, node in enumerate(tree.nodes)}
    links = {
        (
            *(number[one.from_node], one.from_socket.identifier),
            *(number[one.to_node], one.to_socket.identifier, one.is_muted),
        )
        for one in tree.links
    }
    return (tuple(_node(node) for node in tree.nodes), frozenset(links))


def _node(node: Any) -> Hashable:
    sockets = [*node.inputs, *(node.outputs if node.type in {"RGB", "VALUE"} else ())]
    values = tuple(_plain(getattr(socket, "default_value", None)) for socket in sockets)
    properties = (one for one in node.bl_rna.properties if one.identifier not in OF_PLACE)
    said = tuple(_said(node, one) for one in properties if one.type != "COLLECTION")
    return (values, said)


def _said(node: Any, declared: Any) -> Hashable:
    value = getattr(node, declared.identifier)
    if isinstance(value, bpy.types.Image):
        value = _image(value)
    return (declared.identifier, _plain(value))


def _image(image: bpy.types.Image) -> Hashable:
    """By its file, where that is in the .blend: each import of a picture is another image."""
    packed = image.packed_file
    if packed is None:
        return image.name_full
    content = hashlib.sha256(packed.data).hexdigest()
    return (content, color_space_of(image).name, image.alpha_mode, size_of(image))


def _plain(value: Any) -> Hashable:
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return tuple(value)
    return value if isinstance(value, Hashable) else repr(value)


def merged(materials: Iterable[bpy.types.Material]) -> dict[bpy.types.Material, bpy.types.Material]:
    """For each of the materials the first one that looks as it does."""
    first: dict[Hashable, bpy.types.Material] = {}
    return {one: first.setdefault(key_of(one), one) for one in materials}
