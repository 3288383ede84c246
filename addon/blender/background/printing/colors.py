"""What color each corner of a model's triangles has."""

from typing import Final

import numpy as np

from ...model.arrays import Integers, slots_of
from ...model.colors import to_srgb
from ...print.solid import Solid
from ..pictures.surface_colors import Pictures, Spots, look

CORNERS: Final = 3


def corner_colors(solid: Solid) -> Integers | None:
    """(t, 3, 3) red, green and blue, 0 to 255; None where nothing has a color of its own."""
    mesh = solid.mesh
    if not any(material is not None for material in mesh.materials):
        return None
    slots = slots_of(mesh)[solid.polygons]
    colors = np.zeros((len(solid), CORNERS, 3), dtype=np.int64)
    pictures: Pictures = {}
    for slot in np.unique(slots).tolist():
        material = mesh.materials[slot] if slot < len(mesh.materials) else None
        chosen = np.flatnonzero(slots == slot)
        for corner in range(CORNERS):
            weights = np.zeros((CORNERS, len(chosen)), dtype=np.float32)
            weights[corner] = 1.0
            seen = look(material, Spots(mesh, solid.loops[chosen].T, weights), pictures)
            light = np.clip(seen.color + seen.glow, 0.0, 1.0).astype(np.float32)
            colors[chosen, corner] = np.round(to_srgb(light) * 255.0)
    return colors
