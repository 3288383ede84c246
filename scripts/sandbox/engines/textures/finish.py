"""What a part is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

Colour = tuple[float, float, float]
"""sRGB, 0-1."""


@dataclass(frozen=True, slots=True)
class Finish:
    """A material by name with its colour.

    wear    0 new ... 1 neglected: dirt, rust, scratches
    scale   multiplies the size of the pattern
    """

    material: str
    colour: Colour
    wear: float = 0.15
    scale: float = 1.0

    def tinted(self, colour: Colour) -> Finish:
        return replace(self, colour=colour)

    def aged(self, wear: float) -> Finish:
        return replace(self, wear=wear)
