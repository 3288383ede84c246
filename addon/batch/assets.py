"""Between fetching and processing: what is to be made of a row's files, and what was made."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..catalog import Value, get
from ..catalog.encoders import job_of
from ..catalog.messages import pack
from ..jobs.asset_catalogs import catalog_id
from ..jobs.job import Failure, Job
from ..jobs.originals import look_of, may_be_bare
from ..jobs.results import model_choices
from ..recipes.post import model_field, takes_model
from ..service import picture_types
from ..service.errors import Charged
from ..service.file_types import MODEL_SUFFIXES
from .digests import digest
from .folder import BatchFolder, read_json, write_json
from .order_store import order_of
from .rows import Row

FORMAT: Final = 1
"""Raised when Blender's part makes something else of the same order: assets are made again."""

Document = Mapping[str, Any]


def order_for(folder: BatchFolder, row: Row, jobs: Sequence[Job]) -> Document:
    """What is to be made of a row whose orders are all done."""
    last = jobs[-1]
    home = folder.asset(row.asset)
    models, *others = model_choices(get(last.operation), last.files) or [[]]
    delivered = [path for file in last.files for path in (file.path, *file.contents)]
    pictures = [path for path in delivered if path.suffix.lower() in picture_types.SENDABLE]
    order: dict[str, Any] = {
        "asset": row.asset,
        "name": row.name,
        "tags": list(row.tags),
        "kind": "model" if models else "pictures" if pictures else "files",
        "files": [_inside(home, path) for path in models or pictures or delivered],
        "post": row.post.local(),
        "catalog_id": catalog_id(row.post.catalog),
        "job": _origin(row, jobs),
    }
    original = _original(row, jobs) if row.post.textures else []
    if original:
        order["original"] = [
            _inside(home, path) if path.is_relative_to(home) else str(path) for path in original
        ]
    left_out = [pack(text) for file in last.files for text in file.left_out]
    if left_out:
        order["left_out"] = left_out
    if others:
        order["others"] = [[_inside(home, path) for path in choice] for choice in others]
    order["work"] = digest([FORMAT, order])
    return order


def write_order(folder: BatchFolder, asset: str, order: Document) -> None:
    """Write it down for whoever makes it, unless it is there; raises OSError."""
    there = read_json(folder.order(asset)) or {}
    if there.get("work") != order["work"]:
        write_json(folder.order(asset), order)


def _inside(home: Path, path: Path) -> str:
    return path.relative_to(home).as_posix()


def _original(row: Row, jobs: Sequence[Job]) -> list[Path]:
    """The files of the model that the last result was made anew of; [] if there are none.

    It is the last one that came with a look of its own: a result, or the file the row starts from.
    """
    if not may_be_bare(jobs[-1]):
        return []
    before = look_of(jobs[:-1])
    if before:
        return before
    own = _own_job(row, jobs)
    if not takes_model(get(own.operation)):
        return []
    file = Path(str(_as_given(own.values.get(model_field(get(own.operation)), ""), jobs)))
    return [file] if file.is_absolute() and file.suffix.lower() in MODEL_SUFFIXES else []


def _own_job(row: Row, jobs: Sequence[Job]) -> Job:
    """The row's own order, before what follows and without what gets it an address."""
    return next(job for job in jobs if order_of(job) == row.key)


def _origin(row: Row, jobs: Sequence[Job]) -> dict[str, Any]:
    """Where the asset comes from; becomes custom properties of its objects."""
    first = _own_job(row, jobs)
    return {
        "id": first.id,
        "operation": first.operation,
        "values": {name: _as_given(value, jobs) for name, value in first.values.items()},
        "task_id": jobs[-1].task_id,
        "service_address": first.service_address,
        "estimate": row.price,
    }


def _as_given(value: Value, jobs: Sequence[Job]) -> Any:
    """The value as JSON; of a model that was sent ahead, the file."""
    ahead = next((job for job in jobs if job.id == job_of(value)), None)
    if ahead is not None:
        return ahead.values[model_field(get(ahead.operation))]
    return dict(value) if isinstance(value, Mapping) else value


def record_of(folder: BatchFolder, asset: str, order: Document) -> Document | None:
    """What was made by exactly this order; None if that is still to be done."""
    record = read_json(folder.record(asset))
    if record is None or record.get("work") != order["work"]:
        return None
    complete = all((folder.asset(asset) / name).is_file() for name in record.get("files", []))
    return record if complete else None


def failure_document(failure: Failure | None) -> dict[str, str] | None:
    """A failure as JSON, the same everywhere in the batch's files."""
    if failure is None:
        return None
    return {
        "code": failure.code,
        "message": failure.message,
        "next_step": failure.hint,
        "credits": failure.credits,
        "charged": "" if failure.charged is None else failure.charged.name,
    }


def failure_in(record: Document | None) -> Failure | None:
    """The failure a record tells of."""
    said = None if record is None else record.get("failure")
    if said is None:
        return None
    charged = Charged.named(said.get("charged"))
    return Failure(said["code"], said["message"], said["next_step"], charged)
