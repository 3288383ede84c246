"""The pictures among the results in the job list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...catalog import Mode, UnknownOperation, get
from ...catalog.encoders import is_address
from ...jobs.paths import locations
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


def result_pictures(current: Snapshot) -> list[tuple[Path, str]]:
    """Every picture there is among the known results, and its job's name; newest first."""
    return [
        (path, row.job.name)
        for row in current.known
        if row.job.state in HAVE_RESULTS
        for path in pictures_of(row.job)
    ]


def source_of_picture(current: Snapshot, picture: str) -> str:
    """The local picture that a result was made from; "" if there was none."""
    job = job_of_picture(current, picture)
    return "" if job is None else source_of(job)


def job_of_picture(current: Snapshot, picture: str) -> Job | None:
    """The job that made the picture; None if none of those known did."""
    made = (row.job for row in current.known if picture in map(str, pictures_of(row.job)))
    return next(made, None)


def name_of(current: Snapshot, picture: str) -> str:
    """The name of the job that made the picture; "" if none of those known did."""
    found = (name for path, name in result_pictures(current) if str(path) == picture)
    return next(found, "")


def source_of(job: Job) -> str:
    """The local picture that the job's result was made from; "" if there was none."""
    try:
        fields = get(job.operation).fields
    except UnknownOperation:
        return ""
    given = [
        place
        for field in fields
        if field.source is Mode.IMAGE
        for place in locations(job.values.get(field.name))
        if not is_address(place)
    ]
    return next(iter(given), "")


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
