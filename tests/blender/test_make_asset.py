"""What a background Blender makes of one row: the model's steps, its files, and a library asset."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.patience import seconds


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A GLB with a finely divided body, 2 m high and far from the origin."""
    bpy.ops.mesh.primitive_uv_sphere_add(location=(5, 5, 5), segments=48, ring_count=24)
    path = tmp_path / "modell é 球.glb"
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB")
    bpy.ops.wm.read_homefile(use_empty=True)
    return path


def make(folder: Path, files: list[Path], post: str = "", **changes: Any) -> dict[str, Any]:
    """Process files in another Blender of this version; returns its report."""
    catalogs, steps = part("jobs.asset_catalogs"), part("batch.post").parse_post(post)
    made = folder / "made"
    made.mkdir()
    order: Mapping[str, Any] = {
        "kind": "model",
        "asset": "ball-1",
        "name": "Ball 球",
        "stem": "Ball",
        "tags": ["round", "toy"],
        "files": [str(path) for path in files],
        "post": steps.local(),
        "catalog_id": catalogs.catalog_id(steps.catalog),
        "job": {
            "id": "0" * 32,
            "operation": "tencent-rapid",
            "values": {"prompt": "a ball"},
            "task_id": "task-7",
            "service_address": "http://127.0.0.1:9",
            "estimate": 35,
        },
        "to": str(made),
        "report": str(folder / "report.json"),
        **changes,
    }
    job = folder / "job.json"
    job.write_text(json.dumps(order), encoding="utf-8")
    blender = part("batch.processing").Blender(bpy.app.binary_path or sys.executable)
    subprocess.run(
        [*blender.command(), "--", str(job)],
        check=True,
        timeout=seconds(180),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return report


def load(path: Path, kind: str, *, assets_only: bool = False) -> list[Any]:
    """Append everything of one kind from a .blend, as the asset browser does."""
    libraries: Any = bpy.data.libraries
    with libraries.load(str(path), link=False, assets_only=assets_only) as (there, wanted):
        setattr(wanted, kind, getattr(there, kind))
    return list(getattr(wanted, kind))


def test_the_steps_files_and_asset_of_a_model(
    extension: ModuleType, tmp_path: Path, model: Path
) -> None:
    report = make(tmp_path, [model], "height=0.5; lods=0.5,0.1; export=obj,stl; asset=Toys/Balls")
    assert report["ok"], report
    made = tmp_path / "made"
    names = {path.name for path in made.iterdir()}
    assert names >= {"Ball.blend", "Ball.glb", "Ball-lod1.glb", "Ball-lod2.glb", "Ball.obj"}
    assert names >= {"Ball.stl", "preview.png"}
    figures = report["figures"]
    assert figures["dimensions"][2] == pytest.approx(0.5, abs=1e-4)
    assert figures["lod1"] == pytest.approx(figures["triangles"] * 0.5, rel=0.1)
    assert figures["lod2"] == pytest.approx(figures["triangles"] * 0.1, rel=0.2)

    (ball,) = load(made / "Ball.blend", "objects", assets_only=True)
    assert [ball.name, ball.asset_data.catalog_id] == [
        "Ball 球",
        part("jobs.asset_catalogs").catalog_id("Toys/Balls"),
    ]
    assert {tag.name for tag in ball.asset_data.tags} == {"round", "toy", "tencent-rapid"}
    assert ball.asset_data.description == "a ball"
    assert list(ball.preview.image_size) == [256, 256]
    assert len(set(list(ball.preview.image_pixels_float)[3::4])) > 1
    assert (ball["studio3d_task"], ball["studio3d_credits"]) == ("task-7", 35)
    lowest = min((ball.matrix_world @ vertex.co).z for vertex in ball.data.vertices)
    assert lowest == pytest.approx(0.0, abs=1e-5)


def test_an_obj_has_its_texture_beside_it(extension: ModuleType, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    material = bpy.data.materials.new("Painted")
    material.use_nodes = True
    tree = material.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.new("paint", 16, 16)
    texture.image.pack()
    tree.links.new(texture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
    bpy.context.object.data.materials.append(material)
    path = tmp_path / "painted.glb"
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB")
    assert make(tmp_path, [path], "export=obj,fbx")["ok"]
    made = tmp_path / "made"
    (named,) = [
        line.split(maxsplit=1)[1]
        for line in (made / "Ball.mtl").read_text("utf-8").splitlines()
        if line.startswith("map_Kd")
    ]
    assert (made / named).read_bytes()[:4] == b"\x89PNG"
    assert b"\x89PNG" in (made / "Ball.fbx").read_bytes()


def test_levels_lie_hidden_in_the_models_collection(
    extension: ModuleType, tmp_path: Path, model: Path
) -> None:
    assert make(tmp_path, [model], "lods=0.3; origin=center; scale=2")["ok"]
    load(tmp_path / "made" / "Ball.blend", "collections")
    ball, level = bpy.data.collections["Ball 球"], bpy.data.collections["Ball 球 LOD1"]
    assert list(ball.children) == [level]
    assert level.hide_viewport
    (obj,) = ball.objects
    heights = [(obj.matrix_world @ vertex.co).z for vertex in obj.data.vertices]
    assert [min(heights), max(heights)] == pytest.approx([-2.0, 2.0], abs=1e-4)


def test_several_objects_are_an_asset_with_a_preview(extension: ModuleType, tmp_path: Path) -> None:
    for x in (0.0, 3.0):
        bpy.ops.mesh.primitive_cube_add(location=(x, 0.0, 0.0))
    path = tmp_path / "two.glb"
    bpy.ops.export_scene.gltf(filepath=str(path))
    assert make(tmp_path, [path], "asset=Toys")["ok"]
    bpy.ops.wm.read_homefile(use_empty=True)
    (toys,) = load(tmp_path / "made" / "Ball.blend", "collections", assets_only=True)
    assert len(toys.objects) == 2
    assert list(toys.preview.image_size) == [256, 256]


def test_cleaning_closes_a_hole(extension: ModuleType, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    mesh = bpy.context.object.data
    mesh.clear_geometry()
    corners = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4)]
    mesh.from_pydata(corners, [], faces)
    path = tmp_path / "open.glb"
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB")
    assert make(tmp_path, [path], "clean")["ok"]
    bpy.ops.wm.read_homefile(use_empty=True)
    (obj,) = load(tmp_path / "made" / "Ball.blend", "objects")
    assert len(obj.data.vertices) == 8
    sides: dict[tuple[int, ...], int] = {}
    for polygon in obj.data.polygons:
        for edge in polygon.edge_keys:
            sides[edge] = sides.get(edge, 0) + 1
    assert set(sides.values()) == {2}


def test_a_picture_gets_a_small_preview(extension: ModuleType, tmp_path: Path) -> None:
    image = bpy.data.images.new("wide", 1024, 512)
    image.filepath_raw, image.file_format = str(tmp_path / "wide.png"), "PNG"
    image.save()
    report = make(tmp_path, [tmp_path / "wide.png"], kind="pictures")
    assert report == {"ok": True, "preview": "preview.png"}
    small = bpy.data.images.load(str(tmp_path / "made" / "preview.png"))
    assert list(small.size) == [256, 128]


def test_a_damaged_file_is_told_in_words(extension: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "broken.glb"
    path.write_bytes(b"glTF, but not really")
    report = make(tmp_path, [path])
    assert not report["ok"]
    message = part("catalog.messages").unpack(report["message"])
    assert "broken.glb cannot be read" in message
    assert list((tmp_path / "made").iterdir()) == []
