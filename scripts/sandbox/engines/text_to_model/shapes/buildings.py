"""Buildings, facing +Z."""

from __future__ import annotations

import numpy as np

from ...geometry.primitives import Point2
from ...geometry.surface import Floats, Surface
from ...textures.finish import Finish
from ..builder import Builder, arc, around
from ..palette import (
    DARK_STONE,
    GREY_STONE,
    IRON,
    LINEN,
    PLANKS,
    PLASTER,
    RED_BRICK,
    ROOF_TILES,
    SLATE_TILES,
    SOIL,
    STEEL,
    WALNUT,
    WARM_LIGHT,
    WHITE_PAINT,
    WINDOW,
)

_DOORS = ((0.35, 0.12, 0.1), (0.1, 0.22, 0.3), (0.14, 0.28, 0.18), (0.32, 0.2, 0.12))


def house(b: Builder) -> None:
    barn, cabin = b.says("barn"), b.says("cabin", "hut")
    walls_default = b.pick([PLASTER, RED_BRICK, Finish("plaster", (0.8, 0.84, 0.86))])
    if barn:
        walls_default = Finish("wood", (0.5, 0.1, 0.08), wear=0.4)
    if cabin:
        walls_default = PLANKS
    walls = b.finish("walls", walls_default)
    width, depth = b.between(6.0, 8.0), b.between(4.6, 5.6)
    wall = b.between(2.7, 3.3) * b.brief.stretch
    rise = b.between(1.9, 2.6)
    floor = 0.3
    plinth = b.box(width + 0.2, floor + 0.05, depth + 0.2, 0.04)
    b.add("plinth", plinth, b.finish("base", GREY_STONE, main=False))
    gable: list[Point2] = [
        (-depth / 2, 0.0),
        (depth / 2, 0.0),
        (depth / 2, wall),
        (0.0, wall + rise),
        (-depth / 2, wall),
    ]
    body = b.plate(gable, width, 0.02).turned("y", 90).moved(y=floor)
    b.add("walls", body, walls)
    _gable_roof(b, width, depth, floor + wall, rise)
    front = depth / 2
    door_x = b.pick([-1, 0, 1]) * width * 0.2
    _door(b, door_x, floor, front, 1.9 if barn else 1.05, 2.1)
    places = [x for x in (-width * 0.33, -width * 0.02, width * 0.33) if abs(x - door_x) > 1.3]
    for x in places:
        _window(b, x, floor + 1.0, front, 1.0, 1.15)
    for x in (-width * 0.27, width * 0.27):
        _window(b, x, floor + 1.0, front, 1.0, 1.15, turn=180)
    for turn in (90, -90):
        _window(b, 0.0, floor + 1.0, width / 2, 1.0, 1.15, turn=turn)
        _window(b, 0.0, floor + wall + 0.12, width / 2, 0.7, 0.8, turn=turn)
    _steps(b, door_x, floor, front)
    if not barn:
        _chimney(b, width * b.pick([-0.3, 0.3]), floor + wall + rise, depth * 0.16)


def _gable_roof(b: Builder, width: float, depth: float, eaves: float, rise: float) -> None:
    """Two slabs of tiles with ridge and boards."""
    tiles = b.finish("roof", b.pick([ROOF_TILES, SLATE_TILES]), main=False)
    trim = b.finish("fittings", WHITE_PAINT, main=False)
    slope = float(np.hypot(depth / 2, rise))
    angle = float(np.degrees(np.arctan2(rise, depth / 2)))
    over, thick = 0.38, 0.12
    for side in (1, -1):
        slab = b.box(width + 0.7, thick, slope + over, 0.02).moved(z=(slope + over) / 2)
        if side < 0:
            slab = slab.turned("y", 180)
        slab = slab.turned("x", side * angle).moved(y=eaves + rise - 0.015)
        b.add("roof", slab, tiles)
        gutter_z = side * (depth / 2 + over * np.cos(np.radians(angle)))
        gutter_y = eaves - over * np.sin(np.radians(angle)) + 0.02
        path = [(-width / 2 - 0.36, gutter_y, gutter_z), (width / 2 + 0.36, gutter_y, gutter_z)]
        b.add("gutter", b.tube(path, 0.065, 10), trim)
    ridge = b.tube(
        [(-width / 2 - 0.37, eaves + rise + 0.08, 0), (width / 2 + 0.37, eaves + rise + 0.08, 0)],
        0.13,
        12,
        round_ends=False,
    )
    b.add("ridge", ridge, tiles)


def _door(b: Builder, x: float, y: float, z: float, width: float, height: float) -> None:
    wood = b.finish("door", Finish("wood", b.pick(_DOORS)), main=False)
    trim = b.finish("fittings", WHITE_PAINT, main=False)
    for side in (-1, 1):
        post = b.box(0.14, height + 0.1, 0.16, 0.02).moved(x + side * (width / 2 + 0.05), y, z)
        b.add("door frame", post, trim)
    lintel = b.box(width + 0.34, 0.16, 0.18, 0.02).moved(x, y + height, z)
    b.add("door frame", lintel, trim)
    b.add("door", b.box(width, height, 0.1, 0.015).moved(x, y, z), wood)
    for row in (0.14, 0.56):
        for side in (-1, 1):
            panel = b.box(width * 0.34, height * 0.32, 0.05, 0.018)
            b.add("door", panel.moved(x + side * width * 0.22, y + height * row, z + 0.04), wood)
    knob = b.ball(0.05).moved(x + width * 0.4, y + height * 0.47, z + 0.1)
    b.add("knob", knob, b.finish("handle", Finish("metal", (0.85, 0.67, 0.33)), main=False))


def _window(
    b: Builder, x: float, y: float, z: float, width: float, height: float, turn: float = 0.0
) -> None:
    """Glass with frame, bars and sill in the wall at distance ``z``, turned about Y."""
    trim = b.finish("fittings", WHITE_PAINT, main=False)
    glass = b.finish("windows", WINDOW, main=False)

    def put(name: str, surface: Surface, finish: Finish, copy_of: str) -> None:
        b.add(name, surface.moved(x, y, z).turned("y", turn), finish, copy_of)

    label = f"{width} {height}"
    put("windows", b.box(width, height, 0.08, 0.01), glass, f"glass {label}")
    for side in (-1, 1):
        post = b.box(0.09, height + 0.1, 0.14, 0.015).moved(side * width / 2, -0.05, 0)
        put("window frames", post, trim, f"post {label} {side}")
    for level in (-0.06, height - 0.03):
        rail = b.box(width + 0.09, 0.09, 0.14, 0.015).moved(0, level, 0)
        put("window frames", rail, trim, f"rail {label} {level}")
    put("window frames", b.box(0.045, height, 0.11, 0.01), trim, f"bar {label}")
    cross = b.box(width, 0.045, 0.11, 0.01).moved(0, height * 0.55, 0)
    put("window frames", cross, trim, f"cross {label}")
    sill = b.box(width + 0.3, 0.07, 0.3, 0.02).moved(0, -0.12, 0.06)
    put("window frames", sill, trim, f"sill {label}")


def _steps(b: Builder, x: float, floor: float, front: float) -> None:
    stone = b.finish("base", GREY_STONE, main=False)
    for i in range(2):
        height = floor * (i + 1) / 2
        step = b.box(1.7, height, 0.42, 0.03).moved(x, 0, front + 0.68 - 0.36 * i)
        b.add("steps", step, stone)


def _chimney(b: Builder, x: float, ridge: float, z: float) -> None:
    brick = b.finish("chimney", RED_BRICK, main=False)
    b.add("chimney", b.box(0.75, 1.9, 0.75, 0.02).moved(x, ridge - 1.1, z), brick)
    b.add("chimney", b.box(0.9, 0.14, 0.9, 0.03).moved(x, ridge + 0.74, z), GREY_STONE)
    pot = b.lathe(
        [(0.1, 0.0), (0.16, 0.0), (0.13, 0.3), (0.16, 0.36), (0.1, 0.36), (0.1, 0.0)], 0.02, 20
    )
    b.add("chimney", pot.moved(x, ridge + 0.86, z), Finish("ceramic", (0.6, 0.33, 0.22)))


def _merlons(b: Builder, radius: float, y: float, stone: Finish) -> None:
    """Battlements round the top of a round tower."""
    count = max(8, round(2 * np.pi * radius / 1.1))
    for turn in around(count):
        block = b.box(0.6, 0.75, 0.4, 0.04).moved(0, y, radius - 0.2).turned("y", turn)
        b.add("battlements", block, stone, f"merlon {radius}")


def _round_tower(
    b: Builder, x: float, z: float, radius: float, height: float, stone: Finish, roofed: bool
) -> None:
    start = len(b.parts)
    profile = [
        (0.0, 0.0),
        (radius * 1.12, 0.0),
        (radius * 1.05, 0.8),
        (radius, 1.2),
        (radius, height - 1.0),
        (radius * 1.16, height - 0.5),
        (radius * 1.16, height),
    ]
    if roofed:
        profile += [(0.0, height)]
    else:
        profile += [(radius * 0.9, height), (radius * 0.9, height - 0.6), (0.0, height - 0.6)]
    b.add("towers", b.lathe(profile, 0.05, 36), stone)
    dark = b.finish("windows", Finish("glass", (0.05, 0.05, 0.06)), main=False)
    for level in (0.45, 0.72):
        for turn in around(4, 45 if level > 0.5 else 0):
            slit = b.box(0.2, 1.0, 0.3, 0.05).moved(0, height * level, radius - 0.1)
            b.add("windows", slit.turned("y", turn), dark, f"slit {radius}")
    if roofed:
        tiles = b.finish("roof", b.pick([SLATE_TILES, ROOF_TILES]), main=False)
        tall = radius * 2.3
        cone = b.lathe(
            [(0.0, 0.0), (radius * 1.4, 0.0), (radius * 1.36, 0.1), (0.08, tall), (0.0, tall)],
            0.03,
            36,
        )
        b.add("roof", cone.moved(y=height - 0.02), tiles)
        _flag(b, height + tall)
    else:
        _merlons(b, radius * 1.16, height - 0.02, stone)
    for i in range(start, len(b.parts)):
        part = b.parts[i]
        b.parts[i] = type(part)(part.name, part.surface.moved(x, 0, z), part.finish, part.copy_of)


def _flag(b: Builder, y: float) -> None:
    b.add("flags", b.cylinder(0.05, 1.7, 0.01, 10).moved(y=y - 0.2), WALNUT)
    cloth = b.finish("flag", Finish("fabric", (0.65, 0.08, 0.08), scale=6.0), main=False)
    pennant = b.plate([(0.0, 0.0), (1.15, 0.28), (0.0, 0.56)], 0.04, 0.01)

    def wave(points: Floats) -> Floats:
        bent = points.copy()
        bent[:, 2] += 0.1 * points[:, 0]
        return bent

    b.add("flags", pennant.bent(wave).moved(0.04, y + 0.85, 0), cloth)


def tower(b: Builder) -> None:
    stone = b.finish("walls", b.pick([GREY_STONE, DARK_STONE]))
    radius, height = b.between(2.0, 2.6), b.between(9.0, 12.0) * b.brief.stretch
    blocks = Finish("brick", stone.colour, stone.wear, 4.0) if stone.material == "stone" else stone
    _round_tower(b, 0, 0, radius, height, blocks, bool(b.whole(0, 1)))
    _gate(b, 0.0, radius + 0.02, 1.3, 2.2)


def _gate(b: Builder, x: float, z: float, width: float, height: float) -> None:
    """An arched wooden door in a stone surround."""
    outline = [
        (-width / 2, 0.0),
        (width / 2, 0.0),
        *arc((0, height - width / 2), width / 2, 0, 180, 13),
    ]
    door = b.plate(outline, 0.3, 0.03).moved(x, 0, z)
    b.add("gate", door, b.finish("door", PLANKS, main=False))
    frame = [(r * 1.28 if abs(r) > 0 else r, y) for r, y in outline]
    top = [(p[0], p[1] * 1.07) for p in frame]
    surround = b.plate(top, 0.24, 0.04).moved(x, 0, z)
    b.add("gate frame", surround, b.finish("fittings", DARK_STONE, main=False))
    iron = b.finish("handle", IRON, main=False)
    for y in (0.25, 0.65):
        band = b.box(width * 0.94, 0.1, 0.05, 0.015).moved(x, height * y, z + 0.15)
        b.add("gate", band, iron)


def castle(b: Builder) -> None:
    stone = b.finish("walls", b.pick([GREY_STONE, Finish("stone", (0.62, 0.56, 0.46)), DARK_STONE]))
    blocks = Finish("brick", stone.colour, stone.wear, 5.0) if stone.material == "stone" else stone
    half, wall = b.between(9.0, 11.0), b.between(6.0, 7.0)
    roofed = bool(b.whole(0, 2))
    grass = b.finish("base", Finish("ground", (0.26, 0.36, 0.14)), main=False)
    b.add("ground", b.cylinder(half * 1.75, 0.5, 0.2, 56), grass)
    for turn in around(4):
        side = b.box(2 * half, wall, 1.5, 0.04).moved(0, 0.4, half).turned("y", turn)
        b.add("walls", side, blocks)
        count = int(2 * half / 1.5)
        for i in range(count):
            block = b.box(0.75, 0.8, 0.45, 0.04)
            block = block.moved((i - (count - 1) / 2) * 1.5, wall + 0.39, half + 0.5)
            b.add("battlements", block.turned("y", turn), blocks, "merlon")
    for x in (-1, 1):
        for z in (-1, 1):
            _round_tower(b, x * half, z * half, 2.1, wall + 4.0, blocks, roofed)
        _round_tower(b, x * 2.9, half + 0.6, 1.5, wall + 2.2, blocks, roofed)
    gatehouse = b.box(5.0, wall + 1.3, 2.4, 0.05).moved(0, 0.4, half + 0.3)
    b.add("walls", gatehouse, blocks)
    _gate(b, 0.0, half + 1.5, 2.6, 4.0)
    keep_width, keep_height = half * 0.8, wall + 5.5
    keep = b.box(keep_width, keep_height, keep_width, 0.06).moved(0, 0.4, -half * 0.25)
    b.add("keep", keep, blocks)
    dark = b.finish("windows", Finish("glass", (0.05, 0.05, 0.06)), main=False)
    for turn in around(4):
        for across in (-0.28, 0.0, 0.28):
            for level in (0.62, 0.84):
                slit = b.box(0.5, 1.2, 0.2, 0.08)
                slit = slit.moved(across * keep_width, keep_height * level, keep_width / 2)
                b.add("windows", slit.turned("y", turn).moved(z=-half * 0.25), dark, "keep slit")
        for i in range(5):
            block = b.box(0.9, 0.9, 0.5, 0.05).moved(
                (i - 2) * keep_width / 4.6, keep_height + 0.39, keep_width / 2 - 0.25
            )
            b.add(
                "battlements", block.turned("y", turn).moved(z=-half * 0.25), blocks, "keep merlon"
            )
    top = b.lathe([(0.0, 0.0), (1.9, 0.0), (1.9, 3.4), (0.0, 3.4)], 0.05, 32)
    b.add("keep", top.moved(0, keep_height + 0.3, -half * 0.25), blocks)
    tiles = b.finish("roof", b.pick([SLATE_TILES, ROOF_TILES]), main=False)
    cone = b.lathe([(0.0, 0.0), (2.4, 0.0), (0.06, 4.6), (0.0, 4.6)], 0.03, 36)
    b.add("roof", cone.moved(0, keep_height + 3.65, -half * 0.25), tiles)


def lighthouse(b: Builder) -> None:
    white = b.finish("walls", WHITE_PAINT)
    red = b.finish("fittings", Finish("paint", (0.68, 0.1, 0.08)), main=False)
    height, low, high = 14.0 * b.brief.stretch, 2.3, 1.35
    bands = 5
    rock = (
        b.stone_ball()
        .scaled(4.6, 1.6, 4.2)
        .bent(lambda p: p * (1 + 0.05 * np.sin(5 * p[:, :1] + 3 * p[:, 2:])))
    )
    b.add("rock", rock.moved(y=0.2), DARK_STONE)
    for i in range(bands):
        r0, r1 = (low + (high - low) * (i + k) / bands for k in (0, 1))
        y0 = 1.2 + height * i / bands
        ring = b.lathe(
            [(0.0, 0.0), (r0, 0.0), (r1, height / bands), (0.0, height / bands)], 0.0, 40
        )
        b.add("tower", ring.moved(y=y0), white if i % 2 == 0 else red)
    top = 1.2 + height
    gallery = [(0.0, 0.0), (high, 0.0), (high + 0.6, 0.3), (high + 0.6, 0.5), (0.0, 0.5)]
    b.add("gallery", b.lathe(gallery, 0.04, 40).moved(y=top), b.finish("gallery", DARK_STONE))
    rail = [
        ((high + 0.5) * x, top + 1.3, (high + 0.5) * z) for x, z in arc((0, 0), 1, 0, 360, 41)[:-1]
    ]
    b.add("railing", b.tube(rail, 0.04, 8, loop=True), STEEL)
    for turn in around(14):
        post = b.cylinder(0.03, 0.85, 0.0, 8).moved(high + 0.5, top + 0.45, 0).turned("y", turn)
        b.add("railing", post, STEEL, "post")
    b.add("lamp", b.cylinder(0.9, 1.7, 0.05, 32).moved(y=top + 0.45), WARM_LIGHT)
    for turn in around(8):
        bar = b.box(0.08, 1.75, 0.08, 0.01).moved(0.92, top + 0.45, 0).turned("y", turn)
        b.add("lamp frame", bar, red, "bar")
    cap = b.lathe(
        [(0.0, 0.0), (1.2, 0.0), (1.15, 0.15), (0.5, 0.85), (0.12, 1.1), (0.1, 1.5), (0.0, 1.5)],
        0.08,
        36,
    )
    b.add("cap", cap.moved(y=top + 2.15), red)
    dark = b.finish("windows", WINDOW, main=False)
    for level, turn in ((0.25, 0), (0.5, 120), (0.72, 240)):
        radius = low + (high - low) * level
        pane = b.box(0.5, 0.9, 0.3, 0.08).moved(0, 1.2 + height * level, radius - 0.06)
        b.add("windows", pane.turned("y", turn), dark)
    _gate(b, 0.0, low + 0.02, 1.2, 3.2)


def windmill(b: Builder) -> None:
    walls = b.finish("walls", b.pick([PLASTER, RED_BRICK]))
    wood = b.finish("fittings", PLANKS, main=False)
    cloth = b.finish("sail", Finish("fabric", LINEN.colour, scale=8.0), main=False)
    height = 7.5 * b.brief.stretch
    b.add(
        "tower",
        b.lathe([(0.0, 0.0), (2.4, 0.0), (1.5, height), (0.0, height)], 0.02, 12).creased(15),
        walls,
    )
    cap = [(0.0, 0.0), (1.75, 0.0), (1.7, 0.3), (1.2, 1.2), (0.5, 1.8), (0.0, 1.95)]
    b.add(
        "cap",
        b.lathe(cap, 0.2, 32).moved(y=height - 0.05),
        b.finish("roof", SLATE_TILES, main=False),
    )
    y, z = height + 0.5, 1.9
    b.add("axle", b.cylinder(0.16, 1.4, 0.03, 16).turned("x", 90).moved(0, y, z - 1.2), wood)
    b.add("hub", b.ball(0.3, 0.3, 0.22).moved(0, y, z + 0.15), wood)
    for turn in around(4, 22):
        beam = b.box(0.16, 4.4, 0.12, 0.02).moved(0, 0.2, z + 0.12).turned("z", turn)
        b.add("sails", beam.moved(y=y), wood)
        sheet = b.box(0.95, 3.4, 0.05, 0.01).moved(0.52, 1.0, 0).turned("y", 12)
        b.add("sails", sheet.moved(z=z + 0.1).turned("z", turn).moved(y=y), cloth)
        for i in range(5):
            slat = b.box(1.0, 0.07, 0.08, 0.01).moved(0.52, 1.05 + 0.8 * i, 0.03).turned("y", 12)
            b.add("sails", slat.moved(z=z + 0.1).turned("z", turn).moved(y=y), wood)
    _gate(b, 0.0, 2.3, 1.2, 2.1)
    dark = b.finish("windows", WINDOW, main=False)
    for level in (0.5, 0.75):
        radius = 2.4 - 0.9 * level
        b.add("windows", b.box(0.7, 0.9, 0.3, 0.04).moved(0, height * level, radius - 0.2), dark)


def bridge(b: Builder) -> None:
    stone = b.finish("walls", GREY_STONE)
    blocks = Finish("brick", stone.colour, stone.wear, 3.0) if stone.material == "stone" else stone
    length, width = 10.0, 2.8
    top = [(x, 2.0 + 0.9 * (1 - (x / 5.0) ** 2)) for x in np.linspace(5.0, -5.0, 21)]
    outline: list[Point2] = [
        (-5.0, 0.0),
        (-3.3, 0.0),
        *arc((0, 0.0), 3.3, 180, 0, 25)[1:-1],
        (3.3, 0.0),
        (5.0, 0.0),
        *top,
    ]
    outline = [
        (x, y * 0.72 if abs(x) < 3.31 and y > 0 and (x, y) not in top else y) for x, y in outline
    ]
    b.add("bridge", b.plate(outline, width, 0.05), blocks)
    for side in (-1, 1):
        rim = [(x, y - 0.05) for x, y in top]
        wall: list[Point2] = [*[(x, y + 0.7) for x, y in rim], *reversed(rim)]
        b.add("parapet", b.plate(wall, 0.35, 0.04).moved(z=side * (width / 2 - 0.1)), blocks)
        for x in (-length / 2 + 0.2, length / 2 - 0.2):
            post = b.box(0.6, 1.2, 0.6, 0.05).moved(x, 1.8, side * (width / 2 - 0.1))
            b.add("posts", post, stone)
            b.add("posts", b.ball(0.26).moved(x, 3.2, side * (width / 2 - 0.1)), stone)


def well(b: Builder) -> None:
    stone = b.finish("walls", GREY_STONE)
    blocks = Finish("brick", stone.colour, stone.wear, 1.6) if stone.material == "stone" else stone
    wood = b.finish("fittings", PLANKS, main=False)
    ring = [
        (0.55, 0.0),
        (0.8, 0.0),
        (0.78, 0.75),
        (0.83, 0.78),
        (0.83, 0.9),
        (0.53, 0.9),
        (0.55, 0.0),
    ]
    b.add("ring", b.lathe(ring, 0.02, 40), blocks)
    water = b.finish("liquid", Finish("glass", (0.08, 0.2, 0.26)), main=False)
    b.add("water", b.cylinder(0.56, 0.06, 0.0, 36).moved(y=0.4), water)
    for side in (-1, 1):
        b.add("posts", b.box(0.13, 2.1, 0.13, 0.015).moved(side * 0.7, 0.0, 0), wood)
        slab = b.box(2.0, 0.07, 1.05, 0.01).moved(z=0.5).turned("y", 0 if side > 0 else 180)
        tiles = b.finish("roof", ROOF_TILES, main=False)
        b.add("roof", slab.turned("x", side * 38).moved(y=2.55), tiles)
    b.add("beam", b.tube([(-0.8, 1.55, 0), (0.8, 1.55, 0)], 0.075, 14), wood)
    b.add("ridge", b.box(1.9, 0.1, 0.12, 0.02).moved(0, 2.44, 0), wood)
    crank = [(0.8, 1.55, 0), (0.95, 1.55, 0), (0.95, 1.33, 0), (1.12, 1.33, 0)]
    b.add("crank", b.tube(crank, 0.022, 8), IRON)
    rope = b.finish("rope", Finish("fabric", (0.7, 0.58, 0.38)), main=False)
    b.add("rope", b.tube([(0.0, 1.5, 0.07), (0.0, 1.05, 0.07)], 0.014, 8), rope)
    for i in range(8):
        coil = [
            (-0.14 + 0.035 * i, 1.55 + 0.088 * x, 0.088 * z)
            for x, z in arc((0, 0), 1, 0, 360, 19)[:-1]
        ]
        b.add("rope", b.tube(coil, 0.014, 8, loop=True), rope)
    bucket = [(0.0, 0.0), (0.12, 0.0), (0.16, 0.26), (0.145, 0.26), (0.11, 0.02), (0.0, 0.02)]
    b.add("bucket", b.lathe(bucket, 0.003, 24).moved(0, 0.78, 0.07), wood)
    for y in (0.82, 0.98):
        hoop = [(0.15 * x, y, 0.07 + 0.15 * z) for x, z in arc((0, 0), 1, 0, 360, 25)[:-1]]
        b.add("bucket", b.tube(hoop, 0.012, 6, loop=True), IRON)


def fence(b: Builder) -> None:
    wood = b.finish("walls", b.pick([WHITE_PAINT, PLANKS]))
    count, pitch = 13, 0.15
    for i in range(count):
        x = (i - (count - 1) / 2) * pitch
        picket: list[Point2] = [
            (-0.045, 0.0),
            (0.045, 0.0),
            (0.045, 0.86),
            (0.0, 0.93),
            (-0.045, 0.86),
        ]
        b.add("pickets", b.plate(picket, 0.022, 0.004).moved(x, 0.05, 0.03), wood)
    for y in (0.2, 0.68):
        b.add("rails", b.box(count * pitch, 0.07, 0.035, 0.005).moved(0, y, 0), wood)
    for side in (-1, 1):
        x = side * count * pitch / 2
        b.add("posts", b.box(0.1, 1.05, 0.1, 0.01).moved(x, 0, 0), wood)
        b.add("posts", b.ball(0.06).moved(x, 1.1, 0), wood)
    b.add("soil", b.box(count * pitch + 0.1, 0.03, 0.2, 0.012), b.finish("base", SOIL, main=False))
