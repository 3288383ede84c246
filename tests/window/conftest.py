"""Tests in a real Blender's window; see ``harness`` for what a window can do.

    pytest tests/window --blender PATH

``make test-window`` runs them in the oldest and the newest Blender that has a window, two windows
of each at a time; those marked ``alone`` afterwards, one by one.
"""

import itertools
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scripts import build
from tests.window.harness import BlenderWindow, make_user

OpenWindow = Callable[..., BlenderWindow]
FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--blender", help="the Blender to open in a window")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def blender(request: pytest.FixtureRequest) -> str:
    """Path of the Blender under test."""
    path = request.config.getoption("--blender")
    if not path:
        raise pytest.UsageError("tests/window needs --blender PATH")
    return str(path)


@pytest.fixture(scope="session", autouse=True)
def shaders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of shaders of our own: several versions of Mesa would write into the common one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MESA_SHADER_CACHE_DIR", str(tmp_path_factory.mktemp("shaders")))
        yield


@pytest.fixture(scope="session")
def user(blender: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a user who has just installed the built extension; tests take copies."""
    folder = tmp_path_factory.mktemp("user")
    make_user(folder, blender, build.build(tmp_path_factory.mktemp("dist")))
    return folder


@pytest.fixture
def start_window(
    blender: str, user: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[OpenWindow]:
    """Starts a Blender with the extension: ``start_window(environment={...}, arguments=[...])``.

    For tests of the start or the end. The same user each time: starting again after ``close`` or
    ``quit`` finds what was left.
    """
    folder = tmp_path / str(request.node.name)
    shutil.copytree(user, folder)
    with ExitStack() as opened:

        def start_one(**options: Any) -> BlenderWindow:
            return opened.enter_context(BlenderWindow(blender, folder, **options))

        yield start_one


class SharedWindow:
    """One Blender for the tests of a file; each finds it as if it had just been started."""

    def __init__(self, blender: str, user: Path, folder: Path) -> None:
        self._blender = blender
        self._user = user
        self._folder = folder
        self._numbers = itertools.count(1)
        self._window: BlenderWindow | None = None

    def opened(self, environment: Mapping[str, str], size: tuple[int, int]) -> BlenderWindow:
        """The window in its first state, with these variables and of that size."""
        if self._window is not None and self._window.size == size:
            self._window.start_afresh(environment)
            return self._window
        self.quit()
        folder = self._folder / f"user-{next(self._numbers)}"
        shutil.copytree(self._user, folder)
        self._window = BlenderWindow(self._blender, folder, environment=environment, size=size)
        return self._window

    def give_up(self, test: str) -> None:
        """After a failure: leave a picture, and start another Blender for the next test."""
        if self._window is not None:
            if self._window.process.poll() is None:
                self._window.screenshot(f"failed-{test}")
            self._window.close()
            self._window = None

    def quit(self) -> None:
        """End Blender as its menu does: what all its tests left in memory is looked at."""
        if self._window is not None:
            window, self._window = self._window, None
            with window:
                window.quit()


@pytest.fixture(scope="module")
def shared_window(
    blender: str, user: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedWindow]:
    shared = SharedWindow(blender, user, tmp_path_factory.mktemp("shared"))
    yield shared
    shared.quit()


@pytest.fixture
def open_window(
    shared_window: SharedWindow, request: pytest.FixtureRequest
) -> Iterator[OpenWindow]:
    """A Blender with the extension: ``open_window(environment={...}, size=(1400, 1300))``."""

    def open_one(
        environment: Mapping[str, str], size: tuple[int, int] = (1400, 900)
    ) -> BlenderWindow:
        return shared_window.opened(environment, size)

    yield open_one
    if request.node.stash.get(FAILED, False):
        shared_window.give_up(request.node.name)
