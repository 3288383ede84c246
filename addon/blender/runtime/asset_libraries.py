"""The asset libraries a result can be saved into: Blender's, and a folder of our own."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import bpy

from ..core import ids, paths
from ..core.access import blender_preferences_of


class Library(NamedTuple):
    """A folder that Blender may show in the asset browser."""

    name: str
    folder: Path
    known: bool = True
    """Whether it is in Blender's preferences."""


def own(context: bpy.types.Context) -> Library:
    """The folder chosen in the extension's preferences, or the standard one."""
    folder = paths.asset_library()
    same = (one for one in _in_preferences(context) if one.folder == folder)
    return next(same, Library(ids.TAB, folder, known=False))


def all_of(context: bpy.types.Context) -> list[Library]:
    """Our own, then the others of Blender's preferences."""
    first = own(context)
    return [first, *(one for one in _in_preferences(context) if one.folder != first.folder)]


def containing(context: bpy.types.Context, blend: Path) -> Path:
    """The folder whose catalogues count for a file: its library's, or where the file is."""
    inside = [one.folder for one in _in_preferences(context) if blend.is_relative_to(one.folder)]
    return max(inside, key=lambda folder: len(folder.parts), default=blend.parent)


def add(context: bpy.types.Context, library: Library) -> None:
    """Add it to Blender's preferences, which are then to be saved; raises OSError."""
    library.folder.mkdir(parents=True, exist_ok=True)
    preferences = blender_preferences_of(context)
    preferences.filepaths.asset_libraries.new(name=library.name, directory=str(library.folder))
    preferences.is_dirty = True


def _in_preferences(context: bpy.types.Context) -> list[Library]:
    # Newer stubs know no path: there are libraries on servers as well.
    libraries: Iterable[Any] = blender_preferences_of(context).filepaths.asset_libraries
    return [
        Library(one.name, Path(bpy.path.abspath(one.path)).absolute())
        for one in libraries
        if one.path and not getattr(one, "use_remote_url", False)
    ]
