"""This Blender's connection to the job store, and what it knows about the open file."""

import os
from typing import TYPE_CHECKING, Any, Final, cast

import bpy

from . import paths

if TYPE_CHECKING:
    from ..jobs.store import Store

PROCESS: Final = os.urandom(16).hex()
"""Names this run of Blender."""


class _Session:
    store: "Store | None" = None
    opened_file: str = os.urandom(16).hex()
    saved_as: Final[dict[str, str]] = {}


def store() -> "Store":
    """The job store, opened when first needed; raises StoreUnusable."""
    if _Session.store is None:
        # Late: sqlite3 is not needed to enable the extension.
        from ..jobs.store import Store

        _Session.store = Store(paths.places().store, durable=False)
    return _Session.store


def has_jobs() -> bool:
    """Whether there is a job list at all; looks without making one."""
    return _Session.store is not None or paths.places().store.exists()


def close() -> None:
    """Let go of the store; the next use opens it again."""
    if _Session.store is not None:
        _Session.store.close()
        _Session.store = None


def file_was_opened() -> None:
    """Note that another file, or a new one, is open now."""
    _Session.opened_file = os.urandom(16).hex()


def file_was_saved() -> None:
    """Note where the open file is kept, for results that were asked for before it was saved."""
    _Session.saved_as[_Session.opened_file] = bpy.data.filepath


def opened_file() -> str:
    """Names this opening of the file."""
    return _Session.opened_file


def openings() -> list[str]:
    """Every opening in this run that is of the open file, the present one first."""
    path = bpy.data.filepath
    earlier = [one for one, saved in _Session.saved_as.items() if path and saved == path]
    return list(dict.fromkeys([_Session.opened_file, *earlier]))


def saved_as(opened: str) -> str:
    """Where the file of that opening was last saved during this run; "" if it was not."""
    return _Session.saved_as.get(opened, "")


def origin(context: bpy.types.Context) -> dict[str, Any]:
    """Where a job is asked for, as it is kept with the job.

    ``opened`` names one opening of a file, so an unsaved file is known again as long as it stays
    open, whatever it is saved as later; ``scene_uid`` does the same for a renamed scene.
    """
    scene = cast(bpy.types.Scene, context.scene)
    return {
        "blend": bpy.data.filepath,
        "opened": _Session.opened_file,
        "process": PROCESS,
        "scene": scene.name,
        "scene_uid": scene.session_uid,
    }
