"""Fewer triangles."""

from __future__ import annotations

from collections.abc import Sequence

import fast_simplification
import numpy as np

from .charts import with_box_charts
from .surface import Floats, Ints, Surface

_FEWEST = 12


def reduced(positions: Floats, triangles: Ints, count: int) -> tuple[Floats, Ints]:
    """About ``count`` triangles of a closed surface."""
    points, faces = fast_simplification.simplify(
        positions.astype(np.float32), triangles.astype(np.int32), target_count=count
    )
    return np.asarray(points, dtype=np.float64), np.asarray(faces, dtype=np.int64)


def reduced_together(surfaces: Sequence[Surface], count: int) -> list[Surface]:
    """At most about ``count`` triangles in all, shared out by how many each surface has.

    Surfaces that lose triangles are flattened anew.
    """
    total = sum(len(surface.triangles) for surface in surfaces)
    if total <= count:
        return list(surfaces)
    return [_thinned(s, max(_FEWEST, int(len(s.triangles) * count / total))) for s in surfaces]


def _thinned(surface: Surface, count: int) -> Surface:
    if len(surface.triangles) <= count:
        return surface
    positions, triangles = reduced(surface.positions, surface.triangles, count)
    if len(triangles) < 4:
        return surface
    return with_box_charts(positions, triangles, surface.crease)
