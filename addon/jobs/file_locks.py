"""Locks of the operating system: they end with the process that holds them, however that ends.

A background Blender may live a moment longer than the worker that started it and was killed. So it
holds what the worker holds: the lock is free when both are gone.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING

from ..service.names import safe_name

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

    from .job import Job

log = logging.getLogger(__name__)


class FilesBusy(Exception):
    """Another process works on the files; the text says which."""


class _Held(threading.local):
    def __init__(self) -> None:
        self.files: list[FileIO] = []


_held = _Held()


def descriptors() -> tuple[int, ...]:
    """What a process that works for this thread has to hold as well."""
    return () if sys.platform == "win32" else tuple(file.fileno() for file in _held.files)


def files_of(job: Job) -> AbstractContextManager[None]:
    """Be the only one that writes the job's files, whoever else has it on a list of theirs."""
    return alone_with(job.folder, safe_name(job.task_id or job.id))


@contextmanager
def alone_with(folder: Path, name: str) -> Iterator[None]:
    """Be the only one that writes the files of that name in the folder; raises FilesBusy.

    The lock is a file beside them that goes with it. Where none can be made, as in a folder that is
    read-only or on a disk that knows no locks, the work goes on and meets what there is to meet.
    """
    path = folder / f".{name}.lock"
    file: FileIO | None = None
    try:
        file = _take(path)
    except OSError as error:
        log.info("no lock for %s in %s: %s", name, folder, error)
    if file is None:
        yield
        return
    _held.files.append(file)
    try:
        yield
    finally:
        _held.files.remove(file)
        _let_go(file, path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file that stays there; raises FilesBusy and OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        _lock(file)
        yield


def _take(path: Path) -> FileIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        file = path.open("a+b", buffering=0)
        try:
            _lock(file)
            if _is_at(file, path):
                return file
        except BaseException:
            file.close()
            raise
        file.close()  # whoever held it has removed it meanwhile


def _let_go(file: FileIO, path: Path) -> None:
    # Before the lock ends, or the next one's would be removed. Windows removes no open file.
    with suppress(OSError):
        path.unlink()
    # Said in so many words: it would go on in a process that was given it.
    with suppress(OSError):
        unlock(file)
    file.close()
    if sys.platform == "win32":
        with suppress(OSError):
            path.unlink()


def _is_at(file: FileIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: FileIO) -> None:
    """Lock it and write down whose it is; raises FilesBusy and OSError."""
    if not try_lock(file):
        file.seek(0)
        raise FilesBusy((file.read(200) or b"").decode("utf-8", "replace").strip())
    with suppress(OSError):  # of a full disk
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())


if sys.platform == "win32":
    import msvcrt

    LOCKED_BYTE = 1 << 30
    """Far behind the text, which others have to be able to read."""

    def try_lock(file: FileIO) -> bool:
        """Lock the file unless another has; raises OSError where there are no locks."""
        file.seek(LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(file: FileIO) -> None:
        """End the lock."""
        file.seek(LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def try_lock(file: FileIO) -> bool:
        """Lock the file unless another has; raises OSError where there are no locks."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(file: FileIO) -> None:
        """End the lock, also for processes that were given it."""
        fcntl.flock(file, fcntl.LOCK_UN)
