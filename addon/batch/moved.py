"""A batch's folder that was moved or copied, from another system too: its jobs go along."""

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

from ..jobs.job import Job
from ..jobs.paths import located
from .folder import BatchFolder

BELOW_ROOT = 3
"""Parts of a job's folder below the batch's: see ``folder``."""


def changes(folder: BatchFolder, job: Job) -> dict[str, Any]:
    """What is different for the job where the folder is now; {} where it has always been."""
    place = job.origin.batch
    if place is None:
        return {}
    home = folder.source(place.asset).absolute()
    if job.folder == home:
        return {}
    before = pure(str(job.folder)).parents[BELOW_ROOT - 1]

    def now(path: str | Path) -> Path | str:
        named = pure(str(path), like=before)
        if not named.is_relative_to(before):
            return path if isinstance(path, Path) else str(path)
        return folder.root.absolute().joinpath(*named.relative_to(before).parts)

    return {
        "folder": home,
        "files": tuple(file.moved(lambda path: Path(now(path))) for file in job.files),
        "values": {name: located(value, now) for name, value in job.values.items()},
    }


def pure(text: str, like: PurePath | None = None) -> PurePath:
    """A path as the system means it that wrote it down."""
    if like is not None:
        return type(like)(text)
    return PureWindowsPath(text) if "\\" in text else PurePosixPath(text)
