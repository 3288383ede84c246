"""Names for lists in which several results may be called the same."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from ..core.translation import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..snapshot.snapshot import JobRow

    Part = Callable[[JobRow], str]


def told_apart(rows: Sequence[JobRow]) -> list[str]:
    """What each is called: its title, and as much of ``TELLING`` as it takes."""
    names = [translate(row.title) for row in rows]
    for part in TELLING:
        often = Counter(names)
        names = [
            f"{name} · {part(row)}" if often[name] > 1 else name
            for name, row in zip(names, rows, strict=True)
        ]
    return names


def _time(row: JobRow) -> str:
    made = time.localtime(row.job.created_at)
    is_today = made[:3] == time.localtime()[:3]
    return time.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M", made)


def _engine(row: JobRow) -> str:
    return translate(row.label)


TELLING: Final[Sequence[Part]] = (_time, _engine)
"""What is added, the most telling first."""
