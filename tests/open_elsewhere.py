"""A file that another program has open, as Windows has it: nobody can replace or delete it."""

import errno
import math
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

DENIED, SHARED = 5, 32
"""As Windows calls it: to replace it is denied, and to rename it too, as it is shared."""


@contextmanager
def open_elsewhere(*paths: Path) -> Iterator[None]:
    """On Windows they are really open; elsewhere the system is made to refuse in its words."""
    if sys.platform == "win32":
        with ExitStack() as stack:
            for path in paths:
                stack.enter_context(path.open("rb"))
            yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", refusing(os.replace, paths, DENIED))
        patch.setattr(Path, "rename", refusing(os.rename, paths, SHARED))
        patch.setattr(Path, "unlink", not_deleting(paths))
        yield


def refusing(
    real: Callable[[Path, Path], None],
    paths: Collection[Path],
    number: int | None,
    times: float = math.inf,
) -> Callable[[Path, Path], None]:
    """What gives a file another name, but not one of these, that many times."""
    left = [times]

    def give_name(part: Path, to: Path) -> None:
        if to not in paths or left[0] <= 0:
            return real(part, to)
        left[0] -= 1
        raise _refusal(part, number)

    return give_name


def not_deleting(paths: Collection[Path], times: float = math.inf) -> Callable[..., None]:
    """What deletes files, but not these, that many times."""
    real, left = Path.unlink, [times]

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path not in paths or left[0] <= 0:
            return real(path, missing_ok)
        left[0] -= 1
        raise _refusal(path, SHARED)

    return unlink


def _refusal(path: Path, number: int | None) -> PermissionError:
    error = PermissionError(errno.EACCES, "Access is denied", str(path), number)
    if sys.platform != "win32":  # where it takes the number itself
        vars(error)["winerror"] = number
    return error
