"""What is said of a model in numbers, against counting one by one."""

import random
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import bmesh
import bpy
import pytest

from tests.blender.conftest import part


def torn(seed: int) -> bpy.types.Mesh:
    """Polygons of any kind between few places, of which several vertices share some."""
    chance = random.Random(seed)  # noqa: S311 - shapes, no secrets
    count = chance.randint(4, 60)
    places = [tuple(chance.randint(0, 3) / 3 for _ in range(3)) for _ in range(count)]
    polygons = [chance.sample(range(count), chance.randint(3, 4)) for _ in range(2 * count)]
    mesh = bpy.data.meshes.new("Torn")
    mesh.from_pydata(places, [chance.sample(range(count), 2)], polygons)
    mesh.validate()
    return mesh


def counted_edges(mesh: bpy.types.Mesh) -> int:
    """Those between two places that have other than two faces."""
    faces = Counter(
        frozenset(mesh.vertices[vertex].co[:] for vertex in key)
        for polygon in mesh.polygons
        for key in polygon.edge_keys
    )
    return sum(number != 2 for ends, number in faces.items() if len(ends) == 2)


@pytest.mark.parametrize("seed", range(20))
def test_open_edges_are_those_between_places(extension: ModuleType, seed: int) -> None:
    mesh = torn(seed)
    found = part("blender.model.mesh_stats").of_meshes([mesh])["open_edges"]
    assert found == counted_edges(mesh)


@pytest.mark.parametrize("inside_out", [False, True])
def test_volume_of_a_solid(extension: ModuleType, *, inside_out: bool) -> None:
    bpy.ops.mesh.primitive_cube_add(size=3.0, location=(100.0, 200.0, -50.0))
    mesh = bpy.context.object.data
    mesh.transform(bpy.context.object.matrix_world)
    if inside_out:
        mesh.flip_normals()
    figures = part("blender.model.mesh_stats").of_meshes([mesh])
    assert figures["volume"] == pytest.approx(-27.0 if inside_out else 27.0)
    assert figures["open_edges"] == 0


def test_volume_of_a_solid_with_hollow_polygons(extension: ModuleType) -> None:
    bpy.ops.mesh.primitive_cylinder_add(vertices=12)
    mesh = bpy.context.object.data
    for vertex in mesh.vertices:
        if vertex.index // 2 % 3 == 0:
            vertex.co.xy *= 0.3
    shape = bmesh.new()
    shape.from_mesh(mesh)
    volume = shape.calc_volume(signed=True)
    shape.free()
    figures = part("blender.model.mesh_stats").of_meshes([mesh])
    assert figures["volume"] == pytest.approx(volume)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TARGA", "BMP"])
def test_the_longest_side_of_a_packed_picture(
    extension: ModuleType, tmp_path: Path, kind: str
) -> None:
    picture: Any = bpy.data.images.new("Bricks", 24, 40)
    picture.file_format, picture.filepath_raw = kind, str(tmp_path / "bricks")
    picture.save()
    packed = bpy.data.images.load(picture.filepath_raw)
    packed.pack()
    bpy.ops.mesh.primitive_cube_add()
    mesh = bpy.context.object.data
    material: Any = bpy.data.materials.new("Wall")
    material.use_nodes = True
    material.node_tree.nodes.new("ShaderNodeTexImage").image = packed
    mesh.materials.append(material)
    assert part("blender.model.mesh_stats").of_meshes([mesh])["texture_size"] == 40
    assert packed.has_data == (kind in {"TARGA", "BMP"})  # no other is decoded for it
