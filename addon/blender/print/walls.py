"""Walls that are thinner than a limit: lines from the surface inwards, as far as the limit."""

from typing import Final

import numpy as np

from ..model.arrays import Flags, Integers, Places
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
MOST_LARGE: Final = 2000
"""Triangles larger than a cell that are spread over cells; with more, every line is drawn."""


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
    """Whether each of the chosen has a surface that looks the other way anywhere near.

    Space is cut into cells as wide as the limit, and of each cell is noted which directions the
    surfaces in it look in: a line no longer than a cell ends beside the one where it starts.
    """
    corners = solid.corners
    extents = (corners.max(axis=1) - corners.min(axis=1)).max(axis=0)
    width = max(limit, float(np.quantile(extents, 0.99)))
    large = np.flatnonzero(extents > width)
    if len(large) > max(MOST_LARGE, len(solid) // 100):
        return np.ones(len(chosen), dtype=np.bool_)
    low = solid.places.min(axis=0) - width
    middles = corners.mean(axis=1).T
    bins = _bins(normals)
    spots, spot_bins = _spread(corners[:, :, large].T, bins[large], width)
    cells = np.floor((np.concatenate([middles, spots]) - low) / width).astype(np.int64)
    span = cells.max(axis=0) + 2
    keys = (cells[:, 0] * span[1] + cells[:, 1]) * span[2] + cells[:, 2]
    known, cell = np.unique(keys, return_inverse=True)
    looks = np.zeros((len(known), BINS * BINS * 6), dtype=np.bool_)
    looks[cell.reshape(-1), np.concatenate([bins, spot_bins])] = True
    around = _with_neighbors(looks, known, span)
    opposed = (around.astype(np.float32) @ _facing().astype(np.float32)) > 0.0
    near: Flags = opposed[cell.reshape(-1)[chosen], bins[chosen]]
    return near


def _spread(corners: Places, bins: Integers, width: float) -> tuple[Places, Integers]:
    """Places all over large triangles, no further apart than the width, and their directions."""
    spots, directions = [np.zeros((0, 3))], [np.zeros(0, dtype=np.int64)]
    for triangle, direction in zip(corners, bins, strict=True):
        steps = int(np.ptp(triangle, axis=0).max() / width) + 2
        one, other = np.meshgrid(np.arange(steps + 1), np.arange(steps + 1))
        inside = one + other <= steps
        u, v = (one[inside] / steps)[:, None], (other[inside] / steps)[:, None]
        a, b, c = triangle
        spots.append(a + u * (b - a) + v * (c - a))
        directions.append(np.full(len(u), direction, dtype=np.int64))
    return np.concatenate(spots), np.concatenate(directions)


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


def _facing() -> Flags:
    """(b, b) whether directions of one bin can be opposed to those of another."""
    squares = (np.arange(BINS) + 0.5) * 2 / BINS - 1.0
    middles = np.zeros((6, BINS, BINS, 3))
    for face in range(6):
        axis = face // 2
        middles[face, ..., axis] = -1.0 if face % 2 else 1.0
        middles[face, ..., (axis + 1) % 3] = squares[:, None]
        middles[face, ..., (axis + 2) % 3] = squares[None, :]
    ways = middles.reshape(-1, 3)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    angle = np.degrees(np.arccos(OPPOSED)) + 2 * WIDEST
    facing: Flags = (ways @ ways.T) < -np.cos(np.radians(angle))
    return facing


def _with_neighbors(looks: Flags, known: Integers, span: Integers) -> Flags:
    """(c, b) what is seen in each cell and in the 26 around it."""
    around = looks.copy()
    for x in (-1, 0, 1):
        for y in (-1, 0, 1):
            for z in (-1, 0, 1):
                wanted = known + (x * span[1] + y) * span[2] + z
                index = np.searchsorted(known, wanted)
                index[index == len(known)] = 0
                there = np.flatnonzero(known[index] == wanted)
                around[there] |= looks[index[there]]
    return around
