"""Things that fly and float, nose towards +X (rockets upwards)."""

import numpy as np

from ...geometry.surface import Floats, Polyline, Surface, polyline
from ...textures.texels import Finish
from ..builder import Builder, around, both, row, shifted
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
    finishes,
)

_STRIPES = finishes("paint", "0.75,0.08,0.07 0.08,0.25,0.55 0.9,0.5,0.06 0.1,0.45,0.35")
_HULLS = finishes("paint", "0.8,0.81,0.82 0.3,0.33,0.37 0.66,0.67,0.62")


def _wing(b: Builder, root: float, tip: float, span: float, sweep: float, thick: float) -> Surface:
    """Airfoil sections from the root at z = 0 to the tip at z = span; chords along X."""
    s = np.linspace(0, 1, 9)
    upper = 1.6 * (np.sqrt(s) - s)
    along, height = np.concatenate([s, s[::-1]]), np.concatenate([upper, -0.6 * upper[::-1]])
    rings = []
    for t in np.linspace(0, 1, 7):
        chord = root + (tip - root) * t
        x = chord * (0.4 - along) - sweep * t
        y = thick * chord * height + np.repeat([0.002, -0.0012], 9)
        rings.append(np.stack([x, y, np.full(18, span * t)], axis=1))
    middle = rings[-1].mean(axis=0)
    rings.append(middle + (rings[-1] - middle) * 0.6 + np.array([0, 0, span * 0.015]))
    return b.loft(rings)


def _along(b: Builder, profile: Polyline, soft: float, segments: int = 32) -> Surface:
    """A lathed body lying along X: (radius, place) points."""
    return b.lathe(profile, soft, segments).turned("z", -90)


def airplane(b: Builder) -> None:
    if b.says("biplane", "glider", "propeller") or b.whole(0, 1):
        _propeller_plane(b)
    else:
        _airliner(b)


def _airliner(b: Builder) -> None:
    paint, stripe = b.finish("body", WHITE_PAINT), b.accent("fittings", b.pick(_STRIPES))
    wings = b.accent("wings", Finish("paint", (0.78, 0.8, 0.82)))
    profile = (
        "0,-15 0.35,-14.6 1.1,-11.5 1.75,-7.5 1.9,-4 1.9,9 1.72,11.2 1.25,12.9 0.6,13.9 0,14.3"
    )

    def lift_tail(points: Floats) -> Floats:
        return shifted(points, y=1.3 * np.clip((-points[:, 0] - 6) / 9, 0, 1) ** 1.5)

    height = 3.4
    fuselage = _along(b, polyline(profile), 1.2, 40).bent(lift_tail)
    b.add("fuselage", paint, fuselage.moved(y=height))
    wing = _wing(b, 6.0, 1.7, 14.0, 6.2, 0.11).turned("x", -5).moved(-0.3, height - 0.9, 1)
    tail = _wing(b, 3.2, 1.3, 5.2, 2.8, 0.09).moved(-12.6, height + 1.3, 0.4)
    fin = _wing(b, 4.4, 1.7, 5.4, 3.6, 0.1).turned("x", -90).moved(-11.8, height + 1.4, 0)
    b.add("wings", wings, *both(wing, "z"))
    b.add("tail", wings, *both(tail, "z"))
    b.add("tail", stripe, fin)
    pane = b.box(0.3, 0.42, 0.06, 0.05).moved(1.56, height + 0.3)
    for side in row(pane, 2, z=3.72):
        b.add("windows", WINDOW, *row(side, 22, x=0.72))
    b.add("windows", WINDOW, b.ball(0.55, 0.3, 1.0).moved(13.0, height + 0.72, 0))
    shell = "0,-1.6 0.5,-1.6 0.62,-1.3 0.95,0.2 1,1.1 0.92,1.5 0.84,1.45 0.82,1 0,1"
    with b.placed(lambda surface: surface.moved(1.6, height - 1.95)):
        b.add("engines", STEEL, *row(_along(b, polyline(shell), 0.1), 2, z=10.4))
        fan = b.cone(0.8, 0.2, 0.3, 0.05, 28).turned("z", -90).moved(0.95)
        b.add("engines", Finish("metal", (0.15, 0.15, 0.16)), *row(fan, 2, z=10.4))
        b.add("engines", STEEL, *row(b.box(2.4, 1.1, 0.22, 0.08).moved(-1.0, 0.6), 2, z=10.4))
    for x, z in ((10.5, 0.0), (-1.8, 2.0), (-1.8, -2.0)):
        b.add("gear", STEEL, b.tube([(x, height - 1.4, z), (x, 0.6, z)], 0.12, 10))
        b.add("gear", RUBBER, *row(b.axle(0.55, 0.34, 0.12).moved(x, 0.55, z), 2, z=0.56))


def _propeller_plane(b: Builder) -> None:
    paint = b.finish("body", b.pick(_STRIPES))
    wings = b.accent("wings", Finish("paint", (0.93, 0.9, 0.82)))
    biplane = b.says("biplane") or b.whole(0, 1) == 0
    height = 1.35
    profile = "0,-3.4 0.1,-3.35 0.3,-2 0.5,-0.4 0.56,0.8 0.54,1.6 0.46,2 0.2,2.15 0,2.15"
    wing = _wing(b, 1.35, 1.0, 3.9, 0.1, 0.1).turned("x", -2.5)
    with b.placed(lambda surface: surface.moved(y=height)):
        b.add("fuselage", paint, _along(b, polyline(profile), 0.2))
        for y in (-0.28, 1.0) if biplane else (-0.22,):
            b.add("wings", wings, *both(wing.moved(0.75, y), "z"))
        for x, z in ((1.0, 2.7), (0.35, 2.7), (0.95, 0.5), (0.4, 0.5)) if biplane else ():
            strut = b.tube([(x, -0.28, 0), (x, 1.0, 0)], 0.03, 8)
            b.add("struts", WALNUT, *row(strut, 2, z=2 * z))
        b.add("tail", wings, *both(_wing(b, 0.8, 0.5, 1.3, 0.3, 0.09).moved(-3.0, 0.12), "z"))
        fin = _wing(b, 0.95, 0.5, 1.0, 0.4, 0.1).turned("x", -90).moved(-2.95, 0.1)
        b.add("tail", paint, fin)
        b.add("windows", WINDOW, b.ball(0.5, 0.3, 0.36).moved(0.1, 0.5))
        spinner = _along(b, polyline("0,0 0.17,0 0.13,0.16 0,0.26"), 0.04, 24)
        b.add("spinner", CHROME, spinner.moved(2.12))
        blade = b.tube(polyline("0,0.1,0 0,0.55,0 0,1,0"), [0.05, 0.1, 0.05], flatten=0.2)
        b.add("propeller", WALNUT, *around(blade.turned("y", 65).moved(2.2), 2, 20, axis="x"))
        leg = b.tube(polyline("1.2,-0.3,0.25 1.35,-1.05,0.75"), 0.045, 10)
        b.add("gear", STEEL, *both(leg, "z"))
        b.add("gear", RUBBER, *row(b.axle(0.3, 0.14, 0.05).moved(1.35, -1.05), 2, z=1.6))
        b.add("gear", RUBBER, b.ball(0.1, 0.1, 0.05).moved(-3.1, -0.42))
        b.add("gear", STEEL, b.tube(polyline("-3,-0.05,0 -3.1,-0.42,0"), 0.025, 8))


def rocket(b: Builder) -> None:
    paint, accent = b.finish("body", WHITE_PAINT), b.accent("fittings", b.pick(_STRIPES))
    height, radius = 4.0 * b.brief.stretch, 0.55
    with b.placed(lambda surface: surface.moved(y=0.75)):
        body = "0,0 0.6,0 0.86,0.16 1,0.38 0.94,0.6 0.7,0.78 0,0.78"
        b.add("body", paint, b.lathe(polyline(body, radius, height), 0.04, 48))
        nose = b.lathe(polyline("0,0 0.7,0 0.4,0.13 0,0.23", radius, height), 0.16, 48)
        b.add("nose", accent, nose.moved(y=height * 0.78 - 0.002))
        for share, wide in ((0.77, 0.74), (0.16, 0.9)):
            b.add("bands", accent, b.hoop(radius * wide, 0.035, height * share))
        fin = "0.72,0.35 1.75,-0.75 2.05,-0.75 1.85,0.15 0.86,1.25"
        blade = b.plate(polyline(fin, radius, 1), 0.09, 0.03)
        b.add("fins", accent, *around(blade, b.pick([3, 4]), 30))
        bell = polyline("0,0.02 0.13,0.02 0.27,-0.35 0.3,-0.35 0.16,0.07 0,0.07")
        b.add("nozzle", Finish("metal", (0.25, 0.25, 0.27)), b.lathe(bell, 0.02))
        for share, size in ((0.56, 0.2), (0.4, 0.15)):
            y, z = height * share, radius * 0.95
            b.add("windows", STEEL, b.upright_hoop(size, 0.04).moved(0, y, z))
            pane = b.ball(size, size, 0.09).moved(0, y, z - 0.03)
            b.add("windows", b.accent("windows", WINDOW), pane)
        flame = b.lathe(polyline("0,-0.75 0.1,-0.45 0.17,-0.15 0,-0.05"), 0.1, 20)
        b.add("flame", Finish("glow", (1.0, 0.6, 0.12)), flame)


def spaceship(b: Builder) -> None:
    if b.says("ufo"):
        _saucer(b)
        return
    hull, accent = b.finish("body", b.pick(_HULLS)), b.accent("fittings", b.pick(_STRIPES))
    dark, glow = Finish("metal", (0.2, 0.21, 0.23)), b.accent("gem", COOL_LIGHT)
    sections = polyline(
        "-3.2,0.42,0.55 -2.9,0.6,0.8 -1.5,0.68,0.95 0.3,0.58,0.8 1.8,0.4,0.5 3.2,0.2,0.24 "
        "3.9,0.07,0.08"
    )
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    up = np.sign(sin) * np.abs(sin) ** 0.75 * np.where(sin > 0, 1.0, 0.75)
    across = np.sign(cos) * np.abs(cos) ** 0.85
    rings = [np.stack([np.full(24, x), tall * up, wide * across], 1) for x, tall, wide in sections]
    forward, span = b.between(-0.5, 1.4), b.between(2.4, 3.1)
    droop = b.pick([-12, 0, 10])
    tip = np.radians(droop)
    wing = _wing(b, 2.4, 0.8, span, 2.0 - forward, 0.07).turned("x", droop).moved(-1.5, -0.05, 0.7)
    gun = b.tube([(0, 0, 0), (1.7, 0, 0)], [0.06, 0.035]).moved(
        forward - 3.9, -0.05 - span * np.sin(tip), 0.7 + span * np.cos(tip)
    )
    pod = polyline("0,-1.4 0.3,-1.4 0.38,-1.1 0.4,0.4 0.2,1.1 0,1.2")
    fin = _wing(b, 1.2, 0.5, 1.0, 0.7, 0.08).turned("x", -65).moved(-2.5, 0.3, 0.9)
    with b.placed(lambda surface: surface.moved(y=1.1)):
        b.add("hull", hull, b.loft(rings, 50))
        b.add("canopy", b.accent("windows", WINDOW), b.ball(0.95, 0.36, 0.4).moved(0.9, 0.42))
        for name, finish, surface in (
            ("wings", hull, wing),
            ("engines", dark, _along(b, pod, 0.08, 28).moved(-2.0, 0.05, 1.02)),
            ("guns", dark, gun),
            ("fins", accent, fin),
            ("glow", glow, b.axle(0.25, 0.06, 0.02, "x").moved(-3.41, 0.05, 1.02)),
            ("stripes", accent, b.box(1.2, 0.05, 0.3, 0.02).moved(-1.3, 0.5, 0.52)),
        ):
            b.add(name, finish, *both(surface, "z"))
        b.add("glow", glow, b.axle(0.3, 0.06, 0.02, "x").moved(-3.21))
        for x in (2.0, -1.8):
            leg = b.tube([(x, -0.2, 0.3), (x + 0.1, -1.02, 0.5)], 0.06, 10)
            foot = b.cylinder(0.18, 0.08, 0.03, 20).moved(x + 0.1, -1.1, 0.5)
            b.add("gear", dark, *both(leg, "z"), *both(foot, "z"))


def _saucer(b: Builder) -> None:
    metal = b.finish("body", Finish("metal", (0.68, 0.7, 0.73), wear=0.05))
    disc = "0,0.5 0.6,0.5 1.1,0.62 2.5,0.98 2.55,1.03 2.5,1.08 1.2,1.35 0.9,1.42 0,1.42"
    b.add("hull", metal, b.lathe(polyline(disc), 0.06, 72))
    b.add("canopy", b.accent("windows", WINDOW), b.ball(0.92, 0.75, 0.92).moved(y=1.38))
    bulb = b.ball(0.11, 0.06, 0.11).moved(2.05, 1.16, 0)
    b.add("lights", b.accent("gem", COOL_LIGHT), *around(bulb, 14))
    b.add("lights", WARM_LIGHT, b.ball(0.5, 0.12, 0.5).moved(y=0.5))
    b.add("legs", metal, *around(b.tube([(1.0, 0.7, 0), (1.5, 0.05, 0)], 0.05, 10), 3, 30))
    b.add("legs", metal, *around(b.ball(0.16, 0.06, 0.16).moved(1.5, 0.06, 0), 3, 30))


def boat(b: Builder) -> None:
    wood = b.finish("hull", PLANKS)
    if b.says("canoe"):
        b.add("hull", wood, b.loft(_hull(_sheer(4.2, 0.42, 0.46, 0.55), 0.46), 60))
        return
    big = b.says("ship", "galleon", "navire") or b.styled("medieval")
    length, half, depth = (7.5, 1.05, 1.15) if big else (5.2, 0.85, 0.8)
    sheer = _sheer(length, half, depth, 0.8)
    rail = b.accent("fittings", WALNUT)
    b.add("hull", wood, b.loft(_hull(sheer, depth), 60))
    b.add("rail", rail, *both(b.tube(shifted(sheer, y=0.01), 0.045, 8), "z"))
    bench = b.box(0.24, 0.04, half * 1.72, 0.01).moved(-length * 0.3 + 0.5, depth * 0.66)
    b.add("benches", Finish("wood", (0.68, 0.52, 0.34)), *row(bench, 3 if big else 2, x=0.75))
    mast = length * 0.95
    b.add("mast", rail, b.cone(0.085, 0.05, mast, 0.01, 16).moved(0.2, 0.12))
    sail = b.accent("sail", LINEN)
    if big:
        _square_sail(b, sail, rail, mast, half)
    else:
        _triangle_sails(b, sail, rail, mast, length)
    pennant = b.plate(polyline("0,0 -0.75,0.16 0,0.32"), 0.02, 0.006).moved(0.16, mast - 0.22)
    b.add("flag", b.accent("flag", Finish("fabric", (0.7, 0.1, 0.08))), pennant)


def _sheer(length: float, half: float, depth: float, rise: float) -> Floats:
    """(25, 3) the upper edge of one side of the hull."""
    t = np.linspace(-1, 1, 25)
    ahead, behind = (1 - np.abs(t) ** 2.6) ** 0.8, 1 - 0.62 * np.abs(t) ** 3
    width = np.maximum(half * np.where(t > 0, ahead, behind), 0.015)
    return np.stack([length / 2 * t, depth * (1 + rise * 0.35 * t * t), width], axis=1)


def _hull(sheer: Floats, depth: float) -> list[Floats]:
    """Open hull with an inner side: each section is a U of some thickness."""
    a = np.linspace(0, np.pi / 2, 9)
    rings = []
    for (x, y, width), t in zip(sheer, np.linspace(-1, 1, 25), strict=True):
        keel = 0.55 * depth * max(0.0, abs(t) - 0.55) ** 1.5 * 2.2
        outer = np.stack([width * np.sin(a) ** 0.7, y - (y - keel) * np.cos(a)], axis=1)
        z, v = outer[::-1].T
        inner = np.stack([np.maximum(z - 0.05, z * 0.4), np.maximum(v, keel + 0.16)], axis=1)
        half = np.concatenate([outer, inner])
        section = np.concatenate([half, half[-2:0:-1] * [-1, 1]])
        rings.append(np.insert(section[:, ::-1], 0, x, axis=1))
    return rings


def _square_sail(b: Builder, sail: Finish, wood: Finish, mast: float, half: float) -> None:
    wide, low, high = half * 3.4, mast * 0.36, mast * 0.86
    yard = b.tube([(0.3, 0, -wide / 2 - 0.2), (0.3, 0, wide / 2 + 0.2)], 0.05, 10)
    b.add("yards", wood, yard.moved(y=low), yard.moved(y=high))

    def belly(points: Floats) -> Floats:
        up = np.clip((points[:, 1] - low) / (high - low), 0, 1)
        across = points[:, 2] / (wide / 2)
        return shifted(points, x=0.75 * np.sin(np.pi * up) * (1 - 0.5 * across**2))

    stripe = b.accent("gem", Finish("fabric", (0.62, 0.1, 0.09)))
    for finish, thick, share, across in (
        (sail, 0.03, 1.0, 0.0),
        (stripe, 0.04, 0.16, -0.25),
        (stripe, 0.04, 0.16, 0.25),
    ):
        cloth = b.box(thick, high - low - 0.06, wide * share, 0.01, 12)
        placed = cloth.moved(0.36, low + 0.03, across * wide)
        b.add("sail", finish, placed.bent(belly).creased(70))


def _triangle_sails(b: Builder, sail: Finish, wood: Finish, mast: float, length: float) -> None:
    boom = mast * 0.2
    b.add("boom", wood, b.tube([(0.2, boom, 0), (-length * 0.42, boom, 0.25)], 0.04, 10))
    s = np.linspace(0, 1, 9)
    for x, foot, tip, push in (
        (-length * 0.4, 0.1, (0.1, mast * 0.97), 0.4),
        (length * 0.46, 0.32, (0.3, mast * 0.85), 0.3),
    ):
        rings = []
        for t in np.linspace(0, 0.985, 12):
            across = (foot + (x - foot) * s) * (1 - t) + tip[0] * t
            up = np.full(9, (boom + 0.08) * (1 - t) + tip[1] * t)
            full = push * np.sin(np.pi * s) * np.sin(np.pi * (0.15 + 0.85 * t))
            line = np.stack([across, up, full + 0.22 * s * (1 - t)], axis=1)
            rings.append(np.concatenate([line, line[::-1] - [0, 0, 0.015]]))
        b.add("sail", sail, b.loft(rings, 60))
