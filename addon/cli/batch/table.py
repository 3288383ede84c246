"""The live table: drawn with plain escape sequences, so that it needs nothing Blender lacks."""

import unicodedata
from collections.abc import Sequence
from typing import Final, Self

from ...batch.run import SETTLED, RowStatus, Stage
from ..output import Output

BAR_WIDTH: Final = 16
NUMBER_WIDTH: Final = 4
OPERATION_WIDTH: Final = 16
LEAST_NAME_WIDTH: Final = 12
MOST_NAME_WIDTH: Final = 32
FRAME_LINES: Final = 3
"""The title, the line about what is not shown, and the cursor's own."""

UP: Final = "\x1b[{}A"
CLEAR_LINE: Final = "\x1b[2K"
CLEAR_BELOW: Final = "\x1b[J"

FULL, EMPTY = "█", "░"
PLAIN_FULL, PLAIN_EMPTY = "#", "."
CUT: Final = "…"
PLAIN_CUT: Final = "~"


class Table:
    """One line for each row that is under way, redrawn in place."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rich = output.can_write(FULL + EMPTY + CUT)
        self._drawn: list[str] = []
        self._last: Sequence[RowStatus] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the table as it is, and tell in full what had no room in it."""
        for status in self._last:
            if status.failure is not None and status.stage is Stage.FAILED:
                self._output.say(f"{status.row.place}: {status.row.name}: {status.words}")

    def update(self, statuses: Sequence[RowStatus]) -> None:
        self._last = statuses
        width, height = self._output.screen_size()
        lines = self.lines(statuses, width - 1, height - FRAME_LINES)
        if lines == self._drawn:
            return
        back = UP.format(len(self._drawn)) if self._drawn else ""
        text = "".join(f"{CLEAR_LINE}{line}\n" for line in lines)
        self._output.draw(f"{back}{text}{CLEAR_BELOW}")
        self._drawn = lines

    def lines(self, statuses: Sequence[RowStatus], width: int, most: int) -> list[str]:
        """The table, ``width`` columns wide and with up to ``most`` rows."""
        settled = sum(status.stage in SETTLED for status in statuses)
        paid = {job.id: job.estimate for s in statuses for job in s.jobs if job.task_id}
        title = f"{settled} of {len(statuses)} done, about {sum(paid.values())} credits"
        shown = under_way_first(statuses)[: max(1, most)]
        room = width - NUMBER_WIDTH - OPERATION_WIDTH - BAR_WIDTH - 4
        names = max(LEAST_NAME_WIDTH, min(MOST_NAME_WIDTH, room // 2))
        rows = [self._line(s, names, room - names) for s in sorted(shown, key=_number)]
        more = len(statuses) - len(shown)
        lines = [title, *rows, *([f"and {more} more"] if more else [])]
        return [self._fitted(line, width).rstrip() for line in lines]

    def _line(self, status: RowStatus, names: int, states: int) -> str:
        row = status.row
        cells = (
            f"{row.number:>{NUMBER_WIDTH}}",
            self._fitted(row.name, names),
            self._fitted(row.operation, OPERATION_WIDTH),
            self._bar(status.progress),
            self._fitted(status.words, max(1, states)),
        )
        return " ".join(cells)

    def _bar(self, progress: int) -> str:
        full = BAR_WIDTH * progress // 100
        marks = (FULL, EMPTY) if self._rich else (PLAIN_FULL, PLAIN_EMPTY)
        return marks[0] * full + marks[1] * (BAR_WIDTH - full)

    def _fitted(self, text: str, width: int) -> str:
        """The text in exactly so many columns, with nothing that moves the cursor."""
        clean = "".join(c if c.isprintable() else " " for c in text)
        if columns(clean) <= width:
            return clean + " " * (width - columns(clean))
        while clean and columns(clean) >= width:
            clean = clean[:-1]
        cut = CUT if self._rich else PLAIN_CUT
        return f"{clean}{cut}" + " " * (width - columns(clean) - 1)


def under_way_first(statuses: Sequence[RowStatus]) -> list[RowStatus]:
    """Rows that move, then those that wait, then those that are done."""
    return sorted(statuses, key=lambda s: (s.stage in SETTLED, s.stage is Stage.WAITING))


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _number(status: RowStatus) -> int:
    return status.row.number
