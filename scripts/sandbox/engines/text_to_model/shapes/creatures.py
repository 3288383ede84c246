"""People and animals; four-legged ones look towards +X, the others towards +Z."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...geometry.fields import Limb, chain, limbs
from ...geometry.primitives import Point3
from ...geometry.surface import Floats, Surface, polyline
from ...textures.texels import Finish
from ..builder import Builder, around, both, curve, fluted, row, shifted
from ..palette import (
    BLACK,
    BRASS,
    BROWN_LEATHER,
    COOL_LIGHT,
    DARK_PLASTIC,
    GOLD,
    IRON,
    PINE,
    SNOW,
    STEEL,
    WHITE_PAINT,
    finishes,
)

_SKINS = finishes("skin", "0.9,0.7,0.58 0.8,0.58,0.44 0.6,0.4,0.28 0.4,0.26,0.18")
_HAIRS = finishes("fur", "0.12,0.08,0.05 0.3,0.18,0.08 0.75,0.55,0.28 0.45,0.16,0.06")
_CLOTHES = finishes("fabric", "0.2,0.35,0.5 0.55,0.18,0.15 0.25,0.4,0.28 0.8,0.72,0.55")
_TROUSERS = finishes("fabric", "0.18,0.2,0.28 0.3,0.25,0.2 0.12,0.12,0.13")
_SHELLS = finishes("paint", "0.85,0.86,0.86 0.9,0.6,0.1 0.25,0.45,0.6 0.6,0.63,0.6")
_RED_CLOTH = Finish("fabric", (0.65, 0.09, 0.09))
_LAMPS = finishes("glow", "0.9,0.15,0.12 0.95,0.75,0.2 0.25,0.8,0.4")


def _paired(some: list[Limb]) -> list[Limb]:
    """Limbs and their mirror images across X = 0."""
    return some + [limb.mirrored() for limb in some]


def _eyes(
    b: Builder, x: float, y: float, z: float, size: float, axis: str = "z", iris: bool = True
) -> None:
    """Two eyeballs with pupils; ``axis`` is the way they look."""
    white, dark = finishes("ceramic", "0.95,0.95,0.93 0.02,0.02,0.02")
    colour = b.accent("eyes", Finish("ceramic", (0.12, 0.07, 0.04), wear=0.0))
    layers = [(white, 1.0, 0.0), (colour, 0.62, 0.48), (dark, 0.36, 0.78)]
    for finish, share, push in layers if iris else [(dark, 1.0, 0.0)]:
        ball, away = b.ball(size * share), size * push
        if axis == "z":
            b.add("eyes", finish, *both(ball.moved(x + 0.15 * away, y, z + away)))
        else:
            b.add("eyes", finish, *both(ball.moved(z + 0.91 * away, y, x + 0.41 * away), "z"))


def figure(b: Builder) -> None:
    """A standing person with slightly large head; knights wear armour, and so on."""
    knight = b.says("knight", "warrior", "soldier", "ritter", "chevalier")
    robe = b.says("wizard", "king", "queen", "princess", "angel", "woman", "girl") and not knight
    space = b.says("astronaut")
    statue = b.brief.main.material in ("stone", "marble", "metal", "wood", "ceramic", "glass")
    skin = b.finish("skin", b.pick(_SKINS), main=statue)
    hair = b.finish("hair", b.pick(_HAIRS), main=statue)
    usual = b.pick(_CLOTHES)
    if knight:
        usual = STEEL
    if space:
        usual = Finish("fabric", (0.92, 0.92, 0.93))
    cloth = b.finish("clothes", usual)
    below = b.pick(_TROUSERS)
    trousers = b.finish("trousers", cloth if space else IRON if knight else below, main=statue)
    _body(b, cloth, skin, b.finish("shoes", IRON if knight else BROWN_LEATHER, main=statue))
    if robe:
        _skirt(b, cloth)
    else:
        legs = limbs("0.075,0.93,0,0.1 0.1,0.5,0.012,0.073 0.115,0.12,-0.01,0.056")
        b.add("trousers", trousers, b.skin(_paired(legs), 0.025, 64))
    _head(b, skin, statue)
    if not knight and not space:
        _hair(b, hair, b.says("woman", "girl", "queen", "princess", "frau", "femme", "mujer"))
    if b.says("king", "queen", "princess"):
        _crown(b)
    if b.says("wizard"):
        _wizard(b, cloth)
    if knight:
        _armour(b, cloth)
    if space:
        _space_helmet(b, cloth)
    if statue:
        b.add("plinth", b.finish("base", cloth), b.box(0.7, 0.16, 0.6, 0.02).moved(y=-0.16))


def _body(b: Builder, cloth: Finish, skin: Finish, shoes: Finish) -> None:
    chest = limbs("-0.08,1.28,0,0.125 0.08,1.28,0,0.125", (1, 1, 0.85))
    chest += limbs("0,0.98,0,0.13 0,1.2,0,0.13", (1.05, 1, 0.85))
    arms = limbs("0.17,1.33,0,0.062 0.27,1.1,-0.01,0.052 0.3,0.9,0.06,0.044")
    b.add("clothes", cloth, b.skin([*chest, *_paired(arms)], 0.03, 72))
    b.add("belt", b.accent("fittings", BROWN_LEATHER), b.hoop(0.142, 0.018, 0.97, z=0.122))
    b.add("belt", BRASS, b.box(0.05, 0.042, 0.016, 0.006).moved(0, 0.95, 0.136))
    foot = limbs("0.118,0.045,-0.03,0.05 0.13,0.04,0.11,0.045", (1, 0.85, 1))
    foot += limbs("0.115,0.05,-0.02,0.055 0.115,0.16,-0.012,0.06")
    hand = limbs("0.3,0.88,0.07,0.038 0.302,0.83,0.085,0.034", (0.8, 1, 1))
    hand += limbs("0.285,0.87,0.09,0.015 0.27,0.825,0.115,0.013")
    b.add("shoes", shoes, *both(b.skin(foot, 0.012, 28)))
    b.add("hands", skin, *both(b.skin(hand, 0.012, 28)))


def _skirt(b: Builder, cloth: Finish) -> None:
    profile = polyline("0,0.06 0.27,0.05 0.25,0.2 0.18,0.65 0.14,0.95 0.15,1.05 0,1.05")

    def folds(points: Floats) -> Floats:
        low = np.clip(1 - points[:, 1] / 0.9, 0, 1)
        return fluted(points, lambda turn: 1 + 0.07 * low * np.sin(11 * turn))

    b.add("clothes", cloth, b.lathe(profile, 0.03, 64).bent(folds).scaled(1, 1, 0.85))


def _head(b: Builder, skin: Finish, statue: bool) -> None:
    head = limbs("0,1.62,0,0.13 0,1.6,0.01,0.12", (0.95, 1.05, 1))
    head += limbs("0,1.53,0.035,0.075 0,1.535,0.045,0.07")
    head += limbs("0,1.36,-0.01,0.06 0,1.48,0,0.056")
    head += limbs("0,1.585,0.125,0.016 0,1.57,0.135,0.02")
    ears = limbs("0.122,1.6,0,0.024 0.126,1.57,0,0.018", (0.6, 1, 1))
    b.add("head", skin, b.skin([*head, *_paired(ears)], 0.014, 60))
    mouth = curve(polyline("-0.034,1.515,0.108 0,1.506,0.117 0.034,1.515,0.108"), 8)
    b.add("mouth", skin if statue else Finish("skin", (0.6, 0.25, 0.22)), b.tube(mouth, 0.0055, 8))
    if statue:
        b.add("eyes", skin, *both(b.ball(0.02).moved(0.048, 1.615, 0.108)))
    else:
        _eyes(b, 0.048, 1.615, 0.108, 0.022)


def _hair(b: Builder, hair: Finish, long: bool) -> None:
    locks = limbs("0,1.665,-0.02,0.135 0,1.64,-0.03,0.13", (0.98, 1, 1))
    locks += limbs("-0.05,1.725,0.07,0.05 0.07,1.715,0.065,0.045")
    if long:
        locks += limbs("0,1.6,-0.08,0.1 0,1.36,-0.1,0.075", (1.15, 1, 0.6))
        locks += _paired(limbs("0.11,1.64,-0.02,0.035 0.12,1.42,-0.02,0.03"))
    b.add("hair", hair, b.skin(locks, 0.012, 44))


def _crown(b: Builder) -> None:
    b.add("crown", GOLD, b.band(0.118, 0.126, 1.75, 1.8, 0.008))
    b.add("crown", GOLD, *around(b.cone(0.024, 0.003, 0.06, 0.002, 8).moved(0, 1.79, 0.121), 8))
    gem = b.accent("gem", Finish("glass", (0.6, 0.05, 0.12)))
    b.add("crown", gem, *around(b.ball(0.009).moved(0, 1.858, 0.121), 8))


def _wizard(b: Builder, cloth: Finish) -> None:
    brim = polyline("0,0 0.24,-0.015 0.24,0 0.14,0.02 0.09,0.2 0,0.46")

    def slouch(points: Floats) -> Floats:
        return shifted(points, x=0.5 * np.clip(points[:, 1] - 0.1, 0, 1) ** 1.6)

    b.add("hat", cloth, b.lathe(brim, 0.01, 40).bent(slouch).moved(y=1.7))
    beard = limbs("0,1.49,0.09,0.07 0,1.2,0.14,0.02", (1, 1, 0.6))
    beard += limbs("-0.06,1.53,0.09,0.03 0.06,1.53,0.09,0.03")
    b.add("beard", Finish("fur", (0.88, 0.87, 0.84)), b.skin(beard, 0.02, 36))
    staff = curve(polyline("0.36,0,0.1 0.34,0.9,0.1 0.35,1.7,0.1"), 10)
    b.add("staff", PINE, b.tube(staff, 0.018, 10))
    b.add("staff", COOL_LIGHT, b.ball(0.06).moved(0.35, 1.78, 0.1))


def _armour(b: Builder, steel: Finish) -> None:
    dome = b.lathe(polyline("0,0.16 0.07,0.15 0.125,0.1 0.145,0 0.142,-0.14 0.11,-0.19 0,-0.19"))
    b.add("helmet", steel, dome.scaled(0.97, 1, 1.08).moved(y=1.63))
    b.add("visor", BLACK, b.box(0.19, 0.02, 0.03, 0.006).moved(0, 1.625, 0.135))
    b.add("visor", BRASS, b.box(0.012, 0.16, 0.02, 0.005).moved(0, 1.48, 0.148))
    plume = curve(polyline("0,1.78,0.03 0,1.87,-0.03 0,1.82,-0.14 0,1.68,-0.2"), 12)
    thick = 0.01 + 0.028 * np.sin(np.pi * np.arange(1, 13) / 13)
    b.add("plume", b.accent("hair", Finish("fur", (0.62, 0.08, 0.07))), b.tube(plume, thick))
    pad = b.ball(0.1, 0.075, 0.1).turned("z", -25).moved(0.21, 1.36)
    b.add("pauldrons", steel, *both(pad))
    b.add("greaves", steel, *both(b.ball(0.075, 0.08, 0.07).moved(0.1, 0.5, 0.03)))
    tabard = b.box(0.22, 0.62, 0.02, 0.008).moved(0, 0.62, 0.125)
    b.add("tabard", b.accent("scarf", _RED_CLOTH), tabard)
    with b.placed(lambda surface: surface.moved(0.315, 0, 0.1)):
        b.add("sword", STEEL, b.box(0.035, 0.72, 0.008, 0.0035).moved(y=0.07))
        b.add("sword", BRASS, b.box(0.17, 0.024, 0.028, 0.008).moved(y=0.785))
        b.add("sword", BROWN_LEATHER, b.cylinder(0.014, 0.17, 0.004, 12).moved(y=0.78))
        b.add("sword", BRASS, b.ball(0.024).moved(y=0.96))


def _space_helmet(b: Builder, cloth: Finish) -> None:
    b.add("helmet", WHITE_PAINT, b.ball(0.185, 0.19, 0.185).moved(y=1.62))
    visor = b.accent("windows", Finish("glass", (0.75, 0.5, 0.12)))
    b.add("visor", visor, b.ball(0.145, 0.125, 0.1).moved(0, 1.63, 0.105))
    b.add("collar", STEEL, b.hoop(0.13, 0.025, 1.44, z=0.12))
    b.add("pack", cloth, b.box(0.32, 0.42, 0.16, 0.04).moved(0, 1.0, -0.2))
    b.add("panel", STEEL, b.box(0.15, 0.09, 0.04, 0.01).moved(0, 1.17, 0.12))
    _lamps(b, 0.04, 1.215, 0.16, 0.012)


def _lamps(b: Builder, step: float, y: float, z: float, size: float) -> None:
    for lamp, place in zip(_LAMPS, row(b.ball(size).moved(0, y, z), 3, x=step), strict=True):
        b.add("panel", lamp, place)


def robot(b: Builder) -> None:
    shell = b.finish("body", b.pick(_SHELLS))
    joint = b.accent("fittings", Finish("metal", (0.25, 0.26, 0.28)))
    boxy = bool(b.whole(0, 1))
    if boxy:
        b.add("torso", shell, b.box(0.52, 0.5, 0.34, 0.06).moved(y=0.78))
        b.add("head", shell, b.box(0.38, 0.3, 0.32, 0.07).moved(y=1.38))
    else:
        torso = polyline("0,0 0.17,0 0.25,0.16 0.27,0.34 0.2,0.48 0,0.52")
        b.add("torso", shell, b.lathe(torso, 0.05, 40).scaled(1, 1, 0.8).moved(y=0.78))
        b.add("head", shell, b.ball(0.22, 0.18, 0.2).moved(y=1.52))
    b.add("neck", joint, b.cylinder(0.08, 0.14, 0.01, 20).moved(y=1.26))
    b.add("visor", DARK_PLASTIC, b.box(0.28, 0.12, 0.1, 0.045).moved(0, 1.475, 0.125))
    eye = b.ball(0.032, 0.036, 0.02).moved(0.068, 1.535, 0.225)
    b.add("eyes", b.accent("eyes", COOL_LIGHT), *both(eye))
    ear = b.axle(0.055, 0.06, 0.012, "x").moved(0.21 if boxy else 0.23, 1.525)
    b.add("ears", joint, *both(ear))
    b.add("antenna", joint, b.tube([(0, 1.66, 0), (0, 1.8, 0)], 0.01, 8))
    b.add("antenna", Finish("glow", (0.95, 0.25, 0.15)), b.ball(0.03).moved(y=1.82))
    front = 0.165 if boxy else 0.19
    b.add("panel", joint, b.box(0.24, 0.16, 0.06, 0.015).moved(0, 0.98, front))
    _lamps(b, 0.06, 1.06, front + 0.057, 0.02)
    b.add("hips", joint, b.box(0.34, 0.12, 0.24, 0.04).moved(y=0.67))
    _robot_limbs(b, shell, joint)


def _robot_limbs(b: Builder, shell: Finish, joint: Finish) -> None:
    shoulder, elbow, wrist = polyline("0.33,1.18,0 0.41,0.93,0 0.41,0.72,0.09").tolist()
    hip, knee, ankle = polyline("0.12,0.7,0 0.14,0.42,0.02 0.15,0.12,0").tolist()
    finger = b.tube(curve(polyline("0,0,0.02 0,-0.05,0.055 0,-0.1,0.03"), 7), 0.016, 8)
    palm = (0.41, 0.71, 0.09)
    pieces: list[tuple[str, Finish, Surface]] = [
        ("shoulders", shell, b.ball(0.095).moved(*shoulder)),
        ("arms", joint, b.tube([shoulder, elbow], 0.04, 14)),
        ("elbows", joint, b.ball(0.058).moved(*elbow)),
        ("arms", shell, b.tube([elbow, wrist], [0.06, 0.072], 18, round_ends=False)),
        *(("hands", joint, finger.turned("y", turn).moved(*palm)) for turn in (-35, 35, 180)),
        ("legs", joint, b.tube([hip, knee], 0.05, 14)),
        ("knees", joint, b.ball(0.07).moved(*knee)),
        ("legs", shell, b.tube([knee, ankle], [0.068, 0.092], 20, round_ends=False)),
        ("feet", shell, b.box(0.19, 0.12, 0.3, 0.05).moved(0.15, 0, 0.05)),
    ]
    for name, finish, piece in pieces:
        b.add(name, finish, *both(piece))


def snowman(b: Builder) -> None:
    snow, coal = b.finish("body", SNOW), Finish("stone", (0.06, 0.06, 0.065))
    scarf, bark = b.accent("scarf", _RED_CLOTH), Finish("bark", (0.3, 0.2, 0.13))
    tall = b.brief.stretch
    for y, r in ((0.42, 0.46), (1.02, 0.34), (1.48, 0.24)):
        b.add("body", snow, b.stone_ball().scaled(r, r * 0.95, r).moved(y=y * tall))
    arm = curve(polyline("0.28,1.08,0 0.5,1.2,0.03 0.78,1.42,0.02", 1, tall, 1), 10)
    b.add("arms", bark, *both(b.tube(arm, 0.026 - 0.0015 * np.arange(10), 8)))
    for dy in (0.12, -0.02):
        ends = [(0.66, 1.32 * tall, 0.02), (0.8, 1.34 * tall + dy, 0.06)]
        b.add("arms", bark, *both(b.tube(ends, [0.012, 0.006], 8)))
    for y in (0.9, 1.04, 1.18):
        button = b.ball(0.03, 0.03, 0.02).moved(0, y * tall, 0.34 - 1.6 * (y - 1.02) ** 2)
        b.add("buttons", coal, button)
    with b.placed(lambda surface: surface.moved(y=1.48 * tall)):
        b.add("eyes", coal, *both(b.ball(0.03).moved(0.085, 0.07, 0.215)))
        for angle in np.radians([8, 24, 40]):
            x, y, z = 0.12 * np.sin(angle), -0.05 * np.cos(angle), -0.05 * np.sin(angle)
            b.add("mouth", coal, *both(b.ball(0.017).moved(x, y - 0.03, z + 0.23)))
        nose = b.cone(0.035, 0.004, 0.22, 0.003, 16).turned("x", 84).moved(0, 0.01, 0.22)
        b.add("nose", b.accent("nose", Finish("plastic", (0.92, 0.45, 0.1))), nose)
        b.add("scarf", scarf, b.hoop(0.2, 0.055, -0.19))
        b.add("scarf", scarf, b.box(0.12, 0.42, 0.04, 0.015).turned("z", 6).moved(0.1, -0.6, 0.29))
        felt = b.accent("hat", Finish("fabric", (0.07, 0.07, 0.08)))
        hat = b.lathe(polyline("0,0 0.29,0 0.29,0.025 0.185,0.03 0.18,0.3 0,0.3"), 0.015, 40)
        b.add("hat", felt, hat.turned("z", -7).moved(0.02, 0.17, -0.02))
        b.add("hat", scarf, b.hoop(0.188, 0.022, 0.06).turned("z", -7).moved(0.02, 0.17, -0.02))


@dataclass(frozen=True, slots=True)
class _Build:
    """Proportions of a four-legged animal, relative to a shoulder height of one."""

    length: float
    belly: float
    chest: float
    leg: float
    neck: tuple[float, float]
    head: float
    snout: float
    ears: str
    tail: str
    height: float
    mane: bool = False


_DOG = _Build(0.95, 0.17, 0.215, 0.07, (0.24, 0.3), 0.17, 0.2, "hanging", "up", 0.55)
_CAT = _Build(0.95, 0.165, 0.18, 0.055, (0.16, 0.2), 0.185, 0.09, "pointed", "long", 0.27)
_LION = _Build(1.0, 0.18, 0.21, 0.07, (0.2, 0.16), 0.19, 0.12, "round", "long", 1.0)
_HORSE = _Build(1.02, 0.2, 0.23, 0.055, (0.36, 0.52), 0.13, 0.3, "small", "hair", 1.5, True)
_BEAR = _Build(0.98, 0.29, 0.3, 0.12, (0.24, 0.12), 0.22, 0.16, "round", "stub", 1.0)
_TAILS = {
    # behind and above the root, and the radius
    "up": "0,0,0.045 -0.13,0.12,0.04 -0.16,0.28,0.03",
    "long": "0,0,0.045 -0.22,0,0.042 -0.36,0.18,0.04 -0.34,0.4,0.036",
    "bushy": "0,0,0.05 -0.18,-0.05,0.085 -0.34,-0.14,0.07 -0.44,-0.2,0.025",
    "hair": "0,0.02,0.05 -0.1,-0.06,0.065 -0.14,-0.3,0.06 -0.13,-0.5,0.025",
    "stub": "0,0,0.06 -0.06,-0.02,0.05",
}


def _coat(b: Builder, named: dict[str, str], others: str) -> Finish:
    """Fur in the colour of the kind that the prompt names, or one of the others."""
    colours = next((colour for word, colour in named.items() if b.says(word)), others)
    return b.pick(finishes("fur", colours))


def dog(b: Builder) -> None:
    wild = b.says("wolf", "fox")
    pointed = wild or bool(b.whole(0, 1))
    build = replace(_DOG, ears="pointed" if pointed else "hanging", tail="bushy" if wild else "up")
    named = {"fox": "0.75,0.33,0.1", "wolf": "0.45,0.44,0.43"}
    others = "0.66,0.44,0.22 0.3,0.19,0.12 0.82,0.74,0.6 0.16,0.14,0.13"
    _animal(b, build, _coat(b, named, others))


def cat(b: Builder) -> None:
    big = b.says("lion", "tiger", "panther", "lynx")
    build = replace(_LION, mane=b.says("lion")) if big else _CAT
    house = "0.75,0.48,0.22 0.4,0.38,0.36 0.14,0.13,0.13 0.85,0.8,0.72"
    _animal(b, build, _coat(b, {"panther": "0.08,0.08,0.09"}, "0.78,0.52,0.24" if big else house))


def horse(b: Builder) -> None:
    pale = dict.fromkeys(("unicorn", "zebra", "sheep", "goat"), "0.9,0.88,0.84")
    others = "0.42,0.24,0.13 0.2,0.13,0.1 0.72,0.55,0.36 0.85,0.83,0.8"
    _animal(b, _HORSE, _coat(b, pale, others))


def bear(b: Builder) -> None:
    if b.says("teddy", "teddybear", "plush", "toy", "cute"):
        _teddy(b)
        return
    _animal(b, _BEAR, _coat(b, {"polar": "0.92,0.91,0.87"}, "0.32,0.2,0.13"))


def _animal(b: Builder, build: _Build, fur: Finish) -> None:
    coat = b.finish("body", replace(fur, scale=max(build.height, 0.4)))
    half, top, size = build.length * 0.42, 1.0 - build.chest, build.head
    shoulder, hip = (half * 0.8, top), (-half * 0.85, top - 0.01)
    x, y = shoulder[0] + build.neck[0], top + build.neck[1]
    muzzle = (x + build.snout * 0.9, y - build.snout * 0.38)
    middle = top - 0.015
    parts = [
        *_limb(build.belly * 1.02, hip, build.belly, (0, middle), flatten=(1, 1, 0.88)),
        *_limb(build.belly, (0, middle), build.chest, shoulder, flatten=(1, 1, 0.86)),
        *_limb(build.chest * 0.72, (shoulder[0] + 0.03, top + 0.05), size * 0.68, (x, y)),
        *_limb(size, (x, y), size * 0.95, (x + 0.02, y)),
        *_limb(size * 0.62, (x, y), size * 0.46, muzzle),
        *_legs(build, half, top),
        *_tail(build, hip),
    ]
    height = build.height
    with b.placed(lambda surface: surface.scaled(height, height, height)):
        b.add("body", coat, b.skin(parts, 0.035, 92 if b.detail >= 1 else 60))
        _ears(b, build, (x, y), coat)
        nose = b.ball(size * 0.2, size * 0.16, size * 0.22)
        place = nose.moved(muzzle[0] + size * 0.4, muzzle[1] + size * 0.12)
        b.add("nose", Finish("leather", (0.06, 0.05, 0.05)), place)
        _eyes(b, size * 0.58, y + size * 0.2, x + size * 0.68, size * 0.2, axis="x")
        if build.mane:
            _mane(b, build, (x, y), shoulder)
        if b.says("unicorn"):
            horn = b.cone(0.035, 0.004, 0.34, 0.002, 16).turned("z", -35)
            b.add("horn", GOLD, horn.moved(x + 0.08, y + 0.1))


def _limb(
    start_radius: float,
    start: Sequence[float],
    end_radius: float,
    end: Sequence[float],
    z: float = 0.0,
    flatten: Point3 = (1, 1, 1),
) -> list[Limb]:
    """A limb in a plane across Z."""
    return chain([[*start, z, start_radius], [*end, z, end_radius]], flatten)


def _legs(build: _Build, half: float, top: float) -> list[Limb]:
    r, fore, hind = build.leg, half * 0.82, -half * 0.88
    legs = []
    for z in (-build.belly * 0.55, build.belly * 0.55):
        for thick, start, thin, end in (
            (1.6, (fore, top - 0.04), 0.95, (fore - 0.01, top * 0.5)),
            (0.92, (fore - 0.01, top * 0.5), 0.72, (fore + 0.01, 0.05)),
            (0.8, (fore, 0.042), 0.72, (fore + r * 0.9, 0.036)),
            (2.1, (hind, top - 0.03), 1.2, (hind + 0.03, top * 0.55)),
            (1.1, (hind + 0.03, top * 0.55), 0.8, (hind - 0.08, top * 0.3)),
            (0.8, (hind - 0.08, top * 0.3), 0.7, (hind - 0.03, 0.05)),
            (0.8, (hind - 0.03, 0.042), 0.72, (hind + r * 0.6, 0.036)),
        ):
            legs += _limb(r * thick, start, r * thin, end, z)
    return legs


def _tail(build: _Build, hip: tuple[float, float]) -> list[Limb]:
    root_x, root_y = hip[0] - build.belly * 0.85, hip[1] + build.belly * 0.45
    knots = polyline(_TAILS[build.tail]).tolist()
    return chain([[root_x + x, root_y + y, 0.0, r] for x, y, r in knots])


def _ears(b: Builder, build: _Build, head: tuple[float, float], coat: Finish) -> None:
    size = build.head
    x, y, z = head[0] - size * 0.15, head[1] + size * 0.7, size * 0.6
    if build.ears == "round":
        ear = b.ball(size * 0.2, size * 0.36, size * 0.36).moved(x, y + size * 0.05, z * 1.1)
    elif build.ears == "hanging":
        ear = b.ball(size * 0.3, size * 0.58, size * 0.14).turned("x", -12)
        ear = ear.moved(x, y - size * 0.45, size * 0.98)
    else:
        tall = size * (0.95 if build.ears == "pointed" else 0.8)
        ear = b.cone(size * 0.4, size * 0.06, tall, size * 0.04, 20).scaled(0.5, 1, 1)
        ear = ear.turned("x", 16).moved(x, y - size * 0.12, z)
        inside = b.cone(size * 0.26, size * 0.02, tall * 0.78, 0.0, 16).scaled(0.3, 1, 1)
        inside = inside.turned("x", 16).moved(x + size * 0.14, y - size * 0.06, z)
        b.add("ears", Finish("skin", (0.75, 0.5, 0.46)), *both(inside, "z"))
    b.add("ears", coat, *both(ear, "z"))


def _mane(
    b: Builder, build: _Build, head: tuple[float, float], shoulder: tuple[float, float]
) -> None:
    (x, y), (u, v) = head, shoulder
    if build.ears == "round":
        size = build.head
        ruff = _limb(
            size * 1.42, (x - 0.1, y - 0.03), size * 1.3, (x - 0.06, y - 0.08), 0, (0.62, 1, 1)
        )
        b.add("mane", Finish("fur", (0.36, 0.2, 0.09), scale=2.0), b.skin(ruff, 0.03, 48))
        return
    hair = b.accent("hair", Finish("fur", (0.14, 0.09, 0.06), scale=build.height))
    middle = ((x + u) / 2 - 0.1, (y + v) / 2 + 0.17, 0)
    knots = [(x + 0.06, y + 0.12, 0), (x - 0.08, y + 0.1, 0), middle, (u - 0.13, v + 0.24, 0)]
    thick = 0.03 + 0.03 * np.sin(np.pi * np.arange(1, 17) / 17)
    b.add("mane", hair, b.tube(curve(knots, 16), thick, flatten=0.6))


def _teddy(b: Builder) -> None:
    plush, light = (
        b.finish("body", Finish("fur", (0.62, 0.42, 0.24))),
        Finish("fur", (0.82, 0.68, 0.5)),
    )
    body = limbs("0,0.16,0,0.13 0,0.2,0,0.115") + limbs("0,0.37,0.01,0.105 0,0.375,0.01,0.105")
    paws = limbs("0.1,0.24,0.02,0.05 0.17,0.14,0.07,0.045")
    paws += limbs("0.08,0.06,0.06,0.055 0.11,0.055,0.17,0.055")
    ears = limbs("0.085,0.455,0,0.04 0.088,0.46,0,0.04", (1, 1, 0.6))
    b.add("body", plush, b.skin([*body, *_paired(paws), *_paired(ears)], 0.012, 84))
    b.add("muzzle", light, b.ball(0.052, 0.042, 0.042).moved(0, 0.35, 0.1))
    b.add("nose", BLACK, b.ball(0.018, 0.013, 0.012).moved(0, 0.365, 0.141))
    b.add("eyes", BLACK, *both(b.ball(0.012).moved(0.04, 0.4, 0.1)))
    b.add("ears", light, *both(b.ball(0.026, 0.026, 0.01).moved(0.087, 0.458, 0.022)))
    b.add("paws", light, *both(b.ball(0.036, 0.036, 0.012).moved(0.112, 0.055, 0.222)))
    bow = b.accent("scarf", _RED_CLOTH)
    wing = b.ball(0.038, 0.024, 0.014).turned("z", 14).moved(0.036, 0.275, 0.115)
    b.add("bow", bow, *both(wing), b.ball(0.014).moved(0, 0.275, 0.12))


def bird(b: Builder) -> None:
    penguin, duck = b.says("penguin"), b.says("duck")
    named = {"penguin": "0.09,0.1,0.12", "duck": "0.95,0.78,0.2"}
    others = "0.2,0.4,0.65 0.65,0.2,0.14 0.35,0.5,0.2 0.4,0.3,0.22"
    coat = b.finish("body", replace(_coat(b, named, others), scale=0.4))
    beak = b.accent("nose", Finish("plastic", (0.92, 0.55, 0.1)))
    if penguin:
        _penguin(b, coat, beak)
        return
    body = limbs("-0.06,0.15,0,0.075 0.03,0.17,0,0.082")
    body += limbs("0.03,0.18,0,0.06 0.075,0.265,0,0.052 0.08,0.275,0,0.052")
    body += limbs("-0.12,0.16,0,0.035 -0.21,0.185,0,0.018", (1, 0.6, 1.6))
    b.add("body", coat, b.skin(body, 0.02, 72))
    belly = b.accent("clothes", Finish("fur", (0.9, 0.86, 0.76), scale=0.4))
    b.add("belly", belly, b.ball(0.075, 0.06, 0.066).moved(0.022, 0.138, 0))
    wing = b.ball(0.1, 0.055, 0.016).turned("z", 14).turned("y", 8).moved(-0.05, 0.17, 0.078)
    b.add("wings", b.accent("wings", coat), *both(wing, "z"))
    b.add("legs", beak, *both(b.tube(polyline("-0.01,0.1,0.032 0,0.012,0.038"), 0.008, 8), "z"))
    toe = b.tube(polyline("0,0.008,0 0.045,0.007,0"), [0.007, 0.005], 8)
    for turn in (-28, 0, 28):
        b.add("legs", beak, *row(toe.turned("y", turn), 2, z=0.076))
    tip = b.cone(0.02, 0.003, 0.06, 0.002, 14).scaled(1, 1, 1.6 if duck else 0.8)
    b.add("beak", beak, tip.turned("z", -96).moved(0.122, 0.272))
    _eyes(b, 0.036, 0.288, 0.106, 0.0115, axis="x")


def _penguin(b: Builder, coat: Finish, beak: Finish) -> None:
    white = Finish("fur", (0.95, 0.95, 0.93), scale=0.4)
    body = limbs("0,0.2,0,0.15 0,0.3,0,0.14", (1, 1, 0.9)) + limbs("0,0.48,0,0.105 0,0.5,0,0.1")
    b.add("body", coat, b.skin(body, 0.04, 56))
    b.add("belly", white, b.ball(0.118, 0.185, 0.09).moved(0, 0.245, 0.07))
    b.add("face", white, *both(b.ball(0.042, 0.05, 0.03).moved(0.036, 0.5, 0.076)))
    flipper = b.ball(0.022, 0.14, 0.05).turned("z", 20).moved(0.18, 0.27)
    b.add("wings", coat, *both(flipper))
    b.add("feet", beak, *both(b.ball(0.05, 0.022, 0.075).moved(0.065, 0.025, 0.06)))
    b.add("beak", beak, b.cone(0.024, 0.003, 0.06, 0.002, 14).turned("x", 96).moved(0, 0.47, 0.095))
    _eyes(b, 0.036, 0.515, 0.102, 0.013, iris=False)


def fish(b: Builder) -> None:
    shark = b.says("shark", "whale", "dolphin")
    others = "0.93,0.45,0.08 0.15,0.4,0.65 0.75,0.6,0.2"
    colour = b.pick(finishes("leather", "0.35,0.4,0.46" if shark else others)).colour
    scales = b.finish("body", Finish("leather", colour, wear=0.0, scale=2.0))
    red, green, blue = (0.75 * channel for channel in colour)
    fin = b.accent("wings", Finish("leaf", (red, green, blue)))
    size, tall, wide = (3.0, 0.26, 0.24) if shark else (0.3, 0.42, 0.22)
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    rings = []
    for t in np.concatenate([[0.0], np.linspace(0.015, 0.97, 22), [1.0]]):
        full = max(np.sin(np.pi * t**0.72), 0.0) ** 0.8 * (1 - 0.25 * t) + 0.09 * t + 0.004
        up, across = 0.5 * tall * full * np.sin(angle), 0.5 * wide * full * np.cos(angle)
        rings.append(np.stack([np.full(24, 0.5 - t), up, across], axis=1))
    top = [(0.14, 0.4 * tall), (-0.02, 0.2 + 0.1 * tall), (-0.2, 0.1), (-0.1, 0.06)]
    with b.placed(lambda surface: surface.scaled(size, size, size)):
        b.add("body", scales, b.loft(rings, 60))
        tail = polyline("-0.46,0.02 -0.68,0.2 -0.6,0 -0.68,-0.2 -0.46,-0.02")
        for outline in (tail, top, polyline("-0.05,-0.1 -0.2,-0.2 -0.24,-0.06")):
            b.add("fins", fin, b.plate(outline, 0.012, 0.004))
        flap = b.plate(polyline("0.12,-0.03 -0.06,-0.16 -0.04,-0.02"), 0.01, 0.003)
        b.add("fins", fin, *both(flap.turned("x", -38).moved(0, -0.02, wide * 0.42), "z"))
        _eyes(b, 0.36 * wide, 0.035, 0.36, 0.014 if shark else 0.022, axis="x")
        b.add("stand", STEEL, b.cylinder(0.012, 0.26, 0.002, 12).moved(y=-0.42))
        foot = b.cylinder(0.14, 0.03, 0.008, 36).moved(y=-0.44)
        b.add("stand", b.accent("base", Finish("wood", (0.3, 0.2, 0.13))), foot)
