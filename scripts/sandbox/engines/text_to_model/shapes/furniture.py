"""Things to sit at, on and in."""

from __future__ import annotations

from ...geometry.surface import Surface
from ...textures.finish import Finish
from ..builder import Builder, arc, curve
from ..palette import GREY_FABRIC, OAK, WALNUT


def _turned_leg(b: Builder, height: float, radius: float) -> Surface:
    """A lathe-turned leg standing on the ground."""
    profile = [
        (0.0, 0.0),
        (radius * 0.55, 0.0),
        (radius * 0.6, height * 0.1),
        (radius * 0.95, height * 0.14),
        (radius * 0.6, height * 0.18),
        (radius * 0.9, height * 0.55),
        (radius * 0.65, height * 0.72),
        (radius * 1.05, height * 0.76),
        (radius * 0.75, height * 0.8),
        (radius, height),
        (0.0, height),
    ]
    return b.lathe(profile, radius * 0.3, 16)


def _leg(b: Builder, kind: str, height: float, thick: float) -> Surface:
    if kind == "turned":
        return _turned_leg(b, height, thick * 0.6)
    if kind == "round":
        return b.cone(thick * 0.32, thick * 0.52, height, 0.003, 16)
    return b.box(thick, height, thick, 0.005)


def chair(b: Builder) -> None:
    wood = b.finish("legs", b.pick([OAK, WALNUT]))
    seat_finish = b.finish("seat", wood if b.whole(0, 1) else GREY_FABRIC)
    width, depth = b.between(0.42, 0.48), b.between(0.42, 0.46)
    seat_height = 0.45 * b.brief.stretch
    back_height = b.between(0.42, 0.52) * b.brief.stretch
    thick = b.between(0.036, 0.046)
    kind = b.pick(["square", "round", "turned"]) if not b.styled("modern") else "round"
    x, z = width / 2 - thick * 0.6, depth / 2 - thick * 0.6
    for side in (-1, 1):
        leg = _leg(b, kind, seat_height - 0.02, thick)
        b.add("legs", leg.turned("z", side * 2.0).moved(side * x, 0, z), wood)
        _chair_post(b, side * x, -z, thick, seat_height, back_height, wood)
    b.add("legs", b.box(2 * x, 0.022, 0.03).moved(0, 0.2 * seat_height / 0.45, 0), wood)
    for side in (-1, 1):
        bar = b.box(0.02, 0.03, 2 * z).moved(side * x, 0.17 * seat_height / 0.45, 0)
        b.add("legs", bar, wood)
    for sz in (-1, 1):
        b.add("legs", b.box(2 * x, 0.06, 0.02).moved(0, seat_height - 0.075, sz * z), wood)
    b.add("seat", b.box(width, 0.035, depth, 0.014).moved(0, seat_height - 0.02, 0), wood)
    if seat_finish != wood:
        cushion = b.box(width - 0.04, 0.05, depth - 0.05, 0.022)
        b.add("seat", cushion.moved(0, seat_height + 0.01, 0.005), seat_finish)
    _chair_back(b, x, -z, seat_height, back_height)


def _chair_post(
    b: Builder, x: float, z: float, thick: float, seat: float, back: float, wood: Finish
) -> None:
    path = curve(
        [(x, thick * 0.5, z - 0.03), (x, seat, z), (x, seat + back - thick * 0.5, z - 0.09)], 9
    )
    b.add("back", b.tube(path, thick * 0.5, 10), wood)


def _chair_back(b: Builder, x: float, z: float, seat: float, back: float) -> None:
    wood = b.finish("back", b.parts[0].finish, main=False)
    style = b.pick(["slats", "ladder", "spindles"])

    def lean(y: float) -> float:
        return z - 0.09 * max(0.0, y / back) ** 1.3

    top = b.box(2 * x, 0.09, 0.024, 0.009, cuts=6).moved(0, seat + back - 0.11, lean(back * 0.92))
    b.add("back", top, wood)
    if style == "ladder":
        for i in range(2):
            y = back * (0.28 + 0.26 * i)
            b.add("back", b.box(2 * x, 0.06, 0.02).moved(0, seat + y, lean(y)), wood)
        return
    low = back * 0.16
    b.add("back", b.box(2 * x, 0.04, 0.022).moved(0, seat + low, lean(low)), wood)
    count = 3 if style == "slats" else 5
    for i in range(count):
        at = (i - (count - 1) / 2) * (2 * x - 0.06) / count
        path = [(at, seat + low + 0.02, lean(low)), (at, seat + back - 0.09, lean(back * 0.9))]
        radius, flatten = (0.026, 0.3) if style == "slats" else (0.009, 1.0)
        b.add("back", b.tube(path, radius, 10, flatten=flatten), wood)


def stool(b: Builder) -> None:
    wood = b.finish("legs", b.pick([OAK, WALNUT]))
    height, radius = b.between(0.45, 0.65) * b.brief.stretch, b.between(0.16, 0.19)
    count = b.pick([3, 4])
    for i in range(count):
        leg = b.cone(0.014, 0.021, height - 0.02, 0.003, 14).turned("z", 9.0)
        turn = 360 * i / count + 45
        b.add("legs", leg.moved(radius * 0.95, 0, 0).turned("y", turn).grounded(), wood)
    ring = [(radius * 0.84 * p[0], height * 0.35, radius * 0.84 * p[1])
            for p in arc((0, 0), 1.0, 0, 360, 25)[:-1]]
    b.add("legs", b.tube(ring, 0.009, 10, loop=True), wood)
    profile = [(0.0, 0.0), (radius * 0.94, 0.0), (radius, 0.02), (radius * 0.94, 0.036), (0, 0.028)]
    b.add("seat", b.lathe(profile, 0.008).moved(0, height - 0.03, 0), b.finish("seat", wood))


def bench(b: Builder) -> None:
    wood = b.finish("seat", WALNUT)
    length, depth, height = b.between(1.2, 1.7), 0.4, 0.45
    for i in range(4):
        slat = b.box(length, 0.03, depth / 4 - 0.012)
        b.add("seat", slat.moved(0, height - 0.03, (i - 1.5) * depth / 4), wood)
    for side in (-1, 1):
        x = side * (length / 2 - 0.14)
        for z in (-1, 1):
            leg = b.box(0.06, height - 0.03, 0.06)
            b.add("legs", leg.moved(x, 0, z * (depth / 2 - 0.05)), b.finish("legs", WALNUT))
        b.add("legs", b.box(0.05, 0.06, depth - 0.04).moved(x, height - 0.09, 0), wood)
    b.add("legs", b.box(length - 0.28, 0.05, 0.04).moved(0, 0.14, 0), wood)


def table(b: Builder) -> None:
    top_finish = b.finish("top", b.pick([OAK, WALNUT]))
    leg_finish = b.finish("legs", top_finish, main=False)
    height = 0.74 * b.brief.stretch
    if b.whole(0, 2) == 0:
        _round_table(b, height, top_finish)
        return
    width, depth = b.between(1.3, 1.8), b.between(0.75, 0.95)
    thick = b.between(0.055, 0.075)
    kind = "round" if b.styled("modern") else b.pick(["square", "turned", "round"])
    b.add("top", b.box(width, 0.036, depth, 0.012).moved(0, height - 0.036, 0), top_finish)
    x, z = width / 2 - 0.1, depth / 2 - 0.1
    for sx in (-1, 1):
        for sz in (-1, 1):
            leg = _leg(b, kind, height - 0.036, thick)
            b.add("legs", leg.moved(sx * x, 0, sz * z), leg_finish)
    for side in (-1, 1):
        rail = b.box(2 * x, 0.09, 0.022).moved(0, height - 0.13, side * z)
        b.add("legs", rail, leg_finish)
        rail = b.box(0.022, 0.09, 2 * z).moved(side * x, height - 0.13, 0)
        b.add("legs", rail, leg_finish)


def _round_table(b: Builder, height: float, wood: Finish) -> None:
    radius = b.between(0.45, 0.6)
    top = b.cylinder(radius, 0.036, 0.012, 48).moved(0, height - 0.036, 0)
    b.add("top", top, wood)
    column = [
        (0.0, 0.0), (0.06, 0.0), (0.07, 0.1), (0.04, 0.16), (0.045, 0.4), (0.07, 0.52),
        (0.05, 0.6), (0.16, height - 0.05), (0.0, height - 0.05),
    ]
    b.add("legs", b.lathe(column, 0.02, 24).moved(0, 0.02, 0), wood)
    for i in range(4):
        foot = curve([(0.02, 0.22, 0), (0.18, 0.15, 0), (0.36, 0.035, 0), (0.4, 0.03, 0)], 10)
        radii = [0.045 - 0.002 * k for k in range(10)]
        surface = b.tube(foot, radii, 10, flatten=0.7).turned("y", 90 * i + 45)
        b.add("legs", surface, wood)
