"""Locks of the operating system: they end with the process that holds them, however that ends.

A background Blender may live a moment longer than the worker that started it and was killed. So it
holds what the worker holds: the lock is free when both are gone.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import socket
import sys
import tempfile
import threading
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..service.names import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO

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

    The lock is a file of this user's among the temporary ones: what a killed process leaves of it
    is in nobody's way. Where none can be made, the work goes on without.
    """
    taken: tuple[FileIO, Path] | None = None
    try:
        path = _place(folder, name)
        taken = _take(path), path
    except OSError as error:
        log.info("no lock for %s in %s: %s", name, folder, error)
    if taken is None:
        yield
        return
    _held.files.append(taken[0])
    try:
        yield
    finally:
        _held.files.remove(taken[0])
        _let_go(*taken)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file that stays there; raises FilesBusy and OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        _lock(file)
        yield


def _place(folder: Path, name: str) -> Path:
    """Where the lock is, whichever way the folder is named; raises OSError."""
    root = Path(tempfile.gettempdir()) / "studio3d-locks"
    if sys.platform != "win32":  # where all users share the folder
        root = root.with_name(f"{root.name}-{os.getuid()}")
    root.mkdir(mode=0o700, exist_ok=True)
    if sys.platform != "win32" and root.lstat().st_uid != os.getuid():
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(root))
    named = f"{os.path.realpath(folder)}\0{name}".encode(errors="surrogateescape")
    return root / hashlib.sha256(named).hexdigest()[:32]


def _take(path: Path) -> FileIO:
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
        file.write(b"process %d on %s" % (os.getpid(), socket.gethostname().encode()))


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
