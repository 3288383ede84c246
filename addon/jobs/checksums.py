"""Whether a result's files are still what was fetched: they lie where anybody may touch them."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..service.whole_files import open_to_read
from .job import ResultFile

CHUNK: Final = 1024 * 1024


def checksum(path: Path) -> str:
    """Its length and what is in it; raises OSError. Finds damage, not malice."""
    length = found = 0
    with open_to_read(path) as file:
        while chunk := file.read(CHUNK):
            length += len(chunk)
            found = zlib.crc32(chunk, found)
    return f"{length}-{found:08x}"


def with_checksums(file: ResultFile) -> ResultFile:
    """The file with those of itself and its contents, unless it has them; raises OSError."""
    paths = (file.path, *file.contents)
    if len(file.checksums) == len(paths):
        return file
    return replace(file, checksums=tuple(map(checksum, paths)))


def is_whole(file: ResultFile) -> bool:
    """Whether it is there as it was fetched."""
    return _are_whole([file.path], file.checksums[:1])


def has_contents(file: ResultFile) -> bool:
    """Whether what was unpacked of it is there as well, if anything was."""
    return _are_whole(file.contents, file.checksums[1:])


def _are_whole(paths: Sequence[Path], known: Sequence[str]) -> bool:
    """Of those that an earlier version fetched, only whether they are there is known."""
    try:
        if len(known) == len(paths):
            return [checksum(path) for path in paths] == list(known)
        return all(path.is_file() for path in paths)
    except OSError:
        return False
