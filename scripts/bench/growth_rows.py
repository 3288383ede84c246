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
    """What all but one in a hundred ticks of the watch take less than."""
    cost = growth.tick(setting.blender, setting.ticks)
    yield Row(
        f"tick with {growth.BUSY} jobs under way, 99 of 100",
        "ms",
        _once(cost.busy_ms),
        "<= 1 ms more",
        _once(cost.idle_ms),
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
