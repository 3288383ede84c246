"""The only module of the command line that writes: one document to stdout, the rest to stderr."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, Self

from .environment import Environment

if TYPE_CHECKING:
    from rich.console import Console


class Bar(Protocol):
    """A line that shows how far a job is."""

    def update(self, percent: float, words: str) -> None: ...


class Output:
    """Where the words of a command go. ``quiet`` keeps everything but errors off stderr."""

    def __init__(self, environment: Environment, *, quiet: bool = False) -> None:
        self._environment = environment
        self.quiet = quiet

    def document(self, content: Mapping[str, Any]) -> None:
        """Write the command's one JSON document."""
        print(
            json.dumps(content, indent=2, ensure_ascii=False, default=str),
            file=self._environment.stdout,
            flush=True,
        )

    def event(self, content: Mapping[str, Any]) -> None:
        """Write one of several documents, each on one line of stdout."""
        line = json.dumps(content, ensure_ascii=False, default=str)
        print(line, file=self._environment.stdout, flush=True)

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
        encoding = self._environment.stderr.encoding or "ascii"
        return text.encode(encoding, "replace").decode(encoding)

    def console(self) -> "Console":
        """What draws on stderr where ``can_redraw``."""
        from rich.console import Console  # late: a checkout may have to do without

        return Console(file=self._environment.stderr, _environ=self._environment.environ)

    def say(self, text: str) -> None:
        """Tell people something."""
        if not self.quiet:
            print(text, file=self._environment.stderr, flush=True)

    def problem(self, text: str) -> None:
        """Tell people what went wrong, also when quiet."""
        print(text, file=self._environment.stderr, flush=True)

    def ask(self, question: str) -> bool:
        """Ask for a yes; False without asking where nobody can answer."""
        if not self._environment.interactive:
            return False
        print(f"{question} [y/N] ", end="", file=self._environment.stderr, flush=True)
        return self._environment.stdin.readline().strip().lower() in {"y", "yes"}

    @contextmanager
    def bar(self, title: str) -> Iterator[Bar]:
        """Show progress: a live bar on a terminal, else plain lines."""
        if not self.can_redraw:
            yield Lines(self, title)
            return
        with RichBar(self.console(), title) as bar:
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


class RichBar:
    """Progress as a live bar."""

    def __init__(self, console: "Console", title: str) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[words]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._progress.add_task(title, total=100, words="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, percent: float, words: str) -> None:
        self._progress.update(self._task, completed=percent, words=words)
