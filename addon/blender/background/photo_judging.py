"""The faults of the photo in a file."""

from pathlib import Path
from typing import Final

import bpy

from ..model import photo_faults
from ..model.failure import PreparationFailed
from .picture_fitting import load, pixels_of, sides


def faults_of(path: Path, orientation: int) -> list[str]:
    """See ``photo_faults``; [] of a picture that cannot be read."""
    try:
        image = load(path)
    except PreparationFailed:
        return []
    _scale(image)
    pixels = pixels_of(image)
    bpy.data.images.remove(image)
    return photo_faults.find(pixels, orientation)


def _scale(image: bpy.types.Image) -> None:
    """Make it a few times as large as what is judged, before its pixels become numbers."""
    longer = max(sides(image))
    times = min(longer // photo_faults.SIDE, MOST_TIMES)
    if times:
        width, height = (
            max(1, round(side * times * photo_faults.SIDE / longer)) for side in sides(image)
        )
        image.scale(width, height)


MOST_TIMES: Final = 4
