"""Which materials a result gets: the artist's own where they still make sense."""

from collections.abc import Iterator, Mapping, Sequence

import bpy

from ..core.access import mesh_of
from ..model.names import MATERIAL_NAME
from ..model.shading import has_pictures, nodes_of
from . import nearest_materials


def carry_over(
    originals: Sequence[bpy.types.Object],
    result: bpy.types.Object,
    *,
    textures: bool,
    complete: bool = True,
) -> None:
    """Give the result the originals' materials where no picture lies on the old surface.

    A material with pictures depends on the original's UV map, which the result does not have;
    one without looks the same on any surface. The first original is the one whose place the
    result takes. ``textures``: the materials are what was ordered, so the result's own stay.
    ``complete``: these are all the originals there were.
    """
    own = list(dict.fromkeys(_materials(originals)))
    if textures or not own:
        return
    mesh = mesh_of(result)
    plain = {material.name: material for material in own if not has_pictures(material)}
    if not mesh.materials and len(originals) > 1:
        mesh.materials.append(None)
    if not mesh.materials:
        if len(plain) == len(own):
            for slot in originals[0].material_slots:
                mesh.materials.append(slot.material)
        return
    unnamed = _put_by_name(mesh, plain)
    alike = len(originals) == 1 or all(map(_is_all_dressed, originals))
    if complete and alike and len(own) == len(plain) == 1:
        for index in unnamed:
            if mesh.materials[index] is not None or len(mesh.materials) == 1:
                _put(mesh, index, own[0])
    elif complete and len(originals) > 1 and len(unnamed) == len(mesh.materials):
        # It knows none of their names: what lies nearest is meant.
        nearest_materials.dress(mesh, originals, set(plain.values()))


def _put_by_name(mesh: bpy.types.Mesh, plain: Mapping[str, bpy.types.Material]) -> list[int]:
    """Exchange materials without pictures for those of their names; gives the slots left over."""
    left: list[int] = []
    for index, material in enumerate(list(mesh.materials)):
        if material is not None and has_pictures(material):
            continue
        same = (
            None if material is None else plain.get(str(material.get(MATERIAL_NAME, material.name)))
        )
        if same is None:
            left.append(index)
        else:
            _put(mesh, index, same)
    return left


def _materials(originals: Sequence[bpy.types.Object]) -> Iterator[bpy.types.Material]:
    """What the originals show, whether their slots hold it for the object or for the mesh."""
    for obj in originals:
        for slot in obj.material_slots:
            if slot.material is not None:
                yield slot.material


def _is_all_dressed(obj: bpy.types.Object) -> bool:
    return bool(obj.material_slots) and all(slot.material for slot in obj.material_slots)


def _put(mesh: bpy.types.Mesh, index: int, material: bpy.types.Material) -> None:
    """Exchange a material that came with the result."""
    before = mesh.materials[index]
    mesh.materials[index] = material
    if before is not None and before.users == 0:
        bpy.data.materials.remove(before)


def pictures_of(material: bpy.types.Material | None) -> Iterator[bpy.types.Image]:
    """Every picture that a node of the material, or of its groups, shows."""
    for node in nodes_of(None if material is None else material.node_tree):
        if isinstance(node, bpy.types.ShaderNodeTexImage) and node.image is not None:
            yield node.image
