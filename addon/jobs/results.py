"""Result files: what they are called, and which of them is the model to bring into a scene."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog import Operation, Request, UnknownOperation, build_request, get
from ..catalog.declared.mesh_tools import CONVERT, CONVERTIBLE
from ..catalog.operation import RESULT_LABELS
from ..service.file_types import MODEL_SUFFIXES, READ_BY_ANY_BLENDER, USD_SUFFIXES, with_suffix
from ..service.names import safe_name
from ..service.picture_types import SHOWABLE

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
    """The file (or an archive's files of one format) that shows the result best; [] if none."""
    return next(iter(model_choices(operation, files)), [])


def model_choices(operation: Operation | None, files: Iterable[ResultFile]) -> list[list[Path]]:
    """The same, with what there is to fall back on: the best first, each a model of its own.

    The catalogue's order of result types decides first, then the format. Of an archive all files of
    a format are parts of one model, in whatever folders; those called alike are versions of it.
    """
    wanted = [] if operation is None else [str(kind) for kind in operation.results]

    def rank(file: ResultFile, path: Path) -> tuple[int, int]:
        kind = wanted.index(file.asset_type) if file.asset_type in wanted else len(wanted)
        return kind, MODEL_SUFFIXES.index(path.suffix.lower())

    candidates = [
        (rank(file, path), path, file)
        for file in files
        for path in (file.path, *file.contents)
        if path.suffix.lower() in MODEL_SUFFIXES
    ]
    choices: list[list[Path]] = []
    chosen: set[Path] = set()
    for _, best, file in sorted(candidates, key=lambda candidate: candidate[0]):
        if best not in chosen:
            choices.append(
                _with_parts(best, [path for path in file.contents if path not in chosen])
            )
            chosen.update(choices[-1])
    return choices


def _with_parts(best: Path, unpacked: Sequence[Path]) -> list[Path]:
    """The path, and the other parts of the model if it comes from an archive."""
    if best not in unpacked:
        return [best]
    alike = [path for path in unpacked if path.suffix.lower() == best.suffix.lower()]
    beside = [path for path in alike if path.parent == best.parent]
    if best.suffix.lower() in USD_SUFFIXES:  # a layer in a folder of its own is read by the others
        return beside
    parts = {path.name.lower(): path for path in reversed([*beside, *alike])}
    return [path for path in alike if path in parts.values()]


def as_delivered(files: Iterable[ResultFile], path: Path) -> Path:
    """The file that came with ``path`` in it: the archive it was unpacked from, or itself."""
    return next((file.path for file in files if path in file.contents), path)


def conversion(files: Iterable[ResultFile]) -> Request | None:
    """The order that makes another format of a result whose best file is not read, if there is one.

    FBX is read without any library; of the other formats GLB keeps most.
    """
    files = list(files)
    models = model_files(None, files)
    if not models or models[0].suffix.lower() not in CONVERTIBLE:
        return None
    file = as_delivered(files, models[0])
    form = "fbx" if file.suffix.lower() in {".glb", ".gltf"} else "glb"
    return build_request(CONVERT.name, {"model_file": str(file), "output_format": form})


def needs_unpacking(files: Iterable[ResultFile]) -> list[ResultFile]:
    """The archives to unpack: only where no model to bring in came as a file of its own."""
    all_files = list(files)
    if any(file.path.suffix.lower() in READ_BY_ANY_BLENDER for file in all_files):
        return []
    return [f for f in all_files if f.path.suffix.lower() == ".zip" and not f.contents]


def saved_as(job: Job) -> Path | None:
    """Where the result of a finished job is as well, with the ending of what it really is."""
    return None if job.save_as is None else with_suffix(job.save_as, file_to_save(job).suffix)


def file_to_save(job: Job) -> Path:
    """The file of the results that is put where the user wanted one."""
    try:
        operation = get(job.operation)
    except UnknownOperation:  # made by a newer version
        operation = None
    wanted = model_files(operation, job.files) or [file.path for file in job.files]
    return as_delivered(job.files, wanted[0])


def thumbnail(job: Job) -> Path | None:
    """The preview made of a model, else the first picture among the results."""
    if job.prepared is not None and job.prepared.preview is not None:
        return job.prepared.preview
    return next((path for path in paths_of(job) if path.suffix.lower() in SHOWABLE), None)


def sorted_files(job: Job) -> list[ResultFile]:
    """The results as people see them: pictures, then models, then archives; others at the end."""
    order = {kind: place for place, kind in enumerate(RESULT_LABELS)}
    return sorted(job.files, key=lambda file: (order.get(file.asset_type, len(order)), file.index))


def label_of(operation: Operation | None, file: ResultFile) -> str:
    """What a result is, or the service's own word for it."""
    own = {} if operation is None else operation.result_labels
    return own.get(file.asset_type) or RESULT_LABELS.get(file.asset_type, file.asset_type)


def paths_of(job: Job) -> list[Path]:
    """All files of the job's results, those in archives in place of the archives."""
    return [path for file in job.files for path in (file.contents or (file.path,))]
