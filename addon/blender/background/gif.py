"""The first picture of a GIF, which some builds of Blender open and others do not."""

import struct
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

_EXTENSION, _IMAGE = 0x21, 0x2C
_TRANSPARENCY: Final = 0xF9
_HAS_TABLE, _INTERLACED = 0x80, 0x40
_MOST_BITS: Final = 12
MOST_PIXELS: Final = 64 * 1024**2
"""Of a picture, each of which takes four bytes."""
_PASSES: Final = ((0, 8), (4, 8), (2, 4), (1, 2))
"""First row and step of the four passes of an interlaced picture."""


class NotAGif(ValueError):
    """The bytes are no GIF, or end before its first picture does."""


def first_picture(data: bytes) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Rows from the top, columns, red, green, blue and opacity; raises NotAGif."""
    try:
        return _Reader(data).picture()
    except (IndexError, KeyError, ValueError, struct.error) as error:
        raise NotAGif(str(error)) from error


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 13

    def picture(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        width, height, flags = struct.unpack_from("<HHB", self._data, 6)
        colors = self._table(flags)
        clear = -1
        while True:
            block = self._byte()
            if block == _EXTENSION:
                label, body = self._byte(), b"".join(self._pieces())
                if label == _TRANSPARENCY and body[0] & 1:
                    clear = body[3]
            elif block == _IMAGE:
                _check_room(width, height)
                seen = np.zeros((height, width, 4), dtype=np.uint8)
                self._draw(seen, colors, clear)
                return seen
            else:
                raise NotAGif

    def _draw(self, seen: "np.ndarray[Any, np.dtype[np.uint8]]", colors: bytes, clear: int) -> None:
        left, top, width, height, flags = struct.unpack_from("<HHHHB", self._data, self._place)
        self._place += 9
        _check_room(width, height)
        own = self._table(flags) or colors
        bits = self._byte()
        indices = np.frombuffer(
            _unpacked(b"".join(self._pieces()), bits, width * height), dtype=np.uint8
        ).reshape(height, width)
        if flags & _INTERLACED:
            order = [row for first, step in _PASSES for row in range(first, height, step)]
            upright = np.empty_like(indices)
            upright[order] = indices
            indices = upright
        table = np.zeros((256, 4), dtype=np.uint8)
        table[: len(own) // 3, :3] = np.frombuffer(own, dtype=np.uint8).reshape(-1, 3)
        table[:, 3] = 255
        if clear >= 0:
            table[clear, 3] = 0
        place = seen[top : top + height, left : left + width]
        place[...] = table[indices][: place.shape[0], : place.shape[1]]

    def _table(self, flags: int) -> bytes:
        if not flags & _HAS_TABLE:
            return b""
        start, self._place = self._place, self._place + 3 * 2 ** ((flags & 7) + 1)
        return self._data[start : self._place]

    def _pieces(self) -> Iterator[bytes]:
        while size := self._byte():
            yield self._data[self._place : self._place + size]
            self._place += size

    def _byte(self) -> int:
        self._place += 1
        return self._data[self._place - 1]


def _check_room(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise NotAGif


def _unpacked(packed: bytes, bits: int, count: int) -> bytes:
    """``count`` indices out of LZW codes that begin with ``bits`` + 1 bits each."""
    reset, end = 1 << bits, (1 << bits) + 1
    start = [bytes((index,)) for index in range(reset)] + [b"", b""]
    known, width, before = list(start), bits + 1, b""
    found = bytearray()
    held = shift = 0
    for byte in packed:
        held |= byte << shift
        shift += 8
        while shift >= width:
            code = held & ((1 << width) - 1)
            held >>= width
            shift -= width
            if code == reset:
                known, width, before = list(start), bits + 1, b""
                continue
            if code == end or len(found) >= count:
                break
            piece = known[code] if code < len(known) else before + before[:1]
            found += piece
            if before and len(known) < 1 << _MOST_BITS:
                known.append(before + piece[:1])
                if len(known) == 1 << width and width < _MOST_BITS:
                    width += 1
            before = piece
    if len(found) < count:
        raise NotAGif
    return bytes(found[:count])
