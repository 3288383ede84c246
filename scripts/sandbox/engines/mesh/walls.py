"""How deep every point inside a closed surface lies: hollow shells and their volumes."""

from __future__ import annotations

import numpy as np
import trimesh
from scipy import ndimage
from scipy.spatial import cKDTree

from scripts.sandbox.engines.mesh import solids
from scripts.sandbox.engines.mesh.solids import Cells, Field, Grid

_SAMPLES = 150_000
_ROUNDS = 2
_FEWEST_CELLS, _MOST_CELLS = 64, 150


def depths(solid: trimesh.Trimesh, finest: float) -> Grid:
    """Distance to the surface (metres) at each cell inside, negative in the cells next outside.

    The cells are at most a third of ``finest`` wide as long as that gives a reasonable number.
    """
    longest = float(max(solid.extents))
    cells = int(np.clip(3 * longest / finest, _FEWEST_CELLS, _MOST_CELLS))
    pitch = longest / cells
    inside, origin = solids.occupancy(solid, pitch)
    rim = inside & ~ndimage.binary_erosion(inside)
    ring = ndimage.binary_dilation(inside) & ~inside
    samples, _ = trimesh.sample.sample_surface(solid, _SAMPLES, seed=1)
    nearest = cKDTree(np.concatenate([samples, solid.vertices]))
    feet = np.full((*inside.shape, 3), np.inf)
    feet[rim] = nearest.data[nearest.query(origin + np.argwhere(rim) * pitch)[1]]
    centres = np.moveaxis(np.indices(inside.shape), 0, 3) * pitch + origin
    values = _spread(feet, rim, inside, centres)
    values[~inside] = -pitch
    values[ring] = -nearest.query(origin + np.argwhere(ring) * pitch)[0]
    return Grid(values, origin, pitch)


def _spread(feet: Field, rim: Cells, inside: Cells, centres: Field) -> Field:
    """Distances from the surface points known at the rim, handed on from cell to cell.

    A search for the nearest of all points would be hopeless around the middle of a ball, where
    all are equally near.
    """
    next_rim = ndimage.distance_transform_edt(~rim, return_distances=False, return_indices=True)
    feet[inside] = feet[tuple(axis[inside] for axis in next_rim)]
    values: Field = np.linalg.norm(centres - feet, axis=3)
    for _ in range(_ROUNDS):
        for axis in range(3):
            for step in (-1, 1):
                offered = np.roll(feet, step, axis)
                distance = np.linalg.norm(centres - offered, axis=3)
                better = (distance < values) & inside
                feet[better] = offered[better]
                values[better] = distance[better]
    return values


def cavity(solid: trimesh.Trimesh, wall: float) -> trimesh.Trimesh | None:
    """The closed space ``wall`` metres below the surface, facing outwards; None without one."""
    grid = depths(solid, wall)
    if float(grid.values.max()) <= wall + grid.pitch / 2:
        return None
    space = solids.to_manifold(grid.surface(wall))
    return solids.from_manifold(space.simplify(grid.pitch * 0.1))


def cavity_volumes(solid: trimesh.Trimesh, walls: list[float]) -> list[float]:
    """Cubic metres that lie deeper than each of ``walls`` metres."""
    grid = depths(solid, min(walls))
    deepest = float(grid.values.max())
    return [grid.surface(wall).volume if wall < deepest else 0.0 for wall in walls]
