"""What a rigged object has when another surface takes its place: it moves as it did before."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bmesh
import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector
from mathutils.bvhtree import BVHTree

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import finish, ops
from tests.blender.round_trips import select, settings
from tests.blender.test_replace_original import sent
from tests.patience import seconds

EXACT = 1e-5
NEAR_NOW = 0.007
NEAR = 0.03
"""Shares of the size: an answer with other vertices is nowhere further from the original, in the
pose it was sent in and in others."""


# -- what is sent ------------------------------------------------------------------------------


@pytest.fixture
def body() -> Any:
    """A tube of 4 with two bones, moved and turned, the upper half of it bent to the side."""
    bpy.ops.mesh.primitive_cylinder_add(vertices=16, depth=4.0, location=(0, 0, 2))
    obj: Any = bpy.context.object
    obj.name = "Body"
    mesh = bmesh.new()
    mesh.from_mesh(obj.data)
    upright = [edge for edge in mesh.edges if abs(edge.verts[0].co.z - edge.verts[1].co.z) > 1.0]
    bmesh.ops.subdivide_edges(mesh, edges=upright, cuts=9)
    mesh.to_mesh(obj.data)
    mesh.free()
    obj.data.transform(Matrix.Translation((0, 0, 2)))
    obj.location = (0, 0, 0)
    bpy.ops.object.armature_add()
    rig = bpy.context.object
    rig.name = "Rig"
    bpy.ops.object.mode_set(mode="EDIT")
    lower = rig.data.edit_bones[0]
    lower.name, lower.tail = "Lower", (0, 0, 2)
    upper = rig.data.edit_bones.new("Upper")
    upper.head, upper.tail, upper.parent = (0, 0, 2), (0, 0, 4), lower
    bpy.ops.object.mode_set(mode="OBJECT")
    groups = {name: obj.vertex_groups.new(name=name) for name in ("Lower", "Upper", "Pin")}
    groups["Pin"].lock_weight = True
    for vertex in obj.data.vertices:
        share = min(max((vertex.co.z - 1.0) / 2.0, 0.0), 1.0)
        for name, weight in (("Lower", 1.0 - share), ("Upper", share), ("Pin", share / 2)):
            if weight:
                groups[name].add([vertex.index], weight, "REPLACE")
    obj.modifiers.new("Rig", "ARMATURE").object = rig
    for both in (obj, rig):
        both.location, both.rotation_euler, both.scale = (3, -1, 2), (0.3, 0.2, 0.5), (0.5,) * 3
    pose(rig, 0.8)
    return obj


def pose(rig: Any, angle: float) -> None:
    bone = rig.pose.bones["Upper"]
    bone.rotation_mode = "XYZ"
    bone.rotation_euler = (angle, 0.3 * angle, 0.0)
    bpy.context.view_layer.update()


def give_shapes(obj: Any) -> None:
    obj.shape_key_add(name="Basis")
    wide, tall = obj.shape_key_add(name="Wide"), obj.shape_key_add(name="Tall")
    more = obj.shape_key_add(name="Wider")
    for number, point in enumerate(obj.data.vertices):
        wide.data[number].co = point.co * Vector((1.5, 1.2, 1.0))
        tall.data[number].co = point.co * Vector((1.0, 1.0, 1.2))
        more.data[number].co = point.co * Vector((2.0, 1.2, 1.0))
    more.relative_key = wide
    wide.value, tall.value = 0.7, 0.2


# -- what comes back ---------------------------------------------------------------------------


def halved(mesh: Any) -> None:
    """Triangles, each of them four, in any order."""
    bmesh.ops.triangulate(mesh, faces=mesh.faces)
    bmesh.ops.subdivide_edges(mesh, edges=mesh.edges, cuts=1, use_grid_fill=True)
    bmesh.ops.triangulate(mesh, faces=mesh.faces)


def torn(mesh: Any) -> None:
    """Triangles that share no vertices, as files have them along seams."""
    bmesh.ops.triangulate(mesh, faces=mesh.faces)
    bmesh.ops.split_edges(mesh, edges=mesh.edges)


def same(_: Any) -> None:
    """As it was."""


def apart(mesh: Any) -> None:
    """Cut in two across the middle."""
    low, high = (min(v.co.z for v in mesh.verts), max(v.co.z for v in mesh.verts))
    upper = [face for face in mesh.faces if face.calc_center_median().z > (low + high) / 2]
    bmesh.ops.split(mesh, geom=upper)


Remake = Callable[[Any], None]


def answer_of(original: Any, remake: Remake) -> list[Any]:
    """Objects with what was sent on other vertices, which are in any order."""
    export = part("blender.background.export")
    made = []
    for mesh, name, world in export.pieces(original):
        export.bake(mesh, world)
        shape = bmesh.new()
        shape.from_mesh(mesh)
        remake(shape)
        chance = random.Random(1)  # noqa: S311 - shapes, no secrets
        numbers = chance.sample(range(len(shape.verts)), len(shape.verts))
        for number, vertex in zip(numbers, shape.verts, strict=True):
            vertex.index = number
        shape.verts.sort()
        places = [vertex.co[:] for vertex in shape.verts]
        faces = [[vertex.index for vertex in face.verts] for face in shape.faces]
        shape.free()
        plain = bpy.data.meshes.new("Answer")
        plain.from_pydata(places, [], faces)
        made.append(bpy.data.objects.new(f"Answer {name}", plain))
    return made


def prepared(job: Any, to: Path, remake: Remake) -> Any:
    """What the background Blender makes of the answer, made here."""
    read_result, export = (
        part("blender.placement.read_result"),
        part("blender.background.export"),
    )
    existing = read_result.existing_data()
    original = export.read(job.export.blend, job.export.settings)
    answers = answer_of(original, remake)
    said = part("blender.background.carrying.carry").carry(answers, original)
    made = bpy.data.collections.new("Answer")
    for obj in answers:
        made.objects.link(obj)
    bpy.data.libraries.write(str(to), {made}, fake_user=True)
    words = tuple(map(part("catalog.messages").unpack, said))
    record = part("jobs.job").Prepared(
        to, bpy.app.version, made.name, 12, (2.0, 2.0, 2.0), left_out=words
    )
    read_result.remove_all_but(existing)
    return record


def returned(
    store: Any, folder: Path, *objects: Any, remake: Remake = halved, tool: str = "repair"
) -> Any:
    """Send the objects, the last as the main one, and place the answer; gives the job."""
    select(*objects)
    job = sent(tool)
    finish(store, job, prepared(job, folder / "answer.blend", remake))
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    job = store.get(job.id)
    assert job.state == "PLACED", job.failure
    return job


# -- how they compare --------------------------------------------------------------------------


def seen(obj: Any) -> Any:
    """Places of the vertices in the world, and the triangles, as they are shown."""
    bpy.context.view_layer.update()
    shown = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = shown.to_mesh()
    mesh.calc_loop_triangles()
    world = np.array(shown.matrix_world)
    places = np.array([vertex.co for vertex in mesh.vertices]) @ world[:3, :3].T + world[:3, 3]
    return places, [tuple(triangle.vertices) for triangle in mesh.loop_triangles]


def gap(one: Any, other: Any) -> float:
    """The largest distance of the surfaces from each other's vertices, as a share of the size."""
    surfaces = [seen(one), seen(other)]
    size = float(np.ptp(surfaces[1][0], axis=0).max())
    trees = [BVHTree.FromPolygons(places.tolist(), faces) for places, faces in surfaces]
    return max(
        (tree.find_nearest(place)[3] or 0.0) / size
        for (places, _), tree in zip(surfaces, reversed(trees), strict=True)
        for place in places.tolist()
    )


def unhidden(obj: Any) -> Any:
    """The original, evaluated again."""
    obj.hide_viewport = False
    obj.hide_set(False)
    return obj


# -- what moves goes on moving -----------------------------------------------------------------


def keep_still(_: Any) -> None:
    """There is nothing to move beside the rig and the shape keys."""


def differences(result: Any, body: Any, move: Callable[[float], None] = keep_still) -> list[float]:
    """How far result and original are apart, now, in other poses, and in each shape."""
    found = [gap(result, unhidden(body))]
    for angle in (-0.7, 0.0, 1.2):
        pose(bpy.data.objects["Rig"], angle)
        move(angle)
        found.append(gap(result, body))
    for name in ("Wide", "Tall", "Wider"):
        for obj in (result, body):
            for key in obj.data.shape_keys.key_blocks:
                key.value = key.name == name
        found.append(gap(result, body))
    return found


@pytest.mark.parametrize(("remake", "near"), [(same, EXACT), (torn, EXACT), (halved, NEAR)])
def test_a_rigged_mesh_moves_as_before(
    store: Any, body: Any, tmp_path: Path, remake: Remake, near: float
) -> None:
    give_shapes(body)
    blocks = body.data.shape_keys.key_blocks
    blocks["Wide"].slider_max, blocks["Tall"].vertex_group = 2.0, "Pin"
    body.active_shape_key_index = 2
    returned(store, tmp_path, body, remake=remake)
    result = bpy.data.objects["Body"]
    assert result is not body
    assert [(one.type, one.show_viewport) for one in result.modifiers] == [("ARMATURE", True)]
    was, keys = body.data.shape_keys, result.data.shape_keys
    described = [
        [
            (key.name, key.value, key.slider_max, key.vertex_group, key.relative_key.name)
            for key in found.key_blocks
        ]
        for found in (was, keys)
    ]
    assert described[0] == described[1]
    assert result.active_shape_key.name == "Tall"
    assert [(group.name, group.lock_weight) for group in result.vertex_groups] == [
        ("Lower", False),
        ("Upper", False),
        ("Pin", True),
    ]
    assert max(differences(result, body)) < near


def test_weights_lie_between_those_around_them(store: Any, body: Any, tmp_path: Path) -> None:
    returned(store, tmp_path, body)
    result = bpy.data.objects["Body"]
    assert result.data.shape_keys is None  # as the original
    for vertex in result.data.vertices:
        share = min(max((vertex.co.z - 1.0) / 2.0, 0.0), 1.0)
        found = {result.vertex_groups[pair.group].name: pair.weight for pair in vertex.groups}
        assert found.get("Upper", 0.0) == pytest.approx(share, abs=0.06)
        assert found.get("Pin", 0.0) == pytest.approx(share / 2, abs=0.06)
        assert found.get("Lower", 0.0) + found.get("Upper", 0.0) == pytest.approx(1.0, abs=1e-4)


def add_object(name: str, data: Any, **properties: Any) -> Any:
    made = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(made)
    for key, value in properties.items():
        setattr(made, key, value)
    return made


def cage(obj: Any) -> Callable[[float], None]:
    lattice: Any = bpy.data.lattices.new("Cage")
    made = add_object("Cage", lattice, location=(3, -1, 2), scale=(4, 4, 4))
    lattice.points[0].co_deform.x += 0.4
    obj.modifiers.new("Cage", "LATTICE").object = made

    def move(by: float) -> None:
        lattice.points[1].co_deform.y += by

    return move


def hook(obj: Any) -> Callable[[float], None]:
    handle = add_object("Handle", None, location=(3, -1, 4))
    bpy.context.view_layer.update()
    made = obj.modifiers.new("Hook", "HOOK")
    made.object = handle
    made.vertex_indices_set([vertex.index for vertex in obj.data.vertices if vertex.co.z > 3.0])
    made.matrix_inverse = handle.matrix_world.inverted() @ obj.matrix_world
    handle.location.x += 0.3

    def move(by: float) -> None:
        handle.location.y += by

    return move


def subdivide(obj: Any) -> None:
    obj.modifiers.new("Smooth", "SUBSURF").levels = 1


def subdivide_first(obj: Any) -> None:
    subdivide(obj)
    obj.modifiers.move(1, 0)


def mirror_first(obj: Any) -> None:
    obj.data.transform(Matrix.Translation((1, 0, 0)))
    obj.modifiers.new("Mirror", "MIRROR")
    obj.modifiers.move(1, 0)


def decimate(obj: Any) -> None:
    """Which makes other polygons in every pose."""
    obj.modifiers.new("Fewer", "DECIMATE").ratio = 0.5


def bevel(obj: Any) -> None:
    obj.modifiers.new("Bevel", "BEVEL").width = 0.02


def thicken(obj: Any) -> None:
    made = obj.modifiers.new("Thick", "SOLIDIFY")
    made.thickness, made.vertex_group = 0.1, "Pin"


def turn_over(obj: Any) -> None:
    obj.scale.x *= -1


def taper(obj: Any) -> None:
    made = obj.modifiers.new("Taper", "SIMPLE_DEFORM")
    made.deform_method, made.factor = "TAPER", 0.5


def correct(obj: Any) -> None:
    obj.modifiers.new("Correct", "CORRECTIVE_SMOOTH")


def stretch(_: Any) -> None:
    bpy.data.objects["Rig"].pose.bones["Upper"].scale = (1, 3, 1)


def hang_in(obj: Any) -> None:
    """As older files have it: what it hangs on bends it."""
    obj.modifiers.clear()
    bpy.context.view_layer.update()
    world = obj.matrix_world.copy()
    obj.parent = bpy.data.objects["Rig"]
    obj.parent_type = "ARMATURE"
    obj.matrix_world = world


@pytest.mark.parametrize(
    "bend",
    [
        *(cage, hook, subdivide, subdivide_first, mirror_first, decimate, bevel, thicken),
        *(turn_over, taper, correct, stretch, hang_in),
    ],
)
def test_whatever_bends_it_goes_on(
    store: Any, body: Any, tmp_path: Path, bend: Callable[[Any], Any]
) -> None:
    move = bend(body) or keep_still
    give_shapes(body)
    job = returned(store, tmp_path, body)
    result = bpy.data.objects["Body"]
    assert job.prepared.left_out == ()
    makes = {"SUBSURF", "MIRROR", "DECIMATE", "BEVEL", "SOLIDIFY"}
    assert all(one.show_viewport == (one.type not in makes) for one in result.modifiers)
    now, *others = differences(result, body, move)
    assert now < NEAR_NOW
    assert max(others) < NEAR


def mirror_after(obj: Any) -> None:
    """Both halves would follow the bone of one."""
    obj.data.transform(Matrix.Translation((1, 0, 0)))
    obj.modifiers.new("Mirror", "MIRROR")


def bind_to_cage(obj: Any) -> None:
    bpy.ops.mesh.primitive_cube_add(size=3, location=(3, -1, 2), scale=(1, 1, 2))
    made: Any = bpy.context.object
    obj.modifiers.new("Box", "MESH_DEFORM").object = made
    with bpy.context.temp_override(object=obj, active_object=obj):
        bpy.ops.object.meshdeform_bind(modifier="Box")
    made.data.vertices[0].co.x += 0.5


@pytest.mark.parametrize(
    ("bend", "on"), [(mirror_after, [False, False]), (bind_to_cage, [True, False])]
)
def test_what_cannot_go_on_is_in_the_mesh(
    store: Any, body: Any, tmp_path: Path, bend: Callable[[Any], None], on: list[bool]
) -> None:
    bend(body)
    returned(store, tmp_path, body)
    result = bpy.data.objects["Body"]
    assert [one.show_viewport for one in result.modifiers] == on
    assert gap(result, unhidden(body)) < NEAR_NOW


def test_keys_and_drivers_go_on(store: Any, body: Any, tmp_path: Path) -> None:
    give_shapes(body)
    scene, rig = bpy.context.scene, bpy.data.objects["Rig"]
    keys = body.data.shape_keys
    keys.key_blocks["Wide"].keyframe_insert("value", frame=1)
    keys.key_blocks["Wide"].value = 0.0
    keys.key_blocks["Wide"].keyframe_insert("value", frame=9)
    driver = keys.key_blocks["Tall"].driver_add("value").driver
    driver.expression = "1 - wide"
    variable = driver.variables.new()
    variable.name = "wide"
    variable.targets[0].id_type, variable.targets[0].id = "KEY", keys
    variable.targets[0].data_path = 'key_blocks["Wide"].value'
    bone = rig.pose.bones["Upper"]
    bone.keyframe_insert("rotation_euler", frame=1)
    bone.rotation_euler = (-0.5, 0, 0)
    bone.keyframe_insert("rotation_euler", frame=9)
    scene.frame_set(3)
    returned(store, tmp_path, body)
    result = bpy.data.objects["Body"]
    made = result.data.shape_keys
    assert made.animation_data.drivers[0].driver.variables[0].targets[0].id == made
    unhidden(body)
    for frame in (1, 3, 6, 9):
        scene.frame_set(frame)
        both = (result, body)
        assert gap(*both) < NEAR
        ends = [np.stack([places.min(axis=0), places.max(axis=0)]) for places, _ in map(seen, both)]
        assert np.abs(ends[0] - ends[1]).max() < 0.02


def test_keys_one_after_the_other_are_the_shape_they_make(
    store: Any, body: Any, tmp_path: Path
) -> None:
    give_shapes(body)
    keys = body.data.shape_keys
    keys.use_relative = False
    keys.eval_time = 15.0
    returned(store, tmp_path, body)
    result = bpy.data.objects["Body"]
    assert result.data.shape_keys is None
    for angle in (0.8, -0.5):
        pose(bpy.data.objects["Rig"], angle)
        assert gap(result, unhidden(body)) < NEAR


def moved_away(mesh: Any) -> None:
    bmesh.ops.translate(mesh, verts=mesh.verts, vec=(9, 0, 0))


def test_nothing_is_carried_to_what_lies_elsewhere(store: Any, body: Any, tmp_path: Path) -> None:
    job = returned(store, tmp_path, body, remake=moved_away)
    (words,) = job.prepared.left_out
    assert words.startswith("The result lies elsewhere than Body")
    result = bpy.data.objects["Body"]
    assert len(result.vertex_groups) == 0
    assert [one.show_viewport for one in result.modifiers] == [False]


def inflated(mesh: Any) -> None:
    """So that surfaces that touched reach through each other."""
    mesh.normal_update()
    for vertex in mesh.verts:
        vertex.co += vertex.normal * 0.003


def plates(heights: Sequence[float], *, look_up: bool) -> tuple[list[Any], list[Any]]:
    """Places and faces of squares of 2 x 2, one over the other."""
    sides = [n / 3 - 1 for n in range(7)]
    places = [(x, y, height) for height in heights for x in sides for y in sides]
    corners = (0, 7, 8, 1) if look_up else (1, 8, 7, 0)
    starts = [49 * n + 7 * x + y for n in range(len(heights)) for x in range(6) for y in range(6)]
    return places, [[start + corner for corner in corners] for start in starts]


def test_closed_lips_open(store: Any, body: Any, tmp_path: Path) -> None:
    """Two sides that touch where they were sent are told apart by where they look."""
    gate, rig = body, bpy.data.objects["Rig"]
    lower, faces = plates((0.0, 0.5, 1.0, 1.5, 1.999), look_up=True)
    upper, others = plates((2.001, 2.5, 3.0, 3.5, 4.0), look_up=False)
    mesh = bpy.data.meshes.new("Lips")
    count = len(lower)
    faces += [[count + index for index in face] for face in others]
    mesh.from_pydata(lower + upper, [], faces)
    gate.data = mesh
    for name, which in (("Lower", range(count)), ("Upper", range(count, 2 * count))):
        gate.vertex_groups.new(name=name).add(list(which), 1.0, "REPLACE")
    pose(rig, 0.0)
    returned(store, tmp_path, gate, remake=inflated)
    result = bpy.data.objects["Body"]
    for vertex in result.data.vertices:
        (pair,) = (one for one in vertex.groups if one.weight > 0.5)
        looks_down = vertex.normal.z < 0.0
        assert result.vertex_groups[pair.group].name == ("Upper" if looks_down else "Lower")
    pose(rig, 0.6)
    assert gap(result, unhidden(gate)) < NEAR


# -- what is on the mesh -----------------------------------------------------------------------


def give_attributes(obj: Any) -> None:
    """Values that follow the height, colours that change from face to face, and marked edges."""
    mesh = obj.data
    heights = mesh.attributes.new("Height", "FLOAT", "POINT")
    heights.data.foreach_set("value", [vertex.co.z for vertex in mesh.vertices])
    numbers = mesh.attributes.new("Number", "INT", "FACE")
    numbers.data.foreach_set("value", range(len(mesh.polygons)))
    patches = mesh.color_attributes.new("Patches", "BYTE_COLOR", "CORNER")
    for polygon in mesh.polygons:
        for loop in polygon.loop_indices:
            patches.data[loop].color = (polygon.index % 2, polygon.index % 3 == 0, 0.0, 1.0)
    shade = mesh.color_attributes.new("Shade", "FLOAT_COLOR", "CORNER")
    for loop in mesh.loops:
        shade.data[loop.index].color = (mesh.vertices[loop.vertex_index].co.z / 4, 0, 0, 1)
    mesh.attributes.active_color_name = "Shade"
    creases = mesh.attributes.new("crease_edge", "FLOAT", "EDGE")
    for edge in mesh.edges:
        level = [mesh.vertices[index].co.z > 3.9 for index in edge.vertices]
        creases.data[edge.index].value = float(all(level))
        edge.use_seam = all(level)


def test_attributes_come_along(store: Any, body: Any, tmp_path: Path) -> None:
    give_attributes(body)
    returned(store, tmp_path, body)
    result, was = bpy.data.objects["Body"].data, body.data
    tree = BVHTree.FromPolygons(
        [vertex.co for vertex in was.vertices], [polygon.vertices for polygon in was.polygons]
    )
    rest = [vertex.co for vertex in result.vertices]
    heights = result.attributes["Height"].data
    assert max(abs(one.value - place.z) for one, place in zip(heights, rest, strict=True)) < 0.05
    shade, patches = result.attributes["Shade"].data, result.attributes["Patches"].data
    right = 0
    for polygon in result.polygons:
        middle = sum((rest[index] for index in polygon.vertices), Vector()) / 3
        number: Any = tree.find_nearest(middle)[2]
        colours = {tuple(patches[loop].color) for loop in polygon.loop_indices}
        wanted = (number % 2, number % 3 == 0, 0.0, 1.0)
        right += result.attributes["Number"].data[polygon.index].value == number
        right += colours == {wanted}
        for loop in polygon.loop_indices:
            height = rest[result.loops[loop].vertex_index].z
            assert shade[loop].color[0] == pytest.approx(height / 4, abs=0.02)
    assert right > 1.9 * len(result.polygons)
    assert result.attributes.active_color_name == "Shade"


def test_edges_that_are_kept_keep_their_marks(store: Any, body: Any, tmp_path: Path) -> None:
    give_attributes(body)
    returned(store, tmp_path, body, remake=same)
    result = bpy.data.objects["Body"].data
    marked = {
        (edge.use_seam, result.attributes["crease_edge"].data[edge.index].value)
        for edge in result.edges
        if all(result.vertices[index].co.z > 3.9 for index in edge.vertices)
    }
    assert marked == {(True, 1.0)}
    assert sum(edge.use_seam for edge in result.edges) == 16


def test_a_still_object_has_its_groups_and_nothing_else(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    crate: Any = bpy.context.object
    crate.name = "Crate"
    crate.vertex_groups.new(name="Top").add([1, 3, 5, 7], 1.0, "REPLACE")
    returned(store, tmp_path, crate)
    result = bpy.data.objects["Crate"]
    assert result.data.shape_keys is None
    assert list(result.data.keys()) == []
    weights = [sum(pair.weight for pair in vertex.groups) for vertex in result.data.vertices]
    places = [vertex.co.z for vertex in result.data.vertices]
    for weight, height in zip(weights, places, strict=True):
        assert weight == pytest.approx((height + 1) / 2, abs=1e-3)


# -- several objects, and parts ----------------------------------------------------------------


def beside(body: Any, name: str, by: float) -> Any:
    """A copy of the body to the side of it."""
    other: Any = body.copy()
    other.data = body.data.copy()
    other.name = name
    other.data.transform(Matrix.Translation((by, 0, 0)))
    bpy.context.scene.collection.objects.link(other)
    return other


def together(*objects: Any) -> Any:
    """What is seen of the objects as one."""
    made = bpy.data.meshes.new("Together")
    places: list[Any] = []
    faces: list[Any] = []
    for obj in objects:
        own, triangles = seen(unhidden(obj))
        faces += [[index + len(places) for index in triangle] for triangle in triangles]
        places += own.tolist()
    made.from_pydata(places, [], faces)
    return add_object("Together", made)


def test_what_one_rig_moves_goes_on_as_one(store: Any, body: Any, tmp_path: Path) -> None:
    give_shapes(body)
    other = beside(body, "Other", 3.0)
    other.vertex_groups["Pin"].name = "Pin of the Other"
    job = returned(store, tmp_path, other, body)
    result, rig = bpy.data.objects["Body"], bpy.data.objects["Rig"]
    assert job.prepared.left_out == ()
    assert "Pin of the Other" in result.vertex_groups
    assert gap(result, together(body, other)) < NEAR
    for obj in (result, body, other):
        obj.data.shape_keys.key_blocks["Wide"].value = 0.0
    pose(rig, -0.5)
    assert gap(result, together(body, other)) < NEAR


def test_shape_keys_that_are_set_otherwise_are_no_longer_set(
    store: Any, body: Any, tmp_path: Path
) -> None:
    give_shapes(body)
    other = beside(body, "Other", 3.0)
    other.data.shape_keys.key_blocks["Wide"].value = 0.0
    job = returned(store, tmp_path, other, body)
    result = bpy.data.objects["Body"]
    (words,) = job.prepared.left_out
    assert words.startswith("Other keeps its shape")
    for angle in (0.8, -0.5):
        pose(bpy.data.objects["Rig"], angle)
        assert gap(result, together(body, other)) < NEAR


def test_what_nothing_moves_stays_beside_what_something_does(
    store: Any, body: Any, tmp_path: Path
) -> None:
    bpy.ops.mesh.primitive_cube_add(location=(8, 0, 0))
    crate: Any = bpy.context.object
    crate.shape_key_add(name="Basis")
    crate.shape_key_add(name="Flat").data[0].co.z = 0.0
    job = returned(store, tmp_path, crate, body)
    result = bpy.data.objects["Body"]
    (words,) = job.prepared.left_out
    assert words.startswith("Cube moves no more")
    for angle in (0.8, -0.5):
        pose(bpy.data.objects["Rig"], angle)
        assert gap(result, together(body, crate)) < NEAR


@pytest.mark.parametrize("bend", [keep_still, hang_in])
def test_parts_move_as_the_whole_did(
    store: Any, body: Any, tmp_path: Path, bend: Callable[[Any], None]
) -> None:
    bend(body)
    give_shapes(body)
    body.keyframe_insert("location", frame=1)
    body.modifiers.new("Smooth", "SMOOTH").iterations = 1
    body["note"] = "mine"
    returned(store, tmp_path, body, remake=apart, tool="segment")
    whole = bpy.data.objects["Body"]
    (piece,) = whole.children
    assert whole.type == "EMPTY"
    assert piece.name.startswith("Body ")
    assert [one.type for one in piece.modifiers] == ["ARMATURE"]
    assert piece.animation_data is None or piece.animation_data.action is None
    assert piece.get("note") is None
    for angle in (0.8, -0.5):
        pose(bpy.data.objects["Rig"], angle)
        assert gap(piece, unhidden(body)) < NEAR
    for obj in (piece, body):
        obj.data.shape_keys.key_blocks["Wide"].value = 0.0
    assert gap(piece, body) < NEAR


# -- where it does not take the place ----------------------------------------------------------


def test_beside_the_original_it_keeps_its_pose(store: Any, body: Any, tmp_path: Path) -> None:
    give_shapes(body)
    select(body)
    job = sent()
    record = prepared(job, tmp_path / "answer.blend", same)
    was = seen(body)[0]
    body.data.vertices[0].co.x += 0.1  # an edit
    finish(store, job, record)
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    (result,) = (obj for obj in bpy.data.objects if obj.get("studio3d_job") == job.id)
    assert result != body
    assert body.visible_get()
    assert result.data.shape_keys is None
    assert list(result.data.keys()) == []
    sides = np.ptp(seen(result)[0], axis=0)
    assert np.abs(sides - np.ptp(was, axis=0)).max() < 1e-4
    ops.studio3d.import_as_new(job_id=job.id)
    (new,) = bpy.context.selected_objects
    assert new.data.shape_keys is None
    assert np.abs(np.ptp(seen(new)[0], axis=0) - sides).max() < 1e-4


def test_without_modifiers_shape_keys_come_along(store: Any, body: Any, tmp_path: Path) -> None:
    give_shapes(body)
    part("blender.settings.properties").settings_of(bpy.context).apply_modifiers = False
    returned(store, tmp_path, body)
    assert max(differences(bpy.data.objects["Body"], body)) < NEAR


# -- the background Blender --------------------------------------------------------------------


@pytest.mark.oldest_and_newest
@pytest.mark.parametrize("tool", ["repair", "texture-model"])
def test_the_background_blender_carries_over(
    store: Any, body: Any, tmp_path: Path, tool: str
) -> None:
    """The file itself as the answer; new textures on polygons that a modifier makes."""
    give_shapes(body)
    subdivide_first(body)
    select(body)
    job = sent(tool, **WISHES.get(tool, {}))
    host, usual = part("blender.runtime.worker_host"), (seconds(120), threading.Event())
    part("worker.export").BlenderExporter(host.export_command(), *usual).export(job.export)
    preparer = part("worker.prepare").BlenderPreparer(host.prepare_command(), *usual)
    record = preparer.prepare(job, [job.export.to], tmp_path / "answer.blend")
    assert record.left_out == ()
    finish(store, job, record)
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    result = bpy.data.objects["Body"]
    assert [one.show_viewport for one in result.modifiers] == [False, True]
    assert max(differences(result, body)) < EXACT


def test_trouble_with_the_original_costs_the_result_nothing(
    store: Any, body: Any, tmp_path: Path
) -> None:
    select(body)
    geometry = asdict(sent().origin.sent.geometry)
    Path(geometry["blend"]).unlink()
    made = bpy.data.collections.new("Answer")
    bpy.context.scene.collection.children.link(made)
    made.objects.link(body)
    preparation = part("blender.background.preparation")
    model = preparation.Model(made, [body], [])
    preparation._keep_original(model, {**geometry, "outcome": "REPLACEMENT", "step": 1})
    assert [said["template"] for said in model.left_out] == [preparation.NOT_KEPT]
    assert list(bpy.data.objects) == [body]


# -- what is said before it is paid ------------------------------------------------------------


def lost(obj: Any, tool: str = "repair") -> str:
    """What the panel says of the object, and the dialog as well."""
    select(obj)
    settings(tool, **WISHES.get(tool, {}))
    found = set()
    for kind in (bpy.types.STUDIO3D_PT_tools, bpy.types.STUDIO3D_OT_send):
        layout = RecordingLayout()
        kind.draw(SimpleNamespace(layout=layout), bpy.context)
        found.add(layout.text.partition("Not carried over to the result: ")[2].partition(".")[0])
    (said,) = found
    return str(said)


WISHES: Any = {"texture-model": {"prompt": "red bricks"}}


def test_what_is_lost_is_said(store: Any, body: Any) -> None:
    give_shapes(body)
    hook(body)
    subdivide_first(body)
    assert lost(body) == ""  # all of it goes on
    body.data.uv_layers.new(name="Lightmap")
    assert lost(body, "texture-model") == "Lightmap"
    assert lost(body, "convert") == ""
    body.modifiers.new("Robe", "CLOTH")
    body.modifiers.new("Hair", "PARTICLE_SYSTEM")
    assert lost(body) == "Lightmap, Robe, Hair"
    mirror_after(body)
    assert lost(body) == "Lightmap, Hook, Rig, …"


def on_bone(obj: Any) -> None:
    obj.parent, obj.parent_type, obj.parent_bone = bpy.data.objects["Rig"], "BONE", "Upper"


def keyed(obj: Any) -> None:
    obj.keyframe_insert("location", frame=1)


def held(obj: Any) -> None:
    obj.constraints.new("COPY_LOCATION").target = bpy.data.objects["Rig"]


def on_keyed_cart(obj: Any) -> None:
    obj.parent = add_object("Cart", None)
    keyed(obj.parent)


def on_cart(obj: Any) -> None:
    obj.parent = add_object("Cart", None)


@pytest.mark.parametrize(
    ("move", "is_said"),
    [(on_bone, True), (keyed, True), (held, True), (on_keyed_cart, True), (on_cart, False)],
)
def test_what_others_do_to_it_when_they_move_is_said(
    store: Any, body: Any, move: Callable[[Any], None], *, is_said: bool
) -> None:
    """The mesh has it as it was when it was sent."""
    plane = add_object("Plane", None)
    move(plane)
    mirror_first(body)
    body.modifiers["Mirror"].mirror_object = plane
    assert lost(body) == ("Mirror" if is_said else "")
    if move is on_keyed_cart:
        body.parent = plane.parent
        assert lost(body) == ""  # both move together
    cut = body.modifiers.new("Cut", "BOOLEAN")
    cut.object = add_object("Cutter", body.data.copy(), parent=plane)
    body.modifiers.move(2, 0)
    assert ("Cut" in lost(body)) == (is_said and move is not on_keyed_cart)
    look_at(body.modifiers.new("Nodes", "NODES"), add_object("Target", None, parent=plane))
    assert ("Nodes" in lost(body)) == (is_said and move is not on_keyed_cart)
    assert lost(body, "convert") == ""


def look_at(modifier: Any, target: Any) -> None:
    """Give the modifier nodes with an object for an input."""
    tree: Any = bpy.data.node_groups.new("Nodes", "GeometryNodeTree")
    for way in ("INPUT", "OUTPUT"):
        tree.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    socket = tree.interface.new_socket("At", in_out="INPUT", socket_type="NodeSocketObject")
    tree.links.new(
        tree.nodes.new("NodeGroupInput").outputs[0], tree.nodes.new("NodeGroupOutput").inputs[0]
    )
    modifier.node_group = tree
    if bpy.app.version < (5, 2):
        modifier[socket.identifier] = target
    else:
        getattr(modifier.properties.inputs, socket.identifier).value = target
    bpy.context.view_layer.update()


def test_a_bent_object_that_is_mirrored_is_said(store: Any, body: Any) -> None:
    hang_in(body)
    assert lost(body) == ""
    mirror_after(body)
    assert lost(body) == "Rig"


def test_new_textures_on_its_own_polygons_lose_nothing(store: Any, body: Any) -> None:
    bind_to_cage(body)
    assert lost(body) == "Box"
    assert lost(body, "texture-model") == ""
    subdivide(body)
    assert lost(body, "texture-model") == "Box"
