"""Plants and stones."""

from __future__ import annotations

import numpy as np

from ...geometry.surface import Floats
from ...textures.noise import fractal
from ..builder import Builder, curve
from ..palette import BARK, GREY_STONE, LEAVES


def rock(b: Builder) -> None:
    stone = b.finish("body", GREY_STONE)
    size = b.between(0.45, 0.7)
    seed = b.whole(0, 10_000)
    planes = np.random.default_rng(seed).normal(size=(14, 3))
    planes /= np.linalg.norm(planes, axis=1, keepdims=True)
    cut = np.random.default_rng(seed + 1).uniform(0.62, 0.9, 14)

    def chip(points: Floats) -> Floats:
        unit = points / np.linalg.norm(points, axis=1, keepdims=True)
        reach = np.min(
            np.where(unit @ planes.T > 0.05, cut / np.maximum(unit @ planes.T, 0.05), 9.0), axis=1
        )
        reach = np.minimum(reach, 1.0) + 0.06 * fractal(unit, 0.6, seed) * 0.5
        return np.asarray(unit * reach[:, None] * size * np.array([1.0, 0.72, 0.86]))

    stone_ball = b.ball(1.0) if b.faceted else _dense_ball(b)
    b.add("rock", stone_ball.bent(chip).grounded(), stone)


def _dense_ball(b: Builder):  # type: ignore[no-untyped-def]
    from ...geometry.primitives import ball

    return ball((1.0, 1.0, 1.0), b.segments(8))


def tree(b: Builder) -> None:
    bark = b.finish("bark", BARK, main=False)
    leaves = b.finish("leaves", LEAVES, main=False)
    height = b.between(3.2, 4.6) * b.brief.stretch
    lean = b.between(-0.25, 0.25)
    trunk = curve(
        [(0, -0.05, 0), (lean * 0.3, height * 0.3, 0), (lean, height * 0.62, lean * 0.4)], 12
    )
    radii = [0.2 * height / 4 * (1 - 0.05 * i) + (0.09 if i == 0 else 0.0) for i in range(12)]
    b.add("trunk", b.tube(trunk, radii, 12), bark)
    for i in range(b.whole(4, 6)):
        turn = 2.4 * i + b.between(-0.3, 0.3)
        start = trunk[6 + i % 5]
        reach = height * b.between(0.2, 0.3)
        end = start + np.array([np.cos(turn) * reach, height * 0.16, np.sin(turn) * reach])
        middle = (start + end) / 2 + np.array([0, -0.08, 0])
        path = curve([tuple(start), tuple(middle), tuple(end)], 7)
        b.add("branches", b.tube(path, [0.08 - 0.008 * k for k in range(7)], 8), bark)
        _crown(b, end, height * b.between(0.15, 0.2), leaves)
    _crown(b, trunk[-1] + np.array([0, height * 0.1, 0]), height * 0.23, leaves)


def _crown(b: Builder, centre: Floats, radius: float, leaves) -> None:  # type: ignore[no-untyped-def]
    seed = b.whole(0, 10_000)

    def lumpy(points: Floats) -> Floats:
        unit = points / np.linalg.norm(points, axis=1, keepdims=True)
        return np.asarray(points * (1 + 0.16 * fractal(unit, 0.5, seed))[:, None])

    mass = _dense_ball(b).scaled(radius, radius * 0.8, radius)
    b.add("leaves", mass.bent(lumpy).moved(*centre), leaves)
