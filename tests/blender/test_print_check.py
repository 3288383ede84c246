"""Whether a model can be printed: every planted fault is found, and a sound body has none."""

import itertools
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import bmesh
import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector

from tests.blender.conftest import part

Shape = Any
"""A bmesh being built."""


pytestmark = pytest.mark.oldest_and_newest


def checked(mesh: bpy.types.Mesh, **limits: Any) -> Any:
    check = part("blender.print.check").check
    return check(mesh, part("printing.limits").Limits(**limits))


def kinds(report: Any, *, notes: bool = False) -> set[str]:
    """What was found; notes, such as that a ball needs support, only if they are asked for."""
    declared = part("printing.findings").KINDS
    return {
        finding.kind
        for finding in report.findings
        if notes or declared[finding.kind].severity.value != "note"
    }


def found(report: Any, kind: str) -> Any:
    return next(finding for finding in report.findings if finding.kind == kind)


def built(*steps: Callable[[Shape], Any]) -> bpy.types.Mesh:
    shape = bmesh.new()
    for step in steps:
        step(shape)
    shape.normal_update()
    mesh = bpy.data.meshes.new("Built")
    shape.to_mesh(mesh)
    shape.free()
    return mesh


def box(size: float = 20.0, at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Any:
    return lambda shape: bmesh.ops.create_cube(shape, size=size, matrix=Matrix.Translation(at))


def slab(sides: tuple[float, float, float], at: tuple[float, float, float]) -> Any:
    matrix = Matrix.Translation(at) @ Matrix.Diagonal((*sides, 1.0))
    return lambda shape: bmesh.ops.create_cube(shape, size=1.0, matrix=matrix)


def ball(
    radius: float, at: tuple[float, float, float] = (0.0, 0.0, 0.0), *, inwards: bool = False
) -> Any:
    def make(shape: Shape) -> None:
        made = bmesh.ops.create_uvsphere(
            shape, u_segments=48, v_segments=24, radius=radius, matrix=Matrix.Translation(at)
        )
        if inwards:
            faces = {face for vertex in made["verts"] for face in vertex.link_faces}
            bmesh.ops.reverse_faces(shape, faces=list(faces))

    return make


def cone(shape: Shape) -> None:
    bmesh.ops.create_cone(shape, cap_ends=True, segments=48, radius1=10.0, radius2=4.0, depth=20.0)


def cylinder(shape: Shape) -> None:
    bmesh.ops.create_cone(shape, cap_ends=True, segments=64, radius1=10.0, radius2=10.0, depth=30.0)


def ring(shape: Shape) -> None:
    """A torus, whose hole a wall goes around."""
    around, across, large, small = 64, 24, 15.0, 4.0
    rows = [
        [
            shape.verts.new(
                (
                    (large + small * math.cos(v)) * math.cos(u),
                    (large + small * math.cos(v)) * math.sin(u),
                    small * math.sin(v),
                )
            )
            for v in (2 * math.pi * i / across for i in range(across))
        ]
        for u in (2 * math.pi * i / around for i in range(around))
    ]
    for i in range(around):
        for j in range(across):
            one, other = rows[i], rows[(i + 1) % around]
            shape.faces.new((one[j], other[j], other[(j + 1) % across], one[(j + 1) % across]))


def bumpy(shape: Shape) -> None:
    """A ball with waves on it, as figures of people have them."""
    made = bmesh.ops.create_icosphere(shape, subdivisions=5, radius=15.0)
    for vertex in made["verts"]:
        wave = 1.0 + 0.04 * math.sin(vertex.co.z * 0.9)
        vertex.co = (vertex.co.x * wave, vertex.co.y * wave, vertex.co.z)


def prism(*corners: tuple[float, float]) -> Any:
    """Something with upright sides, 20 mm high; the corners go around to the left."""

    def make(shape: Shape) -> None:
        low, high = ([shape.verts.new((x, y, z)) for x, y in corners] for z in (0.0, 20.0))
        shape.faces.new(low[::-1])
        shape.faces.new(high)
        for number, corner in enumerate(low):
            after = (number + 1) % len(low)
            shape.faces.new((corner, low[after], high[after], high[number]))

    return make


def around(radii: tuple[float, ...]) -> list[tuple[float, float]]:
    """Corners of a regular figure, so far from the middle."""
    turns = [2 * math.pi * number / len(radii) for number in range(len(radii))]
    return [(r * math.cos(turn), r * math.sin(turn)) for r, turn in zip(radii, turns, strict=True)]


def turned(*profile: tuple[float, float]) -> Any:
    """Something from a lathe: radius and height, from below."""

    def make(shape: Shape) -> None:
        rings = [[shape.verts.new((*place, z)) for place in around((r,) * 48)] for r, z in profile]
        shape.faces.new(rings[0][::-1])
        shape.faces.new(rings[-1])
        for low, high in itertools.pairwise(rings):
            for number, corner in enumerate(low):
                after = (number + 1) % len(low)
                shape.faces.new((corner, low[after], high[after], high[number]))

    return make


SOUND: dict[str, tuple[Any, ...]] = {
    "cube": (box(),),
    "ball": (ball(15.0),),
    "ring": (ring,),
    "cone": (cone,),
    "cylinder": (cylinder,),
    "bumpy": (bumpy,),
    "thick hollow ball": (ball(15.0), ball(12.0, inwards=True)),
    "slab": (slab((30.0, 30.0, 3.0), (0.0, 0.0, 0.0)),),
    "table": (
        slab((30.0, 30.0, 3.0), (0.0, 0.0, 10.0)),
        slab((3.0, 3.0, 10.0), (12.0, 12.0, 5.0)),
        slab((3.0, 3.0, 10.0), (-12.0, -12.0, 5.0)),
    ),
    "hexagon": (prism(*around((10.0,) * 6)),),
    "star": (prism(*around((12.0, 6.0) * 6)),),
    "gear": (prism(*around((12.0, 12.0, 10.0, 10.0) * 12)),),
    "angle": (prism((0, 0), (20, 0), (20, 4), (4, 4), (4, 20), (0, 20)),),
    "roof": (prism((-15, 0), (15, 0), (0, 12)),),
    "vase": (turned((8, 0), (12, 8), (12, 14), (5, 24), (7, 30)),),
    "bishop": (turned((9, 0), (9, 3), (3, 8), (3, 22), (5, 25), (4, 30), (1, 33)),),
    "mushroom": (turned((6, 0), (4, 2), (4, 15), (14, 18), (12, 24), (2, 28)),),
    "dumbbell": (turned((10, 0), (10, 8), (2, 12), (2, 24), (10, 28), (10, 36)),),
    "spinning top": (turned((1, 0), (14, 15), (3, 18), (3, 26)),),
    "bowl": (ball(15.0), ball(10.0, (0.0, 0.0, 2.0), inwards=True)),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_body_has_no_fault(extension: ModuleType, name: str) -> None:
    report = checked(built(*SOUND[name]))
    # The legs of the table go into its top, as the parts of generated models do.
    assert kinds(report) <= ({"self_intersections"} if name == "table" else set())
    assert report.figures["watertight"]


def hole(shape: Shape) -> None:
    shape.faces.ensure_lookup_table()
    shape.faces.remove(shape.faces[0])


def flip(shape: Shape) -> None:
    shape.faces.ensure_lookup_table()
    bmesh.ops.reverse_faces(shape, faces=shape.faces[:5])


def invert(shape: Shape) -> None:
    bmesh.ops.reverse_faces(shape, faces=shape.faces)


def fin(shape: Shape) -> None:
    """A face that stands on an edge of others."""
    shape.edges.ensure_lookup_table()
    one, other = shape.edges[0].verts
    tip = shape.verts.new(one.co * 2.0)
    shape.faces.new((one, other, tip))


FAULTS: dict[str, tuple[tuple[Any, ...], set[str]]] = {
    "a hole": ((ball(15.0), hole), {"open_edges"}),
    "a fin": ((box(), fin), {"non_manifold_edges", "open_edges"}),
    "turned faces": ((ball(15.0), flip), {"flipped_faces"}),
    "inside out": ((ball(15.0), invert), {"inside_out"}),
    "cut through": ((box(), box(20.0, (9.0, 8.0, 7.0))), {"self_intersections"}),
    "a crumb": ((box(), box(1.0, (15.0, 0.0, -9.5))), {"loose_shells"}),
    "a solid inside": ((box(), box(5.0)), {"shells_inside"}),
    "a thin wall": ((slab((20.0, 0.5, 20.0), (0.0, 0.0, 0.0)),), {"thin_walls"}),
    "a thin shell": ((ball(15.0), ball(14.6, inwards=True)), {"thin_walls"}),
    "hangs in the air": ((box(), box(4.0, (0.0, 0.0, 14.0))), {"loose_shells", "islands"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_planted_fault_is_found_and_nothing_else(extension: ModuleType, name: str) -> None:
    steps, expected = FAULTS[name]
    assert kinds(checked(built(*steps))) == expected


def test_a_hole_is_told_by_its_edges_and_their_length(extension: ModuleType) -> None:
    mesh = built(box(10.0), hole)
    finding = found(checked(mesh), "open_edges")
    assert (finding.count, finding.worst) == (4, pytest.approx(40.0))
    faces = [0] * len(mesh.edges)
    index = {edge.key: edge.index for edge in mesh.edges}
    for polygon in mesh.polygons:
        for key in polygon.edge_keys:
            faces[index[key]] += 1
    assert finding.indices.tolist() == [number for number, count in enumerate(faces) if count == 1]


def test_turned_faces_are_those(extension: ModuleType) -> None:
    finding = found(checked(built(ball(15.0), flip)), "flipped_faces")
    assert finding.indices.tolist() == [0, 1, 2, 3, 4]


def test_a_split_seam_is_no_hole(extension: ModuleType) -> None:
    mesh = built(ball(15.0), lambda shape: bmesh.ops.split_edges(shape, edges=shape.edges))
    assert len(mesh.vertices) > 4000
    assert kinds(checked(mesh)) == set()


@pytest.mark.parametrize("thickness", [0.3, 0.7])
def test_how_thin_a_wall_is(extension: ModuleType, thickness: float) -> None:
    mesh = built(slab((20.0, thickness, 20.0), (0.0, 0.0, 0.0)))
    finding = found(checked(mesh), "thin_walls")
    assert finding.worst == pytest.approx(thickness, abs=0.01)
    assert finding.count == 2
    assert kinds(checked(mesh, wall=0.2)) == set()


def test_a_thin_part_of_a_fine_model(extension: ModuleType) -> None:
    """Where there are many triangles, only those are looked at that may be thin."""

    def fan(shape: Shape) -> None:
        bmesh.ops.create_icosphere(shape, subdivisions=7, radius=15.0)
        made = bmesh.ops.create_grid(shape, x_segments=60, y_segments=60, size=8.0)
        faces = {face for vertex in made["verts"] for face in vertex.link_faces}
        extruded = bmesh.ops.extrude_face_region(shape, geom=list(faces), use_keep_orig=True)
        moved = [part for part in extruded["geom"] if isinstance(part, bmesh.types.BMVert)]
        bmesh.ops.translate(shape, verts=moved, vec=(0.0, 0.0, 0.4))
        bmesh.ops.reverse_faces(shape, faces=list(faces))
        bmesh.ops.translate(shape, verts=[*made["verts"], *moved], vec=(40.0, 0.0, -14.0))

    mesh = built(fan)
    assert len(mesh.polygons) > part("blender.print.walls").FEW
    finding = found(checked(mesh), "thin_walls")
    assert finding.worst == pytest.approx(0.4, abs=0.01)
    assert finding.count == 2 * 60 * 60


@pytest.mark.parametrize("limit", [0.3, 0.8])
def test_no_thin_wall_is_passed_over_where_there_are_many_triangles(
    extension: ModuleType, limit: float
) -> None:
    """Small and large leaves with a back at any distance: those told to be thick are."""
    chance = np.random.default_rng(5)
    leaves = chance.uniform(0.0, 40.0, (2000, 1, 3)) + chance.normal(0.0, 0.3, (2000, 3, 3))
    leaves[:16] += chance.normal(0.0, 5.0, (16, 3, 3))
    away = chance.normal(0.0, 1.0, (2000, 1, 3))
    places = np.concatenate([leaves, leaves[:, ::-1] + away])
    mesh = bpy.data.meshes.new("Leaves")
    mesh.from_pydata(places.reshape(-1, 3).tolist(), [], np.arange(12000).reshape(-1, 3).tolist())
    solid = part("blender.print.solid").solid_of(mesh)
    walls, rays = part("blender.print.walls"), part("blender.print.rays").Rays(solid)
    every = np.arange(len(solid))
    thickness = walls._measured(solid, rays, solid.normals, every, walls.SPOTS[0], limit)
    maybe = walls._may_be_thin(solid, solid.normals, every, limit)
    thin = np.isfinite(thickness)
    assert maybe[thin].all()
    assert thin.sum() > 8
    assert maybe.sum() < len(solid) * 0.9


AT_A_CORNER = {
    "through": ((2, 1, 1), (2, 1, -1), 1),
    "apart": ((-2, 1, 1), (-2, -1, -1), 0),
    "beside": ((1, 5, 1), (1, 5, -1), 0),
    "above": ((2, 1, 1), (2, 2, 3), 0),
    "in the same plane": ((1, -3, 0), (-3, 1, 0), 0),
}


@pytest.mark.parametrize("name", AT_A_CORNER)
def test_triangles_with_a_corner_in_common(extension: ModuleType, name: str) -> None:
    """They touch there, and cut through each other only if they do elsewhere."""
    one, other, count = AT_A_CORNER[name]
    mesh = bpy.data.meshes.new("Two")
    mesh.from_pydata([(0, 0, 0), (3, 0, 0), (3, 3, 0), one, other], [], [(0, 1, 2), (3, 4, 0)])
    for turn in range(40):
        way = Vector((1, turn, 3))
        mesh.transform(Matrix.Translation(way) @ Matrix.Rotation(0.4, 4, way))
        solid = part("blender.print.solid").solid_of(mesh)
        assert len(part("blender.print.rays").Rays(solid).cuts()) == count


@pytest.mark.parametrize(
    ("name", "volume", "surface"),
    [
        ("cube", 8000.0, 2400.0),
        ("ball", 4 / 3 * math.pi * 15**3, 4 * math.pi * 15**2),
        ("ring", 2 * math.pi**2 * 15 * 4**2, 4 * math.pi**2 * 15 * 4),
        ("cylinder", math.pi * 10**2 * 30, 2 * math.pi * 10 * (30 + 10)),
        ("thick hollow ball", 4 / 3 * math.pi * (15**3 - 12**3), 4 * math.pi * (15**2 + 12**2)),
    ],
)
def test_volume_and_surface(
    extension: ModuleType, name: str, volume: float, surface: float
) -> None:
    """To half a percent of what the polygons enclose, which is less than the round body does."""
    mesh = built(*SOUND[name])
    figures = checked(mesh, material="pla", price=30.0).figures
    exact = abs(sum(_enclosed(mesh)))
    assert figures["volume"] == pytest.approx(exact, rel=0.005)
    assert figures["volume"] == pytest.approx(volume, rel=0.03)
    assert figures["surface"] == pytest.approx(surface, rel=0.02)
    assert figures["grams"] == pytest.approx(figures["volume"] / 1000 * 1.24, rel=1e-4)
    assert figures["cost"] == pytest.approx(figures["grams"] * 0.03, rel=1e-3)


def _enclosed(mesh: bpy.types.Mesh) -> list[float]:
    mesh.calc_loop_triangles()
    places = [vertex.co.copy() for vertex in mesh.vertices]
    corners = ([places[index] for index in triangle.vertices] for triangle in mesh.loop_triangles)
    return [a.dot(b.cross(c)) / 6 for a, b, c in corners]


def test_a_cavity_is_noted_and_no_fault(extension: ModuleType) -> None:
    report = checked(built(ball(15.0), ball(12.0, inwards=True)))
    assert found(report, "cavities").count == 1
    assert found(report, "cavities").worst == pytest.approx(4 / 3 * math.pi * 12**3, rel=0.02)


@pytest.mark.parametrize(("angle", "leans"), [(30.0, True), (50.0, False)])
def test_overhangs_beyond_an_angle(extension: ModuleType, angle: float, leans: bool) -> None:
    """A cone on its tip, whose side leans out by 45 degrees."""

    def funnel(shape: Shape) -> None:
        bmesh.ops.create_cone(
            shape, cap_ends=True, segments=32, radius1=1.0, radius2=11.0, depth=10.0
        )

    report = checked(built(funnel), overhang=angle)
    assert ("overhangs" in kinds(report, notes=True)) == leans
    if leans:
        area = math.pi * (1.0 + 11.0) * math.hypot(10.0, 10.0)
        assert found(report, "overhangs").worst == pytest.approx(area, rel=0.02)


def test_each_island_is_one(extension: ModuleType) -> None:
    """Three fingers that hang down from an arm, and one that reaches the bed."""
    fingers = [slab((2.0, 2.0, 10.0), (x, 0.0, 15.0)) for x in (5.0, 10.0, 15.0)]
    arm = slab((40.0, 4.0, 4.0), (0.0, 0.0, 20.0))
    foot = slab((4.0, 4.0, 18.5), (-15.0, 0.0, 9.25))
    finding = found(checked(built(arm, foot, *fingers)), "islands")
    assert finding.count == 3
    assert finding.worst == pytest.approx(10.0)


def test_what_fits_on_a_bed(extension: ModuleType) -> None:
    long = built(slab((200.0, 100.0, 20.0), (0.0, 0.0, 0.0)))
    assert kinds(checked(long, printer="bambu-a1")) == set()
    finding = found(checked(long, printer="prusa-mini"), "too_large")
    assert finding.worst == pytest.approx(20.0)
    across = built(slab((100.0, 190.0, 20.0), (0.0, 0.0, 0.0)))
    assert "anycubic-mono-x" in checked(across).figures["printers"]


def test_nothing_to_print(extension: ModuleType) -> None:
    assert kinds(checked(bpy.data.meshes.new("Empty"))) == {"empty"}
    flat = bpy.data.meshes.new("Flat")
    flat.from_pydata([(0, 0, 0), (1, 0, 0), (2, 0, 0)], [], [(0, 1, 2)])
    assert "open_edges" in kinds(checked(flat))


@pytest.mark.parametrize("way", [Vector((1, 2, 3)), Vector((-3, 1, 0.5))])
def test_faults_are_the_same_from_every_side(extension: ModuleType, way: Vector) -> None:
    """Where a body stands, and how it is turned, hides nothing that has no up and down."""
    steps = (box(), box(5.0), box(1.0, (15.0, 0.0, -9.5)))
    mesh = built(*steps)
    mesh.transform(Matrix.Translation(way * 100) @ Matrix.Rotation(0.7, 4, way))
    assert {"shells_inside", "loose_shells"} <= kinds(checked(mesh))


def test_a_sliver_stops_no_ray_that_passes_it_by(extension: ModuleType) -> None:
    """Booleans leave triangles that are hardly wider than nothing."""
    chance = np.random.default_rng(1)
    solids, rays = part("blender.print.solid"), part("blender.print.rays")

    def anywhere() -> Vector:
        return Vector(chance.uniform(-5.0, 5.0, 3).tolist())

    for _ in range(100):
        start, end, origin = anywhere(), anywhere(), anywhere()
        middle = start.lerp(end, chance.random())
        mesh = bpy.data.meshes.new("sliver")
        mesh.from_pydata([start, end, middle], [], [(0, 1, 2)])
        tree = rays.Rays(solids.solid_of(mesh)).tree
        place = tree.ray_cast(origin, (start + end) / 2 + anywhere() / 10 - origin)[0]
        assert place is None or tree.find_nearest(place)[3] < 0.01
