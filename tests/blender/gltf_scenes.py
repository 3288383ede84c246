"""Small glTF files made by hand, as exporters write them."""

import base64
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

CORNERS = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
FACES = [
    (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1),
    (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
]  # fmt: skip
TIMES = (0.0, 1.0, 2.0)
"""Seconds of the keys."""

FLOAT, BYTE, SHORT, INTEGER = 5126, 5121, 5123, 5125
"""Kinds of numbers, as glTF calls them."""
LETTERS = {FLOAT: "f", BYTE: "B", SHORT: "H", INTEGER: "I"}
WIDTHS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}

Node = dict[str, Any]
Rows = Sequence[Sequence[float]]


def png(*colors: tuple[int, int, int]) -> bytes:
    """A picture with one row of pixels."""
    row = b"\0" + bytes(part for color in colors for part in color)
    head = struct.pack(">IIBBBBB", len(colors), 1, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(row)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@dataclass(frozen=True)
class Packing:
    """How a scene lies in files."""

    kind: str = "embedded"
    """``glb``; ``embedded``: all in one .gltf; ``files``: buffer and pictures beside it."""
    folder: str = ""
    """Of these, seen from the .gltf; ends with a slash."""
    name: str = "part"
    """What their names begin with."""
    quoted: bool = True
    """With percent signs, as the standard has it."""
    lost: Mapping[int, str] = field(default_factory=dict)
    """Pictures that are not there, and what the file says instead of their names."""


class GltfScene:
    """Collects nodes with boxes and whatever else, and writes them as files."""

    def __init__(self) -> None:
        self._data = b""
        self.pictures: list[bytes] = []
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0"},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
        }

    def __repr__(self) -> str:
        """What can be read of it; numbers in the buffer count for less."""
        hidden = {"accessors", "bufferViews", "asset"}
        return json.dumps({name: of for name, of in self.document.items() if name not in hidden})

    def add(self, kind: str, item: dict[str, Any]) -> int:
        """Append to one of the document's lists; its number."""
        items: list[dict[str, Any]] = self.document.setdefault(kind, [])
        items.append(item)
        return len(items) - 1

    def add_box(self, size: tuple[float, float, float]) -> int:
        """A mesh; its number."""
        places = [[c * side for c, side in zip(corner, size, strict=True)] for corner in CORNERS]
        corners = self.accessor(places)
        faces = self.accessor([[i] for face in FACES for i in face], SHORT)
        primitive = {"attributes": {"POSITION": corners}, "indices": faces}
        return self.add("meshes", {"primitives": [primitive]})

    def add_node(self, name: str, *children: int, scene: int | None = 0, **values: Any) -> int:
        """A node, at the top of that scene unless None; its number."""
        node: Node = {"name": name, **values}
        if children:
            node["children"] = list(children)
        number = self.add("nodes", node)
        if scene is not None:
            self.document["scenes"][scene]["nodes"].append(number)
        return number

    def add_picture(self, data: bytes) -> int:
        """A texture that shows the picture; its number."""
        self.pictures.append(data)
        image = self.add("images", {})
        return self.add("textures", {"source": image})

    def animate(
        self, node: int, path: str, values: Rows, *, way: str = "LINEAR", take: int = 0
    ) -> None:
        """Key ``path`` of the node at ``TIMES``, in the animation with the number ``take``."""
        while len(self.document.setdefault("animations", [])) <= take:
            number = len(self.document["animations"])
            self.add("animations", {"name": f"Move {number}", "samplers": [], "channels": []})
        animation = self.document["animations"][take]
        sampler = {"input": self.accessor([[t] for t in TIMES]), "output": self.accessor(values)}
        animation["samplers"].append({**sampler, "interpolation": way})
        target = {"node": node, "path": path}
        animation["channels"].append({"sampler": len(animation["samplers"]) - 1, "target": target})

    def accessor(
        self, rows: Rows, component: int = FLOAT, *, normalized: bool = False, sparse: bool = False
    ) -> int:
        """Numbers in the buffer; ``sparse``: only those that are not zero, one by one."""
        accessor: dict[str, Any] = {
            "componentType": component,
            "count": len(rows),
            "type": WIDTHS[len(rows[0])],
        }
        if normalized:
            accessor["normalized"] = True
        if component == FLOAT and len(rows[0]) < 16:
            columns = list(zip(*rows, strict=True))
            accessor |= {"min": [min(c) for c in columns], "max": [max(c) for c in columns]}
        kept = [number for number, row in enumerate(rows) if any(row)]
        if sparse and kept:
            accessor["sparse"] = {
                "count": len(kept),
                "indices": {
                    "bufferView": self._view([[number] for number in kept], SHORT),
                    "componentType": SHORT,
                },
                "values": {"bufferView": self._view([rows[n] for n in kept], component)},
            }
        else:
            accessor["bufferView"] = self._view(rows, component)
        return self.add("accessors", accessor)

    def _view(self, rows: Rows, component: int) -> int:
        layout = f"<{len(rows[0])}{LETTERS[component]}"
        packed = [struct.pack(layout, *row) for row in rows]
        # Every row begins at a multiple of four, and says so where that is not by itself.
        stride = -(-len(packed[0]) // 4) * 4
        padded = len(rows[0]) > 1 and stride != len(packed[0])
        data = b"".join(row.ljust(stride, b"\0") if padded else row for row in packed)
        view = {"buffer": 0, "byteOffset": len(self._data), "byteLength": len(data)}
        if padded:
            view["byteStride"] = stride
        self._data += data + bytes(-len(data) % 4)
        return self.add("bufferViews", view)

    def write(self, path: Path, packing: Packing | None = None) -> Path:
        """Write the scene to ``path``, by default one .gltf, and what it needs beside it."""
        packing = packing or Packing()
        document = deepcopy(self.document)
        data = self._data
        if packing.kind == "glb":
            data = self._put_pictures_into(document, packing)
            document["buffers"] = [{"byteLength": len(data)}]
            path.write_bytes(_glb(document, data))
            return path
        document["buffers"] = [{"byteLength": len(data)}]
        document["buffers"][0]["uri"] = _put(path, f"{packing.name}.bin", data, packing)
        for number, picture in enumerate(self.pictures):
            uri = packing.lost.get(number)
            name = f"{packing.name} {number}.png"
            document["images"][number]["uri"] = uri or _put(path, name, picture, packing)
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return path

    def _put_pictures_into(self, document: dict[str, Any], packing: Packing) -> bytes:
        data = self._data
        for number, picture in enumerate(self.pictures):
            if number in packing.lost:
                document["images"][number]["uri"] = packing.lost[number]
                continue
            view = {"buffer": 0, "byteOffset": len(data), "byteLength": len(picture)}
            data += picture + bytes(-len(picture) % 4)
            document["bufferViews"].append(view)
            place = {"bufferView": len(document["bufferViews"]) - 1, "mimeType": "image/png"}
            document["images"][number] |= place
        return data


def _put(beside: Path, name: str, data: bytes, packing: Packing) -> str:
    """Write a part of the scene; what the .gltf says of it."""
    if packing.kind == "embedded":
        kind = "image/png" if name.endswith("png") else "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"
    place = beside.parent / packing.folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    said = f"{packing.folder}{name}"
    return quote(said) if packing.quoted else said


def _glb(document: Mapping[str, Any], data: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    parts = struct.pack("<I4s", len(text), b"JSON") + text
    if data:
        parts += struct.pack("<I4s", len(data), b"BIN\0") + data
    return struct.pack("<4sII", b"glTF", 2, 12 + len(parts)) + parts
