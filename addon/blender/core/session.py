"""This Blender's connection to the job store, and what it knows about the open file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import bpy

from . import memory, paths
from .access import scene_of
from .memory import Part

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ...jobs.origin import Origin
    from ...jobs.store import Store

PROCESS: Final = os.urandom(16).hex()
"""Names this run of Blender."""


class _Session(Part):
    def __init__(self) -> None:
        self.store: Store | None = None
        self.opened_file = os.urandom(16).hex()
        self.saved_as: dict[str, str] = {}

    def end(self) -> None:
        """Let go of the store; the next use opens it again."""
        if self.store is not None:
            self.store.close()
            self.store = None


def _session() -> _Session:
    return memory.of(_Session)


def store() -> Store:
    """The job store, opened when first needed; raises StoreUnusable."""
    session = _session()
    if session.store is None:
        # Late: sqlite3 is not needed to enable the extension.
        from ...jobs.store import Store

        session.store = Store(paths.places().store, durable=False)
    return session.store


def has_jobs() -> bool:
    """Whether there is a job list at all; looks without making one."""
    return _session().store is not None or paths.places().store.exists()


def file_was_opened() -> None:
    """Note that another file, or a new one, is open now."""
    _session().opened_file = os.urandom(16).hex()


def file_was_saved() -> None:
    """Note where the open file is kept, for results that were asked for before it was saved."""
    session = _session()
    session.saved_as[session.opened_file] = bpy.data.filepath


def opened_file() -> str:
    """Names this opening of the file."""
    return _session().opened_file


def openings() -> list[str]:
    """Every opening in this run that is of the open file, the present one first."""
    path = bpy.data.filepath
    session = _session()
    earlier = [one for one, saved in session.saved_as.items() if path and saved == path]
    return list(dict.fromkeys([session.opened_file, *earlier]))


def saved_as(opened: str) -> str:
    """Where the file of that opening was last saved during this run; "" if it was not."""
    return _session().saved_as.get(opened, "")


def is_open(job: Job) -> bool:
    """Whether the open file is the one the job was asked for from, and was not opened again."""
    return job.origin.file is not None and job.origin.file.opened == opened_file()


def origin(context: bpy.types.Context) -> Origin:
    """Where a job is asked for, as it is kept with the job."""
    from ...jobs.origin import OpenFile, Origin  # late: not needed to enable the extension

    scene = scene_of(context)
    return Origin(
        OpenFile(
            blend=bpy.data.filepath,
            opened=_session().opened_file,
            process=PROCESS,
            scene=scene.name,
            scene_uid=scene.session_uid,
        )
    )
