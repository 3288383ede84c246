"""Looking through a solid: what a straight line meets, and what cuts through what."""

from collections import Counter
from typing import Final

import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from ..model.arrays import SIDES, Flags, Integers, Places
from .solid import Solid

TOUCH: Final = 1e-6
"""Square millimetres: triangles that share a corner cut each other if longer than its root."""
STEP: Final = 1e-4
"""Millimetres past what was met, so that it is not met again."""
SKEW: Final = Vector((0.8017, 0.2673, 0.5345))
"""A direction that runs along no edge of what people build."""


class Rays:
    """Lines through a solid; built once, for all who ask."""

    def __init__(self, solid: Solid) -> None:
        self._solid = solid
        # With an epsilon a ray is a thin ball, which slivers stop at once wherever they are.
        self.tree = BVHTree.FromPolygons(
            solid.places.tolist(), solid.triangles.tolist(), all_triangles=True
        )

    def cuts(self) -> Integers:
        """(n, 2) pairs of triangles that cut through each other."""
        found = np.array(self.tree.overlap(self.tree), dtype=np.int64).reshape(-1, 2)
        found = found[found[:, 0] < found[:, 1]]
        # Without an epsilon rounding lets some touch that have a corner in common.
        touch = _touching(self._solid, found)
        return found[touch > TOUCH]

    def shells_around(self, place: Places, shells: Integers, own: int) -> set[int]:
        """The shells that the place is inside of, but for its ``own``."""
        crossed: Counter[int] = Counter()
        origin = Vector(place.tolist())
        # As many as a line can meet; a shell of paper folded a thousand times is no print.
        for _ in range(MOST_CROSSED):
            at, _normal, triangle, _distance = self.tree.ray_cast(origin, SKEW)
            if triangle is None or at is None:
                break
            crossed[int(shells[triangle])] += 1
            origin = at + SKEW * STEP
        return {shell for shell, times in crossed.items() if times % 2 and shell != own}

    def is_inside(self, place: Places) -> bool:
        """Whether there is solid at the place."""
        alike = np.zeros(len(self._solid), dtype=np.int64)
        return bool(self.shells_around(place, alike, -1))

    def stands_on(self, place: Places, reach: float) -> bool:
        """Whether there is a surface right below the place."""
        start = Vector(place.tolist()) - Vector((0.0, 0.0, STEP))
        return self.tree.ray_cast(start, Vector((0.0, 0.0, -1.0)), reach)[2] is not None


def _touching(solid: Solid, pairs: Integers) -> Places:
    """(n,) square of how far pairs cut that have one corner in common; infinite for all others."""
    corners = solid.triangles[pairs]
    alike = corners[:, 0, :, None] == corners[:, 1, None, :]
    far = np.full(len(pairs), np.inf)
    which = np.flatnonzero(alike.any(axis=(1, 2)))
    # From the corner in common each triangle reaches to where its other side meets the other plane.
    reaches = [_reach(solid, pairs[which], alike[which], side) for side in (0, 1)]
    squares = [np.einsum("ij,ij->i", reach, reach) for reach in reaches]
    same_way = np.einsum("ij,ij->i", *reaches) > 0.0
    far[which] = np.where(same_way, np.minimum(*squares), 0.0)
    return far


def _reach(solid: Solid, pairs: Integers, alike: Flags, side: int) -> Places:
    """(n, 3) from the corner in common to where the triangle ends in the other one's plane."""
    own, other = pairs[:, side], pairs[:, 1 - side]
    shared = alike.any(axis=2 - side).argmax(axis=1)
    corners = solid.triangles[own]
    rows = np.arange(len(own))
    middle, one, two = (
        solid.places[corners[rows, (shared + step) % SIDES]] for step in range(SIDES)
    )
    one, two = one - middle, two - middle
    above, below = (np.einsum("ij,ij->i", solid.normals[other], end) for end in (one, two))
    crosses = above * below < 0.0
    share = np.where(crosses, above / np.where(crosses, above - below, 1.0), 0.0)
    reach: Places = np.where(crosses, 1.0, 0.0)[:, None] * (one + share[:, None] * (two - one))
    return reach


MOST_CROSSED: Final = 2000
