"""Things that lie about."""

from __future__ import annotations

import numpy as np

from ...geometry import primitives
from ...geometry.booleans import cut
from ...geometry.primitives import Point2
from ...geometry.surface import Floats, Surface
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
    CHROME,
    GOLD,
    IRON,
    OAK,
    PAPER,
    PLANKS,
    STEEL,
    WALNUT,
    WARM_LIGHT,
    WHITE_PAINT,
)


def barrel(b: Builder) -> None:
    wood = b.finish("body", PLANKS)
    hoop = b.finish("fittings", IRON, main=False)
    height, radius = 0.88 * b.brief.stretch, 0.3
    count = 18

    def girth(y: float) -> float:
        return radius * (1 + 0.22 * (1 - (2 * y / height - 1) ** 2))

    for i in range(count):
        rows = []
        half = np.pi / count * 0.985
        for y in np.linspace(0, height, 9):
            r = girth(y)
            inner = r - 0.028
            rows.append(
                [(r * np.cos(a), y, r * np.sin(a)) for a in (half, 0.0, -half)]
                + [(inner * np.cos(a), y, inner * np.sin(a)) for a in (-half, half)]
            )
        b.add("staves", b.loft(np.array(rows), 30).turned("y", 360.0 * i / count), wood)
    for y in (0.035, height - 0.06):
        b.add("heads", b.cylinder(girth(y) - 0.02, 0.025, 0.003, 40).moved(y=y), wood)
    for share in (0.04, 0.24, 0.71, 0.91):
        low, high = share * height, share * height + 0.045
        band = [
            (girth(low) - 0.01, low),
            (girth(low) + 0.004, low),
            (girth(high) + 0.004, high),
            (girth(high) - 0.01, high),
            (girth(low) - 0.01, low),
        ]
        b.add("hoops", b.lathe(band, 0.0, 48).creased(30), hoop)
    for turn in around(6):
        for share in (0.065, 0.93):
            rivet = b.ball(0.01).moved(girth(share * height) + 0.004, share * height, 0)
            b.add("hoops", rivet.turned("y", turn), hoop, "rivet")
    b.add(
        "bung",
        b.cone(0.025, 0.03, 0.04, 0.003, 16)
        .turned("x", 90)
        .moved(0, height * 0.5, girth(height * 0.5) - 0.015),
        OAK,
    )


def crate(b: Builder) -> None:
    wood = b.finish("body", b.pick([PLANKS, OAK]))
    cardboard = b.says("package", "carton", "cardboard")
    size = b.between(0.55, 0.75)
    if cardboard:
        paper = b.finish("body", Finish("plaster", (0.68, 0.52, 0.35)))
        b.add("box", b.box(size, size * 0.75, size * 0.8, 0.006), paper)
        tape = b.finish("fittings", Finish("plastic", (0.8, 0.7, 0.5)), main=False)
        b.add("tape", b.box(0.06, size * 0.75 + 0.003, size * 0.8 + 0.003, 0.006), tape)
        return
    thick = 0.022
    b.add(
        "inside",
        b.box(size - 0.07, size - 0.05, size - 0.07, 0.003).moved(y=0.025),
        Finish(wood.material, (0.16, 0.1, 0.06)),
    )
    for turn in around(4):
        boards = 5
        wide = size / boards
        for i in range(boards):
            board = b.box(size - 0.06, wide - 0.01, thick, 0.005)
            b.add(
                "boards", board.moved(0, i * wide + 0.005, size / 2 - 0.032).turned("y", turn), wood
            )
        for side in (-1, 1):
            post = b.box(0.09, size, thick * 1.1, 0.006).moved(
                side * (size / 2 - 0.045), 0, size / 2 - 0.01
            )
            b.add("frame", post.turned("y", turn), wood)
            for y in (0.05, size - 0.05):
                nail = b.ball(0.008, 0.008, 0.005).moved(
                    side * (size / 2 - 0.045), y, size / 2 + 0.002
                )
                b.add("nails", nail.turned("y", turn), IRON, "nail")
        for y in (0.0, size - 0.09):
            rail = b.box(size - 0.17, 0.09, thick, 0.006).moved(0, y, size / 2 - 0.01)
            b.add("frame", rail.turned("y", turn), wood)
        brace = b.box(size * 1.05, 0.08, thick, 0.006).moved(y=-0.04).turned("z", 42)
        b.add("frame", brace.moved(0, size / 2, size / 2 - 0.014).turned("y", turn), wood)
    for i in range(5):
        lid = b.box(size + 0.01, thick, size / 5 - 0.008, 0.005)
        b.add("lid", lid.moved(0, size - thick * 0.6, (i - 2) * size / 5), wood)


def chest(b: Builder) -> None:
    wood = b.finish("body", b.pick([WALNUT, PLANKS]))
    metal = b.finish("fittings", b.pick([BRASS, IRON, GOLD]), main=False)
    width, depth, height = 0.85, 0.52, 0.36
    boards = 4
    for i in range(boards):
        plank = b.box(width, height / boards - 0.003, depth, 0.008)
        b.add("box", plank.moved(y=i * height / boards), wood)
    radius = depth / 2
    opened = b.says("open", "treasure") or bool(b.whole(0, 1))
    outline: list[Point2] = [*arc((0, 0), radius, 0, 180, 17)]
    lid = b.plate(outline, width, 0.008).turned("y", 90)
    angle = -62.0 if opened else 0.0
    hinge = -depth / 2

    def place(surface: Surface) -> Surface:
        return surface.moved(z=-hinge).turned("x", angle).moved(y=height + 0.006, z=hinge)

    if opened:
        hollow = b.cylinder(radius - 0.03, width - 0.06, 0.0, 40).moved(y=-(width - 0.06) / 2)
        lid = cut(lid, hollow.turned("z", 90))
        _gold(b, width, depth, height)
    b.add("lid", place(lid), b.finish("lid", wood, main=False))
    for x in (-width / 2 + 0.05, 0.0, width / 2 - 0.05):
        b.add("bands", b.box(0.06, height + 0.006, depth + 0.016, 0.006).moved(x, -0.001, 0), metal)
        rim: list[Point2] = [
            *arc((0, 0), radius + 0.008, 0, 180, 17),
            *reversed(arc((0, 0), radius - 0.012, 0, 180, 17)),
        ]
        b.add("bands", place(b.plate(rim, 0.06, 0.003).turned("y", 90).moved(x=x)), metal)
    lock = b.box(0.12, 0.14, 0.035, 0.01).moved(0, height - 0.11, depth / 2 + 0.004)
    b.add("lock", lock, metal)
    b.add(
        "lock",
        b.cylinder(0.016, 0.012, 0.002, 16)
        .turned("x", 90)
        .moved(0, height - 0.05, depth / 2 + 0.03),
        BLACK,
    )
    for side in (-1, 1):
        ring = [
            (side * (width / 2 + 0.02), 0.2 + 0.05 * x, 0.09 * z)
            for x, z in arc((0, 0), 1, 0, 360, 25)[:-1]
        ]
        b.add("handles", b.tube(ring, 0.011, 8, loop=True), metal)
    for x in (-1, 1):
        for z in (-1, 1):
            b.add(
                "feet",
                b.ball(0.045, 0.035, 0.045).moved(
                    x * (width / 2 - 0.06), -0.01, z * (depth / 2 - 0.06)
                ),
                metal,
            )


def _gold(b: Builder, width: float, depth: float, height: float) -> None:
    heap = b.stone_ball().scaled(width * 0.46, 0.1, depth * 0.44).moved(y=height - 0.03)
    b.add("treasure", heap, GOLD)
    for _ in range(40):
        x, z = b.between(-0.4, 0.4) * width, b.between(-0.38, 0.38) * depth
        y = height - 0.02 + 0.09 * (1 - (2 * x / width) ** 2 - (2 * z / depth) ** 2)
        coin = b.cylinder(0.022, 0.005, 0.001, 16).turned("x", b.between(-50, 50))
        b.add("coins", coin.turned("z", b.between(-50, 50)).moved(x, y, z), GOLD, "coin")
    for i in range(5):
        gem = b.ball(0.02).moved(b.between(-0.25, 0.25), height + 0.075, b.between(-0.12, 0.12))
        colour = ((0.65, 0.05, 0.1), (0.08, 0.3, 0.65), (0.1, 0.5, 0.25))[i % 3]
        b.add("gems", gem, b.finish("gem", Finish("glass", colour), main=False))


def gear(b: Builder) -> None:
    metal = b.finish("body", b.pick([STEEL, BRASS, IRON]))
    teeth = b.whole(10, 18)
    outer, root, depth = 0.15, 0.125, b.between(0.03, 0.05)
    pitch = 2 * np.pi / teeth
    outline: list[Point2] = []
    for i in range(teeth):
        for share, r in ((-0.3, root), (-0.17, outer), (0.17, outer), (0.3, root), (0.5, root)):
            a = (i + share) * pitch
            outline.append((r * float(np.cos(a)), r * float(np.sin(a))))
    holes: list[list[Point2]] = [arc((0, 0), 0.024, 0, 360, 33)[:-1]]
    spokes = b.pick([0, 4, 5, 6])
    for i in range(spokes):
        centre = (
            0.074 * float(np.cos(2 * np.pi * i / spokes)),
            0.074 * float(np.sin(2 * np.pi * i / spokes)),
        )
        holes.append(arc(centre, 0.07 * 2.1 / spokes, 0, 360, 25)[:-1])
    b.add("gear", b.plate(outline, depth, 0.003, holes).moved(y=outer), metal)
    hub = [
        (0.024, -depth * 0.75),
        (0.04, -depth * 0.75),
        (0.042, depth * 0.75),
        (0.024, depth * 0.75),
        (0.024, -depth * 0.75),
    ]
    b.add("hub", b.lathe(hub, 0.0, 36).turned("x", 90).moved(y=outer), metal)


def ring(b: Builder) -> None:
    """A finger ring with a stone; standing upright."""
    gold = b.finish("body", b.pick([GOLD, Finish("metal", (0.86, 0.86, 0.87), wear=0.0)]))
    gem = b.finish(
        "gem",
        Finish(
            "glass",
            b.pick([(0.75, 0.85, 0.9), (0.6, 0.05, 0.12), (0.08, 0.25, 0.6), (0.06, 0.45, 0.25)]),
        ),
        main=False,
    )
    radius = 0.0095
    loop = [(radius * x, 0.011 + radius * y, 0.0) for x, y in arc((0, 0), 1, 0, 360, 73)[:-1]]
    thick = [0.0014 + 0.0006 * max(0.0, np.sin(np.radians(5 * k))) for k in range(72)]
    b.add("band", b.tube(loop, thick, 16, loop=True, flatten=1.3), gold)
    if b.says("wedding", "band"):
        return
    top = 0.011 + radius
    crown = [(0.0, 0.0), (0.0018, 0.0), (0.0034, 0.0026), (0.0036, 0.0034), (0.0, 0.0034)]
    b.add("setting", b.lathe(crown, 0.0002, 32).moved(y=top), gold)
    cutting = [(0.0, 0.0), (0.0034, 0.0026), (0.0036, 0.0031), (0.0021, 0.0045), (0.0, 0.0045)]
    b.add("gem", b.lathe(cutting, 0.0, 8).creased(0).moved(y=top + 0.0008), gem)
    for turn in around(6):
        claw = b.tube(
            [(0.0022, top + 0.0005, 0), (0.0038, top + 0.0036, 0), (0.0031, top + 0.0045, 0)],
            0.0004,
            8,
        )
        b.add("setting", claw.turned("y", turn), gold)


def guitar(b: Builder) -> None:
    """Acoustic, standing on its body, strings towards +Z."""
    body = b.finish("body", Finish("wood", b.pick([(0.78, 0.52, 0.26), (0.45, 0.2, 0.1)])))
    dark = b.finish("handle", Finish("wood", (0.2, 0.12, 0.08)), main=False)
    rim_finish = b.finish("fittings", Finish("wood", (0.3, 0.16, 0.09)), main=False)
    right = [
        (0.0, 0.0),
        (0.09, 0.008),
        (0.165, 0.055),
        (0.195, 0.13),
        (0.17, 0.215),
        (0.128, 0.275),
        (0.125, 0.32),
        (0.148, 0.385),
        (0.13, 0.45),
        (0.08, 0.485),
        (0.0, 0.493),
    ]
    smooth = curve([(x, y, 0) for x, y in right], 40)[:, :2]
    outline = np.concatenate([smooth, (smooth * [-1, 1])[::-1][1:-1]])
    b.add("sides", b.plate(outline, 0.1, 0.006), rim_finish)
    face = outline * 0.985 + np.array([0, 0.0037])
    hole = arc((0, 0.32), 0.046, 0, 360, 33)[:-1]
    b.add("top", b.plate(face, 0.012, 0.004, [hole]).moved(z=0.048), body)
    b.add("back", b.plate(face, 0.012, 0.004).moved(z=-0.048), body)
    b.add("hole", b.cylinder(0.045, 0.01, 0.0, 32).turned("x", 90).moved(0, 0.32, 0.043), BLACK)
    rosette = [(0.054 * x, 0.32 + 0.054 * y, 0.054) for x, y in arc((0, 0), 1, 0, 360, 41)[:-1]]
    b.add("rosette", b.tube(rosette, 0.005, 8, loop=True, flatten=1.0), dark)
    b.add("bridge", b.box(0.17, 0.028, 0.014, 0.005).moved(0, 0.14, 0.058), dark)
    neck = b.box(0.055, 0.5, 0.024, 0.01).moved(0, 0.46, 0.042)
    b.add("neck", neck, rim_finish)
    b.add("fretboard", b.box(0.057, 0.58, 0.008, 0.002).moved(0, 0.38, 0.058), dark)
    for i in range(16):
        y = 0.96 - 0.62 * (1 - 2 ** (-(i + 1) / 12))
        b.add("frets", b.box(0.057, 0.0025, 0.003, 0.001).moved(0, y, 0.0605), CHROME, "fret")
    head: list[Point2] = [
        (-0.03, 0.0),
        (0.03, 0.0),
        (0.042, 0.03),
        (0.038, 0.17),
        (0.0, 0.155),
        (-0.038, 0.17),
        (-0.042, 0.03),
    ]
    tilt = -12
    b.add("head", b.plate(head, 0.018, 0.004).turned("x", tilt).moved(0, 0.955, 0.05), dark)
    for side in (-1, 1):
        for i in range(3):
            peg = b.cylinder(0.006, 0.034, 0.001, 12).turned("z", -90 * side)
            key = b.ball(0.011, 0.008, 0.005).moved(side * 0.036, 0, 0)
            for part in (peg, key):
                place = part.moved(side * 0.034, 0.05 + 0.042 * i, 0)
                b.add("pegs", place.turned("x", tilt).moved(0, 0.955, 0.05), CHROME)
    for i in range(6):
        x = (i - 2.5) * 0.0085
        string = b.tube([(x * 1.25, 0.155, 0.072), (x, 0.96, 0.065)], 0.0009 - 0.0001 * i, 6)
        b.add("strings", string, b.finish("rope", STEEL, main=False))


def hat(b: Builder) -> None:
    felt = b.finish("body", Finish("fabric", b.pick([(0.07, 0.07, 0.08), (0.42, 0.28, 0.17)])))
    band = b.finish("fittings", Finish("fabric", (0.5, 0.08, 0.08)), main=False)
    top = b.says("tophat", "top", "magician")
    if b.says("wizard", "witch"):
        profile = [
            (0.0, 0.0),
            (0.26, -0.02),
            (0.26, -0.008),
            (0.13, 0.02),
            (0.07, 0.22),
            (0.0, 0.46),
        ]
    elif top:
        profile = [
            (0.0, 0.0),
            (0.19, -0.01),
            (0.19, 0.002),
            (0.1, 0.012),
            (0.098, 0.1),
            (0.11, 0.2),
            (0.0, 0.2),
        ]
    else:
        profile = [
            (0.0, 0.0),
            (0.19, -0.012),
            (0.19, -0.002),
            (0.098, 0.008),
            (0.09, 0.1),
            (0.05, 0.118),
            (0.0, 0.1),
        ]

    def curl(points: Floats) -> Floats:
        bent = points.copy()
        side = np.clip(np.abs(points[:, 0]) - 0.1, 0, 1)
        bent[:, 1] += 3.2 * side**1.5
        if profile[-1][1] > 0.4:
            bent[:, 0] += 0.55 * np.clip(points[:, 1] - 0.12, 0, 1) ** 1.5
        return bent

    b.add("hat", b.lathe(profile, 0.012, 56).bent(curl).scaled(0.9, 1, 1.1), felt)
    radius = 0.127 if profile[-1][1] > 0.4 else 0.1
    strip = [
        (radius - 0.012, 0.012),
        (radius + 0.002, 0.012),
        (radius - 0.001, 0.042),
        (radius - 0.016, 0.042),
        (radius - 0.012, 0.012),
    ]
    b.add("band", b.lathe(strip, 0.0, 48).scaled(0.9, 1, 1.1), band)
    buckle = b.box(0.035, 0.036, 0.01, 0.004).moved(0, 0.01, (radius + 0.001) * 1.1)
    b.add("buckle", buckle, BRASS)


def book(b: Builder) -> None:
    """Lying flat."""
    cover = b.finish(
        "body",
        Finish(
            "leather",
            b.pick([(0.4, 0.1, 0.09), (0.12, 0.2, 0.3), (0.15, 0.25, 0.16), (0.3, 0.18, 0.1)]),
        ),
    )
    trim = b.finish("fittings", b.pick([GOLD, BRASS]), main=False)
    width, length, thick = 0.16, 0.22, b.between(0.035, 0.06)
    for y in (0.0, thick - 0.006):
        b.add("cover", b.box(width, 0.006, length, 0.0025).moved(0, y, 0), cover)
    spine = [
        (-width / 2 + 0.004, thick / 2, -length / 2 + 0.003),
        (-width / 2 + 0.004, thick / 2, length / 2 - 0.003),
    ]
    b.add("cover", b.tube(spine, thick / 2, 20, round_ends=False, flatten=0.35), cover)
    pages = b.box(width - 0.014, thick - 0.011, length - 0.012, 0.001).moved(0.001, 0.0055, 0)
    b.add("pages", pages, PAPER)
    for side in (-1, 1):
        corner = b.box(0.03, thick + 0.003, 0.03, 0.002)
        corner = corner.moved(width / 2 - 0.014, -0.0015, side * (length / 2 - 0.014))
        b.add("corners", corner, trim)
    emblem = b.cylinder(0.028, 0.003, 0.001, 32).moved(0, thick - 0.001, 0)
    b.add("emblem", emblem, trim)
    b.add(
        "emblem",
        b.ball(0.014, 0.006, 0.014).moved(0, thick + 0.002, 0),
        b.finish("gem", Finish("glass", (0.1, 0.3, 0.55)), main=False),
    )
    for z in (-0.06, 0.06):
        rib = [
            (
                -width / 2 - 0.0005 - 0.35 * thick / 2 * np.cos(a) * 1.02,
                thick / 2 + thick / 2 * np.sin(a) * 1.0,
                z,
            )
            for a in np.linspace(-1.2, 1.2, 12)
        ]
        b.add("ribs", b.tube(rib, 0.003, 8), cover)
    strap = b.box(0.02, thick + 0.006, 0.03, 0.003).moved(width / 2 - 0.004, -0.003, 0)
    b.add("clasp", strap, trim)


def key(b: Builder) -> None:
    metal = b.finish("body", b.pick([BRASS, GOLD, IRON]))
    b.add("shaft", b.cylinder(0.0042, 0.075, 0.001, 20).moved(y=0.004), metal)
    for y in (0.058, 0.064, 0.07):
        b.add("shaft", b.ball(0.0062, 0.0024, 0.0062).moved(y=y), metal)
    for turn in around(3, 90):
        centre = np.array(
            [0.0105 * np.cos(np.radians(turn)), 0.09 + 0.0105 * np.sin(np.radians(turn))]
        )
        loop = [
            (centre[0] + 0.0085 * x, centre[1] + 0.0085 * y, 0.0)
            for x, y in arc((0, 0), 1, 0, 360, 33)[:-1]
        ]
        b.add("bow", b.tube(loop, 0.0027, 12, loop=True), metal)
    for y, reach in ((0.006, 0.017), (0.0125, 0.012), (0.019, 0.017)):
        tooth = b.box(reach, 0.0048, 0.0042, 0.0008).moved(reach / 2 + 0.002, y, 0)
        b.add("bit", tooth, metal)


def candle(b: Builder) -> None:
    wax = b.finish("body", Finish("ceramic", (0.93, 0.88, 0.75), wear=0.0))
    metal = b.finish("base", BRASS, main=False)
    height = b.between(0.14, 0.2) * b.brief.stretch
    dish = [
        (0.0, 0.0),
        (0.055, 0.0),
        (0.068, 0.012),
        (0.07, 0.018),
        (0.064, 0.016),
        (0.05, 0.006),
        (0.03, 0.006),
        (0.028, 0.035),
        (0.0, 0.035),
    ]
    b.add("holder", b.lathe(dish, 0.002, 40), metal)
    handle = [(0.085 + 0.02 * x, 0.016, 0.02 * z) for x, z in arc((0, 0), 1, 0, 360, 25)[:-1]]
    b.add("holder", b.tube(handle, 0.004, 10, loop=True), metal)
    stick = [
        (0.0, 0.0),
        (0.021, 0.0),
        (0.0205, height),
        (0.016, height - 0.002),
        (0.008, height - 0.008),
        (0.0, height - 0.008),
    ]
    b.add("wax", b.lathe(stick, 0.003, 32).moved(y=0.03), wax)
    for turn in around(5, 20):
        top = 0.03 + height
        length = b.between(0.02, 0.07)
        drip = curve([(0.0185, top, 0), (0.0215, top - 0.004, 0), (0.0212, top - length, 0)], 8)
        radii = [0.002, 0.0026, 0.003, 0.003, 0.003, 0.0034, 0.004, 0.0044]
        b.add("wax", b.tube(drip, radii, 8).turned("y", turn), wax)
    b.add("wick", b.tube([(0, 0.02 + height, 0), (0.001, 0.044 + height, 0)], 0.0014, 6), BLACK)
    flame = [(0.0, 0.0), (0.006, 0.006), (0.0075, 0.014), (0.003, 0.03), (0.0, 0.038)]
    b.add(
        "flame", b.lathe(flame, 0.004, 20).moved(y=0.038 + height), Finish("glow", (1.0, 0.8, 0.3))
    )


def lantern(b: Builder) -> None:
    iron = b.finish("body", b.pick([IRON, BRASS, Finish("metal", (0.15, 0.15, 0.16))]))
    half, height = 0.085, 0.24 * b.brief.stretch
    b.add("base", b.box(2 * half + 0.04, 0.025, 2 * half + 0.04, 0.006), iron)
    b.add("base", b.box(2 * half, 0.02, 2 * half, 0.005).moved(y=0.023), iron)
    for x in (-1, 1):
        for z in (-1, 1):
            post = b.box(0.016, height, 0.016, 0.003)
            b.add("frame", post.moved(x * (half - 0.008), 0.04, z * (half - 0.008)), iron)
            b.add("feet", b.ball(0.014).moved(x * half, 0.0, z * half), iron)
    light = b.finish("windows", WARM_LIGHT, main=False)
    b.add(
        "glass",
        b.box(2 * half - 0.026, height - 0.004, 2 * half - 0.026, 0.003).moved(y=0.042),
        light,
    )
    for turn in around(4):
        for sign in (-1, 1):
            bar = b.box(0.006, height * 1.12, 0.006, 0.001).moved(y=-height * 0.56)
            bar = bar.turned("z", sign * 31).moved(0, 0.04 + height / 2, half - 0.012)
            b.add("frame", bar.turned("y", turn), iron, f"bar {sign}")
    roof = [
        (0.0, 0.0),
        (half * 1.62, 0.0),
        (half * 1.55, 0.012),
        (half * 0.5, 0.075),
        (half * 0.42, 0.1),
        (0.0, 0.11),
    ]
    cap = primitives.lathe(roof, 4).turned("y", 45)
    b.add("roof", cap.moved(y=0.038 + height), iron)
    top = 0.15 + height
    loop = [(0.035 * x, top + 0.028 + 0.035 * y, 0) for x, y in arc((0, 0), 1, 0, 360, 33)[:-1]]
    b.add("handle", b.tube(loop, 0.005, 10, loop=True), iron)


def clock(b: Builder) -> None:
    """An alarm clock with bells."""
    case = b.finish(
        "body",
        b.pick([BRASS, Finish("paint", (0.7, 0.12, 0.1)), Finish("paint", (0.2, 0.45, 0.45))]),
    )
    radius, depth, y = 0.06, 0.045, 0.078
    shell = [
        (0.0, -depth / 2),
        (radius * 0.9, -depth / 2),
        (radius, -depth / 3),
        (radius, depth / 2),
        (radius * 0.93, depth / 2 + 0.003),
        (radius * 0.9, depth / 2 - 0.004),
        (0.0, depth / 2 - 0.004),
    ]
    b.add("case", b.lathe(shell, 0.002, 56).turned("x", 90).moved(y=y), case)
    face = b.cylinder(radius * 0.9, 0.003, 0.0, 48).turned("x", 90).moved(0, y, depth / 2 - 0.005)
    b.add("face", face, b.finish("top", WHITE_PAINT, main=False))
    dark = Finish("plastic", (0.05, 0.05, 0.055))
    front = depth / 2 - 0.001
    for i in range(12):
        long = 0.009 if i % 3 == 0 else 0.005
        tick = b.box(0.0024, long, 0.0016, 0.0005).moved(0, radius * 0.84 - long, 0)
        b.add("ticks", tick.turned("z", 30 * i).moved(0, y, front), dark)
    for turn, length, wide in ((-305, 0.026, 0.0045), (-60, 0.04, 0.003)):
        hand = b.box(wide, length, 0.0016, 0.0006).moved(y=-0.004)
        b.add("hands", hand.turned("z", turn).moved(0, y, front + 0.001), dark)
    b.add("hands", b.ball(0.004, 0.004, 0.003).moved(0, y, front + 0.002), case)
    metal = b.finish("fittings", CHROME, main=False)
    for side in (-1, 1):
        bell = [(0.0, 0.0), (0.024, 0.0), (0.022, 0.011), (0.012, 0.02), (0.0, 0.023)]
        b.add(
            "bells",
            b.lathe(bell, 0.003, 32).turned("z", -side * 32).moved(side * 0.036, y + 0.058, 0),
            metal,
        )
        leg = b.tube([(side * 0.035, y - 0.045, 0), (side * 0.05, 0.005, 0)], [0.0045, 0.006], 10)
        b.add("legs", leg, metal)
    arch = curve([(-0.022, y + 0.085, 0), (0, y + 0.108, 0), (0.022, y + 0.085, 0)], 12)
    b.add("handle", b.tube(arch, 0.003, 10), metal)
