"""What Blender's OBJ importer leaves out of the material file (.mtl).

The importer knows ``map_Kd``, ``map_Pr``, ``map_Pm`` and ``map_Bump``. Generators also write their
normal map as ``norm`` or ``map_Pn``, and pictures whose names differ in upper and lower case.
"""

from collections.abc import Iterator
from pathlib import Path

import bpy

NORMAL_KEYWORDS = frozenset({"norm", "map_pn", "map_norm", "map_normal"})


def complete_materials(obj_file: Path) -> None:
    """Add the normal maps the importer ignored to the materials of the OBJ just imported."""
    for name, picture in _normal_maps(obj_file):
        if name in bpy.data.materials:
            _add_normal_map(bpy.data.materials[name], picture)


def _normal_maps(obj_file: Path) -> Iterator[tuple[str, Path]]:
    """Material names with the normal map that their .mtl names, where the file exists."""
    for line in _lines(obj_file):
        keyword, _, rest = line.partition(" ")
        if keyword == "mtllib":
            yield from _normal_maps_of(obj_file.with_name(rest.strip()))


def _normal_maps_of(mtl_file: Path) -> Iterator[tuple[str, Path]]:
    if not mtl_file.is_file():
        return
    material = ""
    for line in _lines(mtl_file):
        keyword, _, rest = line.strip().partition(" ")
        if keyword == "newmtl":
            material = rest.strip()
        elif keyword.lower() in NORMAL_KEYWORDS:
            picture = mtl_file.parent / rest.split()[-1].replace("\\", "/")
            if picture.is_file():
                yield material, picture


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        yield from lines


def _add_normal_map(material: bpy.types.Material, picture: Path) -> None:
    tree = material.node_tree
    shader = next((node for node in tree.nodes if node.type == "BSDF_PRINCIPLED"), None)
    if shader is None or shader.inputs["Normal"].is_linked:
        return
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(str(picture), check_existing=True)
    texture.image.colorspace_settings.name = "Non-Color"
    normal_map = tree.nodes.new("ShaderNodeNormalMap")
    tree.links.new(texture.outputs["Color"], normal_map.inputs["Color"])
    tree.links.new(normal_map.outputs["Normal"], shader.inputs["Normal"])
