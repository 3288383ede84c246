"""The spot of a result: taken when it is ordered, free of everything, and kept until it comes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import pytest
from mathutils import Vector

from tests.blender.conftest import part
from tests.blender.results import finish, make_blend, ops
from tests.blender.test_placement import add_box, bounds, order, place, put_cursor

UNITS = [("METRIC", 1.0), ("METRIC", 0.01), ("METRIC", 0.001), ("IMPERIAL", 0.3048), ("NONE", 0.5)]


@pytest.fixture
def choices(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context).placement


def queue(prompt: str = "a brass lamp") -> Any:
    """An order that nobody works on yet."""
    plan = part("jobs.planner").plan_one("tencent-rapid", {"prompt": prompt})
    return part("blender.runtime.submission").submit(bpy.context, plan)


def arrive(store: Any, folder: Path, job: Any, sides: Sequence[float] = (2.0, 2.0, 2.0)) -> Any:
    """The result comes, a box of these sides in metres, and enters the scene by itself."""
    prepared = make_blend(folder / f"{job.id}.blend", job.name, sides[0])
    finish(store, job, replace(prepared, dimensions=tuple(sides)))
    look_until_still()
    return placed_by(job)[0]


def look_until_still() -> None:
    while part("blender.runtime.job_monitor").poll_once(bpy.context).placeable:
        pass


def placed_by(job: Any) -> list[Any]:
    return [obj for obj in bpy.context.scene.objects if obj.get("studio3d_job") == job.id]


def apart(*objects: Any) -> bool:
    """Whether no two of the objects share any room."""
    boxes = [bounds(obj) for obj in objects]
    return not any(
        all(low[axis] < other_high[axis] - 1e-6 and other_low[axis] < high[axis] - 1e-6
            for axis in range(3))
        for number, (low, high) in enumerate(boxes)
        for other_low, other_high in boxes[:number]
    )  # fmt: skip


def spot_of(job: Any) -> Vector:
    return Vector(job.origin.placement.spot.point)


# -- taken when ordering ---------------------------------------------------------------------


def test_two_queued_orders_stand_side_by_side_whichever_comes_first(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    first, second = queue("a lamp"), queue("a chair")
    assert spot_of(first) == Vector((0.0, 0.0, 0.0))
    assert spot_of(second).x == pytest.approx(1.2)  # of the usual size, with a gap
    put_cursor(-50.0, 0.0, 0.0)
    later, earlier = (arrive(store, tmp_path, job, (1.0, 1.0, 1.0)) for job in (second, first))
    assert tuple(earlier.location) == (0.0, 0.0, 0.0)
    assert later.location.x == pytest.approx(1.2)
    assert apart(earlier, later)


def test_a_result_larger_than_expected_keeps_its_spot_and_the_next_makes_way(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    jobs = [queue() for _ in range(3)]
    objects = [arrive(store, tmp_path, job, (3.0, 3.0, 3.0)) for job in jobs]
    assert tuple(objects[0].location) == (0.0, 0.0, 0.0)
    assert apart(*objects)
    assert all(obj.location.z == obj.location.y == 0.0 for obj in objects)


@pytest.mark.parametrize(("system", "scale"), UNITS)
@pytest.mark.parametrize("metres", [0.075, 1.0])
def test_the_first_result_does_not_stand_in_the_default_cube(
    store: Any, choices: Any, tmp_path: Path, system: str, scale: float, metres: float
) -> None:
    units = bpy.context.scene.unit_settings
    units.system, units.scale_length = system, scale
    cube = add_box("Cube", (-1, -1, -1), (1, 1, 1))
    choices.size_by, choices.metres = "HEIGHT", metres
    job = queue()
    obj = arrive(store, tmp_path, job)
    side = metres / part("blender.core.units").metres_per_unit(bpy.context.scene)
    assert obj.dimensions.z == pytest.approx(side)
    assert apart(cube, obj)
    assert bounds(obj)[0].x == pytest.approx(1.0 + 0.2 * side, rel=1e-4)
    assert tuple(obj.location) == pytest.approx(tuple(spot_of(job)))


def test_what_comes_to_stand_on_the_spot_meanwhile_keeps_it(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    job = queue()
    box = add_box("Since", (-0.5, -0.5, 0.0), (0.5, 0.5, 1.0))
    assert apart(box, arrive(store, tmp_path, job))


def test_the_spot_is_known_again_after_opening_the_file(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    path = str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    put_cursor(4.0, 5.0, 6.0)
    job = queue()
    bpy.ops.wm.read_homefile(use_empty=True)
    other = queue("a chair")  # the other file's spots are none here
    assert spot_of(other) == Vector((0.0, 0.0, 0.0))
    bpy.ops.wm.open_mainfile(filepath=path)
    assert spot_of(queue("a table")).x == 0.0
    assert tuple(arrive(store, tmp_path, job).location) == (4.0, 5.0, 6.0)


def test_spots_are_those_of_their_scene(store: Any, choices: Any, tmp_path: Path) -> None:
    job, first = queue(), bpy.context.scene
    second = bpy.data.scenes.new("Second")
    bpy.context.window.scene = second
    assert spot_of(queue()) == Vector((0.0, 0.0, 0.0))
    second.cursor.location = (9.0, 0.0, 0.0)
    finish(store, job, make_blend(tmp_path / "lamp.blend", job.name))
    assert tuple(place(store.get(job.id)).location) == (9.0, 0.0, 0.0)  # by hand, elsewhere
    bpy.context.window.scene = first
    assert tuple(place(store.get(job.id)).location) == (0.0, 0.0, 0.0)


def test_a_cancelled_order_gives_its_spot_back(store: Any, choices: Any) -> None:
    job = queue()
    part("jobs.actions").cancel(store, job)
    assert spot_of(queue()) == Vector((0.0, 0.0, 0.0))


def test_a_picture_takes_no_spot(store: Any, choices: Any) -> None:
    plan = part("jobs.planner").plan_one("image-gemini25flash", {"prompt": "a lamp"})
    job = part("blender.runtime.submission").submit(bpy.context, plan)
    assert job.origin.placement.spot is None


# -- by hand ---------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["CURSOR", "SELECTION"])
def test_importing_twice_does_not_stack(
    store: Any, choices: Any, tmp_path: Path, where: str
) -> None:
    blockout = add_box("Blockout", (4, 5, 1), (6, 7, 4))
    choices.where = where
    job = order(store, tmp_path)
    objects = [place(job)]
    objects.append(place(job))
    bpy.context.view_layer.objects.active = blockout
    ops.studio3d.import_as_new("EXEC_DEFAULT", True, job_id=job.id)
    objects.append(bpy.context.view_layer.objects.active)
    assert len(placed_by(job)) == 3
    assert apart(*objects)
    if where == "SELECTION":
        assert bounds(objects[0])[0] == Vector((4.0, 5.0, 1.0))


def test_the_first_comes_where_it_was_ordered_and_the_next_to_the_cursor(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    job = order(store, tmp_path)
    put_cursor(20.0, 0.0, 0.0)
    first = place(job)
    assert first.location.x == 0.0
    assert place(job).location.x == 20.0
    bpy.data.objects.remove(first)
    put_cursor(40.0, 0.0, 0.0)
    assert place(job).location.x == 40.0
    for obj in placed_by(job):
        bpy.data.objects.remove(obj)
    assert place(job).location.x == 0.0


def test_orders_on_a_surface_stand_on_it_side_by_side(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    add_box("Floor", (-9, -9, 0), (9, 9, 1))
    add_box("Step", (0.9, -9, 0), (9, 9, 1.5))
    put_cursor(0.0, 0.0, 8.0)
    choices.where = "SURFACE"
    jobs = [queue(), queue()]
    objects = [arrive(store, tmp_path, job, (1.0, 1.0, 1.0)) for job in jobs]
    assert [bounds(obj)[0].z for obj in objects] == pytest.approx([1.0, 1.5], abs=1e-4)
    assert apart(*objects)


def test_a_script_says_exactly_where_or_gets_the_spot(store: Any, tmp_path: Path) -> None:
    api = part("api")
    cube = add_box("Cube", (-1, -1, -1), (1, 1, 1))
    first, second = order(store, tmp_path), order(store, tmp_path)
    (exact,) = api.place(first.id, location=(0.25, 0.0, 0.0))
    assert tuple(exact.location) == (0.25, 0.0, 0.0)
    bpy.data.objects.remove(exact)
    objects = [cube, *api.place(first.id), *api.place(second.id), *api.place(second.id)]
    assert apart(*objects)


# -- what stands there -----------------------------------------------------------------------


def shown_far(obj: bpy.types.Object) -> None:
    """Five of it in a row, by a modifier."""
    row: Any = obj.modifiers.new("Row", "ARRAY")
    row.count, row.relative_offset_displace = 5, (1.0, 0.0, 0.0)


def test_the_size_that_modifiers_make_counts(store: Any, choices: Any, tmp_path: Path) -> None:
    shown_far(add_box("Cube", (-1, -1, -1), (1, 1, 1)))
    assert bounds(arrive(store, tmp_path, queue()))[0].x >= 9.0


def test_an_instance_of_a_collection_stands_there_as_well(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    box = add_box("Cube", (-1, -1, -1), (1, 1, 1))
    kit = bpy.data.collections.new("Kit")
    kit.objects.link(box)
    bpy.context.scene.collection.objects.unlink(box)
    empty = bpy.data.objects.new("Kit", None)
    empty.instance_type, empty.instance_collection = "COLLECTION", kit
    empty.location.x = 0.5
    bpy.context.scene.collection.objects.link(empty)
    assert bounds(arrive(store, tmp_path, queue()))[0].x > 1.5


@pytest.mark.parametrize("how", ["hide_set", "hide_viewport", "BOUNDS", "excluded", "empty"])
def test_what_is_not_seen_is_not_in_the_way(
    store: Any, choices: Any, tmp_path: Path, how: str
) -> None:
    box = add_box("Cube", (-1, -1, -1), (1, 1, 1))
    if how == "hide_set":
        box.hide_set(True)
    elif how == "hide_viewport":
        box.hide_viewport = True
    elif how == "BOUNDS":
        box.display_type = "BOUNDS"
    elif how == "empty":
        bpy.data.objects.remove(box)
        bpy.ops.object.empty_add(radius=3.0)
    else:
        away = bpy.data.collections.new("Away")
        bpy.context.scene.collection.children.link(away)
        bpy.context.scene.collection.objects.unlink(box)
        away.objects.link(box)
        bpy.context.view_layer.layer_collection.children["Away"].exclude = True
    assert tuple(arrive(store, tmp_path, queue()).location) == (0.0, 0.0, 0.0)


def make_hills() -> None:
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=40, y_subdivisions=40, size=60.0)
    for vertex in bpy.context.object.data.vertices:
        vertex.co.z = 0.4 * vertex.co.x


def make_room() -> None:
    box = add_box("Room", (-5, -5, 0), (5, 5, 3))
    box.data.flip_normals()


def make_sky() -> None:
    add_box("Sky", (-500, -500, -500), (500, 500, 500))
    add_box("Table", (3, -1, 0), (5, 1, 1))


def make_arcade() -> None:
    """A wide roof on posts, one mesh."""
    add_box("Roof", (-6, -6, 4), (6, 6, 4.5))
    bpy.ops.object.select_all(action="DESELECT")
    posts = [add_box("Post", (x, y, 0), (x + 1, y + 1, 4)) for x in (-6, 5) for y in (-6, 5)]
    for post in posts:
        post.select_set(True)
    bpy.context.view_layer.objects.active = bpy.data.objects["Roof"]
    bpy.data.objects["Roof"].select_set(True)
    bpy.ops.object.join()


@pytest.mark.parametrize("make", [make_hills, make_room, make_sky, make_arcade])
def test_its_surroundings_are_not_in_the_way(
    store: Any, choices: Any, tmp_path: Path, make: Any
) -> None:
    make()
    bpy.context.view_layer.update()
    first, second = queue(), queue()
    objects = [arrive(store, tmp_path, job, (1.0, 1.0, 1.0)) for job in (first, second)]
    assert tuple(objects[0].location) == (0.0, 0.0, 0.0)
    assert objects[1].location.x == pytest.approx(1.2)
    assert objects[1].location.z == pytest.approx(0.48 if make is make_hills else 0.0, abs=1e-4)


def test_it_does_not_reach_through_a_low_roof(store: Any, choices: Any, tmp_path: Path) -> None:
    make_arcade()
    choices.size_by, choices.metres = "HEIGHT", 4.2
    roof = bpy.data.objects["Roof"]
    bpy.context.view_layer.update()
    prepared_sides = (0.5, 0.5, 1.0)
    low, _ = bounds(arrive(store, tmp_path, queue(), prepared_sides))
    assert low.x >= bounds(roof)[1].x


def test_it_stands_on_what_it_touches(store: Any, choices: Any, tmp_path: Path) -> None:
    add_box("Floor", (-1, -1, -1), (1, 1, 0))
    add_box("Ceiling", (-1, -1, 2), (1, 1, 3))
    assert tuple(arrive(store, tmp_path, queue()).location) == (0.0, 0.0, 0.0)


def test_far_from_the_origin_touching_is_still_no_overlap(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    bpy.context.scene.unit_settings.scale_length = 0.001
    add_box("Floor", (99_000, -1000, -1), (101_000, 1000, 0))
    put_cursor(100_000.0, 0.0, 0.0)
    job = queue()
    assert spot_of(job) == Vector((100_000.0, 0.0, 0.0))


# -- how large -------------------------------------------------------------------------------


def order_miniature(store: Any, folder: Path, **values: Any) -> Any:
    """A figurine of the size that ``make_blend`` gives it, whatever was ordered."""
    plan = part("jobs.planner").plan_one(
        "miniature",
        {"image": str(folder / "me.png"), "preset": "v4_miniature_general", **values},
    )
    job = part("blender.runtime.submission").submit(bpy.context, plan)
    return finish(store, job, make_blend(folder / f"{job.id}.blend", job.name, 2.0))


@pytest.mark.parametrize(("system", "scale"), UNITS)
def test_a_figurine_is_as_high_as_ordered_whatever_the_other_form_says(
    store: Any, choices: Any, tmp_path: Path, system: str, scale: float
) -> None:
    units = bpy.context.scene.unit_settings
    units.system, units.scale_length = system, scale
    choices.size_by, choices.metres = "HEIGHT", 1.0  # of the Generate panel
    job = order_miniature(store, tmp_path, scale="custom", scale_height_cm=7.5)
    assert job.origin.placement.spot.size == pytest.approx((0.075,) * 3)
    unit = part("blender.core.units").metres_per_unit(bpy.context.scene)
    assert place(job).dimensions.z == pytest.approx(0.075 / unit)
    assert place(order(store, tmp_path)).dimensions.z == pytest.approx(1.0 / unit)


def test_without_an_ordered_height_it_comes_as_delivered_or_as_its_own_form_says(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    choices.size_by, choices.metres = "HEIGHT", 1.0
    assert place(order_miniature(store, tmp_path, scale="h0")).dimensions.z == pytest.approx(2.0)
    settings = part("blender.settings.properties").settings_of(bpy.context)
    own = settings.miniature_placement
    own.size_by, own.metres = "HEIGHT", 0.054
    job = order_miniature(store, tmp_path, scale="custom", scale_height_cm=7.5)
    assert place(job).dimensions.z == pytest.approx(0.054)
    assert choices.metres == 1.0


def test_run_again_orders_the_same_size_at_a_spot_of_its_own(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    choices.size_by, choices.metres = "HEIGHT", 0.3
    job = order(store, tmp_path)
    choices.size_by = "FILE"
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    draft = part("blender.settings.job_choices").same_again(job)
    said = {"report": lambda *_: None, "clicked": True, "agree_to_unknown_price": False}
    operator = type("Operator", (), said)()
    options = job.origin.placement_options
    ordering = part("blender.operators.ordering")
    ordering.place_order(operator, bpy.context, draft, job.name, options)
    (again,) = (one for one in store.all() if one.id != job.id)
    assert again.origin.placement_options == options
    assert spot_of(again).x == pytest.approx(0.36)


# -- whether it is still there -----------------------------------------------------------------


def said_of(job: Any) -> tuple[str, bool]:
    """The job's words in the list, and whether it counts as being in the file."""
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    row = part("blender.snapshot.snapshot").current().row(job.id)
    return str(row.text), row.is_here


@pytest.mark.fault(
    "A placed result is deleted", "Said to be no longer in the scene; it can be imported again"
)
def test_a_result_that_was_deleted_is_not_called_placed(store: Any, tmp_path: Path) -> None:
    job = order(store, tmp_path)
    file = part("jobs.job").ResultFile(tmp_path / "lamp.glb", "3D_MODEL")
    obj = place(store.change(job.id, job.state, files=(file,)))
    assert said_of(job) == ("Placed", True)
    scene = bpy.context.scene
    other = bpy.data.scenes.new("Other")
    bpy.context.window.scene = other
    assert said_of(job) == ("Placed", True)
    obj.users_collection[0].objects.unlink(obj)
    assert said_of(job) == ("Not in the scene any more", False)
    scene.collection.objects.link(obj)
    assert said_of(job) == ("Placed", True)
    bpy.data.objects.remove(obj)
    assert said_of(job) == ("Not in the scene any more", False)
    results = part("blender.snapshot.snapshot").current().results.rows
    assert [row.is_here for row in results] == [False]


def test_in_another_file_it_is_said_to_be_elsewhere(store: Any, tmp_path: Path) -> None:
    job = order(store, tmp_path)
    place(job)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.read_homefile(use_empty=True)
    assert said_of(job) == ("Placed in another file", False)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    assert said_of(job) == ("Placed", True)


# -- what viewports are told ---------------------------------------------------------------------


def test_the_box_makes_way_for_what_comes_before_it_and_the_result_lands_there(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    first, second, third = (queue(name) for name in ("a lamp", "a chair", "a vase"))
    store.claim_due("worker", 1e12, second.service_address, can_prepare=True, limit=9)
    obj = arrive(store, tmp_path, first, (3.0, 3.0, 3.0))
    assert tuple(obj.location) == (0.0, 0.0, 0.0)
    shown = boxes()
    assert [box.low[0] for box in shown] == pytest.approx([1.7, 2.9])  # right of what stands there
    store.change(second.id, second.state, owner="worker", attempts=1)  # who works on it goes on
    for job, box in zip((second, third), shown, strict=True):
        come = arrive(store, tmp_path, job, (1.0, 1.0, 1.0))
        assert list(bounds(come)[0]) == pytest.approx(box.low, abs=1e-5)


def test_a_large_result_makes_a_row_with_what_was_ordered_after_it(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    cube = add_box("Cube", (-1, -1, -1), (1, 1, 1))
    jobs = [queue(name) for name in ("a lamp", "a chair", "a vase")]
    objects = [cube, *(arrive(store, tmp_path, job, (2.0, 2.0, 2.0)) for job in jobs)]
    assert [bounds(obj)[0].x for obj in objects] == pytest.approx([-1.0, 1.4, 3.8, 6.2], abs=1e-4)


def boxes() -> list[Any]:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    return list(part("blender.snapshot.snapshot").current().boxes)


def test_a_box_stands_at_the_spot_while_the_job_runs(
    store: Any, choices: Any, tmp_path: Path
) -> None:
    bpy.context.scene.unit_settings.scale_length = 0.01
    choices.size_by, choices.metres = "HEIGHT", 0.5
    put_cursor(10.0, 20.0, 30.0)
    job, other = queue("a lamp"), queue("a chair")
    (box, beside) = boxes()
    assert box.scene_uid == bpy.context.scene.session_uid
    assert (box.low, box.high) == ((-15.0, -5.0, 30.0), (35.0, 45.0, 80.0))
    assert (box.name, box.text, box.fraction) == ("a lamp", "Waiting to be sent", None)
    assert beside.low[0] == pytest.approx(45.0)
    states = part("jobs.states").State
    for state in (states.SUBMITTING, states.PENDING):
        store.change(job.id, state, task_id="task")
    store.change(job.id, states.RUNNING, progress=40)
    assert (boxes()[0].text, boxes()[0].fraction) == ("Generating 40 %", 0.4)
    part("jobs.actions").cancel(store, other)
    assert [one.name for one in boxes()] == ["a lamp"]
    store.change(job.id, states.DOWNLOADING)
    store.change(job.id, states.PREPARING)
    prepared = make_blend(tmp_path / "lamp.blend", "a lamp")
    store.change(job.id, states.READY, prepared=prepared)
    assert len(boxes()) == 1  # it is about to come
    look_until_still()
    assert boxes() == []


def test_boxes_are_those_of_the_open_file(store: Any, choices: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "a.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    queue("a lamp")
    bpy.ops.wm.read_homefile(use_empty=True)
    assert boxes() == []
    bpy.ops.wm.open_mainfile(filepath=path)
    assert [one.scene_uid for one in boxes()] == [bpy.context.scene.session_uid]


def test_what_takes_an_objects_place_has_the_box_of_that_object(store: Any) -> None:
    crate = add_box("Crate", (1, 2, 3), (2, 4, 6))
    settings = part("blender.settings.properties").settings_of(bpy.context)
    settings.tool = "repair"
    orders = part("blender.runtime.tool_orders")
    part("blender.runtime.tool_submission").send(bpy.context, orders.order_of(bpy.context))
    assert [(box.low, box.high) for box in boxes()] == [((1.0, 2.0, 3.0), (2.0, 4.0, 6.0))]
    crate.name = "Renamed"
    crate.location.x += 5.0
    bpy.context.view_layer.update()
    assert [box.low for box in boxes()] == [(6.0, 2.0, 3.0)]
    bpy.data.objects.remove(crate)
    assert boxes() == []
