"""What is told of a model that cannot be brought in: in words of its importer, with a way out."""

import base64
import json
import re
import struct
import zipfile
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.test_prepare import export, glb, prepare
from tests.blender.test_references import OBJ, PICTURE, TRIANGLE

HAS_NEW_FBX = "fbx_import" in dir(bpy.ops.wm)
HAS_USD = "usd_import" in dir(bpy.ops.wm)

WEB_PAGE = b"<!DOCTYPE html><html><body>403 Forbidden</body></html>"

FBX_TEXT = """; FBX {number} project file
FBXHeaderExtension:  {{
    FBXHeaderVersion: 1003
    FBXVersion: {version}
}}
Objects:  {{
    Geometry: 1, "Geometry::Sheet", "Mesh" {{
        Vertices: *9 {{
            a: 0,0,0,1,0,0,0,1,0
        }}
        PolygonVertexIndex: *3 {{
            a: 0,1,-3
        }}
        GeometryVersion: 124
    }}
    Model: 2, "Model::Sheet", "Mesh" {{
        Version: 232
    }}
}}
Connections:  {{
    C: "OO",1,2
    C: "OO",2,0
}}
"""
FBX_7 = FBX_TEXT.format(number="7.4.0", version=7400).encode()

USD = """#usda 1.0
(
    upAxis = "Z"
)
def Mesh "Sheet"
{
    point3f[] points = [(0, 0, 0), (1, 0, 0), (0, 0, 1)]
    int[] faceVertexCounts = [3]
    int[] faceVertexIndices = [0, 1, 2]
}
"""

STL_TEXT = b"solid sheet\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n"

PLY = """ply
format ascii 1.0
element vertex 3
property float x
property float y
property float z
element face {faces}
property list uchar int vertex_indices
end_header
0 0 0
1 0 0
0 0 1
"""


TEXT, BINARY = "ascii", "binary_little_endian"


def ply(old: str, new: str, form: str = TEXT) -> str:
    """A file with one face, in whose header something is another."""
    return PLY.format(faces=1).replace(TEXT, form).replace(old, new, 1) + "3 0 1 2\n"


BROKEN_PLY: dict[str, tuple[str, str]] = {
    "endless": (ply("end_header\n", ""), "its header has no end"),
    "beginning": ("ply\n", "its header has no end"),
    "formless": (ply("format ascii 1.0\n", ""), "does not say in which format it is"),
    "middle": (ply("ascii", "binary_middle_endian"), "does not say in which format it is"),
    "three": (ply("vertex 3", "vertex three"), "damaged at “element vertex three”"),
    "minus": (ply("vertex 3", "vertex -3"), "damaged at “element vertex -3”"),
    "countless": (ply("vertex 3", "vertex"), "damaged at “element vertex”"),
    "faceless": (ply("face 1", "face", BINARY), "damaged at “element face”"),
    "orphan": (ply("element vertex 3\n", ""), "damaged at “property float x”"),
    "nameless": (ply("float z", "float"), "damaged at “property float”"),
    "unknown": (ply("float z", "flaot z", BINARY), "damaged at “property flaot z”"),
    "list": (ply("list uchar int", "list uchar", BINARY), "damaged at “property list uchar"),
    "million": (ply("vertex 3", "vertex 3000000"), "is cut off"),
    "billion": (ply("vertex 3", "vertex 3000000000", BINARY), "is cut off"),
    "trillion": (ply("vertex 3", "vertex 99999999999999999999"), "is cut off"),
    "faces": (ply("face 1", "face 2000000000", BINARY), "is cut off"),
    "flat": (ply("property float z\n", ""), "its points have no x, y and z"),
}
"""Files whose header is damaged, some of which end a Blender that reads them; and words."""


def sheet(**changes: Any) -> dict[str, Any]:
    """The document of a glTF triangle."""
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "Grün"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "buffers": [{"byteLength": len(TRIANGLE)}],
        "bufferViews": [{"buffer": 0, "byteLength": len(TRIANGLE)}],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                "min": [0, 0, 0], "max": [1, 0, 1],
            }
        ],
    } | changes  # fmt: skip


def alone(document: dict[str, Any]) -> str:
    """As a .gltf with everything in it."""
    inside = base64.b64encode(TRIANGLE).decode()
    uri = f"data:application/octet-stream;base64,{inside}"
    buffers = [{"byteLength": len(TRIANGLE), "uri": uri}]
    return json.dumps(document | {"buffers": buffers}, ensure_ascii=False)


def needing(extension: str) -> dict[str, Any]:
    return sheet(extensionsUsed=[extension], extensionsRequired=[extension])


def of_version(container: int, version: str) -> bytes:
    made = bytearray(glb(sheet(asset={"version": version}), TRIANGLE))
    made[4] = container
    return bytes(made)


def binary_fbx(version: int) -> bytes:
    """The beginning of a binary FBX, and nothing after it."""
    return b"Kaydara FBX Binary  \0\x1a\0" + struct.pack("<I", version) + bytes(160)


def overrun() -> dict[str, Any]:
    """An accessor that counts on more than there is."""
    document = sheet()
    document["accessors"][0]["count"] = 3000
    return document


def astray() -> dict[str, Any]:
    """An accessor of bytes that nobody lists."""
    document = sheet()
    document["accessors"][0]["bufferView"] = 7
    return document


SUFFIXES = (
    "glb",
    "gltf",
    "fbx",
    "obj",
    "stl",
    "ply",
    "usdz",
    "usdc",
    "usda",
    "3mf",
    "dae",
    "blend",
)

DAMAGED: dict[str, tuple[bytes, str]] = {
    **{f"empty.{suffix}": (b"", "is empty") for suffix in SUFFIXES},
    **{f"page.{suffix}": (WEB_PAGE, "not a model but a web page") for suffix in SUFFIXES},
    **{f"picture.{suffix}": (PICTURE, "not a model but a picture") for suffix in SUFFIXES},
    "letter.glb": (b"Dear Sir or Madam", "is no GLB file"),
    "letter.gltf": (b"Dear Sir or Madam", "is no glTF file"),
    "letter.fbx": (b"Dear Sir or Madam", "is no FBX file"),
    "letter.obj": (b"Dear Sir or Madam", "is empty or cannot be read"),
    "letter.ply": (b"Dear Sir or Madam", "is no PLY file"),
    "letter.stl": (b"Dear Sir or Madam", "cannot be read: Failed to read file."),
    "packed.glb": (b"PK\x03\x04" + bytes(60), "is no GLB file"),
    "cut.glb": (glb(sheet(), TRIANGLE)[:-8], "cannot be read: Bad GLB: file size doesn't match."),
    "cut.gltf": (alone(sheet()).encode()[:-9], "cannot be read: Bad glTF: json error"),
    "cut.fbx": (binary_fbx(7400)[:40], "cannot be read"),
    "cut.stl": (bytes(80) + struct.pack("<I", 9) + bytes(49), "is empty or cannot be read"),
    "cut.ply": (PLY.format(faces=1).encode()[:-9], "is cut off: it announces more than it holds"),
    "few.ply": (PLY.format(faces=3).encode(), "is cut off"),
    **{f"{name}.ply": (header.encode(), words) for name, (header, words) in BROKEN_PLY.items()},
    "overrun.glb": (glb(overrun(), TRIANGLE), "is cut off: it announces more than it holds"),
    "astray.glb": (glb(astray(), TRIANGLE), "Blender's importer broke down over it"),
    "cut_draco.glb": (
        glb(needing("KHR_draco_mesh_compression"), TRIANGLE)[:-8], "file size doesn't match",
    ),
    "broken.fbx": (binary_fbx(1234567890), "cannot be read"),
}  # fmt: skip
"""What is broken or no model at all, and words that are told of it."""

UNREAD: dict[str, tuple[bytes, str, str]] = {
    "print.3mf": (b"PK\x03\x04" + bytes(60), "3MF file", "3D printing"),
    "old.dae": (b"<?xml version='1.0'?><COLLADA/>", "Collada", "4.5"),
    "scene.blend": (b"BLENDER-v405", "Blender file", "Append"),
    "ktx.glb": (glb(needing("KHR_texture_basisu"), TRIANGLE), "KTX2", "FBX"),
    "magic.glb": (glb(needing("ACME_magic"), TRIANGLE), "extension ACME_magic", "FBX"),
    "three.glb": (of_version(3, "3.0"), "it is glTF 3.0", "FBX"),
    "three.gltf": (alone(sheet(asset={"version": "3.1"})).encode(), "it is glTF 3.1", "FBX"),
    "one.gltf": (b'{"asset": {"version": "1.0"}, "meshes": {}}', "it is glTF 1.0", "FBX"),
    "future.fbx": (binary_fbx(9000), "it is FBX 9.0", "GLB"),
}
"""What is whole and this Blender has no reader for, words that are told of it and a way out."""

if not HAS_USD:
    UNREAD["scene.usdz"] = (b"PK\x03\x04" + bytes(60), "USD file", "blender.org")
    UNREAD["scene.usda"] = (USD.encode(), "USD file", "blender.org")
if not HAS_NEW_FBX:
    UNREAD["text.fbx"] = (FBX_7, "FBX file written as text", "Blender 4.5")
    UNREAD["old.fbx"] = (binary_fbx(6100), "it is FBX 6.1", "Blender 4.5")


def bring_in(*files: Path) -> Any:
    bpy.ops.wm.read_homefile(use_empty=True)
    return part("blender.background.preparation").import_files(list(files), "Thing")


def trouble_of(file: Path) -> Any:
    """What is raised over the file; in words, and without a word of this machine or of Python."""
    failed = part("blender.model.failure").PreparationFailed
    with pytest.raises(failed) as caught:
        bring_in(file)
    message = str(caught.value)
    assert file.name in message
    assert caught.value.hint
    assert message.endswith(".")
    assert "\n" not in message
    for word in (str(file.parent), "Traceback", "Location:", ".py", "Error:", "()"):
        assert word not in message.replace(file.name, "")
    return caught.value


@pytest.mark.fault(
    "Sixty empty, damaged, cut off or wrongly named models",
    "Each is told in one sentence without a path or a traceback",
)
@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged(extension: ModuleType, tmp_path: Path, name: str) -> None:
    content, words = DAMAGED[name]
    (tmp_path / name).write_bytes(content)
    trouble = trouble_of(tmp_path / name)
    assert re.search(words, str(trouble)), trouble
    assert "kept" not in trouble.report()


@pytest.mark.fault(
    "Models of kinds and versions that this Blender does not read", "Kept, with a way to open them"
)
@pytest.mark.parametrize("name", UNREAD)
def test_what_no_reader_exists_for(extension: ModuleType, tmp_path: Path, name: str) -> None:
    content, words, way = UNREAD[name]
    (tmp_path / name).write_bytes(content)
    trouble = trouble_of(tmp_path / name)
    assert trouble.report()["kept"]
    assert words in str(trouble)
    assert way in trouble.hint
    assert "damaged" not in str(trouble) + trouble.hint


def test_the_log_has_the_rest_and_the_best_file_is_told_of(
    extension: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "astray.glb").write_bytes(glb(astray(), TRIANGLE))
    report = prepare(tmp_path, tmp_path / "astray.glb", others=[[kept(tmp_path)]])
    assert not report["ok"]
    assert report["message"]["parts"]["name"] == "astray.glb"
    assert "Traceback" in report["details"]
    assert "Traceback" not in str(report["message"])


@pytest.mark.fault(
    "The prepared file cannot be written", "Told without a path; the log has the rest"
)
def test_what_nobody_foresaw_is_told_without_a_traceback(
    extension: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "sheet.glb").write_bytes(glb(sheet(), TRIANGLE))
    (tmp_path / "out.blend.part" / "taken").mkdir(parents=True)  # nothing can be written there
    report = prepare(tmp_path, tmp_path / "sheet.glb")
    assert not report["ok"]
    message = part("catalog.messages").unpack(report["message"])
    assert message.startswith("Blender could not prepare the model: ")
    assert str(tmp_path) not in message
    assert "Traceback" in report["details"]


@pytest.mark.parametrize(("error", "words"), [
    ("Error: Cannot open '/home/a b/x.fbx' (no way)\n", "Cannot open (no way)"),
    ("Error: FBX: /home/a/x.fbx is odd", "FBX: is odd"),
    (r"Error: Cannot open 'C:\Users\A B\x.fbx': odd", "Cannot open: odd"),
    ("Error: Python: Traceback (most recent call last):\n  File x.py\nKeyError: 1", ""),
    ("Error: First.\nError: Second.", "First"),
    ("either/or in 1/2 of 3:4", "either/or in 1/2 of 3:4"),
])  # fmt: skip
def test_words_of_importers(extension: ModuleType, error: str, words: str) -> None:
    assert part("blender.model.failure").own_words(RuntimeError(error)) == words


def faces() -> int:
    objects: Any = bpy.context.scene.objects
    return sum(len(obj.data.polygons) for obj in objects if obj.type == "MESH")


@pytest.mark.parametrize("name", ["model.fbx", "model.obj", "model.gltf", "model.GLB"])
def test_what_is_called_something_else_is_read_as_what_it_is(
    extension: ModuleType, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(glb(sheet(), TRIANGLE))
    bring_in(tmp_path / name)
    assert faces() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("kind", ["gltf", "obj"])
def test_any_encoding(extension: ModuleType, tmp_path: Path, kind: str, encoding: str) -> None:
    file = tmp_path / f"model.{kind}"
    text = alone(sheet()) if kind == "gltf" else OBJ.format(library="", material="Grün")
    file.write_bytes(text.encode(encoding))
    bring_in(file)
    assert faces() == 1
    names = [item.name for item in (*bpy.data.materials, *bpy.context.scene.objects)]
    assert kind == "gltf" or "Thing" in names


@pytest.mark.parametrize("content", [OBJ.replace("f 1/1 2/2 3/3", ""), "v 0 0 0\nv 1 0 0\nl 1 2\n"])
def test_a_file_without_faces_comes_in_with_a_word(
    extension: ModuleType, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "model.obj"
    file.write_text(content.format(library="", material="Paint"))
    (said,) = bring_in(file).left_out
    assert said["template"].startswith("{name} has no faces")


@pytest.mark.parametrize(
    "content",
    [
        ply("", "").replace("\n", "\r\n"),
        ply("element face", "comment a\nobj_info b\nelement  face"),
        ply("ascii 1.0", "ascii 1.0 "),
        ply("list uchar int", "list int uint"),
        ply("", "").replace("\n", "\r"),
        ply("", "").replace("element", "  element"),
        ply("", "").replace("property", "\tproperty\t"),
        ply("ply\n", "ply \n"),
        ply("element face", "\nelement face"),
        ply("format", "\nformats 1\n format "),
    ],
)
def test_a_ply_file_as_programs_write_it(
    extension: ModuleType, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "model.ply"
    file.write_bytes(content.encode())
    assert bring_in(file).left_out == []
    assert faces() == 1


def test_a_binary_ply_file_with_an_odd_header(extension: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "model.ply"
    head = PLY.format(faces=1).partition("0 0 0")[0].replace(TEXT, BINARY)
    places = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 13, 0, 10)
    body = places + struct.pack("<B3i", 3, 0, 1, 2)
    file.write_bytes(head.replace("element", " element\t").encode() + body)
    assert bring_in(file).left_out == []
    assert faces() == 1
    assert max(bpy.context.scene.objects[0].dimensions) == pytest.approx(13.0)


STL = STL_TEXT + b"vertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid sheet\n"


@pytest.mark.parametrize(
    "content",
    [STL, STL.upper(), STL.replace(b"\n", b"\r"), STL.replace(b"\n", b"\r\n"), BOM_UTF8 + STL],
)
def test_an_stl_file_of_text_as_programs_write_it(
    extension: ModuleType, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "model.stl"
    file.write_bytes(content)
    assert bring_in(file).left_out == []
    assert faces() == 1


def stl(said: int, corners: Sequence[float] = (0, 0, 0, 1, 0, 0, 0, 0, 1)) -> bytes:
    """A binary STL with two triangles that announces others."""
    other = [corner + 2 for corner in corners]
    triangles = [struct.pack("<12fH", 0, -1, 0, *one, 0) for one in (corners, other)]
    return b"solid made by a program".ljust(80) + struct.pack("<I", said) + b"".join(triangles)


@pytest.mark.attack(
    "An STL that announces four billion triangles", "Those come in that are there; the rest is told"
)
@pytest.mark.parametrize(
    ("content", "held", "said"),
    [
        (stl(2), 2, 2),
        (stl(2) + b"\n", 2, 2),
        (stl(2) + bytes(3000), 2, 2),
        (stl(0), 2, 0),
        (stl(9), 2, 9),
        (stl(4_000_000_000)[:-7], 1, 4_000_000_000),
    ],
)
def test_of_a_binary_stl_all_triangles_come_in_that_are_there(
    extension: ModuleType, tmp_path: Path, content: bytes, held: int, said: int
) -> None:
    file = tmp_path / "model.stl"
    file.write_bytes(content)
    left_out = bring_in(file).left_out
    assert faces() == held
    cut_off = {
        "template": "{name} was cut off: {held} of {said} triangles are there.",
        "parts": {"name": "model.stl", "held": held, "said": said},
    }
    assert left_out == ([cut_off] if said > held else [])
    assert file.read_bytes() == content


def broken(folder: Path) -> Path:
    file = folder / "broken.glb"
    file.write_bytes(glb(sheet(), TRIANGLE)[:-8])
    return file


def kept(folder: Path) -> Path:
    file = folder / "kept.3mf"
    file.write_bytes(b"PK\x03\x04" + bytes(60))
    return file


@pytest.mark.fault("One of several parts of a model is empty", "The others come in; it is named")
def test_of_several_parts_those_that_can_be_read_come_in(
    extension: ModuleType, tmp_path: Path
) -> None:
    parts = [tmp_path / name for name in ("body.obj", "cut.obj", "wheel.obj")]
    for part_of_it in parts:
        part_of_it.write_text(OBJ.format(library="", material="Paint"))
    parts[1].write_bytes(b"")
    model = bring_in(*parts)
    assert faces() == 2
    assert [said["parts"]["name"] for said in model.left_out] == ["cut.obj"]


@pytest.mark.fault("The best of several files is damaged", "Another one is taken, which is told")
@pytest.mark.parametrize(("first", "beside"), [(broken, True), (kept, False)])
def test_of_several_files_one_that_can_be_read_is_taken(
    extension: ModuleType, tmp_path: Path, first: Callable[[Path], Path], *, beside: bool
) -> None:
    bpy.ops.mesh.primitive_cube_add()
    unread, other = first(tmp_path), export("stl", tmp_path)
    if beside:
        report = prepare(tmp_path, unread, others=[[other]])
    else:
        report = prepare(tmp_path, unread, other)
    assert report["ok"], report
    assert report["triangles"] == 12
    assert report["figures"]["bytes"] == other.stat().st_size
    if beside:  # else the one that can be read is the better one
        (words,) = [part("catalog.messages").unpack(said) for said in report["left_out"]]
        assert unread.name in words
        assert words.endswith("Taken instead: model.stl.")


if HAS_NEW_FBX:

    @pytest.mark.parametrize("version", [7400, 6100])
    def test_fbx_as_text_is_read(extension: ModuleType, tmp_path: Path, version: int) -> None:
        text = FBX_TEXT.format(number="7.4.0", version=7400)
        if version < 7000:
            text = OLD_FBX_TEXT
        (tmp_path / "text.fbx").write_text(text)
        bring_in(tmp_path / "text.fbx")
        assert faces() == 1


OLD_FBX_TEXT = """; FBX 6.1.0 project file
FBXHeaderExtension:  {
    FBXHeaderVersion: 1003
    FBXVersion: 6100
}
Objects:  {
    Model: "Model::Sheet", "Mesh" {
        Version: 232
        Vertices: 0,0,0,1,0,0,0,1,0
        PolygonVertexIndex: 0,1,-3
        GeometryVersion: 124
    }
}
Connections:  {
    Connect: "OO", "Model::Sheet", "Model::Scene"
}
"""


def test_a_mesh_that_parts_of_an_fbx_share_stays_shared(
    extension: ModuleType, tmp_path: Path
) -> None:
    """Applying one part's transform to it would move the other."""
    bpy.ops.mesh.primitive_cube_add()
    first = bpy.context.object
    second = bpy.data.objects.new("Second", first.data)
    bpy.context.scene.collection.objects.link(second)
    second.location.x, second.scale = 5.0, (1.0, 1.0, 3.0)
    first.shape_key_add(name="Basis")
    first.shape_key_add(name="Smile").data[0].co.z = 2.0
    path = export("fbx", tmp_path)
    bring_in(path)
    meshes = {obj.data for obj in bpy.context.scene.objects}
    assert [mesh.users for mesh in meshes] == [2]
    assert [key.name for key in next(iter(meshes)).shape_keys.key_blocks] == ["Basis", "Smile"]
    bpy.context.view_layer.update()
    places = sorted(round(obj.matrix_world.translation.x, 3) for obj in bpy.context.scene.objects)
    assert places[1] - places[0] == pytest.approx(5.0)


if HAS_USD:

    @pytest.mark.parametrize("kind", ["usda", "usdc", "usdz"])
    def test_usd_is_read_where_blender_reads_it(
        extension: ModuleType, tmp_path: Path, kind: str
    ) -> None:
        bpy.ops.mesh.primitive_cube_add()
        path = tmp_path / f"model.{kind}"
        bpy.ops.wm.usd_export(filepath=str(path))
        bring_in(path)
        assert faces() == 6

    @pytest.mark.parametrize("kind", ["usda", "usdc", "usdz"])
    @pytest.mark.parametrize("way", ["../secret.usda", "{folder}/secret.usda"])
    def test_usd_reads_no_other_files(
        extension: ModuleType, tmp_path: Path, kind: str, way: str
    ) -> None:
        (tmp_path / "job").mkdir()
        (tmp_path / "secret.usda").write_text(USD)
        file = write_usd(tmp_path / "job" / f"model.{kind}", way.format(folder=tmp_path))
        with pytest.raises(part("blender.model.failure").PreparationFailed) as caught:
            bring_in(file)
        assert "which is not one of its files" in str(caught.value)

    @pytest.mark.parametrize("way", ["./part.usda", "part.usda", "nowhere/part.usda"])
    def test_usd_reads_its_own_files(extension: ModuleType, tmp_path: Path, way: str) -> None:
        (tmp_path / "part.usda").write_text(USD)
        bring_in(write_usd(tmp_path / "model.usda", way))
        assert faces() == (1 if "nowhere" in way else 2)

    def test_usd_shows_no_pictures_but_its_own(extension: ModuleType, tmp_path: Path) -> None:
        (tmp_path / "job").mkdir()
        (tmp_path / "photo.png").write_bytes(PICTURE)
        file = tmp_path / "job" / "model.usda"
        file.write_text(PAINTED_USD)
        model = bring_in(file)
        assert list(bpy.data.images) == []
        assert [said["parts"]["name"] for said in model.left_out] == ["photo.png"]


def write_usd(file: Path, names: str) -> Path:
    """A triangle, and another out of a file that it names; the binary form only names the file."""
    other = f'def "Other" (references = @{names}@</Sheet>)\n{{\n}}\n'
    match file.suffix:
        case ".usda":
            file.write_text(USD + other)
        case ".usdz":
            with zipfile.ZipFile(file, "w") as package:
                package.writestr("model.usda", USD + other)
        case ".usdc":
            bpy.ops.mesh.primitive_cube_add()
            bpy.context.object["names"] = names
            bpy.ops.wm.usd_export(filepath=str(file))
    return file


PAINTED_USD = """#usda 1.0
(
    upAxis = "Z"
)
def Mesh "Sheet" (
    prepend apiSchemas = ["MaterialBindingAPI"]
)
{
    point3f[] points = [(0, 0, 0), (1, 0, 0), (0, 0, 1)]
    int[] faceVertexCounts = [3]
    int[] faceVertexIndices = [0, 1, 2]
    rel material:binding = </Paint>
}
def Material "Paint"
{
    token outputs:surface.connect = </Paint/Shader.outputs:surface>
    def Shader "Shader"
    {
        uniform token info:id = "UsdPreviewSurface"
        color3f inputs:diffuseColor.connect = </Paint/Picture.outputs:rgb>
        token outputs:surface
    }
    def Shader "Picture"
    {
        uniform token info:id = "UsdUVTexture"
        asset inputs:file = @../photo.png@
        float3 outputs:rgb
    }
}
"""
