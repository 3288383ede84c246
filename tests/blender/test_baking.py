"""The original's textures on a result without any: each place shows what lies nearest to it."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector
from mathutils.bvhtree import BVHTree

from tests.blender.conftest import part
from tests.blender.results import finish
from tests.blender.round_trips import select
from tests.blender.test_replace_original import sent
from tests.patience import seconds

SIZE = 128
"""Pixels."""


class Skin(NamedTuple):
    """A material and its usual nodes."""

    material: bpy.types.Material
    tree: Any
    shader: Any

    def node(self, kind: str, **inputs: Any) -> Any:
        made = self.tree.nodes.new(kind)
        for name, value in inputs.items():
            made.inputs[name].default_value = value
        return made

    def link(self, output: Any, name: str) -> None:
        self.tree.links.new(output, self.shader.inputs[name])

    def show(self, output: Any) -> None:
        """Let a shader be the surface."""
        self.tree.links.new(output, self.tree.nodes["Material Output"].inputs["Surface"])


def skin(obj: bpy.types.Object | None = None, **inputs: Any) -> Skin:
    """A new material, in a new slot of the object; ``inputs`` of its shader."""
    material = part("blender.model.shading").new_material("Skin")
    made = Skin(material, material.node_tree, material.node_tree.nodes["Principled BSDF"])
    for name, value in inputs.items():
        made.shader.inputs[name.replace("_", " ")].default_value = value
    if obj is not None:
        obj.data.materials.append(material)
    return made


def ball(radius: float = 1.0) -> bpy.types.Object:
    """With UVs."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=24, ring_count=12, radius=radius)
    bpy.ops.object.shade_smooth()
    return bpy.context.object


def answer(*, mapped: bool = False, **place: Any) -> bpy.types.Object:
    """The same ball of other triangles, from a service, with UVs or without."""
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=4, **place)
    bpy.ops.object.shade_smooth()
    obj = bpy.context.object
    obj.data.materials.append(skin().material)
    if not mapped:
        obj.data.uv_layers.remove(obj.data.uv_layers[0])
    return obj


def bake(originals: Sequence[bpy.types.Object], *results: bpy.types.Object, **options: Any) -> bool:
    """As the preparation does."""
    bpy.context.view_layer.update()
    worlds = [obj.matrix_world.copy() for obj in originals]
    original = part("blender.background.export").Original(
        originals, [obj.name for obj in originals], worlds, True
    )
    usual = {"keeps_plain": True, "size": SIZE}
    scenes = len(bpy.data.scenes)
    baked = part("blender.background.baking.bake").bake(
        results, original, "Thing", **{**usual, **options}
    )
    assert len(bpy.data.scenes) == scenes
    return bool(baked)


def shader_of(obj: bpy.types.Object) -> Any:
    """Of the one material, which every polygon has."""
    (material,) = obj.data.materials
    assert {polygon.material_index for polygon in obj.data.polygons} == {0}
    return part("blender.model.shading").principled(material)


def picture_behind(socket: Any) -> Any:
    """The picture an input is fed from, whatever lies between."""
    found = part("blender.model.shading")
    waiting = [node for node, _ in found.feeding(socket, ())]
    while waiting:
        node = waiting.pop()
        if node.type == "TEX_IMAGE":
            assert node.image.packed_file is not None
            return node.image
        waiting += [one for used in node.inputs for one, _ in found.feeding(used, ())]
    return None


class Spots(NamedTuple):
    places: Any
    """(n, 3) in the world."""
    uvs: Any
    """(n, 2)."""


def middles(obj: bpy.types.Object) -> Spots:
    """Of all triangles."""
    mesh = obj.data
    mesh.calc_loop_triangles()
    uvs = mesh.uv_layers.active.uv
    return Spots(
        np.array([obj.matrix_world @ triangle.center for triangle in mesh.loop_triangles]),
        np.array(
            [
                np.mean([uvs[loop].vector for loop in triangle.loops], axis=0)
                for triangle in mesh.loop_triangles
            ]
        ),
    )


def sampled(image: Any, uvs: Any) -> Any:
    """(n, 4) what the picture stores there."""
    width, height = image.size
    pixels = np.array(image.pixels[:]).reshape(height, width, 4)
    x = np.clip((uvs[:, 0] * width).astype(int), 0, width - 1)
    y = np.clip((uvs[:, 1] * height).astype(int), 0, height - 1)
    return pixels[y, x]


def shown(obj: bpy.types.Object, name: str, column: slice | int = slice(3)) -> Any:
    """What an input of the shader has in the middle of each triangle, as light."""
    image = picture_behind(shader_of(obj).inputs[name])
    assert image is not None
    stored = sampled(image, middles(obj).uvs)[:, column]
    if image.colorspace_settings.is_data:
        return stored
    return part("blender.model.colors").to_light(stored)


def assert_alike(one: Any, other: Any, most: float = 0.04) -> None:
    """Almost everywhere: where colours meet, one pixel more or less decides."""
    gaps = np.abs(np.asarray(one) - np.asarray(other))
    gaps = gaps.reshape(len(gaps), -1).max(axis=1)
    assert np.percentile(gaps, 97) < most
    assert gaps.mean() < most / 2


def by_place(one: Skin) -> Any:
    """A colour made by nodes: half of where it is, plus a half."""
    where = one.tree.nodes.new("ShaderNodeTexCoord")
    half = one.node("ShaderNodeVectorMath")
    half.operation = "MULTIPLY_ADD"
    half.inputs[1].default_value = half.inputs[2].default_value = (0.5, 0.5, 0.5)
    one.tree.links.new(where.outputs["Object"], half.inputs[0])
    return half.outputs[0]


def colour_at(places: Any) -> Any:
    return np.clip(np.asarray(places) * 0.5 + 0.5, 0.0, 1.0)


@pytest.mark.parametrize("mapped", [True, False])
def test_what_nodes_make_is_on_the_result(extension: ModuleType, mapped: bool) -> None:
    original = ball()
    one = skin(original, Metallic=1.0, Roughness=0.3)
    one.link(by_place(one), "Base Color")
    result = answer(mapped=mapped)
    before = middles(result).uvs if mapped else None
    assert bake([original], result)
    assert_alike(shown(result, "Base Color"), colour_at(middles(result).places))
    shader = shader_of(result)
    assert shader.inputs["Metallic"].default_value == 1.0
    assert shader.inputs["Roughness"].default_value == pytest.approx(0.3)
    names = {image.name for image in bpy.data.images if image.packed_file}
    assert names == {"Thing Base Color"}
    assert [layer.name for layer in result.data.uv_layers] == ["UVMap"]
    if before is not None:
        assert (middles(result).uvs == before).all()
    assert original.data.materials[0] == one.material
    assert one.shader.inputs["Base Color"].is_linked


def mirror(obj: bpy.types.Object) -> None:
    """And turn it."""
    obj.rotation_euler, obj.scale = (0.3, 0.2, 0.1), (-1, 1, 1)


def shrink_and_grow(obj: bpy.types.Object) -> None:
    """A modifier that makes the surface which is sent; the mesh alone would be too small."""
    for vertex in obj.data.vertices:
        vertex.co *= 0.5
    obj.modifiers.new("Grow", "DISPLACE").strength = 1.0


@pytest.mark.parametrize("change", [mirror, shrink_and_grow])
def test_the_original_is_baked_as_it_is_seen(
    extension: ModuleType, change: Callable[[bpy.types.Object], None]
) -> None:
    original = ball()
    one = skin(original)
    one.link(by_place(one), "Base Color")
    change(original)
    result = answer()
    assert bake([original], result)
    places = middles(result).places
    turned = [original.matrix_world.inverted() @ Vector(place) for place in places]
    assert_alike(shown(result, "Base Color"), colour_at(turned))
    assert "Normal" not in {link.to_socket.name for link in shader_of(result).id_data.links}


def test_the_result_may_have_another_size(extension: ModuleType) -> None:
    """Repair is asked for a height."""
    bpy.ops.mesh.primitive_torus_add(location=(0.0, 0.0, 1.0))
    original: Any = bpy.context.object
    one = skin(original)
    one.link(by_place(one), "Base Color")
    result = original.copy()
    result.data = original.data.copy()
    bpy.context.scene.collection.objects.link(result)
    result.data.materials.clear()
    result.location.z, result.scale = 3.0, (3.0, 3.0, 3.0)
    assert bake([original], result)
    places = (middles(result).places - (0.0, 0.0, 3.0)) / 3.0
    assert_alike(shown(result, "Base Color"), colour_at(places))


def stripes() -> bpy.types.Image:
    """Red grows along U; green is on and off along V."""
    image = bpy.data.images.new("Stripes", 64, 64)
    pixels = np.ones((64, 64, 4), dtype=np.float32)
    pixels[:, :, 0] = np.arange(64) / 63
    pixels[:, :, 1] = (np.arange(64) // 16 % 2)[:, None]
    pixels[:, :, 2] = 0.0
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    return image


def test_a_picture_goes_from_one_map_to_another(extension: ModuleType) -> None:
    """And is tinted on the way by colours of the mesh."""
    original = ball()
    mesh = original.data
    colours = mesh.color_attributes.new("Tint", "FLOAT_COLOR", "POINT")
    tints = np.array([(0.5 + 0.5 * vertex.co.z, 1.0, 1.0, 1.0) for vertex in mesh.vertices])
    colours.data.foreach_set("color", tints.astype(np.float32).ravel())
    one = skin(original)
    picture = one.node("ShaderNodeTexImage")
    picture.image = stripes()
    tint = one.node("ShaderNodeVertexColor")
    tint.layer_name = "Tint"
    product = one.node("ShaderNodeVectorMath")
    product.operation = "MULTIPLY"
    one.tree.links.new(picture.outputs["Color"], product.inputs[0])
    one.tree.links.new(tint.outputs["Color"], product.inputs[1])
    one.link(product.outputs[0], "Base Color")
    result = answer(mapped=True)
    assert bake([original], result)
    expected = on_surface(original, picture.image, middles(result).places)
    expected[:, 0] *= 0.5 + 0.5 * middles(result).places[:, 2]
    gaps = np.abs(shown(result, "Base Color") - expected).max(axis=1)
    assert (gaps < 0.06).mean() > 0.9  # at an edge of the stripes there are both


def on_surface(obj: bpy.types.Object, image: bpy.types.Image, places: Any) -> Any:
    """(n, 3) light of the picture where the object's mesh is nearest to each place."""
    mesh: Any = obj.data
    mesh.calc_loop_triangles()
    tree = BVHTree.FromPolygons(
        [vertex.co for vertex in mesh.vertices],
        [triangle.vertices[:] for triangle in mesh.loop_triangles],
    )
    corners = np.array([v.co for v in mesh.vertices])
    uvs = []
    for place in places:
        found, _, number, _ = tree.find_nearest(Vector(place))
        triangle = mesh.loop_triangles[number]
        sides = corners[list(triangle.vertices)].T
        weights = np.linalg.lstsq(
            np.vstack([sides, np.ones(3)]), np.append(np.array(found), 1.0), rcond=None
        )[0]
        own = [mesh.uv_layers.active.uv[loop].vector for loop in triangle.loops]
        uvs.append(weights @ np.array(own))
    stored = sampled(image, np.array(uvs))[:, :3]
    return part("blender.model.colors").to_light(stored)


def sheet(turned: float, subdivisions: int) -> bpy.types.Object:
    """A flat square with UVs, whose U runs at that angle, counted in quarters."""
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=subdivisions, y_subdivisions=subdivisions)
    obj = bpy.context.object
    turn = Matrix.Rotation(turned * np.pi / 2, 2)
    for uv in obj.data.uv_layers[0].uv:
        uv.vector = turn @ (uv.vector - Vector((0.5, 0.5))) + Vector((0.5, 0.5))
    return obj


@pytest.mark.parametrize("quarters", [0, 1, 2])
def test_normals_keep_their_direction(extension: ModuleType, quarters: int) -> None:
    """They are stored along U and V, which run elsewhere on the result."""
    original, result = sheet(0, 3), sheet(quarters, 4)
    one = skin(original)
    image: Any = bpy.data.images.new("Slope", 8, 8)
    slope = Vector((0.6, 0.0, 0.8))
    image.colorspace_settings.is_data = True
    image.pixels.foreach_set([0.8, 0.5, 0.9, 1.0] * 64)
    image.pack()
    picture = one.node("ShaderNodeTexImage")
    picture.image = image
    bent = one.node("ShaderNodeNormalMap")
    one.tree.links.new(picture.outputs["Color"], bent.inputs["Color"])
    one.link(bent.outputs["Normal"], "Normal")
    assert bake([original], result)
    baked = picture_behind(shader_of(result).inputs["Normal"])
    assert baked is not None
    assert baked.colorspace_settings.is_data
    stored = sampled(baked, middles(result).uvs)[:, :3] * 2.0 - 1.0
    result.data.calc_tangents()
    loop = result.data.loops[0]
    frame = np.array([loop.tangent, loop.bitangent, loop.normal])
    assert_alike(stored @ frame, np.tile(slope, (len(stored), 1)))


def test_shape_that_got_lost_is_in_the_normals(extension: ModuleType) -> None:
    """A rebuilt mesh has fewer polygons: light still shows what was there."""
    original, result = sheet(0, 60), sheet(0, 2)
    one = skin(original)
    one.link(by_place(one), "Base Color")
    for vertex in original.data.vertices:
        vertex.co.z = 0.02 * np.sin(9.0 * vertex.co.x)
    original.data.update()
    assert bake([original], result)
    image = picture_behind(shader_of(result).inputs["Normal"])
    assert image is not None
    assert image.name == "Thing Normal"
    pixels = np.array(image.pixels[:]).reshape(-1, 4)[:, :3] * 2.0 - 1.0
    x = (np.arange(SIZE) + 0.5) / SIZE * 2.0 - 1.0
    slopes = -0.18 * np.cos(9.0 * x)
    found = (pixels[:, 0] / pixels[:, 2]).reshape(SIZE, SIZE)
    assert np.abs(found[5:-5, 5:-5] - slopes[None, 5:-5]).max() < 0.04


def test_every_material_has_its_part(extension: ModuleType) -> None:
    """Three of them, of which one has no nodes and one lies in a group."""
    bpy.ops.mesh.primitive_cube_add()
    original: Any = bpy.context.object
    skin(original, Base_Color=(0.8, 0.1, 0.1, 1.0), Roughness=0.2, Metallic=1.0)
    usual = skin(original, Base_Color=(0.1, 0.8, 0.1, 1.0), Roughness=0.6, Metallic=0.0)
    plain: Any = usual.material
    grouped(skin(original), (0.1, 0.1, 0.8, 1.0))
    if bpy.app.version < (5, 0, 0):
        plain.use_nodes = False
        plain.diffuse_color = (0.1, 0.8, 0.1, 1.0)
        plain.roughness, plain.metallic = 0.6, 0.0
    for polygon in original.data.polygons:
        polygon.material_index = int(np.abs(polygon.normal).argmax())
    bpy.ops.mesh.primitive_cube_add()
    result: Any = bpy.context.object
    result.data.uv_layers.remove(result.data.uv_layers[0])
    assert bake([original], result)
    sides = np.abs(middles(result).places).argmax(axis=1)
    colours = np.array([(0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)])
    assert_alike(shown(result, "Base Color"), colours[sides], 0.02)
    assert_alike(shown(result, "Roughness", 1), np.array([0.2, 0.6, 0.4])[sides], 0.02)
    assert_alike(shown(result, "Metallic", 2), np.array([1.0, 0.0, 0.5])[sides], 0.02)


def grouped(one: Skin, colour: Sequence[float]) -> None:
    """Let the shader be one in a group in a group, which is told its colour."""
    inner = bpy.data.node_groups.new("Inner", "ShaderNodeTree")
    outer = bpy.data.node_groups.new("Outer", "ShaderNodeTree")
    for tree in (inner, outer):
        tree.interface.new_socket("Tint", in_out="INPUT", socket_type="NodeSocketColor")
        tree.interface.new_socket("Surface", in_out="OUTPUT", socket_type="NodeSocketShader")
    shader = inner.nodes.new("ShaderNodeBsdfPrincipled")
    shader.inputs["Roughness"].default_value = 0.4
    shader.inputs["Metallic"].default_value = 0.5
    middle = outer.nodes.new("ShaderNodeGroup")
    middle.node_tree = inner
    for tree, node in ((inner, shader), (outer, middle)):
        tree.links.new(tree.nodes.new("NodeGroupInput").outputs[0], node.inputs[0])
        tree.links.new(node.outputs[0], tree.nodes.new("NodeGroupOutput").inputs[0])
    group = one.node("ShaderNodeGroup")
    group.node_tree = outer
    group.inputs["Tint"].default_value = colour
    one.show(group.outputs[0])


def test_what_is_clear_and_what_glows(extension: ModuleType) -> None:
    """Left is glass-clear, right glows twice as bright as white."""
    original, result = sheet(0, 2), sheet(0, 3)
    one = skin(original, Base_Color=(0.2, 0.4, 0.6, 1.0), Roughness=0.3)
    right = one.node("ShaderNodeMath")
    right.operation = "GREATER_THAN"
    right.inputs[1].default_value = 0.0
    split = one.node("ShaderNodeSeparateXYZ")
    where = one.node("ShaderNodeTexCoord")
    one.tree.links.new(where.outputs["Object"], split.inputs[0])
    one.tree.links.new(split.outputs["X"], right.inputs[0])
    glow = one.node("ShaderNodeEmission", Color=(1.0, 0.5, 0.0, 1.0))
    bright = one.node("ShaderNodeMath")
    bright.operation = "MULTIPLY"
    bright.inputs[1].default_value = 2.0
    one.tree.links.new(right.outputs[0], bright.inputs[0])
    one.tree.links.new(bright.outputs[0], glow.inputs["Strength"])
    both, mixed = one.node("ShaderNodeAddShader"), one.node("ShaderNodeMixShader")
    one.tree.links.new(one.shader.outputs[0], both.inputs[0])
    one.tree.links.new(glow.outputs[0], both.inputs[1])
    one.tree.links.new(right.outputs[0], mixed.inputs["Fac" if "Fac" in mixed.inputs else 0])
    one.tree.links.new(one.node("ShaderNodeBsdfTransparent").outputs[0], mixed.inputs[1])
    one.tree.links.new(both.outputs[0], mixed.inputs[2])
    one.show(mixed.outputs[0])
    assert bake([original], result)
    shader = shader_of(result)
    is_right = middles(result).places[:, 0] > 0.0
    assert_alike(shown(result, "Alpha", 3), is_right.astype(float))
    assert shader.inputs["Emission Strength"].default_value == pytest.approx(2.0, rel=0.02)
    expected = np.outer(is_right, (1.0, 0.5, 0.0))
    assert_alike(shown(result, "Emission Color"), expected)
    assert_alike(shown(result, "Base Color")[is_right], [(0.2, 0.4, 0.6)] * is_right.sum())
    assert shader.inputs["Roughness"].default_value == pytest.approx(0.3)


def overlap(uvs: Sequence[Any]) -> None:
    for uv in uvs:
        uv.vector = [3.0 * part % 1.0 for part in uv.vector]


def collapse(uvs: Sequence[Any]) -> None:
    """A tenth of them."""
    for uv in uvs[: len(uvs) // 10]:
        uv.vector = (0.0, 0.0)


def tile(uvs: Sequence[Any]) -> None:
    for uv in uvs:
        uv.vector = [part + 1.0 for part in uv.vector]


@pytest.mark.parametrize("spoil", [overlap, collapse, tile])
def test_a_map_that_holds_no_pictures_gives_way(
    extension: ModuleType, spoil: Callable[[Sequence[Any]], None]
) -> None:
    original = ball()
    one = skin(original)
    one.link(by_place(one), "Base Color")
    result = answer(mapped=True)
    spoil(result.data.uv_layers[0].uv)
    assert bake([original], result)
    assert_alike(shown(result, "Base Color"), colour_at(middles(result).places))


def test_parts_share_their_pictures(extension: ModuleType) -> None:
    """Also two that are one mesh, and one whose own map lies where the others' do."""
    original = ball()
    one = skin(original)
    one.link(by_place(one), "Base Color")
    left, right = ball(0.5), ball(0.5)
    right.data = left.data
    left.location.x, right.location.x = -2.0, 2.0
    for other in (left, right):
        copy = original.copy()
        copy.data = original.data.copy()
        copy.location, copy.scale = other.location, (0.5, 0.5, 0.5)
        bpy.context.scene.collection.objects.link(copy)
    originals = [obj for obj in bpy.data.objects if obj.data.materials]
    middle = answer(mapped=True)
    assert bake(originals, left, middle, right)
    assert left.data is not right.data
    assert {obj.data.materials[0] for obj in (left, middle)} == {right.data.materials[0]}
    for obj, size in ((left, 0.5), (middle, 1.0), (right, 0.5)):
        places = (middles(obj).places - np.array(obj.location)) / size
        assert_alike(shown(obj, "Base Color"), colour_at(places), 0.06)


def test_many_pieces_are_looked_through_as_one(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part("blender.background.baking.bake"), "MOST_APART", 1)
    originals, results = [], []
    for colour, x in (((0.8, 0.1, 0.1, 1.0), -2.0), ((0.1, 0.1, 0.8, 1.0), 2.0)):
        originals.append(ball())
        skin(originals[-1], Base_Color=colour)
        results.append(answer(mapped=True))
        originals[-1].location.x = results[-1].location.x = x
    assert bake(originals, *results, keeps_plain=False)
    for result, expected in zip(results, ((0.8, 0.1, 0.1), (0.1, 0.1, 0.8)), strict=True):
        found = shown(result, "Base Color")
        assert_alike(found, np.tile(expected, (len(found), 1)), 0.02)


def textured(obj: bpy.types.Object) -> None:
    obj.data.materials.clear()
    skin(obj).node("ShaderNodeTexImage").image = stripes()


def coloured(obj: bpy.types.Object) -> None:
    layer = obj.data.color_attributes.new("Scan", "BYTE_COLOR", "POINT")
    layer.data[0].color = (1.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("give", [textured, coloured])
def test_a_result_with_looks_of_its_own_keeps_them(
    extension: ModuleType, give: Callable[[bpy.types.Object], None]
) -> None:
    original = ball()
    one = skin(original)
    one.link(by_place(one), "Base Color")
    result = answer(mapped=True)
    give(result)
    before = list(result.data.materials)
    assert not bake([original], result)
    assert list(result.data.materials) == before


def test_plain_materials_are_left_to_the_scene(extension: ModuleType) -> None:
    """It gives the artist's own back where it knows which goes where."""
    one, other, result = ball(), ball(), answer()
    before = list(result.data.materials)
    skin(one, Base_Color=(1.0, 0.0, 0.0, 1.0))
    assert not bake([one], result)
    skin(other, Base_Color=(0.0, 1.0, 0.0, 1.0))
    assert not bake([one, other], result)
    assert list(result.data.materials) == before
    other.location.x = 1.0
    assert bake([one, other], result, keeps_plain=False)
    (baked,) = result.data.materials
    assert baked not in before


def test_plain_materials_the_result_does_not_name_are_baked(extension: ModuleType) -> None:
    original, result = ball(), answer()
    for number in range(2):
        skin(original, Base_Color=(number, 1.0, 0.0, 1.0))
    for polygon in original.data.polygons:
        polygon.material_index = int(polygon.center.z > 0.0)
    names = [material.name for material in original.data.materials]
    result.data.materials.clear()
    for name in names:
        result.data.materials.append(skin().material)
        result.data.materials[-1]["studio3d_name"] = name
    assert not bake([original], result)
    result.data.materials[0]["studio3d_name"] = "Clay"
    assert bake([original], result)
    up = middles(result).places[:, 2:] > 0.0
    assert_alike(shown(result, "Base Color"), np.where(up, (1, 1, 0), (0, 1, 0)))


def test_what_lies_nowhere_near_has_a_colour_too(extension: ModuleType) -> None:
    """As the inside of what was made hollow: not black."""
    original = ball()
    one = skin(original)
    one.link(by_place(one), "Base Color")
    result, inside = answer(), answer(radius=0.5)
    inside.data.flip_normals()
    assert bake([original], result, inside)
    assert_alike(shown(result, "Base Color"), colour_at(middles(result).places))
    assert shown(inside, "Base Color").min() > 0.05


def test_a_sheet_that_got_thick_has_a_back(extension: ModuleType) -> None:
    original = sheet(0, 2)
    one = skin(original)
    one.link(by_place(one), "Base Color")
    bpy.ops.mesh.primitive_cube_add(scale=(1.0, 1.0, 0.02))
    bpy.ops.object.transform_apply(scale=True)
    result = bpy.context.object
    assert bake([original], result)
    places = middles(result).places * (1.0, 1.0, 0.0)
    wide = np.abs(places[:, :2]).max(axis=1) < 0.9  # the back and the front
    assert_alike(shown(result, "Base Color")[wide], colour_at(places[wide]))


def test_trouble_costs_no_more_than_the_textures(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    preparation = part("blender.background.preparation")
    baking = part("blender.background.baking.bake")
    collection = bpy.data.collections.new("Thing")
    sent_off = {"outcome": "REPLACEMENT", "step": 1, "textures": SIZE}
    original = part("blender.background.export").Original([ball()], ["Ball"], [Matrix()], True)
    for error, words in (
        (RuntimeError("no memory"), preparation.NOT_BAKED),
        (baking.BakingFailed(baking.TOO_LONG), baking.TOO_LONG),
    ):

        def fail(*_: Any, error: Exception = error, **__: Any) -> None:
            raise error

        monkeypatch.setattr(baking, "bake", fail)
        model = preparation.Model(collection, [answer()], [])
        preparation._bake_textures(model, original, sent_off)
        assert model.left_out == [{"template": words, "parts": {}}]


def test_a_blender_without_cycles_says_so(extension: ModuleType) -> None:
    baking = part("blender.background.baking.bake")
    original, result = ball(), answer()
    one = skin(original)
    one.link(by_place(one), "Base Color")
    before = list(result.data.materials)
    bpy.ops.preferences.addon_disable(module="cycles")
    try:
        with pytest.raises(baking.BakingFailed, match="without Cycles"):
            bake([original], result)
    finally:
        bpy.ops.preferences.addon_enable(module="cycles")
    assert list(result.data.materials) == before
    assert "Bake" not in bpy.data.scenes


@pytest.mark.oldest_and_newest
def test_a_rebuilt_mesh_comes_back_textured(store: Any, tmp_path: Path) -> None:
    """Sent by one Blender, baked by another, placed by the first."""
    original = ball()
    original.name, original.location, original.scale = "Body", (1.0, 2.0, 3.0), (-1, 1, 1)
    one = skin(original)
    one.link(by_place(one), "Base Color")
    untextured = tmp_path / "answer.glb"
    result = answer()
    result.data.materials.clear()
    select(result)
    bpy.ops.export_scene.gltf(filepath=str(untextured), use_selection=True)
    bpy.data.objects.remove(result)
    select(original)
    part("blender.settings.properties").settings_of(bpy.context).texture_size = "512"
    job = sent("repair")
    usual = (seconds(120), threading.Event())
    host = part("blender.runtime.worker_host")
    preparer = part("worker.prepare").BlenderPreparer(host.prepare_command(), *usual)
    prepared = preparer.prepare(job, [untextured], tmp_path / "answer.blend")
    assert prepared.left_out == ()
    assert prepared.preview is not None
    finish(store, job, prepared)
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    placed = bpy.data.objects["Body"]
    assert placed != original
    assert shader_of(placed).id_data.library is None
    image = picture_behind(shader_of(placed).inputs["Base Color"])
    assert image is not None
    assert tuple(image.size) == (512, 512)
    own = [original.matrix_world.inverted() @ Vector(place) for place in middles(placed).places]
    assert_alike(shown(placed, "Base Color"), colour_at(own))
