"""Sandboxes as child processes, started with options and ended together."""

import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60.0
"""For the first line. One that fails to start says so at once, by its end."""
END_SECONDS = 30.0

Option = str | float | bool | list[str]


class SandboxFailed(Exception):
    """A sandbox did not start; the text holds what it said."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox: where it answers, where its files are, and a key it knows."""

    address: str
    storage: str
    key: str


def command_line(options: dict[str, Option]) -> list[str]:
    """The options as arguments: ``rate_limit=3`` is ``--rate-limit 3``, a list repeats its own.

    ``draft=True`` is ``--draft``, and False is nothing.
    """
    arguments: list[str] = []
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            arguments += [flag] if value else []
            continue
        for one in value if isinstance(value, list) else [value]:
            arguments += [flag, str(one)]
    return arguments


def _first_line(output: IO[str], patience: float) -> str:
    """What it says first; "" if that takes too long. Windows looks at no pipe without waiting."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
    try:
        return lines.get(timeout=patience)
    except queue.Empty:
        return ""


class SandboxProcesses:
    """Starts sandboxes with the Python of this process; their logs go into ``folder``.

    ``usual`` are options every sandbox gets unless it is started with others; ``patience`` is for
    how many seconds a silent one is waited for; ``root`` holds the project whose sandbox it is.
    Leaving the context ends them all.
    """

    def __init__(
        self,
        folder: Path,
        *,
        patience: float = READY_SECONDS,
        root: Path = ROOT,
        **usual: Option,
    ) -> None:
        self._folder = folder
        self._root = root
        self._patience = patience
        self._usual = usual
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, **options: Option) -> Sandbox:
        """Start one and wait until it answers."""
        log = self._folder / f"sandbox-{len(self._processes)}.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "scripts.sandbox", *command_line(self._usual | options)],
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._processes.append(process)
        line = _first_line(cast(IO[str], process.stdout), self._patience)
        if not line:
            raise SandboxFailed(f"the sandbox did not start: {log.read_text()}")
        return Sandbox(**json.loads(line))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            cast(IO[str], process.stdout).close()
