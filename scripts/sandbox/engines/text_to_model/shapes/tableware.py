"""Vessels."""

from __future__ import annotations

from ...geometry.primitives import Point2
from ..builder import Builder
from ..palette import TERRACOTTA, WHITE_GLAZE


def _vessel(outer: list[Point2], wall: float) -> list[Point2]:
    """Close an outer profile (foot to rim) with an inner wall of the given thickness."""
    inner = [(max(r - wall, wall * 0.5), max(y, wall * 1.5)) for r, y in reversed(outer[:-1])]
    rim_radius, rim_height = outer[-1]
    rim = [(rim_radius - wall * 0.5, rim_height + wall * 0.35), (rim_radius - wall, rim_height)]
    return [(0.0, 0.0), *outer, *rim, *inner, (0.0, wall * 1.5)]


def vase(b: Builder) -> None:
    glaze = b.finish("body", b.pick([WHITE_GLAZE, TERRACOTTA]))
    height = b.between(0.26, 0.38) * b.brief.stretch
    belly, neck = b.between(0.36, 0.46), b.between(0.14, 0.22)
    at = b.between(0.3, 0.6)
    outer = [
        (0.2 * height, 0.0),
        (0.22 * height, 0.03 * height),
        (belly * 0.75 * height, at * 0.5 * height),
        (belly * 0.9 * height, at * height),
        (belly * 0.75 * height, (at + 0.16) * height),
        (neck * height, 0.84 * height),
        (neck * 0.95 * height, 0.93 * height),
        (neck * 1.35 * height, height),
    ]
    b.add("body", b.lathe(_vessel(outer, 0.006), 0.03, 48), glaze)
