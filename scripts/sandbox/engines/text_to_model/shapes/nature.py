"""Plants and stones."""

from collections.abc import Callable

import numpy as np

from ...geometry import primitives
from ...geometry.surface import FACETED, Floats, Surface, polyline
from ...textures.noise import fractal
from ...textures.texels import Finish
from ..builder import Builder, around, curve, fluted, shifted
from ..palette import BARK, GREY_STONE, LEAF, LEAVES, SOIL, TERRACOTTA, finishes
from .tableware import flowerpot
from .tableware import leaves as rosette

_PETALS = finishes(
    "leaf", "0.78,0.07,0.12 0.93,0.5,0.62 0.95,0.78,0.15 0.55,0.3,0.75 0.94,0.92,0.88"
)
_CAPS = ((0.72, 0.08, 0.06), (0.5, 0.3, 0.17))
_CRYSTALS = finishes("glass", "0.45,0.2,0.65 0.15,0.5,0.65 0.15,0.55,0.3 0.75,0.2,0.4")
_MEADOW = Finish("ground", (0.26, 0.36, 0.14))
_BAUBLES = finishes("plastic", "0.75,0.06,0.08 0.9,0.7,0.25 0.15,0.3,0.65")


def rock(b: Builder) -> None:
    stone = b.finish("body", GREY_STONE)
    for i in range(1 if b.whole(0, 1) else 3):
        size = b.between(0.45, 0.7) * (0.42 if i else 1.0)
        boulder = _boulder(b, size).moved(0.72 if i else 0.0)
        b.add("rock", stone, boulder.turned("y", -120 * i - 40))


def _boulder(b: Builder, size: float) -> Surface:
    seed = b.whole(0, 10_000)
    planes = np.random.default_rng(seed).normal(size=(14, 3))
    planes /= np.linalg.norm(planes, axis=1, keepdims=True)
    distance = np.random.default_rng(seed + 1).uniform(0.62, 0.9, 14)

    def chip(points: Floats) -> Floats:
        unit = points / np.linalg.norm(points, axis=1, keepdims=True)
        facing = unit @ planes.T
        reach = np.where(facing > 0.05, distance / np.maximum(facing, 0.05), 9.0).min(axis=1)
        reach = np.minimum(reach, 1.0) + 0.03 * fractal(unit, 0.6, seed)
        carved = unit * reach[:, None] * size * np.array([1.0, 0.72, 0.86])
        # It lies on a broad side.
        carved[:, 1] = np.maximum(carved[:, 1], -0.36 * size)
        return np.asarray(carved)

    return b.stone_ball().bent(chip).grounded().moved(y=-0.06 * size)


def _crown(b: Builder, centre: Floats, radius: float, flat: float = 0.8) -> Surface:
    """A lumpy mass of leaves."""
    seed = b.whole(0, 10_000)

    def lumpy(points: Floats) -> Floats:
        bumps = 0.13 * fractal(points, 0.5, seed) + 0.03 * fractal(points, 0.2, seed + 1)
        return np.asarray(points * (1 + bumps)[:, None])

    mass = b.stone_ball().bent(lumpy).scaled(radius, radius * flat, radius)
    return mass.moved(*centre.tolist())


def tree(b: Builder) -> None:
    if b.says("bonsai"):
        _bonsai(b)
        return
    bark, usual = b.accent("bark", BARK), LEAVES
    if b.says("autumn", "fall", "maple"):
        usual = Finish("foliage", (0.75, 0.32, 0.08))
    if b.says("cherry", "blossom", "sakura"):
        usual = Finish("foliage", (0.92, 0.62, 0.7))
    leaves = b.finish("leaves", usual, main=b.brief.main.material is None)
    height, lean = b.between(3.4, 4.8) * b.brief.stretch, b.between(-0.25, 0.25)
    knots = [(0, -0.05, 0), (lean * 0.3, height * 0.3, 0), (lean, height * 0.66, lean * 0.4)]
    trunk = curve(knots, 14)
    base, i = 0.0475 * height, np.arange(14)
    b.add("trunk", bark, b.tube(trunk, base * (1 - 0.05 * i + 0.7 * np.exp(-1.1 * i)), 14))
    root = curve([(0, 0.2, 0), (base * 1.3, 0.07, 0), (base * 2.6, -0.06, 0)], 6)
    thick = 0.5 * base * (1 - 0.12 * np.arange(6))
    b.add("trunk", bark, *around(b.tube(root, thick, 8), 5, b.between(0, 70)))
    for number in range(b.whole(5, 7)):
        turn = 2.4 * number + b.between(-0.3, 0.3)
        start, reach = trunk[6 + (number * 3) % 7], height * b.between(0.2, 0.3)
        away = [np.cos(turn) * reach, height * b.between(0.1, 0.2), np.sin(turn) * reach]
        end = start + np.array(away)
        path = curve(np.stack([start, (start + end) / 2 - [0, 0.08, 0], end]), 7)
        b.add("branches", bark, b.tube(path, base * (0.42 - 0.04 * np.arange(7)), 8))
        b.add("leaves", leaves, _crown(b, end, height * b.between(0.14, 0.19)))
    b.add("leaves", leaves, _crown(b, trunk[-1] + [0, height * 0.1, 0], height * 0.23))


def _bonsai(b: Builder) -> None:
    tray = b.accent("base", Finish("ceramic", (0.2, 0.28, 0.36)))
    b.add("tray", tray, b.box(0.42, 0.09, 0.28, 0.02))
    b.add("soil", SOIL, b.box(0.38, 0.03, 0.24, 0.01).moved(y=0.075))
    bark = b.accent("bark", BARK)
    leaves = b.finish("leaves", Finish("foliage", LEAVES.colour, scale=0.22))
    knots = "-0.08,0.08,0 -0.02,0.18,0.03 0.07,0.27,0 0,0.36,-0.02 0.03,0.42,0"
    path = curve(polyline(knots), 20)
    b.add("trunk", bark, b.tube(path, 0.036 * (1 - 0.037 * np.arange(20))))
    crowns = polyline(
        "0.05,0.46,0,0.11 -0.12,0.36,0.03,0.09 0.19,0.33,0.02,0.09 0.02,0.38,0.1,0.07 "
        "-0.02,0.4,-0.1,0.07"
    )
    for crown in crowns:
        centre, start = crown[:3], path[12 if crown[1] > 0.34 else 9]
        limb = curve(np.stack([start, (start + centre) / 2, centre]), 6)
        b.add("branches", bark, b.tube(limb, 0.013 - 0.0012 * np.arange(6), 8))
        b.add("leaves", leaves, _crown(b, centre, float(crown[3]), 0.5))


def pine(b: Builder) -> None:
    bark = b.accent("bark", BARK)
    needles = Finish("foliage", (0.1, 0.27, 0.13))
    green = b.finish("leaves", needles, main=b.brief.main.material is None)
    height = b.between(4.0, 5.5) * b.brief.stretch
    b.add("trunk", bark, b.cone(0.17, 0.05, height * 0.8, 0.02, 14))
    for t in np.linspace(0, 1, b.whole(5, 6)).tolist():
        seed, tall = b.whole(0, 9999), height * (0.3 - 0.08 * t)
        skirt = polyline(
            "0,0.12 0.55,0.06 1,0 0.62,0.3 0.3,0.66 0,1", height * (0.27 - 0.19 * t), tall
        )

        def ragged(points: Floats, seed: int = seed) -> Floats:
            turn = np.arctan2(points[:, 2], points[:, 0])
            away = np.hypot(points[:, 0], points[:, 2])
            star = np.sin(9 * turn + seed) * 0.5 + 0.5 * np.sin(17 * turn + 2 * seed)
            starry = points * np.stack([1 + 0.12 * star, 1 + 0 * star, 1 + 0.12 * star], axis=1)
            return shifted(starry, y=0.05 * star - 0.12 * away**2)

        tier = b.lathe(skirt, 0.08, 48).bent(ragged)
        b.add("leaves", green, tier.moved(y=height * (0.17 + 0.62 * t)))
    if b.says("christmas"):
        _baubles(b, height)


def _baubles(b: Builder, height: float) -> None:
    angle, radius = np.radians(90 + 36 * np.arange(10)), np.tile([0.26, 0.11], 5)
    star = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    gold = Finish("metal", (0.95, 0.75, 0.3), wear=0.0)
    b.add("star", gold, b.plate(star, 0.07, 0.02).moved(y=height * 1.03))
    bauble = b.ball(0.085)
    for i in range(34):
        place = bauble.moved(height * (0.27 - 0.0071 * i), height * (0.2 + 0.0194 * i))
        b.add("baubles", b.pick(_BAUBLES), place.turned("y", -137.5 * i))


def plant(b: Builder) -> None:
    flowerpot(b, b.accent("body", TERRACOTTA))
    if not b.says("cactus", "succulent", "kaktus"):
        rosette(b, 0.21, b.whole(11, 15), 0.42)
        return
    green = b.finish("leaves", Finish("plastic", (0.2, 0.42, 0.2)))
    column = b.tube(polyline("0,0.15,0 0,0.35,0 0,0.55,0"), [0.06, 0.072, 0.06], 72)
    ribbed = column.bent(lambda p: fluted(p, lambda turn: 1 - 0.1 * np.abs(np.cos(6 * turn)) ** 4))
    b.add("cactus", green, ribbed)
    for side, low in ((1, 0.36), (-1, 0.3)):
        knots = polyline("0.03,0,0 0.12,0.01,0 0.145,0.06,0 0.145,0.15,0", side, 1, 1)
        b.add("cactus", green, b.tube(curve(knots, 12), 0.032, 20).moved(y=low))
    petal = b.ball(0.012, 0.004, 0.026).moved(z=0.02).turned("x", -35).moved(y=0.615)
    b.add("flower", b.accent("petals", Finish("leaf", (0.95, 0.4, 0.55))), *around(petal, 8))


def flower(b: Builder) -> None:
    height = b.between(0.38, 0.5) * b.brief.stretch
    sway = b.between(-0.06, 0.06)
    path = curve([(0, 0, 0), (sway, height * 0.5, 0), (sway * 0.4, height, 0.02)], 12)
    b.add("stem", b.accent("stem", LEAF), b.tube(path, 0.0065, 10))
    blade = curve(polyline("0,0,0 0,0.05,0.05 0,0.05,0.12"), 10)
    leaf = b.tube(blade, 0.003 + 0.022 * np.sin(np.pi * np.arange(10) / 9.5), flatten=0.12)
    for turn, level in ((105, 4), (-75, 6)):
        placed = leaf.turned("y", turn).moved(*path[level].tolist())
        b.add("leaves", b.accent("leaves", LEAF), placed)
    with b.placed(lambda surface: surface.turned("x", 28).moved(*path[-1].tolist())):
        if b.says("rose"):
            _rose(b)
        elif b.says("tulip"):
            _tulip(b)
        elif b.says("sunflower"):
            core = Finish("ground", (0.25, 0.15, 0.07))
            _daisy(b, 26, 0.085, Finish("leaf", (0.95, 0.72, 0.08)), core, 0.055)
        else:
            colour = _PETALS[-1] if b.says("daisy") else b.pick(_PETALS)
            core = Finish("ground", (0.93, 0.7, 0.1))
            _daisy(b, b.whole(9, 14), b.between(0.055, 0.07), colour, core, 0.026)


def _daisy(
    b: Builder, count: int, length: float, petals: Finish, centre: Finish, core: float
) -> None:
    knots = [(0, 0, core * 0.6), (0, 0.012, core + length / 2), (0, 0, core + length)]
    widest = 3.6 * (core + length * 0.5) / count
    width = widest * (0.35 + 0.65 * np.sin(np.pi * (np.arange(9) + 1.5) / 11))
    for layer, tilt in ((0, -14), (1, -4)):
        petal = b.tube(curve(knots, 9), width, 10, flatten=0.1).turned("x", tilt)
        copies = around(petal, count, layer * 180 / count)
        b.add("petals", b.finish("petals", petals), *copies)
    b.add("centre", centre, b.ball(core, core * 0.45, core).moved(y=0.006))


def _rose(b: Builder) -> None:
    petals = b.finish("petals", Finish("leaf", (0.7, 0.05, 0.09)))
    for layer in range(5):
        radius, tall = 0.008 + 0.0085 * layer, 0.052 - 0.003 * layer

        def cupped(p: Floats, radius: float = radius) -> Floats:
            return shifted(p, z=radius - 14 * p[:, 0] ** 2 + 4 * p[:, 1] ** 2)

        petal = b.ball(0.014 + 0.0065 * layer, tall * 0.62, 0.0028).bent(cupped)
        leaning = petal.moved(y=tall * 0.6).turned("x", 4 + 11 * layer)
        b.add("petals", petals, *around(leaning, 3 + layer, layer * 37))
    b.add("sepals", LEAF, b.ball(0.018, 0.014, 0.018))


def _tulip(b: Builder) -> None:
    petals = b.finish("petals", b.pick(_PETALS))

    def cupped(p: Floats) -> Floats:
        return shifted(p, z=0.036 - 11 * p[:, 0] ** 2 - 7 * (p[:, 1] - 0.006) ** 2)

    petal = b.ball(0.04, 0.056, 0.003).bent(cupped).moved(y=0.048)
    b.add("petals", petals, *around(petal, 3), *around(petal.scaled(1, 1, 0.9), 3, 60))


def mushroom(b: Builder) -> None:
    cap = b.finish("top", Finish("ceramic", b.pick(_CAPS), wear=0.0))
    stem = b.accent("stem", Finish("plaster", (0.92, 0.87, 0.76)))
    spots = b.accent("spots", Finish("plaster", (0.96, 0.94, 0.88)))
    for i in range(b.whole(1, 3)):
        size, turn = b.between(0.4, 0.6) if i else 1.0, -126 * i - 29
        with b.placed(_away(0.11 if i else 0.0, turn)):
            _one_mushroom(b, size, cap, stem, spots)
    b.add("ground", b.accent("base", _MEADOW), b.ball(0.2, 0.025, 0.2))


def _away(distance: float, turn: float) -> Callable[[Surface], Surface]:
    return lambda surface: surface.moved(distance).turned("y", turn)


def _one_mushroom(b: Builder, size: float, cap: Finish, stem: Finish, spots: Finish) -> None:
    height, radius = 0.16 * size * b.brief.stretch, 0.1 * size
    stalk = polyline("0,0 0.38,0 0.42,0.1 0.27,0.45 0.24,1 0,1", radius, height)
    b.add("stem", stem, b.lathe(stalk, 0.01 * size, 28))
    dome = "0,0 0.3,0 0.96,-0.12 1,-0.06 0.92,0.26 0.6,0.56 0,0.7"
    profile = polyline(dome, radius, radius) + np.array([0, height])
    b.add("cap", cap, b.lathe(profile, 0.02 * size, 48))
    under = polyline("0,-0.02 0.26,-0.03 0.9,-0.135 0.26,0.02 0,0.02", radius, radius)
    gills = b.lathe(under, 0.0, 48).moved(y=height)
    b.add("gills", Finish("paper", (0.85, 0.76, 0.62)), gills)
    _spots(b, spots, primitives.rounded_profile(profile[3:], 0.02 * size, 6), size)


def _spots(b: Builder, finish: Finish, line: Floats, size: float) -> None:
    """Dots on a cap whose outline is ``line``."""
    for k in range(b.whole(9, 13)):
        at = 1 + int((0.618 * k % 1.0) * (len(line) - 3))
        across, up = line[at + 1] - line[at - 1]
        lean = float(np.degrees(np.arctan2(up, -across)))
        dot = b.ball(0.013 * size * b.between(0.7, 1.3), 0.0045 * size, 0.013 * size)
        placed = dot.turned("z", -lean).moved(*line[at].tolist())
        b.add("spots", finish, placed.turned("y", 137.5 * k))


def crystal(b: Builder) -> None:
    glass = b.finish("body", b.pick(_CRYSTALS))
    b.add("rock", GREY_STONE, _boulder(b, 0.17).scaled(1.1, 0.5, 1.05).grounded())
    for i in range(b.whole(7, 10)):
        size = b.between(0.35, 0.75) if i else 1.0
        shaft = polyline("0,0 0.8,0 1,0.75 0,1", 0.055 * size, 0.42 * size * b.brief.stretch)
        lean = b.between(16, 40) if i else 4.0
        leaning = primitives.lathe(shaft, 6).turned("z", -lean).moved(0.05 if i else 0.0, 0.03)
        b.add("crystals", glass, leaning.turned("y", 137.5 * i).creased(FACETED))
