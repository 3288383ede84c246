"""The settings in a folder's ``.env`` file. Variables in them are not expanded."""

import errno
import io
import os
from pathlib import Path
from typing import Final

from . import whole_files
from .written_text import encoding

FILE_NAME: Final = ".env"
MAX_BYTES: Final = 64 * 1024


def read_dotenv(folder: Path) -> dict[str, str]:
    """The settings of ``folder``'s ``.env``; empty if there is none.

    A letter that is not in the file's encoding is read as U+FFFD, which no key has: the line may be
    one that nobody needs. Raises OSError where the file cannot be read, or is no text.
    """
    path = folder / FILE_NAME
    if not os.path.isfile(path):  # noqa: PTH113 - False also where nothing of a folder can be seen
        return {}
    if path.stat().st_size > MAX_BYTES:
        raise _no_settings(errno.EFBIG, path)
    data = whole_files.read(path)
    text = data.decode(encoding(data), "replace")
    if "\0" in text:
        raise _no_settings(errno.EILSEQ, path)
    return parse_dotenv(text)


def _no_settings(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))


def parse_dotenv(text: str) -> dict[str, str]:
    """``NAME=VALUE`` line by line, as python-dotenv reads it; other lines are passed over."""
    from dotenv import dotenv_values  # late: Blender's own process seldom meets a file

    found = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in found.items() if value is not None}
