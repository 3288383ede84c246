"""What a downloaded file really is: its first bytes decide, not what the service calls it."""

import struct
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from . import picture_types

HEAD_BYTES = 512
BINARY_STL_HEADER = 84
BINARY_STL_TRIANGLE = 50

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"glTF", ".glb"),
    (0, b"Kaydara FBX Binary", ".fbx"),
    (0, b"; FBX", ".fbx"),
    (0, b"\x89PNG\r\n\x1a\n", ".png"),
    (0, b"\xff\xd8\xff", ".jpg"),
    (8, b"WEBP", ".webp"),
    (0, b"GIF8", ".gif"),
    (4, b"ftyp", ".mp4"),
    (0, b"\x1a\x45\xdf\xa3", ".webm"),
    (0, b"ply\n", ".ply"),
    (0, b"ply\r", ".ply"),
    (0, b"solid ", ".stl"),
)

_ZIP_FORMATS = frozenset({".zip", ".usdz", ".3mf"})
UNMISTAKABLE = _ZIP_FORMATS | {".glb"} | picture_types.SHOWABLE
"""Formats every file of which starts with the bytes above."""

_TAKEN_AT_THEIR_WORD = frozenset(
    {".obj", ".gltf", ".mtl", ".json", ".usda", ".usdc", ".ply", ".stl", ".fbx", ".mp4", ".webm"}
)

USD_SUFFIXES = (".usdz", ".usdc", ".usda", ".usd")

READ_BY_ANY_BLENDER = (".glb", ".gltf", ".fbx", ".obj", ".ply", ".stl")

MODEL_SUFFIXES = (
    *READ_BY_ANY_BLENDER,
    *USD_SUFFIXES,
    *(".3mf", ".dae", ".blend"),
)
"""3D files, the one that keeps most of a result first; USD is missing from some builds of Blender,
and what comes after it is not brought in by any."""


SUFFIXES = UNMISTAKABLE | _TAKEN_AT_THEIR_WORD
"""All that a result's name can end in."""


def with_suffix(path: Path, suffix: str) -> Path:
    """The path ending in ``suffix``, in place of another format's, if it has one.

    What comes after a dot without being a format is part of the name: ``chair v1.2``.
    """
    if path.suffix.lower() in SUFFIXES:
        return path.with_suffix(suffix)
    return path.with_name(path.name + suffix)


def suffix_of(head: bytes, size: int, url: str = "") -> str | None:
    """The right file name suffix for a file that starts with ``head`` and has ``size`` bytes.

    ``url`` is asked where the bytes leave a choice. None: this is none of the formats we know.
    """
    named = named_suffix(url)
    if head.startswith(b"PK\x03\x04"):
        return named if named in _ZIP_FORMATS else ".zip"
    for offset, magic, suffix in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return suffix
    if _is_binary_stl(head, size):
        return ".stl"
    if named in _TAKEN_AT_THEIR_WORD and not looks_like_web_page(head):
        return named
    return None


def named_suffix(url: str) -> str:
    """The suffix in the path of an address, in lower case; "" if it has none, or is no address."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return PurePosixPath(unquote(path)).suffix.lower()


def looks_like_web_page(head: bytes) -> bool:
    """Tell a gateway's or login page from a file."""
    start = head.lstrip()[:15].lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml"))


def _is_binary_stl(head: bytes, size: int) -> bool:
    if len(head) < BINARY_STL_HEADER:
        return False
    (triangles,) = struct.unpack_from("<I", head, BINARY_STL_HEADER - 4)
    return bool(size == BINARY_STL_HEADER + BINARY_STL_TRIANGLE * triangles)
