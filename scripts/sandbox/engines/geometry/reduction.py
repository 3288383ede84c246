"""Fewer triangles."""

from collections.abc import Sequence

import fast_simplification
import numpy as np
import trimesh
from manifold3d import Manifold

from .primitives import from_manifold
from .surface import Floats, Ints, Surface

FEWEST = 12
"""Triangles a closed surface is left with."""
_ATTEMPTS = 5


def reduced(positions: Floats, triangles: Ints, count: int) -> tuple[Floats, Ints]:
    """About ``count`` triangles of a closed surface."""
    points, faces = fast_simplification.simplify(
        positions.astype(np.float32), triangles.astype(np.int32), target_count=count
    )
    return np.asarray(points, dtype=np.float64), np.asarray(faces, dtype=np.int64)


def reduced_together(surfaces: Sequence[Surface], count: int) -> list[Surface]:
    """At most ``count`` triangles in all, shared out by how many each surface has.

    Surfaces that lose triangles are flattened anew. ``count`` must allow ``FEWEST`` for each.
    """
    result = list(surfaces)
    target = count
    for _ in range(_ATTEMPTS):
        total = sum(len(surface.triangles) for surface in result)
        if total <= count:
            break
        spare = max(target - FEWEST * len(result), 0) / max(total - FEWEST * len(result), 1)
        result = [_thinned(s, FEWEST + int((len(s.triangles) - FEWEST) * spare)) for s in result]
        # The simplifier may stop short of its target.
        target = int(0.85 * target)
    return result


def _thinned(surface: Surface, count: int) -> Surface:
    if len(surface.triangles) <= max(count, FEWEST):
        return surface
    positions, triangles = reduced(surface.positions, surface.triangles, count)
    closed = trimesh.Trimesh(positions, triangles, process=False).is_watertight
    if len(triangles) < FEWEST or not closed:
        return _hull(surface, count)
    return Surface(positions, positions, triangles, surface.crease)


def _hull(surface: Surface, count: int) -> Surface:
    """The convex hull of a few spread points: the last resort."""
    wanted = max(6, count // 2)
    chosen = [int(surface.positions[:, 1].argmax())]
    distance = np.full(len(surface.positions), np.inf)
    for _ in range(min(wanted, len(surface.positions)) - 1):
        away = np.linalg.norm(surface.positions - surface.positions[chosen[-1]], axis=1)
        distance = np.minimum(distance, away)
        chosen.append(int(distance.argmax()))
    return from_manifold(Manifold.hull_points(surface.positions[chosen]), surface.crease)
