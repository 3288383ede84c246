"""Previews of results that are pictures themselves."""

from pathlib import Path
from typing import Any

import bpy

from ...model.failure import PreparationFailed
from ..pictures.preview import SIZE


def shrink(picture: Path, to: Path) -> None:
    """Write a small PNG of a picture, longest side ``SIZE``; raises PreparationFailed."""
    try:
        image = bpy.data.images.load(str(picture))
    except RuntimeError as error:
        raise PreparationFailed("{name} cannot be read as a picture.", name=picture.name) from error
    size: Any = image.size  # an array, which the stubs do not know
    width, height = size
    if not width or not height:
        raise PreparationFailed("{name} cannot be read as a picture.", name=picture.name)
    factor = min(1.0, SIZE / max(width, height))
    image.scale(max(1, round(width * factor)), max(1, round(height * factor)))
    image.file_format = "PNG"
    image.save(filepath=str(to))
