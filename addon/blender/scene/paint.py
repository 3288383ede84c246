"""Pictures that look other than what would be read again: painted, and not saved yet."""

import json
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import bpy

from ..core.access import pixels_of, size_of
from ..model.sent_objects import NAMES, users_of

WHOLE: Final = {"FILE", "GENERATED"}
"""Sources of pictures whose pixels Blender hands out; of tiles it hands out the first only."""
_IMAGE: Any = bpy.types.Image.bl_rna  # the stubs do not know its functions
SAVES_COPIES: Final = "save_copy" in _IMAGE.functions["save"].parameters
"""Whether this Blender saves tiles somewhere else and leaves the picture as it was."""


def write(objects: Collection[bpy.types.Object], to: Path) -> None:
    """Write the pixels that the objects show and no file has; nothing if there are none."""
    unsaved = [image for image in bpy.data.images if is_unsaved(image)]
    images = [image for image in unsaved if not users_of([image]).isdisjoint(objects)]
    if not images:
        return
    import numpy as np  # late: Blender takes a while to load it

    names = [
        [image.name, _library(image), [] if image.source in WHOLE else _numbers(image)]
        for image in images
    ]
    contents: dict[str, Any] = {}
    for index, image in enumerate(images):
        if image.source in WHOLE:
            contents[str(index)] = _pixels(image)
        else:
            contents |= {f"{index}.{tile}": data for tile, data in _tiles(image).items()}
    np.savez(to, **{NAMES: np.array(json.dumps(names)), **contents})


def is_unsaved(image: bpy.types.Image) -> bool:
    """Whether only this Blender knows how the picture looks, and it can be written down."""
    if image.source == "TILED":
        return SAVES_COPIES and has_unsaved_tiles(image)
    return image.source in WHOLE and _is_own(image)


def has_unsaved_tiles(image: bpy.types.Image) -> bool:
    """Whether it has tiles, and only this Blender knows how some of them look."""
    return image.source == "TILED" and _is_own(image)


def _is_own(image: bpy.types.Image) -> bool:
    is_own = image.is_dirty or (image.has_data and is_file_missing(image))
    return is_own and all(size_of(image))


def _numbers(image: bpy.types.Image) -> list[int]:
    return [tile.number for tile in image.tiles]


def _tiles(image: bpy.types.Image) -> dict[int, Any]:
    """The contents of a file for each tile, as it is seen."""
    import numpy as np

    with tempfile.TemporaryDirectory(prefix="studio3d-") as folder:
        path = Path(folder, "tile.<UDIM>")
        save: Any = image.save  # the stubs are of a version without copies
        save(filepath=str(path), save_copy=True)
        files = {tile: path.with_suffix(f".{tile}") for tile in _numbers(image)}
        return {
            tile: np.frombuffer(file.read_bytes(), dtype=np.uint8) for tile, file in files.items()
        }


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

    width, height = size_of(image)
    values: Any = np.empty(width * height * image.channels, dtype=np.float32)
    pixels_of(image).foreach_get(values)
    if not image.is_float:
        values *= 255.0
        values = np.rint(values, out=values).astype(np.uint8)
    return values.reshape(height, width, image.channels)
