"""Results that want more than to be models: scripts, our own marks, names that act."""

import json
import struct
import zipfile
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import add_job, finish
from tests.blender.test_prepare import append, export, prepare
from tests.blender.test_references import TRIANGLE, gltf

pytestmark = pytest.mark.oldest_and_newest

RUN = "import pathlib; pathlib.Path({!r}).write_text('it ran')"
"""What a hostile file would like to be run."""
DISGUISES = ("scene.blend", "model.glb", "model.fbx", "model.obj", "model.usdc")


def with_scripts(folder: Path, ran: Path) -> Path:
    """A .blend with a text that registers itself, a driver that calls it and a node of OSL."""
    bpy.ops.wm.read_homefile(use_empty=True)
    text = bpy.data.texts.new("run_me.py")
    text.write(RUN.format(str(ran)))
    text.use_module = True
    bpy.ops.mesh.primitive_cube_add()
    driver = bpy.context.object.driver_add("location", 0).driver
    driver.expression = f"__import__('pathlib').Path({str(ran)!r}).touch() or 1.0"
    path = folder / "made.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True)
    bpy.ops.wm.read_homefile(use_empty=True)
    return path


@pytest.mark.attack(
    "A .blend with scripts and drivers as a result, whatever it is called",
    "Kept; it is never opened and nothing in it runs",
)
def test_a_blend_is_never_opened(extension: ModuleType, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    made = with_scripts(tmp_path, ran)
    files = [tmp_path / name for name in DISGUISES]
    for file in files:
        file.write_bytes(made.read_bytes())
    ran.unlink(missing_ok=True)  # here the test has made it itself
    report = prepare(tmp_path, files[0], others=[[file] for file in files[1:]])
    assert not report["ok"]
    assert not (tmp_path / "out.blend").exists()
    assert not ran.exists()


def glb(document: dict[str, Any], body: bytes = TRIANGLE) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body += b"\0" * (-len(body) % 4)
    size = 12 + 8 + len(text) + 8 + len(body)
    head = struct.pack("<4sIIII", b"glTF", 2, size, len(text), 0x4E4F534A)
    return head + text + struct.pack("<II", len(body), 0x004E4942) + body


def plain() -> dict[str, Any]:
    """A triangle without a picture."""
    document = gltf("")
    for name in ("textures", "images"):
        del document[name]
    document["materials"] = [{"name": "Paint"}]
    return document


def packed(document: dict[str, Any]) -> bytes:
    """As a GLB, its geometry in the file itself."""
    del document["buffers"][0]["uri"]
    return glb(document)


@pytest.mark.attack(
    "A GLB whose extras pose as our own marks, on every part and the scene",
    "They are dropped; the artist's own properties stay",
)
def test_nobody_but_us_sets_our_marks(store: Any, tmp_path: Path) -> None:
    other = add_job(store, tmp_path, name="Another")
    ours = {
        "studio3d": {"originals": [{"object": 5}], "number": 2_000_000_000},
        "studio3d_job": other.id,
        "studio3d_replaced": {"a": 1},
        "studio3d_part": True,
        "studio3d_id": "x" * 5000,
        "studio3d_size": ["a", 1],
        "studio3d_file_origin": [1e30, 1e30, 1e30],
        "shop": "mine",
    }
    document = plain()
    for kind in ("scenes", "nodes", "meshes", "materials"):
        document[kind][0]["extras"] = dict(ours)
    file = tmp_path / "model.glb"
    file.write_bytes(packed(document))
    report = prepare(tmp_path, file)
    assert report["ok"], report
    collection = append(tmp_path, report)
    (obj,) = collection.all_objects
    assert obj["shop"] == "mine"
    marks = part("blender.model.names")
    allowed = {marks.FILE_ORIGIN, marks.MATERIAL_NAME}
    items: list[Any] = [collection, obj, obj.data, *obj.data.materials]
    left = {key for item in items for key in item.keys() if key.startswith("studio3d")}  # noqa: SIM118
    assert left <= allowed
    assert collection[marks.FILE_ORIGIN][0] < 10
    job = finish(store, add_job(store, tmp_path), part("jobs.job").Prepared(
        tmp_path / "out.blend", bpy.app.version, report["collection"], 1, (1.0, 1.0, 1.0)
    ))  # fmt: skip
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    assert store.get(job.id).state == "PLACED"
    assert part("blender.scene.provenance").jobs_in_file() == {job.id}


@pytest.mark.attack(
    "Names with ../, control characters and 5 000 letters inside a model",
    "The model comes in; no file is written anywhere else",
)
def test_names_in_a_model_are_names(extension: ModuleType, tmp_path: Path) -> None:
    work = tmp_path / "a" / "b"
    work.mkdir(parents=True)
    odd = ["../../../evil", "\x1b]0;evil\x07\x00\n", "N" * 5000, "CON", "=cmd|' /C calc'!A0"]
    document = plain()
    document["nodes"] = [{"mesh": 0, "name": name} for name in odd]
    document["scenes"] = [{"nodes": list(range(len(odd))), "name": odd[0]}]
    document["meshes"][0]["name"] = odd[0]
    document["materials"][0]["name"] = odd[1]
    (work / "model.glb").write_bytes(packed(document))
    bpy.ops.wm.read_homefile(use_empty=True)
    preparation = part("blender.background.preparation")
    model = preparation.import_files([work / "model.glb"], "Thing")
    preparation.write(model.collection, work / "out.blend")
    assert len(model.objects) == len(odd)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b"]


@pytest.mark.attack(
    "A GLB or glTF that counts two billion corners in a few bytes",
    "Told in words, before the memory is taken",
)
@pytest.mark.parametrize("lie", ["accessor", "view", "buffer"])
@pytest.mark.parametrize("kind", ["glb", "gltf"])
def test_counts_that_are_not_there(
    extension: ModuleType, tmp_path: Path, kind: str, lie: str
) -> None:
    document, many = plain(), 2_000_000_000
    document["accessors"][0]["count"] = many
    if lie != "accessor":
        document["bufferViews"][0]["byteLength"] = 12 * many
    if lie == "buffer":
        document["buffers"][0]["byteLength"] = 12 * many
    file = tmp_path / f"model.{kind}"
    file.write_bytes(packed(document) if kind == "glb" else json.dumps(document).encode())
    own = part("blender.background.importing.file_references").OwnFiles(tmp_path)
    failed = part("blender.model.failure").PreparationFailed
    with pytest.raises(failed, match="announces more than it holds"):
        part("blender.background.importing.importers").import_model(file, own)


@pytest.mark.attack(
    "A picture in a GLB that lies beyond its end",
    "Told in words, or left out; never read from elsewhere",
)
def test_a_picture_beyond_the_end(extension: ModuleType, tmp_path: Path) -> None:
    document = gltf("")
    document["images"] = [{"bufferView": 1, "mimeType": "image/png"}]
    document["bufferViews"].append({"buffer": 0, "byteOffset": 9_000, "byteLength": 4_000_000})
    (tmp_path / "model.glb").write_bytes(packed(document))
    bpy.ops.wm.read_homefile(use_empty=True)
    with suppress(part("blender.model.failure").PreparationFailed):
        part("blender.background.preparation").import_files([tmp_path / "model.glb"], "Thing")
    assert not [image for image in bpy.data.images if image.packed_file]


if "usd_import" in dir(bpy.ops.wm):

    @pytest.mark.attack(
        "A USDZ that holds a .blend and a script beside its model",
        "The model comes in; the others are not opened",
    )
    def test_what_lies_beside_a_model_is_not_run(extension: ModuleType, tmp_path: Path) -> None:
        ran = tmp_path / "ran"
        made = with_scripts(tmp_path, ran)
        ran.unlink(missing_ok=True)
        bpy.ops.mesh.primitive_cube_add()
        bpy.ops.wm.usd_export(filepath=str(tmp_path / "model.usdc"))
        with zipfile.ZipFile(tmp_path / "result.usdz", "w") as package:
            package.write(tmp_path / "model.usdc", "model.usdc")
            package.write(made, "made.blend")
            package.writestr("run_me.py", RUN.format(str(ran)))
        report = prepare(tmp_path, tmp_path / "result.usdz")
        assert report["ok"], report
        assert not ran.exists()


@pytest.mark.attack(
    "A prepared .blend whose driver would run a script",
    "Made of meshes and materials alone: no driver and no text is in it",
)
def test_no_code_comes_along(extension: ModuleType, tmp_path: Path) -> None:
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.mesh.primitive_cube_add()
    bpy.data.texts.new("run_me.py").write("raise SystemExit")
    bpy.context.object.driver_add("location", 0).driver.expression = "frame"
    bpy.context.object["code"] = "__import__('os')"
    report = prepare(tmp_path, export("glb", tmp_path))
    collection = append(tmp_path, report)
    assert not bpy.data.texts
    for obj in collection.all_objects:
        assert obj.animation_data is None or not obj.animation_data.drivers
