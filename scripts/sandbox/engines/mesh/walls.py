"""How deep every point inside a closed surface lies: hollow shells and their volumes."""

from __future__ import annotations

import numpy as np
import trimesh
from scipy import ndimage
from scipy.spatial import cKDTree

from scripts.sandbox.engines.mesh import solids
from scripts.sandbox.engines.mesh.solids import Grid

_SAMPLES = 150_000
_FEWEST_CELLS, _MOST_CELLS = 64, 160


def depths(solid: trimesh.Trimesh, finest: float) -> Grid:
    """Distance to the surface (metres) at each cell inside, negative in the cells next outside.

    The cells are at most half of ``finest`` wide as long as that gives a reasonable number.
    """
    longest = float(max(solid.extents))
    cells = int(np.clip(2 * longest / finest, _FEWEST_CELLS, _MOST_CELLS))
    pitch = longest / cells
    inside, origin = solids.occupancy(solid, pitch)
    near = ndimage.binary_dilation(inside)
    centres = origin + np.argwhere(near) * pitch
    samples, _ = trimesh.sample.sample_surface(solid, _SAMPLES, seed=1)
    samples = np.concatenate([samples, solid.vertices])
    distance, _ = cKDTree(samples).query(centres)
    values = np.full(inside.shape, -pitch)
    values[near] = np.where(inside[near], distance, -distance)
    return Grid(values, origin, pitch)


def hollowed(solid: trimesh.Trimesh, wall: float) -> trimesh.Trimesh | None:
    """``solid`` with a closed cavity ``wall`` metres below its surface; None if none fits in."""
    grid = depths(solid, wall)
    if float(grid.values.max()) <= wall + grid.pitch / 2:
        return None
    cavity = solids.to_manifold(grid.surface(wall)).simplify(grid.pitch * 0.1)
    return solids.from_manifold(solids.to_manifold(solid) - cavity)


def cavity_volumes(solid: trimesh.Trimesh, walls: list[float]) -> list[float]:
    """Cubic metres that lie deeper than each of ``walls`` metres."""
    grid = depths(solid, min(walls))
    cell = grid.pitch**3
    filled = float((grid.values > 0).sum()) * cell
    # Counting cells is off by a little; the volume of the surface itself is exact.
    correction = float(solid.volume) / filled if filled > 0 else 1.0
    return [float((grid.values > wall).sum()) * cell * correction for wall in walls]
