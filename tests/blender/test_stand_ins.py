"""What a quick preview draws in a model's place shows the same."""

from types import ModuleType
from typing import Any

import bpy
import numpy as np
import pytest

from tests.blender.conftest import part


@pytest.fixture
def few_are_many(extension: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Any:
    stand_ins = part("blender.background.stand_ins")
    monkeypatch.setattr(stand_ins, "MANY", 1000)
    return stand_ins


def bounds(obj: bpy.types.Object) -> Any:
    bpy.context.view_layer.update()
    places = np.array([obj.matrix_world @ vertex.co for vertex in obj.data.vertices])
    return np.array([places.min(axis=0), places.max(axis=0)])


def test_a_dense_mesh_is_thinned_with_its_uvs_and_colours(few_are_many: Any) -> None:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=96, ring_count=64, location=(3, 0, 0))
    ball = bpy.context.object
    ball.scale = (1, -2, 1)
    for domain in ("POINT", "CORNER"):
        ball.data.color_attributes.new(domain, "FLOAT_COLOR", domain)
    colour = ball.data.color_attributes["POINT"].data
    for point, vertex in zip(colour, ball.data.vertices, strict=True):
        point.color = (*[0.5 + 0.5 * side for side in vertex.co.normalized()], 1.0)
    (made,), added = few_are_many.of([ball], cell=0.2)
    assert made is not ball
    assert len(made.data.polygons) < len(ball.data.polygons) / 4
    assert np.abs(bounds(made) - bounds(ball)).max() < 0.2
    assert [layer.name for layer in made.data.uv_layers] == ["UVMap"]
    assert {tuple(one.vector) for one in made.data.uv_layers[0].uv} <= {
        tuple(one.vector) for one in ball.data.uv_layers[0].uv
    }
    for point, vertex in zip(
        made.data.color_attributes["POINT"].data, made.data.vertices, strict=True
    ):
        there = (ball.matrix_world.inverted() @ vertex.co).normalized()
        expected = [0.5 + 0.5 * side for side in there]
        assert tuple(point.color)[:3] == pytest.approx(expected, abs=1e-4)
    assert not made.data.validate()
    bpy.data.batch_remove(added)
    assert [obj.name for obj in bpy.data.objects] == [ball.name]


def test_what_is_thin_everywhere_is_drawn_as_it_is(few_are_many: Any) -> None:
    """Blades of grass that are all smaller than a cell would be gone."""
    chance = np.random.default_rng(1)
    roots = chance.random((2000, 1, 3))
    places = (roots + 0.01 * chance.random((2000, 3, 3))).reshape(-1, 3)
    mesh = bpy.data.meshes.new("Grass")
    mesh.from_pydata(places.tolist(), [], np.arange(6000).reshape(-1, 3).tolist())
    grass = bpy.data.objects.new("Grass", mesh)
    bpy.context.scene.collection.objects.link(grass)
    (made,), _ = few_are_many.of([grass], cell=0.05)
    assert len(made.data.polygons) == 2000


def test_only_pictures_of_colours_are_read(few_are_many: Any) -> None:
    bpy.ops.mesh.primitive_cube_add()
    material: Any = bpy.data.materials.new("Brass")
    material.use_nodes = True
    bpy.context.object.data.materials.append(material)
    tree = material.node_tree
    for name in ("Base Color", "Alpha", "Metallic", "Roughness"):
        node = tree.nodes.new("ShaderNodeTexImage")
        node.image = bpy.data.images.new(name, 8, 8)
        tree.links.new(node.outputs[0], tree.nodes["Principled BSDF"].inputs[name])
    tree.nodes.new("ShaderNodeTexImage").image = bpy.data.images.new("Of no use", 8, 8)
    (made,), _ = few_are_many.of([bpy.context.object], cell=0.1)
    nodes = made.material_slots[0].material.node_tree.nodes
    shown = {node.image.name for node in nodes if node.type == "TEX_IMAGE"}
    assert shown == {"Base Color", "Alpha"}
    assert len([node for node in tree.nodes if node.type == "TEX_IMAGE"]) == 5
