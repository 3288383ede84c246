"""The only module of the command line that writes: one document to stdout, the rest to stderr."""

import errno
import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

from ..service.redaction import harmless
from .environment import Environment

if TYPE_CHECKING:
    from rich.console import Console


def fitting(stream: TextIO, text: str) -> str:
    """The text as the stream shows it, with ? for what it has not, or obeys in place of showing."""
    encoding = stream.encoding or "utf-8"
    return harmless(text).encode(encoding, "replace").decode(encoding)


def write(stream: TextIO, text: str) -> bool:
    """Write at once; tells whether it could be, and is quiet where nobody reads any more."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        silence(stream)
        return isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL
    return True


def silence(stream: TextIO) -> None:
    """Let what is still to be written, also when Python ends, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _plain(value: Any) -> Any:
    """The value without numbers that JSON has no word for; a service's figures may be such."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


class Bar(Protocol):
    """A line that shows how far a job is."""

    def update(self, percent: float, words: str) -> None: ...

    def remark(self, text: str) -> None:
        """Say something that stays, however short the line is."""


class Output:
    """Where the words of a command go. ``quiet`` keeps everything but errors off stderr.

    ``as_json``: stdout gets documents also where a person sits at it.
    """

    def __init__(
        self, environment: Environment, *, quiet: bool = False, as_json: bool = False
    ) -> None:
        self._environment = environment
        self.quiet = quiet
        self.for_people = environment.stdout.isatty() and not as_json
        self._is_told = False
        """Whether the one document was written: nothing that goes wrong then adds another."""
        self._tells_events = False

    def document(self, content: Mapping[str, Any]) -> None:
        """Write the command's one JSON document."""
        self._is_told = True
        self._write_json(content, indent=None if self._tells_events else 2)

    def event(self, content: Mapping[str, Any]) -> None:
        """Write one of several documents, each on one line of stdout."""
        self._tells_events = True
        self._write_json(content, indent=None)

    def failed(self, content: Mapping[str, Any], line: str) -> None:
        """Write a document with an ``error``, and say it in a line: once where people see both."""
        shown = {name: value for name, value in content.items() if name != "error"}
        if not self._is_told and not self.for_people:
            self.document(content)
        elif not self._is_told and shown:
            self.document(shown)
        self.problem(line)

    def answered(self, content: Mapping[str, Any]) -> None:
        """Write the document of a command whose words have said all of it to people."""
        if not self.for_people or self.quiet:
            self.document(content)

    @property
    def columns(self) -> int | None:
        """How wide the terminal of stdout is; None where it does not say."""
        said = self._environment.environ.get("COLUMNS", "")
        if said.isdecimal() and int(said):
            return int(said)
        try:
            return os.get_terminal_size(self._environment.stdout.fileno()).columns or None
        except (OSError, ValueError):
            return None

    def table(self, text: str) -> None:
        """Write lines for people to stdout."""
        write(self._environment.stdout, fitting(self._environment.stdout, text) + "\n")

    def _write_json(self, content: Mapping[str, Any], indent: int | None) -> None:
        stdout = self._environment.stdout
        content = _plain(content)
        text = json.dumps(content, indent=indent, ensure_ascii=False, default=str)
        # The same document, in characters every encoding has: PowerShell takes whatever a program
        # writes to be in the code page of consoles.
        is_redirected = self._environment.platform == "win32" and not stdout.isatty()
        if is_redirected or fitting(stdout, text) != text:
            text = json.dumps(content, indent=indent, default=str)
        if not write(stdout, text + "\n"):
            self.problem("stdout cannot be written to; this is what it was to get:\n" + text)

    @property
    def can_redraw(self) -> bool:
        """Whether stderr is a terminal that people watch and that moves its cursor when told to."""
        if self.quiet or not self._environment.stderr.isatty() or find_spec("rich") is None:
            return False
        environ = self._environment.environ
        old = self._environment.platform == "win32" and "WT_SESSION" not in environ
        return not old and environ.get("TERM") != "dumb"

    def writable(self, text: str) -> str:
        """The text as stderr's encoding has it, with ? for the characters it has not."""
        return fitting(self._environment.stderr, text)

    def console(self) -> "Console":
        """What draws on stderr where ``can_redraw``."""
        from rich.console import Console  # late: a checkout may have to do without

        return Console(file=self._environment.stderr, _environ=self._environment.environ)

    def say(self, text: str) -> None:
        """Tell people something."""
        if not self.quiet:
            self.problem(text)

    def problem(self, text: str) -> None:
        """Tell people what went wrong, also when quiet."""
        write(self._environment.stderr, self.writable(text) + "\n")

    def ask(self, question: str) -> bool:
        """Ask for a yes; False without asking where nobody can answer."""
        if not self._environment.interactive:
            return False
        write(self._environment.stderr, self.writable(f"{question} [y/N] "))
        return self._environment.stdin.readline().strip().lower() in {"y", "yes"}

    @contextmanager
    def bar(self, title: str) -> Iterator[Bar]:
        """Show progress: a live bar on a terminal, else plain lines."""
        if not self.can_redraw:
            yield Lines(self, title)
            return
        with RichBar(self, title) as bar:
            yield bar


class Lines:
    """Progress as plain lines: one each time the words change."""

    def __init__(self, output: Output, title: str) -> None:
        self._output = output
        self._title = title
        self._last = ""

    def update(self, percent: float, words: str) -> None:
        if words != self._last:
            self._last = words
            self._output.say(f"{self._title}: {words}")

    def remark(self, text: str) -> None:
        self._output.say(text)


CUT = "…"
BAR_WIDTH = 12
TIME_WIDTH = 7
TITLE_WIDTH = 20
"""Characters; of a line of 80 half is left for the words."""


class RichBar:
    """Progress as a live bar."""

    def __init__(self, output: Output, title: str) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        self._output = output
        ellipsis = output.writable(CUT) == CUT
        cut = Column(no_wrap=True, overflow="ellipsis" if ellipsis else "crop")
        self._progress = Progress(
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
            BarColumn(BAR_WIDTH, table_column=Column(min_width=BAR_WIDTH)),
            TimeElapsedColumn(table_column=Column(min_width=TIME_WIDTH)),
            TextColumn("{task.fields[words]}", markup=False, table_column=cut),
            console=output.console(),
        )
        short = title if len(title) <= TITLE_WIDTH else title[: TITLE_WIDTH - 1] + CUT
        self._task = self._progress.add_task(output.writable(short), total=100, words="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, percent: float, words: str) -> None:
        shown = self._output.writable(words)
        self._progress.update(self._task, completed=percent, words=shown)

    def remark(self, text: str) -> None:
        shown = self._output.writable(text)
        self._progress.console.print(shown, markup=False, highlight=False)
