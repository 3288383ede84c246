"""Which triangle of an answer is which of the mesh that was sent.

Services mostly return the very triangles they were sent: in another order, with vertices split or
merged, and in formats that round. Those are found by the places of their corners. For what is left
there is only the nearest triangle.
"""

from typing import Final, cast

import numpy as np
import numpy.typing as npt
from mathutils.bvhtree import BVHTree

from .arrays import SIDES, Floats, Integers, Places, Triangles

GRIDS: Final = ((20, 0.37), (16, 0.37), (16, 0.87), (13, 0.37), (13, 0.87))
"""Cells along the longest side, as powers of two, and by how much of a cell they are shifted.

Places in one cell count as one. The shifts part different places, and none of those at whole parts
of the model's size, where many are.
"""
TRIED: Final = 1000
"""Triangles that tell whether the answer has kept the order."""
MOST_EXTRAPOLATED: Final = 4.0
"""A needle of a triangle says nothing about places further beyond its edges, in its lengths."""


def find(own: Triangles, answer: Triangles) -> Integers:
    """(t, 3) corner of the answer that each corner of the own triangles is; -1 where none is."""
    found = np.full((len(own), SIDES), -1, dtype=np.int64)
    free = np.ones(len(answer), dtype=np.bool_)
    # Files keep the triangles of each material together, and their order otherwise. That decides
    # between triangles which nothing else tells apart.
    order = np.argsort(own.materials, kind="stable")
    if len(own) == len(answer):
        some = slice(None, None, 1 + len(own) // TRIED)
        if (own.at(order[some]) == answer.at(some)).all(axis=(1, 2)).any():
            same = (own.at(order) == answer.at()).all(axis=(1, 2))
            found[order[same]] = answer.corners[same]
            free[same] = False
    for bits, shift in GRIDS:
        if not (found[:, 0] < 0).any():
            break
        cells, answers_cells = _cells(own, answer, bits, shift)
        for keeps_side in (True, False):
            wanted = order[found[order, 0] < 0]
            if not len(wanted):
                break
            offered = np.flatnonzero(free) if keeps_side else np.arange(len(answer))
            ones = _Turned(wanted, cells, keeps_side=keeps_side)
            others = _Turned(offered, answers_cells, keeps_side=keeps_side)
            one, other = _pairs(ones, others, again=not keeps_side)
            rows, taken = ones.numbers[one], others.numbers[other]
            corners = np.take_along_axis(answer.corners[taken], others.turns[other], axis=1)
            found[rows[:, None], ones.turns[one]] = corners
            free[taken] = False
    return found


def _cells(own: Triangles, answer: Triangles, bits: int, shift: float) -> tuple[Integers, Integers]:
    """(t, 3) number of the cell of each corner, the same for both."""
    low = own.places.min(axis=0).astype(np.float64)  # cells have to be the same for both
    size = float(np.ptp(own.places, axis=0).max()) or 1.0
    span = 2**bits + 3
    found = []
    for one in (own, answer):
        cells = np.floor((one.places - low) * (2.0**bits / size) + shift)
        whole = np.clip(cells, -1, 2**bits + 1).astype(np.int64) + 1
        found.append(((whole[:, 0] * span + whole[:, 1]) * span + whole[:, 2])[one.vertices])
    return found[0], found[1]


class _Turned:
    """Triangles with their corners in an order that is the same for all with the same corners."""

    def __init__(self, numbers: Integers, cells: Integers, *, keeps_side: bool) -> None:
        cells = cells[numbers]
        if keeps_side:  # triangles of opposite sides differ
            turns = (cells.argmin(axis=1)[:, None] + np.arange(SIDES)) % SIDES
        else:
            turns = cells.argsort(axis=1)
        cells = np.take_along_axis(cells, turns, axis=1)
        a, b, c = cells.T
        real = (a != b) & (b != c) & (c != a)
        self.numbers = numbers[real]
        self.turns = turns[real]
        self.cells = cells[real]
        self.keys: npt.NDArray[np.uint64] = self.cells.astype(np.uint64) @ _FACTORS


_FACTORS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64
)
"""Odd, and otherwise any: they make one number of three."""


def _pairs(ones: _Turned, others: _Turned, *, again: bool) -> tuple[Integers, Integers]:
    """Positions of those with the same corners: the first with the first, and so on.

    ``again``: one of the others can be found any number of times.
    """
    if not len(ones.keys) or not len(others.keys):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    order, others_order = (np.argsort(side.keys, kind="stable") for side in (ones, others))
    keys, others_keys = ones.keys[order], others.keys[others_order]
    place = np.searchsorted(others_keys, keys)
    if not again:
        first = np.ones(len(keys), dtype=np.bool_)
        first[1:] = keys[1:] != keys[:-1]
        steps = np.arange(len(keys))
        place += steps - np.maximum.accumulate(np.where(first, steps, 0))
    place = np.minimum(place, len(others_keys) - 1)
    one, other = order, others_order[place]
    same = (ones.cells[one] == others.cells[other]).all(axis=1)
    return one[same], other[same]


def tree_of(answer: Triangles) -> BVHTree:
    """The answer as ``nearest`` looks through it."""
    return BVHTree.FromPolygons(
        answer.places.tolist(), answer.vertices.tolist(), all_triangles=True
    )


def nearest(own: Triangles, answer: BVHTree, which: Integers) -> tuple[Integers, Places]:
    """(n,) triangle of the answer nearest to the middle of each own one, and how far away it is."""
    numbers = np.zeros(len(which), dtype=np.int64)
    gaps = np.full(len(which), np.inf)
    for row, middle in enumerate(own.at(which).mean(axis=1).tolist()):
        _, _, number, gap = answer.find_nearest(middle)
        if number is not None and gap is not None:
            numbers[row], gaps[row] = number, gap
    return numbers, gaps


def continued(places: Floats, corners: Floats, values: Floats) -> Floats:
    """(n, 3, k) values at (n, 3, 3) places of the plane in which triangles with values lie.

    ``corners`` (n, 3, 3), ``values`` (n, 3, k) of the triangles. Beyond its edges a triangle goes
    on as it is inside.
    """
    a, b, c = np.moveaxis(corners.astype(np.float64), 1, 0)
    ab, ac, way = b - a, c - a, places - a[:, None]
    bb, bc, cc = ((x * y).sum(axis=1)[:, None] for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    wb, wc = ((way * side[:, None]).sum(axis=2) for side in (ab, ac))
    area = bb * cc - bc * bc
    safe = np.where(area > 1e-12 * bb * cc, area, np.inf)
    second, third = (cc * wb - bc * wc) / safe, (bb * wc - bc * wb) / safe
    weights = np.clip(
        np.stack([1.0 - second - third, second, third], axis=2),
        -MOST_EXTRAPOLATED,
        1.0 + MOST_EXTRAPOLATED,
    )
    weights /= weights.sum(axis=2, keepdims=True)
    return cast(Floats, (weights @ values).astype(np.float32))
