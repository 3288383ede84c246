"""The closed surfaces that a solid consists of: which is inside which, and how large they are."""

from dataclasses import dataclass
from typing import Final

import bpy
import numpy as np

from ..model.arrays import Flags, Integers, Places
from .components import components, numbered
from .rays import Rays
from .solid import Solid, solid_of

MOST_LOOKED_AT: Final = 500
"""Shells of which it is worked out what they are inside of: the largest."""
PAIR: Final = 2
"""Triangles that meet at an edge of a closed surface."""


@dataclass(frozen=True)
class Shells:
    """The shells of a solid, by their numbers in ``Solid.shell_of``."""

    of: Integers
    """(t,) shell of each triangle."""
    volumes: Places
    """(s,) in mm³; negative where the faces look inwards, a guess where it is not closed."""
    areas: Places
    """(s,) in mm²."""
    closed: Flags
    """(s,) whether each is, and all its faces look the same way."""
    depths: Integers
    """(s,) how many others each is inside of."""
    joined: Integers
    """(s,) the same number for shells that cut through each other."""

    @property
    def main(self) -> int:
        """The one with the largest surface."""
        return int(np.argmax(self.areas))

    @property
    def inside_out(self) -> Integers:
        """Shells whose faces look inwards though they are inside of nothing."""
        return np.flatnonzero(self.closed & (self.volumes < 0.0) & (self.depths % 2 == 0))

    @property
    def cavities(self) -> Integers:
        """Shells that bound a hollow space."""
        return np.flatnonzero(self.closed & (self.volumes < 0.0) & (self.depths % 2 == 1))

    @property
    def inside(self) -> Integers:
        """Solid shells that are inside another: they add nothing."""
        return np.flatnonzero(self.closed & (self.volumes > 0.0) & (self.depths % 2 == 1))

    @property
    def loose(self) -> Integers:
        """Shells beside the main one that do not touch it, by cutting through others either."""
        outside = (self.depths == 0) & (self.joined != self.joined[self.main])
        return np.flatnonzero(outside)

    @property
    def volume(self) -> float:
        """What the solid takes up; where shells cut through each other, that counts twice."""
        outside = self.depths % 2 == 0
        solid = float(np.abs(self.volumes[outside]).sum())
        return solid + float(self.volumes[self.cavities].sum())

    def triangles(self, shells: Integers) -> Integers:
        """The triangles of those shells."""
        return np.flatnonzero(np.isin(self.of, shells))


@dataclass(frozen=True, slots=True)
class Looked:
    """A mesh that was looked through, which takes seconds: for all who ask something of it."""

    solid: Solid
    rays: Rays
    cuts: Integers
    """(n, 2) pairs of triangles that cut through each other."""
    shells: Shells


def look_through(mesh: bpy.types.Mesh) -> Looked:
    """Everything there is to know of a mesh as it is now."""
    solid = solid_of(mesh)
    rays = Rays(solid)
    cuts = rays.cuts()
    return Looked(solid, rays, cuts, shells_of(solid, rays, cuts))


def shells_of(solid: Solid, rays: Rays, cuts: Integers) -> Shells:
    """The shells; ``cuts`` are the pairs of triangles that cut through each other."""
    of, count = solid.shell_of
    areas = np.bincount(of, weights=solid.doubles / 2.0, minlength=count).astype(np.float64)
    closed = _closed(solid, of, count)
    volumes = np.bincount(of, weights=solid.volumes, minlength=count).astype(float)
    touching = of[cuts]
    joined = components(count, touching[:, 0], touching[:, 1])
    depths = _depths(solid, rays, of, areas, joined)
    return Shells(of, volumes, areas, closed, depths, joined)


def _closed(solid: Solid, of: Integers, count: int) -> Flags:
    edges = solid.edges
    wrong = (edges.faces != PAIR) | (edges.turns != 0)
    bad = of[edges.sides[edges.starts[wrong]] // 3]
    closed = np.ones(count, dtype=np.bool_)
    closed[bad] = False
    return closed


def _depths(solid: Solid, rays: Rays, of: Integers, areas: Places, joined: Integers) -> Integers:
    depths = np.zeros(len(areas), dtype=np.int64)
    if len(areas) == 1:
        return depths
    first = np.full(len(areas), -1, dtype=np.int64)
    first[of[::-1]] = np.arange(len(of))[::-1]
    for shell in np.argsort(areas)[::-1][:MOST_LOOKED_AT].tolist():
        corner = solid.places[solid.triangles[first[shell], 0]]
        around = rays.shells_around(corner, of, shell)
        # What cuts through another is not inside it, wherever one of its corners is.
        depths[shell] = sum(joined[other] != joined[shell] for other in around)
    return depths


def patches(solid: Solid, shells: Shells) -> Integers:
    """Triangles turned against the rest of their shell, the larger part of which is right."""
    edges = solid.edges
    against = (edges.faces == PAIR) & (edges.turns != 0)
    if not against.any():
        return np.zeros(0, dtype=np.int64)
    alike = np.flatnonzero((edges.faces == PAIR) & (edges.turns == 0))
    first, second = edges.sides[edges.starts[alike]], edges.sides[edges.starts[alike] + 1]
    patch, count = numbered(components(len(solid), first // 3, second // 3))
    areas = np.bincount(patch, weights=solid.doubles, minlength=count)
    order = np.argsort(areas)  # the largest patch of each shell is written last
    shell_of_patch = np.zeros(count, dtype=np.int64)
    shell_of_patch[patch] = shells.of
    largest = np.zeros(len(shells.areas), dtype=np.int64)
    largest[shell_of_patch[order]] = order
    sides = edges.sides[edges.starts[against]], edges.sides[edges.starts[against] + 1]
    beside = np.unique(patch[np.concatenate(sides) // 3])
    turned = beside[largest[shell_of_patch[beside]] != beside]
    return np.flatnonzero(np.isin(patch, turned))
