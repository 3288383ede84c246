"""Figurines made hollow: walls as thick as wanted, nothing open, holes at the lowest places."""

import math
from types import ModuleType
from typing import Any

import bmesh
import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector
from mathutils.bvhtree import BVHTree

from tests.blender.conftest import part
from tests.blender.test_print_check import ball, box, built, checked, hole, kinds, slab

pytestmark = pytest.mark.oldest_and_newest

WALL = 2.0


def tube(shape: Any) -> None:
    """A thick wire, bent by a quarter and closed at its ends; it lies on its side."""
    upright = Matrix.Translation((20.0, 0.0, 0.0)) @ Matrix.Rotation(math.pi / 2, 4, "X")
    bmesh.ops.create_circle(shape, cap_ends=True, segments=48, radius=6.0, matrix=upright)
    bmesh.ops.spin(
        shape,
        geom=[*shape.verts, *shape.edges, *shape.faces],
        axis=(0.0, 0.0, 1.0),
        angle=math.pi / 2,
        steps=24,
    )
    bmesh.ops.recalc_face_normals(shape, faces=shape.faces)


def monkey() -> bpy.types.Mesh:
    """A head with ears, which are thin."""
    mesh = built(lambda shape: bmesh.ops.create_monkey(shape, matrix=Matrix.Scale(11.0, 4)))
    part("blender.print.fixes").fix(mesh, part("printing.orders").Mending(voxel=0.6))
    return mesh


BODIES: dict[str, Any] = {
    "ball": lambda: built(ball(15.0)),
    "box": lambda: built(box(24.0)),
    "tube": lambda: built(tube),
    "monkey": monkey,
    "two in one": lambda: built(ball(9.0), box(12.0, (7.0, 0.5, 0.3))),
}
INSIDE = {
    "ball": 4 / 3 * math.pi * 13.0**3,
    "box": 20.0**3,
    "tube": math.pi * 4.0**2 * (math.pi / 2 * 20.0 - 2 * WALL),
}
"""mm³ of the space within walls of 2 mm."""


def hollowed(mesh: bpy.types.Mesh, **wanted: Any) -> Any:
    order = part("printing.orders").Hollow(**{"wall": WALL, **wanted})
    return part("blender.print.hollow").hollow(mesh, order)


def surface(mesh: bpy.types.Mesh) -> BVHTree:
    shape = bmesh.new()
    shape.from_mesh(mesh)
    return BVHTree.FromBMesh(shape)


def ends(mesh: bpy.types.Mesh) -> int:
    """Euler's number of the surface: 2 for each ball, 2 less for each handle."""
    solid = part("blender.print.solid").solid_of(mesh)
    return len(solid.places) - len(solid.edges.ends) + len(solid)


def seen_from_below(mesh: bpy.types.Mesh, places: list[tuple[float, float]]) -> Any:
    """How high the surface is above each place, seen from below."""
    skin = surface(mesh)
    hits = (skin.ray_cast(Vector((*place, -100.0)), Vector((0.0, 0.0, 1.0)))[0] for place in places)
    return np.array([100.0 if hit is None else hit.z for hit in hits])


@pytest.mark.parametrize("name", BODIES)
def test_the_wall_is_as_thick_as_wanted(extension: ModuleType, name: str) -> None:
    mesh = BODIES[name]()
    before = checked(mesh).figures["volume"]
    part("blender.print.booleans").unite(mesh)
    skin, count = surface(mesh), len(mesh.vertices)
    said = hollowed(mesh, holes=0)
    report = checked(mesh)
    assert (said.cavities, said.holes, report.figures["shells"]) == (1, 0, 2)
    assert report.figures["watertight"]
    assert not kinds(report) & {"self_intersections", "inside_out", "loose_shells"}
    walls = np.array([skin.find_nearest(one.co)[3] for one in mesh.vertices[count:]])
    assert walls.min() > 0.97 * WALL
    assert np.median(walls) == pytest.approx(WALL, rel=0.03)
    if name in INSIDE:
        assert said.saved == pytest.approx(INSIDE[name], rel=0.03)
        assert report.figures["volume"] == pytest.approx(before - said.saved, rel=1e-4)


@pytest.mark.parametrize("name", ["ball", "tube", "monkey", "two in one"])
def test_it_drains_through_the_bottom(extension: ModuleType, name: str) -> None:
    mesh = BODIES[name]()
    grid = [0.3 * number + 0.017 for number in range(-100, 100)]
    places = [(x, y) for x in grid for y in grid]
    before = seen_from_below(mesh, places)
    said = hollowed(mesh)
    deeper = np.count_nonzero(seen_from_below(mesh, places) - before > WALL / 2) * 0.3**2
    assert deeper == pytest.approx(said.holes * math.pi * 1.5**2, rel=0.1)
    report = checked(mesh)
    assert said.cavities == 1
    assert 1 <= said.holes <= 2
    assert (report.figures["shells"], report.figures["watertight"]) == (1, True)
    assert not kinds(report) & {"self_intersections", "inside_out", "non_manifold_edges"}
    if name != "monkey":
        assert said.holes == 2
        assert ends(mesh) == 0, "outside and inside hang together at two places: one handle"


def test_what_is_thin_stays_solid(extension: ModuleType) -> None:
    flat = built(slab((30.0, 30.0, 3.0), (0.0, 0.0, 0.0)))
    before = [one.co[:] for one in flat.vertices]
    assert hollowed(flat).cavities == 0
    assert [one.co[:] for one in flat.vertices] == before
    mesh = built(slab((24.0, 24.0, 24.0), (0.0, 0.0, 0.0)), slab((60.0, 3.0, 20.0), (0, 0, 0)))
    hollowed(mesh, holes=0)
    inner = [one.co.x for one in mesh.vertices if abs(one.co.y) < 1.4]
    assert max(abs(x) for x in inner) < 12.5


def test_a_hollow_space_that_was_there_is_no_wall(extension: ModuleType) -> None:
    mesh = built(ball(15.0), ball(5.0, inwards=True))
    said = hollowed(mesh, holes=0)
    assert checked(mesh).figures["shells"] == 2
    assert said.saved == pytest.approx(INSIDE["ball"] - 4 / 3 * math.pi * 5.0**3, rel=0.03)


def test_each_space_drains(extension: ModuleType) -> None:
    """The upper ball is held by a bar that is too thin to be hollow, and too long to drill."""
    bar = slab((3.0, 3.0, 30.0), (0.0, 0.0, 22.0))
    mesh = built(ball(8.0), ball(8.0, (0.0, 0.0, 44.0)), bar)
    said = hollowed(mesh, holes=1)
    assert (said.cavities, said.holes) == (2, 2)
    report = checked(mesh)
    assert (report.figures["shells"], report.figures["watertight"]) == (1, True)
    assert ends(mesh) == 2


def test_what_is_open_is_refused(extension: ModuleType) -> None:
    failure = part("blender.model.failure").PreparationFailed
    with pytest.raises(failure, match="closed surface"):
        hollowed(built(ball(15.0), hole))
