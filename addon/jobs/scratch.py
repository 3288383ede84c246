"""Folders for what is needed for a moment only, and what killed processes left of theirs.

Whoever makes one holds its lock as long as it lives, however it ends; one that nobody holds is of
nobody any more, and goes with the next ``sweep``.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Final

from ..service import whole_files
from .file_locks import try_lock

log = logging.getLogger(__name__)

PREFIX: Final = "studio3d-work-"
LOCK: Final = ".lock"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone when the block ends; raises OSError."""
    folder, lock = _made()
    try:
        yield folder
    finally:
        lock.close()  # before: Windows removes no open file
        whole_files.discard_folder(folder)


def sweep() -> None:
    """Remove the folders of processes that were killed; what cannot be removed stays."""
    try:
        left = [path for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*") if path.is_dir()]
    except OSError as error:
        log.info("nothing left is looked for: %s", error)
        return
    for folder in left:
        if _is_left(folder):
            log.info("%s is removed: whoever made it was killed", folder)
            whole_files.discard_folder(folder)


def _made() -> tuple[Path, FileIO]:
    """A folder and its lock. Another process may sweep it away before it is locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock: FileIO | None = None
        try:
            lock = (folder / LOCK).open("xb", buffering=0)
            if try_lock(lock):
                return folder, lock
        except FileNotFoundError:
            continue
        except OSError as error:  # of a disk that knows no locks, and where nobody sweeps
            if lock is None:
                raise
            log.info("no lock for %s: %s", folder, error)
            return folder, lock
        lock.close()


def _is_left(folder: Path) -> bool:
    """Whether nobody holds it; one without a lock is being made, or not ours."""
    try:
        with (folder / LOCK).open("r+b", buffering=0) as file:
            return try_lock(file)
    except OSError:
        return False
