"""Which UV map a material goes by, and whether it shows places of pictures and nothing else."""

from collections.abc import Set as AbstractSet
from typing import Any, Final

import bpy

from ...model.shading import nodes_of, tree_of

OWN: Final = ""
"""Stands for the map that a mesh is rendered by."""

BY_PICTURES: Final = frozenset(
    {
        *("TEX_IMAGE", "UVMAP", "NORMAL_MAP", "RGB", "VALUE", "REROUTE", "FRAME"),
        *("MIX", "MIX_RGB", "MATH", "CLAMP", "MAP_RANGE", "INVERT", "GAMMA", "BRIGHTCONTRAST"),
        *("HUE_SAT", "CURVE_RGB", "VALTORGB", "SEPARATE_COLOR", "SEPRGB", "COMBINE_COLOR"),
        *("COMBRGB", "RGBTOBW", "GROUP", "GROUP_INPUT", "GROUP_OUTPUT", "OUTPUT_MATERIAL"),
        *("BSDF_PRINCIPLED", "BSDF_DIFFUSE", "BSDF_GLOSSY", "BSDF_TRANSPARENT", "EMISSION"),
        *("MIX_SHADER", "ADD_SHADER"),
    }
)
"""Kinds of nodes that show the same wherever the same place of a picture lies."""


def maps_of(material: bpy.types.Material) -> AbstractSet[str] | None:
    """Names of the UV maps that the material goes by, OWN among them; None: by something else."""
    names: set[str] = set()
    for found in nodes_of(tree_of(material)):
        node: Any = found
        if node.type not in BY_PICTURES:
            return None
        if node.type == "NORMAL_MAP":
            if node.space != "TANGENT":
                return None
            names.add(node.uv_map)
        elif node.type == "TEX_IMAGE":
            name = _map_of(node)
            if name is None:
                return None
            names.add(name)
    return names


def _map_of(node: Any) -> str | None:
    """The map that a picture lies on; None if it lies otherwise."""
    if node.projection != "FLAT" or (node.image is not None and node.image.source == "TILED"):
        return None
    vector = node.inputs["Vector"]
    if not vector.is_linked:
        return OWN
    source = vector.links[0].from_node
    return str(source.uv_map) if source.type == "UVMAP" else None


def layer_of(mesh: bpy.types.Mesh, names: AbstractSet[str]) -> bpy.types.MeshUVLoopLayer | None:
    """The one map of the mesh that these names mean; None if there is none, or more than one."""
    layers: Any = mesh.uv_layers
    own = next((one for one in layers if one.active_render), None)
    found = {own if name == OWN else layers.get(name) for name in names or {OWN}}
    return found.pop() if len(found) == 1 else None
