"""How many pixels a picture has, by its first bytes: of every kind that Blender decodes.

A file of a few kilobytes may hold 60 000 x 60 000 of them, which take 14 GB once they are decoded.
Whoever decodes a picture that came from elsewhere asks here before. What has a size that cannot be
told is no picture.
"""

import io
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

MOST_PIXELS: Final = 16_384**2
"""Pixels that a picture may have to be decoded: in 8 bits a channel they take one gigabyte."""

HEAD: Final = 4096
MOST_STEPS: Final = 4096
"""Parts of a header that are looked at: no picture has more."""


class Sides(NamedTuple):
    """Pixels; ``layers``: how many pictures of four channels lie upon each other."""

    width: int
    height: int
    layers: int = 1

    @property
    def is_modest(self) -> bool:
        """Whether it can be decoded without taking the machine's memory."""
        return 0 < self.width * self.height * self.layers <= MOST_PIXELS


def is_modest(path: Path) -> bool:
    """Whether the file is a picture that may be decoded."""
    sides = sides_in(path)
    return sides is not None and sides.is_modest


def sides_in(path: Path) -> Sides | None:
    """Those of the picture in the file; None of what is none, or cannot be read."""
    try:
        if not path.is_file():  # a pipe would hold us
            return None
        with path.open("rb") as file:
            return sides_of(file)
    except OSError:
        return None


def sides_of(picture: BinaryIO | bytes) -> Sides | None:
    """Those of the picture, a file or its bytes; None of what is none."""
    file = io.BytesIO(picture) if isinstance(picture, bytes) else picture
    head = file.read(HEAD)
    try:
        for beginning, read in READERS:
            if re.match(beginning, head, re.DOTALL):
                return read(head, file)
    except (struct.error, ValueError, IndexError):
        return None
    return None


def _at(form: str, place: int) -> Callable[[bytes, BinaryIO], Sides]:
    """A reader of two numbers that follow each other, width first."""

    def read(head: bytes, _: BinaryIO) -> Sides:
        width, height = struct.unpack_from(form, head, place)
        return Sides(abs(width), abs(height))

    return read


def _height_first(form: str, place: int) -> Callable[[bytes, BinaryIO], Sides]:
    def read(head: bytes, _: BinaryIO) -> Sides:
        height, width = struct.unpack_from(form, head, place)
        return Sides(width, height)

    return read


def _jpeg(_: bytes, file: BinaryIO) -> Sides | None:
    file.seek(2)
    for _step in range(MOST_STEPS):
        mark = file.read(2)
        while len(mark) == MARK_BYTES and not re.match(rb"\xff[^\0\xff]", mark, re.DOTALL):
            mark = mark[1:] + file.read(1)  # padding, or what readers skip to the next mark
        if len(mark) < MARK_BYTES:
            return None
        if mark[1] in JPEG_ALONE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if mark[1] in JPEG_FRAMES:
            _bits, height, width = struct.unpack(">BHH", file.read(5))
            return Sides(width, height)
        file.seek(length - 2, io.SEEK_CUR)
    return None


MARK_BYTES: Final = 2
JPEG_ALONE: Final = frozenset(range(0xD0, 0xD9)) | {0x01}
"""Marks without anything behind them."""
JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _webp(head: bytes, _: BinaryIO) -> Sides | None:
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return Sides(width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return Sides((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    if kind == b"VP8X":
        width, height = (int.from_bytes(head[start : start + 3], "little") for start in (24, 27))
        return Sides(width + 1, height + 1)
    return None


def _tiff(head: bytes, file: BinaryIO) -> Sides | None:
    order = "<" if head.startswith(b"II") else ">"
    is_big = head[2:4] in {b"+\0", b"\0+"}
    (first,) = struct.unpack_from(order + ("Q" if is_big else "I"), head, 8 if is_big else 4)
    file.seek(first)
    count_form, entry_form = ("Q", "HHQ8s") if is_big else ("H", "HHI4s")
    (count,) = struct.unpack(order + count_form, file.read(struct.calcsize("<" + count_form)))
    found: dict[int, int] = {}
    for _step in range(min(count, MOST_STEPS)):
        entry = file.read(struct.calcsize("<" + entry_form))
        tag, kind, _many, value = struct.unpack(order + entry_form, entry)
        if tag in TIFF_TAGS and kind in TIFF_NUMBERS:
            (found[tag],) = struct.unpack_from(order + TIFF_NUMBERS[kind], value)
    width, height, channels = (found.get(tag, 1) for tag in TIFF_TAGS)
    return Sides(width, height, -(-channels // 4))


TIFF_TAGS: Final = (256, 257, 277)
"""Width, height, channels."""
TIFF_NUMBERS: Final = {3: "H", 4: "I", 16: "Q"}


def _exr(head: bytes, file: BinaryIO) -> Sides | None:
    """The largest part, with the channels of all."""
    is_multipart = head[5] & 0x10
    file.seek(8)
    largest, channels = Sides(0, 0), 0
    for _step in range(MOST_STEPS):
        name = _word(file)
        if not name:
            if not is_multipart or not largest.width or file.read(1) in {b"\0", b""}:
                break
            file.seek(-1, io.SEEK_CUR)
            continue
        kind = _word(file)
        (size,) = struct.unpack("<I", file.read(4))
        if kind == b"box2i" and name in {b"dataWindow", b"displayWindow"}:
            left, low, right, high = struct.unpack("<4i", file.read(16))
            sides = Sides(right - left + 1, high - low + 1)
            if sides.width < 1 or sides.height < 1:
                return None
            largest = max(largest, sides, key=lambda one: one.width * one.height)
            size -= 16
        elif kind == b"chlist":
            list_of = file.read(min(size, HEAD * 16))
            channels += max(1, (len(list_of) - 1) // 18)  # each has a name of one letter or more
            size -= len(list_of)
        file.seek(size, io.SEEK_CUR)
    layers = -(-channels // 4)
    return Sides(largest.width, largest.height, max(1, layers)) if largest.width else None


def _word(file: BinaryIO) -> bytes:
    """Up to the next zero."""
    word = b""
    while (letter := file.read(1)) not in {b"\0", b""} and len(word) < MOST_LETTERS:
        word += letter
    return word


MOST_LETTERS: Final = 255


def _hdr(head: bytes, _: BinaryIO) -> Sides | None:
    found = re.search(rb"\n[-+]([XY]) (\d{1,9}) [-+][XY] (\d{1,9})\n", head)
    if found is None:
        return None
    first, then = int(found[2]), int(found[3])
    return Sides(then, first) if found[1] == b"Y" else Sides(first, then)


def _boxes(head: bytes, file: BinaryIO) -> Sides | None:
    """JPEG 2000, and the likes of AVIF: the largest of what the boxes tell."""
    head += file.read(HEAD * 15)
    found = [Sides(0, 0)]
    for name, skipped, is_height_first in ((b"ihdr", 4, True), (b"ispe", 8, False)):
        for place in re.finditer(name, head):
            one, other = struct.unpack_from(">II", head, place.start() + skipped)
            found.append(Sides(other, one) if is_height_first else Sides(one, other))
    largest = max(found, key=lambda one: one.width * one.height)
    return largest if largest.width else None


def _dpx(head: bytes, _: BinaryIO) -> Sides:
    order = ">" if head.startswith(b"S") else "<"
    width, height = struct.unpack_from(order + "II", head, 772)
    return Sides(width, height)


def _cineon(head: bytes, _: BinaryIO) -> Sides:
    order = ">" if head.startswith(b"\x80") else "<"
    width, height = struct.unpack_from(order + "II", head, 200)
    return Sides(width, height)


def _tga(head: bytes, _: BinaryIO) -> Sides | None:
    """It has no mark of its own: depth and orientation have to make sense."""
    width, height, depth, flags = struct.unpack_from("<HHBB", head, 12)
    if depth not in {8, 15, 16, 24, 32} or flags & 0xC0:
        return None
    return Sides(width, height)


READERS: Final[tuple[tuple[bytes, Callable[[bytes, BinaryIO], Sides | None]], ...]] = (
    (rb"\x89PNG\r\n\x1a\n....IHDR", _at(">II", 16)),
    (rb"\xff\xd8\xff", _jpeg),
    (rb"RIFF....WEBP", _webp),
    (rb"II[*+]\0|MM\0[*+]", _tiff),
    (rb"GIF8", _at("<HH", 6)),
    (rb"BM.{12}\x0c\0\0\0", _at("<HH", 18)),
    (rb"BM", _at("<ii", 18)),
    (rb"\x76\x2f\x31\x01", _exr),
    (rb"#\?(RADIANCE|RGBE)", _hdr),
    (rb"DDS ", _height_first("<II", 12)),
    (rb"8BPS", _height_first(">II", 14)),
    (rb"\x01\xda", _at(">HH", 6)),
    (rb"\xabKTX 20\xbb\r\n\x1a\n", _at("<II", 20)),
    (rb"SDPX|XPDS", _dpx),
    (rb"\x80\x2a\x5f\xd7|\xd7\x5f\x2a\x80", _cineon),
    (rb"\xff\x4f\xff\x51", _at(">II", 8)),
    (rb"\0\0\0\x0cjP  |....ftyp", _boxes),
    (rb".[\0\1][\1\2\3\x09\x0a\x0b]", _tga),
)
"""How each kind begins, and what reads its size."""
