"""DOWNLOADING: fetch every result under a fresh link, unpack what has to be unpacked."""

import json
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..catalog.messages import Message
from ..service.answers import Asset, TaskState, TaskStatus
from ..service.archives import Unpacked, unpack
from ..service.errors import BadArchive, Charged, Damaged, DownloadFailed, LinkExpired, ServiceError
from ..service.names import free_path
from .job import Failure, Job, ResultFile
from .polling import ask, available
from .results import file_stem, file_to_save, model_files, needs_unpacking, saved_as
from .runner_deps import RunnerDeps, declared, failure_of
from .states import State

NOTE_EVERY = 1.0
"""Seconds between progress notes in the store."""


def fetch(context: RunnerDeps, job: Job) -> None:
    """Fetch what is missing; a result once on disk is written down at once."""
    context.check_stop()
    status = ask(context, job)
    if status is None:
        return
    if status.status is not TaskState.FINISHED or not available(context, job, status.results):
        context.retry(job, _links_missing())
        return
    try:
        job = _fetch_missing(context, job, status)
        job = _unpack(context, job)
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


def _fetch_missing(context: RunnerDeps, job: Job, status: TaskStatus) -> Job:
    have = {file.index for file in job.files}
    for index, asset in available(context, job, status.results):
        if index in have:
            continue
        stem = file_stem(job, status.results, index)
        if asset.url is None:
            path = _write_figures(job.folder, stem, asset)
        else:
            path = _fetch_one(context, job, asset.url, index, stem)
        result = ResultFile(path, asset.asset_type, asset.metadata, index)
        job = context.change(job, job.state, files=(*job.files, result), attempts=0)
    return job


def _fetch_one(context: RunnerDeps, job: Job, url: str, index: int, stem: str) -> Path:
    """Fetch one file; under a fresh link once more if it was damaged, or the link is too old."""
    note = _ProgressNote(context, job)
    try:
        return context.fetcher.fetch(url, job.folder, stem, note)
    except (LinkExpired, Damaged) as error:
        if not error.retry:
            raise
        fresh = context.service.status(job.task_id or "").results
        new_url = fresh[index].url if index < len(fresh) else None
        if not new_url:
            raise
        return context.fetcher.fetch(new_url, job.folder, stem, note)


@dataclass(slots=True)
class _ProgressNote:
    """Writes progress into the store now and then; stops the download when it has to end."""

    context: RunnerDeps
    job: Job
    noted_at: float = field(default=0.0)

    def __call__(self, done: int, total: int | None) -> None:
        self.context.check_stop()
        now = self.context.clock.now()
        if now - self.noted_at < NOTE_EVERY:
            return
        self.noted_at = now
        self.context.change(self.job, self.job.state, bytes_done=done, bytes_total=total)


def _write_figures(folder: Path, stem: str, asset: Asset) -> Path:
    """Figures that come without a file are kept as one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = free_path(folder, stem, ".json")
        path.write_text(json.dumps(dict(asset.metadata), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise DownloadFailed(
            Message(
                "The result could not be written to {folder}: {error}", folder=folder, error=error
            )
        ) from error
    return path


def _unpack(context: RunnerDeps, job: Job) -> Job:
    unpacked: dict[int, Unpacked] = {}
    for file in needs_unpacking(job.files):
        context.check_stop()
        try:
            unpacked[file.index] = unpack(file.path, file.path.parent, file.path.stem)
        except BadArchive as error:
            error.hint = Message(
                "It is kept as {path}: look at it by hand, or order it again.", path=file.path
            )
            raise
    if not unpacked:
        return job
    files = tuple(_with_contents(file, unpacked.get(file.index)) for file in job.files)
    return context.change(job, job.state, files=files)


def _with_contents(file: ResultFile, made: Unpacked | None) -> ResultFile:
    if made is None:
        return file
    return replace(file, contents=tuple(made.files), left_out=tuple(made.left_out))


def _save_as(job: Job) -> None:
    """Put the result where the user wanted it, with the ending of what it really is."""
    target = saved_as(job)
    if target is None:
        return
    source = file_to_save(job)
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, part)
        part.replace(target)
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
