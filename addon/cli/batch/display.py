"""Showing how far a batch is: a live table on a terminal, plain lines in a log, JSON events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from ...batch.run import RowStatus, Stage
from ..output import Output


class Display(Protocol):
    """Gets to know every change."""

    def update(self, changed: Sequence[RowStatus]) -> None:
        """Show the rows that stand otherwise than they did, at first all of them."""
        ...


class Changes:
    """Finds what is different since the last look."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Stage, str]] = {}

    def of(self, statuses: Sequence[RowStatus]) -> Iterator[RowStatus]:
        for status in statuses:
            trouble = status.failure.message if status.failure is not None else ""
            now = (status.stage, trouble)
            if self._last.get(status.row.key, (Stage.WAITING, "")) != now:
                self._last[status.row.key] = now
                yield status


class Lines:
    """One line per change of a row."""

    def __init__(self, output: Output, total: int) -> None:
        self._output = output
        self._total = total
        self._changes = Changes()

    def update(self, changed: Sequence[RowStatus]) -> None:
        for status in self._changes.of(changed):
            row = status.row
            self._output.say(f"[{row.number}/{self._total}] {row.name}: {status.words}")


class Events:
    """One JSON document per change of a row, each on one line of stdout."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._changes = Changes()

    def update(self, changed: Sequence[RowStatus]) -> None:
        for status in self._changes.of(changed):
            self._output.event(event_of(status))


@contextmanager
def display(output: Output, *, events: bool, total: int) -> Iterator[Display]:
    """The display that fits where the output goes."""
    if events:
        yield Events(output)
        return
    if not output.can_redraw:
        yield Lines(output, total)
        return
    from .table import Table  # late: a checkout may have to do without the library

    with Table(output) as table:
        yield table


def event_of(status: RowStatus) -> dict[str, Any]:
    """A row's state for programs."""
    row = status.row
    event: dict[str, Any] = {
        "event": "row",
        "row": row.number,
        "name": row.name,
        "asset": row.asset,
        "stage": status.stage.value,
        "progress": status.progress,
        "tasks": [job.task_id for job in status.jobs if job.task_id],
    }
    if status.failure is not None:
        event["error"] = {
            "code": status.failure.code,
            "message": status.failure.message,
        }
    return event
