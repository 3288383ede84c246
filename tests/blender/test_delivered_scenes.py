"""Trees of objects as exporters write them: prepared, they look as imported, moved as a whole."""

from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest
from mathutils import Matrix

from tests.blender import looks
from tests.blender.conftest import part
from tests.blender.gltf_scenes import SHORT, GltfScene, Packing, png
from tests.blender.photographs import assert_alike, photograph

FRAMES = (1, 10, 24, 25, 37, 48, 49)
PHOTOGRAPHED = 37


def as_imported(path: Path) -> dict[str, looks.Look]:
    """What Blender's importer alone makes of it, frame by frame, by the names that ours have."""
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=str(path))
    found = looks.seen(FRAMES)
    ours = looks.names_of_ours(found)
    return {ours[name]: look for name, look in found.items()}


def as_prepared(path: Path) -> tuple[dict[str, looks.Look], Matrix, dict[str, Any]]:
    """The same of ours, with the way it was moved and what is said of it."""
    bpy.ops.wm.read_homefile(use_empty=True)
    preparation = part("blender.background.preparation")
    model = preparation.import_files([path], "Thing")
    way = Matrix.Translation(model.collection[part("blender.model.names").FILE_ORIGIN][:])
    said = preparation.figures(model)
    return looks.seen(FRAMES), way, said


def assert_same_but_moved(path: Path, *, rendered: bool = True) -> dict[str, Any]:
    """Frame by frame all is where the importer has it, moved by one way, and looks the same.

    Not ``rendered`` is what Cycles leaves out: objects with a scale of nothing.
    """
    imported = as_imported(path)
    low, high = looks.bounds(imported.values())
    bpy.context.scene.frame_set(PHOTOGRAPHED)
    picture = photograph(low, high) if rendered else None
    prepared, way, said = as_prepared(path)
    looks.assert_same(imported, prepared, way)
    if rendered:
        bpy.context.scene.frame_set(PHOTOGRAPHED)
        assert_alike(picture, photograph(low, high, way))
    base, top = looks.bounds(prepared.values())
    assert base[2] > -2e-3
    assert max(said["dimensions"]) >= max(top - base) - 2e-3
    return said


def test_shared_and_turned_meshes_are_measured_by_their_corners(
    extension: ModuleType, tmp_path: Path
) -> None:
    scene = GltfScene()
    wheel = scene.add_box((1.0, 1.0, 0.2))
    half = 0.38268343, 0.92387953
    for name, x, sign in (("Wheel A", -2.0, 1), ("Wheel B", 2.0, -1)):
        scene.add_node(
            name, mesh=wheel, translation=[x, 1.0, 0.0], rotation=[0, 0, sign * half[0], half[1]]
        )
    said = assert_same_but_moved(scene.write(tmp_path / "wheels.gltf"))
    diagonal = 2**0.5
    assert said["dimensions"] == pytest.approx([4 + diagonal, 0.2, diagonal], abs=1e-4)


def test_what_moves_below_a_still_empty_keeps_its_space(
    extension: ModuleType, tmp_path: Path
) -> None:
    scene = GltfScene()
    lid = scene.add_node(
        "Lid", scene=None, mesh=scene.add_box((100, 5, 100)), translation=[0, 100, 0]
    )
    box = scene.add_node(
        "Box", scene=None, mesh=scene.add_box((100, 100, 100)), translation=[0, 50, 0]
    )
    scene.add_node("Root", box, lid, scale=[0.01] * 3)
    scene.animate(lid, "translation", [[0, 100, 0], [0, 200, 0], [0, 100, 0]])
    said = assert_same_but_moved(scene.write(tmp_path / "lid.gltf"))
    assert said["dimensions"] == pytest.approx([1.0, 1.0, 2.025], abs=1e-3)


def test_a_body_and_what_turns_on_it_keep_their_distance(
    extension: ModuleType, tmp_path: Path
) -> None:
    scene = GltfScene()
    wheel = scene.add_node(
        "Wheel", scene=None, mesh=scene.add_box((1, 1, 0.3)), translation=[1, 1.5, 1]
    )
    scene.add_node("Body", wheel, mesh=scene.add_box((4, 1, 2)))
    scene.animate(wheel, "rotation", [[0, 0, 0, 1], [0, 0, 0.7071068, 0.7071068], [0, 0, 1, 0]])
    assert_same_but_moved(scene.write(tmp_path / "car.gltf"))


def test_only_the_default_scene_comes_in(extension: ModuleType, tmp_path: Path) -> None:
    scene = GltfScene()
    scene.document["scenes"].append({"nodes": []})
    scene.document["scene"] = 1
    scene.add_node("Other", mesh=scene.add_box((50, 50, 50)), translation=[300, 0, 0])
    scene.add_node("Wanted", scene=1, mesh=scene.add_box((1, 1, 1)))
    prepared, _, said = as_prepared(scene.write(tmp_path / "scenes.gltf"))
    assert said["dimensions"] == pytest.approx([1.0, 1.0, 1.0])
    (look,) = prepared.values()
    assert len(look.places[1]) == 8


@pytest.mark.parametrize("default", [None, 0, 7])
def test_what_is_in_no_scene_stays_out(
    extension: ModuleType, tmp_path: Path, default: int | None
) -> None:
    scene = GltfScene()
    scene.add_node("Wanted", mesh=scene.add_box((1, 1, 1)))
    box = scene.add_box((9, 9, 9))
    scene.add_node("Unused", scene=None, mesh=box, translation=[30, 0, 0])
    scene.document["scene"] = default
    if default is None:
        del scene.document["scene"]
    prepared, _, said = as_prepared(scene.write(tmp_path / "unused.gltf"))
    assert said["dimensions"] == pytest.approx([1.0, 1.0, 1.0])
    assert len(prepared) == 1


def test_a_scene_of_nothing_does_not_cost_the_model(extension: ModuleType, tmp_path: Path) -> None:
    scene = GltfScene()
    scene.add_node("Wanted", scene=None, mesh=scene.add_box((1, 1, 1)))
    _, _, said = as_prepared(scene.write(tmp_path / "nowhere.gltf"))
    assert said["dimensions"] == pytest.approx([1.0, 1.0, 1.0])


def lamp(scene: GltfScene, kind: str) -> dict[str, Any]:
    """What makes a node a camera or a light."""
    if kind == "camera":
        seen = {"yfov": 1.0, "znear": 0.1}
        return {"camera": scene.add("cameras", {"type": "perspective", "perspective": seen})}
    scene.document["extensionsUsed"] = ["KHR_lights_punctual"]
    lights = {"lights": [{"type": "point", "intensity": 5.0}]}
    scene.document["extensions"] = {"KHR_lights_punctual": lights}
    return {"extensions": {"KHR_lights_punctual": {"light": 0}}}


@pytest.mark.parametrize("moves", [False, True])
@pytest.mark.parametrize("kind", ["camera", "light"])
def test_what_hangs_on_a_camera_or_a_light_stays_there(
    extension: ModuleType, tmp_path: Path, kind: str, moves: bool
) -> None:
    scene = GltfScene()
    box = scene.add_box((1, 2, 3))
    shade = scene.add_node("Shade", scene=None, mesh=box, translation=[0, 0, 2])
    half = 0.38268343, 0.0, 0.0, 0.92387953
    holder = scene.add_node(
        "Holder", shade, translation=[1, 2, 3], rotation=list(half), **lamp(scene, kind)
    )
    scene.add_node("Table", mesh=box)
    if moves:
        scene.animate(holder, "translation", [[1, 2, 3], [2, 2, 3], [5, 2, 3]])
        scene.animate(holder, "scale", [[0, 0, 0], [1, 1, 1], [2, 1, 1]])
    assert_same_but_moved(scene.write(tmp_path / "lamp.gltf"))
    assert {obj.type for obj in bpy.data.objects} <= {"MESH", "EMPTY"}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("scale", [[1, 1, 3], [1, -1, 3], [2, 2, 0]])
def test_what_is_turned_below_a_stretched_parent_is_sheared(
    extension: ModuleType, tmp_path: Path, scale: list[float], shared: bool
) -> None:
    """No position, rotation and scale of its own can say so."""
    scene = GltfScene()
    box = scene.add_box((1, 2, 3))
    half = 0.38268343, 0.0, 0.0, 0.92387953
    arm = scene.add_node("Arm", scene=None, mesh=box, translation=[0, 4, 0], rotation=list(half))
    scene.add_node("Body", arm, scale=scale, **({"mesh": box} if shared else {}))
    assert_same_but_moved(scene.write(tmp_path / "arm.gltf"), rendered=0 not in scale)


def test_a_missing_picture_does_not_cost_the_files_that_are_there(
    extension: ModuleType, tmp_path: Path
) -> None:
    scene = GltfScene()
    texture = scene.add_picture(png((255, 0, 0)))
    lost = scene.add_picture(png((0, 255, 0)))
    material = {
        "pbrMetallicRoughness": {"baseColorTexture": {"index": texture}},
        "normalTexture": {"index": lost},
    }
    mesh = scene.add_box((1, 2, 3))
    number = scene.add("materials", material)
    scene.document["meshes"][mesh]["primitives"][0]["material"] = number
    scene.add_node("Box", mesh=mesh)
    path = scene.write(tmp_path / "box.gltf", Packing("files", "parts/", lost={1: "gone.png"}))
    _, _, said = as_prepared(path)
    assert [one["parts"]["name"] for one in said["left_out"]] == ["gone.png"]
    (image,) = bpy.data.images
    assert tuple(image.pixels) == (1.0, 0.0, 0.0, 1.0)


def test_a_mesh_of_nothing_with_shape_keys_is_no_crash(
    extension: ModuleType, tmp_path: Path
) -> None:
    """As triangles are that have no area: Blender's importer drops them, and keeps the keys."""
    scene = GltfScene()
    places = scene.accessor([[0, 0, 0], [1, 0, 0]])
    strip: dict[str, Any] = {"attributes": {"POSITION": places}, "mode": 5}
    strip["indices"] = scene.accessor([[0], [1]], SHORT)
    strip["targets"] = [{"POSITION": places}]
    nothing = scene.add("meshes", {"primitives": [strip], "weights": [0.5]})
    scene.add_node("Nothing", mesh=nothing, scale=[1, 2, 1])
    scene.add_node("Box", mesh=scene.add_box((1, 2, 3)))
    assert_same_but_moved(scene.write(tmp_path / "nothing.gltf"))
