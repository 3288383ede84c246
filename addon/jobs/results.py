"""Result files: what they are called, and which of them is the model to bring into a scene."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog import Operation
from ..service.file_types import MODEL_SUFFIXES
from ..service.names import safe_name

if TYPE_CHECKING:
    from ..service.answers import Asset
    from .job import Job, ResultFile


def file_stem(job: Job, results: tuple[Asset, ...], index: int) -> str:
    """The name of one of a job's results, without suffix."""
    return stem(job.task_id or job.id, job.operation, results, index)


def stem(task_id: str, operation: str, results: tuple[Asset, ...], index: int) -> str:
    """``<task>-<operation>``, with the type where types differ and a number where they do not."""
    asset = results[index]
    parts = [task_id, operation]
    if len({other.asset_type for other in results}) > 1 and asset.asset_type:
        parts.append(asset.asset_type.replace("_", "-").lower())
    same = [i for i, other in enumerate(results) if other.asset_type == asset.asset_type]
    if len(same) > 1:
        parts.append(str(same.index(index) + 1))
    return safe_name("-".join(parts))


def model_files(operation: Operation | None, files: Iterable[ResultFile]) -> list[Path]:
    """The file (or an archive's files of one format) that shows the result best; [] if none.

    The catalogue's order of result types decides first, then the format.
    """
    wanted = [] if operation is None else [str(kind) for kind in operation.results]

    def rank(file: ResultFile, path: Path) -> tuple[int, int]:
        kind = wanted.index(file.asset_type) if file.asset_type in wanted else len(wanted)
        return kind, MODEL_SUFFIXES.index(path.suffix.lower())

    candidates = [
        (rank(file, path), path)
        for file in files
        for path in (file.path, *file.contents)
        if path.suffix.lower() in MODEL_SUFFIXES
    ]
    if not candidates:
        return []
    best_rank, best = min(candidates, key=lambda candidate: candidate[0])
    of_archive = [p for r, p in candidates if r == best_rank and p.parent == best.parent]
    packed = any(best in file.contents for file in files)
    return of_archive if packed else [best]


def needs_unpacking(files: Iterable[ResultFile]) -> list[ResultFile]:
    """The archives to unpack: only where no model came as a file of its own."""
    all_files = list(files)
    if any(file.path.suffix.lower() in MODEL_SUFFIXES for file in all_files):
        return []
    return [f for f in all_files if f.path.suffix.lower() == ".zip" and not f.contents]
