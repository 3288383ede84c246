"""Vessels and what is on the table."""

from __future__ import annotations

import numpy as np

from ...geometry.primitives import Point2
from ...geometry.surface import Floats
from ...textures.finish import Finish
from ..builder import Builder, around, curve
from ..palette import (
    GOLD,
    LEAF,
    SOIL,
    STEEL,
    TERRACOTTA,
    WHITE_GLAZE,
)

_GLAZES = (
    WHITE_GLAZE,
    TERRACOTTA,
    Finish("ceramic", (0.12, 0.28, 0.42)),
    Finish("ceramic", (0.3, 0.42, 0.32)),
    Finish("ceramic", (0.16, 0.16, 0.18)),
)
_COFFEE = Finish("ceramic", (0.2, 0.1, 0.05))


def vessel(outer: list[Point2], wall: float) -> list[Point2]:
    """Close an outer profile (foot to rim) with an inner wall of the given thickness."""
    inner = [(max(r - wall, wall * 0.5), max(y, wall * 1.5)) for r, y in reversed(outer[:-1])]
    rim_radius, rim_height = outer[-1]
    rim = [(rim_radius - wall * 0.5, rim_height + wall * 0.35), (rim_radius - wall, rim_height)]
    return [(0.0, 0.0), *outer, *rim, *inner, (0.0, wall * 1.5)]


def vase(b: Builder) -> None:
    glaze = b.finish("body", b.pick(_GLAZES))
    height = b.between(0.26, 0.38) * b.brief.stretch
    belly, neck = b.between(0.36, 0.46), b.between(0.14, 0.22)
    at = b.between(0.3, 0.6)
    outer = [
        (0.2 * height, 0.0),
        (0.22 * height, 0.03 * height),
        (belly * 0.75 * height, at * 0.5 * height),
        (belly * 0.9 * height, at * height),
        (belly * 0.75 * height, (at + 0.16) * height),
        (neck * height, 0.84 * height),
        (neck * 0.95 * height, 0.93 * height),
        (neck * 1.35 * height, height),
    ]
    b.add("body", b.lathe(vessel(outer, 0.006), 0.03, 48), glaze)
    band = b.finish("fittings", b.pick([GOLD, Finish("ceramic", (0.15, 0.25, 0.4))]), main=False)
    for y in (0.845, 0.935):
        radius = neck * height * (1.02 if y < 0.9 else 1.0)
        ring = [
            (radius * np.cos(t), y * height, radius * np.sin(t)) for t in np.radians(around(32))
        ]
        b.add("band", b.tube(ring, 0.004, 8, loop=True), band)


def pot(b: Builder) -> None:
    """A planter with something green, or a cauldron."""
    if b.says("cauldron", "kessel", "topf", "锅", "olla"):
        _cauldron(b)
        return
    clay = b.finish("body", TERRACOTTA)
    outer = [(0.09, 0.0), (0.135, 0.19), (0.155, 0.19), (0.158, 0.24)]
    b.add("pot", b.lathe(vessel(outer, 0.012), 0.006, 48), clay)
    b.add("soil", b.cone(0.07, 0.135, 0.2, 0.004, 36).moved(y=0.018), SOIL)
    leaves(b, 0.21, b.whole(9, 13), 0.34)


def leaves(b: Builder, base: float, count: int, length: float) -> None:
    """A rosette of bent leaves."""
    green = b.finish("leaves", LEAF, main=False)
    for i in range(count):
        reach = length * b.between(0.7, 1.1)
        rise = b.between(0.35, 1.0)
        path = curve(
            [
                (0.0, 0.0, 0.0),
                (0.0, reach * 0.55 * rise, reach * 0.25),
                (0.0, reach * 0.72 * rise, reach * 0.62),
                (0.0, reach * 0.42 * rise, reach),
            ],
            12,
        )
        width = [0.006 + 0.034 * np.sin(np.pi * min(k / 10.5, 1.0)) ** 0.8 for k in range(12)]
        # A path in the YZ plane makes a tube that is wide along X.
        leaf = b.tube(path, width, 12, flatten=0.12)
        turn = i * 137.5 + b.between(-10, 10)
        b.add("leaves", leaf.turned("y", turn).moved(y=base), green)


def _cauldron(b: Builder) -> None:
    iron = b.finish("body", Finish("metal", (0.16, 0.16, 0.17), wear=0.4))
    outer = [(0.08, 0.04), (0.2, 0.08), (0.27, 0.2), (0.25, 0.33), (0.21, 0.38), (0.25, 0.42)]
    b.add("pot", b.lathe(vessel([(r, y) for r, y in outer], 0.014), 0.03, 48), iron)
    for turn in around(3, 30):
        foot = b.tube([(0.13, 0.1, 0), (0.17, 0.0, 0)], [0.03, 0.02], 10)
        b.add("feet", foot.turned("y", turn), iron)
    brew = b.finish("liquid", Finish("glow", (0.35, 0.8, 0.2)), main=False)
    b.add("brew", b.cylinder(0.225, 0.03, 0.004, 40).moved(y=0.32), brew)


def bowl(b: Builder) -> None:
    glaze = b.finish("body", b.pick(_GLAZES))
    radius = b.between(0.1, 0.15)
    outer = [
        (radius * 0.42, 0.0),
        (radius * 0.42, 0.012),
        (radius * 0.72, radius * 0.22),
        (radius * 0.93, radius * 0.5),
        (radius, radius * 0.75),
    ]
    b.add("bowl", b.lathe(vessel(outer, 0.006), 0.012, 56), glaze)
    if b.says("fruit"):
        for turn in around(5, 20):
            ball = b.ball(radius * 0.27).moved(radius * 0.42, radius * 0.62, 0)
            fruit = Finish(
                "ceramic", b.pick([(0.75, 0.12, 0.08), (0.9, 0.5, 0.1), (0.5, 0.65, 0.15)])
            )
            b.add("fruit", ball.turned("y", turn), fruit)


def bottle(b: Builder) -> None:
    potion = b.says("potion", "flask")
    glass = b.finish("body", Finish("glass", (0.45, 0.12, 0.5) if potion else (0.1, 0.26, 0.14)))
    cork = Finish("wood", (0.72, 0.55, 0.38))
    if potion:
        outer = [
            (0.03, 0.0),
            (0.07, 0.02),
            (0.08, 0.065),
            (0.06, 0.11),
            (0.022, 0.135),
            (0.02, 0.185),
            (0.027, 0.19),
            (0.027, 0.2),
        ]
        height = 0.2
    else:
        outer = [
            (0.036, 0.0),
            (0.038, 0.01),
            (0.038, 0.18),
            (0.03, 0.215),
            (0.015, 0.25),
            (0.0145, 0.29),
            (0.017, 0.292),
            (0.017, 0.305),
        ]
        height = 0.305
    b.add("bottle", b.lathe([(0.0, 0.0), *outer, (0.0, height)], 0.006, 48), glass)
    neck = outer[-1][0]
    plug = b.cone(neck * 0.75, neck * 0.95, 0.03, 0.002, 24).moved(y=height - 0.012)
    b.add("cork", plug, b.finish("lid", cork, main=False))
    label = b.finish("fittings", Finish("paper", (0.86, 0.8, 0.66)), main=False)
    low, high, radius = (0.05, 0.12, 0.0388) if not potion else (0.142, 0.15, 0.0235)
    wrap = [
        (radius - 0.001, low),
        (radius, low),
        (radius, high),
        (radius - 0.001, high),
        (radius - 0.001, low),
    ]
    b.add("label", b.lathe(wrap, 0.0, 48), label)


def cup(b: Builder) -> None:
    tankard = b.says("tankard", "stein")
    glaze = b.finish("body", Finish("wood", (0.5, 0.33, 0.2)) if tankard else b.pick(_GLAZES))
    height, radius = (0.15, 0.06) if tankard else (b.between(0.085, 0.105), b.between(0.038, 0.046))
    outer = [
        (radius * 0.82, 0.0),
        (radius * 0.95, 0.006),
        (radius, height * 0.4),
        (radius, height * 0.7),
        (radius * (0.95 if tankard else 1.02), height),
    ]
    b.add("cup", b.lathe(vessel(outer, 0.004), 0.006, 56), glaze)
    handle = curve(
        [
            (radius * 0.96, height * 0.8, 0),
            (radius * 1.55, height * 0.82, 0),
            (radius * 1.75, height * 0.5, 0),
            (radius * 1.4, height * 0.2, 0),
            (radius * 0.96, height * 0.18, 0),
        ],
        16,
    )
    b.add("handle", b.tube(handle, 0.0055, 12, flatten=0.75), b.finish("handle", glaze, main=False))
    drink = b.finish("liquid", _COFFEE, main=False)
    surface = b.cylinder(radius - 0.0035, 0.01, 0.001, 40).moved(y=height * 0.8)
    b.add("drink", surface, drink)
    if tankard:
        for y in (0.02, 0.115):
            band = [
                (radius * 0.9, y),
                (radius * 1.03, y),
                (radius * 1.03, y + 0.014),
                (radius * 0.9, y + 0.014),
                (radius * 0.9, y),
            ]
            b.add("bands", b.lathe(band, 0.002, 48), b.finish("fittings", STEEL, main=False))


def goblet(b: Builder) -> None:
    gold = b.finish("body", GOLD)
    trophy = b.says("trophy", "pokal", "奖杯")
    outer = [
        (0.04, 0.0),
        (0.042, 0.008),
        (0.018, 0.018),
        (0.008, 0.04),
        (0.012, 0.065),
        (0.007, 0.075),
        (0.009, 0.092),
        (0.03, 0.105),
        (0.043, 0.135),
        (0.045, 0.165),
        (0.048, 0.185),
    ]
    bowl_start = 7
    inner = [(r - 0.004, y + 0.002) for r, y in reversed(outer[bowl_start:-1])]
    profile = [(0.0, 0.0), *outer, (0.044, 0.186), *inner, (0.0, 0.11)]
    scale = 2.0 if trophy else 1.0
    cup_surface = b.lathe(profile, 0.004, 48).scaled(scale, scale, scale)
    b.add("cup", cup_surface.moved(y=0.05 if trophy else 0.0), gold)
    gem = b.finish("gem", Finish("glass", (0.6, 0.05, 0.1)), main=False)
    if trophy:
        b.add("base", b.box(0.13, 0.05, 0.13, 0.008), Finish("wood", (0.22, 0.12, 0.08)))
        for side in (-1.0, 1.0):
            handle = curve([(0.085, 0.39, 0), (0.15, 0.4, 0), (0.14, 0.3, 0), (0.07, 0.28, 0)], 14)
            surface = b.tube(handle, 0.007, 12)
            b.add("handles", surface if side > 0 else surface.mirrored(), gold)
        return
    for turn in around(6):
        jewel = b.ball(0.006, 0.008, 0.004).moved(0, 0.15, 0.0445)
        b.add("gems", jewel.turned("y", turn), gem)


def teapot(b: Builder) -> None:
    glaze = b.finish("body", b.pick(_GLAZES))
    trim = b.finish("handle", glaze, main=False)
    outer = [(0.055, 0.0), (0.06, 0.008), (0.092, 0.05), (0.09, 0.09), (0.06, 0.125), (0.04, 0.13)]
    b.add("body", b.lathe([(0.0, 0.0), *outer, (0.0, 0.13)], 0.02, 56), glaze)
    lid = [
        (0.0, 0.0),
        (0.042, 0.0),
        (0.04, 0.01),
        (0.015, 0.022),
        (0.006, 0.026),
        (0.011, 0.038),
        (0.0, 0.046),
    ]
    b.add("lid", b.lathe(lid, 0.004, 40).moved(y=0.128), b.finish("lid", glaze, main=False))
    spout = curve([(0.075, 0.045, 0), (0.115, 0.065, 0), (0.125, 0.1, 0), (0.15, 0.125, 0)], 14)
    b.add("spout", b.tube(spout, list(np.linspace(0.024, 0.011, 14)), 16), glaze)
    handle = curve([(-0.075, 0.1, 0), (-0.13, 0.115, 0), (-0.145, 0.07, 0), (-0.082, 0.04, 0)], 14)
    b.add("handle", b.tube(handle, 0.008, 12, flatten=0.8), trim)


def cake(b: Builder) -> None:
    icing = b.finish("top", Finish("plaster", (0.95, 0.72, 0.78)))
    sponge = Finish("ground", (0.72, 0.5, 0.28))
    plate = [(0.0, 0.0), (0.1, 0.0), (0.17, 0.012), (0.172, 0.016), (0.1, 0.008), (0.0, 0.008)]
    b.add("plate", b.lathe(plate, 0.004, 48), WHITE_GLAZE)
    b.add("sponge", b.cylinder(0.12, 0.09, 0.01, 48).moved(y=0.008), sponge)

    def drips(points: Floats) -> Floats:
        turn = np.arctan2(points[:, 2], points[:, 0])
        low = points[:, 1] < 0.02
        bent = points.copy()
        wave = 0.5 + 0.3 * np.sin(9 * turn) + 0.2 * np.sin(14 * turn + 1)
        bent[:, 1] -= np.where(low, 0.045 * wave, 0.0)
        return bent

    b.add("icing", b.cylinder(0.125, 0.035, 0.012, 96).bent(drips).moved(y=0.075), icing)
    cream = Finish("plaster", (0.98, 0.95, 0.9))
    red = Finish("ceramic", (0.7, 0.05, 0.07))
    swirl = [(0.0, 0.0), (0.02, 0.004), (0.018, 0.014), (0.008, 0.024), (0.0, 0.03)]
    for turn in around(8):
        dollop = b.lathe(swirl, 0.004, 16).moved(0.09, 0.108, 0).turned("y", turn)
        b.add("cream", dollop, cream)
        cherry = b.ball(0.011).moved(0.09, 0.143, 0).turned("y", turn)
        b.add("cherries", cherry, red)
    candle = b.cylinder(0.005, 0.06, 0.001, 12).moved(y=0.11)
    b.add("candle", candle, Finish("plastic", (0.3, 0.55, 0.8)))
    b.add("flame", b.ball(0.005, 0.01, 0.005).moved(y=0.18), Finish("glow", (1.0, 0.75, 0.2)))


def apple(b: Builder) -> None:
    pumpkin = b.says("pumpkin")
    orange = b.says("orange")
    colour = (0.88, 0.42, 0.06) if pumpkin or orange else (0.72, 0.09, 0.07)
    peel = b.finish("body", Finish("ceramic", colour))
    size = 0.16 if pumpkin else 0.042
    outline = [
        (0.0, -0.78),
        (0.25, -0.92),
        (0.6, -0.8),
        (0.92, -0.3),
        (1.0, 0.15),
        (0.9, 0.6),
        (0.6, 0.88),
        (0.3, 0.9),
        (0.1, 0.74),
        (0.0, 0.66),
    ]
    squash = 0.72 if pumpkin else 0.92
    body = b.lathe([(r * size, y * size * squash) for r, y in outline], 0.2 * size, 64)

    def ribs(points: Floats) -> Floats:
        turn = np.arctan2(points[:, 2], points[:, 0])
        return np.asarray(points * (1 - 0.1 * np.abs(np.cos(5 * turn)) ** 6)[:, None])

    b.add("fruit", body.bent(ribs) if pumpkin else body, peel)
    top = 0.7 * size * squash
    stem = curve(
        [(0, top, 0), (0.05 * size, top + 0.3 * size, 0), (0.2 * size, top + 0.55 * size, 0)], 6
    )
    thick = 0.13 if pumpkin else 0.06
    b.add(
        "stem",
        b.tube(stem, thick * size, 8),
        b.finish("stem", Finish("bark", (0.3, 0.22, 0.1)), main=False),
    )
    if not pumpkin:
        width = [0.02 * size + 0.2 * size * np.sin(np.pi * k / 9) for k in range(10)]
        blade = curve(
            [
                (0, top + 0.3 * size, 0.05 * size),
                (0, top + 0.5 * size, 0.4 * size),
                (0, top + 0.35 * size, 0.9 * size),
            ],
            10,
        )
        green = b.finish("leaves", LEAF, main=False)
        b.add("leaf", b.tube(blade, width, 10, flatten=0.15), green)
