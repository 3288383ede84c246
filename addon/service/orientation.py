"""How a picture lies by its EXIF: in PNG, JPEG, WebP and TIFF, wherever in the file it is said.

HEIC and AVIF say it outside of EXIF, and who decodes them turns them.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

UPRIGHT: Final = 1
KNOWN: Final = range(1, 9)

TAG: Final = 0x0112
MOST_TAGS: Final = 1000
MOST_BLOCKS: Final = 10_000
"""Parts of a file that are looked at; of a picture in larger ones nobody has seen as many."""
TIFF: Final = {b"II*\0": "<", b"MM\0*": ">"}
EXIF_MARK: Final = b"Exif\0\0"
"""Stands before the EXIF of a JPEG, and by mistake of some WebPs."""

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8"
FILL: Final = 0xFF
"""What stands before a marker, at least once."""
APP1: Final = 0xE1
SCAN: Final = 0xDA
"""The marker behind which a JPEG has only its pixels."""
STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""


def read_orientation(file: BinaryIO) -> int:
    """The orientation as EXIF counts it; 1, upright, where nothing is said that can be read.

    ``file`` is at its start, and is left anywhere. Raises OSError.
    """
    head = file.read(12)
    file.seek(0)
    try:
        if head[:4] in TIFF:
            return _of_exif(file, 0)
        for size in _exif_blocks(file, head):
            start = file.tell()
            if file.read(len(EXIF_MARK)) == EXIF_MARK:
                start += len(EXIF_MARK)
            if size:
                return _of_exif(file, start)
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def _exif_blocks(file: BinaryIO, head: bytes) -> Iterator[int]:
    """Go to each block that can be EXIF, and tell its size in bytes."""
    if head.startswith(PNG):
        yield from _chunks(file, len(PNG), ">I4s", b"eXIf", behind=4, length_first=True)
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        yield from _chunks(file, 12, "<4sI", b"EXIF", behind=0, length_first=False)
    elif head.startswith(JPEG):
        yield from _segments(file)


def _chunks(
    file: BinaryIO, at: int, form: str, wanted: bytes, *, behind: int, length_first: bool
) -> Iterator[int]:
    """Those of a PNG or a WebP; ``behind`` each of a PNG is a checksum, and a WebP's are even."""
    header = struct.Struct(form)
    for _ in range(MOST_BLOCKS):
        file.seek(at)
        read = file.read(header.size)
        if len(read) < header.size:
            return
        first, second = header.unpack(read)
        length, name = (first, second) if length_first else (second, first)
        if name == wanted:
            yield length
        at += header.size + length + (behind or length % 2)


def _segments(file: BinaryIO) -> Iterator[int]:
    """Those of a JPEG that are APP1."""
    at = len(JPEG)
    for _ in range(MOST_BLOCKS):
        file.seek(at)
        mark, marker = struct.unpack("BB", file.read(2))
        if mark != FILL or marker == SCAN:
            return
        if marker == FILL or marker in STANDALONE:  # padding, or nothing follows
            at += 1 if marker == FILL else 2
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker == APP1:
            is_exif = file.read(len(EXIF_MARK)) == EXIF_MARK
            file.seek(at + 4)
            if is_exif:
                yield length - 2
        at += 2 + max(length, 2)


def _of_exif(file: BinaryIO, start: int) -> int:
    """The orientation in the first directory of the TIFF that begins at ``start``."""
    file.seek(start)
    order = TIFF.get(file.read(4))
    if order is None:
        return UPRIGHT
    (first,) = struct.unpack(f"{order}I", file.read(4))
    file.seek(start + first)
    (count,) = struct.unpack(f"{order}H", file.read(2))
    for _ in range(min(count, MOST_TAGS)):
        tag, _, _, value = struct.unpack(f"{order}HHIHxx", file.read(12))
        if tag == TAG:
            return value if value in KNOWN else UPRIGHT
    return UPRIGHT
