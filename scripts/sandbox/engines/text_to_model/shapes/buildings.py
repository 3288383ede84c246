"""Buildings, facing +Z."""

from dataclasses import replace

import numpy as np

from ...geometry.surface import Surface, polyline
from ...textures.texels import Finish
from ..builder import Builder, arc, around, row, shifted
from ..palette import (
    BRASS,
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
    finishes,
)

_DOORS = finishes("wood", "0.35,0.12,0.1 0.1,0.22,0.3 0.14,0.28,0.18 0.32,0.2,0.12")
_DARK = Finish("glass", (0.05, 0.05, 0.06))
_MEADOW = Finish("ground", (0.26, 0.36, 0.14))


def _blocks(stone: Finish, scale: float) -> Finish:
    """Stone laid in courses; any other material as it is."""
    if stone.material != "stone":
        return stone
    return replace(stone, material="brick", scale=scale)


def house(b: Builder) -> None:
    barn, cabin = b.says("barn"), b.says("cabin", "hut")
    usual = b.pick([PLASTER, RED_BRICK, Finish("plaster", (0.8, 0.84, 0.86))])
    if barn:
        usual = Finish("wood", (0.5, 0.1, 0.08), wear=0.4)
    walls = b.finish("walls", PLANKS if cabin else usual)
    width, depth = b.between(6.0, 8.0), b.between(4.6, 5.6)
    wall, rise = b.between(2.7, 3.3) * b.brief.stretch, b.between(1.9, 2.6)
    b.add("plinth", b.accent("base", GREY_STONE), b.box(width + 0.2, 0.35, depth + 0.2, 0.04))
    with b.placed(lambda surface: surface.moved(y=0.3)):
        gable = polyline("-1,0 1,0 1,1 -1,1", depth / 2, wall)
        outline = np.insert(gable, 3, [0.0, wall + rise], axis=0)
        b.add("walls", walls, b.plate(outline, width, 0.02).turned("y", 90))
        _gable_roof(b, width, depth, wall, rise)
        door = b.pick([-1, 0, 1]) * width * 0.2
        _door(b, door, depth / 2, 1.9 if barn else 1.05, 2.1)
        pane = _Window(b, 1.0, 1.15)
        for x in (-width * 0.33, -width * 0.02, width * 0.33):
            if abs(x - door) > 1.3:
                pane.put(x, 1.0, depth / 2)
        for x in (-width * 0.27, width * 0.27):
            pane.put(x, 1.0, depth / 2, 180)
        attic = _Window(b, 0.7, 0.8)
        for turn in (90, -90):
            pane.put(0.0, 1.0, width / 2, turn)
            attic.put(0.0, wall + 0.12, width / 2, turn)
        if not barn:
            _chimney(b, width * b.pick([-0.3, 0.3]), wall + rise, depth * 0.16)
    for height, z in ((0.15, 0.68), (0.3, 0.32)):
        step = b.box(1.7, height, 0.42, 0.03).moved(door, 0, depth / 2 + z)
        b.add("steps", b.accent("base", GREY_STONE), step)


def _gable_roof(b: Builder, width: float, depth: float, eaves: float, rise: float) -> None:
    """Two slabs of tiles with ridge and gutters."""
    tiles = b.accent("roof", b.pick([ROOF_TILES, SLATE_TILES]))
    over, angle = 0.38, np.arctan2(rise, depth / 2)
    slope = float(np.hypot(depth / 2, rise)) + over
    slab = b.box(width + 0.7, 0.12, slope, 0.02).moved(z=slope / 2)
    slab = slab.turned("x", float(np.degrees(angle))).moved(y=eaves + rise - 0.015)
    b.add("roof", tiles, slab, slab.turned("y", 180))
    rod = [(-width / 2 - 0.36, 0, 0), (width / 2 + 0.36, 0, 0)]
    gutter = b.tube(rod, 0.065, 10).moved(y=eaves - over * np.sin(angle) + 0.02)
    away = depth + 2 * over * float(np.cos(angle))
    b.add("gutter", b.accent("fittings", WHITE_PAINT), *row(gutter, 2, z=away))
    b.add("ridge", tiles, b.tube(rod, 0.13, round_ends=False).moved(y=eaves + rise + 0.08))


def _door(b: Builder, x: float, z: float, width: float, height: float) -> None:
    wood, trim = b.accent("door", b.pick(_DOORS)), b.accent("fittings", WHITE_PAINT)
    with b.placed(lambda surface: surface.moved(x, 0, z)):
        b.add("door frame", trim, *row(b.box(0.14, height + 0.1, 0.16, 0.02), 2, x=width + 0.1))
        b.add("door frame", trim, b.box(width + 0.34, 0.16, 0.18, 0.02).moved(y=height))
        b.add("door", wood, b.box(width, height, 0.1, 0.015))
        panel = b.box(width * 0.34, height * 0.32, 0.05, 0.018).moved(y=height * 0.35, z=0.04)
        for side in row(panel, 2, x=width * 0.44):
            b.add("door", wood, *row(side, 2, y=height * 0.42))
        knob = b.ball(0.05).moved(width * 0.4, height * 0.47, 0.1)
        b.add("knob", b.accent("handle", BRASS), knob)


class _Window:
    """Glass with frame, bars and sill, made once and put into several walls."""

    def __init__(self, b: Builder, width: float, height: float) -> None:
        self._builder = b
        trim = b.accent("fittings", WHITE_PAINT)
        post = b.box(0.09, height + 0.1, 0.14, 0.015).moved(y=-0.05)
        rail = b.box(width + 0.09, 0.09, 0.14, 0.015).moved(y=height / 2 - 0.045)
        self._pieces = [
            ("windows", b.accent("windows", WINDOW), b.box(width, height, 0.08, 0.01)),
            *(("window frames", trim, copy) for copy in row(post, 2, x=width)),
            *(("window frames", trim, copy) for copy in row(rail, 2, y=height + 0.03)),
            ("window frames", trim, b.box(0.045, height, 0.11, 0.01)),
            ("window frames", trim, b.box(width, 0.045, 0.11, 0.01).moved(y=height * 0.55)),
            ("window frames", trim, b.box(width + 0.3, 0.07, 0.3, 0.02).moved(0, -0.12, 0.06)),
        ]

    def put(self, x: float, y: float, z: float, turn: float = 0.0) -> None:
        """Into the wall at distance ``z``, turned about Y."""
        for name, finish, surface in self._pieces:
            self._builder.add(name, finish, surface.moved(x, y, z).turned("y", turn))


def _chimney(b: Builder, x: float, ridge: float, z: float) -> None:
    with b.placed(lambda surface: surface.moved(x, ridge, z)):
        b.add("chimney", b.accent("chimney", RED_BRICK), b.box(0.75, 1.9, 0.75, 0.02).moved(y=-1.1))
        b.add("chimney", GREY_STONE, b.box(0.9, 0.14, 0.9, 0.03).moved(y=0.74))
        pot = polyline("0.1,0 0.16,0 0.13,0.3 0.16,0.36 0.1,0.36 0.1,0")
        b.add("chimney", Finish("ceramic", (0.6, 0.33, 0.22)), b.lathe(pot, 0.02, 20).moved(y=0.86))


def _cone_roof(b: Builder, radius: float, tall: float) -> Surface:
    profile = [(0, 0), (radius, 0), (radius * 0.97, 0.1), (0.08, tall), (0, tall)]
    return b.lathe(profile, 0.03, 36)


def _round_tower(
    b: Builder, x: float, z: float, radius: float, height: float, stone: Finish, roofed: bool
) -> None:
    foot = [(0, 0), (radius * 1.12, 0), (radius * 1.05, 0.8), (radius, 1.2), (radius, height - 1)]
    head = [(radius * 1.16, height - 0.5), (radius * 1.16, height)]
    inside = [(0.9 * radius, height), (0.9 * radius, height - 0.6), (0, height - 0.6)]
    top = [(0, height)] if roofed else inside
    dark = b.accent("windows", _DARK)
    with b.placed(lambda surface: surface.moved(x, 0, z)):
        b.add("towers", stone, b.lathe([*foot, *head, *top], 0.05, 36))
        slit = b.box(0.2, 1.0, 0.3, 0.05).moved(z=radius - 0.1)
        b.add("windows", dark, *around(slit.moved(y=height * 0.45), 4))
        b.add("windows", dark, *around(slit.moved(y=height * 0.72), 4, 45))
        if roofed:
            tiles = b.accent("roof", b.pick([SLATE_TILES, ROOF_TILES]))
            b.add("roof", tiles, _cone_roof(b, radius * 1.4, radius * 2.3).moved(y=height - 0.02))
            _flag(b, height + radius * 2.3)
            return
        merlon = b.box(0.6, 0.75, 0.4, 0.04).moved(0, height - 0.02, radius * 1.16 - 0.2)
        count = max(8, round(2 * np.pi * radius * 1.16 / 1.1))
        b.add("battlements", stone, *around(merlon, count))


def _flag(b: Builder, y: float) -> None:
    b.add("flags", WALNUT, b.cylinder(0.05, 1.7, 0.01, 10).moved(y=y - 0.2))
    cloth = b.accent("flag", Finish("fabric", (0.65, 0.08, 0.08), scale=6.0))
    pennant = b.plate(polyline("0,0 1.15,0.28 0,0.56"), 0.04, 0.01)
    waving = pennant.bent(lambda points: shifted(points, z=0.1 * points[:, 0]))
    b.add("flags", cloth, waving.moved(0.04, y + 0.85, 0))


def _gate(b: Builder, z: float, width: float, height: float) -> None:
    """An arched wooden door in a stone surround."""
    bow = arc((0, height - width / 2), width / 2, 0, 180, 13)
    outline = np.concatenate([[(-width / 2, 0.0), (width / 2, 0.0)], bow])
    with b.placed(lambda surface: surface.moved(z=z)):
        b.add("gate", b.accent("door", PLANKS), b.plate(outline, 0.3, 0.03))
        surround = b.plate(outline * [1.28, 1.07], 0.24, 0.04)
        b.add("gate frame", b.accent("fittings", DARK_STONE), surround)
        band = b.box(width * 0.94, 0.1, 0.05, 0.015).moved(y=height * 0.45, z=0.15)
        b.add("gate", b.accent("handle", IRON), *row(band, 2, y=height * 0.4))


def tower(b: Builder) -> None:
    stone = b.finish("walls", b.pick([GREY_STONE, DARK_STONE]))
    radius, height = b.between(2.0, 2.6), b.between(9.0, 12.0) * b.brief.stretch
    _round_tower(b, 0, 0, radius, height, _blocks(stone, 4.0), bool(b.whole(0, 1)))
    _gate(b, radius + 0.02, 1.3, 2.2)


def castle(b: Builder) -> None:
    stone = b.finish("walls", b.pick([GREY_STONE, Finish("stone", (0.62, 0.56, 0.46)), DARK_STONE]))
    blocks = _blocks(stone, 5.0)
    half, wall = b.between(9.0, 11.0), b.between(6.0, 7.0)
    roofed = bool(b.whole(0, 2))
    b.add("ground", b.accent("base", _MEADOW), b.cylinder(half * 1.75, 0.5, 0.2, 56))
    b.add("walls", blocks, *around(b.box(2 * half, wall, 1.5, 0.04).moved(0, 0.4, half), 4))
    merlon = b.box(0.75, 0.8, 0.45, 0.04).moved(0, wall + 0.39, half + 0.5)
    for place in row(merlon, int(2 * half / 1.5), x=1.5):
        b.add("battlements", blocks, *around(place, 4))
    for x in (-1, 1):
        for z in (-1, 1):
            _round_tower(b, x * half, z * half, 2.1, wall + 4.0, blocks, roofed)
        _round_tower(b, x * 2.9, half + 0.6, 1.5, wall + 2.2, blocks, roofed)
    b.add("walls", blocks, b.box(5.0, wall + 1.3, 2.4, 0.05).moved(0, 0.4, half + 0.3))
    _gate(b, half + 1.5, 2.6, 4.0)
    with b.placed(lambda surface: surface.moved(z=-half * 0.25)):
        _keep(b, blocks, half * 0.8, wall + 5.5)


def _keep(b: Builder, blocks: Finish, width: float, height: float) -> None:
    dark = b.accent("windows", _DARK)
    b.add("keep", blocks, b.box(width, height, width, 0.06).moved(y=0.4))
    slit = b.box(0.5, 1.2, 0.2, 0.08).moved(z=width / 2)
    for place in row(slit.moved(y=0.73 * height), 2, y=0.22 * height):
        for window in row(place, 3, x=0.28 * width):
            b.add("windows", dark, *around(window, 4))
    merlon = b.box(0.9, 0.9, 0.5, 0.05).moved(0, height + 0.39, width / 2 - 0.25)
    for place in row(merlon, 5, x=width / 4.6):
        b.add("battlements", blocks, *around(place, 4))
    b.add("keep", blocks, b.cylinder(1.9, 3.4, 0.05, 32).moved(y=height + 0.3))
    tiles = b.accent("roof", b.pick([SLATE_TILES, ROOF_TILES]))
    b.add("roof", tiles, _cone_roof(b, 2.4, 4.6).moved(y=height + 3.65))


def lighthouse(b: Builder) -> None:
    white = b.finish("walls", WHITE_PAINT)
    red = b.accent("fittings", Finish("paint", (0.68, 0.1, 0.08)))
    height, low, high = 14.0 * b.brief.stretch, 2.3, 1.35
    rock = b.stone_ball().scaled(4.6, 1.6, 4.2)
    rough = rock.bent(lambda p: p * (1 + 0.05 * np.sin(5 * p[:, :1] + 3 * p[:, 2:])))
    b.add("rock", DARK_STONE, rough.moved(y=0.2))
    step, shrink = height / 5, (low - high) / 5
    for i in range(5):
        drum = b.cone(low - i * shrink, low - (i + 1) * shrink, step, 0.0, 40)
        b.add("tower", red if i % 2 else white, drum.moved(y=1.2 + i * step))
    with b.placed(lambda surface: surface.moved(y=1.2 + height)):
        gallery = polyline("0,0 1.35,0 1.95,0.3 1.95,0.5 0,0.5")
        b.add("gallery", b.finish("gallery", DARK_STONE), b.lathe(gallery, 0.04, 40))
        b.add("railing", STEEL, b.hoop(1.85, 0.04, 1.3))
        b.add("railing", STEEL, *around(b.cylinder(0.03, 0.85, 0.0, 8).moved(1.85, 0.45), 14))
        b.add("lamp", WARM_LIGHT, b.cylinder(0.9, 1.7, 0.05, 32).moved(y=0.45))
        b.add("lamp frame", red, *around(b.box(0.08, 1.75, 0.08, 0.01).moved(0.92, 0.45), 8))
        cap = "0,2.15 1.2,2.15 1.15,2.3 0.5,3 0.12,3.25 0.1,3.65 0,3.65"
        b.add("cap", red, b.lathe(polyline(cap), 0.08, 36))
    for level, turn in ((0.25, 0), (0.5, 120), (0.72, 240)):
        away = low + (high - low) * level - 0.06
        pane = b.box(0.5, 0.9, 0.3, 0.08).moved(0, 1.2 + height * level, away)
        b.add("windows", b.accent("windows", WINDOW), pane.turned("y", turn))
    _gate(b, low + 0.02, 1.2, 3.2)


def windmill(b: Builder) -> None:
    walls = b.finish("walls", b.pick([PLASTER, RED_BRICK]))
    wood = b.accent("fittings", PLANKS)
    cloth = b.accent("sail", Finish("fabric", LINEN.colour, scale=8.0))
    height = 7.5 * b.brief.stretch
    b.add("tower", walls, b.cone(2.4, 1.5, height, 0.0, 12).creased(15))
    cap = b.lathe(polyline("0,0 1.75,0 1.7,0.3 1.2,1.2 0.5,1.8 0,1.95"), 0.2)
    b.add("cap", b.accent("roof", SLATE_TILES), cap.moved(y=height - 0.05))
    with b.placed(lambda surface: surface.moved(y=height + 0.5, z=1.9)):
        b.add("axle", wood, b.axle(0.16, 1.4, 0.03).moved(z=-0.5))
        b.add("hub", wood, b.ball(0.3, 0.3, 0.22).moved(z=0.15))
        beam = b.box(0.16, 4.4, 0.12, 0.02).moved(0, 0.2, 0.12)
        sheet = b.box(0.95, 3.4, 0.05, 0.01).moved(0.52, 1.0).turned("y", 12).moved(z=0.1)
        slat = b.box(1.0, 0.07, 0.08, 0.01).moved(0.52, 2.65, 0.03).turned("y", 12).moved(z=0.1)
        b.add("sails", wood, *around(beam, 4, 22, axis="z"))
        b.add("sails", cloth, *around(sheet, 4, 22, axis="z"))
        for place in row(slat, 5, y=0.8):
            b.add("sails", wood, *around(place, 4, 22, axis="z"))
    _gate(b, 2.3, 1.2, 2.1)
    for level in (0.5, 0.75):
        pane = b.box(0.7, 0.9, 0.3, 0.04).moved(0, height * level, 2.2 - 0.9 * level)
        b.add("windows", b.accent("windows", WINDOW), pane)


def bridge(b: Builder) -> None:
    stone = b.finish("walls", GREY_STONE)
    blocks = _blocks(stone, 3.0)
    x = np.linspace(5.0, -5.0, 21)
    top = np.stack([x, 2.0 + 0.9 * (1 - (x / 5.0) ** 2)], axis=1)
    below = arc((0, 0), 3.3, 180, 0, 25) * [1, 0.72]
    outline = np.concatenate([[(-5.0, 0.0)], below, [(5.0, 0.0)], top])
    b.add("bridge", blocks, b.plate(outline, 2.8, 0.05))
    wall = np.concatenate([top + np.array([0, 0.65]), top[::-1] - [0, 0.05]])
    b.add("parapet", blocks, *row(b.plate(wall, 0.35, 0.04), 2, z=2.6))
    for place in row(b.box(0.6, 1.2, 0.6, 0.05).moved(y=1.8), 2, z=2.6):
        b.add("posts", stone, *row(place, 2, x=9.6))
    for place in row(b.ball(0.26).moved(y=3.2), 2, z=2.6):
        b.add("posts", stone, *row(place, 2, x=9.6))


def well(b: Builder) -> None:
    stone, wood = b.finish("walls", GREY_STONE), b.accent("fittings", PLANKS)
    ring = "0.55,0 0.8,0 0.78,0.75 0.83,0.78 0.83,0.9 0.53,0.9 0.55,0"
    b.add("ring", _blocks(stone, 1.6), b.lathe(polyline(ring), 0.02, 40))
    water = b.accent("liquid", Finish("glass", (0.08, 0.2, 0.26)))
    b.add("water", water, b.cylinder(0.56, 0.06, 0.0, 36).moved(y=0.4))
    b.add("posts", wood, *row(b.box(0.13, 2.1, 0.13, 0.015), 2, x=1.4))
    slab = b.box(2.0, 0.07, 1.05, 0.01).moved(z=0.5).turned("x", 38).moved(y=2.55)
    b.add("roof", b.accent("roof", ROOF_TILES), *around(slab, 2))
    b.add("beam", wood, b.tube([(-0.8, 1.55, 0), (0.8, 1.55, 0)], 0.075, 14))
    b.add("ridge", wood, b.box(1.9, 0.1, 0.12, 0.02).moved(y=2.44))
    crank = polyline("0.8,1.55,0 0.95,1.55,0 0.95,1.33,0 1.12,1.33,0")
    b.add("crank", IRON, b.tube(crank, 0.022, 8))
    rope = b.accent("rope", Finish("fabric", (0.7, 0.58, 0.38)))
    b.add("rope", rope, b.tube([(0.0, 1.5, 0.07), (0.0, 1.05, 0.07)], 0.014, 8))
    coil = b.hoop(0.088, 0.014).turned("z", 90).moved(-0.018, 1.55)
    b.add("rope", rope, *row(coil, 8, x=0.035))
    with b.placed(lambda surface: surface.moved(0, 0.78, 0.07)):
        bucket = "0,0 0.12,0 0.16,0.26 0.145,0.26 0.11,0.02 0,0.02"
        b.add("bucket", wood, b.lathe(polyline(bucket), 0.003, 24))
        b.add("bucket", IRON, b.hoop(0.15, 0.012, 0.04), b.hoop(0.15, 0.012, 0.2))


def fence(b: Builder) -> None:
    wood = b.finish("walls", b.pick([WHITE_PAINT, PLANKS]))
    outline = polyline("-0.045,0 0.045,0 0.045,0.86 0,0.93 -0.045,0.86")
    picket = b.plate(outline, 0.022, 0.004).moved(0, 0.05, 0.03)
    b.add("pickets", wood, *row(picket, 13, x=0.15))
    b.add("rails", wood, *row(b.box(1.95, 0.07, 0.035, 0.005).moved(y=0.44), 2, y=0.48))
    b.add("posts", wood, *row(b.box(0.1, 1.05, 0.1, 0.01), 2, x=1.95))
    b.add("posts", wood, *row(b.ball(0.06).moved(y=1.1), 2, x=1.95))
    b.add("soil", b.accent("base", SOIL), b.box(2.05, 0.03, 0.2, 0.012))
