"""Colors as a printer with several filaments has them: a few, each triangle of one.

Colors are compared in Oklab, where what looks twice as different is twice as far apart. Nothing is
left to chance: the same model gets the same colors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..model.arrays import Flags, Floats, Integers, Places
from ..model.colors import to_light, to_srgb
from .components import summed
from .islands import without_islands
from .refining import Fine, sampled_points, split, split_at_height
from .solid import Solid

Seen = Callable[[Integers, Floats], Floats]
"""(n, 3) light that (n,) triangles throw back; where in them, the (n, 3) shares of their corners
say."""

MOST_TRIANGLES: Final = 400_000
"""No more are made, so that a slicer still takes them at ease."""
MORE: Final = 6
"""Triangles that splitting one makes at most, with those beyond its three sides."""
BINS: Final = 32
"""Steps of red, green and blue that are told apart in search of a palette."""
SAME: Final = 0.02
"""How far apart two colors are in Oklab that nobody tells apart."""
ROUNDS: Final = 32
"""Of a search for a palette, at most."""

TO_CONES: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
"""By Bjorn Ottosson, 2020; of linear light with the primaries of sRGB."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A solid, each triangle of which has one filament."""

    solid: Solid
    """Fine enough for the edges between colors; what was there stays where it was."""
    filaments: Integers
    """(t,) place of each triangle's color in the palette."""

    def areas(self, count: int) -> Places:
        """(count,) surface that each color of the palette has."""
        return summed(self.solid.doubles / 2, self.filaments, count)


def paint(solid: Solid, seen: Seen, palette: Sequence[str], nozzle: float) -> Painted:
    """Give each triangle the nearest color of the palette ("#rrggbb").

    Triangles with an edge between colors in them are split, down to the nozzle's width. What is
    within that width of the foot gets one color, so that the rim on the bed has no seam. What is
    narrower then takes the color around it.
    """
    shades = _lab(_light(palette))
    fine, filaments = _fine(Fine.of(solid), seen, shades, nozzle)
    if len(palette) > 1:
        fine, filaments = _one_foot(fine, filaments, nozzle)
    made = fine.solid
    return Painted(made, without_islands(made, filaments, len(palette), nozzle))


def find_palette(models: Sequence[tuple[Solid, Seen]], count: int, nozzle: float) -> list[str]:
    """The colors ("#rrggbb") that stand for all models, the one with most surface first.

    There are fewer than ``count`` where nobody could tell that many apart.
    """
    lights, weights = [], []
    for solid, seen in models:
        fine = Fine.of(solid)
        for chosen, points in sampled_points(fine, np.arange(len(fine)), nozzle):
            each = np.repeat(chosen, len(points))
            lights.append(seen(each, np.tile(points, (len(chosen), 1)).astype(np.float32)))
            weights.append(solid.doubles[each] / len(points))
    shades, areas = _binned(np.concatenate(lights), np.concatenate(weights))
    return _hex(_clustered(shades, areas, count))


def _fine(fine: Fine, seen: Seen, shades: Places, nozzle: float) -> tuple[Fine, Integers]:
    """Triangles that are as large as their color allows, and the color of each."""
    filaments, mixed = _look(fine, np.arange(len(fine)), seen, shades, nozzle)
    while len(wanted := np.flatnonzero(mixed & (fine.longest > nozzle))):
        room = max(0, MOST_TRIANGLES - len(fine)) // MORE
        largest = np.argsort(-fine.longest[wanted], kind="stable")
        fine, parents = split(fine, wanted[largest[:room]], nozzle)
        filaments, mixed = filaments[parents], mixed[parents]
        made = np.flatnonzero(np.bincount(parents)[parents] > 1)
        filaments[made], mixed[made] = _look(fine, made, seen, shades, nozzle)
        if len(wanted) > room:
            break
    return fine, filaments


def _look(
    fine: Fine, which: Integers, seen: Seen, shades: Places, nozzle: float
) -> tuple[Integers, Flags]:
    """The color that most of each triangle has, and whether it has others, too."""
    filaments = np.zeros(len(fine), dtype=np.int64)
    mixed = np.zeros(len(fine), dtype=np.bool_)
    for chosen, points in sampled_points(fine, which, nozzle):
        weights = np.einsum("pc,tcw->tpw", points, fine.weights[chosen]).reshape(-1, 3)
        light = seen(np.repeat(fine.origins[chosen], len(points)), weights.astype(np.float32))
        nearest = _nearest(_lab(light), shades)
        votes = np.repeat(np.arange(len(chosen)), len(points)) * len(shades) + nearest
        counted = np.bincount(votes, minlength=len(chosen) * len(shades))
        of_each = counted.reshape(-1, len(shades))
        filaments[chosen] = of_each.argmax(axis=1)
        mixed[chosen] = of_each.max(axis=1) < len(points)
    return filaments[which], mixed[which]


def _one_foot(fine: Fine, filaments: Integers, nozzle: float) -> tuple[Fine, Integers]:
    """One color for what is within the nozzle's width of the lowest place: that of most of it."""
    low = float(fine.places[:, 2].min())
    height = low + nozzle
    reached = fine.places[fine.triangles, 2].min(axis=1) < height
    if len(np.unique(filaments[reached])) <= 1:
        return fine, filaments
    fine, parents = split_at_height(fine, height, nozzle)
    made = filaments[parents]
    foot = fine.places[fine.triangles, 2].mean(axis=1) < height
    made[foot] = np.bincount(made[foot], fine.solid.doubles[foot]).argmax()
    return fine, made


def _binned(light: Floats, weights: Places) -> tuple[Places, Places]:
    """(b, 3) the colors in Oklab, those alike together, and how much surface each has."""
    steps = np.round(to_srgb(np.clip(light, 0.0, 1.0)) * (BINS - 1)).astype(np.int64)
    keys = (steps[:, 0] * BINS + steps[:, 1]) * BINS + steps[:, 2]
    found, number = np.unique(keys, return_inverse=True)
    number, count = number.reshape(-1), len(found)
    areas = summed(weights, number, count)
    sums = [summed(weights * channel, number, count) for channel in _lab(light).T]
    there = areas > 0.0
    return np.stack(sums, axis=1)[there] / areas[there, None], areas[there]


def _clustered(shades: Places, areas: Places, count: int) -> Places:
    """(at most count, 3) means that leave the least to be seen, by k-means; the largest first."""
    chosen = [int(areas.argmax())]
    away = _distances(shades, shades[chosen]).min(axis=1)
    while len(chosen) < count and away.max() > SAME:
        away[away <= SAME] = 0.0
        chosen.append(int((areas * away**2).argmax()))
        away = np.minimum(away, _distances(shades, shades[chosen[-1:]])[:, 0])
    means = shades[chosen]
    for _ in range(ROUNDS):
        nearest = _nearest(shades, means)
        sizes = summed(areas, nearest, len(means))
        sums = [summed(areas * axis, nearest, len(means)) for axis in shades.T]
        middles = np.stack(sums, axis=1) / np.where(sizes > 0.0, sizes, 1.0)[:, None]
        moved = np.where(sizes[:, None] > 0.0, middles, means)
        if np.array_equal(moved, means):
            break
        means = moved
    sizes = summed(areas, _nearest(shades, means), len(means))
    return means[np.argsort(-sizes, kind="stable")]


def _distances(shades: Places, means: Places) -> Places:
    """(n, m) in Oklab."""
    apart = shades[:, None] - means[None]
    lengths: Places = np.sqrt(np.einsum("nmc,nmc->nm", apart, apart))
    return lengths


def _nearest(shades: Places, means: Places) -> Integers:
    best = np.zeros(len(shades), dtype=np.int64)
    least = np.full(len(shades), np.inf)
    for number, mean in enumerate(means):
        far = np.square(shades - mean).sum(axis=1)
        better = far < least
        best[better], least[better] = number, far[better]
    return best


def _lab(light: Floats | Places) -> Places:
    """(n, 3) Oklab of linear light."""
    cones = np.cbrt(np.clip(light, 0.0, 1.0).astype(np.float64) @ TO_CONES.T)
    lab: Places = cones @ TO_LAB.T
    return lab


def _hex(shades: Places) -> list[str]:
    cones = (shades @ np.linalg.inv(TO_LAB).T) ** 3
    light = np.clip(cones @ np.linalg.inv(TO_CONES).T, 0.0, 1.0)
    stored = np.round(to_srgb(light.astype(np.float32)) * 255).astype(int)
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in stored.tolist()]


def _light(palette: Sequence[str]) -> Floats:
    stored = [[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in palette]
    light: Floats = to_light(np.array(stored, dtype=np.float32) / np.float32(255))
    return light
