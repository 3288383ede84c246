import base64
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from addon.service.errors import InputUnreadable, NetworkError, ServiceError, UploadTooLarge
from addon.service.image_headers import ImageHeader, foreign_kind, read_image_header
from addon.service.images import ImageReader, to_data_uri
from addon.service.orientation import read_orientation
from addon.service.pictures import HEAD_BYTES, MAX_BYTES, look_at
from tests.patience import seconds
from tests.service.scripted_server import Answer, ScriptedServer

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def picture(
    kind: str, size: tuple[int, int] = (200, 160), mode: str = "RGB", **how: object
) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, 128).save(stream, kind, **how)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "how"),
    [
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("JPEG", "RGB", {}),
        ("JPEG", "RGB", {"progressive": True}),
        ("JPEG", "L", {"exif": b"Exif\0\0" + b"\0" * 3000}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGB", {"lossless": True}),
        ("WEBP", "RGBA", {}),
        ("WEBP", "RGB", {"exif": b"Exif\0\0"}),
    ],
)
def test_kind_and_size_are_read_as_pillow_wrote_them(
    kind: str, mode: str, how: dict[str, object]
) -> None:
    data = picture(kind, (321, 234), mode, **how)
    assert read_image_header(data) == ImageHeader(MEDIA_TYPES[kind], 321, 234)


@pytest.mark.fault("A picture is cut off in its header", "Not misread")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_anywhere_in_its_header_is_not_misread(kind: str) -> None:
    data = picture(kind, (321, 234))
    for length in range(40):
        assert read_image_header(data[:length]) in {None, ImageHeader(MEDIA_TYPES[kind], 321, 234)}


@pytest.mark.parametrize("data", [b"GIF89a", b"BM", b"%PDF-1.7", b"", b"\xff\xd8\xff\x00\x00"])
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert read_image_header(data) is None


def reader() -> ImageReader:
    return ImageReader(
        connect_timeout=seconds(2), read_timeout=seconds(2), user_agent="studio3d-test/1"
    )


def test_a_file_becomes_a_data_uri_with_the_type_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(picture("JPEG"))
    scheme, _, encoded = reader()(str(path)).partition(",")
    assert scheme == "data:image/jpeg;base64"
    assert base64.b64decode(encoded) == path.read_bytes()


def test_an_address_is_fetched(server: ScriptedServer) -> None:
    data = picture("PNG")
    server.on("GET", "/a.png", Answer(200, data))
    assert reader()(f"{server.address}/a.png") == to_data_uri(data, "a.png")
    assert "Authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7" + b"\0" * 100, "not a picture"),
        (picture("GIF", mode="L"), "a picture in GIF, and the service takes PNG, JPEG and WebP"),
        (picture("PNG", (20, 4000)), "too narrow: 20 x 4000"),
    ],
)
def test_what_the_service_would_refuse_is_refused_here(data: bytes, words: str) -> None:
    with pytest.raises(InputUnreadable, match=words):
        to_data_uri(data, "photo")


@pytest.mark.parametrize("size", [(128, 128), (5000, 128), (64, 64), (5001, 200)])
def test_whether_its_sides_are_taken_is_the_services_word(size: tuple[int, int]) -> None:
    assert to_data_uri(picture("PNG", size), "photo").startswith("data:image/png;base64,")


def exif(orientation: int) -> bytes:
    found = Image.Exif()
    found[0x0112] = orientation
    return found.tobytes()


@pytest.mark.parametrize(
    ("kind", "size", "mode", "how", "changes"),
    [
        ("PNG", (128, 5000), "RGBA", {}, []),
        ("PNG", (200, 160), "L", {}, []),
        ("PNG", (200, 160), "P", {}, ["in 8-bit colors"]),
        ("PNG", (200, 160), "I;16", {}, ["in 8-bit colors"]),
        ("PNG", (200, 160), "1", {}, ["in 8-bit colors"]),
        ("PNG", (127, 400), "RGB", {}, ["scaled up"]),
        ("WEBP", (5001, 130), "RGB", {}, ["scaled down"]),
        ("JPEG", (200, 160), "RGB", {"exif": exif(1)}, []),
        ("JPEG", (200, 160), "RGB", {"exif": exif(6)}, ["turned upright"]),
        ("JPEG", (6000, 160), "CMYK", {"exif": exif(8)},
         ["in 8-bit colors", "turned upright", "scaled down"]),
        ("PNG", (200, 160), "RGB", {"exif": exif(6)}, ["turned upright"]),
        ("PNG", (200, 160), "P", {"exif": exif(8)}, ["in 8-bit colors", "turned upright"]),
        ("WEBP", (200, 160), "RGB", {"exif": exif(3)}, ["turned upright"]),
        ("WEBP", (200, 161), "RGBA", {"exif": exif(5), "lossless": True}, ["turned upright"]),
        ("WEBP", (200, 160), "RGB", {"exif": exif(1)}, []),
        ("TIFF", (200, 160), "RGB", {"exif": exif(6)}, ["converted from TIFF", "turned upright"]),
        ("AVIF", (200, 160), "RGB", {"exif": exif(6)}, ["converted from AVIF"]),
        ("TIFF", (200, 160), "RGB", {}, ["converted from TIFF"]),
        ("BMP", (200, 160), "RGB", {}, ["converted from BMP"]),
        ("GIF", (200, 160), "P", {}, ["converted from GIF"]),
        ("AVIF", (200, 160), "RGB", {}, ["converted from AVIF"]),
    ],
)  # fmt: skip
def test_what_has_to_change_is_known_from_the_first_bytes(
    tmp_path: Path,
    kind: str,
    size: tuple[int, int],
    mode: str,
    how: dict[str, object],
    changes: list[str],
) -> None:
    path = tmp_path / "photo"
    path.write_bytes(picture(kind, size, mode, **how))
    seen = look_at(path)
    assert seen.kind == {"WEBP": "WebP"}.get(kind, kind)
    assert list(seen.changes) == changes
    if changes:
        assert seen.words() == f"photo is sent as a copy: {', '.join(changes)}."


def chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I4s", len(data), name) + data + struct.pack(">I", checksum)


def test_how_a_picture_lies_may_be_said_at_its_end(tmp_path: Path) -> None:
    whole = picture("PNG", (900, 900))
    end = chunk(b"IEND", b"")
    lying = exif(8).removeprefix(b"Exif\0\0")
    pixels = chunk(b"teXt", bytes(HEAD_BYTES))
    path = tmp_path / "late.png"
    path.write_bytes(whole.removesuffix(end) + pixels + chunk(b"eXIf", lying) + end)
    assert look_at(path).orientation == 8


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_what_says_nothing_that_can_be_read_is_upright(kind: str) -> None:
    data = picture(kind, exif=exif(6))
    assert read_orientation(io.BytesIO(data)) == 6
    at = data.index(exif(6).removeprefix(b"Exif\0\0")[:4]) if kind != "TIFF" else 0
    for length in {*range(12), at + 2, at + 9, at + 12}:
        assert read_orientation(io.BytesIO(data[:length])) == 1
    for garbage in (b"\xff", b"\0"):
        read_orientation(io.BytesIO(data[:at] + garbage * (len(data) - at)))


def test_a_photo_of_many_bytes_needs_fewer(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(picture("PNG") + b"\0" * MAX_BYTES)
    assert list(look_at(path).changes) == ["in fewer bytes"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0\0\0\x18ftypheic" + bytes(8) + b"mif1heic", "HEIC"),
        (b"\0\0\0\x20ftypmif1" + bytes(4) + b"mif1avif", "AVIF"),
        (b"\0\0\0\x18ftypisom" + bytes(12), ""),
        (b"\0\0\0\x18nonoheic" + bytes(12), ""),
        (b"BM, they said" + bytes(12), ""),
        (b"", ""),
    ],
)
def test_other_kinds_are_told_by_their_first_bytes(data: bytes, kind: str) -> None:
    assert foreign_kind(data) == kind


@pytest.mark.attack(
    "A picture of more bytes than the service takes, also by address", "Refused; named"
)
def test_a_picture_that_is_too_large(tmp_path: Path, server: ScriptedServer) -> None:
    data = picture("PNG") + b"\0" * MAX_BYTES
    path = tmp_path / "large.png"
    path.write_bytes(data)
    server.on("GET", "/large.png", Answer(200, data))
    for source in (str(path), f"{server.address}/large.png"):
        with pytest.raises(UploadTooLarge, match=r"large\.png is too large|10 MB"):
            reader()(source)


@pytest.mark.fault("A picture is not there", "Named before anything is sent")
def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputUnreadable, match=r"gone\.png"):
        reader()(str(tmp_path / "gone.png"))


@pytest.mark.fault("A picture's address gives nothing", "Said before anything is sent")
def test_an_address_that_gives_nothing(server: ScriptedServer) -> None:
    with pytest.raises(InputUnreadable, match="HTTP 404"):
        reader()(f"{server.address}/none.png")
    server.on("GET", "/a.png", Answer(drop=True))
    with pytest.raises(NetworkError):
        reader()(f"{server.address}/a.png")
    with pytest.raises(InputUnreadable, match="https"):
        reader()("http://example.org/a.png")


@pytest.mark.attack(
    "The address of a picture has a password or a signature in it, and cannot be fetched",
    "The reason names host and file, and neither of the two",
)
def test_no_trouble_with_an_address_says_its_password(server: ScriptedServer) -> None:
    host = server.address.removeprefix("http://")
    server.on("GET", "/a.png", Answer(404, b""))
    server.on("GET", "/text.png", Answer(200, b"not a picture"))
    server.on("GET", "/gone.png", Answer(302, b"", {"Location": "http://[/secret"}))
    for address in (
        f"http://me:secret@{host}/a.png?sig=secret",
        f"http://me:secret@{host}/text.png?sig=secret",
        f"http://me:secret@{host}/gone.png?sig=secret",
        "http://me:secret@example.org/a.png?sig=secret",
        "https://me:secret@127.0.0.1:1/a.png?sig=secret",
        "https://me:secret@a..b/a.png?sig=secret",
    ):
        with pytest.raises(ServiceError) as refused:
            reader()(address)
        assert "secret" not in f"{refused.value.message} {refused.value.hint}"
