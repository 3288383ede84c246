"""The catalogues of an asset library: Blender's text file in the library's folder.

Several may add to it at once: Blenders, command lines, and people on other machines. Those of one
user wait for each other; against the others it is read once more before it is replaced.
"""

import errno
import os
import re
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from ..service import whole_files
from .file_locks import FilesBusy, alone_with

CATALOG_SPACE: Final = uuid.UUID("5f0c2a52-6d0b-4c55-9b5c-3d6f8f1f6f3e")
"""Catalogues get their id from their path in this space, so every host gives them the same one."""

CATALOG_FILE: Final = "blender_assets.cats.txt"
KEPT: Final = "surrogateescape"
"""Bytes of others that are no UTF-8 stay as they are."""
CATALOG_LINE: Final = re.compile(r"([0-9a-fA-F-]{36}):([^:]*):")


def catalog_path(written: str) -> str:
    """A path as people write it, ``Props / Chairs``, as Blender takes it; "" for none."""
    parts = (part.strip() for part in written.replace(":", "-").split("/"))
    return "/".join(part for part in parts if part)


def catalog_id(path: str) -> str:
    """The id of a catalogue that we make; empty for none."""
    return str(uuid.uuid5(CATALOG_SPACE, path)) if path else ""


LONGEST_WAIT: Final = 20.0
"""Seconds to wait for others, who hold it for as long as a small file takes to be written: seconds
where a virus scanner has it open as well, or where many add on a busy machine.
"""
LOOK_EVERY: Final = 0.01


def add_catalog(library: Path, path: str, *, patience: float = LONGEST_WAIT) -> str:
    """Make sure that the library has the catalogue; returns its id there, "" for none.

    Raises OSError, also where others write it for more than ``patience`` seconds.
    """
    if not path:
        return ""
    write_catalogs(library, [path], patience=patience)
    return _known(_read(library))[path]


def write_catalogs(library: Path, paths: Iterable[str], *, patience: float = LONGEST_WAIT) -> None:
    """Add catalogues to the library's definition file; what is there stays. Raises OSError."""
    wanted = {
        "/".join(parts[: end + 1])
        for path in paths
        for parts in [path.split("/")]
        for end in range(len(parts))
        if path
    }
    library.mkdir(parents=True, exist_ok=True)
    with _alone(library, patience):
        while not _add(library, wanted):
            pass


def _add(library: Path, wanted: set[str]) -> bool:
    """Add what is missing; False where somebody else wrote the file meanwhile."""
    there = _read(library)
    missing = sorted(wanted - _known(there).keys())
    if there is not None and not missing:
        return True
    head = ["# This is an Asset Catalog Definition file for Blender.", "", "VERSION 1", ""]
    lines = (there or "").splitlines() or head
    lines += (f"{catalog_id(path)}:{path}:{path.replace('/', '-')}" for path in missing)
    file = library / CATALOG_FILE
    part = file.with_suffix(f".{uuid.uuid4().hex[:8]}.part")
    try:
        part.write_bytes(("\n".join(lines) + "\n").encode(errors=KEPT))
        if _read(library) != there:
            return False
        whole_files.replace(part, file)
    finally:
        whole_files.discard(part)
    return True


@contextmanager
def _alone(library: Path, patience: float) -> Iterator[None]:
    """Be the only one of this user who writes the file; raises OSError."""
    last = time.monotonic() + patience
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(alone_with(library, CATALOG_FILE))
                break
            except FilesBusy as busy:
                if time.monotonic() >= last:
                    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(library)) from busy
            time.sleep(LOOK_EVERY)
        yield


def _read(library: Path) -> str | None:
    """What the file says; None if there is none."""
    try:
        return whole_files.read(library / CATALOG_FILE).decode("utf-8", KEPT)
    except FileNotFoundError:
        return None


def _known(text: str | None) -> dict[str, str]:
    """The ids of the library's catalogues by path; of two for one path the first counts."""
    lines = (text or "").splitlines()
    found = [match for line in lines if (match := CATALOG_LINE.match(line))]
    return {match[2]: match[1] for match in reversed(found)}
