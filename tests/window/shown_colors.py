"""What colors a picture of the screen has."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def channels(picture: Path) -> tuple[Any, Any, Any]:
    """Red, green and blue of each pixel, (height, width) of 0-255, signed."""
    with Image.open(picture) as opened:
        colors = np.asarray(opened.convert("RGB"), dtype=np.int16)
    red, green, blue = np.moveaxis(colors, 2, 0)
    return red, green, blue
