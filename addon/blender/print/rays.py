"""Looking through a solid: what a straight line meets, and what cuts through what."""

from collections import Counter
from typing import Final

import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from ..model.arrays import Integers, Places
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
        self._parts = solid.places.tolist(), solid.triangles.tolist()
        # With an epsilon a ray is a thin ball, which slivers stop at once wherever they are.
        self.tree = BVHTree.FromPolygons(*self._parts, all_triangles=True)

    def cuts(self) -> Integers:
        """(n, 2) pairs of triangles that cut through each other."""
        tree = BVHTree.FromPolygons(*self._parts, all_triangles=True, epsilon=TOUCH)
        pairs = tree.overlap(tree)
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return found[found[:, 0] < found[:, 1]]

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


MOST_CROSSED: Final = 2000
