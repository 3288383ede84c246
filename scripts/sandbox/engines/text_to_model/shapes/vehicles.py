"""Things that drive, facing +X."""

from __future__ import annotations

import numpy as np

from ...geometry.booleans import common, cut
from ...geometry.primitives import extrude
from ...geometry.surface import Floats, Surface
from ...textures.finish import Finish
from ..builder import Builder, around
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
)

_CAR_COLOURS = (
    (0.62, 0.05, 0.05),
    (0.07, 0.2, 0.45),
    (0.85, 0.85, 0.83),
    (0.1, 0.3, 0.22),
    (0.9, 0.6, 0.08),
    (0.25, 0.27, 0.3),
)


def wheel(b: Builder, radius: float, width: float, x: float, z: float) -> None:
    """A tyre on a spoked rim; the axle runs along Z, the hub looks away from the middle."""
    side = 1 if z > 0 else -1
    tyre_finish = b.finish("wheels", RUBBER, main=False)

    def placed(surface: Surface) -> Surface:
        return surface.turned("x", 90 * side).moved(x, radius, z - side * width / 2)

    wall = radius * 0.64
    profile = [
        (wall, width * 0.06),
        (radius * 0.9, 0.0),
        (radius * 0.985, width * 0.12),
        (radius, width * 0.3),
        (radius, width * 0.7),
        (radius * 0.985, width * 0.88),
        (radius * 0.9, width),
        (wall, width * 0.94),
        (wall, width * 0.06),
    ]
    b.add("tyres", placed(b.lathe(profile, 0.0, 40)), tyre_finish, f"tyre {radius}")
    dish = [
        (0.0, width * 0.15),
        (wall + 0.004, width * 0.15),
        (wall + 0.004, width * 0.95),
        (wall * 0.93, width * 0.97),
        (wall * 0.86, width * 0.62),
        (0.0, width * 0.5),
    ]
    dark = Finish("metal", (0.2, 0.2, 0.21))
    b.add("rims", placed(b.lathe(dish, 0.004, 40)), STEEL, f"rim {radius}")
    for turn in around(5, 18):
        spoke = b.box(wall * 0.24, width * 0.2, wall * 0.86, 0.01)
        spoke = spoke.moved(0, width * 0.68, wall * 0.46).turned("y", turn)
        b.add("rims", placed(spoke), STEEL, f"spoke {radius}")
    hub = b.cone(wall * 0.24, wall * 0.18, width * 0.3, 0.006, 20).moved(y=width * 0.66)
    b.add("rims", placed(hub), dark, f"hub {radius}")


def _squircle(x: float, low: float, high: float, half: float, power: float) -> Floats:
    """(n, 3) rounded-rectangle section across the car."""
    angle = np.linspace(0, 2 * np.pi, 33)[:-1] + np.pi / 32
    cos, sin = np.cos(angle), np.sin(angle)
    z = half * np.sign(cos) * np.abs(cos) ** (2 / power)
    y = (low + high) / 2 + (high - low) / 2 * np.sign(sin) * np.abs(sin) ** (2 / power)
    return np.stack([np.full(32, x), y, z], axis=1)


def _body(stations: list[tuple[float, float, float, float]], power: float) -> Floats:
    """Sections through (x, low, high, half width) stations, smoothly interpolated."""
    knots = np.array(stations)
    xs = np.concatenate(
        [knots[:1, 0], np.linspace(knots[0, 0], knots[-1, 0], 40)[1:-1], knots[-1:, 0]]
    )
    low, high, half = (np.interp(xs, knots[:, 0], knots[:, i]) for i in (1, 2, 3))
    kernel = np.array([0.25, 0.5, 0.25])
    for values in (low, high, half):
        for _ in range(2):
            values[1:-1] = np.convolve(values, kernel, mode="valid")
    return np.array([_squircle(*row, power) for row in zip(xs, low, high, half, strict=True)])


def car(b: Builder) -> None:
    jeep = b.says("jeep", "suv")
    sport = b.says("racecar", "roadster", "coupe", "sport", "sports", "racing")
    taxi = b.says("taxi", "cab")
    colour = (0.95, 0.7, 0.08) if taxi else b.pick(_CAR_COLOURS)
    paint = b.finish("body", Finish("paint", colour))
    lift = 0.12 if jeep else (-0.04 if sport else 0.0)
    radius = 0.38 if jeep else 0.33
    front, rear, half = 1.36, -1.3, 0.88
    belt = 0.86 + lift
    floor = 0.2 + 0.7 * max(lift, 0)
    body = b.loft(
        _body(
            [
                (-2.12, floor + 0.22, belt - 0.12, half * 0.78),
                (-2.02, floor + 0.06, belt, half * 0.92),
                (-1.2, floor, belt + 0.03, half),
                (0.6, floor, belt, half),
                (1.5, floor + 0.02, belt - 0.1, half * 0.97),
                (2.0, floor + 0.06, belt - 0.2, half * 0.88),
                (2.12, floor + 0.16, belt - 0.32, half * 0.72),
            ],
            4.5,
        ),
        35,
    )
    arches = [
        b.cylinder(radius * 1.17, 0.5, 0.0, 36)
        .moved(y=-0.25)
        .turned("x", 90)
        .moved(x, radius, side * half)
        for x in (front, rear)
        for side in (-1, 1)
    ]
    b.add("body", cut(body, *arches).creased(35), paint)
    wells = b.box(3.6, 0.34, half * 2 - 0.3, 0.02).moved(0.03, floor + 0.06, 0)
    b.add("underbody", wells, BLACK)
    _cabin(b, paint, belt, 0.34 if sport else (0.56 if jeep else 0.47), half, jeep)
    for x in (front, rear):
        for side in (-1, 1):
            wheel(b, radius, 0.22, x, side * (half - 0.1))
    _car_details(b, belt, floor, half)
    if taxi:
        sign = b.box(0.14, 0.12, 0.42, 0.03).moved(-0.2, belt + 0.46, 0)
        b.add("sign", sign, Finish("glow", (1.0, 0.92, 0.6)))


def _cabin(b: Builder, paint: Finish, belt: float, height: float, half: float, boxy: bool) -> None:
    """Painted pillars and roof with thin shells of glass over the window openings."""
    slant = 0.12 if boxy else 0.5
    top = belt + height
    low_front, low_rear = 0.95, -1.75 if boxy else -1.55
    high_front, high_rear = low_front - slant - 0.12, low_rear + slant * 0.75

    def shell(grow: float) -> Surface:
        rings = []
        for t in np.linspace(0, 1, 12):
            bulge = 1 - 0.5 * (1 - t) ** 3
            x0 = low_rear + (high_rear - low_rear) * t - grow
            x1 = low_front + (high_front - low_front) * t + grow
            width = (half - 0.05) * (1 - 0.2 * t) + grow
            y = belt - 0.12 + (height + 0.12) * (t if t < 1 else 1.0) * (0.94 + 0.06 * bulge)
            y += grow * (2 * t - 1)
            rings.append(_rounded_plan(x0, x1, y, width, 7.0))
        lid = _rounded_plan(
            high_rear + 0.12 - grow,
            high_front - 0.12 + grow,
            top + 0.035 + grow,
            (half - 0.05) * 0.66 + grow,
            6.0,
        )
        return b.loft(np.array([*rings, lid]), 45)

    b.add("cabin", shell(0.0), b.finish("roof", paint, main=False))
    glass = b.finish("windows", WINDOW, main=False)
    skin = cut(shell(0.006), shell(-0.02))
    sill, head = belt + 0.03, top - 0.06
    for prism in _window_prisms(low_front, high_front, low_rear, high_rear, sill, head, half):
        b.add("windows", common(skin, prism).creased(40), glass)


def _rounded_plan(x0: float, x1: float, y: float, half: float, power: float) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    cos, sin = np.cos(angle), np.sin(angle)
    x = (x0 + x1) / 2 + (x1 - x0) / 2 * np.sign(cos) * np.abs(cos) ** (2 / power)
    z = half * np.sign(sin) * np.abs(sin) ** (2 / power)
    return np.stack([x, np.full(40, y), z], axis=1)


def _window_prisms(
    low_front: float,
    high_front: float,
    low_rear: float,
    high_rear: float,
    sill: float,
    head: float,
    half: float,
) -> list[Surface]:
    """Side windows (through the whole width), windscreen and rear window."""

    def front_at(share: float) -> float:
        return low_front + (high_front - low_front) * share

    def rear_at(share: float) -> float:
        return low_rear + (high_rear - low_rear) * share

    middle = (low_front + low_rear) / 2 + 0.08
    prisms = [
        extrude(
            [
                (middle + 0.04, sill),
                (front_at(0.25) - 0.16, sill),
                (front_at(0.9) - 0.14, head),
                (middle + 0.04, head),
            ],
            4 * half,
        ),
        extrude(
            [
                (rear_at(0.25) + 0.2, sill),
                (middle - 0.04, sill),
                (middle - 0.04, head),
                (rear_at(0.9) + 0.16, head),
            ],
            4 * half,
        ),
    ]
    across = [(-half * 0.78, sill), (half * 0.78, sill), (half * 0.66, head), (-half * 0.66, head)]
    screen = extrude(across, 1.6).turned("y", 90)
    prisms.append(screen.moved(x=front_at(0.5) + 0.5))
    prisms.append(screen.moved(x=rear_at(0.5) - 0.5))
    return prisms


def _car_details(b: Builder, belt: float, floor: float, half: float) -> None:
    trim = b.finish("fittings", CHROME, main=False)
    for side in (-1, 1):
        lamp = b.ball(0.05, 0.085, 0.17).turned("y", side * 14)
        b.add("lights", lamp.moved(2.05, belt - 0.3, side * half * 0.66), WARM_LIGHT)
        tail = b.box(0.05, 0.1, 0.26, 0.02).moved(-2.1, belt - 0.22, side * half * 0.6)
        b.add("lights", tail, RED_LIGHT)
        mirror = b.ball(0.05, 0.055, 0.085).moved(0.62, belt + 0.08, side * (half + 0.06))
        b.add("mirrors", mirror, b.parts[0].finish)
        for x in (0.15, -0.72):
            handle = b.box(0.15, 0.022, 0.025, 0.009)
            b.add("handles", handle.moved(x, belt - 0.1, side * (half + 0.002)), trim)
        skirt = b.box(2.0, 0.05, 0.05, 0.02).moved(0.03, floor + 0.03, side * (half - 0.02))
        b.add("skirts", skirt, DARK_PLASTIC)
    grille = b.box(0.06, 0.13, half * 0.85, 0.02).moved(2.1, belt - 0.46, 0)
    b.add("grille", grille, DARK_PLASTIC)
    for x, depth in ((2.1, 0.1), (-2.12, 0.1)):
        bar = b.box(depth, 0.08, half * 1.35, 0.035).moved(x, floor + 0.13, 0)
        b.add("bumpers", bar, trim)


def truck(b: Builder) -> None:
    paint = b.finish("body", Finish("paint", b.pick(_CAR_COLOURS)))
    pickup = b.says("pickup")
    half, radius = 0.98, 0.42
    b.add("chassis", b.box(5.2, 0.16, 1.1, 0.02).moved(-0.1, 0.5, 0), BLACK)
    cab = b.loft(
        _body(
            [
                (1.0, 0.45, 1.3, half),
                (1.1, 0.42, 2.12, half),
                (2.05, 0.42, 2.1, half),
                (2.25, 0.42, 1.5, half * 0.98),
                (2.6, 0.44, 1.36, half * 0.97),
                (2.74, 0.56, 1.25, half * 0.88),
            ],
            7.0,
        ),
        35,
    )
    arches = [
        b.cylinder(radius * 1.15, 0.6, 0.0, 36)
        .moved(y=-0.3)
        .turned("x", 90)
        .moved(1.8, radius, side * half)
        for side in (-1, 1)
    ]
    b.add("cab", cut(cab, *arches).creased(35), paint)
    glass = b.finish("windows", WINDOW, main=False)
    screen = b.box(0.03, 0.56, 1.6, 0.03).turned("z", 19).moved(2.19, 1.47, 0)
    b.add("windows", screen, glass)
    for side in (-1, 1):
        window = extrude([(1.25, 1.45), (2.0, 1.45), (1.9, 1.95), (1.25, 1.95)], 0.03, 0.01)
        b.add("windows", window.moved(z=side * (half - 0.005)), glass)
        b.add("lights", b.ball(0.05, 0.1, 0.14).moved(2.7, 0.92, side * 0.66), WARM_LIGHT)
        mirror = b.box(0.06, 0.26, 0.12, 0.02).moved(1.98, 1.45, side * (half + 0.12))
        b.add("mirrors", mirror, DARK_PLASTIC)
        for x in (1.8, -1.15, -1.95)[: 2 if pickup else 3]:
            wheel(b, radius, 0.28, x, side * (half - 0.14))
    b.add("grille", b.box(0.06, 0.34, 1.0, 0.03).moved(2.7, 0.72, 0), CHROME)
    b.add(
        "bumper",
        b.box(0.16, 0.2, 1.95, 0.05).moved(2.72, 0.42, 0),
        b.finish("fittings", STEEL, main=False),
    )
    _cargo(b, half, pickup)


def _cargo(b: Builder, half: float, pickup: bool) -> None:
    length, x = 3.5, -0.85
    if not pickup and b.whole(0, 1):
        box = b.finish("walls", WHITE_PAINT, main=False)
        b.add("box", b.box(length, 1.9, half * 2, 0.04).moved(x, 0.66, 0), box)
        for side in (-1, 1):
            for y in (0.7, 2.44):
                rail = b.box(length + 0.02, 0.07, 0.05, 0.015).moved(x, y, side * (half - 0.005))
                b.add("rails", rail, STEEL)
        return
    wood = b.finish("walls", b.parts[1].finish if pickup else PLANKS, main=False)
    b.add("bed", b.box(length, 0.08, half * 2, 0.02).moved(x, 0.66, 0), wood)
    for side in (-1, 1):
        for i in range(3):
            board = b.box(length, 0.17, 0.05, 0.012).moved(x, 0.75 + 0.18 * i, side * (half - 0.03))
            b.add("boards", board, wood)
        for i in range(5):
            post = b.box(0.07, 0.6, 0.05, 0.01)
            b.add("posts", post.moved(x - 1.6 + 0.8 * i, 0.7, side * (half + 0.01)), STEEL)
    for end in (-1, 1):
        for i in range(3):
            board = b.box(0.05, 0.17, half * 2 - 0.1, 0.012)
            b.add("boards", board.moved(x + end * (length / 2 - 0.03), 0.75 + 0.18 * i, 0), wood)
