"""What is to be placed is read before, a little at a time, where views show textures."""

from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import ops, ready_job

KINDS = ("objects", "meshes", "materials", "collections", "images", "libraries")


def contents() -> dict[str, set[int]]:
    return {kind: {item.session_uid for item in getattr(bpy.data, kind)} for kind in KINDS}


def names() -> dict[str, set[str]]:
    return {kind: {item.name for item in getattr(bpy.data, kind)} for kind in KINDS}


def textured_job(store: Any, folder: Path, pictures: int = 3) -> Any:
    """A result with a material that has that many pictures."""
    before = contents()
    material = bpy.data.materials.new("Skin")
    material.use_nodes = True
    for number in range(pictures):
        image = bpy.data.images.new(f"Skin {number}", 64, 64)
        image.pack()
        material.node_tree.nodes.new("ShaderNodeTexImage").image = image
    mesh = bpy.data.meshes.new("Lamp")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 1)], [], [(0, 1, 2)])
    mesh.materials.append(material)
    collection = bpy.data.collections.new("Lamp")
    collection.objects.link(bpy.data.objects.new("Lamp", mesh))
    blend = folder / "textured.blend"
    bpy.data.libraries.write(str(blend), {collection}, fake_user=True)
    for kind in KINDS:
        items = getattr(bpy.data, kind)
        bpy.data.batch_remove([item for item in items if item.session_uid not in before[kind]])
    job = ready_job(store, folder)
    prepared = part("jobs.job").Prepared(blend, bpy.app.version, "Lamp", 1, (1.0, 1.0, 1.0))
    return store.change(job.id, job.state, prepared=prepared)


def show(shading: str) -> None:
    for screen in bpy.data.screens:
        for area in screen.areas:
            if area.type == "VIEW_3D":
                area.spaces.active.shading.type = shading


def is_done(job: Any) -> bool:
    return bool(part("blender.placement.read_ahead").is_done(bpy.context, job))


def read_whole(job: Any) -> set[int]:
    """Read it to its end; the meshes that came."""
    before = contents()["meshes"]
    looks = 1
    while not is_done(job):
        looks += 1
        assert looks < 10
    assert looks > 1
    return contents()["meshes"] - before


@pytest.fixture(autouse=True)
def material_preview(extension: Any) -> Any:
    show("MATERIAL")
    yield
    show("SOLID")
    part("blender.placement.read_ahead").drop()


def test_a_view_without_textures_waits_for_nothing(store: Any, tmp_path: Path) -> None:
    job = textured_job(store, tmp_path)
    before = contents()
    show("SOLID")
    assert is_done(job)
    assert contents() == before


def test_what_was_read_is_in_no_scene_and_then_it_is_what_is_placed(
    store: Any, tmp_path: Path
) -> None:
    job = textured_job(store, tmp_path)
    shown = {obj.name for obj in bpy.context.scene.objects}
    mesh = read_whole(job)
    assert len(mesh) == 1
    assert {obj.name for obj in bpy.context.scene.objects} == shown
    assert all(image.has_data for image in bpy.data.images if image.name.startswith("Skin"))
    data = contents()
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    placed = bpy.context.view_layer.objects.active
    assert {placed.data.session_uid} == mesh
    assert contents() == data
    assert not any(collection.use_fake_user for collection in bpy.data.collections)


def test_it_is_placed_as_without_reading_it_before(store: Any, tmp_path: Path) -> None:
    job = textured_job(store, tmp_path)
    bpy.ops.wm.read_homefile(use_empty=True)
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    at_once = names()
    bpy.ops.wm.read_homefile(use_empty=True)
    show("MATERIAL")
    read_whole(store.get(job.id))
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    assert names() == at_once


def test_it_is_no_part_of_a_file_that_is_saved_meanwhile(store: Any, tmp_path: Path) -> None:
    job = textured_job(store, tmp_path)
    before = contents()
    read_whole(job)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "saved.blend"), copy=True)
    assert contents() == before
    with part("blender.core.access").load_from(tmp_path / "saved.blend") as (inside, _):
        assert "Lamp" not in [*inside.objects, *inside.meshes, *inside.collections]


@pytest.mark.parametrize("kind", ["images", "meshes", "objects", "collections"])
def test_what_is_not_whole_any_more_is_read_once_more(
    store: Any, tmp_path: Path, kind: str
) -> None:
    job = textured_job(store, tmp_path)
    before = contents()[kind]
    read_whole(job)
    items = getattr(bpy.data, kind)
    items.remove(next(item for item in items if item.session_uid not in before))
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    placed = bpy.context.view_layer.objects.active
    assert len(placed.data.polygons) == 1
    nodes = placed.data.materials[0].node_tree.nodes
    assert len([node for node in nodes if node.type == "TEX_IMAGE" and node.image]) == 3
    assert len(contents()[kind] - before) == (3 if kind == "images" else 1)


def test_another_result_takes_its_place(store: Any, tmp_path: Path) -> None:
    job, other = textured_job(store, tmp_path), ready_job(store, tmp_path)
    before = contents()
    read_whole(job)
    read_whole(other)
    assert len(contents()["meshes"] - before["meshes"]) == 1
    part("blender.placement.read_ahead").drop()
    assert contents() == before


def test_it_goes_once_its_job_waits_for_nothing(store: Any, tmp_path: Path) -> None:
    job = textured_job(store, tmp_path)
    before = contents()
    read_whole(job)
    part("blender.placement.read_ahead").keep_only([job.id])
    assert contents() != before
    store.change(job.id, part("jobs.states").State.PLACED)
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    assert contents() == before


def test_what_cannot_be_read_is_left_to_placing(store: Any, tmp_path: Path) -> None:
    job = textured_job(store, tmp_path)
    before = contents()
    job.prepared.path.write_bytes(b"no blend")
    assert is_done(job)
    assert contents() == before


def test_an_error_while_placing_leaves_nothing_of_it(store: Any, tmp_path: Path) -> None:
    job = textured_job(store, tmp_path)
    before = contents()
    read_whole(job)
    failed = part("blender.placement.read_result").AppendFailed
    appended = part("blender.placement.append_result").appended
    with pytest.raises(failed, match="a defect"), appended(job):
        raise ZeroDivisionError("a defect")
    assert contents() == before


def test_another_file_takes_it_along(store: Any, tmp_path: Path) -> None:
    job = textured_job(store, tmp_path)
    read_whole(job)
    bpy.ops.wm.read_homefile(use_empty=False)
    assert part("blender.placement.read_ahead").data_of(job) == frozenset()
