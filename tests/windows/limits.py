"""Which tests Windows' Python does not run, or fails under Wine: ``limits.toml``, and its reasons.

A test that cannot pass on Windows at all says so itself, ``@pytest.mark.posix("why")``, and is left
out there. What only Wine gets wrong stands in ``limits.toml`` by the test's name and has to fail
under Wine: one that passes, or that there is no more, fails the run.
"""

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple, cast

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
FILE: Final = Path(__file__).with_name("limits.toml")
MARK: Final = "posix"


class Limits(NamedTuple):
    """Folder or file -> why it is not for Windows; test -> why; test -> what Wine gets wrong."""

    left_out: dict[str, str]
    only: dict[str, str]
    """Of a file that is named here with some of its tests, these alone run."""
    wine: dict[str, str]


def read(file: Path = FILE) -> Limits:
    """The limits as they are written down."""
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return Limits(found["left_out"], found["only"], found["wine"])


def is_left_out(path: str, limits: Limits) -> bool:
    """Whether a file or folder, named from the root of the project, is not for Windows."""
    return any(path == one or path.startswith(f"{one}/") for one in limits.left_out)


def is_one_of_others(test: str, limits: Limits) -> bool:
    """Whether other tests of its file run on Windows, but not this one, named as pytest does."""
    name = test.partition("[")[0]
    file = name.partition("::")[0]
    return name not in limits.only and any(one.startswith(f"{file}::") for one in limits.only)


def on_windows() -> bool:
    """Whether this is Windows' Python."""
    return sys.platform == "win32"


def under_wine() -> bool:
    """Whether this Windows is Wine."""
    if not on_windows():
        return False
    import ctypes  # late: Wine alone is asked

    library = cast(object, getattr(ctypes, "windll")).ntdll  # type: ignore[attr-defined]  # noqa: B009 - there on Windows only
    return hasattr(library, "wine_get_version")


def sort_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """Take out what Windows does not run, expect Wine's failures; returns what was taken out.

    Raises UsageError where a test whose file was collected whole is listed but not there.
    """
    limits = read()
    out = [
        item
        for item in items
        if item.get_closest_marker(MARK) or is_one_of_others(item.nodeid, limits)
    ]
    items[:] = [item for item in items if item not in out]
    if under_wine():
        known = limits.wine
        for item in items:
            if reason := known.get(item.nodeid):
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
        if gone := missing(known, items):
            raise pytest.UsageError(f"{FILE.name} lists tests that are not there: {gone}")
    return out


def missing(known: Iterable[str], items: Iterable[pytest.Item]) -> list[str]:
    """Listed tests of the collected files that were not collected with them."""
    names = {item.nodeid for item in items}
    files = {name.partition("::")[0] for name in names}
    return [name for name in known if name.partition("::")[0] in files and name not in names]
