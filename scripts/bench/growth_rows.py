"""What must not grow, as rows: see ``growth`` for how it is measured."""

from collections.abc import Iterator

from scripts.bench import growth
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread
from scripts.bench.transfers import transfer_memory

AROUND = 4096
"""Bytes that go around a file of a request."""


def refresh(setting: Setting) -> Iterator[Row]:
    """A change of one job in lists of several lengths, against the shortest."""
    shortest = None
    for jobs in setting.history:
        found = growth.refresh(setting.blender, jobs)
        yield Row(
            f"refresh after a change, {jobs} jobs",
            "ms",
            found,
            "<= 1.5 x" if shortest else "",
            shortest,
            f"{setting.history[0]} jobs" if shortest else "",
            "reading one row, and the rows that are drawn",
        )
        shortest = shortest or found


def tick(setting: Setting) -> Iterator[Row]:
    """What a tick of the watch takes, as a rule and at the most in 99 of 100."""
    cost = growth.tick(setting.blender, setting.ticks)
    for which, ours, idle, goal in (
        ("", cost.busy, cost.idle, ""),
        (", 99 of 100", _once(cost.busy_p99), _once(cost.idle_p99), "<= 1 ms more"),
    ):
        yield Row(
            f"tick, {growth.BUSY} jobs under way{which}",
            "ms",
            ours,
            goal,
            idle,
            "nothing under way",
            "reading what has changed since the last one",
        )


def batch(setting: Setting) -> Iterator[Row]:
    """Processor time of one row of a list, and memory."""
    first = None
    for rows in setting.rows:
        made = growth.batch(rows)
        cost = _once(made.cpu_ms_a_row)
        yield Row(
            f"batch, a row of {rows}",
            "CPU ms",
            cost,
            "<= 25 ms, flat",
            first,
            f"a row of {setting.rows[0]}" if first else "",
            "one order, one look, one download each",
        )
        first = first or cost
        yield Row(f"batch of {rows} rows", "MB", _once(made.memory_mb), "")


def transfers(setting: Setting) -> Iterator[Row]:
    """By how much a worker's memory rises."""
    memory = transfer_memory(setting.megabytes * 10**6 - AROUND)
    for what, found in (("sent", memory.upload_mb), ("fetched", memory.download_mb)):
        yield Row(
            f"worker over idle, {setting.megabytes} MB {what}",
            "MB",
            _once(found),
            "<= 48 MB",
            _once(float(setting.megabytes)),
            "the file read whole",
            "one piece of the file",
        )


def _once(value: float) -> Spread:
    return Spread.of([value])
