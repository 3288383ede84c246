"""What Blender's OBJ importer leaves out of the material file (.mtl).

The importer knows ``map_Kd``, ``map_Pr``, ``map_Pm`` and ``map_Bump``, but reads every picture as
colours: roughness, metalness and normals come out wrong. Generators also write their normal map as
``norm`` or ``map_Pn``, which it does not know.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import bpy

from ...core.access import color_space_of
from .file_references import NO_PICTURE, OwnFiles

NORMAL_KEYWORDS = frozenset({"norm", "map_pn", "map_norm", "map_normal"})

NUMBER = re.compile(r"\.\d{3,}")
"""What Blender puts behind a name that is taken."""

COLOUR_INPUTS = frozenset({"Base Color", "Emission Color", "Specular Tint"})
"""Inputs of the Principled BSDF that take colours; all others take numbers."""


def complete_materials(
    obj_file: Path, own: OwnFiles, materials: Collection[bpy.types.Material]
) -> None:
    """Put right the materials that came with the OBJ, as ``obj_references`` left it."""
    told = list(_normal_maps(obj_file))
    names = {name for name, _, _ in told}
    for name, picture, strength in told:
        material = _called(name, materials, names)
        if material is None or picture is None:
            continue
        try:
            _add_normal_map(material, picture, strength)
        except RuntimeError:
            own.leave_out(NO_PICTURE, picture.name)
    _read_data_as_data()


def _called(
    name: str, materials: Collection[bpy.types.Material], names: Collection[str]
) -> bpy.types.Material | None:
    """The material of that name, or of the one it got if another file's has the name."""
    found = {material.name: material for material in materials}
    if name in found:
        return found[name]
    copies = (other for other in found if other not in names and other.startswith(name))
    return next((found[one] for one in copies if NUMBER.fullmatch(one[len(name) :])), None)


NormalMap = tuple[str, Path | None, float]
"""The name of a material, its picture if that exists, and how strong it is."""


def _normal_maps(obj_file: Path) -> Iterator[NormalMap]:
    """Each material, and again with the normal map that its .mtl names."""
    for line in _lines(obj_file):
        keyword, _, rest = line.partition(" ")
        if keyword == "mtllib":
            yield from _normal_maps_of(obj_file.parent / rest.strip())


def _normal_maps_of(mtl_file: Path) -> Iterator[NormalMap]:
    if not mtl_file.is_file():
        return
    material = ""
    for line in _lines(mtl_file):
        keyword, _, rest = line.strip().partition(" ")
        if keyword == "newmtl":
            material = rest.strip()
            yield material, None, 0.0
        elif keyword.lower() in NORMAL_KEYWORDS:
            yield material, _file_named(rest, mtl_file.parent), _strength(rest)


def _file_named(statement: str, folder: Path) -> Path | None:
    """The file at the end of a statement like ``-bm 1.0 my normal map.png``, if it exists."""
    words = statement.replace("\\", "/").split()
    for start in range(len(words)):
        file = folder / " ".join(words[start:])
        if file.is_file():
            return file
    return None


def _strength(statement: str) -> float:
    """What ``-bm`` says, as Blender reads it for ``map_Bump``."""
    _, found, rest = f" {statement}".partition(" -bm ")
    try:
        return float(rest.split()[0]) if found else 1.0
    except (ValueError, IndexError):
        return 1.0


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        yield from lines


def _add_normal_map(material: bpy.types.Material, picture: Path, strength: float) -> None:
    tree: Any = material.node_tree
    shader = next((node for node in tree.nodes if node.type == "BSDF_PRINCIPLED"), None)
    if shader is None or shader.inputs["Normal"].is_linked:
        return
    image = bpy.data.images.load(str(picture), check_existing=True)
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    normal_map = tree.nodes.new("ShaderNodeNormalMap")
    normal_map.inputs["Strength"].default_value = strength
    tree.links.new(texture.outputs["Color"], normal_map.inputs["Color"])
    tree.links.new(normal_map.outputs["Normal"], shader.inputs["Normal"])


def _read_data_as_data() -> None:
    """Take the pictures that are not shown as colours for what they are: numbers."""
    uses: dict[bpy.types.Image, set[str]] = {}
    for material in bpy.data.materials:
        tree: Any = material.node_tree
        for link in tree.links:
            node = link.from_node
            if isinstance(node, bpy.types.ShaderNodeTexImage) and node.image is not None:
                uses.setdefault(node.image, set()).add(link.to_socket.name)
    for image, inputs in uses.items():
        if inputs.isdisjoint(COLOUR_INPUTS):
            space: Any = color_space_of(image)  # the stubs know none by name
            space.name = "Non-Color"
