"""Where there is room along a line: plain numbers, no scene.

Results go beside what stands at their spot in one direction, +X, so that the same order in the same
scene always lands in the same place, and several orders make a row.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from mathutils import Vector

GAP: Final = 0.2
"""What is left free beside a result, in widths of the result."""

TOUCHING: Final = 1e-3
"""Of a result's smallest side: what stands no deeper in it only touches it, as a floor does."""

SINGLE_PRECISION: Final = 1e-6


class Box(NamedTuple):
    """Two corners of something, its sides along the axes, in scene units."""

    low: Vector
    high: Vector

    @property
    def sides(self) -> Vector:
        """How long it is along x, y and z."""
        return self.high - self.low

    def moved(self, way: Vector) -> "Box":
        """The same box somewhere else."""
        return Box(self.low + way, self.high + way)


def around(corners: Iterable[Vector]) -> Box:
    """The box that holds the points, of which there is at least one."""
    columns = list(zip(*(corner[:] for corner in corners), strict=True))
    return Box(Vector([min(one) for one in columns]), Vector([max(one) for one in columns]))


def standing_at(point: Vector, sides: Sequence[float]) -> Box:
    """The box of these sides whose base has its middle there."""
    x, y, z = sides
    half = Vector((x / 2, y / 2, 0.0))
    return Box(point - half, point + half + Vector((0.0, 0.0, z)))


def tolerance(box: Box) -> float:
    """How deep another box may stand in this one and still be beside it."""
    far = max(abs(value) for corner in box for value in corner[:])
    return max(TOUCHING * min(box.sides[:]), SINGLE_PRECISION * far)


def overlap(box: Box, other: Box, within: float, axes: Iterable[int] = range(3)) -> bool:
    """Whether the boxes share more than ``within`` along each of the axes."""
    return all(
        other.high[axis] > box.low[axis] + within and other.low[axis] < box.high[axis] - within
        for axis in axes
    )


def in_the_way(box: Box, others: Iterable[Box]) -> list[Box]:
    """Those of the boxes that it would meet somewhere on its way along x."""
    within = tolerance(box)
    return [other for other in others if overlap(box, other, within, axes=(1, 2))]


def way_to_gap(box: Box, others: Sequence[Box]) -> float:
    """How far along +X the box has to go to stand free of the others; 0.0 where it does already.

    The others are ``in_the_way``. Once it has to move, it keeps the ``GAP`` on both sides.
    """
    within = tolerance(box)
    if not any(overlap(box, other, within, axes=(0,)) for other in others):
        return 0.0
    width = box.sides.x
    gap = GAP * width
    left = box.low.x
    for other in sorted(others, key=lambda one: one.low.x):
        if other.high.x + gap <= left:
            continue
        if other.low.x >= left + width + gap:
            break
        left = other.high.x + gap
    return left - box.low.x
