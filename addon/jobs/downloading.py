"""Result files, one by one, from the service to the job's folder."""

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ..catalog import AssetType
from ..catalog.messages import Message
from ..service import whole_files
from ..service.answers import Asset
from ..service.bounds import over_within
from ..service.errors import Damaged, DownloadFailed, LinkExpired, ServiceError
from ..service.names import free_path
from .checksums import is_whole
from .file_locks import FilesBusy, files_of
from .job import Job, ResultFile
from .results import file_stem
from .runner_deps import RunnerDeps
from .task_words import declared

log = logging.getLogger(__name__)

NOTE_EVERY = 1.0
"""Seconds between progress notes in the store."""


def fetch_missing(
    context: RunnerDeps, job: Job, results: tuple[Asset, ...], wanted: Iterable[tuple[int, Asset]]
) -> Job:
    """Fetch those of ``wanted`` that are not there yet, each written down as it comes.

    ``results`` are all that the service lists. Raises ServiceError and Stopped.
    """
    # The list may have been another one when pictures were fetched before the rest was there.
    places = _places(results)
    kept = [f for f in job.files if (f.index, f.asset_type) in places and is_whole(f)]
    job = replace(job, files=tuple(kept))
    have = {file.index for file in kept}
    for index, asset in wanted:
        if index in have:
            continue
        stem = file_stem(job, results, index)
        _go_on_with(job.folder, file_stem(job, _to_come(job, results), index), stem)
        if asset.url is None:
            path = _write_figures(job.folder, stem, asset)
        else:
            path = _fetch_one(context, job, asset.url, index, stem)
        result = ResultFile(path, asset.asset_type, asset.metadata, index)
        job = context.change(job, job.state, files=(*job.files, result), attempts=0)
    return job


def _places(results: tuple[Asset, ...]) -> set[tuple[int, str]]:
    return {(index, asset.asset_type) for index, asset in enumerate(results)}


def fetch_pictures(context: RunnerDeps, job: Job, results: tuple[Asset, ...]) -> Job:
    """Fetch the pictures that are there before the job has ended: they show what is coming.

    Whatever goes wrong is left to ``fetch_missing``. Raises Stopped.
    """
    if not any(_is_early(job, index, asset) for index, asset in enumerate(results)):
        return job
    try:
        with files_of(job):
            return _fetch_early(context, job, results)
    except FilesBusy as busy:
        log.info("the files of job %s are worked on by %s", job.id, busy)
        return job


def _is_early(job: Job, index: int, asset: Asset) -> bool:
    """Whether it is a picture that can be had, and is not there."""
    is_there = any(file.index == index for file in job.files)
    return not is_there and asset.url is not None and asset.asset_type in PICTURES


def _fetch_early(context: RunnerDeps, job: Job, results: tuple[Asset, ...]) -> Job:
    for index, asset in enumerate(results):
        if asset.url is None or not _is_early(job, index, asset):
            continue
        try:
            stem = file_stem(job, _to_come(job, results), index)
            with over_within(PICTURE_SECONDS):
                path = context.fetcher.fetch(asset.url, job.folder, stem, _StopNote(context))
        except ServiceError as error:
            log.info("a picture of job %s is not fetched early: %s", job.id, error)
            break
        result = ResultFile(path, asset.asset_type, asset.metadata, index)
        job = context.change(job, job.state, files=(*job.files, result))
    return job


PICTURE_SECONDS: Final = 15.0
"""What a picture that only shows what is coming may take: looking at jobs waits for it."""
PICTURES: Final = frozenset({AssetType.IMAGE, AssetType.EDITED_IMAGE})


def _go_on_with(folder: Path, early: str, stem: str) -> None:
    """Let what came of a picture early be a part of the file, which has another name by now."""
    if early != stem:
        for ending in (".part", ".part.json"):
            with suppress(OSError):  # most of the time there is none
                whole_files.replace(folder / f"{early}{ending}", folder / f"{stem}{ending}")


def _to_come(job: Job, results: tuple[Asset, ...]) -> tuple[Asset, ...]:
    """All results as they will be listed in the end: by these a file gets its name."""
    operation = declared(job)
    listed = {asset.asset_type for asset in results}
    expected = () if operation is None else operation.results
    return (*results, *(Asset(None, kind) for kind in expected if kind not in listed))


@dataclass(frozen=True, slots=True)
class _StopNote:
    """Lets a download end with the work; how far it is, is the job's own progress."""

    context: RunnerDeps

    def __call__(self, _done: int, _total: int | None) -> None:
        self.context.check_stop()


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
        text = json.dumps(dict(asset.metadata), indent=2) + "\n"
        whole_files.write(path, text.encode())
    except OSError as error:
        raise DownloadFailed(
            Message(
                "The result could not be written to {folder}: {error}", folder=folder, error=error
            )
        ) from error
    return path
