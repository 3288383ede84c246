"""Which materials a result gets: the artist's own where they still make sense."""

from collections.abc import Iterator
from typing import Final, cast

import bpy

NAME: Final = "studio3d_name"
"""Custom property a prepared material remembers its name in the file by."""


def carry_over(original: bpy.types.Object, result: bpy.types.Object, *, textures: bool) -> None:
    """Give the result the original's materials where no picture lies on the old surface.

    A material with pictures depends on the original's UV map, which the result does not have;
    one without looks the same on any surface. ``textures``: the materials are what was ordered,
    so the result's own stay.
    """
    own = [slot.material for slot in original.material_slots if slot.material is not None]
    if textures or not own:
        return
    mesh = cast(bpy.types.Mesh, result.data)
    plain = [material for material in own if not has_pictures(material)]
    if not mesh.materials:
        if len(plain) == len(own):
            for slot in original.material_slots:
                mesh.materials.append(slot.material)
        return
    by_name = {material.name: material for material in plain}
    for index, material in enumerate(list(mesh.materials)):
        if material is None or has_pictures(material):
            continue
        same = by_name.get(str(material.get(NAME, material.name)))
        if same is None and len(own) == 1 and len(plain) == 1:
            same = own[0]
        if same is not None:
            mesh.materials[index] = same
            if material.users == 0:
                bpy.data.materials.remove(material)


def has_pictures(material: bpy.types.Material) -> bool:
    """Tell whether any node of the material, or of its groups, is a picture."""
    return any(node.type in {"TEX_IMAGE", "TEX_ENVIRONMENT"} for node in _nodes(material.node_tree))


def _nodes(tree: bpy.types.NodeTree | None) -> Iterator[bpy.types.Node]:
    if tree is None:
        return
    for node in tree.nodes:
        yield node
        if isinstance(node, bpy.types.ShaderNodeGroup):
            yield from _nodes(node.node_tree)
