"""Windows that were just opened, each of a user of its own who has just installed the extension."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from scripts import build
from scripts.bench.machine import Setting
from tests.window.harness import BlenderWindow, make_user

PATIENCE: Final = 180.0

PARTS: Final = """
import importlib, time
def part(name):
    return importlib.import_module("bl_ext.user_default.studio3d." + name)
"""
"""Run in each; what is measured goes by it to the extension's modules."""


@contextmanager
def opened(setting: Setting, variables: Mapping[str, str] | None = None) -> Iterator[BlenderWindow]:
    """A window of a fresh user, with these variables beside the folder of the extension."""
    user, own = setting.folder / "user", setting.folder / "own-user"
    if not user.exists():
        make_user(user, setting.blender, build.build(setting.folder / "dist"))
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(user, own)
    environment = {"STUDIO3D_HOME": str(own / "own"), **(variables or {})}
    with BlenderWindow(setting.blender, own, environment=environment) as window:
        window.execute(PARTS)
        yield window


def account_at(address: str) -> dict[str, str]:
    """Variables of a user whose service is there."""
    return {"STUDIO3D_API_URL": address, "STUDIO3D_API_KEY": "bench"}


def wait(is_so: Callable[[], object], what: str) -> None:
    """Until it is so; ends the benchmark where it does not come."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit(f"still not: {what}")
        time.sleep(0.02)
