"""Beginnings of pictures: the sizes they announce, and not a pixel. The standard library only."""

import struct
import zlib

WIDTH, HEIGHT = 37, 21


def png(width: int, height: int) -> bytes:
    """The beginning of one: nobody may have to read on."""
    about = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packed = struct.pack(">I", 13) + about + struct.pack(">I", zlib.crc32(about))
    return b"\x89PNG\r\n\x1a\n" + packed


def jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + before + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame


def exr(width: int, height: int, channels: int = 1) -> bytes:
    one = b"R\0" + struct.pack("<iIii", 1, 0, 1, 1)
    listed = one * channels + b"\0"
    window = struct.pack("<4i", 0, 0, width - 1, height - 1)
    parts = [(b"channels", b"chlist", listed), (b"dataWindow", b"box2i", window)]
    told = b"".join(b"%s\0%s\0%s%s" % (n, k, struct.pack("<I", len(v)), v) for n, k, v in parts)
    return b"\x76\x2f\x31\x01" + struct.pack("<I", 2) + told + b"\0"


HUGE = {
    "PNG": png(60_000, 60_000),
    "JPEG": jpeg(60_000, 60_000),
    "JPEG behind what readers skip": jpeg(60_000, 60_000, b"\xff\xff\xe0\0\4abskipped\xff\0\xff"),
    "EXR": exr(60_000, 60_000),
    "EXR of a thousand layers": exr(4000, 4000, 4000),
    "TGA": bytes([0, 0, 2]) + bytes(9) + struct.pack("<HHBB", 60_000, 60_000, 32, 8),
    "SGI": b"\x01\xda\1\1\0\3" + struct.pack(">HHH", 60_000, 60_000, 3),
}
"""By kind: 60 000 pixels a side, or as much."""
