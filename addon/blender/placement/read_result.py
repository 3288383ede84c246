"""Read a prepared .blend into the open file, into no scene yet; and take out again what came."""

from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bpy

from ...catalog.messages import Message
from ..core.access import load_from
from ..model.failure import own_words

if TYPE_CHECKING:
    from ...jobs.job import Prepared

APPENDED_DATA: Final = (
    "actions",
    "armatures",
    "collections",
    "images",
    "libraries",
    "materials",
    "meshes",
    "node_groups",
    "objects",
    "shape_keys",
    "textures",
)
"""Where in ``bpy.data`` an append can leave something."""


class AppendFailed(Exception):
    """The result cannot be brought in; the scene is as it was. The text says why."""


class ResultUnusable(AppendFailed):
    """It is the result's file that is to blame: nothing can be made of it."""


class PreparedByNewerBlender(AppendFailed):
    """It has to be prepared again before this Blender can read it."""


def read(prepared: "Prepared") -> bpy.types.Collection:
    """The collection with the result, in no scene; raises ResultUnusable."""
    try:
        return _append(prepared)
    except (OSError, RuntimeError) as error:
        raise ResultUnusable(
            Message(
                "{name} cannot be read: {error}",
                name=prepared.path.name,
                error=own_words(error) or type(error).__name__,
            )
        ) from error


def _append(prepared: "Prepared") -> bpy.types.Collection:
    if not prepared.path.is_file():
        raise ResultUnusable(Message("{path} is not there any more.", path=prepared.path))
    with load_from(prepared.path) as (available, wanted):
        if prepared.collection not in available.collections:
            raise ResultUnusable(
                Message("{name} does not hold the result.", name=prepared.path.name)
            )
        wanted.collections = [prepared.collection]
    collection: bpy.types.Collection | None = wanted.collections[0]
    if collection is None or not collection.all_objects:
        raise ResultUnusable(Message("{name} is damaged.", name=prepared.path.name))
    return collection


def existing_data() -> set[int]:
    """Session ids of all data that an append could add to."""
    found: set[int] = set()
    for name in APPENDED_DATA:
        items = getattr(bpy.data, name)
        uids = array("i", bytes(4 * len(items)))
        items.foreach_get("session_uid", uids)
        found.update(uids)
    return found


def remove_all_but(existing: set[int]) -> None:
    """Take out everything that came since; ``existing`` is what was there."""
    bpy.data.batch_remove(new_of(existing))


def new_of(existing: set[int]) -> list[bpy.types.ID]:
    """What is there now and was not among the ``existing``."""
    return [item for item in _all() if item.session_uid not in existing]


def those(uids: frozenset[int]) -> list[bpy.types.ID]:
    """What is there of these."""
    return [item for item in _all() if item.session_uid in uids]


def _all() -> list[bpy.types.ID]:
    return [item for name in APPENDED_DATA for item in getattr(bpy.data, name)]


def remove_library(path: Path, existing: set[int]) -> None:
    """Drop the record of the file appended from, which Blender keeps after an append."""
    for library in list(bpy.data.libraries):
        if library.session_uid not in existing and Path(library.filepath) == path:
            bpy.data.libraries.remove(library)
