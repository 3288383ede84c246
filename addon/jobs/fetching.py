"""DOWNLOADING: fetch every result under a fresh link, unpack what has to be unpacked."""

from dataclasses import replace
from pathlib import Path

from ..catalog.messages import Message, the_first
from ..service import whole_files
from ..service.answers import TaskState
from ..service.archives import ZIP_LIKE, Unpacked, check, unpack
from ..service.errors import BadArchive, Charged, DownloadFailed, ServiceError
from ..service.path_room import short
from .checksums import with_checksums
from .downloading import fetch_missing
from .job import Failure, Job, ResultFile
from .leftovers import START
from .polling import ask, available
from .results import file_to_save, model_files, needs_unpacking, saved_as
from .runner_deps import RunnerDeps, failure_of
from .states import State
from .task_words import declared


def fetch(context: RunnerDeps, job: Job) -> None:
    """Fetch what is missing; a result once on disk is written down at once."""
    context.check_stop()
    status = ask(context, job)
    if status is None:
        return
    there = available(context, job, status.results)
    if status.status is not TaskState.FINISHED or not there:
        context.retry(job, _links_missing())
        return
    try:
        job = fetch_missing(context, job, status.results, there)
        job = _unpack(context, job)
        _check_packages(job)
        job = _note_checksums(context, job)
        _save_as(job)
    except BadArchive as error:
        context.end(job, State.FAILED, failure_of(error))
    except ServiceError as error:
        if isinstance(error, DownloadFailed) and not error.retry:
            context.end(job, State.FAILED, failure_of(error))
        else:
            # Read anew: files fetched on the way have started the count of tries again.
            context.retry(context.store.get(job.id), failure_of(error, Charged.SPENT))
    else:
        _done(context, job)


def _unpack(context: RunnerDeps, job: Job) -> Job:
    unpacked: dict[int, Unpacked] = {}
    for file in needs_unpacking(job.files):
        context.check_stop()
        try:
            unpacked[file.index] = unpack(file.path, file.path.parent, short(file.path.stem, START))
        except BadArchive as error:
            error.hint = _kept(file.path)
            raise
    if not unpacked:
        return job
    files = tuple(_with_contents(file, unpacked.get(file.index)) for file in job.files)
    return context.change(job, job.state, files=files)


def _note_checksums(context: RunnerDeps, job: Job) -> Job:
    """Write down what the files are like; one that cannot be read is not there as it should be."""
    try:
        files = tuple(map(with_checksums, job.files))
    except OSError as error:
        raise DownloadFailed(
            Message("The result cannot be read again: {reason}", reason=error.strerror or error)
        ) from error
    return job if files == job.files else context.change(job, job.state, files=files)


def _check_packages(job: Job) -> None:
    """Raises BadArchive for archives that Blender is to read, and that would unpack to too much."""
    for file in job.files:
        for path in (file.path, *file.contents):
            if path.suffix.lower() in ZIP_LIKE:
                try:
                    check(path)
                except BadArchive as error:
                    error.hint = _kept(path)
                    raise


def _kept(path: Path) -> str:
    return Message("It is kept as {path}: look at it by hand, or order it again.", path=path)


def _with_contents(file: ResultFile, made: Unpacked | None) -> ResultFile:
    if made is None:
        return file
    return replace(file, contents=tuple(made.files), left_out=tuple(the_first(made.left_out)))


def _save_as(job: Job) -> None:
    """Put the result where the user wanted it, with the ending of what it really is."""
    target = saved_as(job)
    if target is None:
        return
    source = file_to_save(job)
    part = target.with_name(f".{target.name}.{job.id[:8]}.part")  # others may save as the same
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        whole_files.copy(source, target, part=part)
    except OSError as error:
        raise DownloadFailed(
            Message(
                "The result could not be saved as {target}: {reason}",
                target=target,
                reason=error.strerror,
            ),
            retry=False,
            hint=Message("It is kept as {source}.", source=source),
        ) from error


def _done(context: RunnerDeps, job: Job) -> None:
    prepare = job.wants_prepared and model_files(declared(job), job.files)
    context.change(
        job,
        State.PREPARING if prepare else State.READY,
        next_at=context.clock.now(),
        bytes_done=0,
        bytes_total=None,
        failure=None,
    )


def _links_missing() -> Failure:
    return Failure(
        "links_missing",
        "The service does not give out links to the result at the moment.",
        DownloadFailed.hint,
        DownloadFailed.charged,
    )
