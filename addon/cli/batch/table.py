"""The live table: one line for each row that is under way, redrawn in place."""

import time
from collections.abc import Sequence
from typing import Final, Self

from rich.console import Group, OverflowMethod
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table as Grid
from rich.text import Text

from ...batch.run import SETTLED, RowStatus, Stage
from ..output import Output

BAR_WIDTH: Final = 16
LEAST_NAME_WIDTH: Final = 12
MOST_NAME_WIDTH: Final = 32
FRAME_LINES: Final = 3
"""The title, the line about what is not shown, and the cursor's own."""
CUT: Final = "…"
REST: Final = 10.0
"""Times of a drawing until the next: a long table in a batch where much happens is slow to draw."""


class Table:
    """One line for each row that is under way, redrawn in place."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._overflow: OverflowMethod = "ellipsis" if output.writable(CUT) == CUT else "crop"
        console = output.console()
        self._live = Live(
            console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        self._rows: dict[str, RowStatus] = {}
        self._is_drawn = True
        self._rest_until = 0.0

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the table as it is, and tell in full what had no room in it."""
        if not self._is_drawn:
            self._draw()
        self._live.stop()
        for status in self._rows.values():
            if status.failure is not None and status.stage is Stage.FAILED:
                self._output.say(f"{status.row.place}: {status.row.name}: {status.words}")

    def update(self, changed: Sequence[RowStatus]) -> None:
        for status in changed:
            if self._rows.get(status.row.key) != status:
                self._rows[status.row.key] = status
                self._is_drawn = False
        if not self._is_drawn and time.monotonic() >= self._rest_until:
            self._draw()

    def _draw(self) -> None:
        began = time.monotonic()
        most = self._live.console.height - FRAME_LINES
        self._live.update(self.picture(list(self._rows.values()), most), refresh=True)
        self._is_drawn = True
        self._rest_until = began + REST * (time.monotonic() - began)

    def picture(self, statuses: Sequence[RowStatus], most: int) -> Group:
        """The table, with up to ``most`` rows."""
        settled = sum(status.stage in SETTLED for status in statuses)
        paid = {job.id: job.estimate for s in statuses for job in s.jobs if job.task_id}
        title = f"{settled} of {len(statuses)} done, about {sum(paid.values())} credits"
        shown = under_way_first(statuses)[: max(1, most)]
        more = len(statuses) - len(shown)
        grid = Grid.grid(padding=(0, 1))
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(min_width=LEAST_NAME_WIDTH, max_width=MOST_NAME_WIDTH)
        grid.add_column(no_wrap=True)
        grid.add_column(min_width=BAR_WIDTH)
        grid.add_column(ratio=1)
        for status in sorted(shown, key=lambda s: s.row.number):
            grid.add_row(
                str(status.row.number),
                self._line(status.row.name),
                self._line(status.row.operation),
                ProgressBar(completed=status.progress, width=BAR_WIDTH),
                self._line(status.words),
            )
        return Group(Text(title), grid, *([Text(f"and {more} more")] if more else []))

    def _line(self, text: str) -> Text:
        """The text on one line, with nothing that moves the cursor."""
        clean = "".join(c if c.isprintable() else " " for c in text)
        return Text(self._output.writable(clean), no_wrap=True, overflow=self._overflow)


def under_way_first(statuses: Sequence[RowStatus]) -> list[RowStatus]:
    """Rows that move, then those that wait, then those that are done."""
    return sorted(statuses, key=lambda s: (s.stage in SETTLED, s.stage is Stage.WAITING))
