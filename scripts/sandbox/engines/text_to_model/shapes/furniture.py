"""Things to sit at, on and in."""

from ...geometry.surface import Surface, polyline
from ...textures.texels import Finish
from ..builder import Builder, around, both, curve, four, row
from ..palette import (
    BRASS,
    BROWN_LEATHER,
    BULB_LIGHT,
    DARK_PLASTIC,
    GREY_FABRIC,
    LINEN,
    OAK,
    PAPER,
    PINE,
    STEEL,
    WALNUT,
    WHITE_PAINT,
    finishes,
)

_CLOTHS = (GREY_FABRIC, LINEN, *finishes("fabric", "0.2,0.36,0.42 0.5,0.24,0.18 0.3,0.38,0.28"))
_WOODS = (OAK, WALNUT, PINE)
_BOOKS = [
    finish
    for material in ("leather", "fabric", "plastic")
    for finish in finishes(
        material,
        "0.45,0.1,0.1 0.1,0.2,0.35 0.12,0.3,0.2 0.55,0.42,0.2 0.3,0.16,0.3 0.75,0.7,0.6 "
        "0.15,0.15,0.17 0.65,0.3,0.12",
    )
]
_TURNED_LEG = "0,0 0.55,0 0.6,0.1 0.95,0.14 0.6,0.18 0.9,0.55 0.65,0.72 1.05,0.76 0.75,0.8 1,1 0,1"


def _leg(b: Builder, kind: str, height: float, thick: float) -> Surface:
    """One leg standing on the ground."""
    if kind == "turned":
        return b.lathe(polyline(_TURNED_LEG, thick * 0.6, height), thick * 0.18, 16)
    if kind == "round":
        return b.cone(thick * 0.32, thick * 0.52, height, 0.003, 16)
    return b.box(thick, height, thick, 0.005)


def _leg_kind(b: Builder) -> str:
    if b.styled("modern", "futuristic"):
        return "round"
    if b.styled("ornate"):
        return "turned"
    return b.pick(["square", "round", "turned"])


def chair(b: Builder) -> None:
    wood = b.finish("legs", b.pick(_WOODS))
    plain = wood if b.whole(0, 1) else b.pick([*_CLOTHS, BROWN_LEATHER])
    seat = b.finish("seat", plain, main=plain is wood)
    width, depth = b.between(0.42, 0.48), b.between(0.42, 0.46)
    high, back = 0.45 * b.brief.stretch, b.between(0.42, 0.52) * b.brief.stretch
    thick = b.between(0.036, 0.046)
    kind = _leg_kind(b)
    x, z = width / 2 - thick * 0.6, depth / 2 - thick * 0.6
    leg = _leg(b, kind, high - 0.02, thick).turned("z", 2.0).moved(x, 0, z)
    b.add("legs", wood, *both(leg), *both(b.box(0.02, 0.03, 2 * z).moved(x, 0.34 * high, 0)))
    for end in (-z, z):
        b.add("legs", wood, b.box(2 * x, 0.06, 0.02).moved(0, high - 0.075, end))
    b.add("legs", wood, b.box(2 * x, 0.022, 0.03).moved(0, 0.4 * high, 0))
    knots = [(x, thick / 2, -z - 0.03), (x, high, -z), (x, high + back - thick / 2, -z - 0.09)]
    b.add("back", wood, *both(b.tube(curve(knots, 9), thick * 0.5, 10)))
    b.add("seat", wood, b.box(width, 0.035, depth, 0.014).moved(0, high - 0.02, 0))
    if seat != wood:
        b.add("seat", seat, b.cushion(width - 0.03, 0.05, depth - 0.04).moved(0, high + 0.008, 0))
    _chair_back(b, x, -z, high, back, b.accent("back", wood))


def _chair_back(b: Builder, x: float, z: float, seat: float, back: float, wood: Finish) -> None:
    style = b.pick(["slats", "ladder", "spindles"])

    def lean(share: float) -> float:
        return z - float(0.09 * max(0.0, share) ** 1.3)

    def rail(share: float, height: float) -> None:
        bar = b.box(2 * x, height, 0.022).moved(0, seat + share * back, lean(share))
        b.add("back", wood, bar)

    rail(1 - 0.11 / back, 0.09)
    if style == "ladder":
        rail(0.28, 0.06)
        rail(0.54, 0.06)
        return
    rail(0.16, 0.04)
    count, radius, flatten = (3, 0.026, 0.3) if style == "slats" else (5, 0.009, 1.0)
    ends = [(0, seat + 0.16 * back + 0.02, lean(0.16)), (0, seat + back - 0.09, lean(0.9))]
    slat = b.tube(ends, radius, 10, flatten=flatten)
    b.add("back", wood, *row(slat, count, x=(2 * x - 0.06) / count))


def stool(b: Builder) -> None:
    wood = b.finish("legs", b.pick(_WOODS))
    height, radius = b.between(0.45, 0.65) * b.brief.stretch, b.between(0.16, 0.19)
    leg = b.cone(0.014, 0.021, height - 0.02, 0.003, 14).turned("z", 9.0)
    b.add("legs", wood, *around(leg.moved(radius * 0.95).grounded(), b.pick([3, 4]), 45))
    b.add("legs", b.accent("fittings", wood), b.hoop(radius * 0.84, 0.009, height * 0.35))
    seat = b.lathe(polyline("0,0 0.94,0 1,0.02 0.94,0.036 0,0.028", radius, 1), 0.008)
    b.add("seat", b.accent("seat", wood), seat.moved(y=height - 0.03))


def bench(b: Builder) -> None:
    wood = b.finish("seat", b.pick(_WOODS))
    frame = b.finish("legs", b.pick([wood, Finish("metal", (0.12, 0.13, 0.13))]))
    length = b.between(1.2, 1.7)
    b.add("seat", wood, *row(b.box(length, 0.028, 0.088, 0.007).moved(y=0.422), 4, z=0.11))
    slat = b.box(length, 0.088, 0.026, 0.007).turned("x", -14)
    b.add("back", wood, *row(slat.moved(y=0.67, z=-0.265), 3, y=0.12, z=-0.03))
    rods = (
        ("0,0.022,-0.29 0,0.4,-0.21 0,0.87,-0.32", 0.022, 1.0),
        ("0,0.022,0.22 0,0.4,0.18 0,0.61,0.2", 0.022, 1.0),
        ("0,0.62,0.24 0,0.65,0 0,0.63,-0.27", 0.026, 0.6),
        ("0,0.4,-0.2 0,0.4,0.18", 0.018, 1.0),
    )
    for knots, thick, flatten in rods:
        rod = b.tube(curve(polyline(knots), 9), thick, 10, flatten=flatten)
        b.add("legs", frame, *row(rod, 2, x=length - 0.32))


def table(b: Builder) -> None:
    top = b.finish("top", b.pick(_WOODS))
    legs = b.accent("legs", top)
    height = (0.45 if b.says("coffee") else 0.74) * b.brief.stretch
    if b.whole(0, 2) == 0:
        _round_table(b, height, top, legs)
        return
    width, depth = b.between(1.3, 1.8), b.between(0.75, 0.95)
    thick, kind = b.between(0.055, 0.075), _leg_kind(b)
    b.add("top", top, b.box(width, 0.036, depth, 0.012).moved(0, height - 0.036, 0))
    x, z = width / 2 - 0.1, depth / 2 - 0.1
    b.add("legs", legs, *four(_leg(b, kind, height - 0.03, thick), x, z))
    b.add("legs", legs, *row(b.box(2 * x, 0.09, 0.022).moved(y=height - 0.126), 2, z=2 * z))
    b.add("legs", legs, *row(b.box(0.022, 0.09, 2 * z).moved(y=height - 0.126), 2, x=2 * x))


def _round_table(b: Builder, height: float, top: Finish, legs: Finish) -> None:
    radius, scale = b.between(0.45, 0.6), height / 0.74
    b.add("top", top, b.cylinder(radius, 0.036, 0.012, 48).moved(y=height - 0.036))
    column = "0,0 0.06,0 0.07,0.1 0.04,0.16 0.045,0.4 0.07,0.52 0.05,0.6 0.16,0.7 0,0.7"
    b.add("legs", legs, b.lathe(polyline(column, 1, scale), 0.02, 24).moved(y=0.02))
    path = curve([(0.02, 0.2 * scale, 0), (0.18, 0.14, 0), (0.36, 0.04, 0), (0.42, 0.035, 0)], 10)
    foot = b.tube(path, [0.045 - 0.002 * k for k in range(10)], 10, flatten=0.7).grounded()
    b.add("legs", legs, *around(foot, b.pick([3, 4]), 45))


def desk(b: Builder) -> None:
    wood = b.finish("top", b.pick(_WOODS))
    front, knob = b.accent("door", wood), b.accent("handle", BRASS)
    width, depth, height = b.between(1.3, 1.55), 0.68, 0.75 * b.brief.stretch
    b.add("top", wood, b.box(width, 0.034, depth, 0.01).moved(0, height - 0.034, 0))
    sides = (-1, 1) if b.whole(0, 1) else (1,)
    tall = (height - 0.13) / 3
    for x in (side * (width / 2 - 0.23) for side in sides):
        b.add("drawers", wood, b.box(0.4, height - 0.09, depth - 0.06).moved(x, 0.055, 0))
        b.add("legs", wood, b.box(0.36, 0.06, depth - 0.12).moved(x, 0, 0))
        panel = b.box(0.37, tall - 0.006, 0.022, 0.005).moved(x, 0.081 + tall, depth / 2 - 0.03)
        b.add("drawers", front, *row(panel, 3, y=tall + 0.006))
        grip = b.ball(0.016).moved(x, 0.081 + 1.5 * tall, depth / 2 + 0.002)
        b.add("handles", knob, *row(grip, 3, y=tall + 0.006))
    if len(sides) == 1:
        leg = b.box(0.06, height - 0.03, 0.06, 0.006).moved(-width / 2 + 0.05)
        b.add("legs", wood, *row(leg, 2, z=depth - 0.1))
    b.add("legs", wood, b.box(width - 0.1, 0.32, 0.02).moved(0, height - 0.36, 0.06 - depth / 2))


def bed(b: Builder) -> None:
    wood = b.finish("legs", b.pick(_WOODS))
    sheet = b.accent("sheets", b.pick(_CLOTHS))
    white = Finish("fabric", (0.9, 0.89, 0.86))
    width, length = b.pick([1.0, 1.5, 1.7]), 2.05
    b.add("frame", wood, b.box(width + 0.08, 0.16, length + 0.06, 0.02).moved(y=0.18))
    for end, tall, board, low in ((-1, 1.02, 0.6, 0.34), (1, 0.5, 0.2, 0.22)):
        z = end * (length / 2 + 0.03)
        post = b.box(0.08, tall * b.brief.stretch, 0.08, 0.016).moved(z=z)
        b.add("posts", wood, *row(post, 2, x=width + 0.06))
        b.add("boards", wood, b.box(width, board, 0.04, 0.014).moved(0, low, z))
    b.add("mattress", white, b.box(width, 0.2, length - 0.02, 0.06).moved(y=0.32))
    cover = b.box(width + 0.05, 0.17, length * 0.64, 0.07).moved(0, 0.385, length * 0.175)
    b.add("sheets", sheet, cover)
    b.add("sheets", white, b.box(width + 0.06, 0.06, 0.26, 0.03).moved(0, 0.51, -length * 0.13))
    count = 1 if width < 1.2 else 2
    pillow = b.cushion(min(0.62, width / count - 0.06), 0.13, 0.4).turned("x", 18)
    b.add("pillows", white, *row(pillow.moved(0, 0.56, 0.27 - length / 2), count, x=width / count))


def sofa(b: Builder) -> None:
    _upholstered(b, seats=b.pick([2, 3]), seat=0.68)


def armchair(b: Builder) -> None:
    _upholstered(b, seats=1, seat=0.6)


def _upholstered(b: Builder, seats: int, seat: float) -> None:
    cloth = b.finish("seat", b.pick([*_CLOTHS, BROWN_LEATHER]))
    wood = b.accent("legs", b.pick(_WOODS))
    pillow = b.accent("back", b.pick(_CLOTHS))
    width, depth, arm = seats * seat, 0.72, b.between(0.14, 0.2)
    leg = b.cone(0.016, 0.026, 0.13, 0.003, 14)
    b.add("legs", wood, *four(leg, width / 2 + arm * 0.5, depth / 2 - 0.06))
    side = b.box(arm, 0.5, depth + 0.1, 0.06).moved(0, 0.12, 0.03)
    b.add("arms", cloth, *row(side, 2, x=width + arm))
    b.add("frame", cloth, b.box(width, 0.2, depth, 0.03).moved(y=0.12))
    back = b.box(width + 2 * arm, 0.62, 0.2, 0.07).turned("x", -7)
    b.add("back", cloth, back.moved(0, 0.14, -depth / 2 - 0.02))
    cushion = b.cushion(seat - 0.012, 0.17, depth - 0.1).moved(0, 0.31, 0.06)
    rest = b.cushion(seat - 0.02, 0.17, 0.46).turned("x", 76).moved(0, 0.68, 0.13 - depth / 2)
    b.add("cushions", cloth, *row(cushion, seats, x=seat), *row(rest, seats, x=seat))
    throw = b.cushion(0.38, 0.13, 0.38).turned("x", 68).turned("y", 18)
    throw = throw.moved(0.24 - width / 2, 0.65, 0.31 - depth / 2)
    b.add("pillows", pillow, *both(throw)[: max(1, seats - 1)])


def bookshelf(b: Builder) -> None:
    wood = b.finish("legs", b.pick([*_WOODS, WHITE_PAINT]))
    width, depth = b.between(0.8, 1.0), 0.3
    count = b.whole(4, 5)
    height = (count * 0.36 + 0.1) * b.brief.stretch
    gap = (height - 0.1) / count
    b.add("sides", wood, *row(b.box(0.026, height, depth, 0.004), 2, x=width - 0.026))
    back = b.box(width - 0.04, height - 0.08, 0.012).moved(0, 0.06, 0.008 - depth / 2)
    b.add("back", wood, back)
    shelf = b.box(width - 0.05, 0.024, depth - 0.01, 0.004).moved(y=0.06 + count * gap / 2)
    b.add("shelves", wood, *row(shelf, count + 1, y=gap))
    for i in range(count):
        _row_of_books(b, width - 0.07, 0.084 + i * gap, depth, gap - 0.05)
    top = b.box(width + 0.03, 0.026, depth + 0.02, 0.006).moved(0, height - 0.013, 0.005)
    b.add("top", wood, top)
    b.add("base", wood, b.box(width - 0.06, 0.06, depth - 0.04).moved(z=-0.01))


def _row_of_books(b: Builder, width: float, y: float, depth: float, room: float) -> None:
    x = -width / 2
    end = width / 2 - (0.0 if b.whole(0, 2) else b.between(0.1, 0.3))
    while x + (thick := b.between(0.018, 0.05)) <= end:
        tall, deep = room * b.between(0.68, 0.95), depth * b.between(0.6, 0.78)
        z = depth / 2 - 0.03 - deep / 2
        cover = b.box(thick, tall, deep, 0.003).moved(x + thick / 2, y, z)
        b.add("books", b.pick(_BOOKS), cover)
        pages = b.box(thick * 0.8, tall - 0.004, deep - 0.02, 0.0)
        b.add("books", PAPER, pages.moved(x + thick / 2, y + 0.005, z - 0.008))
        x += thick + 0.002


def lamp(b: Builder) -> None:
    """A table lamp, or a jointed desk lamp."""
    if b.styled("modern", "futuristic") or b.whole(0, 2) == 0:
        _desk_lamp(b)
        return
    body = b.finish("base", b.pick([BRASS, WALNUT, Finish("ceramic", (0.2, 0.35, 0.42))]))
    height = b.between(0.5, 0.6) * b.brief.stretch
    neck = height * 0.62
    foot = polyline("0,0 0.085,0 0.088,0.016 0.05,0.03 0.03,0.06").tolist()
    upper = polyline("0.035,0.8 0.014,0.86 0.012,1 0,1", 1, neck).tolist()
    profile = [*foot, (b.between(0.06, 0.095), neck * 0.42), *upper]
    b.add("base", body, b.lathe(profile, 0.02, 40))
    b.add("shade", b.accent("shade", LINEN), b.band(0.15, 0.085, height * 0.58, height, 0.003))
    b.add("bulb", BULB_LIGHT, b.ball(0.032, 0.042, 0.032).moved(y=neck + 0.05))
    b.add("socket", BRASS, b.cylinder(0.016, 0.04, 0.003, 16).moved(y=neck - 0.02))


def _desk_lamp(b: Builder) -> None:
    metal = b.finish("base", b.pick([DARK_PLASTIC, WHITE_PAINT, Finish("paint", (0.75, 0.2, 0.1))]))
    b.add("base", metal, b.cylinder(0.1, 0.022, 0.007, 40))
    elbow, head = (-0.08, 0.3, 0.0), (0.12, 0.46, 0.0)
    b.add("arm", STEEL, b.tube([(0, 0.02, 0), elbow], 0.008), b.tube([elbow, head], 0.008))
    knuckle = b.axle(0.017, 0.03)
    b.add("joints", metal, knuckle.moved(*elbow), knuckle.moved(*head))
    hood = polyline(
        "0,0.07 0.022,0.07 0.03,0.06 0.035,0.04 0.075,-0.04 0.08,-0.055 0.076,-0.055 0.07,-0.04 "
        "0.03,0.035 0,0.04"
    )
    with b.placed(lambda surface: surface.turned("z", 24).moved(0.15, 0.43, 0)):
        b.add("shade", b.finish("shade", metal), b.lathe(hood, 0.004, 40))
        b.add("bulb", BULB_LIGHT, b.ball(0.03, 0.034, 0.03).moved(y=-0.01))
