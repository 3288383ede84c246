"""What else can be done with a job that has ended."""

from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ADDRESS, add_job, finish, ready_job

ops: Any = bpy.ops  # the stubs know no operators of extensions


def entries(job: Any) -> list[str]:
    layout = RecordingLayout()
    part("blender.operators.job_menu").draw_menu(layout, job)
    assert {given.job_id for _, given in layout.operators} == {job.id}
    return [name.removeprefix("studio3d.") for name, _ in layout.operators]


def test_the_same_again_is_a_new_job_with_the_same_values(store: Any, tmp_path: Path) -> None:
    first = add_job(store, tmp_path, name="My Lamp", enable_pbr=True)
    assert ops.studio3d.run_again(job_id=first.id) == {"FINISHED"}
    again = store.all()[0]
    assert again.id != first.id
    assert (again.operation, again.mode, again.name) == (first.operation, first.mode, "My Lamp")
    assert (dict(again.values), again.estimate) == (dict(first.values), 55)
    assert again.folder != first.folder


def test_again_with_settings_that_hide_others(store: Any, tmp_path: Path) -> None:
    picture = tmp_path / "chair.png"
    image = bpy.data.images.new("Chair", 128, 160)
    image.filepath_raw, image.file_format = str(picture), "PNG"
    image.save()
    request = part("catalog").build_request("tripo", {"image": str(picture), "texture": False})
    assert request.values["pbr"] is False  # said although its field is hidden
    first = store.add(request, name="a", estimate=1, service_address=ADDRESS, folder=tmp_path)
    ops.studio3d.run_again(job_id=first.id)
    assert dict(store.all()[0].values) == dict(first.values)
    picture.unlink()
    assert ops.studio3d.run_again(job_id=first.id) == {"CANCELLED"}
    assert len(store.all()) == 2


@pytest.mark.parametrize(("name", "form"), [("a.usdz", "glb"), ("a.glb", "fbx")])
def test_what_blender_does_not_read_is_converted(
    store: Any, tmp_path: Path, name: str, form: str
) -> None:
    job = kept_job(store, tmp_path / name)
    assert entries(job)[2:4] == ["run_again", "convert_kept"]
    assert ops.studio3d.convert_kept(job_id=job.id) == {"FINISHED"}
    order = store.all()[0]
    assert (order.operation, order.name, order.wants_prepared) == ("convert", job.name, True)
    assert order.values["model_file"] == str(tmp_path / name)
    assert order.values["output_format"] == form


def test_of_an_unpacked_model_the_archive_is_converted(store: Any, tmp_path: Path) -> None:
    job = kept_job(store, tmp_path / "a.zip", tmp_path / "a" / "scene.gltf")
    ops.studio3d.convert_kept(job_id=job.id)
    assert store.all()[0].values["model_file"] == str(tmp_path / "a.zip")


def test_what_the_service_does_not_convert(store: Any, tmp_path: Path) -> None:
    for job in (kept_job(store, tmp_path / "a.3mf"), ready_job(store, tmp_path)):
        assert "convert_kept" not in entries(job)
        assert ops.studio3d.convert_kept(job_id=job.id) == {"CANCELLED"}
    assert len(store.all()) == 2


def kept_job(store: Any, path: Path, *contents: Path) -> Any:
    """A job whose file Blender does not read."""
    path.write_bytes(b"?")
    jobs = part("jobs.job")
    job = finish(store, add_job(store, path.parent), None)
    failure = jobs.Failure(jobs.NO_READER, "It is not read.")
    file = jobs.ResultFile(path, "3D_MODEL", contents=contents)
    return store.change(job.id, job.state, files=(file,), failure=failure)


def test_work_on_objects_is_not_sent_again_from_the_list(store: Any, tmp_path: Path) -> None:
    request = part("catalog").build_request("repair", {"model_url": "https://example.org/a.glb"})
    job = store.add(request, name="a", estimate=1, service_address=ADDRESS, folder=tmp_path)
    assert "run_again" not in entries(job)
    assert ops.studio3d.run_again(job_id=job.id) == {"CANCELLED"}
    assert len(store.all()) == 1


def test_a_result_is_imported_once_more(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    ops.studio3d.place(job_id=job.id)
    bpy.context.scene.cursor.location = (3.0, 0.0, 0.0)
    ops.studio3d.import_as_new(job_id=job.id)
    places = sorted(obj.location.x for obj in bpy.context.scene.objects)
    assert places == [0.0, 3.0]


def test_import_as_new_waits_for_object_mode(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    ops.studio3d.place(job_id=job.id)
    bpy.ops.object.mode_set(mode="EDIT")
    with pytest.raises(RuntimeError, match="Waits for Object Mode"):
        ops.studio3d.import_as_new(job_id=job.id)
    bpy.ops.object.mode_set(mode="OBJECT")


def test_the_menu_offers_what_makes_sense(store: Any, tmp_path: Path) -> None:
    waiting = add_job(store, tmp_path)
    looking = ["job_details", "use_settings"]
    assert entries(waiting) == [*looking, "run_again", "open_job_folder"]
    ready = ready_job(store, tmp_path)
    rest = ["save_asset", "open_job_folder", "copy_task_id"]
    assert entries(ready) == [*looking, "run_again", "import_as_new", *rest]
    placed = store.change(ready.id, part("jobs.states").State.PLACED)
    assert entries(placed) == [*looking, "run_again", "import_as_new", "mark_asset", *rest]


def test_what_is_not_there_is_said(store: Any, tmp_path: Path) -> None:
    job = add_job(store, tmp_path / "never-made")
    assert ops.studio3d.copy_task_id(job_id=job.id) == {"CANCELLED"}
    assert ops.studio3d.open_job_folder(job_id=job.id) == {"CANCELLED"}
    for name in ("run_again", "copy_task_id", "open_job_folder", "import_as_new", "convert_kept"):
        assert getattr(ops.studio3d, name)(job_id="unknown") == {"CANCELLED"}
