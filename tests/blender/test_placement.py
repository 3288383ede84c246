"""Where a result stands, how large it is, what it is put into: as chosen when it was ordered."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import pytest
from mathutils import Vector

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import finish, make_blend, ops
from tests.blender.test_prepare import prepare

SIZE = 2.0
"""Of the box that every result here is, in metres."""


@pytest.fixture
def choices(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context).placement


def order(store: Any, folder: Path) -> Any:
    """A job ordered with the present choices, whose result is ready."""
    plan = part("jobs.planner").plan_one("tencent-rapid", {"prompt": "a brass lamp"})
    job = part("blender.runtime.submission").submit(bpy.context, plan)
    prepared = make_blend(folder / f"{job.id}.blend", job.name, SIZE)
    return finish(store, job, prepared)


def place(job: Any, **choices: Any) -> Any:
    """Import by hand; gives the object."""
    assert ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id, **choices) == {"FINISHED"}
    return bpy.context.view_layer.objects.active


def bounds(obj: bpy.types.Object) -> tuple[Vector, Vector]:
    """Lowest and highest corner in the world."""
    bpy.context.view_layer.update()
    corners = [obj.matrix_world @ vertex.co for vertex in obj.data.vertices]
    low, high = ([side(c[axis] for c in corners) for axis in range(3)] for side in (min, max))
    return Vector(low), Vector(high)


def add_box(name: str, low: Sequence[float], high: Sequence[float]) -> bpy.types.Object:
    """A box between two corners with its origin in the middle."""
    bpy.ops.mesh.primitive_cube_add(size=1.0)
    box = bpy.context.object
    box.name = name
    box.location = (Vector(low) + Vector(high)) / 2
    box.scale = Vector(high) - Vector(low)
    bpy.context.view_layer.update()
    return box


def add_plane(z: float, *, upside_down: bool = False) -> bpy.types.Object:
    bpy.ops.mesh.primitive_plane_add(size=10.0, location=(0.0, 0.0, z))
    plane = bpy.context.object
    if upside_down:
        plane.data.flip_normals()
    return plane


def put_cursor(*location: float) -> None:
    bpy.context.scene.cursor.location = location


def remark_on(job: Any) -> str:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    remark: str = part("blender.snapshot.snapshot").current().row(job.id).remark
    return remark


# -- on a surface --------------------------------------------------------------------------


@pytest.mark.parametrize(("cursor", "stands_at"), [
    pytest.param((3.0, -2.0, 8.0), 1.0, id="above"),
    pytest.param((3.0, -2.0, 1.0), 1.0, id="on it"),
    pytest.param((0.0, 0.0, 0.25), 1.0, id="inside"),
    pytest.param((0.0, 0.0, -5.0), 1.0, id="under"),
])  # fmt: skip
def test_it_stands_on_the_surface_at_the_cursor(
    store: Any, choices: Any, tmp_path: Path, cursor: tuple[float, ...], stands_at: float
) -> None:
    add_box("Floor", (-9, -9, 0), (9, 9, 1))
    put_cursor(*cursor)
    choices.where = "SURFACE"
    low, high = bounds(place(order(store, tmp_path)))
    assert low.z == pytest.approx(stands_at, abs=1e-5)
    assert high.z - low.z == pytest.approx(SIZE)
    assert [(low.x + high.x) / 2, (low.y + high.y) / 2] == pytest.approx(cursor[:2])


@pytest.mark.parametrize("upside_down", [False, True])
@pytest.mark.parametrize("height", [3.0, 0.0, -3.0])
def test_a_plane_is_a_surface_from_both_sides(
    store: Any, choices: Any, tmp_path: Path, height: float, *, upside_down: bool
) -> None:
    add_plane(height, upside_down=upside_down)
    choices.where = "SURFACE"
    low, _ = bounds(place(order(store, tmp_path)))
    assert low.z == pytest.approx(height, abs=1e-5)


def test_a_ceiling_is_no_floor(store: Any, choices: Any, tmp_path: Path) -> None:
    add_plane(0.0, upside_down=True)
    add_box("Ceiling", (-5, -5, 3), (5, 5, 4))
    put_cursor(0.0, 0.0, 1.0)
    choices.where = "SURFACE"
    low, _ = bounds(place(order(store, tmp_path)))
    assert low.z == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("how", ["hide_set", "hide_viewport", "WIRE", "excluded"])
def test_what_is_not_seen_is_no_surface(store: Any, choices: Any, tmp_path: Path, how: str) -> None:
    add_plane(-1.0)
    box = add_box("Hidden", (-1, -1, 2), (1, 1, 3))
    if how == "hide_set":
        box.hide_set(True)
    elif how == "hide_viewport":
        box.hide_viewport = True
    elif how == "WIRE":
        box.display_type = "WIRE"
    else:
        away = bpy.data.collections.new("Away")
        bpy.context.scene.collection.children.link(away)
        bpy.context.scene.collection.objects.unlink(box)
        away.objects.link(box)
        bpy.context.view_layer.layer_collection.children["Away"].exclude = True
    put_cursor(0.0, 0.0, 9.0)
    choices.where = "SURFACE"
    low, _ = bounds(place(order(store, tmp_path)))
    assert low.z == pytest.approx(-1.0, abs=1e-5)


def test_a_second_result_stands_on_the_first(store: Any, choices: Any, tmp_path: Path) -> None:
    add_plane(0.0)
    put_cursor(0.0, 0.0, 9.0)
    choices.where = "SURFACE"
    first = place(order(store, tmp_path))
    second = place(order(store, tmp_path))
    assert bounds(second)[0].z == pytest.approx(bounds(first)[1].z, abs=1e-4)


def test_without_a_surface_it_stands_on_the_cursor_and_says_so(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    add_plane(0.0)
    put_cursor(50.0, 0.0, 2.0)
    choices.where = "SURFACE"
    job = order(store, tmp_path)
    obj = place(job)
    assert tuple(obj.location) == (50.0, 0.0, 2.0)
    assert "no surface" in remark_on(job)
    put_cursor(0.0, 0.0, 2.0)
    place(job)
    assert remark_on(job) == ""


# -- in place of the selection ---------------------------------------------------------------


def test_it_stands_where_the_object_stands_that_was_selected(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    blockout = add_box("Blockout", (4, 5, 1), (6, 7, 4))
    choices.where = "SELECTION"
    job = order(store, tmp_path)
    blockout.name = "Renamed"
    blockout.location.x += 10.0
    add_box("Blockout", (-1, -1, -1), (1, 1, 1))  # of the same name, and selected now
    low, high = bounds(place(job))
    assert (low + high) / 2 == Vector((15.0, 6.0, 2.0))
    assert low.z == pytest.approx(1.0)
    assert blockout.visible_get()


def test_the_object_is_known_again_after_opening_the_file(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    blockout = add_box("Blockout", (4, 5, 1), (6, 7, 4))
    choices.where = "SELECTION"
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    job = order(store, tmp_path)
    blockout.name = "Renamed"
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
    low, _ = bounds(place(job))
    assert low == Vector((4.0, 5.0, 1.0))


def test_an_empty_is_a_place_as_well(store: Any, choices: Any, tmp_path: Path) -> None:
    bpy.ops.object.empty_add(location=(1.0, 2.0, 3.0))
    choices.where = "SELECTION"
    obj = place(order(store, tmp_path))
    assert tuple(obj.location) == (1.0, 2.0, 3.0)


@pytest.mark.fault(
    "The object is deleted on whose place a result was ordered",
    "It stands where that was, and says so",
)
def test_without_the_object_it_stands_where_that_was_and_says_so(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    blockout = add_box("Blockout", (4, 5, 1), (6, 7, 4))
    choices.where = "SELECTION"
    job = order(store, tmp_path)
    bpy.data.objects.remove(blockout)
    put_cursor(-3.0, 0.0, 0.0)
    assert tuple(place(job).location) == (5.0, 6.0, 1.0)
    assert "Blockout is gone" in remark_on(job)


def test_with_nothing_selected_it_stands_on_the_cursor_and_says_so(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    put_cursor(-3.0, 0.0, 0.0)
    choices.where = "SELECTION"
    job = order(store, tmp_path)
    assert tuple(place(job).location) == (-3.0, 0.0, 0.0)
    assert "nothing was selected" in remark_on(job)


# -- size and origin -------------------------------------------------------------------------


@pytest.mark.parametrize("size_by", ["HEIGHT", "LONGEST"])
@pytest.mark.parametrize(("system", "scale_length", "units"), [
    ("METRIC", 1.0, 0.5),
    ("METRIC", 0.01, 50.0),
    ("METRIC", 0.001, 500.0),
    ("IMPERIAL", 0.3048, 0.5 / 0.3048),
    ("NONE", 0.001, 0.5),
])  # fmt: skip
def test_its_size_is_the_real_one_whatever_the_units(
    store: Any,
    choices: Any,
    tmp_path: Path,
    system: str,
    scale_length: float,
    units: float,
    size_by: str,
) -> None:
    bpy.context.scene.unit_settings.system = system
    bpy.context.scene.unit_settings.scale_length = scale_length
    choices.size_by = size_by
    choices.length = units  # as it is typed in: half a metre
    assert choices.metres == pytest.approx(0.5)
    put_cursor(1.0, 2.0, 3.0)
    obj = place(order(store, tmp_path))
    low, high = bounds(obj)
    assert list(high - low) == pytest.approx([units] * 3, rel=1e-5)
    assert low.z == pytest.approx(3.0, abs=1e-4)
    assert tuple(obj.scale) == (1.0, 1.0, 1.0)


def test_height_and_longest_side_differ(store: Any, tmp_path: Path) -> None:
    job = order(store, tmp_path)
    prepared = replace(job.prepared, dimensions=(2.0, 1.0, 0.5))
    store.change(job.id, job.state, prepared=prepared)
    tall = place(job, size_by="HEIGHT", metres=1.0)
    assert tall.dimensions.x == pytest.approx(4.0)
    long = place(job, size_by="LONGEST", metres=1.0)
    assert long.dimensions.x == pytest.approx(1.0)


@pytest.mark.parametrize("scale_length", [1.0, 0.01])
@pytest.mark.parametrize("at_base", [True, False])
def test_the_origin_is_at_the_base_or_where_the_file_has_it(
    store: Any, choices: Any, tmp_path: Path, scale_length: float, *, at_base: bool
) -> None:
    bpy.context.scene.unit_settings.scale_length = scale_length
    choices.origin_at_base = at_base
    choices.size_by, choices.metres = "HEIGHT", 1.0
    put_cursor(1.0, 2.0, 3.0)
    job = order(store, tmp_path)
    libraries: Any = bpy.data.libraries
    with libraries.load(str(job.prepared.path)) as (_, wanted):
        wanted.collections = [job.prepared.collection]
    (collection,) = wanted.collections
    collection["studio3d_file_origin"] = [0.0, 0.5, 1.0]  # of a box of 2 m
    libraries.write(str(job.prepared.path), {collection}, fake_user=True)
    bpy.data.batch_remove([*collection.objects, collection])

    obj = place(job)
    unit = 1.0 / scale_length
    low, high = bounds(obj)
    assert low.z == pytest.approx(3.0, abs=1e-4)
    assert high.z == pytest.approx(3.0 + unit, rel=1e-5)
    expected = (1.0, 2.0, 3.0) if at_base else (1.0, 2.0 + 0.25 * unit, 3.0 + 0.5 * unit)
    assert list(obj.location) == pytest.approx(expected, rel=1e-5)
    assert "studio3d_file_origin" not in obj.users_collection[0]


# -- collections -----------------------------------------------------------------------------


def add_collection(name: str) -> bpy.types.Collection:
    """A new collection, which becomes the active one."""
    collection = bpy.data.collections.new(name)
    bpy.context.scene.collection.children.link(collection)
    layer = bpy.context.view_layer.layer_collection.children[name]
    bpy.context.view_layer.active_layer_collection = layer
    return collection


def test_it_goes_into_the_collection_that_was_active(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    props = add_collection("Props")
    choices.into = "ACTIVE"
    job = order(store, tmp_path)
    props.name = "Furniture"
    add_collection("Props")
    obj = place(job)
    assert list(obj.users_collection) == [props]
    assert [c.name for c in bpy.data.collections] == ["Furniture", "Props"]
    assert obj.select_get()
    assert remark_on(job) == ""


def test_it_goes_into_the_scenes_own_collection(store: Any, choices: Any, tmp_path: Path) -> None:
    choices.into = "ACTIVE"
    obj = place(order(store, tmp_path))
    assert list(obj.users_collection) == [bpy.context.scene.collection]


@pytest.mark.fault("The collection for a result is deleted or hidden", "It is where it can be seen")
@pytest.mark.parametrize("how", ["excluded", "hidden", "removed"])
def test_a_collection_that_is_not_there_or_not_seen_does_not_swallow_it(
    store: Any, choices: Any, tmp_path: Path, how: str
) -> None:
    props = add_collection("Props")
    choices.into = "ACTIVE"
    job = order(store, tmp_path)
    if how == "excluded":
        bpy.context.view_layer.layer_collection.children["Props"].exclude = True
    elif how == "hidden":
        props.hide_viewport = True
    else:
        bpy.data.collections.remove(props)
    obj = place(job)
    assert [c.name for c in obj.users_collection] == [job.name]
    assert obj.visible_get()
    assert "one of its own" in remark_on(job)


# -- a real file -----------------------------------------------------------------------------

WIDTH = 64
"""Of the picture that is rendered, in pixels."""


def painted_box(folder: Path) -> Path:
    """A GLB of a box of 2 m, its origin in the middle, whose texture is red and green."""
    bpy.ops.mesh.primitive_cube_add(size=2.0)
    material = bpy.data.materials.new("Paint")
    if bpy.app.version < (5, 0):  # later always on
        material.use_nodes = True
    image = bpy.data.images.new("paint", 32, 32)
    stripe = [*(1.0, 0.0, 0.0, 1.0)] * 4 + [*(0.0, 1.0, 0.0, 1.0)] * 4
    image.pixels.foreach_set(stripe * (32 * 32 // 8))
    image.update()
    image.pack()
    tree = material.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    tree.links.new(texture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
    bpy.context.object.data.materials.append(material)
    path = folder / "painted.glb"
    bpy.ops.export_scene.gltf(filepath=str(path))
    bpy.ops.wm.read_homefile(use_empty=True)
    return path


def rendered_colours(obj: bpy.types.Object, to: Path) -> list[tuple[float, ...]]:
    """What Cycles sees of the object from the front, above it and to its right: its pixels."""
    scene = bpy.context.scene
    sun = bpy.data.objects.new("Sun", bpy.data.lights.new("Sun", "SUN"))
    sun.data.energy = 3.0
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    low, high = bounds(obj)
    direction = Vector((1.0, -1.0, 1.0))
    camera.location = (low + high) / 2 + direction * (high - low).length * 1.5
    camera.data.clip_end = 1e5
    for thing in (sun, camera):
        thing.rotation_euler = direction.to_track_quat("Z", "Y").to_euler()
        scene.collection.objects.link(thing)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 4
    scene.cycles.use_denoising = False
    scene.render.film_transparent = True
    scene.render.resolution_x = scene.render.resolution_y = WIDTH
    scene.view_settings.view_transform = "Standard"
    scene.render.filepath = str(to)
    bpy.ops.render.render(write_still=True)
    pixels = list(bpy.data.images.load(str(to)).pixels)
    return [tuple(pixels[start : start + 4]) for start in range(0, len(pixels), 4)]


def test_a_delivered_file_is_placed_textured_and_the_right_way_out(
    store: Any, tmp_path: Path
) -> None:
    report = prepare(tmp_path, painted_box(tmp_path))
    scene = bpy.context.scene
    scene.unit_settings.scale_length = 0.01
    choices = part("blender.settings.properties").settings_of(bpy.context).placement
    choices.where, choices.size_by, choices.metres = "SURFACE", "HEIGHT", 0.3
    choices.origin_at_base = False
    add_box("Table", (-50, -50, 60), (50, 50, 70))  # in centimetres
    put_cursor(0.0, 0.0, 500.0)
    job = order(store, tmp_path)
    store.change(
        job.id,
        job.state,
        prepared=replace(
            job.prepared,
            path=tmp_path / "out.blend",
            collection=report["collection"],
            dimensions=tuple(report["dimensions"]),
        ),
    )
    obj = place(job)
    low, high = bounds(obj)
    assert (low.z, high.z) == pytest.approx((70.0, 100.0), abs=1e-3)
    assert list(obj.location) == pytest.approx(
        [0.0, 0.0, 85.0], abs=1e-3
    )  # the file's, in the middle
    assert tuple(obj.scale) == (1.0, 1.0, 1.0)
    middle = (low + high) / 2 - obj.location
    assert all(face.normal.dot(face.center - middle) > 0.0 for face in obj.data.polygons)

    bpy.data.objects["Table"].hide_render = True
    seen = rendered_colours(obj, tmp_path / "seen.png")
    red = sum(r > 0.3 and g < 0.1 for r, g, _, alpha in seen if alpha > 0.9)
    green = sum(g > 0.3 and r < 0.1 for r, g, _, alpha in seen if alpha > 0.9)
    assert red > WIDTH
    assert green > WIDTH


# -- when what is decided --------------------------------------------------------------------


def test_what_was_chosen_when_ordering_counts(store: Any, choices: Any, tmp_path: Path) -> None:
    choices.size_by, choices.metres = "HEIGHT", 0.5
    job = order(store, tmp_path)
    choices.size_by, choices.where, choices.into = "FILE", "SELECTION", "ACTIVE"
    bpy.context.window.scene = bpy.data.scenes.new("Another")
    obj = place(job)
    assert obj.dimensions.z == pytest.approx(0.5)
    assert [c.name for c in obj.users_collection] == [job.name]


def test_the_cursor_counts_as_it_is_when_the_result_is_ordered(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    choices.size_by, choices.metres = "HEIGHT", 0.5
    put_cursor(7.0, 0.0, 0.0)
    job = order(store, tmp_path)
    choices.size_by = "FILE"
    put_cursor(-7.0, 0.0, 0.0)
    watch = part("blender.runtime.job_monitor")
    while watch.poll_once(bpy.context).placeable:
        pass
    (obj,) = (obj for obj in bpy.data.objects if obj.get("studio3d_job") == job.id)
    assert obj.location.x == 7.0
    assert obj.dimensions.z == pytest.approx(0.5)


def test_once_more_is_the_same_size_at_the_present_cursor(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    add_box("Blockout", (4, 5, 1), (6, 7, 4))
    choices.where, choices.size_by, choices.metres = "SELECTION", "HEIGHT", 0.5
    job = order(store, tmp_path)
    place(job)
    put_cursor(-2.0, 0.0, 0.0)
    assert ops.studio3d.import_as_new("EXEC_DEFAULT", True, job_id=job.id) == {"FINISHED"}
    again = bpy.context.view_layer.objects.active
    assert tuple(again.location) == (-2.0, 0.0, 0.0)
    assert again.dimensions.z == pytest.approx(0.5)


def test_the_choices_can_be_adjusted_while_importing(store: Any, tmp_path: Path) -> None:
    add_plane(4.0)
    job = order(store, tmp_path)
    low, high = bounds(place(job, where="SURFACE", size_by="HEIGHT", metres=0.25))
    assert low.z == pytest.approx(4.0, abs=1e-5)
    assert high.z - low.z == pytest.approx(0.25)


def test_jobs_ordered_elsewhere_are_placed_in_the_usual_way(store: Any, tmp_path: Path) -> None:
    usual, origins = part("jobs.placement_options").PlacementOptions(), part("jobs.origin")
    for kept in ({}, {"placement": {"where": "MOON", "size_by": "HEIGHT"}}):
        job = order(store, tmp_path)
        told = job.origin.to_json() | {"placement": {}, **kept}
        job = store.change(job.id, job.state, origin=origins.Origin.from_json(told))
        assert job.origin.placement_options == usual
        assert place(job).dimensions.z == pytest.approx(SIZE)


def test_the_panels_show_the_length_only_where_it_counts(choices: Any) -> None:
    recording = RecordingLayout()
    part("blender.widgets.placement").draw_choices(recording, choices)
    names = [name for _, name in recording.properties]
    assert names == ["where", "size_by", "origin_at_base", "into"]
    choices.size_by = "LONGEST"
    recording = RecordingLayout()
    part("blender.widgets.placement").draw_choices(recording, choices)
    assert "length" in [name for _, name in recording.properties]
