"""Things that fly and float, nose towards +X (rockets upwards)."""

from __future__ import annotations

import numpy as np

from ...geometry.surface import Floats, Surface
from ...textures.finish import Finish
from ..builder import Builder, arc, around
from ..palette import (
    CHROME,
    COOL_LIGHT,
    LINEN,
    PLANKS,
    RUBBER,
    STEEL,
    WALNUT,
    WARM_LIGHT,
    WHITE_PAINT,
    WINDOW,
)

_STRIPES = ((0.75, 0.08, 0.07), (0.08, 0.25, 0.55), (0.9, 0.5, 0.06), (0.1, 0.45, 0.35))


def _wing(root: float, tip: float, span: float, sweep: float, thick: float) -> Floats:
    """Airfoil sections from the root at z = 0 to the tip at z = span; chords along X."""
    rings = []
    for t in np.linspace(0, 1, 7):
        chord = root + (tip - root) * t
        lead = -sweep * t + chord * 0.4
        points = [
            (lead - chord * s, thick * chord * 1.6 * (np.sqrt(s) - s) + 0.002)
            for s in np.linspace(0, 1, 9)
        ]
        outline = points + [(x, -0.6 * y) for x, y in reversed(points)]
        rings.append([(x, y, span * t) for x, y in outline])
    tip_ring = np.array(rings[-1])
    middle = tip_ring.mean(axis=0)
    rings.append((middle + (tip_ring - middle) * 0.6 + np.array([0, 0, span * 0.015])).tolist())
    return np.array(rings)


def _other_side(surface: Surface) -> Surface:
    """The mirror image across the XY plane."""
    return surface.bent(lambda points: points * np.array([1.0, 1.0, -1.0])).turned_inside_out()


def airplane(b: Builder) -> None:
    if b.says("biplane", "glider", "propeller") or b.whole(0, 1):
        _propeller_plane(b)
    else:
        _airliner(b)


def _airliner(b: Builder) -> None:
    paint = b.finish("body", WHITE_PAINT)
    stripe = b.finish("fittings", Finish("paint", b.pick(_STRIPES)), main=False)
    wing_finish = b.finish("wings", Finish("paint", (0.78, 0.8, 0.82)), main=False)
    profile = [
        (0.0, -15.0),
        (0.35, -14.6),
        (1.1, -11.5),
        (1.75, -7.5),
        (1.9, -4.0),
        (1.9, 9.0),
        (1.72, 11.2),
        (1.25, 12.9),
        (0.6, 13.9),
        (0.0, 14.3),
    ]
    fuselage = b.lathe(profile, 1.2, 40).turned("z", -90)

    def lift_tail(points: Floats) -> Floats:
        bent = points.copy()
        back = np.clip((-points[:, 0] - 6) / 9, 0, 1)
        bent[:, 1] += 1.3 * back**1.5
        return bent

    height = 3.4
    b.add("fuselage", fuselage.bent(lift_tail).moved(y=height), paint)
    right = b.loft(_wing(6.0, 1.7, 14.0, 6.2, 0.11)).turned("x", -5).moved(-0.3, height - 0.9, 1)
    tail = b.loft(_wing(3.2, 1.3, 5.2, 2.8, 0.09)).moved(-12.6, height + 1.3, 0.4)
    fin = b.loft(_wing(4.4, 1.7, 5.4, 3.6, 0.1)).turned("x", -90).moved(-11.8, height + 1.4, 0)
    b.add("tail", fin, stripe)
    for side in (1, -1):
        for name, surface in (("wings", right), ("tail", tail)):
            b.add(name, surface if side > 0 else _other_side(surface), wing_finish)
        _engine(b, 1.6, height - 1.95, side * 5.2)
        for i in range(22):
            pane = b.box(0.3, 0.42, 0.06, 0.05)
            b.add("windows", pane.moved(-6.0 + 0.72 * i, height + 0.3, side * 1.86), WINDOW, "pane")
    b.add("windows", b.ball(0.55, 0.3, 1.0).moved(13.0, height + 0.72, 0), WINDOW)
    for x, z in ((10.5, 0.0), (-1.8, 2.0), (-1.8, -2.0)):
        b.add("gear", b.tube([(x, height - 1.4, z), (x, 0.6, z)], 0.12, 10), STEEL)
        for across in (-0.28, 0.28):
            tyre = b.cylinder(0.55, 0.34, 0.12, 24).moved(y=-0.17).turned("x", 90)
            b.add("gear", tyre.moved(x, 0.55, z + across), RUBBER, "tyre")


def _engine(b: Builder, x: float, y: float, z: float) -> None:
    shell = [
        (0.0, -1.6),
        (0.5, -1.6),
        (0.62, -1.3),
        (0.95, 0.2),
        (1.0, 1.1),
        (0.92, 1.5),
        (0.84, 1.45),
        (0.82, 1.0),
        (0.0, 1.0),
    ]
    b.add("engines", b.lathe(shell, 0.1, 32).turned("z", -90).moved(x, y, z), STEEL, "engine")
    fan = b.cone(0.8, 0.2, 0.3, 0.05, 28).turned("z", -90).moved(x + 0.95, y, z)
    b.add("engines", fan, Finish("metal", (0.15, 0.15, 0.16)), "fan")
    b.add("engines", b.box(2.4, 1.1, 0.22, 0.08).moved(x - 1.0, y + 0.6, z), STEEL, "pylon")


def _propeller_plane(b: Builder) -> None:
    paint = b.finish("body", Finish("paint", b.pick(_STRIPES)))
    wing_finish = b.finish("wings", Finish("paint", (0.93, 0.9, 0.82)), main=False)
    biplane = b.says("biplane") or b.whole(0, 1) == 0
    height = 1.35
    profile = [
        (0.0, -3.4),
        (0.1, -3.35),
        (0.3, -2.0),
        (0.5, -0.4),
        (0.56, 0.8),
        (0.54, 1.6),
        (0.46, 2.0),
        (0.2, 2.15),
        (0.0, 2.15),
    ]
    b.add("fuselage", b.lathe(profile, 0.2, 32).turned("z", -90).moved(y=height), paint)
    levels = (height - 0.28, height + 1.0) if biplane else (height - 0.22,)
    for y in levels:
        for side in (1, -1):
            wing = b.loft(_wing(1.35, 1.0, 3.9, 0.1, 0.1)).turned("x", -2.5)
            wing = wing.moved(0.75, y, 0.0)
            b.add("wings", wing if side > 0 else _other_side(wing), wing_finish)
            if biplane and y == levels[0]:
                for x, z in ((1.0, 2.7), (0.35, 2.7), (0.95, 0.5), (0.4, 0.5)):
                    strut = b.tube([(x, y, side * z), (x, levels[-1], side * z)], 0.03, 8)
                    b.add("struts", strut, WALNUT)
    for side in (1, -1):
        flat = b.loft(_wing(0.8, 0.5, 1.3, 0.3, 0.09)).moved(-3.0, height + 0.12, 0)
        b.add("tail", flat if side > 0 else _other_side(flat), wing_finish)
    fin = b.loft(_wing(0.95, 0.5, 1.0, 0.4, 0.1)).turned("x", -90).moved(-2.95, height + 0.1, 0)
    b.add("tail", fin, paint)
    b.add("windows", b.ball(0.5, 0.3, 0.36).moved(0.1, height + 0.5, 0), WINDOW)
    b.add(
        "spinner",
        b.lathe([(0.0, 0.0), (0.17, 0.0), (0.13, 0.16), (0.0, 0.26)], 0.04, 24)
        .turned("z", -90)
        .moved(2.12, height, 0),
        CHROME,
    )
    for turn in (20, 200):
        blade = b.tube([(0, 0.1, 0), (0, 0.55, 0), (0, 1.0, 0)], [0.05, 0.1, 0.05], 12, flatten=0.2)
        b.add("propeller", blade.turned("y", 65).turned("x", turn).moved(2.2, height, 0), WALNUT)
    for side in (1, -1):
        leg = b.tube([(1.2, height - 0.3, side * 0.25), (1.35, 0.3, side * 0.75)], 0.045, 10)
        b.add("gear", leg, STEEL)
        tyre = b.cylinder(0.3, 0.14, 0.05, 28).moved(y=-0.07).turned("x", 90)
        b.add("gear", tyre.moved(1.35, 0.3, side * 0.8), RUBBER)
    b.add("gear", b.ball(0.1, 0.1, 0.05).moved(-3.1, height - 0.42, 0), RUBBER)
    skid = b.tube([(-3.0, height - 0.05, 0), (-3.1, height - 0.42, 0)], 0.025, 8)
    b.add("gear", skid, STEEL)


def rocket(b: Builder) -> None:
    paint = b.finish("body", WHITE_PAINT)
    accent = b.finish("fittings", Finish("paint", b.pick(_STRIPES)), main=False)
    height, radius = 4.0 * b.brief.stretch, 0.55
    base = 0.75
    profile = [
        (0.0, 0.0),
        (radius * 0.6, 0.0),
        (radius * 0.86, height * 0.16),
        (radius, height * 0.38),
        (radius * 0.94, height * 0.6),
        (radius * 0.7, height * 0.78),
    ]
    top = height * 0.78
    b.add("body", b.lathe([*profile, (0.0, top)], 0.04, 48).moved(y=base), paint)
    nose = [(0.0, 0.0), (radius * 0.7, 0.0), (radius * 0.4, height * 0.13), (0.0, height * 0.23)]
    b.add("nose", b.lathe(nose, 0.16, 48).moved(y=base + top - 0.002), accent)
    for y, r in ((top - 0.04, radius * 0.74), (height * 0.16, radius * 0.9)):
        ring = [(r * x, base + y, r * z) for x, z in arc((0, 0), 1, 0, 360, 41)[:-1]]
        b.add("bands", b.tube(ring, 0.035, 10, loop=True), accent)
    for turn in around(b.pick([3, 4]), 30):
        fin = b.plate(
            [
                (radius * 0.72, 0.35),
                (radius * 1.75, -0.75),
                (radius * 2.05, -0.75),
                (radius * 1.85, 0.15),
                (radius * 0.86, 1.25),
            ],
            0.09,
            0.03,
        )
        b.add("fins", fin.moved(y=base).turned("y", turn), accent, "fin")
    bell = [(0.0, 0.1), (0.16, 0.1), (0.3, -0.32), (0.27, -0.32), (0.13, 0.05), (0.0, 0.05)]
    b.add(
        "nozzle",
        b.lathe(bell[::-1], 0.02, 32).moved(y=base - 0.03),
        Finish("metal", (0.25, 0.25, 0.27)),
    )
    for y, size in ((height * 0.56, 0.2), (height * 0.4, 0.15)):
        z = radius * 0.95
        frame = [(size * x, base + y + size * s, z) for x, s in arc((0, 0), 1, 0, 360, 33)[:-1]]
        b.add("windows", b.tube(frame, 0.04, 10, loop=True), STEEL)
        b.add(
            "windows",
            b.ball(size, size, 0.09).moved(0, base + y, z - 0.03),
            b.finish("windows", WINDOW, main=False),
        )
    b.add(
        "flame",
        b.lathe([(0.0, -0.9), (0.1, -0.6), (0.17, -0.3), (0.0, -0.2)], 0.1, 20).moved(
            y=base + 0.15
        ),
        Finish("glow", (1.0, 0.6, 0.12)),
    )


def spaceship(b: Builder) -> None:
    if b.says("ufo"):
        _saucer(b)
        return
    hull = b.finish(
        "body", Finish("paint", b.pick([(0.8, 0.81, 0.82), (0.3, 0.33, 0.37), (0.66, 0.67, 0.62)]))
    )
    accent = b.finish("fittings", Finish("paint", b.pick(_STRIPES)), main=False)
    dark = Finish("metal", (0.2, 0.21, 0.23))
    glow = b.finish("gem", COOL_LIGHT, main=False)
    height = 1.1
    sections = [
        (-3.2, 0.42, 0.55),
        (-2.9, 0.6, 0.8),
        (-1.5, 0.68, 0.95),
        (0.3, 0.58, 0.8),
        (1.8, 0.4, 0.5),
        (3.2, 0.2, 0.24),
        (3.9, 0.07, 0.08),
    ]
    rings = []
    for x, tall, wide in sections:
        rings.append(
            [
                (
                    x,
                    height + tall * np.sign(s) * abs(s) ** 0.75 * (1.0 if s > 0 else 0.75),
                    wide * np.sign(c) * abs(c) ** 0.85,
                )
                for c, s in ((np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 25)[:-1])
            ]
        )
    b.add("hull", b.loft(np.array(rings), 50), hull)
    canopy = b.ball(0.95, 0.36, 0.4).moved(0.9, height + 0.42, 0)
    b.add("canopy", canopy, b.finish("windows", WINDOW, main=False))
    forward = b.between(-0.5, 1.4)
    span = b.between(2.4, 3.1)
    droop = b.pick([-12, 0, 10])
    for side in (1, -1):
        wing = b.loft(_wing(2.4, 0.8, span, 2.0 - forward, 0.07)).turned("x", droop)
        wing = wing.moved(-1.5, height - 0.05, 0.7)
        pod = (
            b.lathe(
                [(0.0, -1.4), (0.3, -1.4), (0.38, -1.1), (0.4, 0.4), (0.2, 1.1), (0.0, 1.2)],
                0.08,
                28,
            )
            .turned("z", -90)
            .moved(-2.0, height + 0.05, 1.02)
        )
        gun = b.tube([(0.0, 0, 0), (1.7, 0, 0)], [0.06, 0.035], 12)
        tip_y = height - 0.05 - span * np.sin(np.radians(droop))
        gun = gun.moved(-1.9 - (2.0 - forward), tip_y, 0.7 + span * np.cos(np.radians(droop)))
        fin = (
            b.loft(_wing(1.2, 0.5, 1.0, 0.7, 0.08)).turned("x", -65).moved(-2.5, height + 0.3, 0.9)
        )
        jet = b.cylinder(0.25, 0.06, 0.02, 28).turned("z", 90).moved(-3.38, height + 0.05, 1.02)
        stripe = b.box(1.2, 0.05, 0.3, 0.02).moved(-1.3, height + 0.5, 0.52)
        for name, surface, finish in (
            ("wings", wing, hull),
            ("engines", pod, dark),
            ("guns", gun, dark),
            ("fins", fin, accent),
            ("glow", jet, glow),
            ("stripes", stripe, accent),
        ):
            b.add(name, surface if side > 0 else _other_side(surface), finish)
    b.add("glow", b.cylinder(0.3, 0.06, 0.02, 28).turned("z", 90).moved(-3.18, height, 0), glow)
    for x in (2.0, -1.8):
        for z in (-0.5, 0.5):
            leg = b.tube([(x, height - 0.2, z * 0.6), (x + 0.1, 0.08, z)], 0.06, 10)
            b.add("gear", leg, dark)
            b.add("gear", b.cylinder(0.18, 0.08, 0.03, 20).moved(x + 0.1, 0, z), dark)


def _saucer(b: Builder) -> None:
    metal = b.finish("body", Finish("metal", (0.68, 0.7, 0.73), wear=0.05))
    disc = [
        (0.0, 0.5),
        (0.6, 0.5),
        (1.1, 0.62),
        (2.5, 0.98),
        (2.55, 1.03),
        (2.5, 1.08),
        (1.2, 1.35),
        (0.9, 1.42),
        (0.0, 1.42),
    ]
    b.add("hull", b.lathe(disc, 0.06, 72), metal)
    b.add("canopy", b.ball(0.92, 0.75, 0.92).moved(y=1.38), b.finish("windows", WINDOW, main=False))
    lights = b.finish("gem", COOL_LIGHT, main=False)
    for turn in around(14):
        bulb = b.ball(0.11, 0.06, 0.11).moved(2.05, 1.16, 0).turned("y", turn)
        b.add("lights", bulb, lights, "bulb")
    b.add("lights", b.ball(0.5, 0.12, 0.5).moved(y=0.5), WARM_LIGHT)
    for turn in around(3, 30):
        leg = b.tube([(1.0, 0.7, 0), (1.5, 0.05, 0)], 0.05, 10).turned("y", turn)
        b.add("legs", leg, metal)
        b.add("legs", b.ball(0.16, 0.06, 0.16).moved(1.5, 0.06, 0).turned("y", turn), metal)


def boat(b: Builder) -> None:
    wood = b.finish("hull", PLANKS)
    if b.says("canoe"):
        b.add("hull", b.loft(_hull_rings(4.2, 0.42, 0.46, 0.55), 60), wood)
        return
    big = b.says("ship", "galleon", "navire") or b.styled("medieval")
    length, half, depth = (7.5, 1.05, 1.15) if big else (5.2, 0.85, 0.8)
    b.add("hull", b.loft(_hull_rings(length, half, depth, 0.8), 60), wood)
    deck = Finish("wood", (0.68, 0.52, 0.34))
    rail = b.finish("fittings", WALNUT, main=False)
    for side in (1, -1):
        path = np.array([(x, y + 0.01, side * z) for x, y, z in _sheer(length, half, depth, 0.8)])
        b.add("rail", b.tube(path, 0.045, 8), rail)
    for i in range(2 if not big else 3):
        bench = b.box(0.24, 0.04, half * 1.72, 0.01).moved(
            -length * 0.3 + i * 0.75, depth * 0.66, 0
        )
        b.add("benches", bench, deck)
    mast_height = length * 0.95
    b.add("mast", b.cone(0.085, 0.05, mast_height, 0.01, 16).moved(0.2, 0.12, 0), rail)
    sail = b.finish("sail", LINEN, main=False)
    if big:
        _square_sail(b, sail, rail, mast_height, half)
    else:
        _triangle_sails(b, sail, rail, mast_height, length)
    flag = b.finish("flag", Finish("fabric", (0.7, 0.1, 0.08)), main=False)
    pennant = b.plate([(0, 0), (-0.75, 0.16), (0, 0.32)], 0.02, 0.006)
    b.add("flag", pennant.moved(0.16, mast_height - 0.22, 0), flag)


def _sheer(
    length: float, half: float, depth: float, rise: float
) -> list[tuple[float, float, float]]:
    """The upper edge of the hull as (x, y, half width)."""
    edge = []
    for t in np.linspace(-1, 1, 25):
        width = half * (1 - abs(t) ** 2.6) ** 0.8 if t > 0 else half * (1 - 0.62 * abs(t) ** 3)
        edge.append((length / 2 * t, depth + rise * 0.35 * depth * t * t, max(width, 0.015)))
    return edge


def _hull_rings(length: float, half: float, depth: float, rise: float) -> Floats:
    """Open hull with an inner side: each section is a U of some thickness."""
    rings = []
    for x, y, width in _sheer(length, half, depth, rise):
        t = 2 * x / length
        keel = 0.55 * depth * max(0.0, abs(t) - 0.55) ** 1.5 * 2.2
        outer = [
            (width * np.sin(a) ** 0.7, y - (y - keel) * np.cos(a) ** 1.0)
            for a in np.linspace(0, np.pi / 2, 9)
        ]
        inner = [(max(z - 0.05, z * 0.4), max(v, keel + 0.16)) for z, v in reversed(outer)]
        profile = [*outer, *inner]
        left = [(-z, v) for z, v in reversed(profile[1:-1])]
        rings.append([(x, v, z) for z, v in [*profile, *left]])
    return np.array(rings)


def _square_sail(b: Builder, sail: Finish, wood: Finish, mast: float, half: float) -> None:
    wide, low, high = half * 3.4, mast * 0.36, mast * 0.86
    for y in (low, high):
        yard = b.tube([(0.3, y, -wide / 2 - 0.2), (0.3, y, wide / 2 + 0.2)], 0.05, 10)
        b.add("yards", yard, wood)
    cloth = b.box(0.03, high - low - 0.06, wide, 0.01, 10).moved(0.36, low + 0.03, 0)

    def belly(points: Floats) -> Floats:
        bent = points.copy()
        up = (points[:, 1] - low) / (high - low)
        across = points[:, 2] / (wide / 2)
        bent[:, 0] += 0.75 * np.sin(np.pi * np.clip(up, 0, 1)) * (1 - 0.5 * across**2)
        return bent

    b.add("sail", cloth.bent(belly).creased(70), sail)
    stripe = b.finish("gem", Finish("fabric", (0.62, 0.1, 0.09)), main=False)
    for i in (-1, 1):
        band = b.box(0.04, high - low - 0.06, wide * 0.16, 0.01, 10)
        band = band.moved(0.362, low + 0.03, i * wide * 0.25)
        b.add("sail", band.bent(belly).creased(70), stripe)


def _triangle_sails(b: Builder, sail: Finish, wood: Finish, mast: float, length: float) -> None:
    boom = mast * 0.2
    b.add("boom", b.tube([(0.2, boom, 0), (-length * 0.42, boom, 0.25)], 0.04, 10), wood)
    for corner, tip, push in (
        ((-length * 0.4, boom + 0.08), (0.1, mast * 0.97), 0.4),
        ((length * 0.46, boom + 0.12), (0.3, mast * 0.85), 0.3),
    ):
        foot = (0.1 if corner[0] < 0 else 0.32, boom + 0.08)
        rings = []
        for t in np.linspace(0, 0.985, 12):
            a = np.array(foot) * (1 - t) + np.array(tip) * t
            c = np.array(corner) * (1 - t) + np.array(tip) * t
            row = []
            for s in np.linspace(0, 1, 9):
                p = a * (1 - s) + c * s
                row.append(
                    (
                        p[0],
                        p[1],
                        push * np.sin(np.pi * s) * np.sin(np.pi * (0.15 + 0.85 * t))
                        + 0.22 * s * (1 - t),
                    )
                )
            back = [(x, y, z - 0.015) for x, y, z in reversed(row)]
            rings.append([*row, *back])
        b.add("sail", b.loft(np.array(rings), 60), sail)
