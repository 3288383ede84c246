"""What hangs in the air: surfaces that lean out too far, and parts that begin in it."""

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
    candidates = np.flatnonzero(begins & (leaning < 0.0))
    parts = (np.flatnonzero(part == root) for root in candidates.tolist())
    return [
        places
        for places in parts
        if not (
            _comes_from_below(solid, places, cuts) or _is_held(solid, places, shells, rays, layer)
        )
    ]


def _comes_from_below(solid: Solid, places: Integers, cuts: Integers) -> bool:
    """Whether something that reaches further down goes through the surface at these places."""
    if not len(cuts):
        return False
    touches: Flags = np.any(np.isin(solid.triangles, places), axis=1)
    at = touches[cuts]
    others = np.concatenate([cuts[at[:, 0], 1], cuts[at[:, 1], 0]])
    lowest = solid.places[places, 2].min()
    return bool((solid.corners[2].min(axis=0)[others] < lowest - STEP).any())


def _is_held(solid: Solid, places: Integers, shells: Shells, rays: Rays, layer: float) -> bool:
    """Whether the lowest of the places is on another shell, or inside one."""
    lowest = places[np.argmin(solid.places[places, 2])]
    place = solid.places[lowest]
    if rays.stands_on(place, layer):
        return True
    beside = np.flatnonzero((solid.triangles == lowest).any(axis=1))
    return bool(rays.shells_around(place, shells.of, int(shells.of[beside[0]])))
