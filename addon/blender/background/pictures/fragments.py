"""Which triangles are seen in each pixel of a picture, and which place of them."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from ...model.arrays import SIDES, Floats, Integers, Numbers, stretches

MOST: Final = 2**17
"""Pixels that are looked at together."""

HIDDEN: Final = 0.02
"""Share of what is seen that is not worth a look."""


class Fragments(NamedTuple):
    """Places of triangles, each in the middle of a pixel."""

    pixels: Integers
    """(n,) row by row from the lower left one on."""
    triangles: Integers
    """(n,)"""
    weights: Floats
    """(3, n) share that each corner of the triangle has in the place."""
    nearness: Floats
    """(n,) one by the distance to the camera."""

    def at(self, which: Integers) -> "Fragments":
        return Fragments(
            self.pixels[which],
            self.triangles[which],
            np.take(self.weights, which, axis=1),
            self.nearness[which],
        )


NONE: Final = Fragments(
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.int64),
    np.zeros((SIDES, 0), dtype=np.float32),
    np.zeros(0, dtype=np.float32),
)


def of(seen: Floats, triangles: Numbers, side: int) -> Fragments:
    """All that the (t, 3) triangles have in a picture of so many pixels by as many.

    ``seen``: (3, v) how far to the right and up the vertices are, in pixels, and their nearness.
    """
    parts = [NONE]
    parts += [
        found._replace(triangles=found.triangles + part.start)
        for part in stretches(len(triangles))
        for found in _inside([np.take(seen, one, axis=1) for one in triangles[part].T], side)
    ]
    return Fragments(*(np.concatenate(part, axis=-1) for part in zip(*parts, strict=True)))


def _inside(corners: Sequence[Floats], side: int) -> Iterator[Fragments]:
    """Those of triangles with these (3, t) corners, a part after the other."""
    a, b, c = (corner[:2] for corner in corners)
    low = np.ceil(np.minimum(np.minimum(a, b), c) - np.float32(0.5))
    high = np.floor(np.maximum(np.maximum(a, b), c) - np.float32(0.5))
    low = np.clip(low, 0, side).astype(np.int32)
    high = np.clip(high, -1, side - 1).astype(np.int32)
    width, height = np.maximum(high - low + 1, 0)
    there = np.flatnonzero(width * height)
    until = np.cumsum((width * height)[there])
    start = 0
    while start < len(there):
        spent = until[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(until, spent + MOST, side="right")))
        which = there[start:end]
        some = [np.take(corner, which, axis=1) for corner in corners]
        yield _covered(some, which, low[:, which], width[which], height[which], side)
        start = end


def _covered(
    corners: Sequence[Floats],
    which: Integers,
    low: Numbers,
    width: Numbers,
    height: Numbers,
    side: int,
) -> Fragments:
    """Of the pixels in the boxes of the triangles ``which``, those that these cover the middle of.

    The boxes start at ``low``.
    """
    a, b, c = corners
    ab, ac = (b - a)[:2], (c - a)[:2]
    area = ab[0] * ac[1] - ab[1] * ac[0]
    area[area == 0.0] = np.nan  # nothing is in it
    counts = width * height
    row = np.repeat(np.arange(len(which), dtype=np.int32), counts)
    first = (np.cumsum(counts) - counts).astype(np.int32)
    y, x = np.divmod(np.arange(len(row), dtype=np.int32) - first[row], width[row])
    x += low[0, row]
    y += low[1, row]
    right, up = x + np.float32(0.5) - a[0, row], y + np.float32(0.5) - a[1, row]
    (ab_x, ab_y), (ac_x, ac_y) = (np.take(one / area, row, axis=1) for one in (ab, ac))
    second, third = right * ac_y - up * ac_x, up * ab_x - right * ab_y
    inside = np.flatnonzero((second >= 0.0) & (third >= 0.0) & (second + third <= 1.0))
    second, third, row = second[inside], third[inside], row[inside]
    shares = (1.0 - second - third, second, third)
    # What is far is short.
    weights = np.stack([part * one[2, row] for part, one in zip(shares, corners, strict=True)])
    nearness = weights[0] + weights[1] + weights[2]
    pixels = y[inside].astype(np.int64) * side + x[inside]
    return Fragments(pixels, which[row], weights / nearness, nearness)


def layers(fragments: Fragments, behind: Floats) -> Iterator[Integers]:
    """Which of them are the nearest of each pixel, which are behind those, and so on.

    ``behind``: (side * side,) how much is seen of what comes next; the caller keeps it up to date.
    """
    left = np.argsort(fragments.nearness)
    while len(left):
        front = np.full(len(behind), -1)
        pixels = fragments.pixels[left]
        front[pixels] = left  # of several the last one, which is the nearest
        yield front[front >= 0]
        left = left[(front[pixels] != left) & (behind[pixels] > HIDDEN)]
