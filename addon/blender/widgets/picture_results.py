"""The pictures among the results in the job list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...catalog import UnknownOperation, get
from ...jobs.results import paths_of
from ...jobs.states import State
from ...service.picture_types import SENDABLE, SHOWABLE
from ..settings.properties import PICTURE_GROUPS
from ..snapshot.snapshot import JobRow, Snapshot

if TYPE_CHECKING:
    from ...jobs.job import Job

VIEWABLE: Final = SHOWABLE | {".mp4", ".webm"}
"""Suffixes of what an image editor opens: pictures and films."""

HAVE_RESULTS: Final = {State.READY, State.PLACED}


def picture_rows(current: Snapshot) -> tuple[JobRow, ...]:
    """The finished jobs of the Image panel, newest first."""
    return tuple(
        row for row in current.rows if row.job.state in HAVE_RESULTS and _is_picture_job(row.job)
    )


def pictures_of(job: Job) -> tuple[Path, ...]:
    """The job's picture files, in the service's order."""
    return tuple(path for path in paths_of(job) if path.suffix.lower() in SENDABLE)


def _is_picture_job(job: Job) -> bool:
    try:
        return get(job.operation).group in PICTURE_GROUPS
    except UnknownOperation:
        return False


def has_pictures(job: Job) -> bool:
    """Tell whether there is anything to open."""
    return any(path.suffix.lower() in VIEWABLE for path in paths_of(job))
