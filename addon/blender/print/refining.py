"""Finer triangles on the same surface: edges are split for both sides, so that no gap opens."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from ..model.arrays import Flags, Integers, Places
from .solid import Solid

MOST_POINTS: Final = 32
"""Along a side of a triangle that is looked at."""
CLOSE: Final = 1e-3
"""Share of the given length within which a place counts as being at a height."""

PIECES: Final = (
    ((0, 1, 2),),
    ((0, 3, 2), (3, 1, 2)),
    ((3, 1, 4), (0, 3, 4), (0, 4, 2)),
    ((0, 3, 5), (3, 1, 4), (5, 4, 2), (3, 4, 5)),
)
"""By how many sides are split: corners are 0 to 2, and 3 to 5 the new places on the sides after
them. Of one split side it is the first, of two the first and second."""


@dataclass(frozen=True)
class Fine:
    """Triangles that are parts of those of a solid; ``len`` is how many there are."""

    whole: Solid
    places: Places
    """(v, 3), those of the solid first."""
    triangles: Integers
    """(t, 3)"""
    origins: Integers
    """(t,) triangle of the solid each is a part of."""
    weights: Places
    """(t, 3, 3) for each corner, the shares of the origin's corners in its place."""

    @staticmethod
    def of(solid: Solid) -> "Fine":
        """The solid as it is."""
        weights = np.broadcast_to(np.eye(3), (len(solid), 3, 3))
        return Fine(solid, solid.places, solid.triangles, np.arange(len(solid)), weights)

    def __len__(self) -> int:
        return len(self.triangles)

    @cached_property
    def lengths(self) -> Places:
        """(t, 3) of the sides, each after the corner of its number."""
        corners = self.places[self.triangles]
        lengths: Places = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
        return lengths

    @property
    def longest(self) -> Places:
        """(t,) longest side of each."""
        longest: Places = self.lengths.max(axis=1)
        return longest

    @property
    def solid(self) -> Solid:
        """The same as a solid."""
        return replace(
            self.whole,
            places=self.places,
            triangles=self.triangles,
            polygons=self.whole.polygons[self.origins],
            loops=self.whole.loops[self.origins],
        )


def sampled_points(fine: Fine, which: Integers, apart: float) -> Iterator[tuple[Integers, Places]]:
    """Those triangles, in groups, and the places to look at in each of a group.

    The places are the middles of equal parts, (n, 3) shares of the corners, no further than
    ``apart`` from each other unless the triangle is very large.
    """
    needed = np.clip(fine.longest[which] / apart, 1, MOST_POINTS)
    sides = 2 ** np.ceil(np.log2(needed)).astype(np.int64)
    for side in np.unique(sides).tolist():
        yield which[sides == side], _middles(side)


def _middles(side: int) -> Places:
    """(side * side, 3) middles of equal parts of a triangle."""
    column, row = (axis.reshape(-1) for axis in np.mgrid[0:side, 0:side])
    upright = np.stack([column, row], axis=1)[column + row < side] + 1 / 3
    turned = np.stack([column, row], axis=1)[column + row < side - 1] + 2 / 3
    shares = np.concatenate([upright, turned]) / side
    return np.column_stack([1.0 - shares.sum(axis=1), shares])


def split(fine: Fine, which: Integers, length: float) -> tuple[Fine, Integers]:
    """Halve the sides of those triangles that are longer; returns the parent of each part, too."""
    marked = np.zeros((len(fine), 3), dtype=np.bool_)
    marked[which] = fine.lengths[which] > length
    low, high = _ends(fine)
    keys = low * len(fine.places) + high
    marked = np.isin(keys, np.unique(keys[marked]))
    return _split(fine, marked, np.full(marked.shape, 0.5))


def split_at_height(fine: Fine, height: float, length: float) -> tuple[Fine, Integers]:
    """Split what crosses that height there; returns the parent of each part, too."""
    above = fine.places[:, 2] - height
    above[np.abs(above) < CLOSE * length] = 0.0
    low, high = _ends(fine)
    marked = above[low] * above[high] < 0.0
    shares = np.zeros(marked.shape)
    shares[marked] = (above[low] / np.where(marked, above[low] - above[high], 1.0))[marked]
    return _split(fine, marked, shares)


def _ends(fine: Fine) -> tuple[Integers, Integers]:
    """(t, 3) the places that each side is between, the lower number first."""
    after = np.roll(fine.triangles, -1, axis=1)
    return np.minimum(fine.triangles, after), np.maximum(fine.triangles, after)


def _split(fine: Fine, marked: Flags, shares: Places) -> tuple[Fine, Integers]:
    """Split the marked sides, which are so for all triangles at them.

    ``shares`` says where, from the end with the lower number.
    """
    low, high = _ends(fine)
    count = len(fine.places)
    keys, first, number = np.unique(
        (low * count + high)[marked], return_index=True, return_inverse=True
    )
    share = shares[marked][first, None]
    start, end = np.divmod(keys, count)
    between = fine.places[start] * (1.0 - share) + fine.places[end] * share
    new = np.full(marked.shape, -1)
    new[marked] = count + number.reshape(-1)
    six = np.concatenate([fine.triangles, new], axis=1)
    turned = np.where(fine.triangles == low, shares, 1.0 - shares)[:, :, None]
    on_sides = fine.weights * (1.0 - turned) + np.roll(fine.weights, -1, axis=1) * turned
    parts, weights, parents = _pieces(six, np.concatenate([fine.weights, on_sides], axis=1), marked)
    places = np.concatenate([fine.places, between])
    return Fine(fine.whole, places, parts, fine.origins[parents], weights), parents


def _pieces(six: Integers, weights: Places, marked: Flags) -> tuple[Integers, Places, Integers]:
    """The parts in the order of their parents: corners, weights, and parents.

    ``six`` are the corners and the places on the sides of each triangle, ``weights`` theirs.
    """
    amount = marked.sum(axis=1)
    # The first split side after one that is not comes first.
    turn = (marked & ~np.roll(marked, 1, axis=1)).argmax(axis=1)
    corner = (np.arange(3)[None] + turn[:, None]) % 3
    order = np.concatenate([corner, corner + 3], axis=1)
    rows = np.arange(len(six))[:, None]
    six, weights = six[rows, order], weights[rows, order]
    parents, corners, shares = [], [], []
    for number, pieces in enumerate(PIECES):
        those = np.flatnonzero(amount == number)
        for piece in pieces:
            parents.append(those)
            corners.append(six[those][:, piece])
            shares.append(weights[those][:, piece])
    every = np.concatenate(parents)
    sequence = np.argsort(every, kind="stable")
    return (
        np.concatenate(corners)[sequence],
        np.concatenate(shares)[sequence],
        every[sequence],
    )
