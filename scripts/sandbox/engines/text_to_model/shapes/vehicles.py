"""Things that drive, facing +X."""

from collections.abc import Iterator

import numpy as np

from ...geometry.primitives import common, cut, extrude
from ...geometry.surface import Floats, Surface, polyline
from ...textures.texels import Finish
from ..builder import Builder, around, both, row
from ..palette import (
    BLACK,
    CHROME,
    DARK_PLASTIC,
    PLANKS,
    RED_LIGHT,
    RUBBER,
    STEEL,
    WARM_LIGHT,
    WHITE_PAINT,
    WINDOW,
    finishes,
)

_PAINTS = finishes(
    "paint", "0.62,0.05,0.05 0.07,0.2,0.45 0.85,0.85,0.83 0.1,0.3,0.22 0.9,0.6,0.08 0.25,0.27,0.3"
)
_TYRE = "0.64,0.06 0.9,0 0.985,0.12 1,0.3 1,0.7 0.985,0.88 0.9,1 0.64,0.94 0.64,0.06"
"""Shares of the radius and of the width."""


def _wheels(b: Builder, radius: float, width: float, places: list[float], z: float) -> None:
    """Tyres on spoked rims on both sides; the axles run along Z, the hubs look outwards."""
    wall = radius * 0.64
    dish = f"0,0.15 {wall + 0.004},0.15 {wall + 0.004},0.95 {wall * 0.93},0.97 {wall * 0.86},0.62"
    spoke = b.box(wall * 0.24, width * 0.2, wall * 0.86, 0.01).moved(0, width * 0.68, wall * 0.46)
    hub = b.cone(wall * 0.24, wall * 0.18, width * 0.3, 0.006, 20).moved(y=width * 0.66)
    pieces = [
        ("tyres", b.accent("wheels", RUBBER), b.lathe(polyline(_TYRE, radius, width), 0.0, 40)),
        ("rims", STEEL, b.lathe(polyline(f"{dish} 0,0.5", 1, width), 0.004, 40)),
        *(("rims", STEEL, piece) for piece in around(spoke, 5, 18)),
        ("rims", Finish("metal", (0.2, 0.2, 0.21)), hub),
    ]
    for name, finish, piece in pieces:
        for turn, side in ((90, z), (-90, -z)):
            upright = piece.turned("x", turn).moved(y=radius, z=side - np.sign(side) * width / 2)
            b.add(name, finish, *(upright.moved(x) for x in places))


def _superellipse(count: int, power: float) -> tuple[Floats, Floats]:
    """The two coordinates of a rounded square of half width one."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + np.pi / count
    cos, sin = np.cos(angle), np.sin(angle)
    return (np.sign(cos) * np.abs(cos) ** (2 / power), np.sign(sin) * np.abs(sin) ** (2 / power))


def _body(stations: str, floor: float, belt: float, half: float, power: float) -> list[Floats]:
    """Smoothly interpolated sections through "x,low,high,width" stations.

    ``low`` and ``high`` count from the floor and the belt line, ``width`` is a share of ``half``.
    """
    knots = polyline(stations) * [1, 1, 1, half] + [0, floor, belt, 0]
    xs = np.linspace(knots[0, 0], knots[-1, 0], 40)
    low, high, wide = (np.interp(xs, knots[:, 0], knots[:, i]) for i in (1, 2, 3))
    for values in (low, high, wide):
        for _ in range(2):
            values[1:-1] = np.convolve(values, [0.25, 0.5, 0.25], mode="valid")
    across, up = _superellipse(32, power)
    return [
        np.stack([np.full(32, x), (a + c) / 2 + (c - a) / 2 * up, w * across], axis=1)
        for x, a, c, w in zip(xs, low, high, wide, strict=True)
    ]


def _arches(b: Builder, radius: float, half: float, places: list[float]) -> list[Surface]:
    """What is cut out of a body to make room for the wheels."""
    hole = b.axle(radius * 1.17, 0.55, 0.0).moved(y=radius)
    return [copy for x in places for copy in row(hole.moved(x), 2, z=2 * half)]


def car(b: Builder) -> None:
    jeep = b.says("jeep", "suv")
    sport = b.says("racecar", "roadster", "coupe", "sport", "sports", "racing")
    taxi = b.says("taxi", "cab")
    paint = b.finish("body", Finish("paint", (0.95, 0.7, 0.08)) if taxi else b.pick(_PAINTS))
    lift = 0.12 if jeep else (-0.04 if sport else 0.0)
    radius, half = 0.38 if jeep else 0.33, 0.88
    belt, floor = 0.86 + lift, 0.2 + 0.7 * max(lift, 0)
    stations = (
        "-2.12,0.22,-0.12,0.78 -2.02,0.06,0,0.92 -1.2,0,0.03,1 0.6,0,0,1 1.5,0.02,-0.1,0.97 "
        "2,0.06,-0.2,0.88 2.12,0.16,-0.32,0.72"
    )
    wheels = [1.36, -1.3]
    body = b.loft(_body(stations, floor, belt, half, 4.5), 35)
    b.add("body", paint, cut(body, *_arches(b, radius, half, wheels)))
    wells = b.box(3.6, 0.34, half * 2 - 0.3, 0.02).moved(0.03, floor + 0.06, 0)
    b.add("underbody", BLACK, wells)
    _cabin(b, paint, belt, 0.34 if sport else (0.56 if jeep else 0.47), half, jeep)
    _wheels(b, radius, 0.22, wheels, half - 0.1)
    _car_details(b, paint, belt, floor, half)
    if taxi:
        sign = b.box(0.14, 0.12, 0.42, 0.03).moved(-0.2, belt + 0.46, 0)
        b.add("sign", Finish("glow", (1.0, 0.92, 0.6)), sign)


def _cabin(b: Builder, paint: Finish, belt: float, height: float, half: float, boxy: bool) -> None:
    """Painted pillars and roof with thin shells of glass over the window openings."""
    slant = 0.12 if boxy else 0.5
    rear, front = (-1.75 if boxy else -1.55), 0.95
    inset = (slant * 0.75, -slant - 0.12)

    def shell(grow: float) -> Surface:
        rings = []
        for t in np.linspace(0, 1, 12):
            low, high = rear + inset[0] * t - grow, front + inset[1] * t + grow
            share = t * (1 - 0.03 * (1 - t) ** 3)
            y = belt - 0.12 + (height + 0.12) * share + grow * (2 * t - 1)
            rings.append(_plan(low, high, y, (half - 0.05) * (1 - 0.2 * t) + grow))
        low, high = rear + inset[0] + 0.12 - grow, front + inset[1] - 0.12 + grow
        lid = _plan(low, high, belt + height + 0.035 + grow, (half - 0.05) * 0.66 + grow)
        return b.loft([*rings, lid], 45)

    b.add("cabin", b.accent("roof", paint), shell(0.0))
    skin = cut(shell(0.006), shell(-0.02))
    glass = b.accent("windows", WINDOW)
    for prism in _window_prisms((rear, front), inset, belt + 0.03, belt + height - 0.06, half):
        b.add("windows", glass, common(skin, prism).creased(40))


def _plan(low: float, high: float, y: float, half: float) -> Floats:
    """A rounded rectangle from above."""
    along, across = _superellipse(40, 7.0)
    x = (low + high) / 2 + (high - low) / 2 * along
    return np.stack([x, np.full(40, y), -half * across], axis=1)


def _window_prisms(
    ends: tuple[float, float], inset: tuple[float, float], sill: float, head: float, half: float
) -> Iterator[Surface]:
    """Side windows (through the whole width), rear window and windscreen."""
    middle = sum(ends) / 2 + 0.08
    for end, lean, side in zip(ends, inset, (1, -1), strict=True):
        post = middle - side * 0.04
        low, high = end + lean * 0.25 + side * 0.18, end + lean * 0.9 + side * 0.15
        yield extrude([(low, sill), (post, sill), (post, head), (high, head)], 4 * half)
        across = polyline("-0.78,0 0.78,0 0.66,1 -0.66,1", half, head - sill) + np.array([0, sill])
        yield extrude(across, 1.6).turned("y", 90).moved(end + lean / 2 - side * 0.5)


def _car_details(b: Builder, paint: Finish, belt: float, floor: float, half: float) -> None:
    trim = b.accent("fittings", CHROME)
    lamp = b.ball(0.05, 0.085, 0.17).turned("y", 14).moved(2.05, belt - 0.3, half * 0.66)
    b.add("lights", WARM_LIGHT, *both(lamp, "z"))
    tail = b.box(0.05, 0.1, 0.26, 0.02).moved(-2.1, belt - 0.22)
    b.add("lights", RED_LIGHT, *row(tail, 2, z=half * 1.2))
    mirror = b.ball(0.05, 0.055, 0.085).moved(0.62, belt + 0.08)
    b.add("mirrors", paint, *row(mirror, 2, z=2 * half + 0.12))
    handle = b.box(0.15, 0.022, 0.025, 0.009).moved(-0.285, belt - 0.1)
    for side in row(handle, 2, z=2 * half):
        b.add("handles", trim, *row(side, 2, x=0.87))
    skirt = b.box(2.0, 0.05, 0.05, 0.02).moved(0.03, floor + 0.03)
    b.add("skirts", DARK_PLASTIC, *row(skirt, 2, z=2 * half - 0.04))
    b.add("grille", DARK_PLASTIC, b.box(0.06, 0.13, half * 0.85, 0.02).moved(2.1, belt - 0.46))
    b.add(
        "bumpers", trim, *row(b.box(0.1, 0.08, half * 1.35, 0.035).moved(y=floor + 0.13), 2, 4.22)
    )


def truck(b: Builder) -> None:
    paint = b.finish("body", b.pick(_PAINTS))
    pickup = b.says("pickup")
    half, radius = 0.98, 0.42
    b.add("chassis", BLACK, b.box(5.2, 0.16, 1.1, 0.02).moved(-0.1, 0.5))
    stations = (
        "1,0.45,1.3,1 1.1,0.42,2.12,1 2.05,0.42,2.1,1 2.25,0.42,1.5,0.98 2.6,0.44,1.36,0.97 "
        "2.74,0.56,1.25,0.88"
    )
    cab = b.loft(_body(stations, 0, 0, half, 7.0), 35)
    b.add("cab", paint, cut(cab, *_arches(b, radius, half, [1.8])))
    glass = b.accent("windows", WINDOW)
    b.add("windows", glass, b.box(0.03, 0.56, 1.6, 0.03).turned("z", 19).moved(2.19, 1.47))
    window = extrude(polyline("1.25,1.45 2,1.45 1.9,1.95 1.25,1.95"), 0.03, 0.01)
    b.add("windows", glass, *row(window, 2, z=2 * half - 0.01))
    b.add("lights", WARM_LIGHT, *row(b.ball(0.05, 0.1, 0.14).moved(2.7, 0.92), 2, z=1.32))
    mirror = b.box(0.06, 0.26, 0.12, 0.02).moved(1.98, 1.45)
    b.add("mirrors", DARK_PLASTIC, *row(mirror, 2, z=2 * half + 0.24))
    _wheels(b, radius, 0.28, [1.8, -1.15, -1.95][: 2 if pickup else 3], half - 0.14)
    b.add("grille", CHROME, b.box(0.06, 0.34, 1.0, 0.03).moved(2.7, 0.72))
    b.add("bumper", b.accent("fittings", STEEL), b.box(0.16, 0.2, 1.95, 0.05).moved(2.72, 0.42))
    with b.placed(lambda surface: surface.moved(-0.85)):
        _cargo(b, paint, half, pickup)


def _cargo(b: Builder, paint: Finish, half: float, pickup: bool) -> None:
    length = 3.5
    if not pickup and b.whole(0, 1):
        b.add(
            "box", b.accent("walls", WHITE_PAINT), b.box(length, 1.9, half * 2, 0.04).moved(y=0.66)
        )
        rail = b.box(length + 0.02, 0.07, 0.05, 0.015).moved(y=1.57)
        for side in row(rail, 2, z=2 * half - 0.01):
            b.add("rails", STEEL, *row(side, 2, y=1.74))
        return
    wood = b.accent("walls", paint if pickup else PLANKS)
    b.add("bed", wood, b.box(length, 0.08, half * 2, 0.02).moved(y=0.66))
    for board in row(b.box(length, 0.17, 0.05, 0.012).moved(y=0.93), 2, z=2 * half - 0.06):
        b.add("boards", wood, *row(board, 3, y=0.18))
    for board in row(b.box(0.05, 0.17, half * 2 - 0.1, 0.012).moved(y=0.93), 2, x=length - 0.06):
        b.add("boards", wood, *row(board, 3, y=0.18))
    for post in row(b.box(0.07, 0.6, 0.05, 0.01).moved(y=0.7), 2, z=2 * half + 0.02):
        b.add("posts", STEEL, *row(post, 5, x=0.8))
