"""PREPARING: have a .blend made of the files that were downloaded."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ..catalog import estimate
from ..catalog.messages import Message, together
from ..service.errors import Charged
from ..service.names import free_path, safe_name
from ..service.stopping import Stopped
from .checksums import has_contents, is_whole
from .job import NO_READER, Failure, Job, ResultFile
from .originals import look_of, may_be_bare
from .results import conversion, model_files
from .runner_deps import NoReader, PreparationFailed, RunnerDeps
from .states import State
from .task_words import declared

log = logging.getLogger(__name__)

MAX_TRIES = 3
"""Tries that ended without a word, with the whole process: then the file itself is suspect."""


def prepare(context: RunnerDeps, job: Job) -> None:
    """Make the .blend; whatever fails, the files stay and are named.

    Files that were deleted or damaged are fetched again, as long as the service has them. What was
    changed is used as it is after that.
    """
    context.check_stop()
    if context.preparer is None:
        raise RuntimeError("claimed a job to prepare without a preparer")
    whole = tuple(_still_whole(job.files))
    lost = [path for path in _paths(job.files) if path not in set(_paths(whole))]
    if lost and (_is_kept_by_service(context, job) or not all(path.is_file() for path in lost)):
        _fetch_again(context, job, whole, lost[0])
        return
    files = model_files(declared(job), job.files)
    paths = ", ".join(str(file.path) for file in job.files)
    kept = Message("The downloaded files are kept: {files}", files=paths)
    if lost:
        kept = together(Message("{name} was changed after it came.", name=lost[0].name), kept)
    if not files:
        context.end(job, State.FAILED, _failure("There is no 3D file among the results.", kept))
        return
    if job.attempts >= MAX_TRIES:
        message = "Preparing the result ended the background Blender each time."
        context.end(job, State.FAILED, _failure(message, kept))
        return
    job = context.change(job, job.state, attempts=job.attempts + 1)
    to = free_path(job.folder, safe_name(f"{job.task_id}-{job.operation}"), ".blend")
    try:
        prepared = context.preparer.prepare(job, files, to, _look_before(context, job))
    except NoReader as error:
        hint = together(error.hint, _way_out(job), kept)
        context.change(job, State.READY, failure=Failure(NO_READER, error.message, hint))
        return
    except PreparationFailed as error:
        hint = together(error.hint, kept)
        context.end(job, State.FAILED, _failure(error.message, hint))
        return
    except Stopped:
        context.change(job, job.state, attempts=job.attempts - 1)
        raise
    context.change(job, State.READY, prepared=prepared, failure=None)


def _look_before(context: RunnerDeps, job: Job) -> list[Path]:
    """The model that a step of this order started from, where its textures are to be kept."""
    if job.origin.then is None or not may_be_bare(job):
        return []
    return look_of([one for one in context.store.order_of(job) if one.id != job.id])


def _still_whole(files: Iterable[ResultFile]) -> Iterator[ResultFile]:
    """The files as they were fetched; an archive without its contents is to be unpacked again."""
    for file in filter(is_whole, files):
        if has_contents(file):
            yield file
        else:
            yield replace(file, contents=(), left_out=(), checksums=())


def _paths(files: Iterable[ResultFile]) -> list[Path]:
    return [path for file in files for path in (file.path, *file.contents)]


def _is_kept_by_service(context: RunnerDeps, job: Job) -> bool:
    age = context.clock.now() - (job.submitted_at or job.created_at)
    return age < context.pace.result_lifetime


def _fetch_again(context: RunnerDeps, job: Job, whole: tuple[ResultFile, ...], lost: Path) -> None:
    log.info("files of job %s are gone or damaged, and fetched again", job.id)
    trouble = Failure(
        "files_changed",
        Message("{name} is gone or damaged, and is fetched again.", name=lost.name),
        "Nothing is paid for again.",
        Charged.SPENT,
    )
    now = context.clock.now()
    context.change(job, State.DOWNLOADING, files=whole, next_at=now, failure=trouble)


def _way_out(job: Job) -> str:
    """What the service can make of the files that this Blender does not read."""
    request = conversion(job.files)
    if request is None:
        return ""
    price = estimate(request).total
    return Message("Convert makes another format of it for {n} credits.", n=price)


def _failure(message: str, hint: str) -> Failure:
    return Failure("prepare_failed", message, hint, Charged.SPENT)
