"""A model names its own files and no others; what exporters write for a name is understood."""

import base64
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.test_prepare import prepare

SECRET = b"sk-live-0123456789abcdef"
TRIANGLE = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 0, 1)
PIXELS = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAA"
    "AABJRU5ErkJggg=="
)
PICTURE = base64.b64decode(PIXELS)
OBJ = """{library}
v 0 0 0
v 1 0 0
v 0 0 1
vt 0 0
vt 1 0
vt 0 1
usemtl {material}
f 1/1 2/2 3/3
"""


@pytest.fixture
def job(extension: ModuleType, tmp_path: Path) -> Path:
    """The folder of a job, with a key and a photo of the user's above it."""
    (tmp_path / "key").write_bytes(SECRET)
    (tmp_path / "photo.png").write_bytes(PICTURE + SECRET)
    folder = tmp_path / "job" / "archive"
    folder.mkdir(parents=True)
    (folder / "linked.png").symlink_to(tmp_path / "photo.png")
    (folder / "notes.png").write_text("no picture at all")
    (folder / "real.png").write_bytes(PICTURE)
    return folder


def gltf(texture: str, buffer: str | None = None) -> dict[str, Any]:
    """A triangle whose base colour is that picture."""
    inside = f"data:application/octet-stream;base64,{base64.b64encode(TRIANGLE).decode()}"
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
        "materials": [
            {
                "pbrMetallicRoughness": {
                    "baseColorFactor": [0.25, 0.5, 0.75, 1.0],
                    "baseColorTexture": {"index": 0},
                },
                "normalTexture": {"index": 0},
            }
        ],
        "textures": [{"source": 0}],
        "images": [{"uri": texture}],
        "buffers": [{"byteLength": len(TRIANGLE), "uri": buffer or inside}],
        "bufferViews": [{"buffer": 0, "byteLength": len(TRIANGLE)}],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                "min": [0, 0, 0], "max": [1, 0, 1],
            }
        ],
    }  # fmt: skip


def write_gltf(folder: Path, texture: str) -> Path:
    path = folder / "model.gltf"
    path.write_text(json.dumps(gltf(texture)))
    return path


def write_glb(folder: Path, texture: str) -> Path:
    text = json.dumps(gltf(texture)).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sIIII", b"glTF", 2, 20 + len(text), len(text), 0x4E4F534A)
    path = folder / "model.glb"
    path.write_bytes(head + text)
    return path


def write_obj(
    folder: Path,
    texture: str,
    *,
    library: str = "mtllib model.mtl",
    materials: str = "model.mtl",
    keyword: str = "map_Kd",
    encoding: str = "utf-8",
    material: str = "Paint",
) -> Path:
    path = folder / "model.obj"
    path.write_bytes(OBJ.format(library=library, material=material).encode(encoding))
    (folder / materials).parent.mkdir(parents=True, exist_ok=True)
    said = f"newmtl {material}\nKd 0.25 0.5 0.75\n{keyword} {texture}\n"
    (folder / materials).write_bytes(said.encode(encoding))
    return path


def write_obj_normal(folder: Path, texture: str) -> Path:
    return write_obj(folder, texture, keyword="norm -bm 1.0")


def write_fbx(folder: Path, texture: str) -> Path:
    """As Blender writes it, naming the picture by its absolute path."""
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.mesh.primitive_cube_add()
    material = bpy.data.materials.new("Paint")
    if bpy.app.version < (5, 0):  # later always on
        material.use_nodes = True
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = bpy.data.images.load(str((folder / texture).absolute()))
    shader = material.node_tree.nodes["Principled BSDF"]
    material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
    bpy.context.object.data.materials.append(material)
    path = folder / "model.fbx"
    bpy.ops.export_scene.fbx(filepath=str(path), path_mode="ABSOLUTE")
    return path


def bring_in(job: Path, *models: Path) -> list[str]:
    """Import the models as a background Blender does; the names of what was left out."""
    bpy.ops.wm.read_homefile(use_empty=True)
    own = part("blender.background.importing.file_references").OwnFiles(job.parent)
    for model in models:
        part("blender.background.importing.importers").import_model(model, own)
    part("blender.background.importing.own_pictures").pack(own)
    return [said["parts"]["name"] for said in own.left_out]


def saved(folder: Path) -> bytes:
    """Everything that is in the file now."""
    path = folder / "saved.blend"
    bpy.data.libraries.write(str(path), {*bpy.data.objects, *bpy.data.images, *bpy.data.materials})
    return path.read_bytes()


def material() -> Any:
    """The only material of the only object."""
    (obj,) = bpy.data.objects
    (found,) = obj.data.materials
    return found


def colour_is_shown() -> bool:
    """Whether a picture that is in the file is the material's base colour."""
    (link,) = material().node_tree.nodes["Principled BSDF"].inputs["Base Color"].links
    return link.from_node.image.packed_file is not None


@pytest.mark.parametrize("write", [write_obj, write_gltf, write_glb])
def test_a_picture_is_found_whose_name_not_every_system_has(
    job: Path, tmp_path: Path, write: Callable[[Path, str], Path]
) -> None:
    name = "aux/a<b> 木.png"
    model = write(tmp_path, name if write is write_obj else quote(name))
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        archive.writestr(name, PICTURE)
        for file in (model, model.with_suffix(".mtl")):
            if file.exists():
                archive.write(file, file.name)
    picture, sent, *_ = part("service.archives").unpack(tmp_path / "sent.zip", job, "sent").files
    assert picture == job / "sent" / "_aux" / "a_b_ 木.png"
    assert bring_in(job, sent) == []
    assert [image.name for image in bpy.data.images if image.packed_file] != []


FOREIGN = [
    pytest.param(
        "../../key",
        id="above",
        marks=pytest.mark.attack(
            "A model that names a file above its folder",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "../../photo.png",
        id="a photo above",
        marks=pytest.mark.attack(
            "A model that names a picture above its folder",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "..\\..\\photo.png",
        id="backslashes",
        marks=pytest.mark.attack(
            "The same with backslashes",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "..%2F..%2Fphoto.png",
        id="escaped",
        marks=pytest.mark.attack(
            "The same with percent signs",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "{above}/photo.png",
        id="absolute",
        marks=pytest.mark.attack(
            "A model that names a picture by its whole path",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "file://{above}/photo.png",
        id="file address",
        marks=pytest.mark.attack(
            "A model that names a picture by file:",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "//localhost{above}/photo.png",
        id="network share",
        marks=pytest.mark.attack(
            "A model that names a picture on a network share",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "\\\\localhost\\c$\\photo.png",
        id="windows share",
        marks=pytest.mark.attack(
            "A model that names a picture on a Windows share",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "C:{above}/photo.png",
        id="drive",
        marks=pytest.mark.attack(
            "A model that names a picture on a drive",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "~/photo.png",
        id="home",
        marks=pytest.mark.attack(
            "A model that names a picture in the user's home",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "http://127.0.0.1:9/photo.png",
        id="web",
        marks=pytest.mark.attack(
            "A model that names a picture on the web",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "data:,/../../../photo.png",
        id="data that is none",
        marks=pytest.mark.attack(
            "A model that hides a path in an address with data in it",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "DATA:;base64,/../../../photo.png",
        id="data in capitals",
        marks=pytest.mark.attack(
            "The same with DATA in capitals",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "linked.png",
        id="link",
        marks=pytest.mark.attack(
            "A model that names a link out of its folder",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "notes.png",
        id="no picture",
        marks=pytest.mark.attack(
            "A model whose picture is another kind of file",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
    pytest.param(
        "..",
        id="folder",
        marks=pytest.mark.attack(
            "A model that names a folder for a picture",
            "Left out and told; nothing of this machine is in the .blend",
        ),
    ),
]
WRITERS = (write_glb, write_gltf, write_obj, write_obj_normal)


@pytest.mark.parametrize("reference", FOREIGN)
@pytest.mark.parametrize("write", WRITERS)
def test_what_is_not_the_models_own_stays_out(
    job: Path, reference: str, write: Callable[[Path, str], Path]
) -> None:
    reference = reference.format(above=job.parent.parent)
    (shown,) = bring_in(job, write(job, reference))
    assert shown.lstrip("…")[-6:] in reference.replace("%2F", "/")
    assert SECRET not in saved(job.parent)
    assert not [node for node in material().node_tree.nodes if node.type == "TEX_IMAGE"]
    assert not bpy.data.images


@pytest.mark.attack(
    "A prepared .blend is searched for a foreign picture",
    "It is not in it; the job says what was left out",
)
def test_the_job_says_so_and_what_is_prepared_is_free_of_it(job: Path) -> None:
    report = prepare(job.parent, write_glb(job, "../../photo.png"), root=job.parent)
    assert report["ok"], report
    assert [said["parts"]["name"] for said in report["left_out"]] == ["../../photo.png"]
    assert SECRET not in (job.parent / "out.blend").read_bytes()


LINKED = pytest.param("linked.png", marks=pytest.mark.posix("Wine opens no links"))


@pytest.mark.attack("An FBX that names a picture above it, or a link", "Left out and told")
@pytest.mark.parametrize("reference", ["../../photo.png", LINKED])
def test_what_an_fbx_brings_in_is_looked_at(job: Path, reference: str) -> None:
    assert bring_in(job, write_fbx(job, reference)) == [reference.rsplit("/", maxsplit=1)[-1]]
    assert SECRET not in saved(job.parent)


def test_an_fbx_keeps_its_own_picture(job: Path) -> None:
    assert bring_in(job, write_fbx(job, "real.png")) == []
    assert colour_is_shown()


@pytest.mark.attack("A placed picture is searched for this machine's folders", "They are not in it")
@pytest.mark.parametrize("write", [*WRITERS, write_fbx])
def test_a_picture_does_not_say_where_this_machine_had_it(
    job: Path, write: Callable[[Path, str], Path]
) -> None:
    assert bring_in(job, write(job, "real.png")) == []
    assert all(image.packed_file is not None for image in bpy.data.images)
    assert str(job).encode() not in saved(job.parent)


@pytest.mark.attack("An OBJ that names a material file above its folder", "Not read; told")
def test_a_material_file_above_is_not_read(job: Path) -> None:
    (job.parent.parent / "private.mtl").write_bytes(b"newmtl Paint\n# " + SECRET)
    model = write_obj(job, "real.png", library="mtllib ../../private.mtl", materials="other.mtl")
    assert bring_in(job, model) == ["../../private.mtl"]
    assert SECRET not in saved(job.parent)


@pytest.mark.attack("An OBJ that hides such a name behind odd bytes", "Not read; told")
@pytest.mark.parametrize(
    "line",
    [
        b"\x0bmtllib above.mtl",
        b"mtllib\x01above.mtl",
        b"\\mtllib above.mtl",
        b"\xffmtllib above.mtl",
    ],
)
def test_a_material_file_above_is_not_read_however_it_is_named(job: Path, line: bytes) -> None:
    (job.parent / "outside.mtl").write_text("newmtl Paint\nKd 1 0 0\n")
    job = job / "inner"
    job.mkdir()
    model = job / "model.obj"
    shape = OBJ.format(library="", material="Paint").encode()
    model.write_bytes(line.replace(b"above", b"../outside") + shape)
    own = part("blender.background.importing.file_references").OwnFiles(job)
    bpy.ops.wm.read_homefile(use_empty=True)
    part("blender.background.importing.importers").import_model(model, own)
    assert [said["parts"]["name"] for said in own.left_out] == ["../outside.mtl"]
    assert material().diffuse_color[0] != 1.0


@pytest.mark.attack("A picture inside a GLB's address that is cut off", "Left out and told")
def test_a_picture_that_is_cut_off_in_its_address_is_left_out(job: Path) -> None:
    assert bring_in(job, write_glb(job, "data:image/png;base64,iVBOR")) == ["images[0]"]


LAYERS = {
    "own, which names another": "@./own.usda@",
    "where Blender was started": "@started.usda@",
    "put together": '@`"${UP}/secret.usda"`@',
}


@pytest.mark.attack("A USD that names layers of the user's, in three ways", "Refused")
@pytest.mark.parametrize("name", LAYERS)
def test_layers_of_the_users_are_not_read(
    job: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = '#usda 1.0\n(\n defaultPrim="A"\n expressionVariables = {string UP = ".."}\n)\n'
    mesh = (
        'def Mesh "A" {\n int[] faceVertexCounts = [3]\n int[] faceVertexIndices = [0, 1, 2]\n'
        " point3f[] points = [(0, 0, 0), (1, 0, 0), (0, 0, 1)]\n}\n"
    )
    for secret in (job.parent.parent / "started.usda", job.parent.parent / "secret.usda"):
        secret.write_text(head + mesh)
    monkeypatch.chdir(job.parent.parent)
    (job / "own.usda").write_text(head + 'def "A" (references = @../../secret.usda@) {}\n')
    model = job / "model.usda"
    model.write_text(f'{head}{mesh}def "B" (references = {LAYERS[name]}) {{}}\n')
    own = part("blender.background.importing.file_references").OwnFiles(job.parent)
    usd = part("blender.background.importing.usd_references")
    with pytest.raises(part("blender.model.failure").PreparationFailed):
        usd.confined(model, own, job)
    (job / "own.usda").write_text(head + mesh)
    model.write_text(head + mesh + 'def "B" (references = @./own.usda@) {}\n')
    assert usd.confined(model, own, job) == model


@pytest.mark.attack(
    "A glTF whose geometry lies above its folder", "Refused in words; no .blend is made"
)
def test_geometry_above_is_refused_in_words(job: Path) -> None:
    (job.parent.parent / "data.bin").write_bytes(TRIANGLE)
    model = job / "model.gltf"
    model.write_text(json.dumps(gltf("real.png", buffer="../../data.bin")))
    report = prepare(job.parent, model, root=job.parent)
    assert not report["ok"]
    assert report["message"]["parts"]["other"] == "../../data.bin"
    assert "not one of its files" in report["message"]["template"]
    assert not (job.parent / "out.blend").exists()


LIBRARIES = {
    "plain": ("mtllib model.mtl", "model.mtl"),
    "dot and slash": ("mtllib ./model.mtl", "model.mtl"),
    "below": ("mtllib mats/model.mtl", "mats/model.mtl"),
    "beside its folder": ("mtllib ../mats/model.mtl", "../mats/model.mtl"),
    "backslashes": ("mtllib mats\\model.mtl", "mats/model.mtl"),
    "absolute": ("mtllib /home/somebody/model.mtl", "model.mtl"),
    "drive": ("mtllib C:\\Users\\somebody\\model.mtl", "model.mtl"),
    "no name": ("mtllib", "model.mtl"),
    "no statement": ("# made by hand", "model.mtl"),
    "blanks": ("mtllib my model.mtl", "my model.mtl"),
    "quotation marks": ('mtllib "my model.mtl"', "my model.mtl"),
    "indented": ("  mtllib   model.mtl  ", "model.mtl"),
    "carriage return": ("mtllib model.mtl\r", "model.mtl"),
    "other case": ("mtllib Model.MTL", "model.mtl"),
    "another folder": ("mtllib textures/model.mtl", "model.mtl"),
    "letters": ("mtllib 模型.mtl", "模型.mtl"),
    "percent signs": ("mtllib my%20model.mtl", "my model.mtl"),
}


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_material_file_is_found_however_it_is_named(job: Path, name: str) -> None:
    library, materials = LIBRARIES[name]
    folder = (job / materials).parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "colour.png").write_bytes(PICTURE)
    model = write_obj(job, "colour.png", library=library, materials=materials)
    assert bring_in(job, model) == []
    assert colour_is_shown()


TEXTURES = {
    "below": ("textures/colour.png", "textures/colour.png"),
    "blanks": ("my colour.png", "my colour.png"),
    "options": ("-s 1 1 1 -o 0.0 0.0 -clamp on colour.png", "colour.png"),
    "absolute": ("D:\\work\\textures\\colour.png", "colour.png"),
    "folder that is not there": ("maps/colour.png", "colour.png"),
    "letters": ("тест 1.png", "тест 1.png"),
}


@pytest.mark.parametrize("name", TEXTURES)
def test_a_texture_is_found_however_it_is_named(job: Path, name: str) -> None:
    statement, place = TEXTURES[name]
    (job / place).parent.mkdir(exist_ok=True)
    (job / place).write_bytes(PICTURE)
    assert bring_in(job, write_obj(job, statement)) == []
    assert colour_is_shown()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp932", "赤い絵"),
        ("gb18030", "贴图"),
        ("big5", "貼圖"),
        ("cp949", "그림"),
        ("cp1251", "цвет"),
    ],
)
def test_a_texture_is_found_whatever_its_name_is_written_in(
    job: Path, encoding: str, name: str
) -> None:
    (job / f"{name}.png").write_bytes(PICTURE)
    assert bring_in(job, write_obj(job, f"{name}.png", encoding=encoding)) == []
    assert colour_is_shown()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_normal_map_is_found_whatever_the_names_are_written_in(job: Path, encoding: str) -> None:
    (job / "n.png").write_bytes(PICTURE)
    model = write_obj(job, "n.png", keyword="norm", material="Grün", encoding=encoding)
    assert bring_in(job, model) == []
    assert material().node_tree.nodes["Principled BSDF"].inputs["Normal"].is_linked


def test_all_parts_of_an_archive_come_in(job: Path) -> None:
    body = write_obj(job, "real.png")
    wheel = job / "wheel.obj"
    wheel.write_text(body.read_text().replace("v 1 0 0", "v 3 0 0"))
    report = prepare(job.parent, body, wheel, root=job.parent)
    assert report["objects"] == 2
    assert report["dimensions"][0] == pytest.approx(3.0)


def single_color(red: int, green: int, blue: int) -> bytes:
    """A PNG of one pixel."""
    image: Any = bpy.data.images.new("Pixel", 1, 1)
    image.pixels = [red / 255, green / 255, blue / 255, 1.0]
    image.pack()
    return bytes(image.packed_file.data)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_parts_in_folders_of_their_own_wear_their_own_pictures(job: Path, encoding: str) -> None:
    """Material files, materials and pictures are called alike in each of them."""
    colors = {"body": (255, 0, 0), "wheel": (0, 0, 255), "lamp": (0, 255, 0)}
    models = []
    for name, color in colors.items():
        folder = job / name
        folder.mkdir()
        (folder / "color.png").write_bytes(single_color(*color))
        (folder / "bent.png").write_bytes(single_color(128, 128, color[0]))
        texture = "color.png\nnorm bent.png"
        model = write_obj(folder, texture, material="Grün", encoding=encoding)
        models.append(model.rename(folder / f"{name}.obj"))
    assert bring_in(job, *models) == []
    found = {}
    for obj in bpy.data.objects:
        inputs = obj.data.materials[0].node_tree.nodes["Principled BSDF"].inputs
        bent = inputs["Normal"].links[0].from_node.inputs["Color"].links[0].from_node.image
        shown = [inputs["Base Color"].links[0].from_node.image, bent]
        found[obj.name] = [[round(255 * part) for part in list(i.pixels)[:3]] for i in shown]
    assert found == {name: [list(color), [128, 128, color[0]]] for name, color in colors.items()}


def test_files_called_the_same_are_versions_of_which_one_comes_in(job: Path) -> None:
    first = write_obj(job, "real.png")
    (job / "low").mkdir()
    other = job / "low" / "model.obj"
    other.write_text(first.read_text())
    report = prepare(job.parent, first, root=job.parent, others=[[other]])
    assert report["objects"] == 1
    assert [said["parts"] for said in report["left_out"]] == [{"name": "archive/low/model.obj"}]


def test_one_of_several_material_files_that_is_missing_is_said(job: Path) -> None:
    model = write_obj(job, "real.png", library="mtllib gone.mtl model.mtl")
    assert bring_in(job, model) == ["gone.mtl"]
    assert colour_is_shown()


def test_materials_called_alike_in_two_files_keep_their_own_normal_maps(job: Path) -> None:
    """Blender puts a number behind the second one's name."""
    bare = write_obj(job, "real.png", keyword="map_Kd")
    other = job / "other.obj"
    other.write_text(bare.read_text().replace("model.mtl", "other.mtl"))
    (job / "other.mtl").write_text("newmtl Paint\nnorm real.png\n")
    assert bring_in(job, bare, other) == []
    found = {
        obj.name: obj.data.materials[0].node_tree.nodes["Principled BSDF"].inputs
        for obj in bpy.data.objects
    }
    assert {
        name: (i["Base Color"].is_linked, i["Normal"].is_linked) for name, i in found.items()
    } == {
        "model": (True, False),
        "other": (False, True),
    }


def test_a_gltf_that_this_blender_cannot_read_is_told_as_a_glb_is(job: Path) -> None:
    document = gltf("real.png") | {"extensionsRequired": ["KHR_texture_basisu"]}
    model = job / "model.gltf"
    model.write_text(json.dumps(document))
    report = prepare(job.parent, model, root=job.parent)
    assert not report["ok"]
    assert "textures are in KTX2" in report["message"]["template"]
