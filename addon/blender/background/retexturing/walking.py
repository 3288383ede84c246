"""Which triangle lies under each of many places, found by walking over the surface.

To look for what is nearest takes a tree of all triangles, which takes longer to make than most
places take to reach from a triangle close by, stepping over one edge after the other.
"""

from collections.abc import Sequence
from typing import Final

import bpy
import numpy as np

from ...model.arrays import (
    SIDES,
    Floats,
    Integers,
    Numbers,
    Triangles,
    are_triangles,
    edges_of_corners,
    stretches,
)
from .matched_triangles import TRIED, Table, cells, edge_keys, frame_of, mixed

WIDE: Final = 1.5
"""Side of the cells in which a start is looked for, in usual lengths of edges."""
MOST_BITS: Final = 20
STEPS: Final = 12
"""A place that is not reached by then is left to others."""
STARTS: Final = 4
"""The first is in the same cell, the others are where a place before it, in their order, is."""
BESIDE: Final = -1e-4
"""Share of a corner from which on a place counts as within the triangle."""
WITHIN: Final = 0.1
"""Share of each corner from which on it is well within."""


def under(
    places: Floats, answer: Triangles, mesh: bpy.types.Mesh, numbers: Integers, near: float
) -> Integers:
    """(n,) the triangle that each of the (n, 3) places lies over, and no further than ``near``.

    -1: none was found. ``answer`` are the triangles of the mesh, and ``numbers`` (w,) are those of
    its vertices' places.
    """
    if not are_triangles(mesh):
        return np.full(len(places), -1, dtype=np.int64)
    ground = _Ground(answer, mesh, numbers)
    some = places[:: 1 + len(places) // TRIED]
    if 2 * np.count_nonzero(ground.reached(some, near) >= 0) < len(some):
        return np.full(len(places), -1, dtype=np.int64)
    return ground.reached(places, near)


class _Ground:
    """The triangles of a mesh, and what is beside them."""

    def __init__(self, answer: Triangles, mesh: bpy.types.Mesh, numbers: Integers) -> None:
        self._low, self._size = frame_of(answer)
        usual = float(np.sqrt(2.0 * answer.areas().sum() / len(answer))) or self._size
        bits = int(np.log2(self._size / (WIDE * usual) + 1.0))
        self._grid = (min(max(bits, 1), MOST_BITS), 0.37)
        self._places = answer.places
        self._table = Table(cells(answer.places, self._low, self._size, self._grid))
        self._start = np.zeros(len(answer.places), dtype=np.int32)
        for corner in answer.vertices.T:
            self._start[corner] = np.arange(len(answer), dtype=np.int32)
        a, b, c = (answer.places[corner] for corner in answer.vertices.T)
        self._shapes = np.concatenate([a, b - a, c - a], axis=1)
        self._beside = _beside(answer, edges_of_corners(mesh), numbers)

    def reached(self, places: Floats, near: float) -> Integers:
        """As ``under``."""
        there, first, last = self._table.look_up(cells(places, self._low, self._size, self._grid))
        ways = [_length((self._places[end] - places[there]).T) for end in (first, last)]
        known = np.full(len(places), -1, dtype=np.int64)
        known[there] = self._start[np.where(ways[0] <= ways[1], first, last)]
        found = np.full(len(places), -1, dtype=np.int64)
        for _ in range(STARTS):
            missing = np.flatnonzero(found < 0)
            starts = _last_known(known)[missing]
            found[missing] = self._walk(places[missing], starts, near)
            known = found
        return found

    def _walk(self, places: Floats, triangles: Integers, near: float) -> Integers:
        """The same, from these triangles on."""
        found = np.full(len(places), -1, dtype=np.int64)
        on_way = np.flatnonzero(triangles >= 0)
        triangles = triangles[on_way]
        for _ in range(STEPS):
            if not len(on_way):
                break
            steps = [self._step(places[on_way[part]], triangles[part]) for part in _parts(on_way)]
            least, gaps, onward = (np.concatenate(one) for one in zip(*steps, strict=True))
            arrived = (least >= BESIDE) & (gaps <= near)
            found[on_way[arrived]] = triangles[arrived]
            # Well within a triangle that is far away it is on the wrong side, near its edge perhaps
            # only around the corner.
            goes_on = ~arrived & (least < WITHIN) & (onward >= 0)
            on_way, triangles = on_way[goes_on], onward[goes_on]
        return found

    def _step(self, places: Floats, triangles: Integers) -> tuple[Floats, Floats, Integers]:
        """The least share of a corner in each place, how high it is, and where to go on from there.

        The shares are those in the triangle that it starts from.
        """
        shapes = np.ascontiguousarray(np.take(self._shapes, triangles, axis=0).T)
        ab, ac, way = shapes[3:6], shapes[6:], np.ascontiguousarray(places.T) - shapes[:3]
        bb, bc, cc, wb, wc = (
            _dot(one, other) for one, other in ((ab, ab), (ab, ac), (ac, ac), (way, ab), (way, ac))
        )
        area = bb * cc - bc * bc
        area[area <= 0.0] = np.inf
        b, c = (cc * wb - bc * wc) / area, (bb * wc - bc * wb) / area
        a = 1.0 - b - c
        up = way - b * ab - c * ac
        least = np.minimum(np.minimum(a, b), c)
        # Beyond the edge that is opposite to that corner.
        edge = np.where(least == a, 1, np.where(least == b, 2, 0))
        return least, _length(up), self._beside[SIDES * triangles + edge]


def _last_known(numbers: Integers) -> Integers:
    """(n,) with the last one before it in place of each -1; -1 where there is none."""
    known = np.maximum.accumulate(np.where(numbers >= 0, np.arange(len(numbers)), 0))
    return numbers[known]


def _length(columns: Floats) -> Floats:
    lengths: Floats = np.sqrt(_dot(columns, columns))
    return lengths


def _dot(one: Floats, other: Floats) -> Floats:
    product: Floats = one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
    return product


def _parts(items: Integers) -> Sequence[slice]:
    return list(stretches(len(items)))


def _beside(answer: Triangles, edges: Numbers, numbers: Integers) -> Integers:
    """(3t,) the triangle on the other side of the edge that starts at each corner; -1: none."""
    corners = np.arange(len(edges), dtype=np.int32)
    first, last = np.zeros((2, int(edges.max()) + 1), dtype=np.int32)
    first[edges[::-1]] = corners[::-1]
    last[edges] = corners
    other = first[edges]
    other = np.where(other == corners, last[edges], other).astype(np.int64)
    alone = np.flatnonzero(other == corners)
    # Where files have split the vertices along a seam.
    vertices, known = answer.vertices.ravel(), mixed(numbers)
    following = np.where(alone % SIDES == SIDES - 1, alone + 1 - SIDES, alone + 1)
    starts, ends = vertices[alone], vertices[following]
    found = Table(edge_keys(known, starts, ends)).find(edge_keys(known, ends, starts))
    other[alone] = np.where(found < 0, -1, alone[found])
    beside: Integers = np.where(other < 0, -1, other // SIDES)
    return beside
