"""A copy of a picture in 8-bit colors, upright, as PNG or JPEG, in the size the service takes.

What is large is scaled before anything looks at its pixels: 12 000 x 9 000 of them take half a
gigabyte in Blender as they are, and four times that as numbers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast

import bpy
import numpy as np

from ...service.picture_sizes import MOST_PIXELS, sides_in
from ..model.colors import to_srgb
from ..model.failure import PreparationFailed
from ..model.photo_faults import TURNS, Pixels
from . import gif

SCALED_TO: Final = 4096
"""Pixels of the longer side of what was too large; engines look at less."""
SHRINK: Final = 0.75
"""What the sides are scaled by while the file has too many bytes."""
QUALITY: Final = 92
GIF: Final = b"GIF8"


def fit(
    source: Path, folder: Path, *, orientation: int, least: int, most: int, most_bytes: int
) -> Path:
    """Write the copy into ``folder`` and return its path.

    ``orientation`` as EXIF counts it; ``least`` and ``most`` pixels a side may have. Raises
    PreparationFailed for what this Blender does not read, or is too narrow.
    """
    image = load(source)
    turned = TURNS.get(orientation)
    _scale(image, source.name, least, most if turned is None else min(most, SCALED_TO))
    has_opacity = False
    if turned is not None or image.is_float or image.depth not in (8, 24):
        image, has_opacity = _plain(image, turned)
    path = folder / f"{source.stem}{'.png' if has_opacity else '.jpg'}"
    image.file_format = "PNG" if has_opacity else "JPEG"
    image.save(filepath=str(path), quality=QUALITY)
    while path.stat().st_size > most_bytes and min(sides(image)) * SHRINK >= least:
        width, height = (round(side * SHRINK) for side in sides(image))
        image.scale(width, height)
        image.save(filepath=str(path), quality=QUALITY)
    return path


def load(source: Path) -> bpy.types.Image:
    """The picture, of whatever kind; raises PreparationFailed where Blender cannot read it."""
    found = sides_in(source)
    if found is not None and not found.is_modest:
        raise PreparationFailed(
            "{name} has {width} x {height} pixels; no more than {most} megapixels are read.",
            name=source.name,
            width=found.width,
            height=found.height,
            most=MOST_PIXELS // 10**6,
            hint="Save it smaller and choose that.",
        )
    try:
        image = _from_gif(source) or bpy.data.images.load(str(source))
    except (RuntimeError, gif.NotAGif):
        image = None
    if image is None or not all(sides(image)):
        raise PreparationFailed(
            "This Blender cannot read the picture {name}.",
            name=source.name,
            hint="Save it as PNG or JPEG and choose that.",
        )
    return image


def _from_gif(source: Path) -> bpy.types.Image | None:
    """The first picture of a GIF; None if it is another kind. Raises NotAGif."""
    with source.open("rb") as file:
        if file.read(len(GIF)) != GIF:
            return None
    seen = gif.first_picture(source.read_bytes())
    colors: Pixels = np.divide(seen, 255, dtype=np.float32)
    return _new(colors, has_opacity=bool(colors[..., 3].min() < 1.0))


def sides(image: bpy.types.Image) -> tuple[int, int]:
    """Width and height in pixels."""
    width, height = cast(Sequence[int], image.size)
    return width, height


def _scale(image: bpy.types.Image, name: str, least: int, most: int) -> None:
    """Bring both sides between ``least`` and ``most`` pixels, keeping the shape."""
    width, height = sides(image)
    factor = 1.0
    if max(width, height) > most:
        factor = SCALED_TO / max(width, height)
    elif min(width, height) < least:
        factor = least / min(width, height)
    scaled = (round(width * factor), round(height * factor))
    if min(scaled) < least or max(scaled) > most:
        raise PreparationFailed(
            "{name} is too narrow: {width} x {height} pixels.",
            name=name,
            width=width,
            height=height,
            hint="Cut it closer to the subject.",
        )
    if factor != 1.0:
        image.scale(*scaled)


def _plain(
    image: bpy.types.Image, turned: Callable[[Pixels], Pixels] | None
) -> tuple[bpy.types.Image, bool]:
    """The picture in 8 bits a channel and upright, and whether anything of it is see-through."""
    seen = pixels_of(image)
    bpy.data.images.remove(image)
    if turned is not None:
        seen = turned(seen)
    has_opacity = bool(seen[..., 3].min() < 1.0)
    return _new(seen, has_opacity=has_opacity), has_opacity


def pixels_of(image: bpy.types.Image) -> Pixels:
    """What is seen of it, as it lies."""
    width, height = sides(image)
    pixels: Pixels = np.empty(width * height * 4, dtype=np.float32)
    image.pixels.foreach_get(pixels)
    seen = pixels.reshape(height, width, 4)[::-1]
    if image.is_float:
        _to_screen(seen)
    return seen


def _new(seen: Pixels, *, has_opacity: bool) -> bpy.types.Image:
    made = bpy.data.images.new("plain", seen.shape[1], seen.shape[0], alpha=has_opacity)
    cast(Any, made.pixels).foreach_set(np.ascontiguousarray(seen[::-1]).ravel())
    return made


def _to_screen(seen: Pixels) -> None:
    """Light of pictures with more than 8 bits, in place: straight opacity, sRGB."""
    colors, opacity = seen[..., :3], seen[..., 3:]
    np.divide(colors, opacity, out=colors, where=opacity > 0)
    colors[...] = to_srgb(np.clip(colors, 0.0, 1.0))
