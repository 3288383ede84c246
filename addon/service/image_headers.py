"""Kind and size of a picture from its first bytes: PNG, JPEG and WebP, nothing else."""

import struct
from dataclasses import dataclass

_MARKER = 0xFF
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG start-of-frame markers; the three taken out are tables and extensions."""

_VP8X_HEADER_BYTES = 30


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """``width`` and ``height`` in pixels."""

    media_type: str
    width: int
    height: int


def read_image_header(data: bytes) -> ImageHeader | None:
    """Return what the picture is; None if it is no PNG, JPEG or WebP or is damaged."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        return None
    return None


def _png(data: bytes) -> ImageHeader | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return ImageHeader("image/png", width, height)


def _jpeg(data: bytes) -> ImageHeader | None:
    position = 2
    while position < len(data):
        if data[position] != _MARKER:
            return None
        marker = data[position + 1]
        if marker == _MARKER:  # padding
            position += 1
            continue
        if marker in _FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return ImageHeader("image/jpeg", width, height)
        (length,) = struct.unpack_from(">H", data, position + 2)
        position += 2 + length
    return None


def _webp(data: bytes) -> ImageHeader | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return ImageHeader("image/webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return ImageHeader("image/webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    if kind == b"VP8X":
        if len(data) < _VP8X_HEADER_BYTES:
            return None
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return ImageHeader("image/webp", width, height)
    return None
