"""Things that lie about."""

import numpy as np

from ...geometry import primitives
from ...geometry.primitives import cut
from ...geometry.surface import Floats, Surface, polyline
from ...textures.texels import Finish
from ..builder import Builder, arc, around, both, circle, curve, four, row, shifted
from ..palette import (
    BLACK,
    BRASS,
    CHROME,
    DARK_STONE,
    GOLD,
    IRON,
    OAK,
    PAPER,
    PLANKS,
    STEEL,
    WALNUT,
    WARM_LIGHT,
    WHITE_PAINT,
    finishes,
)


def barrel(b: Builder) -> None:
    wood, hoop = b.finish("body", PLANKS), b.accent("fittings", IRON)
    height, count = 0.88 * b.brief.stretch, 18

    def girth(y: float) -> float:
        return 0.3 * (1 + 0.22 * (1 - (2 * y / height - 1) ** 2))

    half = np.pi / count * 0.985
    angle = np.array([half, 0.0, -half, -half, half])
    rings = []
    for y in np.linspace(0, height, 9):
        r = girth(y) - np.array([0, 0, 0, 0.028, 0.028])
        rings.append(np.stack([r * np.cos(angle), np.full(5, y), r * np.sin(angle)], axis=1))
    b.add("staves", wood, *around(b.loft(rings, 30), count))
    for y in (0.035, height - 0.06):
        b.add("heads", wood, b.cylinder(girth(y) - 0.02, 0.025, 0.003, 40).moved(y=y))
    for share in (0.04, 0.24, 0.71, 0.91):
        low, high = share * height, share * height + 0.045
        b.add("hoops", hoop, b.band(girth(low) + 0.004, girth(high) + 0.004, low, high, 0.014))
    for y in (0.065 * height, 0.93 * height):
        b.add("hoops", hoop, *around(b.ball(0.01).moved(girth(y) + 0.004, y, 0), 6))
    bung = b.cone(0.025, 0.03, 0.04, 0.003, 16).turned("x", 90)
    b.add("bung", OAK, bung.moved(0, height * 0.5, girth(height * 0.5) - 0.015))


def crate(b: Builder) -> None:
    wood = b.finish("body", b.pick([PLANKS, OAK]))
    size = b.between(0.55, 0.75)
    if b.says("package", "carton", "cardboard"):
        paper = b.finish("body", Finish("plaster", (0.68, 0.52, 0.35)))
        b.add("box", paper, b.box(size, size * 0.75, size * 0.8, 0.006))
        tape = b.accent("fittings", Finish("plastic", (0.8, 0.7, 0.5)))
        b.add("tape", tape, b.box(0.06, size * 0.75 + 0.003, size * 0.8 + 0.003, 0.006))
        return
    dark = Finish(wood.material, (0.16, 0.1, 0.06))
    b.add("inside", dark, b.box(size - 0.07, size - 0.05, size - 0.07, 0.003).moved(y=0.025))
    front, thick = size / 2, 0.022
    board = b.box(size - 0.06, size / 5 - 0.01, thick, 0.005).moved(y=0.005, z=front - 0.032)
    brace = b.box(size * 1.05, 0.08, thick, 0.006).moved(y=-0.04).turned("z", 42)
    pieces = [
        *row(board.moved(y=0.4 * size), 5, y=size / 5),
        brace.moved(0, front, front - 0.014),
        *row(b.box(0.09, size, thick * 1.1, 0.006).moved(z=front - 0.01), 2, x=size - 0.09),
    ]
    rail = b.box(size - 0.17, 0.09, thick, 0.006).moved(y=front - 0.045, z=front - 0.01)
    pieces += row(rail, 2, y=size - 0.09)
    b.add("boards", wood, *(copy for piece in pieces for copy in around(piece, 4)))
    nail = b.ball(0.007).moved(y=front, z=front)
    for y in row(nail, 2, y=size - 0.1):
        b.add("nails", IRON, *(copy for x in row(y, 2, x=size - 0.09) for copy in around(x, 4)))
    lid = b.box(size + 0.01, thick, size / 5 - 0.008, 0.005).moved(y=size - thick * 0.6)
    b.add("lid", wood, *row(lid, 5, z=size / 5))


def chest(b: Builder) -> None:
    wood = b.finish("body", b.pick([WALNUT, PLANKS]))
    metal = b.accent("fittings", b.pick([BRASS, IRON, GOLD]))
    width, depth, height = 0.85, 0.52, 0.36
    radius = depth / 2
    plank = b.box(width, height / 4 - 0.003, depth, 0.008)
    b.add("box", wood, *row(plank.moved(y=0.375 * height), 4, y=height / 4))
    opened = b.says("open", "treasure") or bool(b.whole(0, 1))
    angle = -62.0 if opened else 0.0

    def hinged(surface: Surface) -> Surface:
        return surface.moved(z=radius).turned("x", angle).moved(y=height + 0.006, z=-radius)

    lid = b.plate(arc((0, 0), radius, 0, 180, 17), width, 0.008).turned("y", 90)
    if opened:
        lid = cut(lid, b.axle(radius - 0.03, width - 0.06, 0.0, "x"))
        _gold(b, width, depth, height)
    b.add("lid", b.accent("lid", wood), hinged(lid))
    outer, inner = (arc((0, 0), radius + step, 0, 180, 17) for step in (0.008, -0.012))
    rim = b.plate(np.concatenate([outer, inner[::-1]]), 0.06, 0.003).turned("y", 90)
    strap = b.box(0.06, height + 0.006, depth + 0.016, 0.006).moved(y=-0.001)
    b.add("bands", metal, *row(strap, 3, x=width / 2 - 0.05))
    b.add("bands", metal, *(hinged(copy) for copy in row(rim, 3, x=width / 2 - 0.05)))
    b.add("lock", metal, b.box(0.12, 0.14, 0.035, 0.01).moved(0, height - 0.11, radius + 0.004))
    b.add("lock", BLACK, b.axle(0.016, 0.012, 0.002).moved(0, height - 0.05, radius + 0.036))
    handle = b.hoop(0.05, 0.011, z=0.09).turned("z", 90).moved(y=0.2)
    b.add("handles", metal, *row(handle, 2, x=width + 0.04))
    foot = b.ball(0.045, 0.035, 0.045).moved(y=-0.01)
    b.add("feet", metal, *four(foot, width / 2 - 0.06, radius - 0.06))


def _gold(b: Builder, width: float, depth: float, height: float) -> None:
    heap = b.stone_ball().scaled(width * 0.46, 0.1, depth * 0.44).moved(y=height - 0.03)
    b.add("treasure", GOLD, heap)
    coin = b.cylinder(0.022, 0.005, 0.001, 16)
    for _ in range(40):
        x, z = b.between(-0.4, 0.4), b.between(-0.38, 0.38)
        y = height - 0.02 + 0.09 * (1 - (2 * x) ** 2 - (2 * z) ** 2)
        tilted = coin.turned("x", b.between(-50, 50)).turned("z", b.between(-50, 50))
        b.add("coins", GOLD, tilted.moved(x * width, y, z * depth))
    for colour in finishes("glass", "0.65,0.05,0.1 0.08,0.3,0.65 0.1,0.5,0.25 0.65,0.05,0.1"):
        gem = b.ball(0.02).moved(b.between(-0.25, 0.25), height + 0.075, b.between(-0.12, 0.12))
        b.add("gems", b.accent("gem", colour), gem)


def gear(b: Builder) -> None:
    metal = b.finish("body", b.pick([STEEL, BRASS, IRON]))
    teeth = b.whole(10, 18)
    outer, root, depth = 0.15, 0.125, b.between(0.03, 0.05)
    share = np.array([-0.3, -0.17, 0.17, 0.3, 0.5])
    angle = (np.arange(teeth)[:, None] + share).ravel() * 2 * np.pi / teeth
    radius = np.tile([root, outer, outer, root, root], teeth)
    outline = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    holes = [circle((0, 0), 0.024)]
    spokes = b.pick([0, 4, 5, 6])
    if spokes:
        holes += [circle(place, 0.147 / spokes, 24) for place in circle((0, 0), 0.074, spokes)]
    b.add("gear", metal, b.plate(outline, depth, 0.003, holes).moved(y=outer))
    hub = b.band(0.04, 0.042, -depth * 0.75, depth * 0.75, 0.017)
    b.add("hub", metal, hub.turned("x", 90).moved(y=outer))


def ring(b: Builder) -> None:
    """A finger ring with a stone; standing upright."""
    gold = b.finish("body", b.pick([GOLD, Finish("metal", (0.86, 0.86, 0.87), wear=0.0)]))
    stones = "0.75,0.85,0.9 0.6,0.05,0.12 0.08,0.25,0.6 0.06,0.45,0.25"
    gem = b.accent("gem", b.pick(finishes("glass", stones)))
    loop = np.insert(circle((0, 0.011), 0.0095, 72), 2, 0.0, axis=1)
    thick = 0.0014 + 0.0006 * np.maximum(0.0, np.sin(np.radians(5 * np.arange(72))))
    b.add("band", gold, b.tube(loop, thick, 16, loop=True, flatten=1.3))
    if b.says("wedding", "band"):
        return
    with b.placed(lambda surface: surface.moved(y=0.0205)):
        crown = polyline("0,0 0.0018,0 0.0034,0.0026 0.0036,0.0034 0,0.0034")
        b.add("setting", gold, b.lathe(crown, 0.0002))
        cutting = polyline("0,0.0008 0.0034,0.0034 0.0036,0.0039 0.0021,0.0053 0,0.0053")
        b.add("gem", gem, b.lathe(cutting, 0.0, 8).creased(0))
        claw = b.tube(polyline("0.0022,0.0005,0 0.0038,0.0036,0 0.0031,0.0045,0"), 0.0004, 8)
        b.add("setting", gold, *around(claw, 6))


def guitar(b: Builder) -> None:
    """Acoustic, standing on its body, strings towards +Z."""
    body = b.finish("body", b.pick(finishes("wood", "0.78,0.52,0.26 0.45,0.2,0.1")))
    dark = b.accent("handle", Finish("wood", (0.2, 0.12, 0.08)))
    rim = b.accent("fittings", Finish("wood", (0.3, 0.16, 0.09)))
    half = polyline(
        "0,0 0.09,0.008 0.165,0.055 0.195,0.13 0.17,0.215 0.128,0.275 0.125,0.32 0.148,0.385 "
        "0.13,0.45 0.08,0.485 0,0.493"
    )
    smooth = curve(half, 40)
    outline = np.concatenate([smooth, (smooth * [-1, 1])[::-1][1:-1]])
    b.add("sides", rim, b.plate(outline, 0.1, 0.006))
    face = outline * 0.985 + np.array([0, 0.0037])
    b.add("top", body, b.plate(face, 0.012, 0.004, [circle((0, 0.32), 0.046)]).moved(z=0.048))
    b.add("back", body, b.plate(face, 0.012, 0.004).moved(z=-0.048))
    b.add("hole", BLACK, b.axle(0.045, 0.01, 0.0).moved(0, 0.32, 0.048))
    b.add("rosette", dark, b.upright_hoop(0.054, 0.005).moved(0, 0.32, 0.054))
    b.add("bridge", dark, b.box(0.17, 0.028, 0.014, 0.005).moved(0, 0.14, 0.058))
    b.add("neck", rim, b.box(0.055, 0.5, 0.024, 0.01).moved(0, 0.46, 0.042))
    b.add("fretboard", dark, b.box(0.057, 0.58, 0.008, 0.002).moved(0, 0.38, 0.058))
    fret = b.box(0.057, 0.0025, 0.003, 0.001).moved(z=0.0605)
    heights = 0.96 - 0.62 * (1 - 2 ** (-np.arange(1, 17) / 12))
    b.add("frets", CHROME, *(fret.moved(y=y) for y in heights.tolist()))
    head = "-0.03,0 0.03,0 0.042,0.03 0.038,0.17 0,0.155 -0.038,0.17 -0.042,0.03"
    with b.placed(lambda surface: surface.turned("x", -12).moved(0, 0.955, 0.05)):
        b.add("head", dark, b.plate(polyline(head), 0.018, 0.004))
        for piece in (b.axle(0.006, 0.034, 0.001, "x"), b.ball(0.011, 0.008, 0.005).moved(0.02)):
            for side in both(piece.moved(0.05, 0.092)):
                b.add("pegs", CHROME, *row(side, 3, y=0.042))
    for i in range(6):
        x = (i - 2.5) * 0.0085
        string = b.tube([(x * 1.25, 0.155, 0.072), (x, 0.96, 0.065)], 0.0009 - 0.0001 * i, 6)
        b.add("strings", b.accent("rope", STEEL), string)


def hat(b: Builder) -> None:
    felt = b.finish("body", b.pick(finishes("fabric", "0.07,0.07,0.08 0.42,0.28,0.17")))
    band = b.accent("fittings", Finish("fabric", (0.5, 0.08, 0.08)))
    pointed = b.says("wizard", "witch")
    if pointed:
        profile = "0,0 0.26,-0.02 0.26,-0.008 0.13,0.02 0.07,0.22 0,0.46"
    elif b.says("tophat", "top", "magician"):
        profile = "0,0 0.19,-0.01 0.19,0.002 0.1,0.012 0.098,0.1 0.11,0.2 0,0.2"
    else:
        profile = "0,0 0.19,-0.012 0.19,-0.002 0.098,0.008 0.09,0.1 0.05,0.118 0,0.1"

    def curl(points: Floats) -> Floats:
        side = np.clip(np.abs(points[:, 0]) - 0.1, 0, 1)
        tip = np.clip(points[:, 1] - 0.12, 0, 1) ** 1.5 if pointed else 0.0
        return shifted(points, x=0.55 * tip, y=3.2 * side**1.5)

    with b.placed(lambda surface: surface.scaled(0.9, 1, 1.1)):
        b.add("hat", felt, b.lathe(polyline(profile), 0.012, 56).bent(curl))
        radius = 0.129 if pointed else 0.102
        b.add("band", band, b.band(radius, radius - 0.003, 0.012, 0.042, 0.014))
        b.add("buckle", BRASS, b.box(0.035, 0.036, 0.01, 0.004).moved(0, 0.01, radius))


def book(b: Builder) -> None:
    """Lying flat."""
    covers = "0.4,0.1,0.09 0.12,0.2,0.3 0.15,0.25,0.16 0.3,0.18,0.1"
    cover = b.finish("body", b.pick(finishes("leather", covers)))
    trim = b.accent("fittings", b.pick([GOLD, BRASS]))
    width, length, thick = 0.16, 0.22, b.between(0.035, 0.06)
    middle = thick / 2
    board = b.box(width, 0.006, length, 0.0025).moved(y=middle - 0.003)
    b.add("cover", cover, *row(board, 2, y=thick - 0.006))
    spine = b.tube([(0, 0, -0.107), (0, 0, 0.107)], middle, 20, round_ends=False, flatten=0.35)
    b.add("cover", cover, spine.turned("z", 90).moved(0.004 - width / 2, middle))
    pages = b.box(width - 0.014, thick - 0.011, length - 0.012, 0.001).moved(0.001, 0.0055)
    b.add("pages", PAPER, pages)
    corner = b.box(0.03, thick + 0.003, 0.03, 0.002).moved(width / 2 - 0.014, -0.0015)
    b.add("corners", trim, *row(corner, 2, z=length - 0.028))
    b.add("emblem", trim, b.cylinder(0.028, 0.003, 0.001).moved(y=thick - 0.001))
    gem = b.ball(0.014, 0.006, 0.014).moved(y=thick + 0.002)
    b.add("emblem", b.accent("gem", Finish("glass", (0.1, 0.3, 0.55))), gem)
    bend = np.linspace(-1.2, 1.2, 12)
    x = -width / 2 - 0.357 * middle * np.cos(bend)
    rib = np.stack([x, middle + middle * np.sin(bend), 0 * bend], axis=1)
    b.add("ribs", cover, *row(b.tube(rib, 0.003, 8), 2, z=0.12))
    strap = b.box(0.02, thick + 0.006, 0.03, 0.003).moved(width / 2 - 0.004, -0.003)
    b.add("clasp", trim, strap)


def key(b: Builder) -> None:
    metal = b.finish("body", b.pick([BRASS, GOLD, IRON]))
    b.add("shaft", metal, b.cylinder(0.0042, 0.075, 0.001, 20).moved(y=0.004))
    b.add("shaft", metal, *row(b.ball(0.0062, 0.0024, 0.0062).moved(y=0.064), 3, y=0.006))
    loop = b.upright_hoop(0.0085, 0.0027).moved(0.0105)
    with b.placed(lambda surface: surface.moved(y=0.09)):
        b.add("bow", metal, *around(loop, 3, 90, axis="z"))
    for y, reach in ((0.006, 0.017), (0.0125, 0.012), (0.019, 0.017)):
        b.add("bit", metal, b.box(reach, 0.0048, 0.0042, 0.0008).moved(reach / 2 + 0.002, y))


def candle(b: Builder) -> None:
    wax = b.finish("body", Finish("ceramic", (0.93, 0.88, 0.75), wear=0.0))
    metal = b.accent("base", BRASS)
    height = b.between(0.14, 0.2) * b.brief.stretch
    dish = (
        "0,0 0.055,0 0.068,0.012 0.07,0.018 0.064,0.016 0.05,0.006 0.03,0.006 0.028,0.035 0,0.035"
    )
    b.add("holder", metal, b.lathe(polyline(dish), 0.002, 40))
    b.add("holder", metal, b.hoop(0.02, 0.004, 0.016).moved(0.085))
    with b.placed(lambda surface: surface.moved(y=0.03 + height)):
        stick = f"0,-{height} 0.021,-{height} 0.0205,0 0.016,-0.002 0.008,-0.008 0,-0.008"
        b.add("wax", wax, b.lathe(polyline(stick), 0.003))
        radii = [0.002, 0.0026, 0.003, 0.003, 0.003, 0.0034, 0.004, 0.0044]
        for turn in range(5):
            low = -b.between(0.02, 0.07)
            drip = curve([(0.0185, 0, 0), (0.0215, -0.004, 0), (0.0212, low, 0)], 8)
            b.add("wax", wax, b.tube(drip, radii, 8).turned("y", 20 + 72 * turn))
        b.add("wick", BLACK, b.tube([(0, -0.01, 0), (0.001, 0.014, 0)], 0.0014, 6))
        flame = polyline("0,0.008 0.006,0.014 0.0075,0.022 0.003,0.038 0,0.046")
        b.add("flame", Finish("glow", (1.0, 0.8, 0.3)), b.lathe(flame, 0.004, 20))


def lantern(b: Builder) -> None:
    iron = b.finish("body", b.pick([IRON, BRASS, Finish("metal", (0.15, 0.15, 0.16))]))
    half, height = 0.085, 0.24 * b.brief.stretch
    b.add("base", iron, b.box(2 * half + 0.04, 0.025, 2 * half + 0.04, 0.006))
    b.add("base", iron, b.box(2 * half, 0.02, 2 * half, 0.005).moved(y=0.023))
    post = b.box(0.016, height, 0.016, 0.003).moved(y=0.04)
    b.add("frame", iron, *four(post, half - 0.008, half - 0.008))
    b.add("feet", iron, *four(b.ball(0.014), half, half))
    pane = b.box(2 * half - 0.026, height - 0.004, 2 * half - 0.026, 0.003).moved(y=0.042)
    b.add("glass", b.accent("windows", WARM_LIGHT), pane)
    bar = b.box(0.006, height * 1.12, 0.006, 0.001).moved(y=-height * 0.56)
    for sign in (-31, 31):
        placed = bar.turned("z", sign).moved(0, 0.04 + height / 2, half - 0.012)
        b.add("frame", iron, *around(placed, 4))
    roof = polyline("0,0 1.62,0 1.55,0.012 0.5,0.075 0.42,0.1 0,0.11", half, 1)
    cap = primitives.lathe(roof, 4).turned("y", 45)
    b.add("roof", iron, cap.moved(y=0.038 + height))
    b.add("handle", iron, b.upright_hoop(0.035, 0.005).moved(y=0.178 + height))


def clock(b: Builder) -> None:
    """An alarm clock with bells."""
    case = b.finish("body", b.pick([BRASS, *finishes("paint", "0.7,0.12,0.1 0.2,0.45,0.45")]))
    metal, dark = b.accent("fittings", CHROME), Finish("plastic", (0.05, 0.05, 0.055))
    shell = polyline(
        "0,-0.0225 0.054,-0.0225 0.06,-0.015 0.06,0.0225 0.0558,0.0255 0.054,0.0185 0,0.0185"
    )
    with b.placed(lambda surface: surface.moved(y=0.078)):
        b.add("case", case, b.lathe(shell, 0.002, 56).turned("x", 90))
        b.add("face", b.accent("top", WHITE_PAINT), b.axle(0.054, 0.003, 0.0).moved(z=0.019))
        for count, long in ((12, 0.005), (4, 0.009)):
            tick = b.box(0.0024, long, 0.0016, 0.0005).moved(0, 0.0504 - long, 0.0215)
            b.add("ticks", dark, *around(tick, count, axis="z"))
        for turn, length, wide in ((-305, 0.026, 0.0045), (-60, 0.04, 0.003)):
            hand = b.box(wide, length, 0.0016, 0.0006).moved(y=-0.004, z=0.0225)
            b.add("hands", dark, hand.turned("z", turn))
        b.add("hands", case, b.ball(0.004, 0.004, 0.003).moved(z=0.0235))
        bell = b.lathe(polyline("0,0 0.024,0 0.022,0.011 0.012,0.02 0,0.023"), 0.003)
        b.add("bells", metal, *both(bell.turned("z", -32).moved(0.036, 0.058)))
        leg = b.tube(polyline("0.035,-0.045,0 0.05,-0.073,0"), [0.0045, 0.006], 10)
        b.add("legs", metal, *both(leg))
        arch = curve(polyline("-0.022,0.085,0 0,0.108,0 0.022,0.085,0"), 12)
        b.add("handle", metal, b.tube(arch, 0.003, 10))


def sculpture(b: Builder) -> None:
    """A twisted, folded ring on a plinth, for a prompt with no known noun."""
    finish, plinth = b.finish("body", BRASS), b.accent("base", DARK_STONE)
    b.add("base", plinth, b.box(0.3, 0.12, 0.3, 0.012))
    lobes, turns = b.whole(2, 5), b.whole(1, 3)
    swing, fold = b.between(0.05, 0.11), b.between(0.3, 0.9)
    t = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    radius = 0.2 + swing * np.cos(lobes * t)
    z = fold * swing * 2 * np.sin(turns * t)
    path = np.stack([radius * np.cos(t), radius * np.sin(t) * 1.1, z], axis=1)
    thick = 0.035 + 0.014 * np.sin(lobes * t + fold)
    loop = b.tube(path, thick, 18, loop=True, flatten=0.6)
    b.add("body", finish, loop.grounded().moved(y=0.115))
