"""Ambient occlusion without rays: how much surface lies in front of a point."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from ..geometry.surface import Floats

_CELLS = 80
_LAYERS = ((1.3, 3.2, 2.0), (3.5, 7.5, 3.2))
"""Blur (cells), distance along the normal (cells), strength."""


class Openness:
    """Blurred occupancy of a cloud of surface points, with a floor below the lowest."""

    def __init__(self, points: Floats) -> None:
        low, high = points.min(axis=0), points.max(axis=0)
        self._cell = float(max((high - low).max(), 1e-6)) / _CELLS
        pad = 10
        self._origin = low - pad * self._cell
        shape = np.ceil((high - self._origin) / self._cell).astype(int) + pad + 1
        occupied = np.zeros(tuple(shape), dtype=np.float32)
        index = np.floor((points - self._origin) / self._cell).astype(int)
        occupied[index[:, 0], index[:, 1], index[:, 2]] = 1.0
        occupied[:, pad - 1, :] = 1.0
        self._layers = [gaussian_filter(occupied, blur, mode="nearest") for blur, _, _ in _LAYERS]

    def at(self, points: Floats, normals: Floats) -> Floats:
        """(n,) 1 in the open, towards 0 in corners and gaps."""
        hidden = np.zeros(len(points), dtype=np.float32)
        found = np.empty(len(points), dtype=np.float32)
        for layer, (_, distance, strength) in zip(self._layers, _LAYERS, strict=True):
            ahead = points + normals * (distance * self._cell)
            index = ((ahead - self._origin) / self._cell - 0.5).T.astype(np.float32)
            map_coordinates(layer, index, found, order=1, mode="nearest", prefilter=False)
            hidden += strength * np.maximum(found - 0.03, 0.0)
        return np.asarray(np.clip(1.0 - hidden, 0.0, 1.0))
