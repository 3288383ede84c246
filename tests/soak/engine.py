"""The sandbox's work for the long run: results that are whole, and made at once."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping

from scripts.sandbox.operations import ENDPOINTS
from scripts.sandbox.work import Engine, Result, Work
from tests.blender.gltf_scenes import png

BYTES = 40_000
"""Of a result, so that it comes in several pieces."""


def deliver(work: Work) -> list[Result]:
    """An archive, a picture or a model, as the contract says of this kind of work."""
    name, asset_type, content = KINDS.get(work.kind, ("model.glb", "3D_MODEL", glb))
    path = work.folder / name
    path.write_bytes(content())
    return [Result(path, asset_type)]


def glb() -> bytes:
    text = json.dumps({"asset": {"version": "2.0"}}).encode()
    text += b" " * (-len(text) % 4)
    size = 28 + len(text) + BYTES
    head = struct.pack("<4sII", b"glTF", 2, size) + struct.pack("<I4s", len(text), b"JSON") + text
    return head + struct.pack("<I4s", BYTES, b"BIN\0") + bytes(BYTES)


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr("model.obj", b"mtllib model.mtl\nv 0 0 0\n" + b"# \n" * (BYTES // 3))
        opened.writestr("model.mtl", b"newmtl a\nmap_Kd texture.png\n")
        opened.writestr("texture.png", picture())
    return stream.getvalue()


def picture() -> bytes:
    return png(*[(1, 2, 3)] * 200)


KINDS = {
    "rapid": ("model.zip", "ARCHIVE", archive),
    "image": ("picture.png", "IMAGE", picture),
}
QUICK: Mapping[str, Engine] = {endpoint.kind: deliver for endpoint in ENDPOINTS.values()}
