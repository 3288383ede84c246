"""Tests in a real Blender's window; see ``harness`` for what a window can do.

    pytest tests/window --blender PATH

``make test-window`` runs them in the oldest and the newest Blender that has a window.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scripts import build
from tests.window.harness import BlenderWindow, make_user

OpenWindow = Callable[..., BlenderWindow]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--blender", help="the Blender to open in a window")


@pytest.fixture(scope="session")
def blender(request: pytest.FixtureRequest) -> str:
    """Path of the Blender under test."""
    path = request.config.getoption("--blender")
    if not path:
        raise pytest.UsageError("tests/window needs --blender PATH")
    return str(path)


@pytest.fixture(scope="session")
def user(blender: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a user who has just installed the built extension; tests take copies."""
    folder = tmp_path_factory.mktemp("user")
    make_user(folder, blender, build.build(tmp_path_factory.mktemp("dist")))
    return folder


@pytest.fixture
def open_window(
    blender: str, user: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[OpenWindow]:
    """Opens a Blender with the extension: ``open_window(environment={...}, size=(1000, 700))``.

    The same user each time: opening again after ``close`` or ``quit`` finds what was left.
    """
    folder = tmp_path / str(request.node.name)
    shutil.copytree(user, folder)
    with ExitStack() as opened:

        def open_one(**options: Any) -> BlenderWindow:
            return opened.enter_context(BlenderWindow(blender, folder, **options))

        yield open_one
