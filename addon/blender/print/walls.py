"""Walls that are thinner than a limit: lines from the surface inwards, as far as the limit."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..model.arrays import Flags, Floats, Integers, Numbers, Places, stretches
from .rays import STEP, Rays
from .solid import Solid

OPPOSED: Final = 0.85
"""Cosine: surfaces that look away from each other by more are the two sides of a wall.

The edge of a wedge of more than 32 degrees is thin as well, and no wall.
"""
FEW: Final = 60_000
"""Triangles up to which lines start at several places of each."""
SPOTS: Final = ((1 / 3, 1 / 3, 1 / 3), (0.7, 0.15, 0.15), (0.15, 0.7, 0.15), (0.15, 0.15, 0.7))
"""Places on a triangle, as shares of its corners: the middle, and close to each."""
BINS: Final = 4
"""Along each side of a cube, by which directions are told apart."""
WIDEST: Final = 18.0
"""Degrees between a direction and the middle of its bin, at most."""
MOST_SPOTS: Final = 1_000_000
"""That triangles larger than a cell are spread over; with more, every line is drawn."""
MOST_CELLS: Final = 2**24
ROUNDING: Final = 1e-3
"""Of a cell's width that boxes get wider."""


def thin_walls(solid: Solid, rays: Rays, turned: Integers, limit: float) -> tuple[Integers, Places]:
    """Triangles where the wall is thinner than ``limit`` millimetres, and how thin it is there.

    ``turned`` are triangles that look inwards by mistake.
    """
    out = np.ones(len(solid))
    out[turned] = -1.0
    normals = solid.normals * out[:, None]
    chosen = np.flatnonzero(solid.doubles > 0.0)
    spots = SPOTS if len(solid) <= FEW else SPOTS[:1]
    if len(solid) > FEW:
        chosen = chosen[_may_be_thin(solid, normals, chosen, limit)]
    thickness = np.full(len(solid), np.inf)
    for shares in spots:
        measured = _measured(solid, rays, normals, chosen, shares, limit)
        thickness[chosen] = np.minimum(thickness[chosen], measured)
    found = np.flatnonzero(thickness < limit)
    return found, thickness[found]


def _measured(
    solid: Solid,
    rays: Rays,
    normals: Places,
    chosen: Integers,
    shares: tuple[float, float, float],
    limit: float,
) -> Places:
    """(n,) how thick the wall is behind the chosen triangles; infinite beyond the limit."""
    inwards = -normals[chosen]
    spots = np.einsum("kji,j->ik", solid.corners[:, :, chosen], np.array(shares))
    starts = spots + inwards * STEP
    cast = rays.tree.ray_cast
    met = np.full(len(chosen), -1, dtype=np.int64)
    far = np.full(len(chosen), np.inf)
    for number, (start, way) in enumerate(zip(starts.tolist(), inwards.tolist(), strict=True)):
        _at, _normal, triangle, distance = cast(start, way, limit)
        if triangle is not None and distance is not None:
            met[number], far[number] = triangle, distance + STEP
    hits = np.flatnonzero(met >= 0)
    facing = np.einsum("ij,ij->i", normals[met[hits]], inwards[hits])
    far[hits[facing < OPPOSED]] = np.inf
    return far


def _may_be_thin(solid: Solid, normals: Places, chosen: Integers, limit: float) -> Flags:
    """Whether the line from each of the chosen comes close to a surface that looks the other way.

    Space is cut into cells at least as wide as the limit, and of each cell is noted which
    directions the surfaces in it look in: a line goes through no cells but those of its box.
    """
    bins = _bins(normals)
    looks = _looks(solid, bins, limit)
    if looks is None:
        return np.ones(len(chosen), dtype=np.bool_)
    starts = solid.corners[:, :, chosen].mean(axis=1).T
    ends = starts - normals[chosen] * limit
    boxes = np.minimum(starts, ends), np.maximum(starts, ends)
    passed = [(rows, looks.numbers[keys]) for rows, keys in looks.cells.of_boxes(*boxes)]
    opposed = looks.opposed()
    likely = np.zeros(len(chosen), dtype=np.bool_)
    for rows, cells in passed:
        likely[rows] |= opposed[cells, bins[chosen[rows]]]
    near = np.zeros(len(chosen), dtype=np.bool_)
    for rows, cells in passed:
        for some in stretches(len(rows)):
            left = likely[rows[some]] & ~near[rows[some]]
            which = rows[some][left]
            facing = _facing(normals[chosen[which]].astype(np.float32), WIDEST)
            near[which] = (looks.ways[cells[some][left]] & facing).any(axis=1)
    return near


@dataclass(frozen=True, slots=True)
class _Looks:
    """Which directions surfaces look in, by the cells of space they are in."""

    cells: "_Cells"
    numbers: Numbers
    """Of each cell, in ``ways``; 0 where there is no surface."""
    ways: Flags
    """(n, b) whether there is one that looks in each bin of directions."""

    def opposed(self) -> Flags:
        """(n, b) whether there may be a surface that looks the other way than each bin."""
        facing = _facing(_ways(), 2 * WIDEST).astype(np.float32)
        found = np.zeros(self.ways.shape, dtype=np.bool_)
        for some in stretches(len(found)):
            np.greater(self.ways[some].astype(np.float32) @ facing, 0.0, out=found[some])
        return found


def _looks(solid: Solid, bins: Integers, limit: float) -> _Looks | None:
    """None where large triangles are in too many cells."""
    lows, highs = solid.corners.min(axis=1).T, solid.corners.max(axis=1).T
    extents = (highs - lows).max(axis=1)
    cells = _Cells.of(solid, max(limit, float(np.quantile(extents, 0.99))))
    is_large = extents > cells.widest
    large = np.flatnonzero(is_large)
    spots, owners = _spread(solid.corners[:, :, large].T, extents[large], cells.widest)
    if len(spots) > MOST_SPOTS:
        return None
    half = cells.widest / 2
    lows = np.concatenate([lows[~is_large], spots - half])
    highs = np.concatenate([highs[~is_large], spots + half])
    seen = np.concatenate([bins[~is_large], bins[large[owners]]])
    met = [(keys, seen[rows]) for rows, keys in cells.of_boxes(lows, highs)]
    numbers = np.zeros(cells.count, dtype=np.int32)
    for keys, _ in met:
        numbers[keys] = 1
    known = np.flatnonzero(numbers)
    numbers[known] = np.arange(1, len(known) + 1)
    ways = np.zeros((len(known) + 1, BINS * BINS * 6), dtype=np.bool_)
    for keys, directions in met:
        ways[numbers[keys], directions] = True
    return _Looks(cells, numbers, ways)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Space cut into cells."""

    low: Places
    """The corner of the first."""
    span: Integers
    """(3,) how many there are along each axis."""
    width: float

    @classmethod
    def of(cls, solid: Solid, width: float) -> "_Cells":
        """Cells at least so wide, so few that there is memory for something about each."""
        sides = np.array(solid.sides) + 4 * width
        while np.prod(np.ceil(sides / width) + 2) > MOST_CELLS:
            width *= 1.3
        width *= 1.0 + 4 * ROUNDING
        low = solid.places.min(axis=0) - 2 * width
        return cls(low, np.ceil(sides / width).astype(np.int64) + 4, width)

    @property
    def widest(self) -> float:
        """Sides of a box that is in no more than two cells along each axis, with what is added."""
        return self.width * (1.0 - 3 * ROUNDING)

    @property
    def count(self) -> int:
        return int(np.prod(self.span))

    def of_boxes(self, lows: Places, highs: Places) -> Iterator[tuple[Integers, Integers]]:
        """Which boxes, with the cell of one of their eight corners, those in one cell once."""
        added = self.width * ROUNDING
        first = np.floor((lows.T - self.low[:, None] - added) / self.width).astype(np.int64)
        last = np.floor((highs.T - self.low[:, None] + added) / self.width).astype(np.int64)
        steps = np.array([self.span[1] * self.span[2], self.span[2], 1])
        keys = steps @ first
        apart = last != first
        for corner in itertools.product((False, True), repeat=3):
            axes = np.flatnonzero(corner)
            rows = np.flatnonzero(apart[axes].all(axis=0))
            yield rows, keys[rows] + int(steps[axes].sum())


def _spread(corners: Places, extents: Places, width: float) -> tuple[Places, Integers]:
    """Places all over large triangles, no further apart than half the width, and whose they are."""
    spots, owners = [np.zeros((0, 3))], [np.zeros(0, dtype=np.int64)]
    steps = (extents * 2 / width).astype(np.int64) + 1
    for count in np.unique(steps).tolist():
        which = np.flatnonzero(steps == count)
        one, other = np.meshgrid(np.arange(count + 1), np.arange(count + 1))
        inside = one + other <= count
        u, v = (one[inside] / count)[:, None], (other[inside] / count)[:, None]
        a, b, c = (corners[which, end, None] for end in range(3))
        spots.append((a + u * (b - a) + v * (c - a)).reshape(-1, 3))
        owners.append(np.repeat(which, len(u)))
        if sum(map(len, spots)) > MOST_SPOTS:
            break
    return np.concatenate(spots), np.concatenate(owners)


def _bins(normals: Places) -> Integers:
    """(n,) the bin of each direction: a face of a cube, and a square on it."""
    sizes = np.abs(normals)
    axis = sizes.argmax(axis=1)
    rows = np.arange(len(normals))
    most = normals[rows, axis]
    scale = np.where(most == 0.0, 1.0, np.abs(most))
    u = normals[rows, (axis + 1) % 3] / scale
    v = normals[rows, (axis + 2) % 3] / scale
    across = np.clip(((np.stack([u, v]) + 1.0) * BINS / 2).astype(np.int64), 0, BINS - 1)
    face = axis * 2 + (most < 0.0)
    bins: Integers = (face * BINS + across[0]) * BINS + across[1]
    return bins


def _facing(directions: Floats, rounded: float) -> Flags:
    """(n, b) whether directions of each bin can be opposed to each of these.

    So many degrees are between the directions and what is meant, or the middle of its bin.
    """
    angle = np.degrees(np.arccos(OPPOSED)) + rounded
    facing: Flags = directions @ _ways().T < -np.cos(np.radians(angle))
    return facing


def _ways() -> Floats:
    """(b, 3) the middle of each bin."""
    squares = (np.arange(BINS) + 0.5) * 2 / BINS - 1.0
    middles = np.zeros((6, BINS, BINS, 3))
    for face in range(6):
        axis = face // 2
        middles[face, ..., axis] = -1.0 if face % 2 else 1.0
        middles[face, ..., (axis + 1) % 3] = squares[:, None]
        middles[face, ..., (axis + 2) % 3] = squares[None, :]
    ways = middles.reshape(-1, 3)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    return ways.astype(np.float32)
