import io
import os
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from addon.service.errors import InputUnreadable
from addon.service.picture_sizes import MOST_PIXELS, Sides, is_modest, sides_in, sides_of
from addon.service.pictures import look_at
from tests.huge_pictures import HEIGHT, HUGE, WIDTH, exr, jpeg


def written(kind: str, mode: str = "RGB", **how: Any) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (WIDTH, HEIGHT)).save(stream, kind, **how)
    return stream.getvalue()


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(written("PNG"), id="PNG"),
        pytest.param(written("JPEG"), id="JPEG"),
        pytest.param(written("JPEG", progressive=True), id="progressive JPEG"),
        pytest.param(written("WEBP"), id="WebP"),
        pytest.param(written("WEBP", lossless=True), id="lossless WebP"),
        pytest.param(written("WEBP", "RGBA"), id="WebP with opacity"),
        pytest.param(written("TIFF"), id="TIFF"),
        pytest.param(written("TIFF", big_tiff=True), id="BigTIFF"),
        pytest.param(written("GIF", "P"), id="GIF"),
        pytest.param(written("BMP"), id="BMP"),
        pytest.param(written("TGA"), id="TGA"),
        pytest.param(written("SGI"), id="SGI"),
        pytest.param(written("DDS"), id="DDS"),
        pytest.param(written("JPEG2000"), id="JPEG 2000"),
        pytest.param(exr(WIDTH, HEIGHT), id="EXR"),
        pytest.param(b"#?RADIANCE\nFORMAT=x\n\n-Y 21 +X 37\n\0", id="HDR"),
        pytest.param(b"8BPS" + bytes(10) + struct.pack(">II", HEIGHT, WIDTH), id="PSD"),
        pytest.param(b"SDPX" + bytes(768) + struct.pack(">II", WIDTH, HEIGHT), id="DPX"),
    ],
)
def test_every_kind_tells_its_size(picture: bytes) -> None:
    assert sides_of(picture) == (WIDTH, HEIGHT, 1)


@pytest.mark.attack(
    "A picture of a few bytes says that it has 60 000 x 60 000 pixels.",
    "It is never decoded: not sent, not shown, left out of a model, and told.",
)
@pytest.mark.parametrize("kind", HUGE)
def test_what_is_too_large_is_known_before_it_is_decoded(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(HUGE[kind])
    assert sides_in(path) is not None
    assert not is_modest(path)
    with pytest.raises(InputUnreadable, match="megapixels"):
        look_at(path)


def test_a_large_photo_is_not_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(12_000, 9_000))
    assert is_modest(path)
    assert look_at(path).kind == "JPEG"
    assert Sides(1, MOST_PIXELS).is_modest
    assert not Sides(1, MOST_PIXELS + 1).is_modest


@pytest.mark.posix("pipes are no files there")
def test_a_pipe_has_no_size(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert sides_in(tmp_path / "pipe") is None


def test_what_is_no_picture_has_no_size(tmp_path: Path) -> None:
    assert sides_in(tmp_path) is None
    assert sides_in(tmp_path / "nothing") is None
    for kind in ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "TGA"):
        whole = written(kind)
        for end in (*range(40), len(whole) // 2):
            sides_of(whole[:end])  # whatever comes of it, it ends
    for data in (b"", b"x" * 5000, b"\xff\xd8" + b"\xff" * 9000, exr(5, 5)[:30]):
        assert sides_of(data) is None
