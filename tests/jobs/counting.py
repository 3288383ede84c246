"""How much work a look at a job list is, counted instead of timed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

EACH = 5
"""Steps of SQLite between two counts."""


@dataclass
class Work:
    """What was done."""

    jobs: int = 0
    """Rows that were decoded."""
    statements: int = 0
    steps: int = 0
    """Of SQLite's machine, some for each row it looks at."""

    def is_no_more_than(self, other: "Work") -> bool:
        """Whether it is as little; steps differ by a few for how SQLite sorts."""
        as_few = (self.jobs, self.statements) == (other.jobs, other.statements)
        return as_few and self.steps <= 1.03 * other.steps + EACH


@contextmanager
def counted(store: Any, rows: ModuleType) -> Iterator[Work]:
    """Count what the store does in the block, and what ``jobs.rows`` decodes for any."""
    work = Work()
    as_ever = rows.to_job

    def decode(row: Any) -> Any:
        work.jobs += 1
        return as_ever(row)

    def state(_: str) -> None:
        work.statements += 1

    def step() -> None:
        work.steps += EACH

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "to_job", decode)
        store._db.set_trace_callback(state)
        store._db.set_progress_handler(step, EACH)
        try:
            yield work
        finally:
            store._db.set_trace_callback(None)
            store._db.set_progress_handler(None, EACH)
