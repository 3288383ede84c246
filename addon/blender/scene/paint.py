"""Pictures that look other than what would be read again: painted, and not saved yet."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final, cast

import bpy

from ..model.sent_objects import NAMES, users_of

WHOLE: Final = {"FILE", "GENERATED"}
"""Sources of pictures whose pixels Blender hands out; of tiles it hands out the first only."""


def write(objects: Collection[bpy.types.Object], to: Path) -> None:
    """Write the pixels that the objects show and no file has; nothing if there are none."""
    unsaved = [image for image in bpy.data.images if is_unsaved(image)]
    images = [image for image in unsaved if not users_of([image]).isdisjoint(objects)]
    if not images:
        return
    import numpy as np  # late: Blender takes a while to load it

    names = [[image.name, _library(image)] for image in images]
    pixels = {str(index): _pixels(image) for index, image in enumerate(images)}
    np.savez(to, **{NAMES: np.array(json.dumps(names)), **pixels})


def is_unsaved(image: bpy.types.Image) -> bool:
    """Whether only this Blender knows how the picture looks."""
    if image.source not in WHOLE:
        return False
    is_own = image.is_dirty or (image.has_data and is_file_missing(image))
    return is_own and all(cast(tuple[int, int], image.size))


def is_file_missing(image: bpy.types.Image) -> bool:
    """Whether the picture is in a file that is not there."""
    if image.source not in {"FILE", "TILED"} or image.packed_file is not None:
        return False
    return not file_of(image).is_file()


def file_of(image: bpy.types.Image) -> Path:
    """The picture's file, or that of its first tile."""
    path = bpy.path.abspath(image.filepath, library=image.library)
    if image.source == "TILED" and len(image.tiles):
        path = path.replace("<UDIM>", str(image.tiles[0].number))
    return Path(path)


def _library(image: bpy.types.Image) -> str:
    library = image.library
    return "" if library is None else bpy.path.abspath(library.filepath, library=library.parent)


def _pixels(image: bpy.types.Image) -> Any:
    """Rows, columns, channels: as many bits as the picture has."""
    import numpy as np

    width, height = cast(tuple[int, int], image.size)
    values: Any = np.empty(width * height * image.channels, dtype=np.float32)
    cast(Any, image.pixels).foreach_get(values)
    if not image.is_float:
        values *= 255.0
        values = np.rint(values, out=values).astype(np.uint8)
    return values.reshape(height, width, image.channels)
