"""One texture atlas for many charts: packing rectangles and drawing triangle numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .surface import Floats, Ints, Surface

MARGIN = 3
_SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Where every chart of every surface lies.

    scale     texels per metre, the same for all charts
    uvs       one (m, 3, 2) array per surface, 0-1, V up
    """

    scale: float
    uvs: list[Floats]


@dataclass(frozen=True, slots=True)
class _Chart:
    low: Floats
    size: Floats


@dataclass(slots=True)
class _Shelf:
    left: float
    right: float
    bottom: float
    height: float


def lay_out(surfaces: Sequence[Surface], resolution: int, shared: Sequence[str]) -> Layout:
    """Pack all charts into a square of ``resolution`` texels.

    Surfaces with the same non-empty name in ``shared`` are copies and use the same charts.
    """
    owners: dict[str, int] = {}
    first_chart: dict[int, int] = {}
    charts: list[_Chart] = []
    for number, surface in enumerate(surfaces):
        name = shared[number]
        if name and name in owners:
            first_chart[number] = first_chart[owners[name]]
            continue
        if name:
            owners[name] = number
        first_chart[number] = len(charts)
        charts += _charts_of(surface)
    sizes = np.array([chart.size for chart in charts])
    scale, corner, turned = pack(sizes, resolution)
    lows = np.array([chart.low for chart in charts])
    uvs: list[Floats] = []
    for number, surface in enumerate(surfaces):
        index = first_chart[number] + _dense(surface.chart)
        local = (surface.uv - lows[index][:, None]) * scale
        # A quarter turn keeps the winding: (u, v) -> (height - v, u).
        height = (sizes[index][:, 1] * scale)[:, None]
        rotated = np.stack([height - local[..., 1], local[..., 0]], axis=2)
        local = np.where(turned[index][:, None, None], rotated, local)
        uvs.append((local + corner[index][:, None] + MARGIN) / resolution)
    return Layout(scale, uvs)


def _dense(chart: Ints) -> Ints:
    return np.asarray(np.unique(chart, return_inverse=True)[1], dtype=np.int64).reshape(-1)


def _charts_of(surface: Surface) -> list[_Chart]:
    index = _dense(surface.chart)
    count = int(index.max()) + 1
    low = np.full((count, 2), np.inf)
    high = np.full((count, 2), -np.inf)
    for corner in range(3):
        np.minimum.at(low, index, surface.uv[:, corner])
        np.maximum.at(high, index, surface.uv[:, corner])
    return [_Chart(a, b - a) for a, b in zip(low, high, strict=True)]


def pack(sizes: Floats, resolution: int) -> tuple[float, Floats, npt.NDArray[np.bool_]]:
    """Find the largest scale at which all rectangles (k, 2) fit.

    Returns texels per metre, (k, 2) corners in texels and which rectangles are turned by 90°.
    """
    turned = sizes[:, 1] > sizes[:, 0]
    lying = np.where(turned[:, None], sizes[:, ::-1], sizes)
    order = np.argsort(-lying[:, 1], kind="stable")
    area = float(np.prod(np.maximum(lying, 1e-9), axis=1).sum())
    high = resolution / max(np.sqrt(area), float(lying.max()), 1e-9)
    low, best = 0.0, np.zeros_like(lying)
    trial = high
    for _ in range(14):
        corners = _shelves(np.ceil(lying * trial) + 2 * MARGIN, order, resolution)
        if corners is None:
            high = trial
        else:
            low, best = trial, corners
        trial = (low + high) / 2
    if low == 0.0:
        raise ValueError(f"{len(sizes)} charts do not fit a {resolution} texel atlas")
    return low, best, turned


def _shelves(sizes: Floats, order: Ints, resolution: int) -> Floats | None:
    """Rows of rectangles, tallest first; what is free above a short one becomes a row itself."""
    corners = np.zeros_like(sizes)
    shelves: list[_Shelf] = []
    top = 0.0
    for i in order:
        width, height = float(sizes[i, 0]), float(sizes[i, 1])
        for shelf in shelves:
            if shelf.left + width <= shelf.right and height <= shelf.height:
                break
        else:
            if width > resolution or top + height > resolution:
                return None
            shelf = _Shelf(0.0, resolution, top, height)
            shelves.append(shelf)
            top += height
        corners[i] = shelf.left, shelf.bottom
        if 2 * height <= shelf.height:
            shelves.append(
                _Shelf(
                    shelf.left,
                    shelf.left + width,
                    shelf.bottom + height,
                    shelf.height - height,
                )
            )
        shelf.left += width
    return corners


def draw_triangles(uv: Floats, resolution: int) -> npt.NDArray[np.int32]:
    """(resolution, resolution) image of triangle numbers, -1 where none; row 0 is V = 1."""
    image = np.full((resolution, resolution), -1, dtype=np.int32)
    pixels = np.stack([uv[..., 0], 1 - uv[..., 1]], axis=2) * resolution - 0.5
    fixed = np.round(pixels * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for number, corners in enumerate(fixed):
        cv2.fillConvexPoly(image, corners, number, cv2.LINE_8, _SUBPIXEL_BITS)
    return image


def nearest_triangle(image: npt.NDArray[np.int32], reach: int) -> npt.NDArray[np.int32]:
    """Grow the drawn numbers outwards by up to ``reach`` texels."""
    empty = (image < 0).astype(np.uint8)
    distance, label = cv2.distanceTransformWithLabels(
        empty, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(label.max()) + 1, dtype=np.int32)
    drawn = empty == 0
    owner[label[drawn]] = image[drawn]
    return np.where(distance <= reach, owner[label], -1).astype(np.int32)
