"""What to make of a prompt with no known noun."""

from __future__ import annotations

import numpy as np

from ...geometry.surface import Floats
from ..builder import Builder
from ..palette import BRASS, DARK_STONE


def abstract(b: Builder) -> None:
    """A twisted, folded ring on a plinth."""
    finish = b.finish("body", BRASS)
    plinth = b.finish("base", DARK_STONE, main=False)
    b.add("base", b.box(0.3, 0.12, 0.3, 0.012), plinth)
    lobes, turns = b.whole(2, 5), b.whole(1, 3)
    swing, fold = b.between(0.05, 0.11), b.between(0.3, 0.9)
    t = np.linspace(0, 2 * np.pi, 161)[:-1]
    radius = 0.2 + swing * np.cos(lobes * t)
    path: Floats = np.stack(
        [radius * np.cos(t), 0.46 + radius * np.sin(t) * 1.1, fold * swing * 2 * np.sin(turns * t)],
        axis=1,
    )
    thickness = 0.035 + 0.014 * np.sin(lobes * t + fold)
    ring = b.tube(path, list(thickness), 18, loop=True, flatten=0.6)
    b.add("body", ring.moved(y=0.115 - float(ring.bounds[0, 1])), finish)
