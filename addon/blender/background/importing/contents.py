"""What a model file really is: archives hold files that are called something else."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...model.failure import PreparationFailed

DAMAGED_HINT: Final = "The file may be damaged. Download it again, or send the job again."
CUT_OFF: Final = "{name} is cut off: it announces more than it holds."

HEAD: Final = 1024
"""Bytes that are looked at."""

BEGINNINGS: Final[Sequence[tuple[bytes, str]]] = (
    (b"glTF", ".glb"),
    (b"Kaydara FBX Binary", ".fbx"),
    (b"; FBX", ".fbx"),
    (b"ply\n", ".ply"),
    (b"ply\r", ".ply"),
    (b"BLENDER", ".blend"),
    (b"\x28\xb5\x2f\xfd", ".blend"),  # compressed
)
"""How the files of a format begin, and how their names end."""

PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
WEB_PAGES: Final = (b"<!doctype html", b"<html", b"<head", b"<body")

GLTF: Final = re.compile(rb"\A(?:glTF|\xff\xfe|\xfe\xff|(?:\xef\xbb\xbf)?\s*\{)")

MARKS: Final = {
    ".fbx": ("FBX", re.compile(rb"FBX")),
    ".glb": ("GLB", GLTF),
    ".gltf": ("glTF", GLTF),
    ".ply": ("PLY", re.compile(rb"\Aply\s")),
}
"""What a format is called, and what the head of each of its files has."""


def head_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(HEAD)


def kind_of(file: Path) -> str:
    """How names of such files end, in lower case; raises PreparationFailed if it is no model."""
    head = head_of(file)
    suffix = file.suffix.lower()
    found = next((kind for start, kind in BEGINNINGS if head.startswith(start)), None)
    if found is not None:
        return found
    trouble = _trouble(head)
    if trouble:
        raise PreparationFailed(trouble, name=file.name, hint=DAMAGED_HINT)
    name, mark = MARKS.get(suffix, ("", None))
    if mark is not None and not mark.search(head):
        raise PreparationFailed(
            "{name} is no {format} file.", name=file.name, format=name, hint=DAMAGED_HINT
        )
    return suffix


def _trouble(head: bytes) -> str:
    """What the file is instead of a model, as a sentence; "" if it may be one."""
    if not head:
        return "{name} is empty."
    if head.startswith(PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "{name} is not a model but a picture."
    if head.lstrip().lower().startswith(WEB_PAGES):
        return "{name} is not a model but a web page."
    return ""
