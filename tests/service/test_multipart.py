"""Uploads: what is on the wire, and that a large file never is in memory."""

import tracemalloc
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from addon.service.errors import InputUnreadable, UploadTooLarge
from addon.service.limits import MAX_UPLOAD_BYTES
from addon.service.multipart import MultipartBody


def parts_of(body: MultipartBody) -> dict[str, Message]:
    """The body as an independent parser reads it, by part name."""
    head = f"Content-Type: {body.content_type}\r\n\r\n".encode()
    parsed = message_from_bytes(head + b"".join(iter(lambda: body.read(1000), b"")))
    parts = cast(list[Message], parsed.get_payload())
    return {str(part.get_param("name", header="content-disposition")): part for part in parts}


def content(part: Message) -> bytes:
    return cast(bytes, part.get_payload(decode=True))


@pytest.mark.parametrize(
    ("name", "kind", "sent", "media_type"),
    [
        ("photo", "PNG", "photo.png", "image/png"),
        ("photo.png", "JPEG", "photo.jpg", "image/jpeg"),
        ("photo.JPEG", "JPEG", "photo.JPEG", "image/jpeg"),
        ("chair v1.2", "WEBP", "chair v1.2.webp", "image/webp"),
    ],
)
def test_a_picture_is_called_what_it_is(
    tmp_path: Path, name: str, kind: str, sent: str, media_type: str
) -> None:
    path = tmp_path / name
    Image.new("RGB", (130, 130)).save(path, kind)
    with MultipartBody({}, {"image_file": str(path)}) as body:
        part = parts_of(body)["image_file"]
    assert (part.get_filename(), part.get_content_type()) == (sent, media_type)
    assert content(part) == path.read_bytes()


def test_fields_and_files_arrive_as_they_are(tmp_path: Path) -> None:
    model = tmp_path / "stuhl.glb"
    data = bytes(range(256)) * 600  # over several chunks
    model.write_bytes(b"glTF" + data)
    with MultipartBody({"unit": "cm", "prompt": "Stühle"}, {"model_file": str(model)}) as body:
        parts = parts_of(body)
        assert body.handed_over
        assert body.tell() == len(body)
    assert content(parts["unit"]) == b"cm"
    assert content(parts["prompt"]) == "Stühle".encode()
    assert content(parts["model_file"]) == b"glTF" + data
    assert parts["model_file"].get_filename() == "stuhl.glb"
    assert parts["model_file"].get_content_type() == "model/gltf-binary"


@pytest.mark.posix("no name of a file there has a quotation mark")
@pytest.mark.attack("A model's name with quotation marks in it", "It stays in its header")
def test_a_name_cannot_break_out_of_its_header(tmp_path: Path) -> None:
    model = tmp_path / 'a"b.glb'
    model.write_bytes(b"x")
    with MultipartBody({}, {"model_file": str(model)}) as body:
        assert parts_of(body)["model_file"].get_filename() == "a%22b.glb"


def test_it_is_handed_over_only_with_the_last_byte(tmp_path: Path) -> None:
    model = tmp_path / "a.glb"
    model.write_bytes(b"x" * 10)
    with MultipartBody({}, {"model_file": str(model)}) as body:
        told = [body.handed_over]
        while body.read(1):
            told.append(body.handed_over)
        assert told == [False] * len(body) + [True]


def test_a_large_model_is_not_held_in_memory(tmp_path: Path) -> None:
    model = tmp_path / "large.glb"
    size = 100 * 1024 * 1024
    with model.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    try:
        with MultipartBody({}, {"model_file": str(model)}) as body:
            sent = sum(len(chunk) for chunk in iter(lambda: body.read(16384), b""))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent == len(body) > size
    assert peak < 1024 * 1024


@pytest.mark.fault("A model becomes shorter while it is sent", "Noticed; the order is not complete")
def test_a_file_that_shrinks_is_noticed(tmp_path: Path) -> None:
    model = tmp_path / "a.glb"
    model.write_bytes(b"x" * 200_000)
    with MultipartBody({}, {"model_file": str(model)}) as body:
        body.read(100)
        with model.open("r+b") as file:
            file.truncate(100_000)
        with pytest.raises(OSError, match="shorter"):
            list(iter(lambda: body.read(16384), b""))
        assert not body.handed_over


@pytest.mark.parametrize(
    ("size", "error"),
    [(0, InputUnreadable), (MAX_UPLOAD_BYTES + 1, UploadTooLarge)],
)
def test_files_that_cannot_be_sent(tmp_path: Path, size: int, error: type[Exception]) -> None:
    model = tmp_path / "a.glb"
    with model.open("wb") as file:
        file.truncate(size)
    with pytest.raises(error):
        MultipartBody({}, {"model_file": str(model)})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputUnreadable, match=r"gone\.glb"):
        MultipartBody({}, {"model_file": str(tmp_path / "gone.glb")})
