"""How deep the points inside a closed surface lie: cavities and the volume of shells."""

from collections.abc import Sequence

import numpy as np
import trimesh
from scipy import ndimage
from scipy.spatial import cKDTree

from scripts.sandbox.engines.mesh import solids
from scripts.sandbox.engines.mesh.solids import Cells, Field, Grid

_SAMPLES = 150_000
_ROUNDS = 2
_BAND = 4.0
_FEWEST_CELLS, _MOST_CELLS = 64, 150
_FIGURE_CELLS = 96


def depths(solid: trimesh.Trimesh, walls: Sequence[float], cells: int) -> Grid:
    """Distance to the surface (metres) at each cell inside, negative in the cells next outside.

    ``cells`` divide the longest side. Distances are precise to a fraction of a cell around each
    of ``walls`` metres and rough elsewhere.
    """
    pitch = float(max(solid.extents)) / cells
    inside, origin = solids.occupancy(solid, pitch)
    rim = inside & ~ndimage.binary_erosion(inside)
    ring = ndimage.binary_dilation(inside) & ~inside
    samples, _ = trimesh.sample.sample_surface(solid, _SAMPLES, seed=1)
    nearest = cKDTree(np.concatenate([samples, solid.vertices]))
    steps, next_rim = ndimage.distance_transform_edt(~rim, return_indices=True)
    values = np.where(inside, (steps + 0.5) * pitch, -pitch)
    values[ring] = -nearest.query(origin + np.argwhere(ring) * pitch)[0]
    band = np.any([np.abs(values - wall) < _BAND * pitch for wall in walls], axis=0) & inside
    around = ndimage.binary_dilation(band) & inside
    feet = np.full((*inside.shape, 3), np.inf)
    feet[rim] = nearest.data[nearest.query(origin + np.argwhere(rim) * pitch)[1]]
    feet[around] = feet[tuple(axis[around] for axis in next_rim)]
    values[band] = _spread(feet, band, origin + np.argwhere(band) * pitch)
    return Grid(values, origin, pitch)


def _spread(feet: Field, band: Cells, centres: Field) -> Field:
    """Distances from the surface points of the rim, handed on from cell to cell.

    A search for the nearest of all points would be hopeless around the middle of a ball, where
    all are equally near.
    """
    at = np.nonzero(band)
    best = feet[at]
    values: Field = np.linalg.norm(centres - best, axis=1)
    for _ in range(_ROUNDS):
        for axis in range(3):
            for step in (-1, 1):
                beside = list(at)
                beside[axis] = at[axis] + step
                offered = feet[tuple(beside)]
                distance = np.linalg.norm(centres - offered, axis=1)
                better = distance < values
                values[better] = distance[better]
                best[better] = offered[better]
        feet[at] = best
    return values


def cavity(solid: trimesh.Trimesh, wall: float) -> trimesh.Trimesh | None:
    """The closed space ``wall`` metres below the surface, facing outwards; None without one."""
    cells = int(np.clip(3 * max(solid.extents) / wall, _FEWEST_CELLS, _MOST_CELLS))
    grid = depths(solid, [wall], cells)
    if float(grid.values.max()) <= wall + grid.pitch / 2:
        return None
    space = solids.to_manifold(grid.surface(wall))
    return solids.from_manifold(space.simplify(grid.pitch * 0.1))


def cavity_volumes(solid: trimesh.Trimesh, walls: Sequence[float]) -> list[float]:
    """Cubic metres that lie deeper than each of ``walls`` metres."""
    thinnest = 2.5 * float(max(solid.extents)) / _FIGURE_CELLS
    grid = depths(solid, [max(wall, thinnest) for wall in walls], _FIGURE_CELLS)
    full, area = float(solid.volume), float(solid.area)
    # Thinner than the grid can see: the volume starts falling with the area, then bends.
    bend = (_deeper(grid, thinnest) - full + area * thinnest) / thinnest**2
    return [
        _deeper(grid, wall) if wall > thinnest else full - area * wall + bend * wall**2
        for wall in walls
    ]


def _deeper(grid: Grid, wall: float) -> float:
    return float(grid.surface(wall).volume) if wall < grid.values.max() else 0.0
