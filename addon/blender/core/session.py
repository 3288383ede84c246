"""This Blender's connection to the job store, and what it knows about the open file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Final

import bpy

from . import memory, paths
from .access import scene_of
from .memory import Part

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ...jobs.origin import Origin
    from ...jobs.store import Store

KEPT: Final = "studio3d_open_file"
"""In Blender's namespace of drivers, which lasts as long as the file is open: longer than the
extension, which may be updated or switched off and on while a job runs."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """What is known of the open file beside its path; never changed, only replaced."""

    process: str = field(default_factory=lambda: os.urandom(16).hex())
    """Names this run of Blender."""
    opened: str = field(default_factory=lambda: os.urandom(16).hex())
    """Names this opening of the file."""
    saved_as: Mapping[str, str] = field(default_factory=dict)
    """Openings of this run, with the path each was last saved to."""


class _Session(Part):
    def __init__(self) -> None:
        self.store: Store | None = None
        self.opening = _kept()
        self.keep(self.opening)

    def keep(self, opening: _Opening) -> None:
        """Know the file by this from now on, and after the extension has come again."""
        self.opening = opening
        bpy.app.driver_namespace[KEPT] = asdict(opening)

    def end(self) -> None:
        """Let go of the store; the next use opens it again."""
        if self.store is not None:
            self.store.close()
            self.store = None


def _kept() -> _Opening:
    """What the extension knew before it was switched off, perhaps in another version of it."""
    match bpy.app.driver_namespace.get(KEPT):
        case {"process": str(process), "opened": str(opened), "saved_as": dict(saved_as)}:
            return _Opening(process, opened, saved_as)
    return _Opening()


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
    session = _session()
    session.keep(replace(session.opening, opened=_Opening().opened))


def file_was_saved() -> None:
    """Note where the open file is kept, for results that were asked for before it was saved."""
    session = _session()
    now = session.opening
    saved_as = {**now.saved_as, now.opened: bpy.data.filepath}
    session.keep(replace(now, saved_as=saved_as))


def what_is_open() -> tuple[object, str]:
    """Another one whenever it may be another file that is open, or whose jobs are of it."""
    return _session().opening, bpy.data.filepath


def opened_file() -> str:
    """Names this opening of the file."""
    return _session().opening.opened


def process() -> str:
    """Names this run of Blender."""
    return _session().opening.process


def openings() -> list[str]:
    """Every opening in this run that is of the open file, the present one first."""
    path = bpy.data.filepath
    now = _session().opening
    earlier = [one for one, saved in now.saved_as.items() if path and saved == path]
    return list(dict.fromkeys([now.opened, *earlier]))


def saved_as(opened: str) -> str:
    """Where the file of that opening was last saved during this run; "" if it was not."""
    return _session().opening.saved_as.get(opened, "")


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
            opened=opened_file(),
            process=process(),
            scene=scene.name,
            scene_uid=scene.session_uid,
        )
    )
