"""Sandboxes for tests, inside and outside Blender.

Outside Blender a test starts them itself. A Blender binary sees another system's programs and
cannot, nor can Windows' Python, so tests there ask the process that started it: a folder holds one
``<id>.request`` per sandbox (the options as JSON) and gets an ``<id>.answer`` (the sandbox's own
line).
"""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from scripts.sandbox.processes import ROOT, Option, Sandbox, SandboxFailed, SandboxProcesses
from tests.patience import PAUSE, Deadline, seconds, until

__all__ = ["ROOT", "Sandbox", "Sandboxes", "for_this_process", "local", "run_with_sandboxes"]

BROKER_VARIABLE = "STUDIO3D_TEST_SANDBOXES"
START_SECONDS = 60.0
"""At most, on an idle machine."""


class Sandboxes(Protocol):
    """Starts sandboxes; leaving it as a context ends them all."""

    def start(self, **options: Option) -> Sandbox:
        """Start one with options of ``python -m scripts.sandbox``: ``start(rate_limit=3)``."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def local(folder: Path) -> SandboxProcesses:
    """Sandboxes of this process: quick work, and a limit a test does not meet by accident.

    What they make is coarse: how fine it is by default, ``tests/sandbox`` looks at in the engines.
    """
    patience = seconds(START_SECONDS)
    return SandboxProcesses(folder, patience=patience, time_scale=0.01, rate_limit=1000, draft=True)


class BrokeredSandboxes:
    """Asks the process that started this one; that one ends them when this one ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, **options: Option) -> Sandbox:
        name = uuid.uuid4().hex
        _write(self._folder / f"{name}.request", json.dumps(options))
        answer = self._folder / f"{name}.answer"
        # Those asked for before it start first.
        until(answer.exists, usual=3 * START_SECONDS, what="an answer to the request for a sandbox")
        said = json.loads(answer.read_text())
        if "failed" in said:
            raise SandboxFailed(said["failed"])
        return Sandbox(**said)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass


def run_with_sandboxes(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, usual: float
) -> int:
    """Run a program to its end, starting the sandboxes that it asks for; returns its exit code.

    Sandboxes and requests are kept in ``folder``. The program is killed when it takes far longer
    than the ``usual`` seconds.
    """
    requests = folder / "requests"
    requests.mkdir()
    deadline = Deadline(usual)
    with (
        local(folder) as sandboxes,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, BROKER_VARIABLE: str(requests)},
            stdin=subprocess.DEVNULL,
        ) as process,
    ):
        while process.poll() is None:
            if deadline.passed:
                sys.stderr.write(f"{Path(command[0]).name} did not end\n")
                process.kill()
            answer_requests(requests, sandboxes)
            time.sleep(PAUSE)
        return process.returncode


def answer_requests(folder: Path, sandboxes: SandboxProcesses) -> None:
    """Start what the requests in ``folder`` ask for; called again and again by the broker."""
    for request in folder.glob("*.request"):
        options = json.loads(request.read_text())
        request.unlink()
        try:
            started = sandboxes.start(**options)
        except SandboxFailed as failure:
            answer = {"failed": str(failure)}
        else:
            answer = asdict(started)
        _write(request.with_suffix(".answer"), json.dumps(answer))


def for_this_process(folder: Path) -> Sandboxes:
    """The kind of sandboxes that works where this process runs."""
    broker = os.environ.get(BROKER_VARIABLE)
    return BrokeredSandboxes(Path(broker)) if broker else local(folder)


def _write(path: Path, text: str) -> None:
    """Write so that a reader sees the whole file or none."""
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)
