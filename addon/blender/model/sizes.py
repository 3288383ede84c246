"""What factor gives a model a size in the real world."""

from collections.abc import Sequence


def factor(
    sides: Sequence[float], *, longest: float | None = None, height: float | None = None
) -> float:
    """The factor for a model of these sides (x, y, z); ``height`` wins, without either it is 1.

    A model that has no extent where it is to get one keeps its size.
    """
    wanted, present = (height, sides[2]) if height is not None else (longest, max(sides))
    return 1.0 if wanted is None or present <= 0.0 else wanted / present
