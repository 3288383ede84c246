"""Objects as they are found in scenes, each sent and brought back for itself."""

from collections.abc import Iterator
from math import pi
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.round_trips import (
    at_service,
    bounds,
    distance,
    open_edges,
    select,
    send,
    settings,
    wait_for,
)
from tests.blender.test_tools import has_texture, textured
from tests.sandboxes import Sandbox


@pytest.fixture
def store(extension: ModuleType, tmp_path: Path, sandbox: Sandbox) -> Iterator[Any]:
    with at_service(tmp_path, sandbox) as opened:
        yield opened


def tiny() -> bpy.types.Object:
    bpy.ops.mesh.primitive_cube_add(size=0.1, location=(7, 0, 0))
    return bpy.context.object


def huge() -> bpy.types.Object:
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=3, radius=1e5, location=(4e5, 0, 0))
    return bpy.context.object


def open_and_mirrored() -> bpy.types.Object:
    """Its surface is open in many places, and its name is in several scripts."""
    bpy.ops.mesh.primitive_monkey_add(size=50, location=(0, 90, 0), rotation=(0.4, 0.2, 1.0))
    bpy.context.object.scale = (-1.0, 1.5, 0.5)
    bpy.context.object.name = "Äffchen 猿 قرد"
    return bpy.context.object


def sharing() -> bpy.types.Object:
    """Another object has the same mesh."""
    bpy.ops.mesh.primitive_cylinder_add(radius=20, depth=60, location=(0, -90, 0))
    other = bpy.data.objects.new("Neighbour", bpy.context.object.data)
    bpy.context.scene.collection.objects.link(other)
    return bpy.context.object


def degenerate() -> bpy.types.Object:
    """Faces without area, a doubled face and a loose vertex on a good cube."""
    bpy.ops.mesh.primitive_cube_add(size=40, location=(200, 0, 0))
    cube = bpy.context.object
    places = [tuple(vertex.co) for vertex in cube.data.vertices]
    faces = [tuple(polygon.vertices) for polygon in cube.data.polygons]
    cube.data.clear_geometry()
    flat = [(-10, 0, 20), (0, 0, 20), (10, 0, 20), (15, 0, 20)]
    cube.data.from_pydata([*places, *flat], [], [*faces, faces[0], (8, 9, 10), (8, 8, 9)])
    return cube


def instance() -> bpy.types.Object:
    """An empty that shows a collection."""
    bpy.ops.mesh.primitive_torus_add(major_radius=30, minor_radius=10)
    inner = bpy.context.object
    kit = bpy.data.collections.new("Kit")
    kit.objects.link(inner)
    bpy.context.scene.collection.objects.unlink(inner)
    empty = bpy.data.objects.new("Kit Instance", None)
    empty.instance_type, empty.instance_collection = "COLLECTION", kit
    empty.location, empty.rotation_euler = (0, 0, 300), (0.0, pi / 2, 0.0)
    bpy.context.scene.collection.objects.link(empty)
    return empty


ODD = (tiny, huge, open_and_mirrored, sharing, degenerate, instance)


def mesh_of(obj: bpy.types.Object) -> bpy.types.Mesh:
    """The mesh the object shows."""
    collection = obj.instance_collection
    return obj.data if collection is None else collection.objects[0].data


def seen(obj: bpy.types.Object) -> bpy.types.Object:
    """What is seen of the object, as a mesh object that stays when that one is replaced."""
    copy = bpy.data.objects.new("Seen", mesh_of(obj).copy())
    copy.matrix_world = obj.matrix_world
    return copy


@pytest.mark.oldest_and_newest
def test_odd_objects_each_come_back_to_their_place(store: Any) -> None:
    bpy.context.scene.unit_settings.scale_length = 0.01
    objects = [make() for make in ODD]
    for obj in objects:
        mesh_of(obj).materials.append(textured(obj.name))
    select(*objects)
    before = {obj.name: seen(obj) for obj in objects}
    neighbour = bpy.data.objects["Neighbour"]
    shared = neighbour.data

    settings("repair", quality="low", texture_resolution=256).one_by_one = True
    order = part("blender.runtime.tool_orders").order_of(bpy.context)
    assert (order.estimate().total, order.estimate().words()) == (360, "60 credits x 6")
    jobs = send()
    assert {job.name for job in jobs} == set(before)
    wait_for(jobs[-1])

    for job in jobs:
        assert store.get(job.id).state == "PLACED", (job.name, store.get(job.id).failure)
        result, shape = bpy.data.objects[job.name], before[job.name]
        assert result["studio3d_job"] == job.id
        assert result.visible_get()
        assert result.type == "MESH"
        low, high = bounds(shape)
        size = (high - low).length
        assert open_edges(result) == 0, job.name
        assert distance(result, shape) < 0.05 * size, job.name
        assert (bounds(result)[0] - low).length < 0.05 * size, job.name
        if shape.data.uv_layers:
            assert has_texture(result), job.name
            assert result.data.uv_layers, job.name
    assert neighbour.data == shared
    assert neighbour.visible_get()
    assert not any(obj.visible_get() for obj in objects)


def test_a_file_of_each_object(store: Any, tmp_path: Path) -> None:
    """Tripo Convert: a file for every object, named after it, and the model beside it."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=64, ring_count=32, location=(5, 0, 0))
    ball = bpy.context.object
    bpy.ops.mesh.primitive_cone_add(vertices=64)
    cone = bpy.context.object
    select(ball, cone)
    chosen = settings("convert-model", format="FBX", use_face_limit=True, face_limit=500)
    chosen.one_by_one = chosen.import_converted = True
    jobs = send(filepath=str(tmp_path / "Out" / "Toys.fbx"))
    assert [job.estimate for job in jobs] == [10, 10]
    wait_for(jobs[-1])
    for original in (ball, cone):
        name = original.name
        assert (tmp_path / "Out" / f"Toys {name}.fbx").is_file()
        (job,) = [job for job in jobs if job.name == name]
        assert store.get(job.id).state == "PLACED", store.get(job.id).failure
        (result,) = [o for o in bpy.data.objects if o.get("studio3d_job") == job.id]
        assert original.visible_get()
        assert 100 < len(result.data.loops) - 2 * len(result.data.polygons) <= 500
        offset = result.matrix_world.translation - original.matrix_world.translation
        assert offset.x > original.dimensions.x
        result.matrix_world.translation -= offset
        assert distance(result, original) < 0.05
