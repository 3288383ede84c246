"""What a result finds when it comes back: the object as it was left, or not."""

import subprocess
from math import isclose
from pathlib import Path
from typing import Any

import bpy
import pytest
from mathutils import Matrix, Vector

from tests.blender.conftest import part
from tests.blender.results import finish, make_blend
from tests.blender.round_trips import bounds, distance, select, settings, volume
from tests.patience import seconds

ORIGINAL = "Crate Original"


@pytest.fixture
def crate() -> bpy.types.Object:
    """A box of 2 x 4 x 6, moved, turned and scaled, with everything an object can have."""
    parent = bpy.data.objects.new("Shelf", None)
    parent.location = (5, 0, 0)
    bpy.context.scene.collection.objects.link(parent)
    bpy.ops.mesh.primitive_cube_add(size=2.0, location=(1, 2, 3), rotation=(0.5, 0.4, 0.3))
    obj = bpy.context.object
    obj.name = "Crate"
    obj.scale = (1, 2, 3)
    obj.parent = parent
    obj["note"] = "keep me"
    obj.modifiers.new("Round", "BEVEL").width = 0.01
    second = bpy.data.collections.new("Second Home")
    bpy.context.scene.collection.children.link(second)
    second.objects.link(obj)
    obj.data.materials.append(bpy.data.materials.new("Wood"))
    child = bpy.data.objects.new("Label", None)
    bpy.context.scene.collection.objects.link(child)
    child.parent = obj
    bpy.context.view_layer.update()
    return obj


def sent(tool: str = "repair", **values: Any) -> Any:
    """Queue the selection for a tool; nobody takes it to the service."""
    settings(tool, **values)
    tools = part("blender.runtime.tool_orders")
    (job, *more) = part("blender.runtime.tool_submission").send(
        bpy.context, tools.order_of(bpy.context)
    )
    assert not more
    return job


def answered(store: Any, job: Any, folder: Path, *sizes: float) -> Any:
    """Let the service answer with boxes of these sizes, standing on what was the origin."""
    prepared = make_blend(folder / f"{job.id}.blend", "Answer", *sizes)
    finish(store, job, prepared)
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    return store.get(job.id)


def exported(job: Any, folder: Path) -> Path:
    """Have the job's model exported by the background Blender, as the worker does."""
    import threading

    export = part("worker.export").BlenderExporter
    command = part("blender.runtime.worker_host").export_command()
    export(command, seconds(120), threading.Event()).export(job.export)
    return Path(job.export.to)


def test_everything_of_the_original_is_kept(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    world = crate.matrix_world.copy()
    homes = set(crate.users_collection)
    job = answered(store, sent(), tmp_path, 2.0)
    assert job.state == "PLACED"
    result = bpy.data.objects["Crate"]
    bpy.context.view_layer.update()
    assert result is not crate
    assert crate.name == ORIGINAL
    assert result.matrix_world == world
    assert result.parent == bpy.data.objects["Shelf"]
    assert set(result.users_collection) == homes
    assert result["note"] == "keep me"
    assert [m.name for m in result.modifiers] == ["Round"]
    assert not result.modifiers[0].show_viewport  # its effect is in the mesh that was sent
    assert bpy.data.objects["Label"].parent == result
    assert [slot.material.name for slot in result.material_slots] == ["Wood"]
    assert result["studio3d_job"] == job.id
    assert not crate.visible_get()
    assert crate.modifiers[0].show_viewport
    assert [collection.name for collection in bpy.data.collections] == ["Second Home"]


def test_the_answer_lies_where_it_was_sent_from(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    """A box of 2 on the origin of what was sent, in the directions of the scene."""
    select(crate)
    centre = crate.matrix_world.translation.copy()
    # What is chosen for new models is nothing to a result that has its place.
    choices = part("blender.settings.properties").settings_of(bpy.context).placement
    choices.where, choices.size_by, choices.into = "SURFACE", "HEIGHT", "ACTIVE"
    choices.origin_at_base = False
    answered(store, sent(), tmp_path, 2.0)
    bpy.context.view_layer.update()
    low, high = bounds(bpy.data.objects["Crate"])
    assert (low - (centre - Vector((1, 1, 0)))).length < 1e-4
    assert (high - (centre + Vector((1, 1, 2)))).length < 1e-4
    assert isclose(volume(bpy.data.objects["Crate"]), 8.0, rel_tol=1e-4)


def test_modifiers_that_were_not_applied_stay_on(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    part("blender.settings.properties").settings_of(bpy.context).apply_modifiers = False
    answered(store, sent(), tmp_path, 2.0)
    assert bpy.data.objects["Crate"].modifiers[0].show_viewport


@pytest.mark.fault(
    "An object is moved and renamed while it is worked on", "The result takes the place it has now"
)
def test_moved_and_renamed_meanwhile_it_is_still_the_same(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    job = sent()
    crate.name = "Chest"
    crate.location = (9, 9, 9)
    bpy.ops.mesh.primitive_cube_add()
    bpy.context.object.name = "Crate"  # another object takes the name
    answered(store, job, tmp_path, 2.0)
    bpy.context.view_layer.update()
    result = bpy.data.objects["Chest"]
    assert result is not crate
    assert result.matrix_world.translation == crate.matrix_world.translation
    assert bpy.data.objects["Crate"].visible_get()


@pytest.mark.fault(
    "An object is edited while it is worked on", "It stays as it is; the result stands beside it"
)
def test_edited_meanwhile_it_stands_beside(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    job = sent()
    crate.data.vertices[0].co.x += 0.25
    answered(store, job, tmp_path, 2.0)
    bpy.context.view_layer.update()
    assert bpy.data.objects["Crate"] is crate
    assert crate.visible_get()
    (result,) = bpy.context.selected_objects
    assert result["studio3d_job"] == job.id
    assert bounds(result)[0].x > crate.matrix_world.translation.x + 1.0


@pytest.mark.fault("An object is deleted while it is worked on", "The result stands where it was")
def test_deleted_meanwhile_it_is_where_that_was(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    centre = crate.matrix_world.translation.copy()
    job = sent()
    bpy.data.objects.remove(crate)
    answered(store, job, tmp_path, 2.0)
    bpy.context.view_layer.update()
    (result,) = bpy.context.selected_objects
    low, _ = bounds(result)
    assert (low - (centre - Vector((1, 1, 0)))).length < 1e-4


@pytest.mark.fault(
    "The file is saved and opened again while an object is worked on",
    "The result takes that object's place",
)
def test_a_file_opened_again_knows_the_object(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    job = sent()
    crate.name = "Chest"
    path = str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    answered(store, job, tmp_path, 2.0)
    if store.get(job.id).state == "READY":  # it was saved under a name only after it was sent
        bpy.ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    assert bpy.data.objects["Chest"]["studio3d_job"] == job.id
    assert not bpy.data.objects["Chest Original"].visible_get()


def test_a_mirrored_object_stays_outside_out(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    cube.scale = (-1, 1, 1)
    bpy.context.view_layer.update()
    select(cube)
    answered(store, sent(), tmp_path, 2.0)
    bpy.context.view_layer.update()
    result = bpy.data.objects["Cube"]
    assert result.matrix_world.is_negative
    assert isclose(abs(volume(result)), 8.0, rel_tol=1e-4)
    # Blender turns faces round where an object is mirrored, so locally they must point inwards.
    flipped = result.data.copy()
    flipped.transform(result.matrix_world)
    assert flipped.polygons[0].normal.dot(flipped.polygons[0].center - Vector((0, 0, 1))) < 0


def test_an_object_of_no_size_has_no_place_to_take(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    cube.scale = (0, 0, 0)
    bpy.context.view_layer.update()
    select(cube)
    job = answered(store, sent(), tmp_path, 2.0)
    assert job.state == "PLACED"
    assert bpy.data.objects["Cube"] is cube
    assert cube.visible_get()


def test_swapping_never_writes_what_keys_say(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    for frame, x in ((1, 0.0), (11, 10.0)):
        crate.location.x = x
        crate.keyframe_insert("location", frame=frame)
    bpy.context.scene.frame_set(1)
    select(crate)
    answered(store, sent(), tmp_path, 2.0)
    result = bpy.data.objects["Crate"]
    result.location.x = 99.0  # pulled away, and not keyed
    assert bpy.ops.studio3d.swap() == {"FINISHED"}
    assert crate.location.x == 0.0
    bpy.context.scene.frame_set(11)
    assert crate.location.x == 10.0


def test_swap_and_keep(store: Any, crate: bpy.types.Object, tmp_path: Path) -> None:
    select(crate)
    answered(store, sent(), tmp_path, 2.0)
    result = bpy.data.objects["Crate"]
    label = bpy.data.objects["Label"]
    result.location = (7, 7, 7)
    bpy.context.view_layer.update()

    assert bpy.ops.studio3d.swap() == {"FINISHED"}
    bpy.context.view_layer.update()
    assert (crate.name, result.name) == ("Crate", "Crate Repair")
    assert crate.visible_get()
    assert not result.visible_get()
    assert not crate.hide_render
    assert result.hide_render
    assert label.parent == crate
    assert crate.matrix_world == result.matrix_world  # it follows where the result was put

    assert bpy.ops.studio3d.swap() == {"FINISHED"}
    bpy.context.view_layer.update()
    assert result.visible_get()
    assert not crate.visible_get()
    assert label.parent == result
    assert (crate.name, result.name) == (ORIGINAL, "Crate")

    assert bpy.ops.studio3d.keep() == {"FINISHED"}
    assert ORIGINAL not in bpy.data.objects
    assert bpy.data.objects["Crate"] == result
    assert not bpy.ops.studio3d.swap.poll()


def test_keeping_the_original_leaves_it_as_it_was(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    world = crate.matrix_world.copy()
    answered(store, sent(), tmp_path, 2.0)
    assert bpy.ops.studio3d.keep(version=ORIGINAL) == {"FINISHED"}
    bpy.context.view_layer.update()
    assert bpy.data.objects["Crate"] == crate
    assert crate.visible_get()
    assert not crate.hide_render
    assert crate.matrix_world == world
    assert bpy.data.objects["Label"].parent == crate
    assert crate.get("studio3d_replaced") is None


def test_a_deleted_original_is_no_longer_offered(
    store: Any, crate: bpy.types.Object, tmp_path: Path
) -> None:
    select(crate)
    answered(store, sent(), tmp_path, 2.0)
    bpy.data.objects.remove(crate)
    assert not bpy.ops.studio3d.swap.poll()


def test_several_objects_come_back_as_one(store: Any, tmp_path: Path) -> None:
    objects = []
    for x in (0, 3, 6):
        bpy.ops.mesh.primitive_cube_add(location=(x, 0, 0))
        objects.append(bpy.context.object)
    select(*objects)
    job = answered(store, sent(), tmp_path, 2.0, 1.0)
    result = bpy.data.objects["Cube.002"]  # the active one
    assert result["studio3d_job"] == job.id
    assert len(result.data.polygons) == 12
    assert not any(obj.visible_get() for obj in objects)


def test_parts_hang_on_one_parent(store: Any, crate: bpy.types.Object, tmp_path: Path) -> None:
    select(crate)
    world = crate.matrix_world.copy()
    answered(store, sent("segment"), tmp_path, 2.0, 1.0)
    bpy.context.view_layer.update()
    parent = bpy.data.objects["Crate"]
    assert parent.type == "EMPTY"
    assert parent.matrix_world == world
    pieces = [child for child in parent.children if child.type == "MESH"]
    assert len(pieces) == 2
    assert sorted(round(volume(piece), 3) for piece in pieces) == [1.0, 8.0]
    assert bpy.ops.studio3d.swap() == {"FINISHED"}
    assert not any(piece.visible_get() for piece in pieces)
    assert crate.visible_get()


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e4])
def test_any_size_is_exported_in_metres(store: Any, tmp_path: Path, size: float) -> None:
    bpy.ops.mesh.primitive_cube_add(size=size, location=(100 * size, 0, 0))
    select(bpy.context.object)
    path = exported(sent(), tmp_path)
    (model,) = imported(path)
    assert isclose(volume(model), size**3, rel_tol=1e-3)
    assert abs(sum(bounds(model)[0])) < 2 * size  # around the origin, not 100 sizes away


def imported(path: Path) -> list[bpy.types.Object]:
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(path))
    bpy.context.view_layer.update()
    return [obj for obj in bpy.data.objects if obj not in before and obj.type == "MESH"]


def test_a_scene_in_centimetres(store: Any, tmp_path: Path) -> None:
    bpy.context.scene.unit_settings.scale_length = 0.01
    bpy.ops.mesh.primitive_cube_add(size=200.0, location=(500, 0, 0))
    cube = bpy.context.object
    select(cube)
    job = sent()
    bpy.context.scene.unit_settings.scale_length = 1.0
    (model,) = imported(exported(job, tmp_path))
    assert isclose(volume(model), 8.0, rel_tol=1e-4)
    bpy.data.objects.remove(model)
    bpy.context.scene.unit_settings.scale_length = 0.01
    answered(store, job, tmp_path, 2.0)
    bpy.context.view_layer.update()
    low, high = bounds(bpy.data.objects["Cube"])
    assert (high - low - Vector((200, 200, 200))).length < 0.01
    assert abs(low.x - 400) < 0.01


def test_what_is_sent_is_what_is_seen(store: Any, tmp_path: Path) -> None:
    """Modifiers, an edit that is not finished, names of any script."""
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    cube.name = "Würfel 立方体 مكعب"
    array = cube.modifiers.new("Row", "ARRAY")
    array.count = 3
    array.relative_offset_displace = (2, 0, 0)
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.transform.resize(value=(0.5, 0.5, 0.5))
    job = sent()
    bpy.ops.object.mode_set(mode="OBJECT")
    (model,) = imported(exported(job, tmp_path))
    assert isclose(volume(model), 3.0, rel_tol=1e-4)
    assert isclose(model.dimensions.x, 5.0, rel_tol=1e-4)


def test_without_modifiers_only_the_mesh_is_sent(store: Any, tmp_path: Path) -> None:
    """Its shape as it is seen, which is made of its keys."""
    bpy.ops.mesh.primitive_cube_add()
    cube: Any = bpy.context.object
    cube.modifiers.new("Row", "ARRAY").count = 3
    cube.shape_key_add(name="Basis")
    key = cube.shape_key_add(name="Tall")
    for point in key.data:
        point.co.z *= 2.0
    key.value = 1.0
    part("blender.settings.properties").settings_of(bpy.context).apply_modifiers = False
    (model,) = imported(exported(sent(), tmp_path))
    assert isclose(volume(model), 16.0, rel_tol=1e-4)


def test_instances_are_made_real(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    inner = bpy.context.object
    kit = bpy.data.collections.new("Kit")
    kit.objects.link(inner)
    bpy.context.scene.collection.objects.unlink(inner)
    empty = bpy.data.objects.new("Kit Instance", None)
    empty.instance_type = "COLLECTION"
    empty.instance_collection = kit
    empty.location = (4, 0, 0)
    empty.scale = (2, 1, 1)
    bpy.context.scene.collection.objects.link(empty)
    bpy.context.view_layer.update()
    select(empty)
    job = sent()
    (model,) = imported(exported(job, tmp_path))
    assert isclose(volume(model), 16.0, rel_tol=1e-4)
    bpy.data.objects.remove(model)
    answered(store, job, tmp_path, 2.0)
    result = bpy.data.objects["Kit Instance"]
    assert result.type == "MESH"
    assert isclose(volume(result), 8.0, rel_tol=1e-4)
    assert not empty.visible_get()


def test_instances_of_geometry_nodes_are_what_they_show(store: Any, tmp_path: Path) -> None:
    """Grids of 3 x 2 on the corners of a box: shapes that no object has."""
    bpy.ops.mesh.primitive_cube_add()
    box = bpy.context.object
    tree: Any = bpy.data.node_groups.new("Scatter", "GeometryNodeTree")
    for way in ("INPUT", "OUTPUT"):
        tree.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    names = ("MeshGrid", "SetMaterial", "InstanceOnPoints")
    grid, paint, scatter = (tree.nodes.new(f"GeometryNode{name}") for name in names)
    start, end = tree.nodes.new("NodeGroupInput"), tree.nodes.new("NodeGroupOutput")
    paint.inputs["Material"].default_value = bpy.data.materials.new("Leaf")
    grid.inputs["Size X"].default_value, grid.inputs["Size Y"].default_value = 3.0, 2.0
    tree.links.new(start.outputs[0], scatter.inputs["Points"])
    tree.links.new(grid.outputs["Mesh"], paint.inputs["Geometry"])
    tree.links.new(paint.outputs["Geometry"], scatter.inputs["Instance"])
    tree.links.new(scatter.outputs["Instances"], end.inputs[0])
    box.modifiers.new("Scatter", "NODES").node_group = tree
    select(box)
    shown = part("blender.scene.visible_surfaces")
    found = shown.parts(bpy.context, box, apply_modifiers=True)
    assert shown.extents(found) == pytest.approx([5.0, 4.0, 2.0])
    models = imported(exported(sent(), tmp_path))
    areas: list[float] = [polygon.area for model in models for polygon in model.data.polygons]
    assert isclose(sum(areas), 8 * 6.0, rel_tol=1e-4)
    worn = {slot.material.name.partition(".")[0] for m in models for slot in m.material_slots}
    assert worn == {"Leaf"}


def test_children_are_sent_if_asked_for(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add(location=(1, 1, 1))
    parent = bpy.context.object
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=(5, 0, 0))
    child = bpy.context.object
    child.parent = parent
    bpy.context.view_layer.update()
    select(parent)
    alone = sent()
    part("blender.settings.properties").settings_of(bpy.context).with_children = True
    together = sent()
    assert len(alone.origin.sent.objects) == 1
    models = imported(exported(together, tmp_path))
    assert sorted(round(volume(model), 3) for model in models) == [1.0, 8.0]
    small = min(models, key=volume)
    offset = child.matrix_world.translation - parent.matrix_world.translation
    assert (sum(bounds(small), Vector()) / 2 - offset).length < 1e-4


def test_a_group_below_an_empty_comes_back_as_one(store: Any, tmp_path: Path) -> None:
    group = bpy.data.objects.new("Group", None)
    group.location = (3, 0, 0)
    bpy.context.scene.collection.objects.link(group)
    for x in (0, 5):
        bpy.ops.mesh.primitive_cube_add(location=(x, 0, 0))
        bpy.context.object.parent = group
    select(group)
    part("blender.settings.properties").settings_of(bpy.context).with_children = True
    job = sent()
    models = imported(exported(job, tmp_path))
    assert [round(volume(model), 3) for model in models] == [8.0, 8.0]
    for model in models:
        bpy.data.objects.remove(model)
    answered(store, job, tmp_path, 2.0)
    result = bpy.data.objects["Group"]
    assert result.type == "MESH"
    assert [obj.name for obj in bpy.context.view_layer.objects if obj.visible_get()] == ["Group"]
    select(result)
    assert bpy.ops.studio3d.swap() == {"FINISHED"}
    assert bpy.data.objects["Group"] == group
    assert all(child.visible_get() for child in group.children)


def test_linked_objects_are_sent_and_stay(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add(size=3.0)
    bpy.context.object.name = "Linked"
    library = str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=library)
    bpy.ops.wm.read_homefile(use_empty=True)
    load: Any = bpy.data.libraries.load  # the stubs do not know what it returns
    with load(library, link=True) as (_, wanted):
        wanted.objects = ["Linked"]
    (linked,) = wanted.objects
    bpy.context.scene.collection.objects.link(linked)
    bpy.context.view_layer.update()
    select(linked)
    job = sent()
    (model,) = imported(exported(job, tmp_path))
    assert isclose(volume(model), 27.0, rel_tol=1e-4)
    bpy.data.objects.remove(model)
    job = answered(store, job, tmp_path, 2.0)
    assert job.state == "PLACED"
    assert linked.visible_get()
    assert bpy.context.selected_objects[0]["studio3d_job"] == job.id


def test_nothing_but_edges_cannot_be_sent(store: Any, tmp_path: Path) -> None:
    mesh = bpy.data.meshes.new("Wire")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0)], [(0, 1)], [])
    wire = bpy.data.objects.new("Wire", mesh)
    bpy.context.scene.collection.objects.link(wire)
    select(wire)
    failed = part("jobs.runner_deps").PreparationFailed
    with pytest.raises(failed) as error:
        exported(sent(), tmp_path)
    assert "no surface" in error.value.message


def test_degenerate_meshes_arrive(store: Any, tmp_path: Path) -> None:
    """Faces without area, doubled faces and loose vertices beside a good cube."""
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    mesh = cube.data
    places = [tuple(vertex.co) for vertex in mesh.vertices]
    faces = [tuple(polygon.vertices) for polygon in mesh.polygons]
    odd = bpy.data.meshes.new("Odd")
    odd.from_pydata([*places, (5, 5, 5), (6, 6, 6), (7, 7, 7)], [], [*faces, faces[0], (8, 9, 10)])
    cube.data = odd
    select(cube)
    (model,) = imported(exported(sent(), tmp_path))
    assert isclose(bounds(model)[1].x, 7.0, rel_tol=1e-4) or len(model.data.polygons) >= 12


def test_sending_exports_nothing_here(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exporting takes seconds, which `scripts/bench` measures: a background Blender does it."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("exported, or waited for a process")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    operator: Any = bpy.types.Operator.bl_rna_get_subclass_py("EXPORT_SCENE_OT_gltf")
    monkeypatch.setattr(operator, "execute", refuse)
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=500, y_subdivisions=500)
    grid = bpy.context.object
    select(grid)
    settings("repair")
    tools = part("blender.runtime.tool_orders")
    order = tools.order_of(bpy.context)
    (job,) = part("blender.runtime.tool_submission").send(bpy.context, order)
    assert job.export.blend.is_file()
    assert not job.export.to.exists()
    result = bpy.data.objects.new("Distance", grid.data)
    assert distance(result, grid) == 0.0
    assert Matrix.Identity(4) == grid.matrix_world
