"""What the benchmark says: a row for each thing measured, and how rows are shown."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Spread(NamedTuple):
    """Several measurements of the same."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, found: Sequence[float]) -> "Spread":
        """Of at least one."""
        return cls(statistics.median(found), min(found), max(found))

    def __str__(self) -> str:
        if self.least == self.most:
            return _number(self.median)
        return f"{_number(self.median)} ({_number(self.least)} to {_number(self.most)})"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, our way and the direct one, in one run on one machine."""

    what: str
    unit: str
    ours: Spread
    goal: str
    direct: Spread | None = None
    than: str = ""
    """What the direct way is, or what it is compared with."""
    limit: str = ""
    """What it cannot be less than, whoever does it."""

    @property
    def ratio(self) -> str:
        """Ours as a part, or a multiple, of the other."""
        if self.direct is None or not self.direct.median:
            return ""
        share = self.ours.median / self.direct.median
        return f"1/{1 / share:.1f}" if 0 < share < 1 else f"{share:.2f} x"


WHOLE = 100
"""From here on fractions tell nothing."""

HEADINGS = ("what", "unit", "ours", "against", "direct", "ratio", "goal")


def cells(row: Row) -> tuple[str, ...]:
    """What a table shows of it."""
    direct = "" if row.direct is None else str(row.direct)
    return row.what, row.unit, str(row.ours), row.than, direct, row.ratio, row.goal


def show(title: str, rows: Iterable[Row]) -> None:
    """Print the table: medians, with least and most."""
    table = Table(title=title)
    for heading in HEADINGS:
        table.add_column(heading)
    for row in rows:
        table.add_row(*cells(row))
    Console(width=180).print(table)


def markdown(title: str, rows: Sequence[Row]) -> str:
    """The table for the documentation, with the limit of each row."""
    lines = [f"{title}.", "", "| " + " | ".join((*HEADINGS, "limit")) + " |", "|---" * 8 + "|"]
    lines += ["| " + " | ".join((*cells(row), row.limit)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= WHOLE else f"{value:.3g}"
