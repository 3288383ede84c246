"""A command line of its own for each test, against a real sandbox."""

import io
import itertools
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TextIO

import pytest
import requests
from PIL import Image, ImageDraw

from addon.cli.environment import Environment
from addon.cli.main import main
from addon.jobs.clock import Clock, SystemClock
from tests.patience import seconds
from tests.sandboxes import Sandbox
from tests.strict_service.service import StrictService, strict_service


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left: exit code, the one document, the words."""

    code: int
    document: Any
    words: str


class Service(Protocol):
    """What a command line talks to: the sandbox, or the strict service."""

    @property
    def address(self) -> str: ...

    @property
    def key(self) -> str: ...


class Terminal(io.StringIO):
    """A stream that a person sits at."""

    def isatty(self) -> bool:
        return True


@dataclass(slots=True)
class CommandLine:
    """Runs commands in a folder and with a data folder of their own.

    ``on_terminal`` puts a person before it; ``waits`` are the pauses that were made between tries;
    ``said`` is all that came out of both streams.
    """

    folder: Path
    sandbox: Service
    environ: dict[str, str] = field(default_factory=dict)
    answers: str = ""
    clock: Clock = field(default_factory=SystemClock)
    on_terminal: bool = False
    waits: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, *arguments: str, **environ: str) -> Finished:
        """Run one command line in this process; ``document`` is None where there is none."""
        code, out, words = self.printed(*arguments, **environ)
        return Finished(code, json.loads(out) if out.startswith("{") else None, words)

    def printed(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        """The exit code, and what came out of both streams."""
        kind = Terminal if self.on_terminal else io.StringIO
        stdout, stderr = kind(), kind()
        code = self.run_with(stdout, stderr, *arguments, **environ)
        self.said += (stdout.getvalue(), stderr.getvalue())
        return code, stdout.getvalue(), stderr.getvalue()

    def run_with(self, stdout: TextIO, stderr: TextIO, *arguments: str, **environ: str) -> int:
        """Run one command line on these streams."""
        environment = Environment(
            stdin=(Terminal if self.on_terminal else io.StringIO)(self.answers),
            stdout=stdout,
            stderr=stderr,
            environ={"TERM": "dumb"} | self.environ | environ,
            cwd=self.folder,
            prog="3d_api_client.py",
            clock=self.clock,
            sleep=self.waits.append,
            root=self.folder,
        )
        return int(main(list(arguments), environment))

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Use the sandbox's controls for tests."""
        url = f"{self.sandbox.address}/_sandbox/{path}"
        answer = requests.request(method, url, json=body, timeout=seconds(10))
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def submissions(self) -> int:
        """How many POSTs the service has seen since the log was cleared."""
        log = self.control("GET", "log")
        return sum(entry["method"] == "POST" for entry in log["requests"])


class Hurry:
    """A clock that goes on by some seconds each time it is read: what waits for it has waited."""

    def __init__(self, seconds: float) -> None:
        self._start, self._step = time.time(), seconds
        self._readings = itertools.count()

    def now(self) -> float:
        return self._start + self._step * next(self._readings)


@pytest.fixture(scope="module")
def slicer() -> str:
    """PrusaSlicer; ``make test-plain`` names it."""
    found = os.environ.get("STUDIO3D_SLICER") or shutil.which("prusa-slicer")
    assert found, "no slicer: set STUDIO3D_SLICER to what scripts/get_blender.sh --slicer prints"
    return found


@pytest.fixture
def cli(tmp_path: Path, sandbox: Sandbox) -> CommandLine:
    """A command line that starts from nothing."""
    line = CommandLine(tmp_path, sandbox)
    line.environ = {
        "STUDIO3D_HOME": str(tmp_path / "home"),
        "STUDIO3D_API_URL": sandbox.address,
        "STUDIO3D_API_KEY": sandbox.key,
    }
    line.control("DELETE", "faults")
    line.control("DELETE", "log")
    line.control("DELETE", "throttle")
    return line


@pytest.fixture
def strict() -> Iterator[StrictService]:
    """A service that refuses what its documentation does not name."""
    with strict_service() as service:
        yield service


@pytest.fixture
def strict_cli(tmp_path: Path, strict: StrictService) -> Iterator[CommandLine]:
    """A command line that starts from nothing, before the strict service.

    Whatever a test does, the key may neither be said, nor written, nor shown to the storage.
    """
    line = CommandLine(tmp_path, strict)
    line.environ = {
        "STUDIO3D_HOME": str(tmp_path / "home"),
        "STUDIO3D_API_URL": strict.address,
        "STUDIO3D_API_KEY": strict.key,
    }
    yield line
    assert all(strict.key not in said for said in line.said)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in written if strict.key.encode() in path.read_bytes()] == []
    assert strict.files_with_key == 0


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of something that stands out from its background."""
    image = Image.new("RGB", (256, 256), "white")
    ImageDraw.Draw(image).ellipse((70, 40, 190, 220), fill=(180, 60, 40))
    path = tmp_path / "a picture é.png"
    image.save(path)
    return path


@pytest.fixture(scope="session")
def blender() -> str:
    """A real Blender; ``make test-plain`` names one."""
    found = os.environ.get("STUDIO3D_SANDBOX_BLENDER") or shutil.which("blender")
    assert found, "no Blender: set STUDIO3D_SANDBOX_BLENDER"
    return found
