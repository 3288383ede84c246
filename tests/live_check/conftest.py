"""A live check that is started with other answers, and what came of it."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.live_checks.asking import Pace
from scripts.live_checks.command import World, main
from tests.live_check.quick_engine import QUICK
from tests.sandbox.front import KEY, Front, running

FAST = Pace(look=0.02, retry=0.01, without_file=0.2, task=60)


class Typing(io.StringIO):
    """A terminal at which somebody has typed this."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Checked:
    """How it ended, what it said, and the folder of its report."""

    code: int
    said: str
    folder: Path

    @property
    def report(self) -> Any:
        return json.loads((self.folder / "live-check.json").read_text())

    def differences(self) -> list[tuple[str, str]]:
        """(kind, where) of each."""
        return [(one["kind"], one["where"]) for one in self.report["differences"]]

    def outcome(self, step: str) -> str:
        found = {one["name"]: one["outcome"] for one in self.report["steps"]}
        return str(found[step])

    def files(self) -> str:
        """All that was written for others."""
        return "".join((self.folder / f"live-check{end}").read_text() for end in (".md", ".json"))


Check = Callable[..., Checked]


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    """The sandbox's front with an engine that is done at once."""
    with running(engines=QUICK) as found:
        yield found


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """``check(address, "--only", "convert", typed="no")``."""

    def run(address: str, *arguments: str, typed: str | None = None, **more: Any) -> Checked:
        stdin, stdout = io.StringIO() if typed is None else Typing(typed), io.StringIO()
        environ = {
            "STUDIO3D_API_URL": address,
            "STUDIO3D_API_KEY": KEY,
            "STUDIO3D_HOME": str(tmp_path / "home"),
        }
        world = World(stdin, stdout, environ, tmp_path, FAST, **more)
        code = main(arguments, world)
        return Checked(code, stdout.getvalue(), tmp_path)

    return run
