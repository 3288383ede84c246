"""Spots of one color that are smaller than what a nozzle prints."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..model.arrays import Flags, Integers, Places
from .components import components, numbered, summed
from .solid import Solid

ROUND: Final = 4.0
"""How many times a disc's area, by the length of its rim, goes into its diameter."""


def without_islands(solid: Solid, colors: Integers, count: int, width: float) -> Integers:
    """The (t,) colors, of ``count``, after spots that are narrower took the color around them.

    A spot is what hangs together at edges and has one color. Its width is four times its area by
    the length of its rim: a disc's diameter, twice what a line is wide. It takes the color that it
    has the longest rim with; of spots that touch each other the smallest does so first.
    """
    spots, number = _Spots(colors, solid.doubles / 2, *_meetings(solid)).united()
    while True:
        small = spots.narrower(width)
        if not small.any():
            return spots.colors[number]
        spots, further = spots.recolored(small, count).united()
        number = further[number]


def _meetings(solid: Solid) -> tuple[Integers, Integers, Places]:
    """Pairs of triangles that meet at an edge, and how long that is."""
    one, other = solid.edges.meetings
    starts = solid.triangles.reshape(-1)
    ends = np.roll(solid.triangles, -1, axis=1).reshape(-1)
    lengths = np.linalg.norm(solid.places[ends[one]] - solid.places[starts[one]], axis=1)
    return one // 3, other // 3, lengths


@dataclass(frozen=True, slots=True)
class _Spots:
    """What has one color each, and where it meets others."""

    colors: Integers
    """(s,)"""
    areas: Places
    """(s,)"""
    one: Integers
    """(b,) spot on one side of each piece of a rim."""
    other: Integers
    """(b,) the one on its other side."""
    lengths: Places
    """(b,) of the pieces."""

    def united(self) -> tuple["_Spots", Integers]:
        """Those that meet and have the same color as one; returns also which each is in."""
        same = self.colors[self.one] == self.colors[self.other]
        roots = components(len(self.colors), self.one[same], self.other[same])
        number, count = numbered(roots)
        colors = np.empty(count, dtype=np.int64)
        colors[number] = self.colors
        one, other = number[self.one[~same]], number[self.other[~same]]
        areas = summed(self.areas, number, count)
        return _Spots(colors, areas, one, other, self.lengths[~same]), number

    def narrower(self, width: float) -> Flags:
        """(s,) whether each is; one that meets no other is not."""
        return ROUND * self.areas < width * self._rims(1)[:, 0]

    def recolored(self, small: Flags, count: int) -> "_Spots":
        """After the small ones took the color, of ``count``, that is around them.

        Of those that touch each other only the smallest does, so that at least one goes.
        """
        rank = np.empty(len(small), dtype=np.int64)
        rank[np.argsort(self.areas, kind="stable")] = np.arange(len(small))
        both = small[self.one] & small[self.other]
        one, other = self.one[both], self.other[both]
        goes = small.copy()
        goes[np.where(rank[one] > rank[other], one, other)] = False
        colors = np.where(goes, self._rims(count).argmax(axis=1), self.colors)
        return _Spots(colors, self.areas, self.one, self.other, self.lengths)

    def _rims(self, count: int) -> Places:
        """(s, count) how long each spot's rim is with each color; with all, if it is one."""
        total = len(self.colors) * count
        colors = self.colors if count > 1 else np.zeros_like(self.colors)
        rims = summed(self.lengths, self.one * count + colors[self.other], total)
        rims += summed(self.lengths, self.other * count + colors[self.one], total)
        return rims.reshape(-1, count)
