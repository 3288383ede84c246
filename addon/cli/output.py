"""The only module of the command line that writes: one document to stdout, the rest to stderr."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, Self

from .environment import Environment

USUAL_SIZE = (80, 24)
"""Columns and lines of a terminal that does not tell."""


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
    def is_live(self) -> bool:
        """Whether stderr is a terminal that people watch."""
        return not self.quiet and self._environment.stderr.isatty()

    @property
    def can_redraw(self) -> bool:
        """Whether stderr is a terminal that moves its cursor when told to."""
        environ = self._environment.environ
        old = self._environment.platform == "win32" and "WT_SESSION" not in environ
        return self.is_live and not old and environ.get("TERM") != "dumb"

    def can_write(self, text: str) -> bool:
        """Whether stderr's encoding has these characters."""
        encoding = self._environment.stderr.encoding or "ascii"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return False
        return True

    def screen_size(self) -> tuple[int, int]:
        """Columns and lines of the terminal on stderr."""
        try:
            size = os.get_terminal_size(self._environment.stderr.fileno())
        except OSError:
            return USUAL_SIZE
        return (size.columns or USUAL_SIZE[0], size.lines or USUAL_SIZE[1])

    def draw(self, text: str) -> None:
        """Write to the terminal, escape sequences included."""
        encoding = self._environment.stderr.encoding or "ascii"
        print(
            text.encode(encoding, "replace").decode(encoding),
            end="",
            file=self._environment.stderr,
            flush=True,
        )

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
        """Show progress: a live bar on a terminal that has the library, else plain lines."""
        rich_bar = self._rich_bar(title)
        if rich_bar is None:
            yield Lines(self, title)
            return
        with rich_bar as bar:
            yield bar

    def _rich_bar(self, title: str) -> "RichBar | None":
        if not self.is_live:
            return None
        try:
            return RichBar(self._environment, title)
        except ImportError:  # Blender's own Python does not ship it
            return None


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
    """Progress as a live bar; raises ImportError where rich is not installed."""

    def __init__(self, environment: Environment, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[words]}"),
            TimeElapsedColumn(),
            console=Console(file=environment.stderr),
        )
        self._task = self._progress.add_task(title, total=100, words="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, percent: float, words: str) -> None:
        self._progress.update(self._task, completed=percent, words=words)
