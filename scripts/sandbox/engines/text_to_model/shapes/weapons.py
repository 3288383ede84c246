"""Arms and armour, standing upright for display."""

import numpy as np

from ...geometry.primitives import cut
from ...geometry.surface import Floats, polyline
from ...textures.texels import Finish
from ..builder import Builder, around, both, curve, row, shifted
from ..palette import (
    BLACK,
    BRASS,
    BROWN_LEATHER,
    GOLD,
    IRON,
    PLANKS,
    STEEL,
    WALNUT,
    WHITE_BONE,
    finishes,
)

_GEMS = finishes("glass", "0.6,0.05,0.1 0.1,0.25,0.6 0.08,0.45,0.2")


def sword(b: Builder) -> None:
    """Point down: the blade starts at the ground."""
    if b.says("katana"):
        _katana(b)
        return
    short = b.says("dagger", "knife", "dolch")
    steel = b.finish("blade", STEEL)
    fittings = b.accent("guard", b.pick([BRASS, GOLD, IRON]))
    grip = b.accent("handle", BROWN_LEATHER)
    length = (0.24 if short else b.between(0.78, 0.95)) * b.brief.stretch
    width = 0.036 if short else b.between(0.048, 0.06)
    hilt = 0.11 if short else 0.16
    b.add("blade", steel, b.loft(_blade_rings(length, width)))
    reach = b.between(0.09, 0.13) * (0.55 if short else 1.0)
    droop = b.between(-0.035, 0.02)
    with b.placed(lambda surface: surface.moved(y=length)):
        guard = curve([(-reach, -droop, 0), (0, 0.005, 0), (reach, -droop, 0)], 13)
        b.add("guard", fittings, b.tube(guard, [0.012 + 0.0007 * abs(k - 6) for k in range(13)]))
        b.add("guard", fittings, b.box(0.05, 0.034, 0.032, 0.01).moved(y=-0.012))
        b.add("handle", grip, b.tube([(0, 0, 0), (0, hilt, 0)], 0.0145, 14, flatten=0.8))
        wrap = b.hoop(0.0148, 0.0024, 0.03 + (hilt - 0.035) / 2.17, z=0.012)
        b.add("handle", grip, *row(wrap, 7, y=(hilt - 0.035) / 6.5))
        b.add("pommel", fittings, b.ball(0.026, 0.024, 0.018).moved(y=hilt + 0.015))
        if b.styled("ornate", "medieval") or b.whole(0, 1):
            gem = b.ball(0.011, 0.011, 0.006).moved(0, 0.005, 0.016)
            b.add("gem", b.accent("gem", b.pick(_GEMS)), *both(gem, "z"))


def _blade_rings(length: float, width: float) -> list[Floats]:
    """Diamond section with a fuller, tapering to the point."""
    rings = []
    for t in np.concatenate([[0.0], np.linspace(0.002, 0.18, 6), np.linspace(0.3, 1.0, 8)]):
        half = max(0.5 * width * (t / 0.18 if t < 0.18 else 1.0) ** 0.8 * (0.9 + 0.1 * t), 2e-4)
        ridge = min(0.0052, 0.4 * half)
        groove = 0.55 if t > 0.3 else 1.0
        section = f"1,0,0 0.4,0,1 0,0,{groove} -0.4,0,1 -1,0,0 -0.4,0,-1 0,0,-{groove} 0.4,0,-1"
        rings.append(shifted(polyline(section, half, 1, ridge), y=t * length))
    return rings


def _katana(b: Builder) -> None:
    steel = b.finish("blade", STEEL)
    wrap = b.accent("handle", Finish("fabric", (0.08, 0.08, 0.1), scale=2.0))
    gold = b.accent("guard", BRASS)
    length = 0.72
    rings = []
    for t in np.concatenate([[0.0], np.linspace(0.02, 0.08, 4), np.linspace(0.15, 1.0, 12)]):
        half = max(0.016 * min(t / 0.07, 1.0) ** 0.7, 3e-4)
        section = polyline("1,0,0 0.1,0,1 -1,0,1 -1,0,-1 0.1,0,-1", half, 1, min(0.0035, half / 2))
        rings.append(shifted(section, half - 0.016 - 0.045 * (1 - t) ** 2, t * length))
    b.add("blade", steel, b.loft(rings))
    with b.placed(lambda surface: surface.moved(y=length)):
        b.add("guard", gold, b.cylinder(0.038, 0.006, 0.002, 40))
        b.add("guard", gold, b.box(0.036, 0.02, 0.014, 0.004).moved(y=-0.018))
        b.add("handle", wrap, b.tube([(0, 0, 0), (0, 0.25, 0)], 0.017, 16, flatten=0.7))
        stud = b.box(0.014, 0.014, 0.004, 0.0015).turned("z", 45).moved(0, 0.126, 0.011)
        for side in both(stud, "z"):
            b.add("wrap", Finish("leather", (0.75, 0.68, 0.55)), *row(side, 8, y=0.028))
        b.add("pommel", gold, b.box(0.036, 0.02, 0.027, 0.008).moved(y=0.25))


def axe(b: Builder) -> None:
    wood = b.accent("handle", WALNUT)
    steel = b.finish("blade", b.pick([STEEL, IRON]))
    height = b.between(0.6, 0.8) * b.brief.stretch
    path = curve(polyline("0.015,0,0 -0.01,0.35,0 0.005,0.75,0 0,1,0", 1, height, 1), 14)
    thick = [0.022, *([0.0165] * 11), 0.018, 0.018]
    b.add("handle", wood, b.tube(path, thick, 14, flatten=0.75))
    y = height * 0.86
    head = b.loft(_axe_rings(y))
    if b.styled("medieval") or b.says("battle"):
        b.add("blade", steel, *both(head))
    else:
        b.add("blade", steel, head, b.box(0.07, 0.075, 0.04, 0.008).moved(-0.028, y - 0.0375, 0))
    leather = b.accent("fittings", BROWN_LEATHER)
    for i in range(6):
        t = 0.05 + 0.03 * i
        grip = b.hoop(0.0195, 0.007, height * t, z=0.0155).moved(float(path[round(t * 13), 0]))
        b.add("grip", leather, grip)


def _axe_rings(y: float) -> list[Floats]:
    """Cross-sections from the eye to the curved edge."""
    rings = []
    side = np.linspace(-1, 1, 9)
    s = np.concatenate([side, side[::-1]])
    for t in np.linspace(0, 1, 12):
        up, down = 0.036 + 0.05 * t**1.6, 0.036 + 0.085 * t**2.2
        thick = (0.021 * (1 - t) ** 0.8 + 0.0008) * (1 - 0.25 * s * s)
        x = 0.005 + 0.16 * t - 0.028 * t**2 * s * s
        z = thick * np.repeat([1, -1], 9)
        rings.append(np.stack([x, y + np.where(s > 0, up, down) * s, z], axis=1))
    return rings


def hammer(b: Builder) -> None:
    wood = b.accent("handle", WALNUT)
    war = b.says("warhammer") or b.styled("medieval")
    steel = b.finish("body", IRON if war else STEEL)
    if war:
        _warhammer(b, steel)
        return
    thick = [0.018, 0.019, 0.019, 0.018, 0.016, 0.014, 0.013, 0.013, 0.014, 0.014]
    handle = curve([(0, 0, 0), (0.004, 0.13, 0), (0, 0.32, 0)], 10)
    b.add("handle", wood, b.tube(handle, thick, 14, flatten=0.72))
    face = "0,0 0.017,0 0.018,0.004 0.018,0.022 0.012,0.03 0.013,0.05 0,0.05"
    b.add("head", steel, b.lathe(polyline(face), 0.002).turned("z", -90).moved(-0.062, 0.305, 0))
    b.add("head", steel, b.box(0.036, 0.034, 0.03, 0.006).moved(0, 0.288, 0))
    claw = curve(polyline("0.008,0.305,0.006 0.045,0.308,0.009 0.085,0.28,0.013"), 9)
    radii = [0.0125 - 0.001 * k for k in range(9)]
    b.add("head", steel, *both(b.tube(claw, radii, flatten=0.6), "z"))


def _warhammer(b: Builder, steel: Finish) -> None:
    leather, brass = b.accent("handle", BROWN_LEATHER), b.accent("fittings", BRASS)
    b.add("handle", b.finish("handle", WALNUT), b.tube([(0, 0.02, 0), (0, 0.8, 0)], 0.018, 14))
    b.add("grip", leather, *row(b.hoop(0.0195, 0.011, 0.188), 9, y=0.022))
    b.add("pommel", steel, b.ball(0.032).moved(y=0.03))
    b.add("head", steel, b.box(0.2, 0.13, 0.13, 0.02).moved(y=0.72))
    b.add("head", steel, *row(b.box(0.05, 0.16, 0.16, 0.022).moved(y=0.705), 2, x=0.25))
    b.add("trim", brass, *row(b.box(0.016, 0.14, 0.14, 0.006).moved(y=0.715), 2, x=0.18))
    b.add("spike", steel, b.cone(0.026, 0.002, 0.1, 0.001, 20).moved(y=0.84))


def shield(b: Builder) -> None:
    """Facing +Z, leaning on nothing."""
    if b.whole(0, 1) or b.says("buckler"):
        _round_shield(b)
    else:
        _heater_shield(b)


def _round_shield(b: Builder) -> None:
    wood = b.finish("body", PLANKS)
    steel = b.accent("fittings", b.pick([STEEL, IRON, BRASS]))
    radius = b.between(0.34, 0.42)
    with b.placed(lambda surface: surface.moved(y=radius)):
        disc = b.lathe(polyline("0,0 1,-0.045 1,-0.025 0,0.02", radius, 1), 0.0, 64)
        b.add("board", wood, disc.turned("x", 90))
        b.add("rim", steel, b.upright_hoop(radius, 0.016).moved(z=-0.034))
        boss = polyline("0,0 0.1,0 0.1,0.008 0.075,0.012 0.055,0.05 0,0.07")
        b.add("boss", steel, b.lathe(boss, 0.01, 40).turned("x", 90).moved(z=0.008))
        arm = b.box(0.035, radius - 0.1, 0.008, 0.003).moved(0, 0.097, 0.012).turned("x", -4.0)
        b.add("bands", steel, *around(arm, 4, 22.5, axis="z"))
        stud = b.ball(0.013).moved(0, radius * 0.88, -0.018)
        b.add("rivets", steel, *around(stud, 8, 22.5, axis="z"))


def _heater_shield(b: Builder) -> None:
    paint = b.finish("body", b.pick(finishes("paint", "0.5,0.06,0.07 0.08,0.16,0.4")))
    steel, emblem = b.accent("fittings", STEEL), b.accent("gem", GOLD)

    def outline(inset: float) -> Floats:
        t = np.linspace(0.0, 1.0, 14)
        x = np.append(0.3 - inset, (0.3 - inset) * (1 - t**2.4) ** 0.75)
        y = np.append(0.72 - inset, 0.42 * (1 - t) + inset * 1.6 * t)
        right = np.stack([x, y], axis=1)
        return np.concatenate([right[::-1], right[:-1] * [-1, 1]])

    def bow(points: Floats) -> Floats:
        return shifted(points, z=-0.9 * points[:, 0] ** 2)

    b.add("rim", steel, b.loft(_plate_rings(outline(0.0), 0.02)).bent(bow))
    b.add("face", paint, b.loft(_plate_rings(outline(0.028), 0.022)).bent(bow).moved(z=0.006))
    bar = b.box(0.055, 0.46, 0.03, 0.006).moved(0, 0.16, 0.006)
    cross = b.box(0.36, 0.055, 0.03, 0.006, 12).moved(0, 0.45, 0.006)
    b.add("emblem", emblem, bar.bent(bow), cross.bent(bow))


def _plate_rings(outline: Floats, depth: float) -> list[Floats]:
    """Concentric rings front and back, so that the plate can be bent."""
    centre = np.array([0.0, 0.42])
    half = [(0.02, 1.0), (0.35, 1.0), (0.7, 1.0), (0.985, 1.0), (1.0, 0.6)]
    levels = [(scale, -side) for scale, side in half] + half[::-1]
    return [
        np.insert(centre + (outline - centre) * scale, 2, side * depth / 2, axis=1)
        for scale, side in levels
    ]


def helmet(b: Builder) -> None:
    steel, trim = b.finish("body", STEEL), b.accent("fittings", BRASS)
    horned = b.says("viking")
    dome = polyline("0,0.295 0.05,0.288 0.095,0.25 0.112,0.19 0.116,0.12 0.118,0.05 0.112,0")
    if horned:
        dome = dome[:-2]
    radius, low = dome[-1]
    inner = np.maximum(dome[:-1] - 0.006, [0.0, -1.0])[::-1]
    shell = b.lathe([*dome, (radius - 0.006, low), *inner], 0.0, 56).scaled(0.92, 1.0, 1.08)
    y = float(low) + 0.012
    b.add("trim", trim, b.hoop(0.92 * radius + 0.001, 0.008, y, z=1.08 * radius + 0.001))
    knots = [(0, y, 0.13), (0, 0.27, 0.085), (0, 0.302, 0), (0, 0.26, -0.09), (0, y, -0.128)]
    b.add("trim", trim, b.tube(curve(knots, 24), 0.008, 10, flatten=0.6))
    if horned:
        b.add("helmet", steel, shell)
        horn = curve(polyline("0.095,0.2,0 0.17,0.21,0 0.22,0.29,0 0.21,0.38,0"), 14)
        b.add("horns", WHITE_BONE, *both(b.tube(horn, np.linspace(0.034, 0.004, 14), 16)))
        b.add("nose", trim, b.box(0.024, 0.11, 0.012, 0.005).moved(0, 0.03, 0.126))
        return
    slit = b.box(0.15, 0.014, 0.12, 0.004).moved(0, 0.148, 0.1)
    vent = b.box(0.007, 0.05, 0.1, 0.002).moved(0, 0.05, 0.1)
    vents = [vent.moved(side * x) for x in (0.016, 0.033, 0.05) for side in (-1, 1)]
    b.add("helmet", steel, cut(shell, slit, *vents))
    b.add("lining", BLACK, b.ball(0.1, 0.14, 0.115).moved(y=0.15))
    b.add("trim", trim, b.box(0.014, 0.13, 0.012, 0.004).moved(0, 0.02, 0.122))
    b.add("trim", trim, b.box(0.16, 0.012, 0.02, 0.005).moved(0, 0.168, 0.108))
    plume = curve(polyline("0,0.29,0.06 0,0.37,0 0,0.36,-0.1 0,0.24,-0.19"), 14)
    thick = 0.012 + 0.034 * np.sin(np.pi * np.arange(1, 15) / 15)
    b.add("plume", b.accent("hair", Finish("fur", (0.6, 0.07, 0.06))), b.tube(plume, thick, 14))
