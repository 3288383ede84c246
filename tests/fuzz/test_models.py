"""Models: what is read of them before an importer of Blender's sees them."""

import json
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from addon.blender.background.importing import (
    contents,
    gltf_references,
    obj_references,
    ply_header,
    stl_count,
    unreadable,
    usd_references,
)
from addon.blender.background.importing.file_references import OwnFiles
from addon.blender.model.failure import PreparationFailed
from addon.service.triangles import count_triangles
from tests.fuzz.bounds import outcome, own_folder, searched, within_bounds
from tests.fuzz.damage import damaged, json_texts

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SECRET = "secret.png"
"""A picture of the user's own, above the model's folder."""

URIS = (
    "texture.png", "../secret.png", "%2e%2e/secret.png", "/etc/passwd", "file:///etc/passwd",
    "data:image/png;base64,AAAA", "data:,", "DATA:image/png;base64,", "a\0b", "\ud800", "~/a.png",
    "..\\secret.png", "C:\\secret.png", "//host/secret.png", "texture.png?x", " texture.png ", "",
)  # fmt: skip

names = st.sampled_from(
    ("asset", "version", "scene", "scenes", "nodes", "children", "mesh", "meshes", "primitives",
     "attributes", "POSITION", "indices", "accessors", "count", "mode", "buffers", "images", "uri",
     "textures", "source", "materials", "baseColorTexture", "index", "mimeType", "name",
     "extensionsRequired", "extensions"),
)  # fmt: skip
gltf_texts = json_texts(names, st.sampled_from((*URIS, 0, 1, -1, 5, 10**9)))
items: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.dictionaries(names, st.sampled_from((*URIS, 0, 1, [0], {}, None)), max_size=4)
)
scenes = st.fixed_dictionaries(
    {"asset": st.just({"version": "2.0"})},
    optional={
        "buffers": items, "images": items, "textures": items, "nodes": items, "scenes": items,
        "materials": items, "meshes": items, "accessors": items,
    },
).map(json.dumps)  # fmt: skip


def glb(text: bytes, length: int | None = None) -> bytes:
    said = len(text) if length is None else length
    return (
        struct.pack("<4sII", b"glTF", 2, len(text) + 20) + struct.pack("<I4s", said, b"JSON") + text
    )


TRIANGLE = json.dumps(
    {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": 36, "uri": "model.bin"}],
        "accessors": [{"count": 3, "componentType": 5126, "type": "VEC3"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "nodes": [{"mesh": 0, "children": [0]}],
        "scenes": [{"nodes": [0]}],
        "images": [{"uri": "texture.png"}],
    }
).encode()
OBJ = b"mtllib model.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nusemtl a\nf 1 2 3\n"
MTL = (
    b"newmtl a\nmap_Kd -s 1 1 1 texture.png\nmap_Bump -bm 0.5 ../secret.png\n"
    b"refl -type sphere a b\n"
)
PLY = (
    b"ply\nformat ascii 1.0\ncomment made by hand\nelement vertex 3\nproperty float x\n"
    b"property float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\n"
    b"end_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
)
STL = bytes(80) + struct.pack("<I", 2) + bytes(100)
STL_TEXT = b"solid a\nfacet normal 0 0 1\nouter loop\nendloop\nendfacet\nendsolid a\n"
USDA = b'#usda 1.0\ndef "a" (references = @../secret.usda@) { asset b = @texture.png@ }\n'


def _usdc(tokens: bytes) -> bytes:
    table = struct.pack("<Q", 1) + struct.pack("<16sqq", b"TOKENS", 88, len(tokens) + 24)
    packed = (
        struct.pack("<QQQ", 1, len(tokens), len(tokens) + 2) + b"\0" + bytes([len(tokens) << 4])
    )
    return (
        b"PXR-USDC\0\x08\0"
        + bytes(5)
        + struct.pack("<q", 24)
        + table.ljust(64, b"\0")
        + packed
        + tokens
    )


USDC = _usdc(b"../secret.usd\0")
FBX = b"Kaydara FBX Binary  \0\x1a\0" + struct.pack("<I", 7400)


def usdz(*members: tuple[str, bytes]) -> bytes:
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as opened:
            for name, data in members:
                opened.writestr(name, data)
        file.seek(0)
        return file.read()


USDZ = usdz(("a.usda", USDA), ("b.usdc", USDC))

OBJ_PIECES = (
    b"mtllib",
    b"mtllib ../a.mtl",
    b"map_Kd ",
    b"map_Bump -bm",
    b" ",
    b"\\",
    b"\r",
    b"f 1 2 3\n",
)
PLY_PIECES = (
    b"element vertex ", b"property list ", b"uchar ", b"float ", b"end_header\n", b"99999999999999",
)  # fmt: skip
models = st.one_of(
    st.tuples(st.just(".obj"), damaged(OBJ, pieces=OBJ_PIECES)),
    st.tuples(st.just(".ply"), damaged(PLY, pieces=PLY_PIECES)),
    st.tuples(st.just(".stl"), damaged(STL, STL_TEXT, pieces=(b"solid", b"facet"))),
    st.tuples(st.just(".glb"), damaged(glb(TRIANGLE)) | gltf_texts.map(str.encode).map(glb)),
    st.tuples(st.just(".glb"), scenes.map(str.encode).map(glb)),
    st.tuples(st.just(".gltf"), damaged(TRIANGLE) | gltf_texts.map(str.encode)),
    st.tuples(st.just(".gltf"), scenes.map(str.encode)),
    st.tuples(st.just(".fbx"), damaged(FBX + bytes(60))),
    st.tuples(st.just(".usda"), damaged(USDA, pieces=(b"@", b"`"))),
    st.tuples(st.just(".usdc"), damaged(USDC)),
    st.tuples(st.just(".usdz"), damaged(USDZ)),
)

Check = Callable[[Path, OwnFiles, Path], Path]
CHECKS: dict[str, Check] = {
    ".obj": obj_references.confined,
    ".glb": gltf_references.confined,
    ".gltf": gltf_references.confined,
    ".ply": ply_header.checked,
    ".stl": stl_count.mended,
    ".usda": usd_references.confined,
    ".usdc": usd_references.confined,
    ".usdz": usd_references.confined,
}


@given(models)
@searched(120)
def test_a_model_is_counted_or_not(model: tuple[str, bytes]) -> None:
    suffix, data = model
    with own_folder() as folder:
        path = folder / f"model{suffix}"
        path.write_bytes(data)
        with within_bounds():
            count = count_triangles(path, 20_000)
    assert count is None or (type(count) is int and count >= 0)


@given(models)
@searched(200)
def test_a_model_names_its_own_files_or_is_refused(model: tuple[str, bytes]) -> None:
    suffix, data = model
    with own_folder() as place:
        root, scratch = place / "job", place / "scratch"
        root.mkdir()
        scratch.mkdir()
        (place / SECRET).write_bytes(PNG)
        (root / "texture.png").write_bytes(PNG)
        (root / "model.bin").write_bytes(bytes(36))
        (root / "model.mtl").write_bytes(MTL)
        path = root / f"model{suffix}"
        path.write_bytes(data)
        own = OwnFiles(root)
        kind = outcome(lambda: contents.kind_of(path), PreparationFailed)
        if suffix not in CHECKS or isinstance(kind, PreparationFailed):
            return
        read = outcome(lambda: CHECKS[suffix](path, own, scratch), PreparationFailed)
        outcome(lambda: unreadable.explained(path, suffix, RuntimeError("ASCII")))
        json.dumps(own.left_out)
        if isinstance(read, Path):
            for named in files_named(read):
                assert named.resolve().is_relative_to(root.resolve()) or named.parent == scratch


@given(
    damaged(MTL, pieces=(b"map_Kd ", b"newmtl ", b"-s ", b"/etc/passwd", b"../secret.png", b"\r"))
)
@searched(40)
def test_a_material_file_names_own_pictures(data: bytes) -> None:
    with own_folder() as place:
        root, scratch = place / "job", place / "scratch"
        root.mkdir()
        scratch.mkdir()
        (place / SECRET).write_bytes(PNG)
        (root / "texture.png").write_bytes(PNG)
        (root / "model.mtl").write_bytes(data)
        path = root / "model.obj"
        path.write_bytes(OBJ)
        read = outcome(lambda: obj_references.confined(path, OwnFiles(root), scratch))
        for named in files_named(read):
            assert named.resolve().is_relative_to(root.resolve()) or named.parent == scratch


def files_named(file: Path) -> Iterator[Path]:
    """What an importer reads besides the file, if it takes every name as it is."""
    if file.suffix in {".glb", ".gltf"}:
        document = gltf_references.document_of(file) or {}
        for item in [*listed(document, "buffers"), *listed(document, "images")]:
            uri = item.get("uri")
            if uri is not None and not (str(uri).startswith("data:") and ";base64," in str(uri)):
                yield file.parent / unquote(str(uri))
    elif file.suffix in {".obj", ".mtl"}:
        for line in file.read_bytes().split(b"\n"):
            words = line.replace(b"\r", b" ").replace(b"\\", b" ").split()
            keyword = words[0].lower() if words else b""
            if keyword == b"mtllib" and len(words) > 1:
                yield from files_named(file.parent / words[1].decode())
            elif keyword.startswith(b"map_") or keyword in {b"refl", b"disp", b"norm", b"bump"}:
                yield file.parent / words[-1].decode("utf-8", "replace")


def listed(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = document.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
