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
from mathutils import Vector

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


def make(
    folder: Path, files: list[Path], post: str = "", *, textures: int = 2048, **changes: Any
) -> dict[str, Any]:
    """Process files in another Blender of this version; returns its report."""
    catalogs, steps = part("jobs.asset_catalogs"), part("recipes.post").parse_post(post)
    made = folder / "made"
    made.mkdir()
    order: Mapping[str, Any] = {
        "kind": "model",
        "asset": "ball-1",
        "name": "Ball 球",
        "stem": "Ball",
        "tags": ["round", "toy"],
        "files": [str(path) for path in files],
        "post": steps.local() | {"textures": textures},
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


def test_textures_of_names_in_other_letters_are_files_of_their_own(
    extension: ModuleType, tmp_path: Path
) -> None:
    names = ("木", "椅子", "Wood", "wood")
    pictures = [bpy.data.images.new(name, 4, 4) for name in names]
    for picture in pictures:
        picture.pixels[0] = 0.5  # what was never touched is not packed
        picture.pack()
    exports = part("blender.background.assets.exports")
    with exports.textures_beside(tmp_path / "Ball.obj"):
        written = [Path(picture.filepath_raw).name.casefold() for picture in pictures]
    assert len(set(written)) == len(names)
    assert {path.name.casefold() for path in tmp_path.iterdir()} >= set(written)


def test_levels_lie_hidden_in_the_models_collection(
    extension: ModuleType, tmp_path: Path, model: Path
) -> None:
    assert make(tmp_path, [model], "lods=0.3; origin=center; scale=2")["ok"]
    load(tmp_path / "made" / "Ball.blend", "collections")
    ball, level = bpy.data.collections["Ball 球"], bpy.data.collections["Ball 球_LOD1"]
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


@pytest.mark.fault("A damaged model is to become an asset", "Told in words")
def test_a_damaged_file_is_told_in_words(extension: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "broken.glb"
    path.write_bytes(b"glTF, but not really")
    report = make(tmp_path, [path])
    assert not report["ok"]
    message = part("catalog.messages").unpack(report["message"])
    assert "broken.glb cannot be read" in message
    assert list((tmp_path / "made").iterdir()) == []


# -- textures of an original in a file ---------------------------------------------------------


def painted(folder: Path, name: str = "painted.glb", *, shift: float = 5.0) -> Path:
    """A cube away from the origin whose left half is red, and whose right half is blue."""
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.mesh.primitive_cube_add(location=(shift, 5, 5))
    mesh: Any = bpy.context.object.data
    picture: Any = bpy.data.images.new("halves", 2, 1)
    picture.pixels = [1, 0, 0, 1, 0, 0, 1, 1]
    picture.pack()
    for loop, uv in zip(mesh.loops, mesh.uv_layers.active.data, strict=True):
        uv.uv = (0.25 if mesh.vertices[loop.vertex_index].co.x < 0 else 0.75, 0.5)
    material: Any = bpy.data.materials.new("Painted")
    material.use_nodes = True
    tree = material.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image, texture.interpolation = picture, "Closest"
    tree.links.new(texture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
    mesh.materials.append(material)
    path = folder / name
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB")
    return path


def grey(folder: Path) -> Path:
    """What a service makes of that cube: without UVs, of other polygons."""
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.mesh.primitive_cube_add(location=(5, 5, 5))
    bpy.ops.object.modifier_add(type="SUBSURF")
    bpy.context.object.modifiers[0].subdivision_type = "SIMPLE"
    mesh: Any = bpy.context.object.data
    mesh.uv_layers.remove(mesh.uv_layers[0])
    path = folder / "grey.glb"
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB", export_apply=True)
    return path


def sides(obj: Any) -> set[tuple[int, ...]]:
    """Colors in the picture on the object, at the left side and at the right one."""
    mesh = obj.data
    nodes = mesh.materials[0].node_tree.nodes
    image = next(node.image for node in nodes if node.type == "TEX_IMAGE")
    width, height = image.size
    pixels = list(image.pixels)
    found = set()
    for polygon in mesh.polygons:
        if abs(polygon.normal.x) > 0.9:
            middle = sum(
                (mesh.uv_layers.active.data[n].uv for n in polygon.loop_indices), Vector((0, 0))
            ) / len(polygon.loop_indices)
            at = 4 * (int(middle.y * height) * width + int(middle.x * width))
            found.add((round(polygon.normal.x), *(round(part) for part in pixels[at : at + 3])))
    return found


RED_LEFT_BLUE_RIGHT = {(-1, 1, 0, 0), (1, 0, 0, 1)}


def test_a_result_without_textures_gets_those_of_the_original(
    extension: ModuleType, tmp_path: Path
) -> None:
    original, result = painted(tmp_path), grey(tmp_path)
    report = make(tmp_path, [result], textures=64, original=[str(original)])
    assert report["left_out"] == []
    (obj,) = load(tmp_path / "made" / "Ball.blend", "objects")
    assert sides(obj) == RED_LEFT_BLUE_RIGHT


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda folder: painted(folder, shift=25.0), "the result lies elsewhere than {name}."),
        (lambda folder: folder / "gone.glb", "{name} is not there any more."),
        (lambda folder: folder / "broken.glb", "could not be baked onto the result."),
    ],
)
def test_without_the_original_a_result_goes_without(
    extension: ModuleType, tmp_path: Path, wrong: Any, words: str
) -> None:
    (tmp_path / "broken.glb").write_bytes(b"glTF")
    original, result = wrong(tmp_path), grey(tmp_path)
    model = part("blender.background.preparation").open_model([result], "Thing")
    part("blender.background.original_file").bake_textures(model, [original], 64)
    (said,) = model.left_out
    assert said["template"].endswith(words)
    assert list(bpy.data.objects) == list(model.objects)
    assert not len(model.objects[0].data.materials)


def test_textures_of_its_own_stay(extension: ModuleType, tmp_path: Path) -> None:
    model = part("blender.background.preparation").open_model([painted(tmp_path)], "Thing")
    before = list(model.objects[0].data.materials)
    part("blender.background.original_file").bake_textures(model, [tmp_path / "gone.glb"], 64)
    assert model.left_out == []
    assert list(model.objects[0].data.materials) == before


def test_a_model_for_a_printer(extension: ModuleType, tmp_path: Path, model: Path) -> None:
    """Its files for slicers are in millimetres and have the base; the asset stays as it was."""
    post = "height=12mm; print-fix; base(hex, 16mm, height=4mm); hollow(2mm); colors(2)"
    post += "; export=stl,3mf,obj"
    report = make(tmp_path, [model], post)
    assert report["ok"], report
    made = tmp_path / "made"
    assert {path.name for path in made.iterdir()} >= {
        "Ball.glb",
        "Ball.obj",
        "Ball.stl",
        "Ball.3mf",
    }
    (ball,) = report["print"]["figurines"]
    assert ball["figures"]["watertight"]
    assert ball["figures"]["sides"][1:] == pytest.approx([16.0, 15.8], abs=0.1)
    assert not [one for one in ball["findings"] if one["severity"] == "error"]
    assert ball["hollow"]["cavities"] == 1
    assert ball["hollow"]["saved"] > 200
    assert not {"indices", str(tmp_path)} & set(json.dumps(report["print"]).split('"'))
    assert report["print"]["colors"][0]["share"] == pytest.approx(1.0, abs=0.001)
    count = int.from_bytes((made / "Ball.stl").read_bytes()[80:84], "little")
    assert count == ball["figures"]["triangles"]
    assert report["figures"]["dimensions"][2] == pytest.approx(0.012, abs=1e-4)


@pytest.mark.parametrize("post", ["print-check", "base(disc, 1mm); export=3mf"])
def test_a_model_that_does_not_print_is_made_all_the_same(
    extension: ModuleType, tmp_path: Path, post: str
) -> None:
    """An open surface is told; so is a base that cannot be."""
    bpy.ops.mesh.primitive_grid_add(size=0.05)
    path = tmp_path / "sheet.glb"
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB")
    report = make(tmp_path, [path], post)
    assert report["ok"], report
    assert (tmp_path / "made" / "Ball.blend").is_file()
    assert not (tmp_path / "made" / "Ball.3mf").exists()
    if post == "print-check":
        found = {one["kind"]: one for one in report["print"]["figurines"][0]["findings"]}
        assert found["open_edges"]["severity"] == "error"
        assert found["open_edges"]["worst"] == pytest.approx(200.0, rel=0.01)
    else:
        assert report["print"] == {}
        assert "bevel is too large" in json.dumps(report["left_out"])
