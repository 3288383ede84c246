"""The live table: it fits the terminal, whatever the rows are called."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from addon.batch.lists import Entry
from addon.batch.rows import Checker, Row
from addon.batch.run import RowStatus, Stage
from addon.cli.batch.table import Table
from addon.cli.environment import Environment
from addon.cli.output import Output
from addon.jobs.job import Failure

NAMES = (
    "Stuhl",
    "ein sehr langer Name für eine wirklich kleine Vase",
    "椅子" * 20,
    "bad\x1b[2J\n",
    "e\u0301",
)


class Terminal(io.StringIO):
    """Stands for a terminal with a certain encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True


def output_on(stderr: io.StringIO, platform: str = "linux", **environ: str) -> Output:
    world = Environment(
        io.StringIO(), io.StringIO(), stderr, environ, Path(), "test", platform=platform
    )
    return Output(world)


def statuses(stage: Callable[[int], Stage], count: int = len(NAMES)) -> list[RowStatus]:
    cells = [
        {"operation": "tripo", "prompt": f"p{number}", "name": NAMES[number % len(NAMES)]}
        for number in range(count)
    ]
    entries = [Entry(Path("list.csv"), line, cell) for line, cell in enumerate(cells, 2)]
    rows = [row for row in Checker().check(entries) if isinstance(row, Row)]
    return [RowStatus(row, stage(row.number), (), row.number * 10 % 101) for row in rows]


def drawn(rows: list[RowStatus], width: int, most: int, encoding: str = "utf-8") -> list[str]:
    """The table's lines on a terminal of that width."""
    table = Table(output_on(Terminal(encoding)))
    paper = Terminal(encoding)
    Console(file=paper, width=width, force_terminal=False).print(table.picture(rows, most))
    return paper.getvalue().splitlines()


@pytest.mark.attack(
    "Control sequences and wide letters in a batch's names, on the terminal",
    "Nothing but what can be printed; every line fits",
)
@pytest.mark.parametrize("width", [60, 80, 133])
def test_every_line_fits_the_width(width: int) -> None:
    lines = drawn(statuses(lambda _: Stage.AT_SERVICE), width, 10)
    assert len(lines) == 1 + len(NAMES)
    assert max(cell_len(line) for line in lines) <= width
    assert all(line.isprintable() for line in lines)
    starts = {cell_len(line.partition("tripo")[0]) for line in lines[1:]}
    assert len(starts) == 1


def test_what_moves_is_shown_when_there_is_no_room_for_all() -> None:
    moving = {50, 99}
    rows = statuses(lambda n: Stage.PROCESSING if n in moving else Stage.FINISHED, 100)
    lines = drawn(rows, 80, 5)
    assert lines[0].startswith("98 of 100 done")
    assert [int(line.split()[0]) for line in lines[1:-1]] == [1, 2, 3, 50, 99]
    assert lines[-1].strip() == "and 95 more"


def test_a_terminal_without_lines_gets_plain_marks() -> None:
    lines = drawn(statuses(lambda _: Stage.SENDING), 80, 9, "ascii")
    assert "--" in lines[5]
    assert "".join(lines).isascii()


@pytest.mark.attack("The terminal's markup in a row's name", "Shown as text")
def test_names_are_no_markup() -> None:
    rows = statuses(lambda _: Stage.SENDING, 1)
    named = [replace(row, row=replace(row.row, name="[bold]chair[/]")) for row in rows]
    assert "[bold]chair[/]" in drawn(named, 80, 9)[1]


def test_reasons_that_had_no_room_are_told_at_the_end() -> None:
    reason = "It was refused. " * 20
    rows = statuses(lambda _: Stage.FAILED, 1)
    failed = [RowStatus(rows[0].row, Stage.FAILED, (), 0, Failure("x", reason))]
    stderr = Terminal("utf-8")
    with Table(output_on(stderr)) as table:
        table.update(failed)
        once = stderr.getvalue()
        table.update(failed)
        assert stderr.getvalue() == once  # not drawn again where nothing changed
    assert "1 of 1 done" in once
    assert reason not in once
    assert stderr.getvalue().count(reason) == 1


@pytest.mark.parametrize(
    ("platform", "environ", "redraws"),
    [
        ("linux", {"TERM": "xterm"}, True),
        ("linux", {"TERM": "dumb"}, False),
        ("win32", {}, False),
        ("win32", {"WT_SESSION": "1"}, True),
    ],
)
def test_only_a_terminal_that_can_is_redrawn(
    platform: str, environ: dict[str, str], redraws: bool
) -> None:
    assert output_on(Terminal("utf-8"), platform, **environ).can_redraw is redraws
    assert not output_on(io.StringIO(), platform, **environ).can_redraw
