"""Appending a prepared result: where it lands, what it carries, and what a failure leaves."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import make_blend, ops, ready_job

KINDS = ("objects", "meshes", "materials", "collections", "images", "libraries")


def contents() -> dict[str, set[str]]:
    return {kind: {item.name for item in getattr(bpy.data, kind)} for kind in KINDS}


def place(job: Any) -> Any:
    assert ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id) == {"FINISHED"}
    active = bpy.context.view_layer.objects.active
    assert active is not None
    return active


def test_it_stands_on_the_cursor_in_its_own_collection(store: Any, tmp_path: Path) -> None:
    bpy.context.scene.cursor.location = (1.0, 2.0, 3.0)
    obj = place(ready_job(store, tmp_path))
    assert tuple(obj.location) == (1.0, 2.0, 3.0)
    assert tuple(obj.scale) == (1.0, 1.0, 1.0)
    assert [c.name for c in obj.users_collection] == ["Brass Lamp"]
    assert "Brass Lamp" in bpy.context.scene.collection.children
    corners = [obj.matrix_world @ vertex.co for vertex in obj.data.vertices]
    assert min(corner.z for corner in corners) == pytest.approx(3.0)
    assert (sum(corner.x for corner in corners) / 8) == pytest.approx(1.0)


def test_only_the_result_is_selected(store: Any, tmp_path: Path) -> None:
    other = bpy.data.objects.new("Other", None)
    bpy.context.scene.collection.objects.link(other)
    other.select_set(True)
    obj = place(ready_job(store, tmp_path))
    assert [o.name for o in bpy.context.view_layer.objects.selected] == [obj.name]


def test_the_largest_of_several_objects_is_active(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    prepared = make_blend(tmp_path / "several.blend", "Parts", 1.0, 3.0, 2.0)
    store.change(job.id, job.state, prepared=prepared)
    obj = place(job)
    assert obj.dimensions.x == pytest.approx(3.0)
    assert len(bpy.context.view_layer.objects.selected) == 3


def test_no_trace_of_the_file_it_came_from_stays(store: Any, tmp_path: Path) -> None:
    place(ready_job(store, tmp_path))
    assert list(bpy.data.libraries) == []
    assert [c.use_fake_user for c in bpy.data.collections] == [False]


def test_it_says_where_it_came_from_and_nothing_private(store: Any, tmp_path: Path) -> None:
    picture = tmp_path / "private" / "reference.png"
    job = ready_job(store, tmp_path)
    values = {**job.values, "image": str(picture)}
    store.change(job.id, job.state, values=values)
    obj = place(job)
    assert obj["studio3d_job"] == job.id
    assert obj["studio3d_operation"] == "tencent-rapid"
    assert obj["studio3d_prompt"] == "a brass lamp"
    assert obj["studio3d_credits"] == 35
    assert obj["studio3d_task"] == f"task-{job.id}"
    parameters = json.loads(obj["studio3d_parameters"])
    assert parameters["prompt"] == "a brass lamp"
    assert parameters["image"] == "reference.png"
    assert not any(str(tmp_path) in str(value) for value in dict(obj).values())


@pytest.mark.parametrize(("system", "metres", "factor"), [
    ("METRIC", 0.01, 100.0),
    ("IMPERIAL", 0.3048, 1 / 0.3048),
    ("NONE", 0.01, 1.0),
])  # fmt: skip
def test_its_size_in_metres_does_not_depend_on_the_scene_unit(
    store: Any, tmp_path: Path, system: str, metres: float, factor: float
) -> None:
    bpy.context.scene.unit_settings.system = system
    bpy.context.scene.unit_settings.scale_length = metres
    obj = place(ready_job(store, tmp_path))
    bpy.context.view_layer.update()
    assert obj.dimensions.x == pytest.approx(2.0 * factor, rel=1e-5)
    assert tuple(obj.scale) == (1.0, 1.0, 1.0)


def test_a_hidden_active_collection_does_not_swallow_it(store: Any, tmp_path: Path) -> None:
    hidden = bpy.data.collections.new("Hidden")
    bpy.context.scene.collection.children.link(hidden)
    layer = bpy.context.view_layer.layer_collection.children["Hidden"]
    bpy.context.view_layer.active_layer_collection = layer
    layer.exclude = True
    obj = place(ready_job(store, tmp_path))
    assert obj.visible_get()
    assert obj.select_get()


def test_a_second_result_of_that_name_keeps_apart(store: Any, tmp_path: Path) -> None:
    first, second = place(ready_job(store, tmp_path)), place(ready_job(store, tmp_path))
    assert first.users_collection != second.users_collection
    assert first.data != second.data


def test_placing_again_is_possible(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    first, second = place(job), place(job)
    assert first != second
    assert store.get(job.id).state == "PLACED"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(
            "missing",
            marks=pytest.mark.fault(
                "A prepared result was deleted", "The scene is left alone; the job says so"
            ),
        ),
        pytest.param(
            "garbage",
            marks=pytest.mark.fault(
                "A prepared result is garbage, imported by hand",
                "The scene is left alone; the job says so",
            ),
        ),
        pytest.param(
            "cut",
            marks=pytest.mark.fault(
                "A prepared result is cut off", "The scene is left alone; the job says so"
            ),
        ),
        pytest.param(
            "other",
            marks=pytest.mark.fault(
                "A prepared result holds something else", "The scene is left alone; the job says so"
            ),
        ),
    ],
)
def test_a_bad_file_leaves_the_scene_alone_and_the_job_says_so(
    store: Any, tmp_path: Path, damage: str
) -> None:
    job = ready_job(store, tmp_path)
    path = job.prepared.path
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "garbage":
        path.write_bytes(b"no blend file at all" * 100)
    elif damage == "cut":
        path.write_bytes(whole[: len(whole) // 3])
    else:
        make_blend(path, "Something Else")
    before = contents()
    with pytest.raises(RuntimeError, match=path.name):
        ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    assert contents() == before
    kept = store.get(job.id)
    assert kept.state == "READY"
    assert path.name in kept.failure.message
    assert part("blender.placement.policy").decide(bpy.context, kept).reason == kept.failure.message


def test_an_unknown_job_is_refused_in_words(store: Any, capfd: pytest.CaptureFixture[str]) -> None:
    before = set(bpy.data.objects)
    assert ops.studio3d.place("EXEC_DEFAULT", True, job_id="0" * 32) == {"CANCELLED"}
    assert "no longer in the list" in capfd.readouterr().out
    assert set(bpy.data.objects) == before


def test_framing_selects_what_the_job_made(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    obj = place(job)
    obj.select_set(False)
    assert ops.studio3d.frame("EXEC_DEFAULT", True, job_id=job.id) == {"FINISHED"}
    assert obj.select_get()
    bpy.data.objects.remove(obj)
    assert ops.studio3d.frame("EXEC_DEFAULT", True, job_id=job.id) == {"CANCELLED"}


@pytest.mark.fault(
    "An error in the middle of appending a result", "Nothing of it is left in the file"
)
def test_nothing_is_left_behind_whatever_goes_wrong(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    before = contents()
    append_result = part("blender.placement.append_result")
    failed = part("blender.placement.read_result").AppendFailed
    with pytest.raises(failed, match="a defect"), append_result.appended(job):
        raise ZeroDivisionError("a defect")
    assert contents() == before


@pytest.mark.fault(
    "The job list is busy while a result is placed",
    "Placed once; noted as soon as that is possible",
)
def test_a_busy_job_list_does_not_spoil_the_placing(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    session = part("blender.core.session")
    session.store()._db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(part("blender.core.paths").places().store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    placed = place(job)
    other.execute("ROLLBACK")
    other.close()
    assert placed["studio3d_job"] == job.id
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    assert str(session.store().get(job.id).state) == "PLACED"
    assert [obj for obj in bpy.data.objects if obj.get("studio3d_job") == job.id] == [placed]
