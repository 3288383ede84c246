"""Where the parts of a picture lie that stands for several."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from mathutils import geometry

LEAST: Final = 64
"""Pixels along a side of a picture."""
APART: Final = 256
"""Share of the side by which a part goes on around what is needed of it."""
APART_LEAST: Final = 2
"""Pixels."""
SMALLER: Final = 0.97
"""From one try to the next."""
THINNEST: Final = 0.01


class Wanted(NamedTuple):
    """A part of the picture, in pixels."""

    width: float
    height: float
    shrinks: bool = True
    """Whether it may become smaller where not all have room."""


class Cell(NamedTuple):
    """Where a part lies, in pixels from the lower left."""

    x: int
    y: int
    width: int
    height: int


class Atlas(NamedTuple):
    """A picture of parts."""

    width: int
    height: int
    around: int
    """Pixels around each cell that are its own as well."""
    share: float
    """Of what was wanted along a side."""
    cells: Sequence[Cell]


def arrange(wanted: Sequence[Wanted], most: int) -> Atlas | None:
    """The smallest picture that has room for them, of at most that many pixels along a side.

    The sides are powers of two. Where that is too small, all parts shrink alike; None if they
    would have to vanish.
    """
    side = min(LEAST, most)
    while (found := _tried(wanted, side, 1.0)) is None and side < most:
        side *= 2
    share = 1.0
    while found is None and share > THINNEST:
        share *= SMALLER
        found = _tried(wanted, most, share)
    return found


def _tried(wanted: Sequence[Wanted], side: int, share: float) -> Atlas | None:
    """The picture with the parts at that share of their size; None if it is too large."""
    around = max(APART_LEAST, side // APART)
    sizes = [_sides(one, share) for one in wanted]
    boxes = [[0.0, 0.0, width + 2.0 * around, height + 2.0 * around] for width, height in sizes]
    extent = geometry.box_pack_2d(boxes)
    if max(extent) > side:
        return None
    cells = [
        Cell(round(box[0]) + around, round(box[1]) + around, *size)
        for box, size in zip(boxes, sizes, strict=True)
    ]
    width, height = (min(side, _power(one)) for one in extent)
    return Atlas(width, height, around, share, cells)


def _sides(wanted: Wanted, share: float) -> tuple[int, int]:
    factor = share if wanted.shrinks else 1.0
    return max(1, round(wanted.width * factor)), max(1, round(wanted.height * factor))


def _power(pixels: float) -> int:
    """The next power of two."""
    return max(LEAST, 1 << (math.ceil(pixels) - 1).bit_length())
