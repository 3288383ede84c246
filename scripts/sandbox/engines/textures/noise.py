"""Seamless noise: one precomputed tile per pattern, sampled anywhere."""

from functools import lru_cache

import cv2
import numpy as np
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from ..geometry.surface import Floats

_VOLUME = 64
_CELL_TILE = 512
_BLOCK = 30_000
CELLS_PER_TILE = 24
"""Mean number of cells along one side of the cell tile."""


@lru_cache(maxsize=1)
def _fractal_volume() -> Floats:
    """(64, 64, 64) tile of 1/f noise, mean 0, standard deviation 1."""
    white = np.random.default_rng(7).standard_normal((_VOLUME,) * 3)
    frequency = np.fft.fftfreq(_VOLUME) * _VOLUME
    squared = (
        frequency[:, None, None] ** 2
        + frequency[None, :, None] ** 2
        + (np.fft.rfftfreq(_VOLUME) * _VOLUME)[None, None, :] ** 2
    )
    spectrum = np.fft.rfftn(white) / np.maximum(squared, 1.0) ** 1.05
    spectrum[squared < 4.0] = 0.0
    volume = np.fft.irfftn(spectrum, s=(_VOLUME,) * 3, axes=(0, 1, 2))
    return np.asarray((volume - volume.mean()) / volume.std(), dtype=np.float32)


def fractal(points: Floats, feature: float, seed: int = 0) -> Floats:
    """Fractal noise at (n, 3) points, about -2..2; ``feature`` is the size of the largest blobs."""
    offset = np.random.default_rng(seed).uniform(0, _VOLUME, 3)
    # The coarsest kept frequency has two periods per tile.
    index = (points * (_VOLUME / (4.0 * feature)) + offset).T.astype(np.float32)
    sampled = np.empty(len(points), dtype=np.float32)
    map_coordinates(_fractal_volume(), index, sampled, order=1, mode="grid-wrap", prefilter=False)
    return sampled


def fractal2(points: Floats, feature: float, seed: int = 0) -> Floats:
    """``fractal`` for (n, 2) points."""
    return fractal(np.column_stack([points, np.zeros(len(points))]), feature, seed)


def detailed(points: Floats, feature: float, seed: int = 0) -> Floats:
    """Fractal noise with a second, finer layer where a single tile would look blurred."""
    fine = fractal(points, feature / 14.0, seed + 1)
    return fractal(points, feature, seed) + 0.3 * fine


@lru_cache(maxsize=1)
def _cell_tile() -> Floats:
    """(3, 512, 512): distance to the nearest centre, gap to the second, random value per cell."""
    rng = np.random.default_rng(11)
    side = CELLS_PER_TILE
    jitter = rng.uniform(0.1, 0.9, (side, side, 2))
    base = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1)
    centres = (base + jitter).reshape(-1, 2)
    tree = cKDTree(centres, boxsize=float(side))
    axis = (np.arange(_CELL_TILE) + 0.5) * side / _CELL_TILE
    points = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    distance, owner = tree.query(points, k=2)
    value = rng.uniform(0, 1, side * side)[owner[:, 0]]
    stack = np.stack([distance[:, 0], distance[:, 1] - distance[:, 0], value])
    return np.asarray(stack.reshape(3, _CELL_TILE, _CELL_TILE), dtype=np.float32)


def cells(points: Floats, size: float, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Irregular cells of about ``size`` at (n, 2) points.

    Returns distance to the centre and gap to the border (in cells), and a value 0-1 per cell.
    """
    offset = np.random.default_rng(seed).uniform(0, _CELL_TILE, 2)
    index = (points / size * (_CELL_TILE / CELLS_PER_TILE) + offset) % _CELL_TILE
    row, column = index.T.astype(np.float32)
    tile = _cell_tile()
    distance, gap = (_remapped(tile[i], column, row) for i in range(2))
    whole = index.astype(np.int32)
    return distance, gap, tile[2][whole[:, 0], whole[:, 1]]


def _remapped(tile: Floats, column: Floats, row: Floats) -> Floats:
    """Bilinear, in blocks that the remapper can address."""
    result = np.empty(len(column), dtype=np.float32)
    for start in range(0, len(column), _BLOCK):
        block = slice(start, start + _BLOCK)
        result[block] = cv2.remap(
            tile, column[block], row[block], cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
        )[:, 0]
    return result
