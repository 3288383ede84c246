"""Things that drive."""

from __future__ import annotations

import numpy as np

from ...geometry.surface import Floats
from ..builder import Builder
from ..palette import BLUE_PAINT, CHROME, RED_LIGHT, RED_PAINT, RUBBER, STEEL, WARM_LIGHT, WINDOW


def _wheel(b: Builder, radius: float, width: float, x: float, z: float) -> None:
    """Axis along Z."""
    side = 1 if z > 0 else -1
    tyre = b.lathe(
        [(radius * 0.6, 0.0), (radius * 0.93, 0.0), (radius, width * 0.22), (radius, width * 0.78),
         (radius * 0.93, width), (radius * 0.6, width), (radius * 0.6, 0.0)],
        width * 0.12,
        32,
    )
    b.add("tyres", tyre.turned("x", 90 * side).moved(x, radius, z - side * width / 2),
          b.finish("wheels", RUBBER, main=False), "tyre")
    rim = b.lathe(
        [(0.0, width * 0.2), (radius * 0.62, width * 0.1), (radius * 0.62, width * 0.9),
         (radius * 0.52, width * 0.78), (radius * 0.2, width * 0.7), (radius * 0.14, width * 0.85),
         (0.0, width * 0.86)],
        0.01,
        32,
    )
    b.add("rims", rim.turned("x", 90 * side).moved(x, radius, z - side * width / 2), STEEL, "rim")


def car(b: Builder) -> None:
    paint = b.finish("body", b.pick([RED_PAINT, BLUE_PAINT]))
    length, width, radius = 4.2, 1.75, 0.33
    low = b.box(length, 0.55, width, 0.16, cuts=8).moved(0, 0.28, 0)

    def shape(points: Floats) -> Floats:
        bent = points.copy()
        ends = np.abs(points[:, 0]) / (length / 2)
        bent[:, 2] *= 1 - 0.14 * ends**3
        bent[:, 1] -= np.where(points[:, 1] > 0.5, 0.12 * ends**2, 0.0)
        return bent

    b.add("body", low.bent(shape), paint)
    cabin = b.box(2.3, 0.5, width * 0.92, 0.12, cuts=6).moved(-0.2, 0.8, 0)

    def taper(points: Floats) -> Floats:
        bent = points.copy()
        up = np.clip((points[:, 1] - 0.8) / 0.5, 0, 1)
        bent[:, 0] = -0.2 + (points[:, 0] + 0.2) * (1 - 0.32 * up)
        bent[:, 2] *= 1 - 0.16 * up
        return bent

    b.add("windows", cabin.bent(taper), b.finish("windows", WINDOW, main=False))
    roof = b.box(1.62, 0.06, width * 0.79, 0.028).moved(-0.2, 1.27, 0)
    b.add("roof", roof, b.finish("roof", paint, main=False))
    for x in (-1.3, 1.32):
        for z in (-1, 1):
            _wheel(b, radius, 0.22, x, z * (width / 2 - 0.1))
    for z in (-1, 1):
        b.add("lights", b.ball(0.06, 0.09, 0.16).moved(2.0, 0.58, z * 0.55), WARM_LIGHT)
        b.add("lights", b.ball(0.05, 0.07, 0.15).moved(-2.03, 0.6, z * 0.55), RED_LIGHT)
    for x in (-2.08, 2.08):
        b.add("bumper", b.box(0.12, 0.12, width * 0.8, 0.04).moved(x, 0.3, 0), CHROME)
