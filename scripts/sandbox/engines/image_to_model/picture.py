"""Pictures as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as Pictures

from ..pictures import files

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

LONGEST_SIDE = 2048


@dataclass(frozen=True, slots=True)
class Picture:
    """(h, w, 3) sRGB colours and (h, w) opacity 0-255."""

    colour: Pixels
    alpha: Pixels

    @property
    def shape(self) -> tuple[int, int]:
        return self.colour.shape[0], self.colour.shape[1]

    def within(self, longest: int) -> Picture:
        """A copy whose longest side is at most ``longest``."""
        height, width = self.shape
        factor = longest / max(height, width)
        if factor >= 1:
            return self
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        return Picture(
            _resized(self.colour, size, cv2.INTER_AREA), _resized(self.alpha, size, cv2.INTER_AREA)
        )


def _resized(pixels: Pixels, size: tuple[int, int], how: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def picture_of(image: Pictures.Image) -> Picture:
    """At most ``LONGEST_SIDE`` pixels a side."""
    pixels = np.asarray(image.convert("RGBA"), dtype=np.uint8)
    return Picture(pixels[..., :3].copy(), pixels[..., 3].copy()).within(LONGEST_SIDE)


def read_picture(path: Path) -> Picture:
    """Upright (EXIF applied); EngineFailed when it is no picture."""
    return picture_of(files.read(path))
