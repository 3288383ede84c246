"""Colors as numbers: how bright they are, and how pictures store that."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .arrays import Floats

DARK: Final = 0.0031308
"""Up to here sRGB is a straight line."""


def to_srgb(light: "Floats") -> "Floats":
    """What a picture stores for that much light, which is 0 to 1."""
    import numpy as np  # late: Blender takes a while to load it

    curve = 1.055 * np.maximum(light, DARK) ** (1 / 2.4) - 0.055
    return np.where(light <= DARK, 12.92 * light, curve)


def to_light(stored: "Floats") -> "Floats":
    """The other way round."""
    import numpy as np

    curve = ((np.maximum(stored, 12.92 * DARK) + 0.055) / 1.055) ** 2.4
    return np.where(stored <= 12.92 * DARK, stored / 12.92, curve)
