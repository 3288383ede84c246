"""Sandboxes for tests: processes of ``python -m scripts.sandbox`` with options, ended together.

Outside Blender a test starts them itself. A Blender binary sees another system's programs and
cannot, so its tests ask the process that started Blender: a folder holds one ``<id>.request`` per
sandbox (the options as JSON) and gets an ``<id>.answer`` (the sandbox's own line).
"""

import json
import os
import select
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
BROKER_VARIABLE = "STUDIO3D_TEST_SANDBOXES"
FAST = {"time_scale": 0.01, "rate_limit": 1000}
"""Options a test gets unless it says otherwise: quick work, and a limit it does not meet."""

Option = str | float | list[str]


class SandboxFailed(Exception):
    """A sandbox did not start; the text holds what it said."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox: where it answers, where its files are, and a key it knows."""

    address: str
    storage: str
    key: str


class Sandboxes(Protocol):
    """Starts sandboxes; leaving it as a context ends them all."""

    def start(self, **options: Option) -> Sandbox:
        """Start one; ``rate_limit=3`` is ``--rate-limit 3``, a list repeats its option."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def command_line(options: dict[str, Option]) -> list[str]:
    """The options as arguments of ``scripts.sandbox``, on top of the fast ones."""
    arguments: list[str] = []
    for name, value in (FAST | options).items():
        for one in value if isinstance(value, list) else [value]:
            arguments += [f"--{name.replace('_', '-')}", str(one)]
    return arguments


class LocalSandboxes:
    """Starts sandboxes with the Python of this process; their logs go into ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, **options: Option) -> Sandbox:
        log = self._folder / f"sandbox-{len(self._processes)}.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "scripts.sandbox", *command_line(options)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._processes.append(process)
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
        line = process.stdout.readline() if ready else ""
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
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()


class BrokeredSandboxes:
    """Asks the process that started this Blender; that one ends them when Blender ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, **options: Option) -> Sandbox:
        name = uuid.uuid4().hex
        _write(self._folder / f"{name}.request", json.dumps(options))
        answer = self._folder / f"{name}.answer"
        deadline = time.monotonic() + READY_SECONDS
        while not answer.exists():
            if time.monotonic() > deadline:
                raise SandboxFailed("nobody answered the request for a sandbox")
            time.sleep(0.05)
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


def answer_requests(folder: Path, sandboxes: LocalSandboxes) -> None:
    """Start what the requests in ``folder`` ask for; called again and again by the broker."""
    for request in folder.glob("*.request"):
        options = json.loads(request.read_text())
        request.unlink()
        try:
            started = sandboxes.start(**options)
        except SandboxFailed as failure:
            answer = {"failed": str(failure)}
        else:
            answer = {
                "address": started.address,
                "storage": started.storage,
                "key": started.key,
            }
        _write(request.with_suffix(".answer"), json.dumps(answer))


def for_this_process(folder: Path) -> Sandboxes:
    """The kind of sandboxes that works where this process runs."""
    broker = os.environ.get(BROKER_VARIABLE)
    return BrokeredSandboxes(Path(broker)) if broker else LocalSandboxes(folder)


def _write(path: Path, text: str) -> None:
    """Write so that a reader sees the whole file or none."""
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)
