"""Modules that are found when they are imported, and read when something of them is first used.

Blender waits while an extension is being enabled, at each of its starts. What is registered refers
to nearly all of the extension, and needs little of it before somebody clicks. From ``begin()`` on
an import statement of one of our modules makes it known by its name; its code is read and run when
one of its attributes is asked for, which may be at once, as in ``from .submission import submit``,
or long after. It is then the same module as ever.
"""

from __future__ import annotations

import sys
import time
from importlib.machinery import SourceFileLoader
from importlib.util import LazyLoader, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from ... import __package__ as _root_package
from . import ticker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec

PACKAGE: Final = str(_root_package)
OF_PACKAGE: Final = "__init__.py"


class _Finder:
    """Lists each folder of ours once, which is quicker than to look for every module in it."""

    def __init__(self) -> None:
        self._listed: dict[str, dict[str, Path]] = {}
        """The files of modules and packages by their names, by the folder they are in."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None or not fullname.startswith(f"{PACKAGE}."):
            return None
        (folder,) = path
        if folder not in self._listed:
            self._listed[folder] = dict(_modules_in(Path(folder)))
        file = self._listed[folder].get(fullname.rpartition(".")[2])
        if file is None:
            return None
        loader = LazyLoader(SourceFileLoader(fullname, str(file)))
        inside = [str(file.parent)] if file.name == OF_PACKAGE else None
        return spec_from_file_location(
            fullname, file, loader=loader, submodule_search_locations=inside
        )


def _modules_in(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.iterdir():
        if path.name.endswith(".py"):
            yield path.stem, path
        elif (path / OF_PACKAGE).is_file():
            yield path.name, path / OF_PACKAGE


def begin() -> None:
    """From now on modules of ours that are imported are read when they are first used."""
    end()
    sys.meta_path.insert(0, _Finder())


def end() -> None:
    """Read what is imported from now on at once, as Python does."""
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, _Finder)]


def unread() -> list[ModuleType]:
    """The modules that were imported and not used yet, in the order of their imports."""
    ours = [module for name, module in sys.modules.items() if name.startswith(f"{PACKAGE}.")]
    return [module for module in ours if type(module) is not ModuleType]


MOMENT: Final = 0.004
"""Seconds after which reading goes on at the next tick."""
PAUSE: Final = 0.01
"""Seconds until then."""


def read_on() -> float | None:
    """Called by the ticker: read what is unread, for a moment; then no click waits for it."""
    ends_at = time.monotonic() + MOMENT
    while waiting := unread():
        getattr(waiting[-1], "__file__", None)  # to ask for anything of it is enough
        if time.monotonic() > ends_at:
            return PAUSE
    end()
    return None


def register() -> None:
    """Read all of it while nothing happens; in background mode it is read when it is used."""
    ticker.call(read_on)


def unregister() -> None:
    """Leave Python's imports as they were."""
    end()
