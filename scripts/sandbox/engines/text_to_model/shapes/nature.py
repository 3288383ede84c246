"""Plants and stones."""

from __future__ import annotations

import numpy as np

from ...geometry import primitives
from ...geometry.primitives import Point3
from ...geometry.surface import FACETED, Floats, Surface
from ...textures.finish import Finish
from ...textures.noise import fractal
from ..builder import Builder, around, curve
from ..palette import (
    BARK,
    GREY_STONE,
    LEAF,
    LEAVES,
    SOIL,
    TERRACOTTA,
)
from .tableware import leaves as rosette
from .tableware import vessel

_FLOWERS = (
    (0.78, 0.07, 0.12),
    (0.93, 0.5, 0.62),
    (0.95, 0.78, 0.15),
    (0.55, 0.3, 0.75),
    (0.94, 0.92, 0.88),
)


def rock(b: Builder) -> None:
    stone = b.finish("body", GREY_STONE)
    count = 1 if b.whole(0, 1) else 3
    for i in range(count):
        size = b.between(0.45, 0.7) * (1.0 if i == 0 else 0.42)
        boulder = _boulder(b, size)
        turn = 2.1 * i + 0.7
        away = 0.0 if i == 0 else 0.72
        b.add("rock", boulder.moved(away * np.cos(turn), 0, away * np.sin(turn)), stone)


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

    ball = b.ball(1.0) if b.faceted else b.stone_ball()
    return ball.bent(chip).grounded().moved(y=-0.06 * size)


def tree(b: Builder) -> None:
    if b.says("bonsai"):
        _bonsai(b)
        return
    bark = b.finish("bark", BARK, main=False)
    leaf_default = LEAVES
    if b.says("autumn", "fall", "maple"):
        leaf_default = Finish("foliage", (0.75, 0.32, 0.08))
    if b.says("cherry", "blossom", "sakura"):
        leaf_default = Finish("foliage", (0.92, 0.62, 0.7))
    leaves = b.finish("leaves", leaf_default, main=b.brief.main.material is None)
    height = b.between(3.4, 4.8) * b.brief.stretch
    lean = b.between(-0.25, 0.25)
    trunk = curve(
        [(0, -0.05, 0), (lean * 0.3, height * 0.3, 0), (lean, height * 0.66, lean * 0.4)], 14
    )
    base = 0.19 * height / 4
    radii = [base * (1 - 0.05 * i) + base * 0.7 * np.exp(-1.1 * i) for i in range(14)]
    b.add("trunk", b.tube(trunk, radii, 14), bark)
    for turn in around(5, b.between(0, 70)):
        root = curve([(0, 0.2, 0), (base * 1.3, 0.07, 0), (base * 2.6, -0.06, 0)], 6)
        b.add(
            "trunk",
            b.tube(root, [0.5 * base * (1 - 0.12 * k) for k in range(6)], 8).turned("y", turn),
            bark,
        )
    count = b.whole(5, 7)
    for i in range(count):
        turn = 2.4 * i + b.between(-0.3, 0.3)
        start = trunk[6 + (i * 3) % 7]
        reach = height * b.between(0.2, 0.3)
        end = start + np.array(
            [np.cos(turn) * reach, height * b.between(0.1, 0.2), np.sin(turn) * reach]
        )
        middle = (start + end) / 2 + np.array([0, -0.08, 0])
        path = curve([_point(start), _point(middle), _point(end)], 7)
        b.add("branches", b.tube(path, [base * (0.42 - 0.04 * k) for k in range(7)], 8), bark)
        _crown(b, end, height * b.between(0.14, 0.19), leaves)
    _crown(b, trunk[-1] + np.array([0, height * 0.1, 0]), height * 0.23, leaves)


def _point(values: Floats) -> Point3:
    return float(values[0]), float(values[1]), float(values[2])


def _crown(b: Builder, centre: Floats, radius: float, leaves: Finish) -> None:
    seed = b.whole(0, 10_000)

    def lumpy(points: Floats) -> Floats:
        unit = points / np.linalg.norm(points, axis=1, keepdims=True)
        bumps = 0.13 * fractal(unit, 0.5, seed) + 0.03 * fractal(unit, 0.2, seed + 1)
        return np.asarray(points * (1 + bumps)[:, None])

    ball = b.ball(1.0) if b.faceted else b.stone_ball()
    mass = ball.scaled(radius, radius * 0.8, radius)
    b.add("leaves", mass.bent(lumpy).moved(*_point(centre)), leaves)


def _bonsai(b: Builder) -> None:
    tray = b.finish("base", Finish("ceramic", (0.2, 0.28, 0.36)), main=False)
    b.add("tray", b.box(0.42, 0.09, 0.28, 0.02), tray)
    b.add("soil", b.box(0.38, 0.03, 0.24, 0.01).moved(y=0.075), SOIL)
    bark = b.finish("bark", BARK, main=False)
    leaves = b.finish("leaves", Finish("foliage", LEAVES.colour, scale=0.22), main=True)
    path = curve(
        [
            (-0.08, 0.08, 0),
            (-0.02, 0.18, 0.03),
            (0.07, 0.27, 0),
            (0.0, 0.36, -0.02),
            (0.03, 0.42, 0),
        ],
        20,
    )
    b.add("trunk", b.tube(path, [0.036 * (1 - 0.037 * k) for k in range(20)], 12), bark)
    for centre, size in (
        ((0.05, 0.46, 0), 0.11),
        ((-0.12, 0.36, 0.03), 0.09),
        ((0.19, 0.33, 0.02), 0.09),
        ((0.02, 0.38, 0.1), 0.07),
        ((-0.02, 0.4, -0.1), 0.07),
    ):
        start = path[12 if centre[1] > 0.34 else 9]
        limb = curve([_point(start), _point((start + np.array(centre)) / 2), centre], 6)
        b.add("branches", b.tube(limb, [0.013 - 0.0012 * k for k in range(6)], 8), bark)
        ball = b.ball(1.0) if b.faceted else b.stone_ball()
        seed = b.whole(0, 9999)
        cloud = ball.bent(lambda p, seed=seed: p * (1 + 0.13 * fractal(p, 0.5, seed))[:, None])  # type: ignore[misc]
        b.add("leaves", cloud.scaled(size, size * 0.5, size * 0.85).moved(*centre), leaves)


def pine(b: Builder) -> None:
    bark = b.finish("bark", BARK, main=False)
    green = b.finish(
        "leaves", Finish("foliage", (0.1, 0.27, 0.13)), main=b.brief.main.material is None
    )
    height = b.between(4.0, 5.5) * b.brief.stretch
    b.add("trunk", b.cone(0.17, 0.05, height * 0.8, 0.02, 14), bark)
    tiers = b.whole(5, 6)
    for i in range(tiers):
        t = i / (tiers - 1)
        radius = height * (0.27 - 0.19 * t)
        tall = height * (0.3 - 0.08 * t)
        seed = b.whole(0, 9999)
        skirt = [
            (0.0, tall * 0.12),
            (radius * 0.55, tall * 0.06),
            (radius, -0.05),
            (radius * 0.62, tall * 0.3),
            (radius * 0.3, tall * 0.66),
            (0.0, tall),
        ]

        def ragged(points: Floats, seed: int = seed) -> Floats:
            bent = points.copy()
            turn = np.arctan2(points[:, 2], points[:, 0])
            away = np.hypot(points[:, 0], points[:, 2])
            star = np.sin(9 * turn + seed) * 0.5 + 0.5 * np.sin(17 * turn + 2 * seed)
            bent[:, [0, 2]] *= (1 + 0.12 * star)[:, None]
            bent[:, 1] += 0.05 * star - 0.12 * away**2
            return bent

        tier = b.lathe(skirt, 0.08, 48).bent(ragged)
        b.add("leaves", tier.moved(y=height * (0.17 + 0.62 * t)), green)
    if b.says("christmas"):
        _baubles(b, height)


def _baubles(b: Builder, height: float) -> None:
    star = [
        (r * np.cos(a), r * np.sin(a))
        for a, r in zip(np.linspace(np.pi / 2, 2.5 * np.pi, 11)[:-1], [0.26, 0.11] * 5, strict=True)
    ]
    b.add(
        "star",
        b.plate(star, 0.07, 0.02).moved(y=height * 1.03),
        Finish("metal", (0.95, 0.75, 0.3), wear=0.0),
    )
    for i in range(34):
        t = i / 34
        radius = height * (0.27 - 0.24 * t)
        place = (radius * np.cos(2.4 * i), height * (0.2 + 0.66 * t), radius * np.sin(2.4 * i))
        colour = b.pick([(0.75, 0.06, 0.08), (0.9, 0.7, 0.25), (0.15, 0.3, 0.65)])
        b.add("baubles", b.ball(0.085).moved(*place), Finish("paint", colour, wear=0.0))


def plant(b: Builder) -> None:
    clay = b.finish("body", TERRACOTTA, main=False)
    outer = [(0.09, 0.0), (0.135, 0.19), (0.155, 0.19), (0.158, 0.24)]
    b.add("pot", b.lathe(vessel(outer, 0.012), 0.006, 48), clay)
    b.add("soil", b.cone(0.07, 0.135, 0.2, 0.004, 36).moved(y=0.018), SOIL)
    if not b.says("cactus", "succulent", "kaktus"):
        rosette(b, 0.21, b.whole(11, 15), 0.42)
        return
    green = b.finish("leaves", Finish("plastic", (0.2, 0.42, 0.2)))

    def ribbed(points: Floats) -> Floats:
        turn = np.arctan2(points[:, 2], points[:, 0])
        bent = points.copy()
        bent[:, [0, 2]] *= (1 - 0.1 * np.abs(np.cos(6 * turn)) ** 4)[:, None]
        return bent

    b.add(
        "cactus",
        b.tube([(0, 0.15, 0), (0, 0.35, 0), (0, 0.55, 0)], [0.06, 0.072, 0.06], 72).bent(ribbed),
        green,
    )
    for side, low in ((1, 0.36), (-1, 0.3)):
        arm = curve(
            [
                (0.03 * side, low, 0),
                (0.12 * side, low + 0.01, 0),
                (0.145 * side, low + 0.06, 0),
                (0.145 * side, low + 0.15, 0),
            ],
            12,
        )
        b.add("cactus", b.tube(arm, 0.032, 20), green)
    bloom = b.finish("petals", Finish("leaf", (0.95, 0.4, 0.55)), main=False)
    for turn in around(8):
        petal = b.ball(0.012, 0.004, 0.026).moved(0, 0.0, 0.02).turned("x", -35).turned("y", turn)
        b.add("flower", petal.moved(y=0.615), bloom)


def flower(b: Builder) -> None:
    green = b.finish("stem", LEAF, main=False)
    height = b.between(0.38, 0.5) * b.brief.stretch
    sway = b.between(-0.06, 0.06)
    path = curve([(0, 0, 0), (sway, height * 0.5, 0), (sway * 0.4, height, 0.02)], 12)
    b.add("stem", b.tube(path, [0.0065] * 12, 10), green)
    for side, level in ((1, 4), (-1, 6)):
        blade = curve([(0, 0, 0), (0, 0.05, 0.05), (0, 0.05, 0.12)], 10)
        width = [0.003 + 0.022 * np.sin(np.pi * k / 9.5) for k in range(10)]
        leaf = b.tube(blade, width, 10, flatten=0.12).turned("y", 90 * side + 15)
        b.add("leaves", leaf.moved(*_point(path[level])), b.finish("leaves", LEAF, main=False))
    head = _point(path[-1])
    start = len(b.parts)
    if b.says("rose"):
        _rose(b)
    elif b.says("tulip"):
        _tulip(b)
    elif b.says("sunflower"):
        _daisy(b, 26, 0.085, (0.95, 0.72, 0.08), (0.25, 0.15, 0.07), 0.055)
    else:
        white = b.says("daisy")
        colour = (0.95, 0.94, 0.9) if white else b.pick(_FLOWERS)
        _daisy(b, b.whole(9, 14), b.between(0.055, 0.07), colour, (0.93, 0.7, 0.1), 0.026)
    for i in range(start, len(b.parts)):
        part = b.parts[i]
        tilted = part.surface.turned("x", 28).moved(*head)
        b.parts[i] = type(part)(part.name, tilted, part.finish, part.copy_of)


def _daisy(
    b: Builder,
    count: int,
    length: float,
    colour: tuple[float, float, float],
    middle: tuple[float, float, float],
    core: float,
) -> None:
    petal_finish = b.finish("petals", Finish("leaf", colour))
    for layer, tilt in ((0, 14), (1, 4)):
        for turn in around(count, layer * 180 / count):
            path = curve(
                [(0, 0, core * 0.6), (0, 0.012, core + length * 0.5), (0, 0.0, core + length)], 9
            )
            widest = 3.6 * (core + length * 0.5) / count
            width = [widest * (0.35 + 0.65 * np.sin(np.pi * (k + 1.5) / 11)) for k in range(9)]
            petal = b.tube(path, width, 10, flatten=0.1).turned("x", -tilt).turned("y", turn)
            b.add("petals", petal, petal_finish, f"petal {layer}")
    disc = b.ball(core, core * 0.45, core).moved(y=0.006)
    b.add("centre", disc, Finish("ground", middle))


def _rose(b: Builder) -> None:
    petal_finish = b.finish("petals", Finish("leaf", (0.7, 0.05, 0.09)))
    for layer in range(5):
        count = 3 + layer
        for turn in around(count, layer * 37):
            radius = 0.008 + 0.0085 * layer
            tall = 0.052 - 0.003 * layer
            lean = 4 + 11 * layer
            petal = b.ball(0.014 + 0.0065 * layer, tall * 0.62, 0.0028).bent(
                lambda p, radius=radius: (
                    p
                    + np.column_stack(
                        [  # type: ignore[misc]
                            0 * p[:, 0],
                            0 * p[:, 0],
                            radius - 14 * p[:, 0] ** 2 + 4 * p[:, 1] ** 2,
                        ]
                    )
                )
            )
            b.add(
                "petals",
                petal.moved(y=tall * 0.6).turned("x", lean).turned("y", turn),
                petal_finish,
                f"petal {layer}",
            )
    b.add("sepals", b.ball(0.018, 0.014, 0.018), LEAF)


def _tulip(b: Builder) -> None:
    petal_finish = b.finish("petals", Finish("leaf", b.pick(_FLOWERS)))
    for layer in range(2):
        for turn in around(3, 60 * layer):
            petal = b.ball(0.04, 0.056, 0.003).bent(
                lambda p: (
                    p
                    + np.column_stack(
                        [
                            0 * p[:, 0],
                            0 * p[:, 0],
                            0.036 - 11 * p[:, 0] ** 2 - 7 * (p[:, 1] - 0.006) ** 2,
                        ]
                    )
                )
            )
            placed = petal.moved(y=0.048).scaled(1, 1, 1 - 0.1 * layer).turned("y", turn)
            b.add("petals", placed, petal_finish, f"petal {layer}")


def mushroom(b: Builder) -> None:
    cap = b.finish(
        "top", Finish("ceramic", b.pick([(0.72, 0.08, 0.06), (0.5, 0.3, 0.17)]), wear=0.0)
    )
    stem = b.finish("stem", Finish("plaster", (0.92, 0.87, 0.76)), main=False)
    gills = Finish("paper", (0.85, 0.76, 0.62))
    spots = b.finish("spots", Finish("plaster", (0.96, 0.94, 0.88)), main=False)
    for i in range(b.whole(1, 3)):
        size = 1.0 if i == 0 else b.between(0.4, 0.6)
        height, radius = 0.16 * size * b.brief.stretch, 0.1 * size
        turn = 2.2 * i + 0.5
        x, z = (0.0, 0.0) if i == 0 else (0.11 * np.cos(turn), 0.11 * np.sin(turn))
        stalk = [
            (0.0, 0.0),
            (radius * 0.38, 0.0),
            (radius * 0.42, height * 0.1),
            (radius * 0.27, height * 0.45),
            (radius * 0.24, height),
            (0.0, height),
        ]
        b.add("stem", b.lathe(stalk, 0.01 * size, 28).moved(x, 0, z), stem)
        dome = [
            (0.0, height),
            (radius * 0.3, height),
            (radius * 0.96, height - radius * 0.12),
            (radius, height - radius * 0.06),
            (radius * 0.92, height + radius * 0.26),
            (radius * 0.6, height + radius * 0.56),
            (0.0, height + radius * 0.7),
        ]
        b.add("cap", b.lathe(dome, 0.02 * size, 48).moved(x, 0, z), cap)
        under = [
            (0.0, height - radius * 0.02),
            (radius * 0.26, height - radius * 0.03),
            (radius * 0.9, height - radius * 0.135),
            (radius * 0.26, height + 0.002),
        ]
        b.add("gills", b.lathe([*under, (0.0, height + 0.002)], 0.0, 48).moved(x, 0, z), gills)
        line = np.array(primitives.rounded_profile(dome[3:], 0.02 * size, 6))
        for k in range(b.whole(9, 13)):
            at = 1 + int((0.618 * k % 1.0) * (len(line) - 3))
            radius_here, y = (float(v) for v in line[at])
            ahead = line[at + 1] - line[at - 1]
            lean = float(np.degrees(np.arctan2(ahead[1], -ahead[0])))
            dot = b.ball(0.013 * size * b.between(0.7, 1.3), 0.0045 * size, 0.013 * size)
            dot = dot.turned("z", -lean).moved(radius_here, y, 0)
            b.add("spots", dot.turned("y", 137.5 * k).moved(x, 0, z), spots)
    soil = b.finish("base", Finish("ground", (0.26, 0.36, 0.14)), main=False)
    b.add("ground", b.ball(0.2, 0.025, 0.2), soil)


def crystal(b: Builder) -> None:
    glass = b.finish(
        "body",
        Finish(
            "glass",
            b.pick([(0.45, 0.2, 0.65), (0.15, 0.5, 0.65), (0.15, 0.55, 0.3), (0.75, 0.2, 0.4)]),
        ),
    )
    b.add("rock", _boulder(b, 0.17).scaled(1.1, 0.5, 1.05).grounded(), GREY_STONE)
    count = b.whole(7, 10)
    for i in range(count):
        size = 1.0 if i == 0 else b.between(0.35, 0.75)
        radius, tall = 0.055 * size, 0.42 * size * b.brief.stretch
        shaft = [(0.0, 0.0), (radius * 0.8, 0.0), (radius, tall * 0.75), (0.0, tall)]
        surface = primitives.lathe(shaft, 6)
        lean = 4.0 if i == 0 else b.between(16, 40)
        away = 0.0 if i == 0 else 0.05
        surface = surface.turned("z", -lean).moved(away, 0.03, 0).turned("y", 137.5 * i)
        b.add("crystals", surface.creased(FACETED), glass)
