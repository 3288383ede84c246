"""The figures of a result as a table. The service's form of them is not documented, so any fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

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
    """The figures that came with the job's results; None if none did."""
    for file in job.files:
        if file.metadata:
            return of_metadata(file.metadata)
    return None


def of_metadata(metadata: Mapping[str, Any]) -> Table:
    """A list of records becomes one row each; single figures become rows of name and value."""
    for value in metadata.values():
        records = _records(value)
        if records:
            flat = [_flatten(record) for record in records]
            columns = tuple(dict.fromkeys(name for record in flat for name in record))
            rows = tuple(tuple(record.get(name, "") for name in columns) for record in flat)
            return Table(columns, rows)
    figures = _flatten({n: v for n, v in metadata.items() if not isinstance(v, str)})
    return Table(("Figure", "Value"), tuple(figures.items()))


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
