"""The figures of a result as a table. The service's form of them is not documented, so any fits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..catalog import UnknownOperation, get
from .job import Job

WHOLE_FROM: Final = 10_000.0
"""Larger figures are told without a fraction, and never with an exponent."""


@dataclass(frozen=True, slots=True)
class Table:
    """Texts for people, one row for each height (or each figure, if there are no heights)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_text(self) -> str:
        """Columns separated by tabs, as spreadsheets take them."""
        return "\n".join("\t".join(row) for row in (self.columns, *self.rows))


def of_job(job: Job) -> Table | None:
    """The figures that came with the job's results, as Blender has them; None if none did.

    Lengths are named with the unit they were asked for in. Boxes are along x, y and z with z up:
    the service measures models with y up.
    """
    for file in job.files:
        if file.metadata:
            unit = " ".join(str(job.values[name]) for name in _unit_fields(job))
            return of_metadata({n: _upright(n, v) for n, v in file.metadata.items()}, unit)
    return None


def _unit_fields(job: Job) -> list[str]:
    try:
        units = get(job.operation).units()
    except UnknownOperation:
        return []
    return sorted(units & set(job.values))


def _upright(name: str, value: Any) -> Any:
    """The value with the sides of boxes in Blender's order."""
    if isinstance(value, Mapping):
        if {"x", "y", "z"} <= set(value):
            return {**value, "y": value["z"], "z": value["y"]}
        return {inner: _upright(inner, one) for inner, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        if BOX.search(name) and len(value) == len("xyz") and not any(map(_is_record, value)):
            across, up, deep = value
            return [across, deep, up]
        return [_upright(name, one) for one in value]
    return value


BOX: Final = re.compile(r"box|dimension|extent|size", re.IGNORECASE)
LENGTH: Final = re.compile(r"box|dimension|extent|size|height|width|depth", re.IGNORECASE)
HAS_UNIT: Final = re.compile(r"(^|[ _])(mm|cm|m|in)[²³]?$|percent|ratio")
"""Names that say the unit of their value, or that it has none."""


def of_metadata(metadata: Mapping[str, Any], unit: str = "") -> Table:
    """A list of records becomes one row each; single figures become rows of name and value.

    ``unit`` is that of lengths whose name does not say one.
    """
    for value in metadata.values():
        records = _records(value)
        if records:
            flat = [_flatten(record) for record in records]
            names = tuple(dict.fromkeys(name for record in flat for name in record))
            rows = tuple(tuple(record.get(name, "") for name in names) for record in flat)
            return Table(tuple(_with_unit(name, unit) for name in names), rows)
    figures = _flatten({n: v for n, v in metadata.items() if not isinstance(v, str)})
    rows = tuple((_with_unit(name, unit), value) for name, value in figures.items())
    return Table(("Figure", "Value"), rows)


def _with_unit(name: str, unit: str) -> str:
    is_length = LENGTH.search(name) and not HAS_UNIT.search(name)
    return f"{name} ({unit})" if unit and is_length else name


def _records(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, Mapping) and value and all(_is_record(one) for one in value.values()):
        return [{"height": name, **record} for name, record in value.items()]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [one for one in value if _is_record(one)]
    return []


def _is_record(value: Any) -> bool:
    return isinstance(value, Mapping)


def _flatten(record: Mapping[str, Any], before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in record.items():
        label = f"{before} {_words(name)}".strip()
        if isinstance(value, Mapping):
            flat |= _flatten(value, label)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            flat[label] = " x ".join(_text(part) for part in value)
        else:
            flat[label] = _text(value)
    return flat


def _words(name: str) -> str:
    """``volume_cm3`` as ``Volume cm³``."""
    text = name.replace("_", " ").replace("cm3", "cm³").replace("cm2", "cm²")
    return text[:1].upper() + text[1:]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= WHOLE_FROM else f"{value:g}"
