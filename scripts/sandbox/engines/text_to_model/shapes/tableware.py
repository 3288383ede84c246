"""Vessels and what is on the table."""

import numpy as np

from ...geometry.surface import Floats, Polyline, Surface, polyline
from ...textures.texels import Finish
from ..builder import Builder, around, both, curve, fluted, shifted
from ..palette import GOLD, LEAF, SOIL, STEEL, TERRACOTTA, WHITE_GLAZE, finishes

_GLAZES = (
    WHITE_GLAZE,
    TERRACOTTA,
    *finishes("ceramic", "0.12,0.28,0.42 0.3,0.42,0.32 0.16,0.16,0.18"),
)


def _vessel(b: Builder, outer: Polyline, wall: float, soft: float) -> Surface:
    """A hollow body: an outer profile (foot to rim) and an inner wall of the given thickness."""
    line = np.asarray(outer, dtype=np.float64)
    inner = [(max(r - wall, wall * 0.5), max(y, wall * 1.5)) for r, y in line[-2::-1]]
    radius, height = line[-1]
    rim = [(radius - wall * 0.5, height + wall * 0.35), (radius - wall, height)]
    profile = [(0.0, 0.0), *line.tolist(), *rim, *inner, (0.0, wall * 1.5)]
    return b.lathe(profile, soft, 48)


def vase(b: Builder) -> None:
    glaze = b.finish("body", b.pick(_GLAZES))
    height = b.between(0.26, 0.38) * b.brief.stretch
    belly, neck = b.between(0.36, 0.46), b.between(0.14, 0.22)
    at = b.between(0.3, 0.6)
    low = [(0.2, 0), (0.22, 0.03), (belly * 0.75, at * 0.5), (belly * 0.9, at)]
    high = [(belly * 0.75, at + 0.16), (neck, 0.84), (neck * 0.95, 0.93), (neck * 1.35, 1)]
    b.add("body", glaze, _vessel(b, np.array([*low, *high]) * height, 0.006, 0.03))
    band = b.accent("fittings", b.pick([GOLD, Finish("ceramic", (0.15, 0.25, 0.4))]))
    for y, radius in ((0.845, 1.02), (0.935, 1.0)):
        b.add("band", band, b.hoop(neck * height * radius, 0.004, y * height))


def flowerpot(b: Builder, clay: Finish) -> None:
    """A pot filled with soil."""
    b.add(
        "pot", clay, _vessel(b, polyline("0.09,0 0.135,0.19 0.155,0.19 0.158,0.24"), 0.012, 0.006)
    )
    b.add("soil", SOIL, b.cone(0.07, 0.135, 0.2, 0.004, 36).moved(y=0.018))


def leaves(b: Builder, base: float, count: int, length: float) -> None:
    """A rosette of bent leaves."""
    green = b.accent("leaves", LEAF)
    width = [0.006 + 0.034 * np.sin(np.pi * min(k / 10.5, 1.0)) ** 0.8 for k in range(12)]
    for i in range(count):
        reach, rise = length * b.between(0.7, 1.1), b.between(0.35, 1.0)
        knots = polyline("0,0,0 0,0.55,0.25 0,0.72,0.62 0,0.42,1", 1, reach * rise, reach)
        # A path in the YZ plane makes a tube that is wide along X.
        leaf = b.tube(curve(knots, 12), width, 12, flatten=0.12)
        b.add("leaves", green, leaf.turned("y", i * 137.5 + b.between(-10, 10)).moved(y=base))


def pot(b: Builder) -> None:
    """A planter with something green, or a cauldron."""
    if not b.says("cauldron", "kessel", "topf", "锅", "olla"):
        flowerpot(b, b.finish("body", TERRACOTTA))
        leaves(b, 0.21, b.whole(9, 13), 0.34)
        return
    iron = b.finish("body", Finish("metal", (0.16, 0.16, 0.17), wear=0.4))
    outer = polyline("0.08,0.04 0.2,0.08 0.27,0.2 0.25,0.33 0.21,0.38 0.25,0.42")
    b.add("pot", iron, _vessel(b, outer, 0.014, 0.03))
    foot = b.tube([(0.13, 0.1, 0), (0.17, 0.0, 0)], [0.03, 0.02], 10)
    b.add("feet", iron, *around(foot, 3, 30))
    brew = b.accent("liquid", Finish("glow", (0.35, 0.8, 0.2)))
    b.add("brew", brew, b.cylinder(0.225, 0.03, 0.004, 40).moved(y=0.32))


def bowl(b: Builder) -> None:
    glaze = b.finish("body", b.pick(_GLAZES))
    radius = b.between(0.1, 0.15)
    outer = polyline("0.42,0 0.42,0.1 0.72,0.22 0.93,0.5 1,0.75", radius, radius)
    b.add("bowl", glaze, _vessel(b, outer, 0.006, 0.012))
    if b.says("fruit"):
        fruits = finishes("ceramic", "0.75,0.12,0.08 0.9,0.5,0.1 0.5,0.65,0.15")
        ball = b.ball(radius * 0.27).moved(radius * 0.42, radius * 0.62, 0)
        for fruit in around(ball, 5, 20):
            b.add("fruit", b.pick(fruits), fruit)


def bottle(b: Builder) -> None:
    potion = b.says("potion", "flask")
    glass = b.finish("body", Finish("glass", (0.45, 0.12, 0.5) if potion else (0.1, 0.26, 0.14)))
    if potion:
        outer = "0.03,0 0.07,0.02 0.08,0.065 0.06,0.11 0.022,0.135 0.02,0.185 0.027,0.19 0.027,0.2"
        neck, height, label = 0.027, 0.2, b.band(0.0235, 0.0235, 0.142, 0.15, 0.001)
    else:
        outer = "0.036,0 0.038,0.01 0.038,0.18 0.03,0.215 0.015,0.25 0.0145,0.29 0.017,0.292"
        neck, height, label = 0.017, 0.305, b.band(0.0388, 0.0388, 0.05, 0.12, 0.001)
    profile = polyline(f"0,0 {outer} {neck},{height} 0,{height}")
    b.add("bottle", glass, b.lathe(profile, 0.006, 48))
    cork = b.accent("lid", Finish("wood", (0.72, 0.55, 0.38)))
    plug = b.cone(neck * 0.75, neck * 0.95, 0.03, 0.002)
    b.add("cork", cork, plug.moved(y=height - 0.012))
    b.add("label", b.accent("fittings", Finish("paper", (0.86, 0.8, 0.66))), label)


def cup(b: Builder) -> None:
    tankard = b.says("tankard", "stein")
    glaze = b.finish("body", Finish("wood", (0.5, 0.33, 0.2)) if tankard else b.pick(_GLAZES))
    height, radius = (0.15, 0.06) if tankard else (b.between(0.085, 0.105), b.between(0.038, 0.046))
    rim = 0.95 if tankard else 1.02
    outer = polyline(f"0.82,0 0.95,0.06 1,0.4 1,0.7 {rim},1", radius, height)
    b.add("cup", glaze, _vessel(b, outer, 0.004, 0.006))
    knots = "0.96,0.8,0 1.55,0.82,0 1.75,0.5,0 1.4,0.2,0 0.96,0.18,0"
    handle = b.tube(curve(polyline(knots, radius, height, 1), 16), 0.0055, 12, flatten=0.75)
    b.add("handle", b.accent("handle", glaze), handle)
    drink = b.accent("liquid", Finish("ceramic", (0.2, 0.1, 0.05)))
    b.add("drink", drink, b.cylinder(radius - 0.0035, 0.01, 0.001, 40).moved(y=height * 0.8))
    if tankard:
        for y in (0.02, 0.115):
            band = b.band(radius * 1.03, radius * 1.03, y, y + 0.014, radius * 0.1)
            b.add("bands", b.accent("fittings", STEEL), band)


def goblet(b: Builder) -> None:
    gold = b.finish("body", GOLD)
    trophy = b.says("trophy", "pokal", "奖杯")
    profile = polyline(
        "0,0 0.04,0 0.042,0.008 0.018,0.018 0.008,0.04 0.012,0.065 0.007,0.075 0.009,0.092 "
        "0.03,0.105 0.043,0.135 0.045,0.165 0.048,0.185 0.044,0.186 0.041,0.167 0.039,0.137 "
        "0.026,0.107 0,0.11"
    )
    if not trophy:
        b.add("cup", gold, b.lathe(profile, 0.004, 48))
        gem = b.accent("gem", Finish("glass", (0.6, 0.05, 0.1)))
        b.add("gems", gem, *around(b.ball(0.006, 0.008, 0.004).moved(0, 0.15, 0.0445), 6))
        return
    b.add("cup", gold, b.lathe(profile * 2, 0.008, 48).moved(y=0.05))
    b.add("base", Finish("wood", (0.22, 0.12, 0.08)), b.box(0.13, 0.05, 0.13, 0.008))
    knots = polyline("0.085,0.39,0 0.15,0.4,0 0.14,0.3,0 0.07,0.28,0")
    b.add("handles", gold, *both(b.tube(curve(knots, 14), 0.007, 12)))


def teapot(b: Builder) -> None:
    glaze = b.finish("body", b.pick(_GLAZES))
    trim = b.accent("handle", glaze)
    body = "0,0 0.055,0 0.06,0.008 0.092,0.05 0.09,0.09 0.06,0.125 0.04,0.13 0,0.13"
    b.add("body", glaze, b.lathe(polyline(body), 0.02, 56))
    lid = polyline("0,0 0.042,0 0.04,0.01 0.015,0.022 0.006,0.026 0.011,0.038 0,0.046")
    b.add("lid", b.accent("lid", glaze), b.lathe(lid, 0.004, 40).moved(y=0.128))
    spout = curve(polyline("0.075,0.045,0 0.115,0.065,0 0.125,0.1,0 0.15,0.125,0"), 14)
    b.add("spout", glaze, b.tube(spout, np.linspace(0.024, 0.011, 14), 16))
    handle = curve(polyline("-0.075,0.1,0 -0.13,0.115,0 -0.145,0.07,0 -0.082,0.04,0"), 14)
    b.add("handle", trim, b.tube(handle, 0.008, 12, flatten=0.8))


def cake(b: Builder) -> None:
    icing = b.finish("top", Finish("plaster", (0.95, 0.72, 0.78)))
    plate = polyline("0,0 0.1,0 0.17,0.012 0.172,0.016 0.1,0.008 0,0.008")
    b.add("plate", WHITE_GLAZE, b.lathe(plate, 0.004, 48))
    b.add(
        "sponge",
        Finish("ground", (0.72, 0.5, 0.28)),
        b.cylinder(0.12, 0.09, 0.01, 48).moved(y=0.008),
    )

    def drips(points: Floats) -> Floats:
        turn = np.arctan2(points[:, 2], points[:, 0])
        wave = 0.5 + 0.3 * np.sin(9 * turn) + 0.2 * np.sin(14 * turn + 1)
        return shifted(points, y=np.where(points[:, 1] < 0.02, -0.045 * wave, 0.0))

    b.add("icing", icing, b.cylinder(0.125, 0.035, 0.012, 96).bent(drips).moved(y=0.075))
    swirl = polyline("0,0 0.02,0.004 0.018,0.014 0.008,0.024 0,0.03")
    dollop = b.lathe(swirl, 0.004, 16).moved(0.09, 0.108, 0)
    b.add("cream", Finish("plaster", (0.98, 0.95, 0.9)), *around(dollop, 8))
    cherry = b.ball(0.011).moved(0.09, 0.143, 0)
    b.add("cherries", Finish("ceramic", (0.7, 0.05, 0.07)), *around(cherry, 8))
    b.add(
        "candle", Finish("plastic", (0.3, 0.55, 0.8)), b.cylinder(0.005, 0.06, 0.001).moved(y=0.11)
    )
    b.add("flame", Finish("glow", (1.0, 0.75, 0.2)), b.ball(0.005, 0.01, 0.005).moved(y=0.18))


def apple(b: Builder) -> None:
    pumpkin = b.says("pumpkin")
    orange = pumpkin or b.says("orange")
    peel = b.finish("body", Finish("ceramic", (0.88, 0.42, 0.06) if orange else (0.72, 0.09, 0.07)))
    size, squash, thick = (0.16, 0.72, 0.13) if pumpkin else (0.042, 0.92, 0.06)
    outline = (
        "0,-0.78 0.25,-0.92 0.6,-0.8 0.92,-0.3 1,0.15 0.9,0.6 0.6,0.88 0.3,0.9 0.1,0.74 0,0.66"
    )
    body = b.lathe(polyline(outline, size, size * squash), 0.2 * size, 64)
    if pumpkin:
        body = body.bent(lambda p: fluted(p, lambda turn: 1 - 0.1 * np.abs(np.cos(5 * turn)) ** 6))
    b.add("fruit", peel, body)
    top = 0.7 * size * squash
    stem = curve(polyline("0,0,0 0.05,0.3,0 0.2,0.55,0", size, size, size), 6)
    wood = b.accent("stem", Finish("bark", (0.3, 0.22, 0.1)))
    b.add("stem", wood, b.tube(stem, thick * size, 8).moved(y=top))
    if not pumpkin:
        width = [0.02 * size + 0.2 * size * np.sin(np.pi * k / 9) for k in range(10)]
        blade = curve(polyline("0,0.3,0.05 0,0.5,0.4 0,0.35,0.9", size, size, size), 10)
        b.add("leaf", b.accent("leaves", LEAF), b.tube(blade, width, flatten=0.15).moved(y=top))
