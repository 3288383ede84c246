"""Where on a surface places lie, and where they are when that surface is bent."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from mathutils.bvhtree import BVHTree

from ...model.arrays import Integers, Places, Triangles

CLOSE: Final = 1e-3
"""Share of the size of the surface within which most places are: looking no further is quick."""
AROUND: Final = 0.01
"""Share of the size of the surface within which its other side is looked for."""
MOST_WRONG: Final = 0.25
"""Share of the places that may look the other way than what lies nearest."""
FLAT: Final = 1e-6
"""Share of a triangle's longest side: lower ones say nothing about directions."""


class Bound(NamedTuple):
    """Places bound to triangles of a surface."""

    triangles: Integers
    """(n,)."""
    corners: Integers
    """(n, 3) vertices of these."""
    shares: Places
    """(n, 3) of the triangle's corners in the nearest point of it; they add up to 1."""
    offsets: Places
    """(n, 3) from that point."""

    def of(self, which: Integers) -> "Bound":
        """Those of these numbers."""
        return Bound(
            self.triangles[which], self.corners[which], self.shares[which], self.offsets[which]
        )

    def mean(self, values: Places) -> Places:
        """(n, k) of (v, k) values of the surface's vertices."""
        mean: Places = np.einsum("nc,nck->nk", self.shares, values[self.corners])
        return mean


def bind(places: Places, normals: Places, surface: Triangles, tree: BVHTree) -> Bound:
    """Bind (n, 3) places with (n, 3) normals, which need not be of length 1, to what is nearest.

    Of two sides that touch, as lips do, it is the one that looks where the normal does.
    """
    found = np.zeros(len(places), dtype=np.int64)
    on = np.empty_like(places)
    reach = _size(surface) * CLOSE
    for row, place in enumerate(places.tolist()):
        point, _, number, _ = tree.find_nearest(place, reach)
        if number is None:
            point, _, number, _ = tree.find_nearest(place)
        if number is not None and point is not None:
            found[row], on[row] = number, point[:]
    _change_sides(found, on, places, normals, surface, tree)
    corners = surface.vertices[found]
    shares = shares_at(on, surface.places[corners].astype(np.float64))
    return Bound(found, corners, shares, places - on)


def _change_sides(
    found: Integers,
    on: Places,
    places: Places,
    normals: Places,
    surface: Triangles,
    tree: BVHTree,
) -> None:
    """Let those that look the other way than what they are bound to be bound to what does not."""
    sides = _normals(surface)
    facing = (sides[found] * normals).sum(axis=1)
    if facing.sum() < 0.0:  # the answer is inside out
        normals, facing = -normals, -facing
    wrong = np.flatnonzero(facing < 0.0)
    if len(wrong) > MOST_WRONG * len(facing):  # then its normals say nothing
        return
    reach = _size(surface) * AROUND
    for row in wrong.tolist():
        hits = tree.find_nearest_range(places[row].tolist(), reach)
        same = [hit for hit in hits if sides[hit[2]] @ normals[row] > 0.0]
        if same:
            point, _, number, _ = min(same, key=lambda hit: hit[3])
            found[row], on[row] = number, point[:]


def _size(surface: Triangles) -> float:
    return float(np.ptp(surface.places, axis=0).max(initial=0.0))


def _normals(surface: Triangles) -> Places:
    a, b, c = np.moveaxis(surface.at().astype(np.float64), 1, 0)
    return np.cross(b - a, c - a)


def shares_at(places: Places, triangles: Places) -> Places:
    """(n, 3) shares of the corners of (n, 3, 3) triangles in (n, 3) places, none below 0."""
    a, b, c = np.moveaxis(triangles, 1, 0)
    ab, ac, way = b - a, c - a, places - a
    bb, bc, cc = ((x * y).sum(axis=1) for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    wb, wc = ((way * side).sum(axis=1) for side in (ab, ac))
    area = bb * cc - bc * bc
    is_flat = area <= FLAT**2 * np.maximum(bb, cc) ** 2
    area[is_flat] = 1.0
    shares = np.stack([area, cc * wb - bc * wc, bb * wc - bc * wb], axis=1) / area[:, None]
    shares[:, 0] -= shares[:, 1] + shares[:, 2]
    shares[is_flat] = np.eye(3)[_nearest_corner(places[is_flat], triangles[is_flat])]
    inside: Places = np.maximum(shares, 0.0)
    inside /= inside.sum(axis=1)[:, None]
    return inside


def _nearest_corner(places: Places, triangles: Places) -> Integers:
    nearest: Integers = np.linalg.norm(triangles - places[:, None], axis=2).argmin(axis=1)
    return nearest


def turns(bound: Bound, before: Places, after: Places) -> Places:
    """(n, 3, 3) what bending the surface does to a small step from each bound place.

    ``before`` and ``after`` are (v, 3) places of its vertices.
    """
    frames, is_flat = _frames(before[bound.corners])
    bent, is_flat_then = _frames(after[bound.corners])
    made = bent @ _inverse(frames)
    made[is_flat | is_flat_then] = np.eye(3)
    return made


def _inverse(matrices: Places) -> Places:
    """(n, 3, 3); where there is none, it is any matrix."""
    a, b, c = np.moveaxis(matrices, 2, 0)
    rows = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1)
    size = (a * rows[:, 0]).sum(axis=1)
    return rows / np.where(size == 0.0, 1.0, size)[:, None, None]


def _frames(triangles: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
    """(n, 3, 3) two sides and a normal of that size, as columns; whether they say nothing."""
    a, b, c = np.moveaxis(triangles, 1, 0)
    ab, ac = b - a, c - a
    normal = np.cross(ab, ac)
    area = np.linalg.norm(normal, axis=1)
    longest = np.maximum((ab * ab).sum(axis=1), (ac * ac).sum(axis=1))
    is_flat = area <= FLAT * longest
    normal /= np.sqrt(np.where(is_flat, 1.0, area))[:, None]
    return np.stack([ab, ac, normal], axis=2), is_flat


MOST_LENGTHENED: Final = 10.0
"""Times: beyond that it is a needle of a triangle that says so."""


def bent(bound: Bound, turned: Places, after: Places) -> Places:
    """(n, 3) where the bound places are when the surface's vertices go to ``after``.

    ``turned`` are the ``turns`` of that.
    """
    offsets = (turned @ bound.offsets[:, :, None])[:, :, 0]
    long = np.linalg.norm(offsets, axis=1)
    most = np.linalg.norm(bound.offsets, axis=1) * MOST_LENGTHENED
    offsets *= np.minimum(1.0, most / np.where(long > 0.0, long, 1.0))[:, None]
    return bound.mean(after) + offsets
