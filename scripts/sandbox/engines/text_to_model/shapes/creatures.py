"""People and animals; four-legged ones look towards +X, the others towards +Z."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ...geometry.fields import Limb
from ...geometry.primitives import Point3
from ...geometry.surface import Floats
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
    BROWN_LEATHER,
    COOL_LIGHT,
    DARK_PLASTIC,
    GOLD,
    IRON,
    PINE,
    SNOW,
    STEEL,
    WHITE_PAINT,
)

_SKINS = ((0.9, 0.7, 0.58), (0.8, 0.58, 0.44), (0.6, 0.4, 0.28), (0.4, 0.26, 0.18))
_HAIRS = ((0.12, 0.08, 0.05), (0.3, 0.18, 0.08), (0.75, 0.55, 0.28), (0.45, 0.16, 0.06))
_CLOTHES = ((0.2, 0.35, 0.5), (0.55, 0.18, 0.15), (0.25, 0.4, 0.28), (0.8, 0.72, 0.55))
_TROUSERS = ((0.18, 0.2, 0.28), (0.3, 0.25, 0.2), (0.12, 0.12, 0.13))


def _capsule(a: Point3, c: Point3, ra: float, rc: float, flat: Point3 = (1, 1, 1)) -> Limb:
    return Limb(a, c, ra, rc, flat)


def _both(limbs: list[Limb]) -> list[Limb]:
    """Limbs and their mirror images across X = 0."""

    def flip(p: Point3) -> Point3:
        return -p[0], p[1], p[2]

    return limbs + [
        Limb(flip(m.start), flip(m.end), m.start_radius, m.end_radius, m.flatten) for m in limbs
    ]


def _eyes(
    b: Builder, x: float, y: float, z: float, size: float, axis: str = "z", iris: bool = True
) -> None:
    """Two eyeballs with pupils; ``axis`` is the way they look."""
    white = Finish("ceramic", (0.95, 0.95, 0.93), wear=0.0)
    colour = b.finish("eyes", Finish("ceramic", (0.12, 0.07, 0.04), wear=0.0), main=False)
    dark = Finish("ceramic", (0.02, 0.02, 0.02), wear=0.0)
    for side in (-1, 1):
        place = (side * x, y, z) if axis == "z" else (z, y, side * x)
        ahead = np.array([0.15 * side, 0, 1.0]) if axis == "z" else np.array([1.0, 0, 0.45 * side])
        ahead = ahead / np.linalg.norm(ahead)
        layers = [(white, 1.0, 0.0), (colour, 0.62, 0.48), (dark, 0.36, 0.78)]
        if not iris:
            layers = [(dark, 1.0, 0.0)]
        for finish, share, push in layers:
            centre = np.array(place) + ahead * size * push
            b.add("eyes", b.ball(size * share).moved(*(float(v) for v in centre)), finish)


def figure(b: Builder) -> None:
    """A standing person with slightly large head; knights wear armour, and so on."""
    knight = b.says("knight", "warrior", "soldier", "ritter", "chevalier")
    robe = b.says("wizard", "king", "queen", "princess", "angel", "woman", "girl") and not knight
    space = b.says("astronaut")
    statue = b.brief.main.material in ("stone", "marble", "metal", "wood", "ceramic", "glass")
    skin = b.finish("skin", Finish("skin", b.pick(_SKINS)), main=statue)
    hair = b.finish("hair", Finish("fur", b.pick(_HAIRS)), main=statue)
    cloth_default = Finish("fabric", b.pick(_CLOTHES))
    if knight:
        cloth_default = STEEL
    if space:
        cloth_default = Finish("fabric", (0.92, 0.92, 0.93))
    cloth = b.finish("clothes", cloth_default)
    trousers_default = IRON if knight else Finish("fabric", b.pick(_TROUSERS))
    trousers = b.finish("trousers", cloth if space else trousers_default, main=statue)
    shoes = b.finish("shoes", IRON if knight else BROWN_LEATHER, main=statue)
    _figure_body(b, cloth, trousers, shoes, skin, robe)
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
        b.add("plinth", b.box(0.7, 0.16, 0.6, 0.02).moved(y=-0.16), b.finish("base", cloth))


def _figure_body(
    b: Builder, cloth: Finish, trousers: Finish, shoes: Finish, skin: Finish, robe: bool
) -> None:
    chest = [
        _capsule((-0.08, 1.28, 0), (0.08, 1.28, 0), 0.125, 0.125, (1, 1, 0.85)),
        _capsule((0, 0.98, 0), (0, 1.2, 0), 0.13, 0.13, (1.05, 1, 0.85)),
    ]
    arms = [
        _capsule((0.17, 1.33, 0), (0.27, 1.1, -0.01), 0.062, 0.052),
        _capsule((0.27, 1.1, -0.01), (0.3, 0.9, 0.06), 0.052, 0.044),
    ]
    b.add("clothes", b.skin([*chest, *_both(arms)], 0.03, 72), cloth)
    if robe:
        skirt = [
            (0.0, 0.06),
            (0.27, 0.05),
            (0.25, 0.2),
            (0.18, 0.65),
            (0.14, 0.95),
            (0.15, 1.05),
            (0.0, 1.05),
        ]

        def folds(points: Floats) -> Floats:
            turn = np.arctan2(points[:, 2], points[:, 0])
            low = np.clip(1 - points[:, 1] / 0.9, 0, 1)
            bent = points.copy()
            bent[:, [0, 2]] *= (1 + 0.07 * low * np.sin(11 * turn))[:, None]
            return bent

        b.add("clothes", b.lathe(skirt, 0.03, 64).bent(folds).scaled(1, 1, 0.85), cloth)
    else:
        legs = [
            _capsule((0.075, 0.93, 0), (0.1, 0.5, 0.012), 0.1, 0.074),
            _capsule((0.1, 0.5, 0.012), (0.115, 0.12, -0.01), 0.072, 0.056),
        ]
        b.add("trousers", b.skin(_both(legs), 0.025, 64), trousers)
    belt = [(0.142 * x, 0.97, 0.122 * z) for x, z in arc((0, 0), 1, 0, 360, 41)[:-1]]
    b.add(
        "belt", b.tube(belt, 0.018, 10, loop=True), b.finish("fittings", BROWN_LEATHER, main=False)
    )
    b.add("belt", b.box(0.05, 0.042, 0.016, 0.006).moved(0, 0.95, 0.136), BRASS)
    foot = [
        _capsule((0.118, 0.045, -0.03), (0.13, 0.04, 0.11), 0.05, 0.045, (1, 0.85, 1)),
        _capsule((0.115, 0.05, -0.02), (0.115, 0.16, -0.012), 0.055, 0.06),
    ]
    hand = [
        _capsule((0.3, 0.88, 0.07), (0.302, 0.83, 0.085), 0.038, 0.034, (0.8, 1, 1)),
        _capsule((0.285, 0.87, 0.09), (0.27, 0.825, 0.115), 0.015, 0.013),
    ]
    for limbs, name, finish in ((foot, "shoes", shoes), (hand, "hands", skin)):
        surface = b.skin(limbs, 0.012, 28)
        b.add(name, surface, finish)
        b.add(name, surface.mirrored(), finish)


def _head(b: Builder, skin: Finish, statue: bool) -> None:
    head = [
        _capsule((0, 1.62, 0), (0, 1.6, 0.01), 0.13, 0.12, (0.95, 1.05, 1)),
        _capsule((0, 1.53, 0.035), (0, 1.535, 0.045), 0.075, 0.07),
        _capsule((0, 1.36, -0.01), (0, 1.48, 0), 0.06, 0.056),
        _capsule((0, 1.585, 0.125), (0, 1.57, 0.135), 0.016, 0.02),
    ]
    ears = _both([_capsule((0.122, 1.6, 0), (0.126, 1.57, 0), 0.024, 0.018, (0.6, 1, 1))])
    b.add("head", b.skin([*head, *ears], 0.014, 60), skin)
    mouth = curve([(-0.034, 1.515, 0.108), (0, 1.506, 0.117), (0.034, 1.515, 0.108)], 8)
    lips = skin if statue else Finish("skin", (0.6, 0.25, 0.22))
    b.add("mouth", b.tube(mouth, 0.0055, 8), lips)
    if statue:
        for side in (-1, 1):
            b.add("eyes", b.ball(0.02).moved(side * 0.048, 1.615, 0.108), skin)
        return
    _eyes(b, 0.048, 1.615, 0.108, 0.022)


def _hair(b: Builder, hair: Finish, long: bool) -> None:
    locks = [
        _capsule((0, 1.665, -0.02), (0, 1.64, -0.03), 0.135, 0.13, (0.98, 1, 1)),
        _capsule((-0.05, 1.725, 0.07), (0.07, 1.715, 0.065), 0.05, 0.045),
    ]
    if long:
        locks += [_capsule((0, 1.6, -0.08), (0, 1.36, -0.1), 0.1, 0.075, (1.15, 1, 0.6))]
        locks += _both([_capsule((0.11, 1.64, -0.02), (0.12, 1.42, -0.02), 0.035, 0.03)])
    b.add("hair", b.skin(locks, 0.012, 44), hair)


def _crown(b: Builder) -> None:
    ring = [(0.11, 0.0), (0.118, 0.0), (0.126, 0.05), (0.118, 0.05), (0.11, 0.0)]
    b.add("crown", b.lathe(ring, 0.0, 40).moved(y=1.75), GOLD)
    for turn in around(8):
        spike = b.cone(0.024, 0.003, 0.06, 0.002, 8).moved(0, 1.79, 0.121).turned("y", turn)
        b.add("crown", spike, GOLD)
        gem = b.ball(0.009).moved(0, 1.858, 0.121).turned("y", turn)
        b.add("crown", gem, b.finish("gem", Finish("glass", (0.6, 0.05, 0.12)), main=False))


def _wizard(b: Builder, cloth: Finish) -> None:
    brim = [(0.0, 0.0), (0.24, -0.015), (0.24, 0.0), (0.14, 0.02), (0.09, 0.2), (0.0, 0.46)]

    def slouch(points: Floats) -> Floats:
        bent = points.copy()
        bent[:, 0] += 0.5 * np.clip(points[:, 1] - 0.1, 0, 1) ** 1.6
        return bent

    b.add("hat", b.lathe(brim, 0.01, 40).bent(slouch).moved(y=1.7), cloth)
    beard = Finish("fur", (0.88, 0.87, 0.84))
    limbs = [
        _capsule((0, 1.49, 0.09), (0, 1.2, 0.14), 0.07, 0.02, (1, 1, 0.6)),
        _capsule((-0.06, 1.53, 0.09), (0.06, 1.53, 0.09), 0.03, 0.03),
    ]
    b.add("beard", b.skin(limbs, 0.02, 36), beard)
    staff = curve([(0.36, 0.0, 0.1), (0.34, 0.9, 0.1), (0.35, 1.7, 0.1)], 10)
    b.add("staff", b.tube(staff, 0.018, 10), PINE)
    b.add("staff", b.ball(0.06).moved(0.35, 1.78, 0.1), COOL_LIGHT)


def _armour(b: Builder, steel: Finish) -> None:
    dome = [
        (0.0, 0.16),
        (0.07, 0.15),
        (0.125, 0.1),
        (0.145, 0.0),
        (0.142, -0.14),
        (0.11, -0.19),
        (0.0, -0.19),
    ]
    b.add("helmet", b.lathe(dome, 0.03, 40).scaled(0.97, 1, 1.08).moved(y=1.63), steel)
    b.add("visor", b.box(0.19, 0.02, 0.03, 0.006).moved(0, 1.625, 0.135), BLACK)
    b.add("visor", b.box(0.012, 0.16, 0.02, 0.005).moved(0, 1.48, 0.148), BRASS)
    plume = curve([(0, 1.78, 0.03), (0, 1.87, -0.03), (0, 1.82, -0.14), (0, 1.68, -0.2)], 12)
    red = b.finish("hair", Finish("fur", (0.62, 0.08, 0.07)), main=False)
    b.add(
        "plume",
        b.tube(plume, [0.01 + 0.028 * np.sin(np.pi * (k + 1) / 13) for k in range(12)], 12),
        red,
    )
    for side in (-1, 1):
        pad = b.ball(0.1, 0.075, 0.1).turned("z", side * -25).moved(side * 0.21, 1.36, 0)
        b.add("pauldrons", pad, steel)
        knee = b.ball(0.075, 0.08, 0.07).moved(side * 0.1, 0.5, 0.03)
        b.add("greaves", knee, steel)
    tunic = b.finish("scarf", Finish("fabric", (0.62, 0.08, 0.07)), main=False)
    b.add("tabard", b.box(0.22, 0.62, 0.02, 0.008, 4).moved(0, 0.62, 0.125), tunic)
    blade = b.box(0.035, 0.72, 0.008, 0.0035).moved(0.315, 0.07, 0.1)
    b.add("sword", blade, STEEL)
    b.add("sword", b.box(0.17, 0.024, 0.028, 0.008).moved(0.315, 0.785, 0.1), BRASS)
    b.add("sword", b.cylinder(0.014, 0.17, 0.004, 12).moved(0.315, 0.78, 0.1), BROWN_LEATHER)
    b.add("sword", b.ball(0.024).moved(0.315, 0.96, 0.1), BRASS)


def _space_helmet(b: Builder, cloth: Finish) -> None:
    b.add("helmet", b.ball(0.185, 0.19, 0.185).moved(0, 1.62, 0), WHITE_PAINT)
    visor = b.finish("windows", Finish("glass", (0.75, 0.5, 0.12)), main=False)
    b.add("visor", b.ball(0.145, 0.125, 0.1).moved(0, 1.63, 0.105), visor)
    ring = [(0.13 * x, 1.44, 0.12 * z) for x, z in arc((0, 0), 1, 0, 360, 33)[:-1]]
    b.add("collar", b.tube(ring, 0.025, 10, loop=True), STEEL)
    b.add("pack", b.box(0.32, 0.42, 0.16, 0.04).moved(0, 1.0, -0.2), cloth)
    b.add("panel", b.box(0.15, 0.09, 0.04, 0.01).moved(0, 1.17, 0.12), STEEL)
    for i in range(3):
        light = Finish("glow", ((0.9, 0.15, 0.1), (0.2, 0.8, 0.3), (0.2, 0.5, 1.0))[i])
        b.add("panel", b.ball(0.012).moved(-0.04 + 0.04 * i, 1.215, 0.16), light)


def robot(b: Builder) -> None:
    shell = b.finish(
        "body",
        Finish(
            "paint",
            b.pick([(0.85, 0.86, 0.86), (0.9, 0.6, 0.1), (0.25, 0.45, 0.6), (0.6, 0.63, 0.6)]),
        ),
    )
    joint = b.finish("fittings", Finish("metal", (0.25, 0.26, 0.28)), main=False)
    glow = b.finish("eyes", COOL_LIGHT, main=False)
    boxy = bool(b.whole(0, 1))
    if boxy:
        b.add("torso", b.box(0.52, 0.5, 0.34, 0.06).moved(y=0.78), shell)
        b.add("head", b.box(0.38, 0.3, 0.32, 0.07).moved(y=1.38), shell)
    else:
        torso = [(0.0, 0.0), (0.17, 0.0), (0.25, 0.16), (0.27, 0.34), (0.2, 0.48), (0.0, 0.52)]
        b.add("torso", b.lathe(torso, 0.05, 40).scaled(1, 1, 0.8).moved(y=0.78), shell)
        b.add("head", b.ball(0.22, 0.18, 0.2).moved(y=1.52), shell)
    b.add("neck", b.cylinder(0.08, 0.14, 0.01, 20).moved(y=1.26), joint)
    face_y = 1.53 if boxy else 1.52
    b.add("visor", b.box(0.28, 0.12, 0.1, 0.045).moved(0, face_y - 0.05, 0.125), DARK_PLASTIC)
    for side in (-1, 1):
        eye = b.ball(0.032, 0.036, 0.02).moved(side * 0.068, face_y + 0.01, 0.225)
        b.add("eyes", eye, glow)
        b.add(
            "ears",
            b.cylinder(0.055, 0.06, 0.012, 20)
            .turned("z", -90 * side)
            .moved(side * (0.18 if boxy else 0.2), face_y, 0),
            joint,
        )
        _robot_limbs(b, side, shell, joint)
    b.add("antenna", b.tube([(0, 1.66, 0), (0, 1.8, 0)], 0.01, 8), joint)
    b.add("antenna", b.ball(0.03).moved(0, 1.82, 0), Finish("glow", (0.95, 0.25, 0.15)))
    b.add("panel", b.box(0.24, 0.16, 0.06, 0.015).moved(0, 0.98, 0.165 if boxy else 0.19), joint)
    for i in range(3):
        colour = ((0.9, 0.2, 0.15), (0.95, 0.75, 0.2), (0.25, 0.8, 0.4))[i]
        light = b.ball(0.02).moved(-0.06 + 0.06 * i, 1.06, 0.222 if boxy else 0.247)
        b.add("panel", light, Finish("glow", colour))
    b.add("hips", b.box(0.34, 0.12, 0.24, 0.04).moved(y=0.67), joint)


def _robot_limbs(b: Builder, side: int, shell: Finish, joint: Finish) -> None:
    shoulder, elbow, wrist = (
        (side * 0.33, 1.18, 0),
        (side * 0.41, 0.93, 0),
        (side * 0.41, 0.72, 0.09),
    )
    b.add("shoulders", b.ball(0.095).moved(*shoulder), shell)
    b.add("arms", b.tube([shoulder, elbow], 0.04, 14), joint)
    b.add("elbows", b.ball(0.058).moved(*elbow), joint)
    b.add("arms", b.tube([elbow, wrist], [0.06, 0.072], 18, round_ends=False), shell)
    for turn in (-35, 35, 180):
        finger = curve([(0, 0, 0.02), (0, -0.05, 0.055), (0, -0.1, 0.03)], 7)
        b.add(
            "hands",
            b.tube(finger, 0.016, 8).turned("y", turn).moved(wrist[0], 0.71, wrist[2]),
            joint,
        )
    hip, knee, ankle = (side * 0.12, 0.7, 0), (side * 0.14, 0.42, 0.02), (side * 0.15, 0.12, 0)
    b.add("legs", b.tube([hip, knee], 0.05, 14), joint)
    b.add("knees", b.ball(0.07).moved(*knee), joint)
    b.add("legs", b.tube([knee, ankle], [0.068, 0.092], 20, round_ends=False), shell)
    b.add("feet", b.box(0.19, 0.12, 0.3, 0.05).moved(side * 0.15, 0, 0.05), shell)


def snowman(b: Builder) -> None:
    snow = b.finish("body", SNOW)
    coal = Finish("stone", (0.06, 0.06, 0.065))
    scarf = b.finish("scarf", Finish("fabric", (0.7, 0.1, 0.1)), main=False)
    tall = b.brief.stretch
    for y, r in ((0.42, 0.46), (1.02, 0.34), (1.48, 0.24)):
        b.add("body", b.stone_ball().scaled(r, r * 0.95, r).moved(y=y * tall), snow)
    head = 1.48 * tall
    for side in (-1, 1):
        b.add("eyes", b.ball(0.03).moved(side * 0.085, head + 0.07, 0.215), coal)
        limb = curve(
            [
                (side * 0.28, 1.08 * tall, 0),
                (side * 0.5, 1.2 * tall, 0.03),
                (side * 0.78, 1.42 * tall, 0.02),
            ],
            10,
        )
        bark = Finish("bark", (0.3, 0.2, 0.13))
        b.add("arms", b.tube(limb, [0.026 - 0.0015 * k for k in range(10)], 8), bark)
        for dy in (0.12, -0.02):
            twig = b.tube(
                [(side * 0.66, 1.32 * tall, 0.02), (side * 0.8, 1.34 * tall + dy, 0.06)],
                [0.012, 0.006],
                8,
            )
            b.add("arms", twig, bark)
    for i in range(6):
        angle = np.radians(-40 + 16 * i)
        smile = b.ball(0.017).moved(
            0.12 * np.sin(angle),
            head - 0.03 - 0.05 * np.cos(angle),
            0.23 - 0.05 * abs(np.sin(angle)),
        )
        b.add("mouth", smile, coal)
    nose = b.cone(0.035, 0.004, 0.22, 0.003, 16).turned("x", 84).moved(0, head + 0.01, 0.22)
    b.add("nose", nose, b.finish("nose", Finish("plastic", (0.92, 0.45, 0.1)), main=False))
    for y in (0.9, 1.04, 1.18):
        button = b.ball(0.03, 0.03, 0.02)
        b.add("buttons", button.moved(0, y * tall, 0.34 - 1.6 * (y - 1.02) ** 2), coal)
    loop = [(0.2 * x, head - 0.19, 0.2 * z) for x, z in arc((0, 0), 1, 0, 360, 41)[:-1]]
    b.add("scarf", b.tube(loop, 0.055, 14, loop=True, flatten=0.9), scarf)
    tail = b.box(0.12, 0.42, 0.04, 0.015, 6).turned("z", 6).moved(0.1, head - 0.6, 0.29)
    b.add("scarf", tail, scarf)
    hat = [(0.0, 0.0), (0.29, 0.0), (0.29, 0.025), (0.185, 0.03), (0.18, 0.3), (0.0, 0.3)]
    felt = b.finish("hat", Finish("fabric", (0.07, 0.07, 0.08)), main=False)
    b.add("hat", b.lathe(hat, 0.015, 40).turned("z", -7).moved(0.02, head + 0.17, -0.02), felt)
    band = [(0.188 * x, 0.06, 0.188 * z) for x, z in arc((0, 0), 1, 0, 360, 41)[:-1]]
    b.add(
        "hat",
        b.tube(band, 0.022, 8, loop=True).turned("z", -7).moved(0.02, head + 0.17, -0.02),
        scarf,
    )


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
_HORSE = _Build(1.02, 0.2, 0.23, 0.055, (0.36, 0.52), 0.13, 0.3, "small", "hair", 1.5, True)
_BEAR = _Build(0.98, 0.29, 0.3, 0.12, (0.24, 0.12), 0.22, 0.16, "round", "stub", 1.0)


def dog(b: Builder) -> None:
    wild = b.says("wolf", "fox")
    pointed = wild or bool(b.whole(0, 1))
    build = replace(_DOG, ears="pointed" if pointed else "hanging", tail="bushy" if wild else "up")
    colour = (
        (0.75, 0.33, 0.1)
        if b.says("fox")
        else (0.45, 0.44, 0.43)
        if b.says("wolf")
        else (
            b.pick([(0.66, 0.44, 0.22), (0.3, 0.19, 0.12), (0.82, 0.74, 0.6), (0.16, 0.14, 0.13)])
        )
    )
    _animal(b, build, colour)


def cat(b: Builder) -> None:
    big = b.says("lion", "tiger", "panther", "lynx")
    colour = b.pick([(0.75, 0.48, 0.22), (0.4, 0.38, 0.36), (0.14, 0.13, 0.13), (0.85, 0.8, 0.72)])
    build = _CAT
    if big:
        colour = (0.08, 0.08, 0.09) if b.says("panther") else (0.78, 0.52, 0.24)
        build = _Build(
            1.0, 0.18, 0.21, 0.07, (0.2, 0.16), 0.19, 0.12, "round", "long", 1.0, b.says("lion")
        )
    _animal(b, build, colour)


def horse(b: Builder) -> None:
    zebra_like = b.says("unicorn", "zebra", "sheep", "goat")
    colour = (
        (0.9, 0.88, 0.84)
        if zebra_like
        else b.pick([(0.42, 0.24, 0.13), (0.2, 0.13, 0.1), (0.72, 0.55, 0.36), (0.85, 0.83, 0.8)])
    )
    _animal(b, _HORSE, colour)


def bear(b: Builder) -> None:
    if b.says("teddy", "teddybear", "plush", "toy", "cute"):
        _teddy(b)
        return
    colour = (0.92, 0.91, 0.87) if b.says("polar") else (0.32, 0.2, 0.13)
    _animal(b, _BEAR, colour)


def _animal(b: Builder, build: _Build, colour: tuple[float, float, float]) -> None:
    coat = b.finish("body", Finish("fur", colour, scale=max(build.height, 0.4)))
    first = len(b.parts)
    half = build.length * 0.42
    top = 1.0 - build.chest
    shoulder: Point3 = (half * 0.8, top, 0)
    hip: Point3 = (-half * 0.85, top - 0.01, 0)
    head: Point3 = (half * 0.8 + build.neck[0], top + build.neck[1], 0)
    muzzle: Point3 = (head[0] + build.snout * 0.9, head[1] - build.snout * 0.38, 0)
    limbs = [
        _capsule(hip, (0, top - 0.015, 0), build.belly * 1.02, build.belly, (1, 1, 0.88)),
        _capsule((0, top - 0.015, 0), shoulder, build.belly, build.chest, (1, 1, 0.86)),
        _capsule((shoulder[0] + 0.03, top + 0.05, 0), head, build.chest * 0.72, build.head * 0.68),
        _capsule(head, (head[0] + 0.02, head[1], 0), build.head, build.head * 0.95),
        _capsule(head, muzzle, build.head * 0.62, build.head * 0.46),
    ]
    limbs += _animal_legs(build, half, top)
    limbs += _animal_tail(build, hip)
    body = b.skin(limbs, 0.035, 104 if b.detail >= 1 else 60)
    b.add("body", body, coat)
    _animal_ears(b, build, head, coat)
    nose = Finish("leather", (0.06, 0.05, 0.05))
    tip = (muzzle[0] + build.head * 0.4, muzzle[1] + build.head * 0.12, 0.0)
    b.add("nose", b.ball(build.head * 0.2, build.head * 0.16, build.head * 0.22).moved(*tip), nose)
    _eyes(
        b,
        build.head * 0.58,
        head[1] + build.head * 0.2,
        head[0] + build.head * 0.68,
        build.head * 0.2,
        axis="x",
    )
    if build.mane:
        _mane(b, build, head, shoulder)
    if b.says("unicorn"):
        horn = b.cone(0.035, 0.004, 0.34, 0.002, 16).turned("z", -35)
        b.add("horn", horn.moved(head[0] + 0.08, head[1] + 0.1, 0), GOLD)
    for i in range(first, len(b.parts)):
        part = b.parts[i]
        size = build.height
        b.parts[i] = type(part)(part.name, part.surface.scaled(size, size, size), part.finish)


def _animal_legs(build: _Build, half: float, top: float) -> list[Limb]:
    legs = []
    for side in (-1, 1):
        z = side * build.belly * 0.55
        r = build.leg
        fore, hind = half * 0.82, -half * 0.88
        legs += [
            _capsule((fore, top - 0.04, z), (fore - 0.01, top * 0.5, z), r * 1.6, r * 0.95),
            _capsule((fore - 0.01, top * 0.5, z), (fore + 0.01, 0.05, z), r * 0.92, r * 0.72),
            _capsule((fore, 0.042, z), (fore + r * 0.9, 0.036, z), r * 0.8, r * 0.72),
            _capsule((hind, top - 0.03, z), (hind + 0.03, top * 0.55, z), r * 2.1, r * 1.2),
            _capsule((hind + 0.03, top * 0.55, z), (hind - 0.08, top * 0.3, z), r * 1.1, r * 0.8),
            _capsule((hind - 0.08, top * 0.3, z), (hind - 0.03, 0.05, z), r * 0.8, r * 0.7),
            _capsule((hind - 0.03, 0.042, z), (hind + r * 0.6, 0.036, z), r * 0.8, r * 0.72),
        ]
    return legs


def _animal_tail(build: _Build, hip: Point3) -> list[Limb]:
    x, y = hip[0] - build.belly * 0.85, hip[1] + build.belly * 0.45
    shapes: dict[str, list[tuple[float, float, float]]] = {
        "up": [(0, 0, 0.045), (-0.13, 0.12, 0.04), (-0.16, 0.28, 0.03)],
        "long": [(0, 0, 0.045), (-0.22, 0.0, 0.042), (-0.36, 0.18, 0.04), (-0.34, 0.4, 0.036)],
        "bushy": [(0, 0, 0.05), (-0.18, -0.05, 0.085), (-0.34, -0.14, 0.07), (-0.44, -0.2, 0.025)],
        "hair": [(0, 0.02, 0.05), (-0.1, -0.06, 0.065), (-0.14, -0.3, 0.06), (-0.13, -0.5, 0.025)],
        "stub": [(0, 0, 0.06), (-0.06, -0.02, 0.05)],
    }
    knots = [(x + dx, y + dy, r) for dx, dy, r in shapes[build.tail]]
    return [_capsule((a[0], a[1], 0), (c[0], c[1], 0), a[2], c[2]) for a, c in pairwise(knots)]


def _animal_ears(b: Builder, build: _Build, head: Point3, coat: Finish) -> None:
    size = build.head
    inner = Finish("skin", (0.75, 0.5, 0.46))
    for side in (-1, 1):
        x, y, z = head[0] - size * 0.15, head[1] + size * 0.7, side * size * 0.6
        if build.ears in ("pointed", "small"):
            tall = size * (0.95 if build.ears == "pointed" else 0.8)
            ear = b.cone(size * 0.4, size * 0.06, tall, size * 0.04, 20).scaled(0.5, 1, 1)
            b.add("ears", ear.turned("x", side * 16).moved(x, y - size * 0.12, z), coat)
            pink = b.cone(size * 0.26, size * 0.02, tall * 0.78, 0.0, 16).scaled(0.3, 1, 1)
            pink = pink.turned("x", side * 16).moved(x + size * 0.14, y - size * 0.06, z)
            b.add("ears", pink, inner)
        elif build.ears == "round":
            ear = b.ball(size * 0.2, size * 0.36, size * 0.36)
            b.add("ears", ear.moved(x, y + size * 0.05, z * 1.1), coat)
        else:
            ear = b.ball(size * 0.3, size * 0.58, size * 0.14).turned("x", -side * 12)
            b.add("ears", ear.moved(x, y - size * 0.45, side * size * 0.98), coat)


def _mane(b: Builder, build: _Build, head: Point3, shoulder: Point3) -> None:
    hair = b.finish("hair", Finish("fur", (0.14, 0.09, 0.06), scale=build.height), main=False)
    if build.ears == "round":
        limbs = [
            _capsule(
                (head[0] - 0.1, head[1] - 0.03, 0),
                (head[0] - 0.06, head[1] - 0.08, 0),
                build.head * 1.42,
                build.head * 1.3,
                (0.62, 1, 1),
            )
        ]
        b.add("mane", b.skin(limbs, 0.03, 48), Finish("fur", (0.36, 0.2, 0.09), scale=2.0))
        return
    path = curve(
        [
            (head[0] + 0.06, head[1] + 0.12, 0),
            (head[0] - 0.08, head[1] + 0.1, 0),
            ((head[0] + shoulder[0]) / 2 - 0.1, (head[1] + shoulder[1]) / 2 + 0.17, 0),
            (shoulder[0] - 0.13, shoulder[1] + 0.24, 0),
        ],
        16,
    )
    thick = [0.03 + 0.03 * np.sin(np.pi * (k + 1) / 17) for k in range(16)]
    b.add("mane", b.tube(path, thick, 12, flatten=0.6), hair)


def _teddy(b: Builder) -> None:
    plush = b.finish("body", Finish("fur", (0.62, 0.42, 0.24)))
    light = Finish("fur", (0.82, 0.68, 0.5))
    body = [_capsule((0, 0.16, 0), (0, 0.2, 0), 0.13, 0.115)]
    limbs = _both(
        [
            _capsule((0.1, 0.24, 0.02), (0.17, 0.14, 0.07), 0.05, 0.045),
            _capsule((0.08, 0.06, 0.06), (0.11, 0.055, 0.17), 0.055, 0.055),
        ]
    )
    head = [_capsule((0, 0.37, 0.01), (0, 0.375, 0.01), 0.105, 0.105)]
    ears = _both([_capsule((0.085, 0.455, 0), (0.088, 0.46, 0), 0.04, 0.04, (1, 1, 0.6))])
    b.add("body", b.skin([*body, *limbs, *head, *ears], 0.012, 84), plush)
    b.add("muzzle", b.ball(0.052, 0.042, 0.042).moved(0, 0.35, 0.1), light)
    b.add("nose", b.ball(0.018, 0.013, 0.012).moved(0, 0.365, 0.141), BLACK)
    for side in (-1, 1):
        b.add("eyes", b.ball(0.012).moved(side * 0.04, 0.4, 0.1), BLACK)
        b.add("ears", b.ball(0.026, 0.026, 0.01).moved(side * 0.087, 0.458, 0.022), light)
        b.add("paws", b.ball(0.036, 0.036, 0.012).moved(side * 0.112, 0.055, 0.222), light)
    bow = b.finish("scarf", Finish("fabric", (0.7, 0.1, 0.12)), main=False)
    for side in (-1, 1):
        wing = b.ball(0.038, 0.024, 0.014).turned("z", side * 14)
        b.add("bow", wing.moved(side * 0.036, 0.275, 0.115), bow)
    b.add("bow", b.ball(0.014).moved(0, 0.275, 0.12), bow)


def bird(b: Builder) -> None:
    penguin, duck = b.says("penguin"), b.says("duck")
    colour = (
        (0.09, 0.1, 0.12)
        if penguin
        else (0.95, 0.78, 0.2)
        if duck
        else b.pick([(0.2, 0.4, 0.65), (0.65, 0.2, 0.14), (0.35, 0.5, 0.2), (0.4, 0.3, 0.22)])
    )
    coat = b.finish("body", Finish("fur", colour, scale=0.4))
    beak = b.finish("nose", Finish("plastic", (0.92, 0.55, 0.1)), main=False)
    if penguin:
        _penguin(b, coat, beak)
        return
    body = [
        _capsule((-0.06, 0.15, 0), (0.03, 0.17, 0), 0.075, 0.082),
        _capsule((0.03, 0.18, 0), (0.075, 0.265, 0), 0.06, 0.05),
        _capsule((0.075, 0.27, 0), (0.08, 0.275, 0), 0.055, 0.052),
        _capsule((-0.12, 0.16, 0), (-0.21, 0.185, 0), 0.035, 0.018, (1, 0.6, 1.6)),
    ]
    b.add("body", b.skin(body, 0.02, 72), coat)
    b.add(
        "belly",
        b.ball(0.075, 0.06, 0.066).moved(0.022, 0.138, 0),
        b.finish("clothes", Finish("fur", (0.9, 0.86, 0.76), scale=0.4), main=False),
    )
    for side in (-1, 1):
        wing = b.ball(0.1, 0.055, 0.016).turned("z", 14).turned("y", side * 8)
        b.add("wings", wing.moved(-0.05, 0.17, side * 0.078), b.finish("wings", coat, main=False))
        leg = b.tube([(-0.01, 0.1, side * 0.032), (0.0, 0.012, side * 0.038)], 0.008, 8)
        b.add("legs", leg, beak)
        for turn in (-28, 0, 28):
            toe = b.tube([(0, 0.008, 0), (0.045, 0.007, 0)], [0.007, 0.005], 8).turned("y", turn)
            b.add("legs", toe.moved(0.0, 0, side * 0.038), beak)
    tip = b.cone(0.02, 0.003, 0.06, 0.002, 14).scaled(1, 1, 1.6 if duck else 0.8).turned("z", -96)
    b.add("beak", tip.moved(0.122, 0.272, 0), beak)
    _eyes(b, 0.036, 0.288, 0.106, 0.0115, axis="x")


def _penguin(b: Builder, coat: Finish, beak: Finish) -> None:
    b.add(
        "body",
        b.skin(
            [
                _capsule((0, 0.2, 0), (0, 0.3, 0), 0.15, 0.14, (1, 1, 0.9)),
                _capsule((0, 0.48, 0), (0, 0.5, 0), 0.105, 0.1),
            ],
            0.04,
            56,
        ),
        coat,
    )
    white = Finish("fur", (0.95, 0.95, 0.93), scale=0.4)
    b.add("belly", b.ball(0.118, 0.185, 0.09).moved(0, 0.245, 0.07), white)
    for side in (-1, 1):
        b.add("face", b.ball(0.042, 0.05, 0.03).moved(side * 0.036, 0.5, 0.076), white)
        flipper = b.ball(0.022, 0.14, 0.05).turned("z", side * 20).moved(side * 0.18, 0.27, 0)
        b.add("wings", flipper, coat)
        b.add("feet", b.ball(0.05, 0.022, 0.075).moved(side * 0.065, 0.025, 0.06), beak)
    b.add("beak", b.cone(0.024, 0.003, 0.06, 0.002, 14).turned("x", 96).moved(0, 0.47, 0.095), beak)
    _eyes(b, 0.036, 0.515, 0.102, 0.013, iris=False)


def fish(b: Builder) -> None:
    shark = b.says("shark", "whale", "dolphin")
    colour = (
        (0.35, 0.4, 0.46)
        if shark
        else b.pick([(0.93, 0.45, 0.08), (0.15, 0.4, 0.65), (0.75, 0.6, 0.2)])
    )
    scales = b.finish("body", Finish("leather", colour, wear=0.0, scale=2.0))
    fin = b.finish(
        "wings", Finish("leaf", (0.75 * colour[0], 0.75 * colour[1], 0.75 * colour[2])), main=False
    )
    size, tall, wide = (3.0, 0.26, 0.24) if shark else (0.3, 0.42, 0.22)
    rings = []
    for t in np.concatenate([[0.0], np.linspace(0.015, 0.97, 22), [1.0]]):
        shape = max(np.sin(np.pi * t**0.72) ** 0.8, 0.0) * (1 - 0.25 * t) + 0.09 * t + 0.004
        rings.append(
            [
                (0.5 - t, 0.5 * tall * shape * s, 0.5 * wide * shape * c)
                for c, s in ((np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 25)[:-1])
            ]
        )
    start = len(b.parts)
    b.add("body", b.loft(np.array(rings), 60), scales)
    tail = [(-0.46, 0.02), (-0.68, 0.2), (-0.6, 0.0), (-0.68, -0.2), (-0.46, -0.02)]
    b.add("fins", b.plate(tail[::-1], 0.012, 0.004), fin)
    top = [(0.14, 0.17 * tall / 0.42), (-0.02, 0.2 + 0.1 * tall), (-0.2, 0.1), (-0.1, 0.06)]
    b.add("fins", b.plate(top, 0.012, 0.004), fin)
    b.add("fins", b.plate([(-0.05, -0.1), (-0.2, -0.2), (-0.24, -0.06)], 0.012, 0.004), fin)
    for side in (-1, 1):
        flap = b.plate([(0.12, -0.03), (-0.06, -0.16), (-0.04, -0.02)], 0.01, 0.003)
        b.add("fins", flap.turned("x", -side * 38).moved(0, -0.02, side * wide * 0.42), fin)
    _eyes(b, 0.36 * wide, 0.035, 0.36, 0.022 if not shark else 0.014, axis="x")
    stand = b.finish("base", Finish("wood", (0.3, 0.2, 0.13)), main=False)
    b.add("stand", b.cylinder(0.012, 0.26, 0.002, 12).moved(y=-0.42), STEEL)
    b.add("stand", b.cylinder(0.14, 0.03, 0.008, 36).moved(y=-0.44), stand)
    for i in range(start, len(b.parts)):
        part = b.parts[i]
        b.parts[i] = type(part)(part.name, part.surface.scaled(size, size, size), part.finish)
