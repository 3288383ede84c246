"""Small previews of chosen pictures. Blender reads the files in a job of its own, not here."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy
import bpy.utils.previews

from ...catalog.encoders import is_address
from ...service import picture_sizes
from ..core import ticker
from ..snapshot.redraw import redraw

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.float32]]


class _Cache:
    collection: bpy.utils.previews.ImagePreviewCollection | None = None
    grounds: dict[str, str] = {}
    """The preview with a ground of each picture, by its path; "" where there is nothing to see
    through.
    """
    modest: dict[str, bool] = {}
    """Whether a picture may be decoded, by its path: its first bytes are read once."""
    waiting: list[str] = []
    """Pictures that wait for their ground."""


def icon_of(path: str) -> int:
    """Icon of the picture at ``path``, or 0 where there is none to show."""
    if not path or is_address(path) or _Cache.collection is None:
        return 0
    if path not in _Cache.collection:
        if not _may_be_decoded(path):
            return 0
        _Cache.collection.load(path, bpy.path.abspath(path), "IMAGE")
    return int(_Cache.collection[path].icon_id)


def _may_be_decoded(path: str) -> bool:
    """Whether it is a picture, and not too large; its first bytes are read once, if it is there."""
    file = Path(bpy.path.abspath(path))
    if path not in _Cache.modest:
        if not file.is_file():
            return False
        _Cache.modest[path] = picture_sizes.is_modest(file)
    return _Cache.modest[path]


def on_ground(path: str) -> int:
    """The same, with squares behind what is transparent, as image editors have.

    Of a dark thing that was cut out nothing would be seen on the interface. The squares come a
    moment later.
    """
    icon = icon_of(path)
    if not icon or Path(path).suffix.lower() not in TRANSPARENT:
        return icon
    if path not in _Cache.grounds:
        _Cache.grounds[path] = ""
        _Cache.waiting.append(path)
        ticker.call(_lay_grounds, after=READ_BY_THEN)
    name = _Cache.grounds[path]
    return int(_present()[name].icon_id) if name else icon


TRANSPARENT: Final = frozenset({".png", ".webp"})
"""Kinds of pictures that can be."""

READ_BY_THEN: Final = 1.0
"""Seconds in which Blender has read most pictures, and kept small ones: then it costs nothing."""


def _present() -> bpy.utils.previews.ImagePreviewCollection:
    if _Cache.collection is None:
        raise LookupError("previews are not registered")
    return _Cache.collection


def _lay_grounds() -> float | None:
    """Called by the ticker: one picture at a time, until none waits."""
    if _Cache.collection is None or not _Cache.waiting:
        return None
    path = _Cache.waiting.pop(0)
    _Cache.grounds[path] = _lay_ground(path)
    if _Cache.grounds[path]:
        redraw()
    return 0.0 if _Cache.waiting else None


def read(path: str) -> Pixels | None:
    """What the preview of the picture shows, as rows from below; None where there is none.

    To be called ``READ_BY_THEN`` after ``icon_of``.
    """
    import numpy as np  # late: most sessions show no picture that is asked about

    cache = _present()
    name = f"{path}#read"
    if name not in cache:
        if not _may_be_decoded(path):
            return None
        # A preview of its own, read here: Blender may be at work on the other one.
        cache.load(name, bpy.path.abspath(path), "IMAGE")
    found: Any = cache[name]
    width, height = found.image_size
    if not width or not height:
        return None
    flat = array("f", bytes(4 * 4 * width * height))
    found.image_pixels_float.foreach_get(flat)
    pixels: Pixels = np.frombuffer(flat, dtype=np.float32).reshape(height, width, 4).copy()
    return pixels


def _lay_ground(path: str) -> str:
    """Make the preview, and return its name; "" where the picture needs none."""
    import numpy as np  # late, as above

    pixels = read(path)
    if pixels is None or (pixels[:, :, 3] == 1.0).all():
        return ""
    height, width, _ = pixels.shape
    alpha = pixels[:, :, 3:]
    down, right = np.mgrid[:height, :width]
    is_light = ((down // SQUARE + right // SQUARE) % 2 == 0)[:, :, None]
    pixels[:, :, :3] = pixels[:, :, :3] * alpha + np.where(is_light, LIGHT, DARK) * (1.0 - alpha)
    pixels[:, :, 3] = 1.0
    name = f"{path}#ground"
    made: Any = _present().new(name)
    made.image_size = width, height
    made.image_pixels_float.foreach_set(pixels.ravel())
    return name


SQUARE: Final = 12
"""Side of a square in pixels, of the 256 that a preview has."""

LIGHT: Final = 0.6
DARK: Final = 0.45
"""Neither black things nor white ones vanish on these."""


def of_result(path: str) -> int:
    """Icon of a result's picture, or Blender's own for a model where there is none."""
    rna: Any = bpy.types.UILayout.bl_rna  # the stubs do not know all of it
    icons = rna.functions["label"].parameters["icon"].enum_items
    return icon_of(path) or int(icons["MESH_DATA"].value)


def register() -> None:
    """Make the collection."""
    _Cache.collection = bpy.utils.previews.new()


def unregister() -> None:
    """Free all previews."""
    if _Cache.collection is not None:
        bpy.utils.previews.remove(_Cache.collection)
        _Cache.collection = None
    _Cache.grounds.clear()
    _Cache.modest.clear()
    _Cache.waiting.clear()
