"""Mending models for a printer, and opening them in millimetres whatever the scene's unit is."""

import math
import struct
from pathlib import Path
from types import ModuleType
from typing import Any

import bmesh
import bpy
import pytest
from mathutils import Matrix

from tests.blender.conftest import part
from tests.blender.test_print_check import (
    FAULTS,
    ball,
    box,
    built,
    checked,
    hole,
    kinds,
)

pytestmark = pytest.mark.oldest_and_newest


def fixed(mesh: bpy.types.Mesh, **wanted: Any) -> dict[str, int]:
    mending = part("printing.orders").Mending(**wanted)
    done: dict[str, int] = part("blender.print.fixes").fix(mesh, mending)
    return done


@pytest.mark.parametrize("name", ["a hole", "turned faces", "inside out", "a crumb", "a fin"])
def test_what_can_be_mended_is(extension: ModuleType, name: str) -> None:
    mesh = built(*FAULTS[name][0])
    fixed(mesh)
    assert kinds(checked(mesh)) <= {"self_intersections"}
    assert checked(mesh).figures["watertight"]


def test_vertices_at_one_place_become_one(extension: ModuleType) -> None:
    mesh = built(ball(15.0), lambda shape: bmesh.ops.split_edges(shape, edges=shape.edges))
    before = len(mesh.vertices)
    done = fixed(mesh)
    assert done["doubles"] == before - len(mesh.vertices) > 0
    assert done["holes"] == 0
    assert kinds(checked(mesh)) == set()


def test_a_sound_body_stays_as_it_is(extension: ModuleType) -> None:
    mesh = built(ball(15.0), ball(12.0, inwards=True))
    before = [vertex.co[:] for vertex in mesh.vertices]
    volume = checked(mesh).figures["volume"]
    assert set(fixed(mesh).values()) == {0}
    assert [vertex.co[:] for vertex in mesh.vertices] == before
    assert checked(mesh).figures["volume"] == pytest.approx(volume)


def test_a_flat_foot(extension: ModuleType) -> None:
    """A ball, which stands on a point, and has a hollow space that the cut opens."""
    mesh = built(ball(15.0, (0.0, 0.0, 15.0)))
    fixed(mesh, flat=2.0)
    report = checked(mesh)
    assert report.figures["watertight"]
    assert report.figures["sides"][2] == pytest.approx(28.0, abs=0.01)
    foot = [face for face in mesh.polygons if face.normal.z < -0.99]
    area = sum(face.area for face in foot if abs(face.center.z - 2.0) < 0.01)
    assert area == pytest.approx(math.pi * (15.0**2 - 13.0**2), rel=0.05)


def test_voxels_make_one_closed_surface(extension: ModuleType) -> None:
    mesh = built(box(), box(20.0, (9.0, 8.0, 7.0)), hole)
    fixed(mesh, voxel=0.5)
    report = checked(mesh)
    assert report.figures["watertight"]
    assert report.figures["shells"] == 1
    assert kinds(report) <= {"islands"}


@pytest.mark.parametrize(
    ("system", "scale"),
    [("METRIC", 1.0), ("METRIC", 0.01), ("METRIC", 0.001), ("IMPERIAL", 1.0), ("NONE", 0.01)],
)
def test_sizes_are_right_in_every_unit(
    extension: ModuleType, do: Any, tmp_path: Path, system: str, scale: float
) -> None:
    """Two models of a scene, one of two objects, and what slicers read of them."""
    settings = bpy.context.scene.unit_settings
    settings.system, settings.scale_length = system, scale
    metres = 1.0 if system == "NONE" else scale
    bpy.ops.mesh.primitive_cube_add(size=0.0201 / metres, location=(1.0, 2.0, 3.0))
    head = bpy.context.object
    head.name = "Anna"
    bpy.ops.mesh.primitive_cube_add(size=0.005 / metres, location=(1.0, 2.0, 3.0))
    bpy.context.object.parent = head
    bpy.context.object.matrix_parent_inverse = head.matrix_world.inverted()
    bpy.ops.mesh.primitive_cylinder_add(radius=0.004 / metres, depth=0.03 / metres)
    file, to = tmp_path / "scene.blend", tmp_path / "scene.stl"
    bpy.ops.wm.save_as_mainfile(filepath=str(file), copy=True)
    limits = part("printing.limits").Limits().document()
    said = do("print_model.py", {"file": str(file), "sizes": {}, "limits": limits, "to": [str(to)]})
    by_name = {one["name"]: one["figures"] for one in said["figurines"]}
    assert by_name["Anna"]["sides"] == pytest.approx([20.1, 20.1, 20.1], abs=0.1)
    assert by_name["Anna"]["triangles"] == 24
    assert by_name["Cylinder"]["sides"][2] == pytest.approx(30.0, abs=0.1)
    low, high = stl_bounds(to)
    assert low[2] == pytest.approx(0.0, abs=0.001)
    assert high[2] == pytest.approx(30.0, abs=0.1)
    assert high[0] - low[0] == pytest.approx(20.1 + 5.0 + 8.0, abs=0.1)


def stl_bounds(file: Path) -> tuple[list[float], list[float]]:
    """The lowest and highest x, y and z in a binary STL, read here."""
    data = file.read_bytes()
    (count,) = struct.unpack_from("<I", data, 80)
    assert len(data) == 84 + 50 * count
    corners = [
        struct.unpack_from("<3f", data, 84 + 50 * number + 12 * corner)
        for number in range(count)
        for corner in (1, 2, 3)
    ]
    return [min(axis) for axis in zip(*corners, strict=True)], [
        max(axis) for axis in zip(*corners, strict=True)
    ]


@pytest.mark.parametrize(
    ("sizes", "height"),
    [({"height": 54.0}, 54.0), ({"longest": 40.0}, 20.0), ({"unit": "cm"}, 100.0)],
)
def test_a_model_is_made_the_size_that_is_wanted(
    extension: ModuleType, do: Any, tmp_path: Path, sizes: dict[str, Any], height: float
) -> None:
    mesh = built(box(10.0))
    mesh.transform(Matrix.Diagonal((2.0, 1.0, 1.0, 1.0)))
    bpy.context.collection.objects.link(bpy.data.objects.new("Box", mesh))
    file = tmp_path / "box.stl"
    bpy.ops.wm.stl_export(filepath=str(file))
    limits = part("printing.limits").Limits().document()
    said = do("print_model.py", {"file": str(file), "sizes": sizes, "limits": limits})
    (one,) = said["figurines"]
    assert one["figures"]["sides"][2] == pytest.approx(height, abs=0.1)
