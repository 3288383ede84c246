"""Pictures from files into the open file, if they are not too large for it."""

from pathlib import Path

import bpy

from ...service.picture_sizes import sides_in
from .translation import translate


class NotLoaded(Exception):
    """It cannot be loaded; the text says why, translated."""


class TooManyPixels(NotLoaded):
    """Decoding it would take the machine's memory."""


def load(path: Path) -> bpy.types.Image:
    """Load it, or find it where it is loaded already; raises NotLoaded."""
    nothing = translate("There is no picture {path}", path=path)
    if not path.is_file():  # what is loaded already would be found without its file
        raise NotLoaded(nothing)
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
    try:
        return bpy.data.images.load(str(path), check_existing=True)
    except RuntimeError as error:
        raise NotLoaded(nothing) from error
