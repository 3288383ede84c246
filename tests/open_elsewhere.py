"""A file that another program has open, as Windows has it: nobody can replace it meanwhile."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

SHARED = 32
"""As Windows calls it."""


@contextmanager
def open_elsewhere(*paths: Path) -> Iterator[None]:
    """On Windows they are really open; elsewhere the system is made to refuse in its words."""
    if sys.platform == "win32":
        with ExitStack() as stack:
            for path in paths:
                stack.enter_context(path.open("rb"))
            yield
        return
    real = os.replace

    def replace(part: Path, to: Path) -> None:
        if to in paths:
            error = PermissionError(errno.EACCES, "Access is denied", str(part))
            error.winerror = SHARED  # type: ignore[attr-defined]
            raise error
        real(part, to)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        yield
