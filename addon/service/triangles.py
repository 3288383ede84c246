"""How many triangles a 3D file has, read from what it says of itself. No Blender in here.

GLB, glTF, OBJ, STL, PLY and binary FBX. Nothing of a file is believed that is not looked at within
bounds: what cannot be read has no number, which is no trouble.
"""

import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Final

from .file_types import BINARY_STL_HEADER, BINARY_STL_TRIANGLE

MOST_JSON: Final = 32 * 1024 * 1024
MOST_INDICES: Final = 16 * 1024 * 1024
"""Bytes of one list of indices in an FBX, unpacked."""
PLY_HEADER: Final = 16 * 1024

MOST: Final = 10**12
"""Triangles of a file; more is no number of anything."""

UNREADABLE: Final = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    struct.error,
    zlib.error,
)


def count_triangles(path: Path, enough: int) -> int | None:
    """The triangles in the file, or a number from ``enough`` on where it has so many at least.

    None: it does not say, or is of another kind.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        return None
    try:
        with path.open("rb") as file:
            found = read(file, enough)
    except UNREADABLE:
        return None
    return found if 0 <= found < MOST else None


def _glb(file: BinaryIO, enough: int) -> int:
    magic, _, _, length, kind = struct.unpack("<4sIII4s", file.read(20))
    if magic != b"glTF" or kind != b"JSON" or length > MOST_JSON:
        raise ValueError(magic)
    return _of_document(json.loads(file.read(length)), enough)


def _gltf(file: BinaryIO, enough: int) -> int:
    return _of_document(json.loads(file.read(MOST_JSON)), enough)


def _of_document(document: Mapping[str, Any], enough: int) -> int:
    """Each mesh as often as a node shows it."""
    del enough
    each = [
        sum(_of_primitive(document, primitive) for primitive in mesh["primitives"])
        for mesh in document.get("meshes", ())
    ]
    return sum(each[node["mesh"]] for node in document.get("nodes", ()) if "mesh" in node)


def _of_primitive(document: Mapping[str, Any], primitive: Mapping[str, Any]) -> int:
    corners = primitive.get("indices", primitive["attributes"]["POSITION"])
    count = int(document["accessors"][corners]["count"])
    mode = primitive.get("mode", TRIANGLES)
    if mode == TRIANGLES:
        return count // 3
    return max(0, count - 2) if mode in STRIPS else 0


TRIANGLES: Final = 4
STRIPS: Final = (5, 6)


def _obj(file: BinaryIO, enough: int) -> int:
    found = 0
    for line in file:
        if line.startswith((b"f ", b"f\t")):
            found += max(0, len(line.split()) - 3)
            if found >= enough:
                break
    return found


def _stl(file: BinaryIO, enough: int) -> int:
    size = os.fstat(file.fileno()).st_size
    head = file.read(BINARY_STL_HEADER)
    if len(head) == BINARY_STL_HEADER:
        (said,) = struct.unpack_from("<I", head, BINARY_STL_HEADER - 4)
        if size == BINARY_STL_HEADER + BINARY_STL_TRIANGLE * said:
            return int(said)
    if not head.lstrip().lower().startswith(b"solid"):
        raise ValueError(head)
    file.seek(0)
    found = 0
    for line in file:
        found += line.lstrip().lower().startswith(b"facet")
        if found >= enough:
            break
    return found


def _ply(file: BinaryIO, enough: int) -> int:
    """Its faces: how many corners they have stands behind them, and most have three."""
    del enough
    head, end, _ = file.read(PLY_HEADER).partition(b"end_header")
    if not head.startswith(b"ply") or not end:
        raise ValueError(head[:4])
    lines = (line.split() for line in head.splitlines())
    counts = [words[2] for words in lines if words[:2] == [b"element", b"face"]]
    return int(counts[0])


def _fbx(file: BinaryIO, enough: int) -> int:
    if file.read(len(FBX_MAGIC)) != FBX_MAGIC:
        raise ValueError("no binary FBX")
    (version,) = struct.unpack("<I", file.read(4))
    layout = struct.Struct("<QQQB" if version >= FBX_WIDE else "<IIIB")
    found = 0
    for name, count in _fbx_lists(file, layout, os.fstat(file.fileno()).st_size):
        found += count if name == b"PolygonVertexIndex" else 0
        if found >= enough:
            break
    return found


FBX_MAGIC: Final = b"Kaydara FBX Binary  \x00\x1a\x00"
FBX_WIDE: Final = 7500
"""From this version on offsets have eight bytes."""
FBX_PATH: Final = {b"Objects": b"Geometry", b"Geometry": b"PolygonVertexIndex"}
"""What is looked for in what."""


def _fbx_lists(
    file: BinaryIO, layout: struct.Struct, end: int, wanted: bytes = b"Objects"
) -> Iterator[tuple[bytes, int]]:
    """The triangles of every list of polygons up to ``end``."""
    while file.tell() + layout.size <= end:
        until, properties, length, letters = layout.unpack(file.read(layout.size))
        name = file.read(letters)
        if not file.tell() <= until <= end:  # also the empty record that ends a list
            return
        if name == wanted:
            if name in FBX_PATH:
                file.seek(length, os.SEEK_CUR)
                yield from _fbx_lists(file, layout, until, FBX_PATH[name])
            elif properties:
                yield name, _fbx_triangles(file)
        file.seek(until)


def _fbx_triangles(file: BinaryIO) -> int:
    """Of the polygons in an array of indices: the last of each is negative."""
    kind, length, packed, size = struct.unpack("<cIII", file.read(13))
    if kind != b"i" or length * 4 > MOST_INDICES or size > MOST_INDICES:
        raise ValueError(kind)
    data = file.read(size)
    if packed:
        data = zlib.decompressobj().decompress(data, MOST_INDICES)
    corners = struct.unpack(f"<{length}i", data[: length * 4])
    ends = [-1, *(at for at, corner in enumerate(corners) if corner < 0)]
    return sum(max(0, last - before - 2) for before, last in pairwise(ends))


_READERS: Mapping[str, Callable[[BinaryIO, int], int]] = MappingProxyType(
    {
        ".glb": _glb,
        ".gltf": _gltf,
        ".obj": _obj,
        ".stl": _stl,
        ".ply": _ply,
        ".fbx": _fbx,
    }
)
