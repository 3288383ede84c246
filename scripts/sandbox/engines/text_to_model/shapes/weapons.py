"""Arms and armour, standing upright for display."""

from __future__ import annotations

from ..builder import Builder
from ..palette import BRASS, BROWN_LEATHER, STEEL


def sword(b: Builder) -> None:
    steel = b.finish("blade", STEEL)
    guard = b.finish("guard", BRASS, main=False)
    grip = b.finish("handle", BROWN_LEATHER, main=False)
    length, width = b.between(0.75, 0.95) * b.brief.stretch, b.between(0.045, 0.06)
    blade = b.plate(
        [(-width / 2, 0.0), (width / 2, 0.0), (width * 0.4, length * 0.82), (0.0, length),
         (-width * 0.4, length * 0.82)],
        0.011,
        0.0054,
    )
    b.add("blade", blade.turned("x", 180).moved(y=length), steel)
    b.add("guard", b.box(b.between(0.17, 0.24), 0.026, 0.03, 0.011).moved(y=length - 0.01), guard)
    b.add("handle", b.tube([(0, length, 0), (0, length + 0.16, 0)], 0.014, 12, flatten=0.8), grip)
    b.add("pommel", b.ball(0.026, 0.024, 0.02).moved(y=length + 0.18), guard)
