"""The objects of a .blend that ``scene.export_selection`` wrote, with pictures as they were seen.

Blender writes no pixels that were painted but not saved. They lie in a file beside the .blend and
are put in place here, so whatever is made of the objects shows them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import bpy

from ..core.access import color_space_of, load_from, pixels_of
from .failure import PreparationFailed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
    Shown = Pixels | Mapping[int, bytes]
    """Pixels, or the contents of a file for each tile."""

NAMES: Final = "names"
"""What the list of pictures is called in the file of pixels; each picture is called its number."""


def paint_file(blend: Path) -> Path:
    """Where the pixels lie that were not saved when ``blend`` was written, if there were any."""
    return blend.with_suffix(".npz")


class _Painted(NamedTuple):
    """A picture as it was seen; ``library`` is the file it is linked from, or ""."""

    name: str
    library: str
    shown: "Shown"


def fetch(
    blend: Path, names: Sequence[str], libraries: Sequence[str] = ()
) -> list[bpy.types.Object]:
    """Append the objects ``names`` to the open file, in order; raises PreparationFailed.

    ``libraries``: the file of each object that is not in ``blend``, else "".
    """
    painted = _read(paint_file(blend))
    found: dict[tuple[Path, str], bpy.types.Object | None] = {}
    shown: list[tuple[bpy.types.Image | None, Any]] = []
    files = [Path(file) if file else blend for file in libraries or [""] * len(names)]
    for file in dict.fromkeys(files):
        if not file.is_file():
            raise PreparationFailed(
                "{file} is not there.", file=file, hint="Relocate the library and try again."
            )
        asked = [name for where, name in zip(files, names, strict=True) if where == file]
        of_file = [one for one in painted if (Path(one.library) if one.library else blend) == file]
        objects, images = _append(file, asked, [one.name for one in of_file])
        found.update(zip([(file, name) for name in asked], objects, strict=True))
        shown += [(image, one.shown) for one, image in zip(of_file, images, strict=True)]
        painted = [one for one in painted if one[:2] not in {other[:2] for other in of_file}]
    _make_local()
    for image, as_seen in shown:
        _show(image, as_seen)
    for one in painted:  # of a library that none of the objects is in themselves
        _show(bpy.data.images.get(one.name), one.shown)
    loaded = [found[place] for place in zip(files, names, strict=True)]
    if not loaded or None in loaded:
        raise PreparationFailed("The selection could not be read.", hint="Send it again.")
    return [obj for obj in loaded if obj is not None]


def _append(
    file: Path, objects: Sequence[str], images: Sequence[str]
) -> tuple[list[Any], list[Any]]:
    """One load a file, or what objects share would be doubled; None for what is not there."""
    with load_from(file) as (available, wanted):
        wanted.objects = list(objects)
        there = [name for name in images if name in available.images]
        wanted.images = list(there)
    by_name = dict(zip(there, wanted.images, strict=True))
    return list(wanted.objects), [by_name.get(name) for name in images]


def _make_local() -> None:
    """Take what is linked into the file, users first: what is linked cannot be changed."""
    before = -1
    while (linked := [item for item in bpy.data.user_map() if _is_of_library(item)]) and (
        len(linked) != before
    ):
        before = len(linked)
        for item in linked:
            item.make_local(clear_liboverride=True)


def _is_of_library(item: bpy.types.ID) -> bool:
    return item.library is not None or item.override_library is not None


def _read(file: Path) -> list[_Painted]:
    if not file.is_file():
        return []
    import numpy as np  # late: the side that writes takes a name from here

    with np.load(file, allow_pickle=False) as stored:
        names = json.loads(str(stored[NAMES]))
        return [
            _Painted(
                name,
                library,
                {tile: stored[f"{index}.{tile}"].tobytes() for tile in tiles}
                if tiles
                else stored[str(index)],
            )
            for index, (name, library, tiles) in enumerate(names)
        ]


def _show(image: bpy.types.Image | None, seen: "Shown") -> None:
    """Let what was seen be the picture, packed: Cycles reads others from their files."""
    if image is None:
        return
    name = image.name
    fresh = _of_tiles(image, seen) if isinstance(seen, Mapping) else _of_pixels(image, seen)
    fresh.alpha_mode = image.alpha_mode
    image.user_remap(fresh)
    bpy.data.images.remove(image)
    fresh.name = name


def _of_tiles(image: bpy.types.Image, contents: Mapping[int, bytes]) -> bpy.types.Image:
    """A new picture of files' contents."""
    import tempfile  # late, as Blender's start needs none

    from . import tiles  # late: it loads numpy

    with tempfile.TemporaryDirectory(prefix="studio3d-") as folder:
        fresh = tiles.packed(contents, image.name, Path(folder))
    color_space_of(fresh).name = color_space_of(image).name
    return fresh


def _of_pixels(image: bpy.types.Image, pixels: "Pixels") -> bpy.types.Image:
    """A new picture, which has the pixels' size and kind, whatever the old one's file is or was."""
    height, width, _ = pixels.shape
    is_float = pixels.dtype.kind == "f"
    fresh = bpy.data.images.new(image.name, width, height, alpha=True, float_buffer=is_float)
    old, new = color_space_of(image), color_space_of(fresh)
    if not is_float:
        new.name = old.name
    elif old.is_data:  # other floats are in the space that Blender computes in
        new.is_data = True
    pixels_of(fresh).foreach_set(_four_channels(pixels))
    fresh.pack()
    return fresh


def _four_channels(pixels: "Pixels") -> Any:
    """Floats of red, green, blue and alpha, one after the other."""
    import numpy as np

    values: Any = pixels.astype(np.float32)
    if pixels.dtype.kind != "f":
        values /= 255.0
    if values.shape[2] < 3:  # noqa: PLR2004 - gray, with or without alpha
        values = np.dstack([values[:, :, :1]] * 3 + [values[:, :, 1:]])
    if values.shape[2] == 3:  # noqa: PLR2004 - no alpha
        values = np.dstack([values, np.ones_like(values[:, :, :1])])
    return np.ascontiguousarray(values, dtype=np.float32).ravel()


NOT_LOOKED_THROUGH: Final = (
    bpy.types.Scene,
    bpy.types.Screen,
    bpy.types.WindowManager,
    bpy.types.WorkSpace,
)
"""They use everything, and no object uses them."""


def users_of(items: Iterable[bpy.types.ID]) -> set[bpy.types.ID]:
    """Everything that uses one of the items, or uses something that does."""
    waiting = list(items)
    if not waiting:
        return set()
    users: Mapping[bpy.types.ID, set[bpy.types.ID]] = bpy.data.user_map()
    found: set[bpy.types.ID] = set()
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found and not isinstance(user, NOT_LOOKED_THROUGH):
                found.add(user)
                waiting.append(user)
    return found
