"""Arms and armour, standing upright for display."""

from __future__ import annotations

import numpy as np

from ...geometry.booleans import cut
from ...geometry.primitives import Point2
from ...geometry.surface import Floats
from ...textures.finish import Finish
from ..builder import (
    Builder,
    arc,
    around,
    curve,
)
from ..palette import (
    BLACK,
    BRASS,
    BROWN_LEATHER,
    GOLD,
    IRON,
    PLANKS,
    STEEL,
    WALNUT,
)

_GEMS = (
    Finish("glass", (0.6, 0.05, 0.1)),
    Finish("glass", (0.1, 0.25, 0.6)),
    Finish("glass", (0.08, 0.45, 0.2)),
)


def sword(b: Builder) -> None:
    """Point down: the blade starts at the ground."""
    if b.says("katana"):
        _katana(b)
        return
    short = b.says("dagger", "knife", "dolch")
    steel = b.finish("blade", STEEL)
    fittings = b.finish("guard", b.pick([BRASS, GOLD, IRON]), main=False)
    grip = b.finish("handle", BROWN_LEATHER, main=False)
    length = (0.24 if short else b.between(0.78, 0.95)) * b.brief.stretch
    width = 0.036 if short else b.between(0.048, 0.06)
    hilt = 0.11 if short else 0.16
    b.add("blade", b.loft(_blade_rings(length, width)), steel)
    reach = b.between(0.09, 0.13) * (0.55 if short else 1.0)
    droop = b.between(-0.035, 0.02)
    guard = curve(
        [(-reach, length - droop, 0), (0, length + 0.005, 0), (reach, length - droop, 0)], 13
    )
    thick = [0.012 + 0.004 * abs(k - 6) / 6 for k in range(13)]
    b.add("guard", b.tube(guard, thick, 12), fittings)
    b.add("guard", b.box(0.05, 0.034, 0.032, 0.01).moved(y=length - 0.012), fittings)
    b.add("handle", b.tube([(0, length, 0), (0, length + hilt, 0)], 0.0145, 14, flatten=0.8), grip)
    for i in range(7):
        y = length + 0.03 + i * (hilt - 0.035) / 6.5
        ring = [(0.0145 * x, y, 0.0118 * z) for x, z in arc((0, 0), 1.02, 0, 360, 21)[:-1]]
        b.add("handle", b.tube(ring, 0.0024, 6, loop=True), grip)
    b.add("pommel", b.ball(0.026, 0.024, 0.018).moved(y=length + hilt + 0.015), fittings)
    if b.styled("ornate", "medieval") or b.whole(0, 1):
        gem = b.finish("gem", b.pick(_GEMS), main=False)
        for z in (-1, 1):
            b.add("gem", b.ball(0.011, 0.011, 0.006).moved(0, length + 0.005, z * 0.016), gem)


def _blade_rings(length: float, width: float) -> Floats:
    """Diamond section with a fuller, tapering to the point."""
    rings = []
    for t in np.concatenate([[0.0], np.linspace(0.002, 0.18, 6), np.linspace(0.3, 1.0, 8)]):
        half = max(0.5 * width * (t / 0.18 if t < 0.18 else 1.0) ** 0.8 * (0.9 + 0.1 * t), 2e-4)
        ridge = min(0.0052, 0.4 * half)
        groove = ridge * (0.55 if t > 0.3 else 1.0)
        ring = [
            (half, 0.0),
            (half * 0.4, ridge),
            (0.0, groove),
            (-half * 0.4, ridge),
            (-half, 0.0),
            (-half * 0.4, -ridge),
            (0.0, -groove),
            (half * 0.4, -ridge),
        ]
        rings.append([(x, t * length, z) for x, z in ring])
    return np.array(rings)


def _katana(b: Builder) -> None:
    steel = b.finish("blade", STEEL)
    wrap = b.finish("handle", Finish("fabric", (0.08, 0.08, 0.1), scale=2.0), main=False)
    gold = b.finish("guard", BRASS, main=False)
    length = 0.72
    rings = []
    for t in np.concatenate([[0.0], np.linspace(0.02, 0.08, 4), np.linspace(0.15, 1.0, 12)]):
        half = max(0.016 * min(t / 0.07, 1.0) ** 0.7, 3e-4)
        bend = 0.045 * (1 - t) ** 2
        back = min(0.0035, half * 0.5)
        ring = [(half, 0.0), (half * 0.1, back), (-half, back), (-half, -back), (half * 0.1, -back)]
        rings.append([(x - bend - (0.016 - half), t * length, z) for x, z in ring])
    b.add("blade", b.loft(np.array(rings)), steel)
    b.add("guard", b.cylinder(0.038, 0.006, 0.002, 40).moved(y=length), gold)
    b.add("guard", b.box(0.036, 0.02, 0.014, 0.004).moved(y=length - 0.018), gold)
    grip = b.tube([(0, length, 0), (0, length + 0.25, 0)], 0.017, 16, flatten=0.7)
    b.add("handle", grip, wrap)
    for i in range(8):
        y = length + 0.028 + i * 0.028
        for z in (-1, 1):
            stud = b.box(0.014, 0.014, 0.004, 0.0015).turned("z", 45).moved(0, y, z * 0.011)
            b.add("wrap", stud, Finish("leather", (0.75, 0.68, 0.55)))
    b.add("pommel", b.box(0.036, 0.02, 0.027, 0.008).moved(y=length + 0.25), gold)


def axe(b: Builder) -> None:
    wood = b.finish("handle", WALNUT, main=False)
    steel = b.finish("blade", b.pick([STEEL, IRON]))
    height = b.between(0.6, 0.8) * b.brief.stretch
    path = curve(
        [(0.015, 0, 0), (-0.01, height * 0.35, 0), (0.005, height * 0.75, 0), (0.0, height, 0)], 14
    )
    thick = [0.022, *([0.0165] * 11), 0.018, 0.018]
    b.add("handle", b.tube(path, thick, 14, flatten=0.75), wood)
    y = height * 0.86
    sides = (1.0, -1.0) if b.styled("medieval") or b.says("battle") else (1.0,)
    for side in sides:
        head = b.loft(_axe_rings(y))
        b.add("blade", head if side > 0 else head.mirrored(), steel)
    if len(sides) == 1:
        poll = b.box(0.07, 0.075, 0.04, 0.008).moved(-0.028, y - 0.0375, 0)
        b.add("blade", poll, steel)
    leather = b.finish("fittings", BROWN_LEATHER, main=False)
    for i in range(6):
        t = 0.05 + 0.03 * i
        centre = path[round(t * 13)]
        ring = [
            (float(centre[0]) + 0.0195 * x, height * t, 0.0155 * z)
            for x, z in arc((0, 0), 1.0, 0, 360, 21)[:-1]
        ]
        b.add("grip", b.tube(ring, 0.007, 8, loop=True), leather)


def _axe_rings(y: float) -> Floats:
    """Cross-sections from the eye to the curved edge."""
    rings = []
    for t in np.linspace(0, 1, 12):
        x = 0.005 + 0.16 * t
        up = 0.036 + 0.05 * t**1.6
        down = 0.036 + 0.085 * t**2.2
        curve_back = 0.028 * t**2
        thick = 0.021 * (1 - t) ** 0.8 + 0.0008
        points = [(s, thick * (1 - 0.25 * s * s)) for s in np.linspace(-1, 1, 9)]
        outline = points + [(s, -z) for s, z in reversed(points)]
        rings.append(
            [(x - curve_back * s * s, y + (up if s > 0 else down) * s, z) for s, z in outline]
        )
    return np.array(rings)


def hammer(b: Builder) -> None:
    wood = b.finish("handle", WALNUT, main=False)
    war = b.says("warhammer") or b.styled("medieval")
    steel = b.finish("body", STEEL if not war else IRON)
    if war:
        _warhammer(b, steel)
        return
    b.add(
        "handle",
        b.tube(
            curve([(0, 0, 0), (0.004, 0.13, 0), (0, 0.32, 0)], 10),
            [0.018, 0.019, 0.019, 0.018, 0.016, 0.014, 0.013, 0.013, 0.014, 0.014],
            14,
            flatten=0.72,
        ),
        wood,
    )
    face = [
        (0.0, 0.0),
        (0.017, 0.0),
        (0.018, 0.004),
        (0.018, 0.022),
        (0.012, 0.03),
        (0.013, 0.05),
        (0.0, 0.05),
    ]
    b.add("head", b.lathe(face, 0.002, 32).turned("z", -90).moved(-0.062, 0.305, 0), steel)
    b.add("head", b.box(0.036, 0.034, 0.03, 0.006).moved(0, 0.288, 0), steel)
    for z in (-1, 1):
        claw = curve(
            [(0.008, 0.305, z * 0.006), (0.045, 0.308, z * 0.009), (0.085, 0.28, z * 0.013)], 9
        )
        radii = [0.0125 - 0.001 * k for k in range(9)]
        b.add("head", b.tube(claw, radii, 12, flatten=0.6), steel)


def _warhammer(b: Builder, steel: Finish) -> None:
    leather = b.finish("handle", BROWN_LEATHER, main=False)
    b.add("handle", b.tube([(0, 0.02, 0), (0, 0.8, 0)], 0.018, 14), b.finish("handle", WALNUT))
    for i in range(9):
        ring = [
            (0.0195 * x, 0.1 + 0.022 * i, 0.0195 * z) for x, z in arc((0, 0), 1.0, 0, 360, 21)[:-1]
        ]
        b.add("grip", b.tube(ring, 0.011, 8, loop=True), leather)
    b.add("pommel", b.ball(0.032).moved(y=0.03), steel)
    b.add("head", b.box(0.2, 0.13, 0.13, 0.02).moved(y=0.72), steel)
    for x in (-1, 1):
        cap = b.box(0.05, 0.16, 0.16, 0.022).moved(x * 0.125, 0.705, 0)
        b.add("head", cap, steel)
        b.add(
            "trim",
            b.box(0.016, 0.14, 0.14, 0.006).moved(x * 0.09, 0.715, 0),
            b.finish("fittings", BRASS, main=False),
        )
    b.add("spike", b.cone(0.026, 0.002, 0.1, 0.001, 20).moved(y=0.84), steel)


def shield(b: Builder) -> None:
    """Facing +Z, leaning on nothing."""
    if b.whole(0, 1) or b.says("buckler"):
        _round_shield(b)
    else:
        _heater_shield(b)


def _round_shield(b: Builder) -> None:
    wood = b.finish("body", PLANKS)
    steel = b.finish("fittings", b.pick([STEEL, IRON, BRASS]), main=False)
    radius = b.between(0.34, 0.42)
    disc = [(0.0, 0.0), (radius, -0.045), (radius, -0.025), (0.0, 0.02)]
    face = b.lathe(disc, 0.0, 64).turned("x", 90).moved(0, radius, 0)
    b.add("board", face, wood)
    ring = [(radius * x, radius + radius * y, -0.034) for x, y in arc((0, 0), 1, 0, 360, 49)[:-1]]
    b.add("rim", b.tube(ring, 0.016, 10, loop=True), steel)
    boss = [(0.0, 0.0), (0.1, 0.0), (0.1, 0.008), (0.075, 0.012), (0.055, 0.05), (0.0, 0.07)]
    b.add("boss", b.lathe(boss, 0.01, 40).turned("x", 90).moved(0, radius, 0.008), steel)
    for turn in around(8, 22.5):
        arm = b.box(0.035, radius - 0.1, 0.008, 0.003).moved(0, 0.095, 0.012).turned("x", -4.0)
        if round((turn - 22.5) / 45) % 2 == 0:
            b.add("bands", arm.turned("z", turn).moved(0, radius, 0.002), steel)
        stud = b.ball(0.013).moved(0, radius * 0.88, -0.018).turned("z", turn)
        b.add("rivets", stud.moved(0, radius, 0), steel)


def _heater_shield(b: Builder) -> None:
    paint = b.finish("body", Finish("paint", b.pick([(0.5, 0.06, 0.07), (0.08, 0.16, 0.4)])))
    steel = b.finish("fittings", STEEL, main=False)
    half, height = 0.3, 0.72

    def outline(inset: float) -> list[Point2]:
        side = [(half - inset, height - inset)]
        for t in np.linspace(0.0, 1.0, 14):
            x = (half - inset) * (1 - t**2.4) ** 0.75
            side.append((x, (height - 0.3) * (1 - t) + inset * 1.6 * t))
        left = [(-x, y) for x, y in reversed(side[:-1])]
        return [*reversed(side), *reversed(left)]

    def bow(points: Floats) -> Floats:
        bent = points.copy()
        bent[:, 2] -= 0.9 * points[:, 0] ** 2
        return bent

    b.add("rim", b.loft(_plate_rings(outline(0.0), 0.02)).bent(bow), steel)
    front = b.loft(_plate_rings(outline(0.028), 0.022)).bent(bow).moved(z=0.006)
    b.add("face", front, paint)
    emblem = b.finish("gem", GOLD, main=False)
    bar = b.box(0.055, 0.46, 0.03, 0.006, 4).moved(0, 0.16, 0.006)
    b.add("emblem", bar.bent(bow), emblem)
    cross = b.box(0.36, 0.055, 0.03, 0.006, 12).moved(0, 0.45, 0.006)
    b.add("emblem", cross.bent(bow), emblem)


def _plate_rings(outline: list[Point2], depth: float) -> Floats:
    """Concentric rings front and back, so that the plate can be bent."""
    flat = np.array(outline)
    centre = np.array([0.0, 0.42])
    rings = []
    levels = [
        (0.02, -1),
        (0.35, -1),
        (0.7, -1),
        (0.985, -1),
        (1.0, -0.6),
        (1.0, 0.6),
        (0.985, 1),
        (0.7, 1),
        (0.35, 1),
        (0.02, 1),
    ]
    for scale, side in levels:
        ring = centre + (flat - centre) * scale
        rings.append(np.column_stack([ring, np.full(len(ring), side * depth / 2)]))
    return np.array(rings)


def helmet(b: Builder) -> None:
    steel = b.finish("body", STEEL)
    trim = b.finish("fittings", BRASS, main=False)
    horned = b.says("viking")
    dome = [(0.0, 0.295), (0.05, 0.288), (0.095, 0.25), (0.112, 0.19), (0.116, 0.12)]
    if not horned:
        dome += [(0.118, 0.05), (0.112, 0.0)]
    wall = 0.006
    low = dome[-1]
    inner = [(max(r - wall, 0.0), y - wall) for r, y in reversed(dome[:-1])]
    profile = [*dome, (low[0] - wall, low[1]), *inner]
    shell = b.lathe(profile[::-1], 0.0, 56).scaled(0.92, 1.0, 1.08)
    if not horned:
        slit = b.box(0.15, 0.014, 0.12, 0.004).moved(0, 0.148, 0.1)
        vents = [
            b.box(0.007, 0.05, 0.1, 0.002).moved(x, 0.05, 0.1)
            for x in (-0.05, -0.033, -0.016, 0.016, 0.033, 0.05)
        ]
        shell = cut(shell, slit, *vents).creased(40)
        b.add("lining", b.ball(0.1, 0.14, 0.115).moved(y=0.15), BLACK)
        ridge = b.box(0.014, 0.13, 0.012, 0.004).moved(0, 0.02, 0.122)
        b.add("trim", ridge, trim)
        b.add("trim", b.box(0.16, 0.012, 0.02, 0.005).moved(0, 0.168, 0.108), trim)
    b.add("helmet", shell, steel)
    y = low[1] + 0.012
    ring = [
        ((low[0] + 0.001) * 0.92 * x, y, (low[0] + 0.001) * 1.08 * z)
        for x, z in arc((0, 0), 1.0, 0, 360, 49)[:-1]
    ]
    b.add("trim", b.tube(ring, 0.008, 10, loop=True), trim)
    crest = curve(
        [(0, y, 0.13), (0, 0.27, 0.085), (0, 0.302, 0), (0, 0.26, -0.09), (0, y, -0.128)], 24
    )
    b.add("trim", b.tube(crest, 0.008, 10, flatten=0.6), trim)
    if horned:
        bone = Finish("ceramic", (0.85, 0.78, 0.62))
        horn = curve([(0.095, 0.2, 0), (0.17, 0.21, 0), (0.22, 0.29, 0), (0.21, 0.38, 0)], 14)
        surface = b.tube(horn, list(np.linspace(0.034, 0.004, 14)), 16)
        b.add("horns", surface, bone)
        b.add("horns", surface.mirrored(), bone)
        b.add("nose", b.box(0.024, 0.11, 0.012, 0.005).moved(0, 0.03, 0.126), trim)
        return
    plume = b.finish("hair", Finish("fur", (0.6, 0.07, 0.06)), main=False)
    path = curve([(0, 0.29, 0.06), (0, 0.37, 0.0), (0, 0.36, -0.1), (0, 0.24, -0.19)], 14)
    thick = [0.012 + 0.034 * np.sin(np.pi * (k + 1) / 15) for k in range(14)]
    b.add("plume", b.tube(path, thick, 14), plume)
