"""Pictures, of which the first bytes are read and nothing is decoded."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.blender.background import gif
from addon.service.errors import InputUnreadable, UploadTooLarge
from addon.service.file_types import SUFFIXES, suffix_of
from addon.service.image_headers import foreign_kind, read_image_header
from addon.service.orientation import KNOWN, read_orientation
from addon.service.pictures import Picture, look_at
from tests.fuzz.bounds import outcome, own_folder, searched, within_bounds
from tests.fuzz.damage import damaged


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def riff(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data


EXIF = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 200, 150, 8, 2, 0, 0, 0))
    + chunk(b"eXIf", EXIF)
    + chunk(b"IEND", b"")
)
JPEG = (
    b"\xff\xd8\xff\xe1"
    + struct.pack(">H", len(EXIF) + 8)
    + b"Exif\0\0"
    + EXIF
    + b"\xff\xc0\0\x11\x08"
    + struct.pack(">HHB", 150, 200, 3)
    + b"\xff\xda"
)
FRAME = struct.pack("<I", 0) + b"\x9d\x01\x2a" + struct.pack("<HH", 200, 150)
WEBPS = tuple(
    b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    for body in (
        riff(b"VP8X", b"\x08\0\0\0" + b"\xc7\0\0\x95\0\0") + riff(b"EXIF", EXIF),
        riff(b"VP8 ", FRAME),
        riff(b"VP8L", b"\x2f" + struct.pack("<I", 199 | 149 << 14)),
    )
)
GIF = (
    b"GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff\x21\xf9\x04\x01\0\0\0\0\0"
    b"\x2c\0\0\0\0\x02\0\x02\0\0\x02\x03\x44\x02\x05\0\x3b"
)
OTHERS = (b"BM" + bytes(40), b"\0\0\0\x18ftypavif" + bytes(40), b"II*\0" + bytes(40), EXIF)
PIECES = (b"\xff", b"\xff\xd8", b"IHDR", b"eXIf", b"EXIF", b"VP8X", b"Exif\0\0", EXIF, bytes(8))

pictures = damaged(PNG, JPEG, *WEBPS, GIF, *OTHERS, pieces=PIECES) | st.binary(max_size=60)


@given(pictures)
@searched(100)
def test_a_picture_is_known_or_refused(data: bytes) -> None:
    with within_bounds():
        header = read_image_header(data)
        lies = read_orientation(io.BytesIO(data))
        kind = foreign_kind(data)
    assert lies in KNOWN
    assert kind in {"", "TIFF", "GIF", "BMP", "AVIF", "HEIC"}
    assert header is None or (0 < header.width < 2**32 and 0 < header.height < 2**32)


@given(pictures)
@searched(60)
def test_a_file_is_looked_at_or_refused(data: bytes) -> None:
    with own_folder() as folder:
        path = folder / "photo.png"
        path.write_bytes(data)
        found = outcome(lambda: look_at(path), InputUnreadable)
        if isinstance(found, Picture):
            assert found.size == len(data)
            assert all(words for words in found.changes)
            outcome(lambda: found.check(can_change=True), InputUnreadable, UploadTooLarge)


@given(damaged(GIF, pieces=(b"\x21\xf9", b"\x2c", b"\x02\0")))
@searched(100)
def test_a_gif_is_drawn_or_refused(data: bytes) -> None:
    def draw() -> object:
        try:
            return gif.first_picture(data).shape
        except gif.NotAGif:
            return None

    drawn = outcome(draw)
    assert drawn is None or drawn[2] == 4


@given(pictures, st.text(max_size=20), st.sampled_from(("", ".glb", ".%00", "%2F..", ".GLB?a=b")))
@searched(120)
def test_a_download_gets_an_ending_that_every_system_takes(
    data: bytes, name: str, ending: str
) -> None:
    with within_bounds():
        suffix = suffix_of(data[:512], len(data), f"https://example.org/{name}{ending}")
    assert suffix is None or suffix in SUFFIXES


class Endless(io.RawIOBase):
    """A file of so many bytes, which are the same again and again; counts how often it is read."""

    SIZE = 2**33

    def __init__(self, start: bytes, again: bytes) -> None:
        self.start, self.again, self.at, self.reads = start, again, 0, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        assert whence == 0
        self.at = offset
        return offset

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1) -> bytes:
        self.reads += 1
        assert self.reads < 40_000, "it reads on and on"
        size = max(0, min(size, self.SIZE - self.at))
        start = self.start[self.at : self.at + size]
        missing = size - len(start)
        first = max(0, self.at - len(self.start)) % len(self.again)
        rest = (self.again * (missing // len(self.again) + 2))[first : first + missing]
        self.at += size
        return start + rest


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"\xff\xd8", b"\xff"),
        (b"\xff\xd8", b"\xff\xe1\0\2"),
        (b"\xff\xd8", b"\xff\xd0"),
        (b"\x89PNG\r\n\x1a\n", b"\0\0\0\0tEXt\0\0\0\0"),
        (b"RIFF\0\0\0\0WEBP", b"ANMF\0\0\0\0"),
        (b"RIFF\0\0\0\0WEBP", b"EXIF\0\0\0\0"),
        (b"II*\0\x08\0\0\0\xff\xff", bytes(12)),
    ],
    ids=["padding", "segments", "marks", "png", "webp", "exif", "tags"],
)
def test_a_picture_without_an_end_is_not_read_to_its_end(start: bytes, again: bytes) -> None:
    assert read_orientation(Endless(start, again)) == 1  # type: ignore[arg-type]
