"""Things to sit at, on and in."""

from __future__ import annotations

from ...geometry.surface import Surface
from ...textures.finish import Finish
from ..builder import (
    Builder,
    arc,
    around,
    curve,
)
from ..palette import (
    BRASS,
    BROWN_LEATHER,
    DARK_PLASTIC,
    GREY_FABRIC,
    LINEN,
    OAK,
    PAPER,
    PINE,
    STEEL,
    WALNUT,
    WHITE_PAINT,
)

_FABRICS = (
    GREY_FABRIC,
    LINEN,
    Finish("fabric", (0.2, 0.36, 0.42)),
    Finish("fabric", (0.5, 0.24, 0.18)),
    Finish("fabric", (0.3, 0.38, 0.28)),
    BROWN_LEATHER,
)
_WOODS = (OAK, WALNUT, PINE)
_BOOK_COLOURS = (
    (0.45, 0.1, 0.1),
    (0.1, 0.2, 0.35),
    (0.12, 0.3, 0.2),
    (0.55, 0.42, 0.2),
    (0.3, 0.16, 0.3),
    (0.75, 0.7, 0.6),
    (0.15, 0.15, 0.17),
    (0.65, 0.3, 0.12),
)


def _leg(b: Builder, kind: str, height: float, thick: float) -> Surface:
    """One leg standing on the ground."""
    if kind == "turned":
        return _turned_leg(b, height, thick * 0.6)
    if kind == "round":
        return b.cone(thick * 0.32, thick * 0.52, height, 0.003, 16)
    return b.box(thick, height, thick, 0.005)


def _turned_leg(b: Builder, height: float, radius: float) -> Surface:
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


def _leg_kind(b: Builder) -> str:
    if b.styled("modern", "futuristic"):
        return "round"
    if b.styled("ornate"):
        return "turned"
    return b.pick(["square", "round", "turned"])


def chair(b: Builder) -> None:
    wood = b.finish("legs", b.pick(_WOODS))
    plain = wood if b.whole(0, 1) else b.pick(_FABRICS)
    seat_finish = b.finish("seat", plain, main=plain is wood)
    width, depth = b.between(0.42, 0.48), b.between(0.42, 0.46)
    seat_height = 0.45 * b.brief.stretch
    back_height = b.between(0.42, 0.52) * b.brief.stretch
    thick = b.between(0.036, 0.046)
    kind = _leg_kind(b)
    x, z = width / 2 - thick * 0.6, depth / 2 - thick * 0.6
    low = 0.4 * seat_height
    for side in (-1, 1):
        leg = _leg(b, kind, seat_height - 0.02, thick)
        b.add("legs", leg.turned("z", side * 2.0).moved(side * x, 0, z), wood)
        post = curve(
            [
                (side * x, thick * 0.5, -z - 0.03),
                (side * x, seat_height, -z),
                (side * x, seat_height + back_height - thick * 0.5, -z - 0.09),
            ],
            9,
        )
        b.add("back", b.tube(post, thick * 0.5, 10), wood)
        bar = b.box(0.02, 0.03, 2 * z).moved(side * x, low * 0.85, 0)
        b.add("legs", bar, wood)
        b.add("legs", b.box(2 * x, 0.06, 0.02).moved(0, seat_height - 0.075, side * z), wood)
    b.add("legs", b.box(2 * x, 0.022, 0.03).moved(0, low, 0), wood)
    b.add("seat", b.box(width, 0.035, depth, 0.014).moved(0, seat_height - 0.02, 0), wood)
    if seat_finish != wood:
        cushion = b.cushion(width - 0.03, 0.05, depth - 0.04)
        b.add("seat", cushion.moved(0, seat_height + 0.008, 0.005), seat_finish)
    _chair_back(b, x, -z, seat_height, back_height, b.finish("back", wood, main=False))


def _chair_back(b: Builder, x: float, z: float, seat: float, back: float, wood: Finish) -> None:
    style = b.pick(["slats", "ladder", "spindles"])

    def lean(y: float) -> float:
        return z - float(0.09 * max(0.0, y / back) ** 1.3)

    top = b.box(2 * x, 0.09, 0.024, 0.009).moved(0, seat + back - 0.11, lean(back * 0.92))
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
    wood = b.finish("legs", b.pick(_WOODS))
    height, radius = b.between(0.45, 0.65) * b.brief.stretch, b.between(0.16, 0.19)
    for turn in around(b.pick([3, 4]), 45):
        leg = b.cone(0.014, 0.021, height - 0.02, 0.003, 14).turned("z", 9.0)
        b.add("legs", leg.moved(radius * 0.95, 0, 0).turned("y", turn).grounded(), wood)
    ring = [
        (radius * 0.84 * x, height * 0.35, radius * 0.84 * z)
        for x, z in arc((0, 0), 1.0, 0, 360, 25)[:-1]
    ]
    b.add("legs", b.tube(ring, 0.009, 10, loop=True), b.finish("fittings", wood, main=False))
    profile = [(0.0, 0.0), (radius * 0.94, 0.0), (radius, 0.02), (radius * 0.94, 0.036), (0, 0.028)]
    seat = b.lathe(profile, 0.008).moved(0, height - 0.03, 0)
    b.add("seat", seat, b.finish("seat", wood, main=False))


def bench(b: Builder) -> None:
    wood = b.finish("seat", b.pick(_WOODS))
    frame = b.finish("legs", b.pick([wood, Finish("metal", (0.12, 0.13, 0.13))]))
    length, height = b.between(1.2, 1.7), 0.45
    for i in range(4):
        slat = b.box(length, 0.028, 0.088, 0.007)
        b.add("seat", slat.moved(0, height - 0.028, 0.165 - 0.11 * i), wood)
    for i in range(3):
        slat = b.box(length, 0.088, 0.026, 0.007).turned("x", -14)
        b.add("back", slat.moved(0, height + 0.1 + 0.12 * i, -0.235 - 0.03 * i), wood)
    for side in (-1, 1):
        x = side * (length / 2 - 0.16)
        post = curve([(x, 0.022, -0.29), (x, height - 0.05, -0.21), (x, height + 0.42, -0.32)], 10)
        b.add("legs", b.tube(post, 0.022, 10), frame)
        front = curve([(x, 0.022, 0.22), (x, height - 0.05, 0.18), (x, height + 0.16, 0.2)], 8)
        b.add("legs", b.tube(front, 0.022, 10), frame)
        arm = curve(
            [(x, height + 0.17, 0.24), (x, height + 0.2, 0.0), (x, height + 0.18, -0.27)], 8
        )
        b.add("legs", b.tube(arm, 0.026, 10, flatten=0.6), frame)
        b.add("legs", b.tube([(x, height - 0.05, -0.2), (x, height - 0.05, 0.18)], 0.018), frame)


def table(b: Builder) -> None:
    top_finish = b.finish("top", b.pick(_WOODS))
    leg_finish = b.finish("legs", top_finish, main=False)
    height = (0.45 if b.says("coffee") else 0.74) * b.brief.stretch
    if b.whole(0, 2) == 0:
        _round_table(b, height, top_finish, leg_finish)
        return
    width, depth = b.between(1.3, 1.8), b.between(0.75, 0.95)
    thick, kind = b.between(0.055, 0.075), _leg_kind(b)
    b.add("top", b.box(width, 0.036, depth, 0.012).moved(0, height - 0.036, 0), top_finish)
    x, z = width / 2 - 0.1, depth / 2 - 0.1
    for sx in (-1, 1):
        for sz in (-1, 1):
            leg = _leg(b, kind, height - 0.03, thick)
            b.add("legs", leg.moved(sx * x, 0, sz * z), leg_finish)
    for side in (-1, 1):
        rail = b.box(2 * x, 0.09, 0.022).moved(0, height - 0.126, side * z)
        b.add("legs", rail, leg_finish)
        rail = b.box(0.022, 0.09, 2 * z).moved(side * x, height - 0.126, 0)
        b.add("legs", rail, leg_finish)


def _round_table(b: Builder, height: float, top_finish: Finish, leg_finish: Finish) -> None:
    radius = b.between(0.45, 0.6)
    top = b.cylinder(radius, 0.036, 0.012, 48).moved(0, height - 0.036, 0)
    b.add("top", top, top_finish)
    scale = height / 0.74
    column = [
        (0.0, 0.0),
        (0.06, 0.0),
        (0.07, 0.1),
        (0.04, 0.16),
        (0.045, 0.4),
        (0.07, 0.52),
        (0.05, 0.6),
        (0.16, 0.7),
        (0.0, 0.7),
    ]
    post = b.lathe([(r, y * scale) for r, y in column], 0.02, 24).moved(0, 0.02, 0)
    b.add("legs", post, leg_finish)
    foot = curve([(0.02, 0.2 * scale, 0), (0.18, 0.14, 0), (0.36, 0.04, 0), (0.42, 0.035, 0)], 10)
    for turn in around(b.pick([3, 4]), 45):
        radii = [0.045 - 0.002 * k for k in range(10)]
        b.add("legs", b.tube(foot, radii, 10, flatten=0.7).turned("y", turn).grounded(), leg_finish)


def desk(b: Builder) -> None:
    wood = b.finish("top", b.pick(_WOODS))
    front = b.finish("door", wood, main=False)
    knob = b.finish("handle", BRASS, main=False)
    width, depth, height = b.between(1.3, 1.55), 0.68, 0.75 * b.brief.stretch
    b.add("top", b.box(width, 0.034, depth, 0.01).moved(0, height - 0.034, 0), wood)
    sides = (-1, 1) if b.whole(0, 1) else (1,)
    for side in sides:
        x = side * (width / 2 - 0.23)
        b.add("drawers", b.box(0.4, height - 0.09, depth - 0.06).moved(x, 0.055, 0), wood)
        b.add("legs", b.box(0.36, 0.06, depth - 0.12).moved(x, 0, 0), wood)
        tall = (height - 0.13) / 3
        for i in range(3):
            y = 0.075 + i * (tall + 0.006)
            panel = b.box(0.37, tall - 0.006, 0.022, 0.005).moved(x, y, depth / 2 - 0.03)
            b.add("drawers", panel, front)
            ball = b.ball(0.016).moved(x, y + tall / 2, depth / 2 + 0.002)
            b.add("handles", ball, knob)
    if len(sides) == 1:
        for z in (-1, 1):
            leg = b.box(0.06, height - 0.03, 0.06, 0.006)
            b.add("legs", leg.moved(-width / 2 + 0.05, 0, z * (depth / 2 - 0.05)), wood)
    back = b.box(width - 0.1, 0.32, 0.02).moved(0, height - 0.36, -depth / 2 + 0.06)
    b.add("legs", back, wood)


def bed(b: Builder) -> None:
    wood = b.finish("legs", b.pick(_WOODS))
    sheet = b.finish("sheets", b.pick(_FABRICS[:5]), main=False)
    white = Finish("fabric", (0.9, 0.89, 0.86))
    width, length = b.pick([1.0, 1.5, 1.7]), 2.05
    b.add("frame", b.box(width + 0.08, 0.16, length + 0.06, 0.02).moved(0, 0.18, 0), wood)
    for sx in (-1, 1):
        for end, tall in ((-1, 1.02), (1, 0.5)):
            post = b.box(0.08, tall * b.brief.stretch, 0.08, 0.016)
            b.add("posts", post.moved(sx * (width / 2 + 0.03), 0, end * (length / 2 + 0.03)), wood)
    head = b.box(width, 0.6, 0.04, 0.014).moved(0, 0.34, -length / 2 - 0.03)
    b.add("headboard", head, wood)
    b.add("footboard", b.box(width, 0.2, 0.04, 0.014).moved(0, 0.22, length / 2 + 0.03), wood)
    b.add("mattress", b.box(width, 0.2, length - 0.02, 0.06, 4).moved(0, 0.32, 0), white)
    cover = b.box(width + 0.05, 0.17, length * 0.64, 0.07, 8).moved(0, 0.385, length * 0.175)
    b.add("sheets", cover, sheet)
    fold = b.box(width + 0.06, 0.06, 0.26, 0.03, 6).moved(0, 0.51, -length * 0.13)
    b.add("sheets", fold, white)
    count = 1 if width < 1.2 else 2
    for i in range(count):
        x = (i - (count - 1) / 2) * width / count
        pillow = b.cushion(min(0.62, width / count - 0.06), 0.13, 0.4).turned("x", 18)
        b.add("pillows", pillow.moved(x, 0.56, -length / 2 + 0.27), white)


def sofa(b: Builder) -> None:
    _upholstered(b, seats=b.pick([2, 3]), seat_width=0.68)


def armchair(b: Builder) -> None:
    _upholstered(b, seats=1, seat_width=0.6)


def _upholstered(b: Builder, seats: int, seat_width: float) -> None:
    cloth = b.finish("seat", b.pick(_FABRICS))
    wood = b.finish("legs", b.pick(_WOODS), main=False)
    pillow = b.finish("back", b.pick(_FABRICS[:5]), main=False)
    width, depth, arm = seats * seat_width, 0.72, b.between(0.14, 0.2)
    for sx in (-1, 1):
        for sz in (-1, 1):
            leg = b.cone(0.016, 0.026, 0.13, 0.003, 14).turned("z", -sx * 8)
            place = leg.moved(sx * (width / 2 + arm * 0.5), 0, sz * (depth / 2 - 0.06))
            b.add("legs", place.grounded(), wood)
        side = b.box(arm, 0.5, depth + 0.1, 0.06, 4)
        b.add("arms", side.moved(sx * (width + arm) / 2, 0.12, 0.03), cloth)
    b.add("frame", b.box(width, 0.2, depth, 0.03).moved(0, 0.12, 0), cloth)
    back = b.box(width + 2 * arm, 0.62, 0.2, 0.07, 4).turned("x", -7)
    b.add("back", back.moved(0, 0.14, -depth / 2 - 0.02), cloth)
    for i in range(seats):
        x = (i - (seats - 1) / 2) * seat_width
        cushion = b.cushion(seat_width - 0.012, 0.17, depth - 0.1)
        b.add("cushions", cushion.moved(x, 0.31, 0.06), cloth)
        rest = b.cushion(seat_width - 0.02, 0.17, 0.46).turned("x", 76)
        b.add("cushions", rest.moved(x, 0.68, -depth / 2 + 0.13), cloth)
    for sx in (-1, 1)[: max(1, seats - 1)]:
        throw = b.cushion(0.38, 0.13, 0.38).turned("x", 68).turned("y", -sx * 18)
        b.add("pillows", throw.moved(sx * (width / 2 - 0.24), 0.65, -depth / 2 + 0.31), pillow)


def bookshelf(b: Builder) -> None:
    wood = b.finish("legs", b.pick([*_WOODS, WHITE_PAINT]))
    width, depth = b.between(0.8, 1.0), 0.3
    count = b.whole(4, 5)
    gap = 0.36
    height = (count * gap + 0.1) * b.brief.stretch
    gap = (height - 0.1) / count
    for side in (-1, 1):
        panel = b.box(0.026, height, depth, 0.004).moved(side * (width / 2 - 0.013), 0, 0)
        b.add("sides", panel, wood)
    back = b.box(width - 0.04, height - 0.08, 0.012).moved(0, 0.06, -depth / 2 + 0.008)
    b.add("back", back, wood)
    for i in range(count + 1):
        shelf = b.box(width - 0.05, 0.024, depth - 0.01, 0.004).moved(0, 0.06 + i * gap, 0)
        b.add("shelves", shelf, wood)
        if i < count:
            _row_of_books(b, width - 0.07, 0.084 + i * gap, depth, gap - 0.05)
    top = b.box(width + 0.03, 0.026, depth + 0.02, 0.006).moved(0, height - 0.013, 0.005)
    b.add("top", top, wood)
    b.add("base", b.box(width - 0.06, 0.06, depth - 0.04).moved(0, 0, -0.01), wood)


def _row_of_books(b: Builder, width: float, y: float, depth: float, room: float) -> None:
    x = -width / 2
    end = width / 2 - (0.0 if b.whole(0, 2) else b.between(0.1, 0.3))
    while True:
        thick = b.between(0.018, 0.05)
        if x + thick > end:
            return
        tall, deep = room * b.between(0.68, 0.95), depth * b.between(0.6, 0.78)
        colour = b.pick(_BOOK_COLOURS)
        cover = Finish(b.pick(["leather", "fabric", "plastic"]), colour)
        z = depth / 2 - 0.03 - deep / 2
        b.add("books", b.box(thick, tall, deep, 0.003).moved(x + thick / 2, y, z), cover)
        block = b.box(thick * 0.8, tall - 0.004, deep - 0.02, 0.001)
        b.add("books", block.moved(x + thick / 2, y + 0.005, z - 0.008), PAPER)
        x += thick + 0.002


def lamp(b: Builder) -> None:
    """A table lamp, or a jointed desk lamp."""
    if b.styled("modern", "futuristic") or b.whole(0, 2) == 0:
        _desk_lamp(b)
        return
    body = b.finish("base", b.pick([BRASS, WALNUT, Finish("ceramic", (0.2, 0.35, 0.42))]))
    shade = b.finish("shade", LINEN, main=False)
    height = b.between(0.5, 0.6) * b.brief.stretch
    neck = height * 0.62
    profile = [
        (0.0, 0.0),
        (0.085, 0.0),
        (0.088, 0.016),
        (0.05, 0.03),
        (0.03, 0.06),
        (b.between(0.06, 0.095), neck * 0.42),
        (0.035, neck * 0.8),
        (0.014, neck * 0.86),
        (0.012, neck),
        (0.0, neck),
    ]
    b.add("base", b.lathe(profile, 0.02, 40), body)
    top, wide, low = 0.085, 0.15, height * 0.58
    wall = 0.003
    ring = [(wide, low), (top, height), (top - wall, height), (wide - wall, low), (wide, low)]
    b.add("shade", b.lathe(ring[::1], 0.0, 48).creased(30), shade)
    b.add("bulb", b.ball(0.032, 0.042, 0.032).moved(0, neck + 0.05, 0), _bulb())
    b.add("socket", b.cylinder(0.016, 0.04, 0.003, 16).moved(0, neck - 0.02, 0), BRASS)


def _bulb() -> Finish:
    return Finish("glow", (1.0, 0.93, 0.74))


def _desk_lamp(b: Builder) -> None:
    metal = b.finish("base", b.pick([DARK_PLASTIC, WHITE_PAINT, Finish("paint", (0.75, 0.2, 0.1))]))
    b.add("base", b.cylinder(0.1, 0.022, 0.007, 40), metal)
    elbow, head = (-0.08, 0.3, 0.0), (0.12, 0.46, 0.0)
    b.add("arm", b.tube([(0.0, 0.02, 0.0), elbow], 0.008, 12), STEEL)
    b.add("arm", b.tube([elbow, head], 0.008, 12), STEEL)
    for joint in (elbow, head):
        knuckle = b.cylinder(0.017, 0.03, 0.004, 18).moved(y=-0.015).turned("x", 90)
        b.add("joints", knuckle.moved(*joint), metal)
    hood = [
        (0.022, 0.07),
        (0.03, 0.06),
        (0.035, 0.04),
        (0.075, -0.04),
        (0.08, -0.055),
        (0.076, -0.055),
        (0.07, -0.04),
        (0.03, 0.035),
        (0.0, 0.04),
        (0.0, 0.07),
        (0.022, 0.07),
    ]
    shade = b.lathe(hood[-2:-1] + hood[:9], 0.004, 40).turned("z", 24)
    b.add("shade", shade.moved(head[0] + 0.03, head[1] - 0.03, 0), b.finish("shade", metal))
    bulb = b.ball(0.03, 0.034, 0.03).moved(0, -0.01, 0).turned("z", 24)
    b.add("bulb", bulb.moved(head[0] + 0.03, head[1] - 0.03, 0), _bulb())
