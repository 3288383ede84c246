"""Pictures from files into the open file, if they are not too large for it."""

from pathlib import Path

import bpy

from ...service.picture_sizes import sides_in
from .translation import translate


class TooManyPixels(Exception):
    """Decoding it would take the machine's memory; the text says so, translated."""


def load(path: Path) -> bpy.types.Image:
    """Load it, or find it where it is loaded already; raises TooManyPixels and RuntimeError."""
    sides = sides_in(path)
    if sides is not None and not sides.is_modest:
        raise TooManyPixels(
            translate(
                "{name} has {width} x {height} pixels: too many to open it here",
                name=path.name,
                width=sides.width,
                height=sides.height,
            )
        )
    return bpy.data.images.load(str(path), check_existing=True)
