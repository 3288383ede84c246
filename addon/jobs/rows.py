"""Between a Job and its row: which columns hold JSON, and how it is read back."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..catalog import Mode, Value
from ..catalog.messages import pack, unpack
from ..service import json_text
from ..service.errors import Charged
from .job import Export, Failure, Job, Prepared, ResultFile
from .origin import Origin
from .states import State

COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Job))
WHOLE: Final = frozenset(
    {
        "progress",
        "bytes_done",
        "bytes_total",
        "estimate",
        "attempts",
        "charged",
        "wants_prepared",
        "keeps_place",
        "listed",
    }
)
TIMES: Final = frozenset({"created_at", "updated_at", "submitted_at", "finished_at", "next_at"})
OPTIONAL: Final = frozenset(
    {
        "mode",
        "task_id",
        "submitted_at",
        "finished_at",
        "bytes_total",
        "failure",
        "prepared",
        "export",
        "save_as",
        "charged",
    }
)
"""Columns by what is in them; those of no such list hold text, and always do."""
MOST: Final = 2**63
"""Beyond the numbers of a file."""


def encode(column: str, value: Any) -> Any:
    """Return what SQLite stores for a Job's field."""
    encoder = _ENCODERS.get(column)
    return value if value is None or encoder is None else encoder(value)


UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What ``to_job`` raises of a row that was damaged, or is a newer version's."""


def to_job(row: Mapping[str, Any]) -> Job:
    """Read a row of the table back, or what ``encode`` made of each field.

    Raises what ``UNREADABLE`` lists.
    """
    values = {}
    for column, check, decoder in _READERS:
        stored = row[column]
        if stored is not None:
            stored = check(stored)
            values[column] = stored if decoder is None else decoder(stored)
        elif column in OPTIONAL:
            values[column] = None
        else:
            raise TypeError(f"no {column}")
    return Job(**values)


def _words(stored: Any) -> str:
    """What is stored, if the table could hold it: other files have the same columns."""
    if not isinstance(stored, str):
        raise TypeError(stored)
    return stored


def _whole(stored: Any) -> int:
    if not isinstance(stored, int):
        raise TypeError(stored)
    if not -MOST <= stored < MOST:
        raise ValueError(stored)
    return stored


def _finite(stored: Any) -> float:
    if not isinstance(stored, float | int):
        raise TypeError(stored)
    if not math.isfinite(stored):
        raise ValueError(stored)
    return float(stored)


def failure_text(failure: Failure | None) -> str | None:
    """A failure as JSON text, for tables other than the jobs."""
    return None if failure is None else _failure_to_text(failure)


def failure_from_text(text: str | None) -> Failure | None:
    """The reverse of failure_text."""
    if text is None:
        return None
    said = json_text.read(text)
    words = (unpack(said["message"]), unpack(said["hint"]))
    return Failure(str(said["code"]), *words, Charged.named(said["charged"]))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _failure_to_text(failure: Failure) -> str:
    return _text(
        {
            "code": failure.code,
            "message": pack(failure.message),
            "hint": pack(failure.hint),
            "charged": None if failure.charged is None else failure.charged.name,
        }
    )


def _values_to_text(values: Mapping[str, Value]) -> str:
    return _text({k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items()})


def _values_from_text(text: str) -> dict[str, Value]:
    loaded = json_text.read(text)
    return {k: tuple(v) if isinstance(v, list) else v for k, v in loaded.items()}


def _files_to_text(files: tuple[ResultFile, ...]) -> str:
    return _text(
        [
            {
                "path": _path_text(file.path),
                "asset_type": file.asset_type,
                "metadata": dict(file.metadata),
                "index": file.index,
                "contents": [_path_text(path) for path in file.contents],
                "left_out": [pack(text) for text in file.left_out],
                "checksums": file.checksums,
            }
            for file in files
        ]
    )


def _path_text(path: Path) -> str:
    """As it is, or where it is relative, as every system reads it."""
    return str(path) if path.is_absolute() else path.as_posix()


def _files_from_text(text: str) -> tuple[ResultFile, ...]:
    return tuple(
        ResultFile(
            path=Path(entry["path"]),
            asset_type=str(entry["asset_type"]),
            metadata=dict(entry["metadata"]),
            index=int(entry["index"]),
            contents=tuple(Path(path) for path in entry["contents"]),
            left_out=tuple(unpack(packed) for packed in entry.get("left_out", [])),
            checksums=tuple(map(str, entry.get("checksums", []))),
        )
        for entry in json_text.read(text)
    )


def _prepared_to_text(prepared: Prepared) -> str:
    return _text(
        {
            "path": str(prepared.path),
            "blender_version": prepared.blender_version,
            "collection": prepared.collection,
            "triangles": prepared.triangles,
            "dimensions": prepared.dimensions,
            "figures": dict(prepared.figures),
            "preview": None if prepared.preview is None else str(prepared.preview),
            "left_out": [pack(text) for text in prepared.left_out],
            "made": [str(path) for path in prepared.made],
        }
    )


def _prepared_from_text(text: str) -> Prepared:
    loaded = json_text.read(text)
    major, minor, patch = loaded["blender_version"]
    x, y, z = loaded["dimensions"]
    preview = loaded.get("preview")
    return Prepared(
        Path(loaded["path"]),
        (int(major), int(minor), int(patch)),
        str(loaded["collection"]),
        int(loaded["triangles"]),
        (_finite(x), _finite(y), _finite(z)),
        dict(loaded.get("figures", {})),
        None if preview is None else Path(preview),
        tuple(unpack(packed) for packed in loaded.get("left_out", [])),
        tuple(Path(path) for path in loaded.get("made", [])),
    )


def _export_to_text(export: Export) -> str:
    return _text(
        {
            "blend": str(export.blend),
            "to": str(export.to),
            "settings": dict(export.settings),
            "figures": dict(export.figures),
        }
    )


def _export_from_text(text: str) -> Export:
    loaded = json_text.read(text)
    paths = Path(loaded["blend"]), Path(loaded["to"])
    return Export(*paths, loaded["settings"], loaded["figures"])


@lru_cache(maxsize=512)
def _origin_from_text(text: str) -> Origin:
    """It is long, and stays the same while the rest of its job changes every second."""
    return Origin.from_json(json_text.read(text))


_ENCODERS: Mapping[str, Callable[[Any], Any]] = {
    "values": _values_to_text,
    "mode": str,
    "state": str,
    "folder": str,
    "failure": _failure_to_text,
    "files": _files_to_text,
    "prepared": _prepared_to_text,
    "origin": lambda origin: _text(origin.to_json()),
    "wants_prepared": int,
    "keeps_place": int,
    "listed": int,
    "export": _export_to_text,
    "save_as": str,
}

_DECODERS: Mapping[str, Callable[[Any], Any]] = {
    "values": _values_from_text,
    "mode": Mode,
    "state": State,
    "folder": Path,
    "failure": failure_from_text,
    "files": _files_from_text,
    "prepared": _prepared_from_text,
    "origin": _origin_from_text,
    "wants_prepared": bool,
    "keeps_place": bool,
    "listed": bool,
    "export": _export_from_text,
    "save_as": Path,
}


def _check_of(column: str) -> Callable[[Any], Any]:
    if column in TIMES:
        return _finite
    return _whole if column in WHOLE else _words


_READERS: Final = tuple((column, _check_of(column), _DECODERS.get(column)) for column in COLUMNS)
"""What checks and reads each column; every look at the jobs asks it of those that changed."""
