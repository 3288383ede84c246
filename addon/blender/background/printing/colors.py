"""What color each corner of a model's triangles has."""

from typing import Any, Final

import bpy
import numpy as np

from ...model.arrays import Floats, Integers, data_of, got, slots_of
from ...model.colors import to_srgb
from ...model.shading import has_pictures, nodes_of
from ...print.solid import Solid
from ..pictures.surface_colors import Pictures, Spots, look

CORNERS: Final = 3
READS_COLORS: Final = frozenset({"ATTRIBUTE", "VERTEX_COLOR"})
"""Nodes that bring a mesh's own colors into a material."""


def corner_colors(solid: Solid) -> Integers | None:
    """(t, 3, 3) red, green and blue, 0 to 255; None where nothing has a color of its own."""
    mesh = solid.mesh
    painted = _painted(mesh)
    if painted is None and not any(material is not None for material in mesh.materials):
        return None
    slots = slots_of(mesh)[solid.polygons]
    light = np.ones((len(solid), CORNERS, 3), dtype=np.float32)
    pictures: Pictures = {}
    for slot in np.unique(slots).tolist():
        material = mesh.materials[slot] if slot < len(mesh.materials) else None
        chosen = np.flatnonzero(slots == slot)
        if material is not None or painted is None:
            light[chosen] = _seen(material, solid, chosen, pictures)
        if painted is not None and not _shows_more(material):
            light[chosen] *= painted[solid.loops[chosen]]
    stored = to_srgb(np.clip(light, 0.0, 1.0))
    colors: Integers = np.round(stored * 255.0).astype(np.int64)
    return colors


def _seen(
    material: bpy.types.Material | None, solid: Solid, chosen: Integers, pictures: Pictures
) -> Floats:
    """(n, 3, 3) light that the material throws back at the corners of the chosen triangles."""
    light = np.empty((len(chosen), CORNERS, 3), dtype=np.float32)
    for corner in range(CORNERS):
        weights = np.zeros((CORNERS, len(chosen)), dtype=np.float32)
        weights[corner] = 1.0
        seen = look(material, Spots(solid.mesh, solid.loops[chosen].T, weights), pictures)
        light[:, corner] = seen.color + seen.glow
    return light


def _shows_more(material: bpy.types.Material | None) -> bool:
    """Whether it has pictures, or reads the mesh's own colors by itself."""
    if material is None:
        return False
    return has_pictures(material) or any(
        node.type in READS_COLORS for node in nodes_of(material.node_tree)
    )


def _painted(mesh: bpy.types.Mesh) -> Floats | None:
    """(l, 3) the mesh's own colors at its corners, as light; None if it has none."""
    attributes: Any = mesh.color_attributes
    attribute = attributes.active_color
    if attribute is None or not len(mesh.loops):
        return None
    colors = got(data_of(attribute), "color", 4, kind=np.float32)[:, :3]
    if attribute.domain == "POINT":
        corners: Floats = colors[got(mesh.loops, "vertex_index")]
        return corners
    return colors
