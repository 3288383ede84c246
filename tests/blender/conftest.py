"""Tests that run inside Blender, against the extension installed from its zip.

``make test-blender`` runs this folder in every supported Blender (see ``run.py``). The code under
test is the ``extension`` fixture's package, reached by name, never by importing ``addon``::

    def test_something(extension: ModuleType) -> None:
        store = part("jobs.store")

A test starts in an empty file, in background mode: timers and modal events never fire there.
"""

import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender import versions

PACKAGE = "bl_ext.user_default.studio3d"


def pytest_configure(config: pytest.Config) -> None:
    # Blender's own add-ons warn as they please; ours may not.
    config.addinivalue_line("filterwarnings", "ignore")
    config.addinivalue_line("filterwarnings", f"error:::{re.escape(PACKAGE)}")


def pytest_itemcollected(item: pytest.Item) -> None:
    versions.mark(item)


def part(name: str) -> ModuleType:
    """A module of the installed extension: ``part("jobs.store")``."""
    return importlib.import_module(f"{PACKAGE}.{name}")


@pytest.fixture(scope="session")
def extension() -> Iterator[ModuleType]:
    """The package of the installed and enabled extension."""
    archive = os.environ["STUDIO3D_TEST_ZIP"]
    for repository in list(bpy.context.preferences.extensions.repos):
        if repository.use_remote_url:  # nothing outside this machine is asked
            bpy.context.preferences.extensions.repos.remove(repository)
    bpy.ops.extensions.package_install_files(
        filepath=archive, repo="user_default", enable_on_install=True
    )
    assert PACKAGE in bpy.context.preferences.addons
    installed = sys.modules[PACKAGE]
    yield installed
    bpy.ops.preferences.addon_disable(module=PACKAGE)


@pytest.fixture(autouse=True)
def _empty_file() -> None:
    bpy.ops.wm.read_homefile(use_empty=True)


@pytest.fixture
def store(extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A job list of the test's own, with a key; its jobs stay where the test puts them."""
    from tests.blender.results import own_home  # late: it takes names from here

    with own_home(tmp_path, STUDIO3D_API_KEY="test-key") as opened:
        for name in ("nudge", "check", "ensure"):
            monkeypatch.setattr(part("blender.runtime.worker_host"), name, lambda: None)
        part("blender.runtime.build_snapshot").refresh(bpy.context)
        yield opened


@pytest.fixture(scope="session")
def do(extension: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A background Blender for all tests: ``do("export_model.py", order)`` gives the report."""
    from tests.blender.echo import background  # late: it takes names from here

    with background(tmp_path_factory.mktemp("background")) as do_one:
        yield do_one
