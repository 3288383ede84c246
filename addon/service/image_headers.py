"""Kind and size of a picture from its first bytes: PNG, JPEG and WebP; of others the kind alone."""

import struct
from dataclasses import dataclass

_MARKER = 0xFF
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG start-of-frame markers; the three taken out are tables and extensions."""

_VP8X_HEADER_BYTES = 30

_PNG_PALETTE = 3
_BITS = 8
_MOST_CHANNELS = 3
"""Of a JPEG with colors for a screen; four are inks."""


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """``width`` and ``height`` in pixels."""

    media_type: str
    width: int
    height: int
    is_plain: bool = True
    """Whether it has 8 bits a channel, in colors for a screen and without a palette."""


def read_image_header(data: bytes) -> ImageHeader | None:
    """Return what the picture is; None if it is no PNG, JPEG or WebP or is damaged."""
    try:
        found = _header(data)
    except (struct.error, IndexError):
        return None
    return found if found is not None and found.width and found.height else None


def _header(data: bytes) -> ImageHeader | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _png(data: bytes) -> ImageHeader | None:
    if data[12:16] != b"IHDR":
        return None
    width, height, bits, kind = struct.unpack_from(">IIBB", data, 16)
    is_plain = bits == _BITS and kind != _PNG_PALETTE
    return ImageHeader("image/png", width, height, is_plain=is_plain)


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
            bits, height, width, channels = struct.unpack_from(">BHHB", data, position + 4)
            is_plain = bits == _BITS and channels <= _MOST_CHANNELS
            return ImageHeader("image/jpeg", width, height, is_plain)
        (length,) = struct.unpack_from(">H", data, position + 2)
        position += 2 + length
    return None


_FOREIGN = (
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (8, b"avif", "AVIF"),
    (8, b"avis", "AVIF"),
    (8, b"heic", "HEIC"),
    (8, b"heix", "HEIC"),
    (8, b"hevc", "HEIC"),
    (8, b"mif1", "HEIC"),
    (8, b"msf1", "HEIC"),
)
_BOX = b"ftyp"
"""What stands before the brand of an ISO file."""
_BMP_UNUSED = slice(6, 10)


def foreign_kind(data: bytes) -> str:
    """The kind of a picture that is none of the three above, such as ``TIFF``; "" for others."""
    for offset, magic, kind in _FOREIGN:
        if not data.startswith(magic, offset):
            continue
        if (offset and data[4:8] != _BOX) or (kind == "BMP" and data[_BMP_UNUSED] != bytes(4)):
            continue
        return "AVIF" if b"avif" in data[8:40] else kind
    return ""


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
