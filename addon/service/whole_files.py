"""Files that are written whole or not at all, also while other programs look at them.

On Windows a file that another program has open can be neither replaced nor renamed, and some
cannot even be read. Mostly that is for moments: a virus scanner or a cloud's copier looks at what
was written just now. So it is tried again, but only in a process that said it ``may_wait``:
Blender's own, in which people work, never does. What is still open then is said in words.
"""

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import Final, TypeVar

from ..catalog.messages import Message

Done = TypeVar("Done")

PAUSES: Final = tuple(min(0.005 * 1.3**number, 0.05) for number in range(66))
"""Seconds between tries, three in all: who reads it again and again leaves it only for moments."""
OPEN: Final = frozenset({32, 33})
"""What Windows calls a file that is open or locked elsewhere."""
PERHAPS_OPEN: Final = OPEN | {5, None}
"""The same, and access denied, which may have other reasons; ``open`` hands on no number."""

_pauses: list[float] = []
"""Of this process."""


def may_wait() -> None:
    """Say that nobody works in this process: what is open elsewhere is tried again for a while."""
    _pauses[:] = PAUSES


class InUse(PermissionError):
    """Another program has the file open; both text and ``strerror`` say so to people."""

    def __init__(self, path: Path) -> None:
        words = Message("{name} is open in another program: close it there", name=path.name or path)
        super().__init__(errno.EACCES, words, str(path))
        self.words = words

    def __str__(self) -> str:
        return self.words


def write(to: Path, data: bytes, *, part: Path | None = None, sync: bool = False) -> None:
    """Write so that there is always the old file or the whole new one. Raises OSError.

    It is written as ``part`` before, in the same folder. By default that has one name: for those
    who write it alone, what a killed process left of it is overwritten. ``sync``: also when the
    power fails.
    """
    with _made(to, part) as made, patiently(lambda: made.open("wb"), made) as file:
        file.write(data)
        if sync:
            file.flush()
            os.fsync(file.fileno())


def copy(source: Path, to: Path, *, part: Path | None = None) -> None:
    """Copy as ``write`` writes. Raises OSError, and SameFileError where there is but one file."""
    if to.exists() and to.samefile(source):
        raise shutil.SameFileError(errno.EINVAL, Message("It is the same file"), str(to))
    with _made(to, part) as made:
        patiently(lambda: shutil.copyfile(source, made), source)


@contextmanager
def _made(to: Path, part: Path | None) -> Iterator[Path]:
    """What to write first; nothing of it is left, whatever happens."""
    part = to.with_name(f"{to.name}.part") if part is None else part
    try:
        yield part
        replace(part, to)
    finally:
        discard(part)


def replace(part: Path, to: Path) -> None:
    """Call a file ``to``, in place of the one that was called so. Raises OSError."""
    if to.is_dir():  # Windows has one word for this and for what is open elsewhere
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(to))
    patiently(lambda: part.replace(to), to)


def rename(part: Path, to: Path) -> None:
    """Call a file or folder by a name that nothing has. Raises OSError.

    That is FileExistsError where something has it on Windows; elsewhere ``names.give_name`` knows.
    """
    patiently(lambda: part.rename(to), part)


def remove(path: Path) -> None:
    """Delete a file, which may be gone already. Raises OSError."""
    patiently(lambda: path.unlink(missing_ok=True), path)


def discard(path: Path) -> None:
    """Delete a file that is in nobody's way: one that cannot be deleted stays."""
    with suppress(OSError):
        remove(path)


def discard_folder(path: Path) -> None:
    """Delete a folder with all in it; what cannot be deleted stays."""
    with suppress(OSError):
        patiently(lambda: shutil.rmtree(path), path)
        return
    shutil.rmtree(path, ignore_errors=True)


def read(path: Path) -> bytes:
    """What is in the file, which others may be replacing. Raises OSError."""
    return patiently(path.read_bytes, path)


def open_to_read(path: Path) -> BufferedReader:
    """The file, which others may be replacing. Raises OSError."""
    return patiently(lambda: path.open("rb"), path)


def patiently(work: Callable[[], Done], about: Path) -> Done:
    """Do what another program's hold on the file ``about`` can keep from being done.

    Raises OSError: InUse where that is why.
    """
    pauses = iter(tuple(_pauses))
    while True:
        try:
            return work()
        except PermissionError as error:
            if getattr(error, "winerror", NOT_WINDOWS) not in PERHAPS_OPEN:
                raise
            pause = next(pauses, None)
            if pause is None:
                if _is_open(about):
                    raise InUse(about) from error
                raise
        time.sleep(pause)


NOT_WINDOWS: Final = -1


def _is_open(path: Path) -> bool:
    """Whether another program has it open, rather than the rights of this one not being enough.

    A folder that this process has made is taken for one with an open file in it.
    """
    try:
        path.rename(path)  # which does nothing, but where it cannot be done
    except OSError as error:
        return getattr(error, "winerror", NOT_WINDOWS) in OPEN or path.is_dir()
    return path.is_dir()
