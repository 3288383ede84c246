"""The background Blender that turns model files into a .blend, started as the worker does."""

import gc
import json
import struct
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.patience import seconds


def prepare(
    folder: Path,
    *files: Path,
    name: str = "Brass Lamp",
    preview: Path | None = None,
    root: Path | None = None,
    others: Sequence[Sequence[Path]] = (),
    sent: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Run the script on the files; the .blend is ``folder/out.blend``."""
    order, report = folder / "job.json", folder / "report.json"
    order.write_text(
        json.dumps(
            {
                "files": [str(file) for file in files],
                "to": str(folder / "out.blend"),
                "report": str(report),
                "name": name,
                "root": None if root is None else str(root),
                "preview": None if preview is None else str(preview),
                "others": [[str(file) for file in choice] for choice in others],
                "sent": sent,
                "keep_place": sent is not None,
            }
        )
    )
    command = part("blender.runtime.worker_host").prepare_command()
    subprocess.run(
        [*command, "--", str(order)], check=True, timeout=seconds(120), stdout=subprocess.DEVNULL
    )
    said: dict[str, Any] = json.loads(report.read_text())
    return said


def append(folder: Path, report: dict[str, Any]) -> Any:
    """Append what was prepared into an empty file."""
    bpy.ops.wm.read_homefile(use_empty=True)
    libraries: Any = bpy.data.libraries
    with libraries.load(str(folder / "out.blend"), link=False) as (_, wanted):
        wanted.collections = [report["collection"]]
    collection = wanted.collections[0]
    bpy.context.scene.collection.children.link(collection)
    bpy.context.view_layer.update()
    return collection


def painted(name: str) -> bpy.types.Material:
    """A material with a colour and a normal map, both 8 x 8 pixels."""
    material = bpy.data.materials.new(name)
    if bpy.app.version < (5, 0):  # later always on
        material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = nodes["Principled BSDF"]
    for purpose, colour in (("colour", "sRGB"), ("normal", "Non-Color")):
        image = bpy.data.images.new(f"{name} {purpose}", 8, 8)
        image.colorspace_settings.name = colour
        image.pack()
        texture = nodes.new("ShaderNodeTexImage")
        texture.image = image
        if purpose == "colour":
            links.new(texture.outputs["Color"], shader.inputs["Base Color"])
        else:
            normal = nodes.new("ShaderNodeNormalMap")
            links.new(texture.outputs["Color"], normal.inputs["Color"])
            links.new(normal.outputs["Normal"], shader.inputs["Normal"])
    return material


@pytest.fixture
def scene(extension: ModuleType) -> None:
    """A tilted box of 2 x 4 x 6 m below scaled empties, a camera, a light."""
    bpy.ops.object.empty_add(location=(5.0, 5.0, 5.0))
    outer = bpy.context.object
    outer.scale = (2.0, 2.0, 2.0)
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=(0.0, 0.0, 0.0))
    box = bpy.context.object
    box.name = "Box"
    box.scale = (1.0, 2.0, 3.0)
    box.parent = outer
    box.data.materials.append(painted("Paint"))
    bpy.ops.object.camera_add()
    bpy.ops.object.light_add()


def export(kind: str, folder: Path) -> Path:
    path = folder / f"model.{kind}"
    match kind:
        case "glb":
            bpy.ops.export_scene.gltf(filepath=str(path), export_cameras=True, export_lights=True)
        case "fbx":
            bpy.ops.export_scene.fbx(filepath=str(path), path_mode="COPY", embed_textures=True)
        case "obj":
            bpy.ops.wm.obj_export(filepath=str(path))
        case "ply":
            bpy.ops.wm.ply_export(filepath=str(path))
        case "stl":
            bpy.ops.wm.stl_export(filepath=str(path))
    return path


@pytest.mark.parametrize("kind", ["glb", "fbx", "obj", "ply", "stl"])
@pytest.mark.usefixtures("scene")
def test_every_format_becomes_one_clean_object_on_the_origin(tmp_path: Path, kind: str) -> None:
    report = prepare(tmp_path, export(kind, tmp_path))
    assert report["ok"], report
    assert report["blender_version"] == list(bpy.app.version)
    assert (report["objects"], report["triangles"]) == (1, 12)
    assert report["dimensions"] == pytest.approx([2.0, 4.0, 6.0], rel=1e-4)
    collection = append(tmp_path, report)
    (obj,) = collection.all_objects
    assert (collection.name, obj.name, obj.data.name) == ("Brass Lamp",) * 3
    assert tuple(obj.location) == (0.0, 0.0, 0.0)
    assert tuple(obj.rotation_euler) == (0.0, 0.0, 0.0)
    assert tuple(obj.scale) == (1.0, 1.0, 1.0)
    assert (obj.parent, obj.animation_data) == (None, None)
    heights = [vertex.co.z for vertex in obj.data.vertices]
    assert (min(heights), max(heights)) == pytest.approx((0.0, 6.0), abs=1e-4)
    sides = [vertex.co.x for vertex in obj.data.vertices]
    assert min(sides) + max(sides) == pytest.approx(0.0, abs=1e-4)
    for kind_left in ("cameras", "lights", "texts"):
        assert list(getattr(bpy.data, kind_left)) == []


@pytest.mark.usefixtures("scene")
def test_a_small_picture_shows_the_model_and_is_not_in_its_file(tmp_path: Path) -> None:
    preview = tmp_path / "preview.png"
    report = prepare(tmp_path, export("glb", tmp_path), preview=preview)
    append(tmp_path, report)
    assert {len(bpy.data.cameras), len(bpy.data.worlds), len(bpy.data.scenes) - 1} == {0}
    picture: Any = bpy.data.images.load(str(preview))
    side = picture.size[0]
    assert tuple(picture.size) == (side, side)
    assert 100 <= side <= 200
    alpha = list(picture.pixels)[3::4]
    assert alpha[0] == 0.0
    assert alpha[side * side // 2 + side // 2] == 1.0


def test_a_surface_that_was_not_sent_keeps_its_normals(
    extension: ModuleType, tmp_path: Path
) -> None:
    """Those of a retexture are left out at first, as nobody sees them of the surface sent."""
    bpy.ops.mesh.primitive_cube_add()
    own = bpy.context.object
    bpy.data.libraries.write(str(tmp_path / "sent.blend"), {own})
    settings = {
        "objects": [own.name],
        "libraries": [""],
        "matrices": [[list(row) for row in own.matrix_world]],
        "origin": [0.0, 0.0, 0.0],
        "scale": 1.0,
        "frame": 1,
        "apply_modifiers": True,
    }
    bpy.data.objects.remove(own)
    bpy.ops.mesh.primitive_uv_sphere_add(segments=8, ring_count=6)
    mesh = bpy.context.object.data
    up = (0.6, 0.0, 0.8)
    mesh.normals_split_custom_set_from_vertices([up] * len(mesh.vertices))
    sent = {"blend": str(tmp_path / "sent.blend"), "settings": settings}
    answer = export("glb", tmp_path)
    report = prepare(tmp_path, answer, sent=sent | {"outcome": "TEXTURES", "step": 1})
    assert report["ok"], report
    (obj,) = append(tmp_path, report).all_objects
    assert obj.data.has_custom_normals
    assert len(obj.data.polygons) == 80
    for normal in obj.data.corner_normals:
        assert tuple(normal.vector) == pytest.approx(up, abs=0.01)


@pytest.mark.usefixtures("scene")
def test_one_that_was_started_ahead_does_the_same(tmp_path: Path) -> None:
    glb, picture = export("glb", tmp_path), tmp_path / "preview.png"
    usual = prepare(tmp_path, glb, preview=picture)
    drawn = picture.read_bytes()
    command = part("blender.runtime.worker_host").prepare_command()
    run = part("worker.script_run").ScriptRun(command, seconds(120), threading.Event())
    order = json.loads((tmp_path / "job.json").read_text())
    run.get_ready()
    ahead = run._ahead._process
    said = run.run(order)
    assert run._ahead._process is None
    assert not ahead.is_running
    assert said == usual
    assert picture.read_bytes() == drawn


@pytest.mark.usefixtures("scene")
def test_what_an_importer_has_read_does_not_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It refers to itself, and Python looks for such things only now and then."""
    glb, importers = export("glb", tmp_path), part("blender.background.importing.importers")
    own = part("blender.background.importing.file_references").OwnFiles(tmp_path)

    def kept() -> list[object]:
        gc.collect()
        gc.disable()
        try:
            importers.import_model(glb, own)
            return [one for one in gc.get_objects() if type(one).__name__ == "glTFImporter"]
        finally:
            gc.enable()

    assert len(kept()) == 1  # a small one
    monkeypatch.setattr(importers, "LARGE", glb.stat().st_size)
    assert kept() == []


MEETING = """
import runpy, time
from pathlib import Path

script = runpy.run_path(SCRIPT)


def prepare(job):
    to = Path(job["to"])
    to.with_suffix(".there").touch()
    while len(list(to.parent.glob("*.there"))) < 2:
        time.sleep(0.02)
    return script["prepare"](job)


script["entry"]["main"](prepare, message="{error}", hint="")
"""


@pytest.mark.oldest_and_newest
@pytest.mark.usefixtures("scene")
def test_two_are_prepared_at_the_same_time(store: Any, tmp_path: Path) -> None:
    """Neither begins before the other is there; what is wrong with one is the other's no matter."""
    glb, damaged = export("glb", tmp_path), tmp_path / "damaged.glb"
    damaged.write_bytes(glb.read_bytes()[:900])
    *command, script = part("blender.runtime.worker_host").prepare_command()
    (tmp_path / "meeting.py").write_text(MEETING.replace("SCRIPT", repr(script)))
    command.append(str(tmp_path / "meeting.py"))
    two = part("worker.blenders").Blenders(2)
    preparer = part("worker.prepare").BlenderPreparer(command, seconds(120), threading.Event(), two)

    def prepared(file: Path) -> Any:
        job = store.add(
            part("catalog").build_request("tencent-rapid", {"prompt": "a lamp"}),
            name=file.stem,
            estimate=0,
            service_address="https://api.example",
            folder=tmp_path,
        )
        return preparer.prepare(job, [file], tmp_path / f"{file.stem}.blend")

    with ThreadPoolExecutor(2) as pool:
        good, bad = (pool.submit(prepared, file) for file in (glb, damaged))
        assert good.result(seconds(120)).path.is_file()
        with pytest.raises(part("jobs.runner_deps").PreparationFailed):
            bad.result(seconds(120))
    assert not (tmp_path / "damaged.blend").exists()


@pytest.mark.fault("The small picture of a result cannot be written", "The model comes in")
@pytest.mark.usefixtures("scene")
def test_where_the_picture_cannot_be_written_the_model_is_there(tmp_path: Path) -> None:
    report = prepare(tmp_path, export("glb", tmp_path), preview=tmp_path)
    assert report["ok"]
    assert (tmp_path / "out.blend").is_file()


@pytest.mark.usefixtures("scene")
def test_textures_travel_in_the_file_without_this_machines_folders(tmp_path: Path) -> None:
    report = prepare(tmp_path, export("glb", tmp_path))
    append(tmp_path, report)
    images = [image for image in bpy.data.images if image.users]
    assert len(images) == 2
    assert all(image.packed_file is not None for image in images)
    assert {image.filepath for image in images} == {""}
    assert {image.colorspace_settings.name for image in images} == {"sRGB", "Non-Color"}
    assert [material.name for material in bpy.data.materials] == ["Brass Lamp"]


@pytest.mark.parametrize("keyword", ["map_Bump -bm 1.0", "norm", "map_Pn"])
def test_an_obj_keeps_its_physically_based_maps(
    extension: ModuleType, tmp_path: Path, keyword: str
) -> None:
    bpy.ops.mesh.primitive_cube_add()
    obj_file = export("obj", tmp_path)
    lines = ["newmtl Paint", "Kd 1 1 1"]
    for statement, name in (
        ("map_Kd", "base colour.png"),
        ("map_Pm", "metallic.png"),
        ("map_Pr", "roughness.png"),
        (keyword, "normal map.png"),
    ):
        image = bpy.data.images.new(name, 8, 8)
        image.filepath_raw, image.file_format = str(tmp_path / name), "PNG"
        image.save()
        lines.append(f"{statement} {name}")
    obj_file.with_suffix(".mtl").write_text("\n".join(lines))
    text = obj_file.read_text().splitlines()
    kept = [line for line in text if not line.startswith(("usemtl", "mtllib"))]
    first_face = next(index for index, line in enumerate(kept) if line.startswith("f "))
    kept.insert(first_face, "usemtl Paint")
    obj_file.write_text("\n".join(["mtllib model.mtl", *kept]))

    report = prepare(tmp_path, obj_file)
    assert report["left_out"] == []
    collection = append(tmp_path, report)
    material: Any = collection.all_objects[0].data.materials[0]
    shader = material.node_tree.nodes["Principled BSDF"]
    sources = {
        name: shader.inputs[name].links[0].from_node
        for name in ("Base Color", "Metallic", "Roughness", "Normal")
    }
    normal = sources.pop("Normal").inputs["Color"].links[0].from_node
    spaces = {name: node.image.colorspace_settings.name for name, node in sources.items()}
    assert spaces == {"Base Color": "sRGB", "Metallic": "Non-Color", "Roughness": "Non-Color"}
    assert normal.image.colorspace_settings.name == "Non-Color"


@pytest.mark.fault(
    "A texture of a result is missing", "The model comes in; what is missing is told"
)
def test_a_missing_texture_is_a_warning(extension: ModuleType, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    bpy.context.object.data.materials.append(bpy.data.materials.new("Paint"))
    obj_file = export("obj", tmp_path)
    material_file = obj_file.with_suffix(".mtl")
    material_file.write_text(material_file.read_text() + "\nmap_Kd gone.png\n")
    report = prepare(tmp_path, obj_file)
    assert report["ok"]
    assert any("gone" in said["parts"]["name"] for said in report["left_out"])


def test_parts_stay_apart_and_are_named_after_the_job(
    extension: ModuleType, tmp_path: Path
) -> None:
    for name, x in (("Seat", 0.0), ("Leg", 3.0)):
        bpy.ops.mesh.primitive_cube_add(location=(x, 0.0, 0.0))
        bpy.context.object.name = name
    report = prepare(tmp_path, export("glb", tmp_path))
    collection = append(tmp_path, report)
    assert {obj.name for obj in collection.all_objects} == {"Brass Lamp Seat", "Brass Lamp Leg"}
    assert {tuple(obj.location) for obj in collection.all_objects} == {(0.0, 0.0, 0.0)}
    assert report["dimensions"] == pytest.approx([5.0, 2.0, 2.0], rel=1e-4)


def test_a_rig_keeps_its_bones_and_its_motion(extension: ModuleType, tmp_path: Path) -> None:
    bpy.ops.object.armature_add()
    rig = bpy.context.object
    bpy.ops.mesh.primitive_cube_add()
    body = bpy.context.object
    body.parent = rig
    body.modifiers.new("Armature", "ARMATURE").object = rig
    body.vertex_groups.new(name="Bone").add(range(8), 1.0, "REPLACE")
    bone = rig.pose.bones["Bone"]
    bone.keyframe_insert("location", frame=1)
    bone.location.y = 1.0
    bone.keyframe_insert("location", frame=20)
    report = prepare(tmp_path, export("glb", tmp_path))
    collection = append(tmp_path, report)
    rigs = [obj for obj in collection.all_objects if obj.type == "ARMATURE"]
    bodies = [obj for obj in collection.all_objects if obj.type == "MESH"]
    assert [obj.name for obj in rigs] == ["Brass Lamp Rig"]
    assert [obj.parent for obj in bodies] == rigs
    assert [action.frame_range[1] for action in bpy.data.actions] == [20.0]


@pytest.mark.usefixtures("scene")
def test_of_several_files_the_richest_is_taken(tmp_path: Path) -> None:
    stl, glb = export("stl", tmp_path), export("glb", tmp_path)
    report = prepare(tmp_path, stl, glb)
    append(tmp_path, report)
    assert len([image for image in bpy.data.images if image.users]) == 2


def glb(document: dict[str, Any], binary: bytes = b"") -> bytes:
    text = json.dumps({"asset": {"version": "2.0"}, **document})
    body = text.encode() + b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(body), b"JSON") + body
    if binary:
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def empty_glb() -> bytes:
    return glb({"scenes": [{"nodes": []}], "scene": 0})


def compressed_glb(extension: str) -> bytes:
    """A triangle whose places are in a form that only those can read who have the extension."""
    view: dict[str, Any] = {"buffer": 0, "byteLength": 36}
    packed = {"buffer": 0, "byteLength": 36, "byteStride": 12, "count": 3, "mode": "ATTRIBUTES"}
    document = {
        "extensionsUsed": [extension],
        "extensionsRequired": [extension],
        "buffers": [{"byteLength": 36}],
        "bufferViews": [view | {"extensions": {extension: packed}}],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                "min": [0, 0, 0], "max": [1, 1, 1],
            },
        ],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "nodes": [{"mesh": 0}],
        "scenes": [{"nodes": [0]}],
        "scene": 0,
    }  # fmt: skip
    return glb(document, b"\xff" * 36)


@pytest.mark.parametrize(("needs", "words", "way"), [
    ("EXT_meshopt_compression", "compressed with meshopt", "Blender 5.2"),
    ("KHR_meshopt_compression", "compressed with meshopt", "Blender 5.2"),
    ("KHR_texture_basisu", "textures are in KTX2", "FBX"),
])  # fmt: skip
def test_what_this_blender_lacks_is_named(
    extension: ModuleType, tmp_path: Path, needs: str, words: str, way: str
) -> None:
    (tmp_path / "small.glb").write_bytes(compressed_glb(needs))
    report = prepare(tmp_path, tmp_path / "small.glb")
    assert not report["ok"]
    unpack = part("catalog.messages").unpack
    assert words in unpack(report["message"])
    assert way in unpack(report["hint"])


@pytest.mark.parametrize(("name", "content"), [
    ("garbage.glb", b"this is no model"),
    ("cut.glb", b"glTF\x02\x00\x00\x00\xff\xff\x00\x00"),
    ("nothing.glb", empty_glb()),
    ("garbage.fbx", b"this is no model"),
    ("garbage.obj", b"this is no model"),
    ("garbage.stl", b"no"),
    ("picture.png", b"\x89PNG"),
    ("gone.glb", None),
])  # fmt: skip
def test_a_bad_file_is_told_in_words_and_leaves_no_blend(
    extension: ModuleType, tmp_path: Path, name: str, content: bytes | None
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    report = prepare(tmp_path, file)
    assert not report["ok"]
    message = part("catalog.messages").unpack(report["message"])
    assert name in message
    assert "Traceback" not in message
    assert report["hint"]
    assert list(tmp_path.glob("out*")) == []
