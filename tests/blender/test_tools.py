"""Every tool from its button to what it leaves behind, compared by geometry."""

from collections.abc import Iterator
from math import isclose
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.round_trips import (
    at_service,
    distance,
    open_edges,
    round_trip,
    select,
    send,
    settings,
    volume,
    wait_for,
)
from tests.sandboxes import Sandbox


@pytest.fixture
def store(extension: ModuleType, tmp_path: Path, sandbox: Sandbox) -> Iterator[Any]:
    with at_service(tmp_path, sandbox) as opened:
        yield opened


@pytest.fixture
def ball() -> bpy.types.Object:
    """A closed ball of radius 1 with a UV map and a checkered picture on it."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=64, ring_count=32, location=(2, 0, 0))
    obj = bpy.context.object
    obj.name = "Ball"
    obj.data.materials.append(textured("Checkers"))
    select(obj)
    return obj


def textured(name: str) -> bpy.types.Material:
    image = bpy.data.images.new(name, 256, 256)
    image.generated_type = "COLOR_GRID"
    image.pack()
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = image
    shader = material.node_tree.nodes["Principled BSDF"]
    material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
    return material


def has_texture(obj: bpy.types.Object) -> bool:
    has_pictures = part("blender.scene.materials").has_pictures
    return any(has_pictures(slot.material) for slot in obj.material_slots)


@pytest.mark.oldest_and_newest
def test_repair_closes_a_model_to_a_height(store: Any, ball: bpy.types.Object) -> None:
    ball.data.polygons.foreach_set("use_smooth", [True] * len(ball.data.polygons))
    job = round_trip(
        "repair", quality="low", use_target_height=True, target_height=0.5, hollow=True,
        wall_thickness=20.0, texture_resolution=256,
    )  # fmt: skip
    assert job.state == "PLACED", job.failure
    assert job.estimate == 90
    result = bpy.data.objects["Ball"]
    assert open_edges(result) == 0
    assert isclose(result.dimensions.z, 0.5, rel_tol=0.02)
    full = 4 / 3 * 3.1416 * 0.25**3
    assert isclose(volume(result), full - full * (0.23 / 0.25) ** 3, rel_tol=0.2)
    assert has_texture(result)
    assert result.data.uv_layers


@pytest.mark.oldest_and_newest
def test_before_and_after_are_told(store: Any, ball: bpy.types.Object) -> None:
    round_trip("repair", quality="low", texture_resolution=256)
    results = part("blender.widgets.results_of_object")
    (before_title, before), (after_title, after) = results.before_and_after(
        bpy.data.objects["Ball"]
    )
    assert (before_title, after_title) == ("Before", "After")
    assert before["open_edges"] == after["open_edges"] == 0
    assert isclose(before["volume"], 4.18, rel_tol=0.02)
    assert isclose(after["volume"], 4.18, rel_tol=0.1)
    assert before["triangles"] == 3968
    assert before["texture_size"] == 256


def has_draco() -> bool:
    """Whether this Blender has the library its glTF importer decodes Draco with."""
    paths = [bpy.utils.resource_path(kind) for kind in ("LOCAL", "SYSTEM")]
    roots = [Path(path) for path in paths if path]  # the module has no local one
    return any(next(root.rglob("*extern_draco*"), None) for root in roots if root.is_dir())


@pytest.mark.oldest_and_newest
def test_optimize_keeps_the_shape_with_fewer_triangles(store: Any, ball: bpy.types.Object) -> None:
    triangles = len(ball.data.loops) - 2 * len(ball.data.polygons)
    job = round_trip("optimize", use_max_texture_size=True, max_texture_size=64)
    if not has_draco():
        assert (job.state, job.failure.code) == ("READY", "no_reader")
        assert "this Blender has no Draco library" in job.failure.message
        assert "FBX" in job.failure.hint
        assert job.files[0].path.is_file()
        return
    assert job.state == "PLACED", job.failure
    result = bpy.data.objects["Ball"]
    assert len(result.data.polygons) < 0.7 * triangles
    assert distance(result, ball) < 0.05
    assert has_texture(result)
    assert job.prepared.figures["texture_size"] == 64


@pytest.mark.oldest_and_newest
def test_convert_saves_the_file_where_asked(
    store: Any, ball: bpy.types.Object, tmp_path: Path
) -> None:
    settings("convert", output_format="stl").import_converted = False
    (job,) = send(filepath=str(tmp_path / "Out" / "Kugel.stl"))
    job = wait_for(job)
    saved = tmp_path / "Out" / "Kugel.stl"
    assert job.state == "READY"
    bpy.ops.wm.stl_import(filepath=str(saved))
    model = bpy.context.object
    assert isclose(abs(volume(model)), abs(volume(ball)), rel_tol=0.01)
    assert bpy.data.objects["Ball"] is ball


@pytest.mark.oldest_and_newest
def test_convert_can_import_what_it_made(
    store: Any, ball: bpy.types.Object, tmp_path: Path
) -> None:
    settings("convert", output_format="fbx").import_converted = True
    (job,) = send(filepath=str(tmp_path / "ball.fbx"))
    assert wait_for(job).state == "PLACED"
    (result,) = [obj for obj in bpy.context.selected_objects if obj.get("studio3d_job")]
    assert ball.visible_get()
    assert result.location.x > ball.location.x + 1
    assert isclose(volume(result), volume(ball), rel_tol=0.01)


@pytest.mark.oldest_and_newest
def test_volume_gives_a_table_per_height(store: Any, ball: bpy.types.Object) -> None:
    settings("volume", target_heights="5 cm, 0.1")
    (job,) = send()
    job = wait_for(job)
    assert job.state == "READY", job.failure
    latest = part("blender.widgets.results_of_object").latest(
        bpy.context, part("catalog").Outcome.FIGURES
    )
    assert latest.id == job.id
    table = part("jobs.figures_table").of_job(job)
    assert len(table.rows) == 2
    column = table.columns.index("Volume cm³")
    assert [row[0] for row in table.rows] == ["0.05", "0.1"]  # in metres, as the scene is
    five, ten = (float(row[column]) for row in table.rows)
    assert isclose(five, 4 / 3 * 3.1416 * 2.5**3, rel_tol=0.05)
    assert isclose(ten / five, 8.0, rel_tol=0.01)
    assert table.columns[0] == "Target height (m)"
    assert "Bounding box (m)" in table.columns
    lines = table.as_text().splitlines()
    assert [len(line.split("\t")) for line in lines] == [len(table.columns)] * 3


def test_check_first_says_when_no_repair_is_needed(store: Any, ball: bpy.types.Object) -> None:
    checks = part("blender.scene.mesh_checks")
    assert bpy.ops.studio3d.check_model() == {"FINISHED"}
    assert checks.of(ball).verdict == "Watertight already: no repair needed"
    assert isclose(checks.of(ball).figures["volume"], volume(ball), rel_tol=1e-3)
    ball.data.flip_normals()
    ball.data.polygons[0].vertices[0]
    assert "inside out" in checks.check(bpy.context, ball).verdict
    bpy.ops.mesh.primitive_monkey_add()
    assert bpy.ops.studio3d.check_model() == {"FINISHED"}
    monkey = bpy.context.object
    found = checks.of(monkey)
    assert found.verdict == "Not watertight: Repair would close it"
    assert found.figures["open_edges"] == open_edges(monkey)


def test_it_says_what_is_missing(store: Any) -> None:
    tools = part("blender.runtime.tool_orders")
    settings("repair")
    order = tools.order_of(bpy.context)
    assert tools.find_blocker(bpy.context, order).message == "Select an object first."
    bpy.ops.mesh.primitive_cube_add()
    assert tools.find_blocker(bpy.context, tools.order_of(bpy.context)) is None
    settings("bake-texture")
    order = tools.order_of(bpy.context)
    assert "high poly" in tools.find_blocker(bpy.context, order).message


def test_too_much_is_refused_before_anything_is_written(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=100, y_subdivisions=100)
    grid = bpy.context.object
    settings("repair")
    tools, size = part("blender.runtime.tool_orders"), part("blender.scene.upload_size")
    assert not size.is_large(bpy.context, tools.order_of(bpy.context).selections)
    array = grid.modifiers.new("Many", "ARRAY")
    array.count = 120
    bpy.context.view_layer.update()
    order = tools.order_of(bpy.context)
    assert size.is_large(bpy.context, order.selections)
    assert tools.find_blocker(bpy.context, order) is None
    array.count = 500
    bpy.context.view_layer.update()
    blocker = tools.find_blocker(bpy.context, tools.order_of(bpy.context))
    assert "200 MB" in blocker.message


@pytest.mark.oldest_and_newest
def test_bake_brings_the_high_polys_textures_to_the_low_poly(
    store: Any, ball: bpy.types.Object
) -> None:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=16, ring_count=8, location=(2, 0, 0))
    low = bpy.context.object
    low.name = "Low"
    select(ball, low)
    settings("bake-texture", texture_resolution=256)
    jobs = send()
    assert [job.operation for job in jobs] == ["convert", "convert", "bake-texture"]
    assert sum(job.estimate for job in jobs) == 25
    job = wait_for(jobs[-1])
    assert job.state == "PLACED", job.failure
    result = bpy.data.objects["Low"]
    assert has_texture(result)
    assert result.data.uv_layers
    assert distance(result, low) < 0.02
    assert ball.visible_get()
    assert not low.visible_get()


@pytest.mark.oldest_and_newest
def test_render_opens_its_pictures(store: Any, ball: bpy.types.Object) -> None:
    settings("render", use_resolution=True, resolution=128)
    (job,) = send()
    job = wait_for(job)
    assert job.state == "READY", job.failure
    assert bpy.ops.studio3d.show_pictures(job_id=job.id) == {"FINISHED"}
    images = [image for image in bpy.data.images if image.name.startswith("Ball")]
    assert [tuple(image.size) for image in images] == [(128, 128)]


@pytest.mark.oldest_and_newest
def test_retexture_keeps_the_artists_geometry(store: Any, ball: bpy.types.Object) -> None:
    before = [tuple(vertex.co) for vertex in ball.data.vertices]
    faces = [tuple(polygon.vertices) for polygon in ball.data.polygons]
    job = round_trip("texture-model", prompt="red bricks")
    assert job.state == "PLACED", job.failure
    result = bpy.data.objects["Ball"]
    assert has_texture(result)
    assert result.material_slots[0].material != ball.material_slots[0].material
    assert [tuple(vertex.co) for vertex in result.data.vertices] == before
    assert [tuple(polygon.vertices) for polygon in result.data.polygons] == faces


@pytest.mark.oldest_and_newest
def test_hunyuan_retexture_takes_the_way_over_an_fbx(store: Any, ball: bpy.types.Object) -> None:
    """It takes addresses only: the model goes through Convert, which is paid for and shown."""
    before = [tuple(vertex.co) for vertex in ball.data.vertices]
    faces = [tuple(polygon.vertices) for polygon in ball.data.polygons]
    settings("texture-edit", prompt="red bricks", enable_pbr=True)
    order = part("blender.runtime.tool_orders").order_of(bpy.context)
    price = order.estimate()
    assert (price.total, price.words()) == (
        90,
        "10 credits Convert + 80 credits Retexture (Hunyuan)",
    )
    convert, retexture = send()
    assert convert.values["output_format"] == "fbx"
    assert retexture.values["file_url"] == f"result-of:{convert.id}"
    job = wait_for(retexture)
    assert job.state == "PLACED", job.failure
    assert store.get(convert.id).files[0].path.suffix == ".fbx"
    result = bpy.data.objects["Ball"]
    assert has_texture(result)
    assert not ball.visible_get()
    assert [tuple(vertex.co) for vertex in result.data.vertices] == before
    # A polygon is whole, or cut where a seam of the new UV map runs through it.
    pieces = [set(polygon.vertices) for polygon in result.data.polygons]
    assert sum(set(face) in pieces for face in faces) > 0.95 * len(faces)
    homes: dict[int, list[set[int]]] = {}
    for face in faces:
        for vertex in face:
            homes.setdefault(vertex, []).append(set(face))
    assert all(any(piece <= face for face in homes[min(piece)]) for piece in pieces)
    assert [layer.name for layer in result.data.uv_layers] == ["Retexture"]
    corners = [tuple(corner.vector) for corner in result.data.uv_layers[0].uv]
    assert len(set(corners)) > len(before) / 2


@pytest.mark.oldest_and_newest
def test_segmentation_comes_back_as_named_parts(store: Any) -> None:
    bpy.ops.mesh.primitive_cube_add(location=(0, 0, 0))
    lower = bpy.context.object
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=(0, 0, 4))
    select(lower, bpy.context.object)
    bpy.ops.object.join()
    both = bpy.context.object
    job = round_trip("segment")
    assert job.state == "PLACED", job.failure
    parent = next(o for o in bpy.data.objects if o.get("studio3d_job") and o.type == "EMPTY")
    pieces = [child for child in parent.children if child.type == "MESH"]
    assert len({piece.name for piece in pieces}) == len(pieces) >= 2
    assert isclose(sum(abs(volume(piece)) for piece in pieces), volume(both), rel_tol=0.02)


@pytest.mark.oldest_and_newest
def test_smart_topology_takes_the_models_place(store: Any, ball: bpy.types.Object) -> None:
    """It comes back grey: the pictures are those of the original, baked here."""
    settings("topology", face_level="low").texture_size = "512"
    jobs = send()
    assert [job.operation for job in jobs] == ["convert", "topology"]
    job = wait_for(jobs[-1])
    assert job.state == "PLACED", job.failure
    assert job.prepared.left_out == ()
    result = bpy.data.objects["Ball"]
    assert distance(result, ball) < 0.2
    assert has_texture(result)
    assert result.data.uv_layers


@pytest.mark.oldest_and_newest
def test_a_picture_of_another_kind_goes_as_a_copy(store: Any, tmp_path: Path) -> None:
    """The whole way: the worker has this Blender make the copy, and uploads that."""
    odd = bpy.data.images.new("Odd", 96, 160)
    odd.generated_type = "COLOR_GRID"
    odd.filepath_raw, odd.file_format = str(tmp_path / "odd.tif"), "TIFF"
    odd.save()
    before = (tmp_path / "odd.tif").read_bytes()
    order = {"image": tmp_path / "odd.tif", "remove_bg": False}
    api = part("blender.scripting.api")
    job = wait_for(store.get(api.submit("image-enhance", **order)))
    assert job.state == "READY", job.failure
    made = bpy.data.images.load(str(job.files[0].path))
    assert isclose(made.size[0] / made.size[1], 96 / 160, rel_tol=0.01)
    assert (tmp_path / "odd.tif").read_bytes() == before
    assert job.values["image"] == str(tmp_path / "odd.tif")


def test_a_model_that_is_simple_already_gets_a_word_before_it_costs(
    extension: ModuleType, ball: bpy.types.Object
) -> None:
    def said(tool: str) -> list[str]:
        order = part("blender.runtime.tool_orders").order_of(bpy.context, tool)
        words = part("blender.runtime.cautions").of_order(bpy.context, order)
        return [str(one) for one in words if "simple" in one]

    assert said("topology") == [
        "With 3 968 triangles this is simple already: it may come back with no fewer."
    ]
    assert said("repair") == []
    ball.modifiers.new("Finer", "SUBSURF").levels = 1
    bpy.context.view_layer.update()
    assert said("topology") == []


def test_textures_are_baked_where_a_result_can_come_back_without(extension: ModuleType) -> None:
    tools, catalog = part("blender.runtime.tool_orders"), part("catalog")
    lacking = {one.name for one in catalog.operations() if tools.may_lack_textures(one)}
    assert lacking == {"repair", "optimize", "topology", "segment"}
