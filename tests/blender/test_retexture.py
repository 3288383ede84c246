"""New textures on what artists have: every polygon shows what the service meant for it."""

import random
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import bmesh
import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector
from mathutils.bvhtree import BVHTree

from tests.blender.conftest import part
from tests.blender.results import finish
from tests.blender.round_trips import select, settings
from tests.patience import seconds

MOST_WRONG = 1e-3
"""Share of the surface that may show something else than the answer."""

Chart = Callable[[Any], int]
"""Which of six pieces of the UV map a triangle is in, by its places."""


def by_side(places: Any) -> int:
    """As simple unwrapping does it."""
    a, b, c = places
    normal = np.cross(b - a, c - a)
    axis = int(np.abs(normal).argmax())
    return 2 * axis + int(normal[axis] > 0)


def in_stripes(places: Any) -> int:
    """Askew: seams run between triangles, whatever polygons they are in."""
    return int((places.mean(axis=0) @ (1.1, 1.7, 0.9)) // 0.4 % 6)


class Triangle(NamedTuple):
    places: Any
    uvs: Any
    slot: int
    area: float


def triangles(mesh: bpy.types.Mesh) -> list[Triangle]:
    """What is drawn."""
    mesh.calc_loop_triangles()
    layer = mesh.uv_layers.active
    return [
        Triangle(
            np.array([mesh.vertices[vertex].co for vertex in triangle.vertices]),
            np.array([layer.uv[loop].vector for loop in triangle.loops]) if layer else None,
            mesh.polygons[triangle.polygon_index].material_index,
            triangle.area,
        )
        for triangle in mesh.loop_triangles
    ]


def answer_to(mesh: bpy.types.Mesh, chart: Chart = in_stripes, noise: float = 0.0) -> Any:
    """The triangles of the mesh in any order, none of them sharing vertices, newly unwrapped."""
    chance = random.Random(1)  # noqa: S311 - shapes, no secrets
    drawn = triangles(mesh)
    chance.shuffle(drawn)
    places = np.concatenate([triangle.places for triangle in drawn])
    places += noise * np.array([[chance.uniform(-1, 1) for _ in range(3)] for _ in places])
    answer = bpy.data.meshes.new("Answer")
    answer.from_pydata(places.tolist(), [], np.arange(len(places)).reshape(-1, 3).tolist())
    layer = answer.uv_layers.new(name="UVMap")
    for number, triangle in enumerate(drawn):
        piece = chart(triangle.places)
        for corner, place in enumerate(triangle.places):
            along = np.delete(place, piece // 2 % 3)
            layer.uv[3 * number + corner].vector = along * 0.05 + (0.15 * piece, 0.5)
        answer.polygons[number].material_index = piece % 2
    for name in ("Bricks", "Mortar"):
        answer.materials.append(bpy.data.materials.new(name))
    return answer


def share_of_other_uvs(own: bpy.types.Mesh, answer: bpy.types.Mesh) -> float:
    """By area: what the middle of each triangle shows, and what the answer shows there."""
    drawn = triangles(answer)
    places = np.array([triangle.places for triangle in drawn])
    a = places[:, 0]
    sides = np.stack([places[:, 1] - a, places[:, 2] - a], axis=2)
    into = np.linalg.pinv(sides)
    wrong = whole = 0.0
    for triangle in triangles(own):
        middle, uv = triangle.places.mean(axis=0), triangle.uvs.mean(axis=0)
        weights = (into @ (middle - a)[:, :, None])[:, :, 0]
        off = np.linalg.norm(a + (sides @ weights[:, :, None])[:, :, 0] - middle, axis=1)
        inside = (weights > -1e-3).all(axis=1) & (weights.sum(axis=1) < 1.001) & (off < 1e-3)
        shown = [
            (1.0 - b - c) * drawn[twin].uvs[0] + b * drawn[twin].uvs[1] + c * drawn[twin].uvs[2]
            for twin in np.flatnonzero(inside)
            for b, c in [weights[twin]]
            if drawn[twin].slot == triangle.slot
        ]
        whole += triangle.area
        if not any(np.allclose(one, uv, atol=1e-3) for one in shown):
            wrong += triangle.area
    return wrong / whole


def ball() -> bpy.types.Object:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=20, ring_count=10)
    return bpy.context.object


def drum() -> bpy.types.Object:
    """With polygons of many corners, and a hollow in one of them."""
    bpy.ops.mesh.primitive_cylinder_add(vertices=12)
    cap = max(bpy.context.object.data.polygons, key=lambda polygon: polygon.center.z)
    for vertex in list(cap.vertices)[::3]:
        bpy.context.object.data.vertices[vertex].co.x *= 0.3
        bpy.context.object.data.vertices[vertex].co.y *= 0.3
    return bpy.context.object


def double() -> bpy.types.Object:
    """Every face twice, once from either side."""
    obj = ball()
    shape = bmesh.new()
    shape.from_mesh(obj.data)
    made = bmesh.ops.duplicate(shape, geom=shape.faces)["geom"]
    faces = [item for item in made if isinstance(item, bmesh.types.BMFace)]
    bmesh.ops.reverse_faces(shape, faces=faces)
    shape.to_mesh(obj.data)
    shape.free()
    return obj


@pytest.mark.parametrize("noise", [0.0, 2e-6])
@pytest.mark.parametrize("make", [ball, drum, double])
def test_every_triangle_shows_what_the_answer_shows(
    extension: ModuleType, make: Callable[[], bpy.types.Object], noise: float
) -> None:
    """Also where a seam runs through a polygon; ``noise`` is that of other file formats."""
    own = make().data
    count = len(own.vertices)
    answer = answer_to(own, noise=noise)
    assert part("blender.background.retexturing.uv_transfer").transfer(own, answer)
    assert share_of_other_uvs(own, answer) <= MOST_WRONG
    assert len(own.vertices) == count
    assert [material.name for material in own.materials] == ["Bricks", "Mortar"]
    assert not own.validate()


def test_no_polygon_is_cut_without_need(extension: ModuleType) -> None:
    """Where UVs overlap, or are mirrored, they do not tear."""
    own = ball().data
    polygons = [tuple(polygon.vertices) for polygon in own.polygons]
    answer = answer_to(own, chart=lambda _: 0)
    assert part("blender.background.retexturing.uv_transfer").transfer(own, answer)
    assert share_of_other_uvs(own, answer) == 0.0
    assert [tuple(polygon.vertices) for polygon in own.polygons] == polygons


def test_nothing_is_stretched_over_a_seam(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a mesh not let itself be cut, one side of the seam goes on to the other."""
    monkeypatch.setattr(part("blender.model.face_cuts"), "cut", lambda *_: False)
    own = ball().data
    assert part("blender.background.retexturing.uv_transfer").transfer(own, answer_to(own))
    uvs = own.uv_layers.active.uv
    for polygon in own.polygons:
        corners = np.array([uvs[loop].vector for loop in polygon.loop_indices])
        assert np.ptp(corners, axis=0).max() < 0.05
    assert len(own.polygons) == 200


def test_the_other_diagonal_will_do(extension: ModuleType) -> None:
    """A service may part a flat polygon elsewhere."""
    bpy.ops.mesh.primitive_cube_add()
    own = bpy.context.object.data
    answer = answer_to(parted(own, "ALTERNATE"), by_side)
    assert part("blender.background.retexturing.uv_transfer").transfer(own, answer)
    assert len(own.polygons) == 6
    assert share_of_other_uvs(parted(own, "ALTERNATE"), answer) == 0.0


def bent() -> bpy.types.Object:
    """A sheet none of whose quads is flat."""
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=9, y_subdivisions=9)
    chance = random.Random(3)  # noqa: S311 - shapes, no secrets
    for vertex in bpy.context.object.data.vertices:
        vertex.co.z = chance.uniform(-0.1, 0.1)
    return bpy.context.object


@pytest.mark.parametrize("method", ["FIXED", "ALTERNATE"])
def test_the_other_diagonal_of_a_bent_polygon_will_do(extension: ModuleType, method: str) -> None:
    """There is nothing that lies near its triangles."""
    own = bent().data
    answer = answer_to(parted(own, method), lambda _: 2)
    assert part("blender.background.retexturing.uv_transfer").transfer(own, answer)
    assert len(own.polygons) == 81
    for corner, uv in zip(own.loops, own.uv_layers.active.uv, strict=True):
        place = own.vertices[corner.vertex_index].co
        assert tuple(uv.vector) == pytest.approx(
            (0.3 + 0.05 * place.x, 0.5 + 0.05 * place.z), abs=1e-6
        )


@pytest.mark.parametrize("method", ["FIXED", "ALTERNATE"])
def test_nothing_is_stretched_over_a_seam_along_the_other_diagonal(
    extension: ModuleType, method: str
) -> None:
    own = bent().data
    assert part("blender.background.retexturing.uv_transfer").transfer(
        own, answer_to(parted(own, method))
    )
    uvs = own.uv_layers.active.uv
    for polygon in own.polygons:
        corners = np.array([uvs[loop].vector for loop in polygon.loop_indices])
        assert np.ptp(corners, axis=0).max() < 0.05


def halved(steps: int) -> bpy.types.Mesh:
    """A cube whose sides are parted that often, with the UV map it is made with."""
    bpy.ops.mesh.primitive_cube_add()
    mesh = bpy.context.object.data
    shape = bmesh.new()
    shape.from_mesh(mesh)
    bmesh.ops.subdivide_edges(shape, edges=shape.edges, cuts=steps, use_grid_fill=True)
    shape.to_mesh(mesh)
    shape.free()
    return mesh


@pytest.mark.parametrize("tried", [1000, 7])
def test_another_mesh_of_the_same_surface_will_do(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch, tried: int
) -> None:
    """Made of quads, or of triangles."""
    monkeypatch.setattr(part("blender.background.retexturing.matched_triangles"), "TRIED", tried)
    quads = halved(6)
    for answer in (quads, parted(quads, "FIXED")):
        own = halved(4)
        assert part("blender.background.retexturing.uv_transfer").transfer(own, answer)
        assert share_of_other_uvs(own, answer) <= MOST_WRONG


@pytest.mark.parametrize("noise", [0.0, 2e-6])
def test_a_sample_tells_that_triangles_are_the_same(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch, noise: float
) -> None:
    """Also of an answer that is inside out."""
    twins = part("blender.background.retexturing.matched_triangles")
    arrays = part("blender.model.arrays")
    monkeypatch.setattr(twins, "TRIED", 7)
    own = ball().data
    for turn in (False, True):
        answer = answer_to(own, noise=noise)
        if turn:
            answer.flip_normals()
        found, _ = twins.find(
            *(arrays.triangles_of(mesh, arrays.corners_of(mesh)) for mesh in (own, answer))
        )
        assert (found >= 0).all()


def test_what_is_nearest_is_found(extension: ModuleType) -> None:
    arrays, nearest = (
        part("blender.model.arrays"),
        part("blender.background.retexturing.nearest_triangles"),
    )
    mesh = drum().data
    drawn = arrays.triangles_of(mesh, arrays.corners_of(mesh))
    places = np.random.default_rng(5).normal(size=(200, 3)).astype(np.float32)
    before = len(bpy.data.meshes), len(bpy.data.objects), len(bpy.data.scenes)
    for which in (None, np.arange(1, len(drawn), 2)):
        some = np.arange(len(drawn)) if which is None else which
        tree = BVHTree.FromPolygons(drawn.places.tolist(), drawn.vertices[some].tolist())
        with nearest.search(drawn, mesh, which) as search:
            found = search.nearest(places)
        for place, number in zip(places.tolist(), found.tolist(), strict=True):
            there: Any = tree.find_nearest(place)[0]
            alone = BVHTree.FromPolygons(drawn.at(number).tolist(), [(0, 1, 2)])
            assert alone.find_nearest(place)[3] == pytest.approx(
                (Vector(place) - there).length, abs=1e-5
            )
    assert (len(bpy.data.meshes), len(bpy.data.objects), len(bpy.data.scenes)) == before


@pytest.mark.parametrize("split", [False, True])
def test_walking_leads_to_what_is_nearest(extension: ModuleType, *, split: bool) -> None:
    """Also across the seams along which files split vertices."""
    arrays, walking = (
        part("blender.model.arrays"),
        part("blender.background.retexturing.walking"),
    )
    mesh = parted(halved(9), "FIXED")
    if split:
        mesh = answer_to(mesh)
    drawn = arrays.triangles_of(mesh, arrays.corners_of(mesh))
    other = parted(halved(6), "ALTERNATE")
    places = arrays.triangles_of(other, arrays.corners_of(other)).at().mean(axis=1)
    numbers = np.unique(drawn.places.round(4), axis=0, return_inverse=True)[1].ravel()
    found = walking.under(places, drawn, mesh, numbers, 1e-4)
    assert np.count_nonzero(found >= 0) > 0.95 * len(places)
    for place, number in zip(places.tolist(), found.tolist(), strict=True):
        if number >= 0:
            alone = BVHTree.FromPolygons(drawn.at(number).tolist(), [(0, 1, 2)])
            assert alone.find_nearest(place, 1e-3)[3] is not None
    assert (walking.under(places + np.float32(9.0), drawn, mesh, numbers, 1e-4) < 0).all()


def test_what_shares_a_slot_is_found(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins = part("blender.background.retexturing.matched_triangles")
    usual = twins.mixed
    monkeypatch.setattr(twins, "mixed", lambda numbers: usual(numbers // 9))
    numbers = np.random.default_rng(2).permutation(np.arange(0, 3000, 2))
    found = twins.Table(numbers).find(np.arange(3001))
    assert (numbers[found[::2][:1500]] == np.arange(0, 3000, 2)).all()
    assert (found[1::2] == -1).all()
    assert (twins.Table(numbers[:0]).find(numbers) == -1).all()


def parted(mesh: bpy.types.Mesh, method: str) -> bpy.types.Mesh:
    """A copy whose quads are parted into triangles."""
    other = mesh.copy()
    shape = bmesh.new()
    shape.from_mesh(other)
    bmesh.ops.triangulate(shape, faces=shape.faces, quad_method=method)
    shape.to_mesh(other)
    shape.free()
    return other


def test_another_surface_is_not_worn(extension: ModuleType) -> None:
    own = ball().data
    bpy.ops.mesh.primitive_cube_add()
    assert not part("blender.background.retexturing.uv_transfer").transfer(
        own, answer_to(bpy.context.object.data)
    )


@pytest.mark.parametrize("damaged", ["own", "answer"])
def test_what_lies_nowhere_is_no_surface(extension: ModuleType, damaged: str) -> None:
    own = ball().data
    answer = answer_to(own)
    (own if damaged == "own" else answer).vertices[3].co.x = float("nan")
    assert not part("blender.background.retexturing.uv_transfer").transfer(own, answer)


@pytest.fixture
def body() -> bpy.types.Object:
    """A quad ball with everything a mesh can have, moved, turned and mirrored."""
    obj = ball()
    obj.name = "Body"
    mesh = obj.data
    obj.location, obj.rotation_euler, obj.scale = (1, 2, 3), (0.3, 0.2, 0.1), (-1, 1.5, 1)
    group = obj.vertex_groups.new(name="Top")
    for vertex in mesh.vertices:
        group.add([vertex.index], max(0.0, vertex.co.z), "REPLACE")
    obj.shape_key_add(name="Basis")
    wide = obj.shape_key_add(name="Wide")
    for point in wide.data:
        point.co.x *= 1.5
    wide.value = 0.5
    colour = mesh.color_attributes.new("Dirt", "BYTE_COLOR", "CORNER")
    colour.data.foreach_set("color", [(n % 7) / 7 for n in range(4 * len(mesh.loops))])
    mesh.attributes.new("Number", "INT", "FACE").data.foreach_set(
        "value", range(len(mesh.polygons))
    )
    bend = [(v.co + v.normal.orthogonal() * 0.3).normalized()[:] for v in mesh.vertices]
    mesh.normals_split_custom_set_from_vertices(bend)
    return obj


def rig(obj: bpy.types.Object) -> bpy.types.Object:
    """An armature whose one bone, put aside, takes the top of the object with it."""
    bpy.ops.object.armature_add(location=obj.location)
    armature = bpy.context.object
    (bone,) = armature.pose.bones
    bone.location.x = 1.0
    obj.vertex_groups["Top"].name = bone.name
    obj.modifiers.new("Rig", "ARMATURE").object = armature
    return armature


def taper(obj: bpy.types.Object) -> None:
    modifier = obj.modifiers.new("Taper", "SIMPLE_DEFORM")
    modifier.deform_method, modifier.factor = "TAPER", 0.7


def cage(obj: bpy.types.Object) -> None:
    lattice = bpy.data.objects.new("Cage", bpy.data.lattices.new("Cage"))
    bpy.context.scene.collection.objects.link(lattice)
    lattice.scale = (4, 4, 4)
    lattice.location = obj.location
    lattice.data.points[0].co_deform.x += 0.5
    obj.modifiers.new("Cage", "LATTICE").object = lattice


def nothing(obj: bpy.types.Object) -> None:
    """Shape keys alone."""


def seen(obj: bpy.types.Object) -> Any:
    """Places of the vertices in the world, as they are shown."""
    bpy.context.view_layer.update()
    shown = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([shown.matrix_world @ vertex.co for vertex in shown.data.vertices])


def retextured(store: Any, folder: Path, obj: bpy.types.Object, chart: Chart = in_stripes) -> Any:
    """Send the object to a retexture tool whose answer is what it was sent; gives the result."""
    select(obj)
    settings("texture-model", prompt="red bricks")
    tools = part("blender.runtime.tool_orders")
    (job,) = part("blender.runtime.tool_submission").send(bpy.context, tools.order_of(bpy.context))
    finish(store, job, prepared(job, folder / "answer.blend", chart))
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    job = store.get(job.id)
    assert job.state == "PLACED", job.failure
    return bpy.data.objects["Body"]


def prepared(job: Any, to: Path, chart: Chart) -> Any:
    """What the background Blender makes of the answer, made here."""
    wearing, read_result = (
        part("blender.background.retexturing.uv_transfer"),
        part("blender.placement.read_result"),
    )
    existing = read_result.existing_data()
    read = part("blender.background.export").read
    own = wearing.geometry_of(read(job.export.blend, job.export.settings))
    assert wearing.transfer(own, answer_to(own, chart))
    made = bpy.data.collections.new("Answer")
    made.objects.link(bpy.data.objects.new("Answer", own))
    bpy.data.libraries.write(str(to), {made}, fake_user=True)
    record = part("jobs.job").Prepared(to, bpy.app.version, made.name, 12, (2.0, 2.0, 2.0))
    read_result.remove_all_but(existing)
    return record


@pytest.mark.parametrize("deform", [nothing, rig, taper, cage])
def test_what_moves_the_vertices_goes_on(
    store: Any, body: bpy.types.Object, tmp_path: Path, deform: Callable[[Any], Any]
) -> None:
    deform(body)
    wide = body.data.shape_keys.key_blocks["Wide"]
    wide.value = 1.0
    grown = seen(body)
    wide.value = 0.5
    rest = seen(body)
    kinds = [(modifier.type, True) for modifier in body.modifiers]
    result = retextured(store, tmp_path, body)
    assert result is not body
    assert np.abs(seen(result) - rest).max() < 1e-5
    assert [(one.type, one.show_viewport and one.show_render) for one in result.modifiers] == kinds
    assert [slot.material.name for slot in result.material_slots] == ["Bricks", "Mortar"]
    keys = result.data.shape_keys.key_blocks
    was = body.data.shape_keys.key_blocks
    assert [(key.name, key.value) for key in keys] == [(key.name, key.value) for key in was]
    keys["Wide"].value = 1.0
    assert np.abs(seen(result) - grown).max() < 1e-5


def corner_data(mesh: bpy.types.Mesh) -> dict[tuple[int, int], Any]:
    """Colour and normal of the corners, by number of the polygon and vertex."""
    number, colour = mesh.attributes["Number"].data, mesh.color_attributes["Dirt"].data
    return {
        (number[polygon.index].value, mesh.loops[loop].vertex_index): np.array(
            [*colour[loop].color, *mesh.corner_normals[loop].vector]
        )
        for polygon in mesh.polygons
        for loop in polygon.loop_indices
    }


def test_what_the_mesh_has_survives(store: Any, body: bpy.types.Object, tmp_path: Path) -> None:
    before = corner_data(body.data)
    result = retextured(store, tmp_path, body)
    assert len(result.data.polygons) > len(body.data.polygons)  # seams run through some
    after = corner_data(result.data)
    assert after.keys() == before.keys()
    assert max(np.abs(after[corner] - before[corner]).max() for corner in before) < 2e-3
    weights = [[(g.group, g.weight) for g in vertex.groups] for vertex in body.data.vertices]
    assert weights == [[(g.group, g.weight) for g in v.groups] for v in result.data.vertices]
    assert [group.name for group in result.vertex_groups] == ["Top"]


def test_the_textures_lie_where_the_answer_has_them(
    store: Any, body: bpy.types.Object, tmp_path: Path
) -> None:
    """Cut or not, mirrored or not: as on the deformed mesh that was sent."""
    taper(body)
    result = retextured(store, tmp_path, body)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    shown = bpy.data.meshes.new_from_object(
        result.evaluated_get(depsgraph), preserve_all_data_layers=True, depsgraph=depsgraph
    )
    to_file = Matrix.Translation(-result.matrix_world.translation)
    part("blender.background.export").bake(shown, to_file @ result.matrix_world)
    assert share_of_other_uvs(shown, answer_to(shown)) <= MOST_WRONG


def test_modifiers_that_lay_pictures_elsewhere_go_off(
    store: Any, body: bpy.types.Object, tmp_path: Path
) -> None:
    body.modifiers.new("Project", "UV_PROJECT")
    taper(body)
    result = retextured(store, tmp_path, body)
    assert [one.show_viewport for one in result.modifiers] == [False, True]


def test_new_polygons_are_kept_and_their_makers_off(
    store: Any, body: bpy.types.Object, tmp_path: Path
) -> None:
    body.modifiers.new("Smooth", "SUBSURF")
    result = retextured(store, tmp_path, body, chart=lambda _: 0)
    assert len(result.data.polygons) > 2 * len(body.data.polygons)
    assert not result.modifiers[0].show_viewport


@pytest.mark.oldest_and_newest
def test_what_comes_back_unchanged_looks_the_same(
    store: Any, body: bpy.types.Object, tmp_path: Path
) -> None:
    """The file itself as the answer, written and read by background Blenders."""
    rig(body)
    select(body)
    before = seen(body)
    settings("texture-model", prompt="red bricks")
    tools, host = part("blender.runtime.tool_orders"), part("blender.runtime.worker_host")
    (job,) = part("blender.runtime.tool_submission").send(bpy.context, tools.order_of(bpy.context))
    usual = (seconds(120), threading.Event())
    part("worker.export").BlenderExporter(host.export_command(), *usual).export(job.export)
    preparer = part("worker.prepare").BlenderPreparer(host.prepare_command(), *usual)
    finish(store, job, preparer.prepare(job, [job.export.to], tmp_path / "answer.blend"))
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    result = bpy.data.objects["Body"]
    assert result["studio3d_job"] == job.id
    assert np.abs(seen(result) - before).max() < 1e-5
    assert [modifier.show_viewport for modifier in result.modifiers] == [True]
    assert [tuple(polygon.vertices) for polygon in result.data.polygons] == [
        tuple(polygon.vertices) for polygon in body.data.polygons
    ]
    one, other = result.data.uv_layers[0].uv, body.data.uv_layers[0].uv
    gaps = [(a.vector - b.vector).length for a, b in zip(one, other, strict=True)]
    assert max(gaps) < 1e-5
