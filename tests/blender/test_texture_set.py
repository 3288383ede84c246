"""One texture set for a whole result: one material, one picture of each kind, and the same look."""

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import bpy
import numpy as np
import pytest
from mathutils import Vector

from tests.blender.conftest import part
from tests.blender.six_sides import likeness, pictures
from tests.blender.test_baking import Skin, skin
from tests.blender.test_kept_uv_map import pattern
from tests.blender.test_recipes import arrive
from tests.patience import seconds

pytestmark = pytest.mark.oldest_and_newest

SIZE = 1024
"""Pixels."""
COLOURS: Final = [(0.8, 0.1, 0.1, 1.0), (0.1, 0.7, 0.2, 1.0), (0.1, 0.2, 0.9, 1.0)]
VALIDATOR: Final = Path(__file__).resolve().parents[1] / "gltf_validator.cjs"


def ball(*, mapped: bool = True) -> bpy.types.Object:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=24, ring_count=12)
    bpy.ops.object.shade_smooth()
    obj = bpy.context.object
    if not mapped:
        obj.data.uv_layers.remove(obj.data.uv_layers[0])
    return obj


def cube() -> bpy.types.Object:
    bpy.ops.mesh.primitive_cube_add(size=1.6)
    return bpy.context.object


def painted(obj: bpy.types.Object, name: str = "Base Color", **inputs: Any) -> Skin:
    """With a picture of waves."""
    one = skin(obj, **inputs)
    picture = one.tree.nodes.new("ShaderNodeTexImage")
    picture.image = pattern()
    one.link(picture.outputs["Color"], name)
    return one


def bent(one: Skin) -> None:
    """Normals from a picture, as importers have them."""
    picture = one.tree.nodes.new("ShaderNodeTexImage")
    across = np.linspace(0.0, 8.0 * np.pi, 256)
    pixels = np.ones((256, 256, 4), dtype=np.float32)
    pixels[..., 0] = 0.5 + 0.35 * np.sin(across)[None, :]
    pixels[..., 1] = 0.5 + 0.35 * np.sin(across)[:, None]
    picture.image = bpy.data.images.new("Bumps", 256, 256, is_data=True)
    picture.image.pixels.foreach_set(pixels.ravel())
    picture.image.pack()
    node = one.tree.nodes.new("ShaderNodeNormalMap")
    node.uv_map = "UVMap"
    one.tree.links.new(picture.outputs["Color"], node.inputs["Color"])
    one.link(node.outputs["Normal"], "Normal")


def in_pictures() -> list[bpy.types.Object]:
    """One has normals, one roughness in a picture, one both materials, one holes in its alpha."""
    made = [ball(), ball(), cube(), ball()]
    bent(painted(made[0]))
    rough = painted(made[1], "Roughness", Metallic=1.0)
    rough.shader.inputs["Base Color"].default_value = (0.9, 0.6, 0.2, 1.0)
    painted(made[2])
    made[2].data.materials.append(rough.material)
    for polygon in made[2].data.polygons:
        polygon.material_index = polygon.index % 2
    holes = painted(made[3])
    picture = next(node for node in holes.tree.nodes if node.type == "TEX_IMAGE")
    pixels = np.array(picture.image.pixels[:], dtype=np.float32).reshape(-1, 4)
    pixels[:, 3] = pixels[:, 0] > 0.5
    picture.image.pixels.foreach_set(pixels.ravel())
    picture.image.pack()
    holes.link(picture.outputs["Alpha"], "Alpha")
    return made


def in_colours() -> list[bpy.types.Object]:
    """None has a picture, one has no UV map, one glows on a side."""
    made = [ball(), ball(mapped=False), cube()]
    for number, (obj, colour) in enumerate(zip(made, COLOURS, strict=True)):
        skin(obj, Base_Color=colour, Roughness=0.2 + 0.3 * number, Metallic=float(number == 1))
    skin(made[2], Emission_Color=(1.0, 0.5, 0.0, 1.0), Emission_Strength=1.0)
    made[2].data.polygons[0].material_index = 1
    return made


def in_no_place_of_a_picture() -> list[bpy.types.Object]:
    """A picture that repeats, and what is made by where it is, without UVs."""
    made = [cube(), ball(mapped=False)]
    bent(painted(made[0], Roughness=0.7))
    for corner in made[0].data.uv_layers[0].uv:
        corner.vector = corner.vector * 6.0 - Vector((1.0, 2.0))
    one = skin(made[1])
    waves = one.node("ShaderNodeTexWave", Scale=2.0)
    where = one.tree.nodes.new("ShaderNodeNewGeometry")
    one.tree.links.new(where.outputs["Position"], waves.inputs["Vector"])
    one.link(waves.outputs["Color"], "Base Color")
    return made


def stood_apart(objects: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    """So that each is seen from nearly everywhere."""
    for number, obj in enumerate(objects):
        across, deep = number % 3 - 1, number // 3 - 1
        obj.location = (2.2 * across, 2.2 * deep, 2.2 * ((across + deep) % 3 - 1))
    bpy.context.view_layer.update()
    return list(objects)


def put_together(objects: Sequence[bpy.types.Object], size: int = SIZE) -> list[str]:
    return list(part("blender.background.baking.texture_set").put_together(objects, "Prop", size))


def uvs_of(obj: bpy.types.Object) -> Any:
    (layer,) = obj.data.uv_layers
    return np.array([tuple(corner.vector) for corner in layer.uv])


def pictures_of(material: bpy.types.Material) -> dict[str, Any]:
    return {n.label: n.image for n in material.node_tree.nodes if n.type == "TEX_IMAGE"}


def test_it_looks_the_same_from_all_sides(extension: ModuleType) -> None:
    made = stood_apart([*in_pictures(), *in_colours(), *in_no_place_of_a_picture()])
    simple = [obj for obj in made if len(obj.data.materials) == 1]
    before = pictures(made, Vector(), 7.0)
    assert not put_together(made)
    after = pictures(made, Vector(), 7.0)
    alike = [likeness(*pair) for pair in zip(before, after, strict=True)]
    assert min(alike) >= 0.97, alike
    assert likeness(before[0], before[2]) < 0.9  # the sides differ: the measure tells
    (material,) = {one for obj in made for one in obj.data.materials}
    found = pictures_of(material)
    assert set(found) == {"Base Color", "Metallic Roughness", "Normal", "Emission"}
    assert {tuple(image.size) for image in found.values()} == {(SIZE, SIZE)}
    for obj in made:
        assert {polygon.material_index for polygon in obj.data.polygons} == {0}
        assert obj.data.uv_layers[0].name == "UVMap"
        assert uvs_of(obj).min() >= 0.0
        assert uvs_of(obj).max() <= 1.0
    boxes = [(uvs_of(obj).min(axis=0), uvs_of(obj).max(axis=0)) for obj in simple]
    for (low, high), (other_low, other_high) in combinations(boxes, 2):
        assert (np.minimum(high, other_high) < np.maximum(low, other_low)).any()  # no overlap


def test_plain_colours_need_a_small_picture(extension: ModuleType) -> None:
    made = stood_apart(in_colours())
    assert not put_together(made, 2048)
    found = pictures_of(made[0].data.materials[0])
    assert set(found) == {"Base Color", "Metallic Roughness", "Emission"}
    image = found["Base Color"]
    assert max(image.size) <= 128
    width, height = image.size
    pixels = np.array(image.pixels[:]).reshape(height, width, 4)
    to_srgb = part("blender.model.colors").to_srgb
    for obj, colour in zip(made[:2], COLOURS, strict=False):
        across, up = np.minimum((uvs_of(obj) * (width, height)).astype(int), image.size[0] - 1).T
        wanted = to_srgb(np.array(colour[:3], dtype=np.float32))
        assert np.abs(pixels[up, across, :3] - wanted).max() < 0.01


def test_what_has_one_material_keeps_it_and_its_uv_map(extension: ModuleType) -> None:
    """Materials that an importer made twice of the same are one."""
    made = stood_apart([ball(), cube()])
    for obj in made:
        painted(obj)
    before = [uvs_of(obj) for obj in made]
    first = made[0].data.materials[0]
    assert not put_together(made)
    assert all(list(obj.data.materials) == [first] for obj in made)
    for obj, uvs in zip(made, before, strict=True):
        assert np.array_equal(uvs_of(obj), uvs)


def test_what_the_one_material_cannot_have_is_said(extension: ModuleType) -> None:
    made = stood_apart([ball(), cube()])
    skin(made[0], Transmission_Weight=1.0)
    skin(made[1], Base_Color=COLOURS[0])
    assert put_together(made) == ["Transmission Weight"]


def written(folder: Path) -> Path:
    """A GLB of two objects with pictures, one of them with occlusion, and a plain one."""
    made = stood_apart([ball(), cube(), ball()])
    dark = painted(made[0])
    group = bpy.data.node_groups.new("glTF Material Output", "ShaderNodeTree")
    group.interface.new_socket("Occlusion", socket_type="NodeSocketFloat")
    node = dark.tree.nodes.new("ShaderNodeGroup")
    node.node_tree = group
    packed = dark.tree.nodes.new("ShaderNodeTexImage")
    packed.image = pattern()
    packed.image.colorspace_settings.name = "Non-Color"
    parted = dark.tree.nodes.new("ShaderNodeSeparateColor")
    dark.tree.links.new(packed.outputs["Color"], parted.inputs["Color"])
    dark.tree.links.new(parted.outputs["Red"], node.inputs["Occlusion"])
    dark.link(parted.outputs["Green"], "Roughness")
    dark.link(parted.outputs["Blue"], "Metallic")
    bent(painted(made[1]))
    skin(made[2], Base_Color=COLOURS[0])
    bpy.ops.export_scene.gltf(filepath=str(folder / "several.glb"), export_format="GLB")
    bpy.ops.wm.read_homefile(use_empty=True)
    return folder / "several.glb"


def document_of(path: Path) -> Any:
    """What the GLB says, which the Khronos validator finds no error in, where there is node."""
    # A Blender of its own system has no node beside it, nor has Windows' module.
    if not bpy.app.binary_path and sys.platform != "win32":
        checked = subprocess.run(
            ["node", str(VALIDATOR), str(path)],
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds(60),
        )
        assert json.loads(checked.stdout)["errors"] == 0, checked.stdout
    data = path.read_bytes()
    return json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])


def test_the_files_of_a_game_prop_have_one_material_and_one_picture_of_each_kind(
    extension: ModuleType, tmp_path: Path
) -> None:
    steps = part("recipes.recipe").SHIPPED["game-prop"].steps
    assert "texture-set=2048" in steps
    report = arrive(tmp_path, written(tmp_path), steps.replace("2048", "512"))
    assert report["left_out"] == []
    assert report["objects"] == 3
    for name in ("Barrel.glb", "Barrel-lod2.glb"):
        document = document_of(tmp_path / "made" / name)
        (material,) = [one for one in document["materials"] if "Prop" not in one["name"]]
        surface = material["pbrMetallicRoughness"]
        used = {surface[f"{kind}Texture"]["index"] for kind in ("baseColor", "metallicRoughness")}
        assert len(used) == 2
        assert material["occlusionTexture"]["index"] == surface["metallicRoughnessTexture"]["index"]
        assert material["normalTexture"]["index"] not in used
        assert len(document["images"]) == 3
        maps = {
            key for mesh in document["meshes"] for one in mesh["primitives"]
            for key in one["attributes"] if key.startswith("TEXCOORD") and "material" in one
        }  # fmt: skip
        assert maps == {"TEXCOORD_0"}
    assert_dressed_in_fbx(tmp_path / "made" / "Barrel.fbx")
    (packed,) = (tmp_path / "made").glob("*.png")  # which an FBX has no place for
    assert packed.name == "Barrel-Occlusion-Metallic-Roughness.png"
    assert tuple(bpy.data.images.load(str(packed)).size) == (512, 512)


def assert_dressed_in_fbx(path: Path) -> None:
    """It has one material, with the pictures that the format has a place for, in the file."""
    bpy.ops.wm.read_homefile(use_empty=True)
    path.rename(path.with_name("moved.fbx"))
    bpy.ops.import_scene.fbx(filepath=str(path.with_name("moved.fbx")))
    dressed = [obj for obj in bpy.data.objects if obj.type == "MESH" and obj.data.materials]
    (material,) = {one for obj in dressed for one in obj.data.materials}
    shader = material.node_tree.nodes["Principled BSDF"]
    color = shader.inputs["Base Color"].links[0].from_node.image
    normal = shader.inputs["Normal"].links[0].from_node.inputs["Color"].links[0].from_node.image
    for image in (color, normal):
        assert image.packed_file is not None
        assert tuple(image.size) == (512, 512)
