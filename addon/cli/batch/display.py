"""Showing how far a batch is: a live table on a terminal, plain lines in a log, JSON events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, Self

from ...batch.run import SETTLED, Stage, Standing
from ..output import Output

BAR_WIDTH = 16
SHOWN_ROWS = 24
"""Of the table; rows under way come first."""


class Display(Protocol):
    """Gets to know every change."""

    def update(self, standings: Sequence[Standing]) -> None: ...


class Changes:
    """Finds what is different since the last look."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Stage, str]] = {}

    def of(self, standings: Sequence[Standing]) -> Iterator[Standing]:
        for standing in standings:
            trouble = standing.failure.message if standing.failure is not None else ""
            now = (standing.stage, trouble)
            if self._last.get(standing.row.key, (Stage.WAITING, "")) != now:
                self._last[standing.row.key] = now
                yield standing


class Lines:
    """One line per change of a row."""

    def __init__(self, output: Output, total: int) -> None:
        self._output = output
        self._total = total
        self._changes = Changes()

    def update(self, standings: Sequence[Standing]) -> None:
        for standing in self._changes.of(standings):
            row = standing.row
            self._output.say(f"[{row.number}/{self._total}] {row.name}: {words(standing)}")


class Events:
    """One JSON document per change of a row, each on one line of stdout."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._changes = Changes()

    def update(self, standings: Sequence[Standing]) -> None:
        for standing in self._changes.of(standings):
            self._output.event(event_of(standing))


class Table:
    """A live table; raises ImportError where rich is not installed."""

    def __init__(self, output: Output) -> None:
        from rich.live import Live

        self._live = Live(console=output.console(), refresh_per_second=4)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def update(self, standings: Sequence[Standing]) -> None:
        self._live.update(table(standings))


@contextmanager
def display(output: Output, *, events: bool, total: int) -> Iterator[Display]:
    """The display that fits where the output goes."""
    if events:
        yield Events(output)
        return
    live = None
    if output.is_live:
        try:
            live = Table(output)
        except ImportError:  # Blender's own Python does not ship it
            live = None
    if live is None:
        yield Lines(output, total)
        return
    with live:
        yield live


def table(standings: Sequence[Standing]) -> Any:
    """The rows as a table of the rich library."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table as RichTable

    settled = sum(standing.stage in SETTLED for standing in standings)
    credits_spent = sum(job.estimate for s in standings for job in s.jobs if job.task_id)
    made = RichTable(title=f"{settled} of {len(standings)} done, about {credits_spent} credits")
    for column in ("#", "Name", "Operation", "", "State"):
        made.add_column(column, overflow="ellipsis", no_wrap=column != "State")
    order = sorted(standings, key=lambda s: (s.stage in SETTLED, s.stage is Stage.WAITING))
    for standing in sorted(order[:SHOWN_ROWS], key=lambda s: s.row.number):
        row = standing.row
        bar = ProgressBar(total=100, completed=standing.progress, width=BAR_WIDTH)
        made.add_row(str(row.number), row.name, row.operation, bar, words(standing))
    if len(standings) > SHOWN_ROWS:
        made.caption = f"and {len(standings) - SHOWN_ROWS} more"
    return made


def words(standing: Standing) -> str:
    """A row's state for people."""
    if standing.failure is None:
        return standing.stage.value
    return f"{standing.stage.value}: {standing.failure.message}"


def event_of(standing: Standing) -> dict[str, Any]:
    """A row's state for programs."""
    row = standing.row
    event: dict[str, Any] = {
        "event": "row",
        "row": row.number,
        "name": row.name,
        "asset": row.asset,
        "stage": standing.stage.value,
        "progress": standing.progress,
        "tasks": [job.task_id for job in standing.jobs if job.task_id],
    }
    if standing.failure is not None:
        event["error"] = {
            "code": standing.failure.code,
            "message": standing.failure.message,
        }
    return event
