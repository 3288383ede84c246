"""The smallest file of each kind that a result may have."""

import io
import json
import struct
import zipfile
from typing import Final

from PIL import Image

OBJ: Final = b"mtllib model.mtl\no model\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"


def glb() -> bytes:
    """One triangle."""
    corners = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    position = {
        "bufferView": 0,
        "componentType": 5126,
        "count": 3,
        "type": "VEC3",
        "min": [0, 0, 0],
        "max": [1, 1, 0],
    }
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [position],
        "bufferViews": [{"buffer": 0, "byteLength": len(corners)}],
        "buffers": [{"byteLength": len(corners)}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    length = 12 + 8 + len(text) + 8 + len(corners)
    return (
        b"glTF"
        + struct.pack("<II", 2, length)
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(corners), b"BIN\x00")
        + corners
    )


def picture(kind: str, side: int = 256) -> bytes:
    """A plain picture; ``kind`` as Pillow calls it."""
    file = io.BytesIO()
    Image.new("RGB", (side, side), (180, 60, 40)).save(file, kind)
    return file.getvalue()


def archive(*names: str) -> bytes:
    """A ZIP with files of these names."""
    contents = {"obj": OBJ, "mtl": b"newmtl material\n", "png": picture("PNG", 16)}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for name in names:
            made.writestr(name, contents.get(name.rpartition(".")[2], b"content"))
    return file.getvalue()


FILES: Final = {
    "glb": glb(),
    "zip": archive("model.obj", "model.mtl", "texture.png"),
    "obj": OBJ,
    "stl": b"\0" * 80 + struct.pack("<I", 1) + b"\0" * 50,
    "ply": b"ply\nformat ascii 1.0\nelement vertex 0\nend_header\n",
    "fbx": b"Kaydara FBX Binary  \x00\x1a\x00" + struct.pack("<I", 7400) + b"\0" * 160,
    "usdz": archive("model.usdc"),
    "3mf": archive("3D/3dmodel.model"),
    "png": picture("PNG"),
    "jpg": picture("JPEG"),
    "webp": picture("WEBP"),
    "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64,
}
"""By ending."""
