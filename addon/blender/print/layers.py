"""What hangs in the air: surfaces that lean out too far, and parts that begin in it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..model.arrays import Flags, Integers, Places
from .components import components
from .rays import STEP, Rays
from .shells import Shells
from .solid import Solid


def overhangs(solid: Solid, out: Places, angle: float, layer: float) -> tuple[Integers, float]:
    """Triangles that lean out by more than ``angle`` degrees, and their area in mm².

    ``out`` is -1 for triangles that look inwards by mistake, else 1. What lies on the bed is none.
    """
    downwards = -solid.normals[:, 2] * out
    above = solid.corners[2].max(axis=0) > solid.places[:, 2].min() + layer / 2
    found = np.flatnonzero((downwards > np.sin(np.radians(angle)) + 1e-6) & above)
    return found, float(solid.doubles[found].sum() / 2.0)


def islands(
    solid: Solid, out: Places, shells: Shells, rays: Rays, cuts: Integers, layer: float
) -> list[Integers]:
    """The places of each part that begins above the bed, layer by layer, with nothing below it.

    A part begins where the surface has a lowest place and the solid is above it. In a bowl the
    solid is below; and what begins inside another shell, on it, or around one that comes from
    below, hangs in no air. ``cuts`` are the pairs of triangles that cut through each other.
    """
    heights = solid.places[:, 2] - solid.places[:, 2].min()
    levels = np.floor(heights / layer + 1e-6).astype(np.int64)
    one, other = np.ascontiguousarray(solid.edges.ends.T)
    level = levels[one] == levels[other]
    part = components(len(heights), one[level], other[level])
    upper = np.where(levels[one] > levels[other], one, other)[~level]
    begins = np.zeros(len(heights), dtype=np.bool_)
    begins[part[solid.triangles.reshape(-1)]] = True
    begins[part[upper]] = False
    begins[part[levels == 0]] = False
    if not begins.any():
        return []
    up = np.repeat(solid.crosses[:, 2] * out, 3)
    leaning = np.bincount(part[solid.triangles.reshape(-1)], weights=up, minlength=len(heights))
    parts = _members(part, begins & (leaning < 0.0))
    surroundings = _Surroundings(solid, shells, rays, cuts)
    return [places for places in parts if not surroundings.hold(places, layer)]


def _members(part: Integers, wanted: Flags) -> list[Integers]:
    """The places of each wanted part, which is told by its smallest."""
    places = np.flatnonzero(wanted[part])
    if not len(places):
        return []
    places = places[np.argsort(part[places], kind="stable")]
    return np.split(places, np.flatnonzero(np.diff(part[places])) + 1)


@dataclass(frozen=True)
class _Surroundings:
    """What may hold a part that begins in the air; asked once for each of hundreds."""

    solid: Solid
    shells: Shells
    rays: Rays
    cuts: Integers
    """Pairs of triangles that cut through each other."""

    def hold(self, places: Integers, layer: float) -> bool:
        """Whether something comes through them from below, or they are on or in another shell."""
        return self._comes_from_below(places) or self._is_held(places, layer)

    def _comes_from_below(self, places: Integers) -> bool:
        """Whether something that reaches further down goes through the surface at these places."""
        lowest = self.solid.places[places, 2].min()
        return bool((self._reached_down[places] < lowest - STEP).any())

    @cached_property
    def _reached_down(self) -> Places:
        """(v,) how far down the lowest triangle reaches that cuts through one at each place."""
        lowest = np.full(len(self.solid.places), np.inf)
        bottoms = self.solid.corners[2].min(axis=0)
        for one, other in (self.cuts.T, self.cuts.T[::-1]):
            np.minimum.at(lowest, self.solid.triangles[one], bottoms[other][:, None])
        return lowest

    def _is_held(self, places: Integers, layer: float) -> bool:
        """Whether the lowest of the places is on another shell, or inside one."""
        lowest = places[np.argmin(self.solid.places[places, 2])]
        place = self.solid.places[lowest]
        if self.rays.stands_on(place, layer):
            return True
        return bool(
            self.rays.shells_around(place, self.shells.of, int(self._shell_of_place[lowest]))
        )

    @cached_property
    def _shell_of_place(self) -> Integers:
        """(v,) the shell of the first triangle at each place; 0 where there is none."""
        found = np.zeros(len(self.solid.places), dtype=np.int64)
        # Backwards: of several triangles at a place the first is written last.
        found[self.solid.triangles[::-1].reshape(-1)] = np.repeat(self.shells.of[::-1], 3)
        return found
