"""What was paid for, written down a second time: in the folder of each asset, in ``paid.json``.

Should the batch's job list be lost or damaged, the next run has it back from here: results that
are there are believed, tasks that were under way are asked for. Nothing is paid for twice.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from ..jobs import rows
from ..jobs.job import Job
from ..jobs.states import State
from .folder import PAID, SOURCE, BatchFolder, read_json, write_json
from .moved import pure

log = logging.getLogger(__name__)

KEPT: Final = (
    "id", "operation", "values", "mode", "name", "service_address", "created_at", "updated_at",
    "task_id", "submitted_at", "finished_at", "estimate", "charged", "origin", "files",
)  # fmt: skip
"""Of a job; where it stands follows from what is there."""

DONE: Final = frozenset({State.READY, State.PLACED})


def note(folder: BatchFolder, job: Job) -> None:
    """Write the job down beside its asset, in place of what was known of it.

    A file that cannot be written is in nobody's way: the job list has it all.
    """
    place = job.origin.batch
    if place is None or job.task_id is None:
        return
    path = folder.paid(place.asset)
    try:
        write_json(path, {"jobs": {**_noted(path), job.id: _document(folder, job)}})
    except OSError as error:
        log.warning("%s could not be written: %s", path, error)


def noted_jobs(folder: BatchFolder) -> Iterator[Job]:
    """The jobs that are written down anywhere in the folder; what cannot be read is left out."""
    for path in sorted(folder.root.glob(f"assets/*/{PAID}")):
        for document in _noted(path).values():
            try:
                yield _job(path.parent, document)
            except rows.UNREADABLE:
                log.warning("an entry of %s could not be read", path)


def _noted(path: Path) -> dict[str, Any]:
    jobs = (read_json(path) or {}).get("jobs")
    return jobs if isinstance(jobs, dict) else {}


def _document(folder: BatchFolder, job: Job) -> dict[str, Any]:
    home = folder.root.absolute() / "assets" / job.folder.parent.name

    def inside(path: Path) -> Path:
        return path.relative_to(home) if path.is_relative_to(home) else path

    moved = tuple(file.moved(inside) for file in job.files)
    kept = replace(job, files=moved)
    document = {name: rows.encode(name, getattr(kept, name)) for name in KEPT}
    return document | {"done": job.state in DONE}


def _job(home: Path, document: Mapping[str, Any]) -> Job:
    """As it goes on: done if all its files are there, else the service is asked for them.

    Files elsewhere than in the asset's folder are none of it.
    """
    empty = {field.name: None for field in fields(Job)}
    stored = {**empty, **{name: document[name] for name in KEPT}, "state": State.PENDING}
    stored |= {"folder": str(home.absolute() / SOURCE), "progress": 0, "bytes_done": 0}
    stored |= {"wants_prepared": 0, "keeps_place": 0, "next_at": 0.0, "attempts": 0, "listed": 1}
    job = rows.to_job(stored)
    here = home.absolute()
    files = tuple(
        file.moved(lambda path: here.joinpath(*pure(str(path)).parts)) for file in job.files
    )
    paths = [path for file in files for path in (file.path, *file.contents)]
    there = all(path.is_file() and path.resolve().is_relative_to(home.resolve()) for path in paths)
    if document["done"] is True and files and there:
        return replace(job, files=files, state=State.READY, progress=100)
    return replace(job, files=(), finished_at=None)
