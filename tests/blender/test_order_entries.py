"""The list of jobs by order: what it shows, what can be done, and names that tell results apart."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ADDRESS, add_job, finish, make_blend, ready_job

ops: Any = bpy.ops  # the stubs know no operators of extensions

SENT = ("SUBMITTING", "PENDING")


def step(store: Any, operation: str, place: Any, *states: str, **changes: Any) -> Any:
    """A step of a chain, brought to the last of the states."""
    origins = part("jobs.origin")
    origin = replace(
        part("blender.core.session").origin(bpy.context), chain=origins.ChainPlace(*place)
    )
    job = store.add(
        part("catalog").Request(operation, {}, None),
        name="Chest",
        estimate=10,
        service_address=ADDRESS,
        folder=Path("/r"),
        origin=origin,
        wants_prepared=True,
    )
    for state in states:
        job = store.change(
            job.id, part("jobs.states").State(state), **(changes if state == states[-1] else {})
        )
    return job


def entries() -> Any:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    return part("blender.snapshot.snapshot").current().entries


def draw(panel: str = "jobs") -> RecordingLayout:
    entries()
    layout = RecordingLayout()
    getattr(bpy.types, f"STUDIO3D_PT_{panel}").draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def test_a_chain_is_one_entry_and_helpers_have_no_buttons(store: Any) -> None:
    states = (*SENT, "DOWNLOADING", "READY")
    helper = step(store, "convert", ("c", 1, 2, False, True), *states, task_id="h")
    first = step(store, "repair", ("c", 1, 2, False), *SENT, "RUNNING", progress=40, task_id="t")
    last = step(store, "texture-edit", ("c", 2, 2))
    (entry,) = entries()
    assert entry.title == "Chest · Repair, Retexture"
    assert entry.row.job.id == first.id
    assert [row.job.id for row in entry.steps] == [first.id, last.id]
    layout = draw()
    assert layout.buttons(helper.id) == []
    assert layout.buttons(first.id) == ["studio3d.cancel"]
    assert layout.buttons(last.id) == ["studio3d.job_menu"]
    assert "Step 1 of 2, about 30 credits" in layout.text
    assert "1. Repair: Generating 40 %" in layout.text
    assert "2. Retexture (Hunyuan): Waiting to be sent" in layout.text
    ops.studio3d.cancel(job_id=first.id)
    assert {job.state for job in store.order_of(first)} == {"READY", "ABANDONED"}
    ops.studio3d.remove(job_id=first.id)
    assert entries() == ()


def test_trying_again_goes_on_with_the_steps_after_it(store: Any) -> None:
    jobs = part("jobs.job")
    failed = step(
        store, "repair", ("c", 1, 2, False), *SENT, "FAILED",
        failure=jobs.Failure("task_failed", "No."), task_id="t",
    )  # fmt: skip
    after = step(
        store, "optimize", ("c", 2, 2), "FAILED", failure=jobs.Failure("step_failed", "No.")
    )
    (entry,) = entries()
    assert entry.row.job.id == failed.id
    ops.studio3d.retry(job_id=failed.id)
    assert [store.get(job.id).state for job in (failed, after)] == ["QUEUED", "QUEUED"]


def test_what_was_stopped_can_be_waited_for_again(store: Any) -> None:
    job = step(store, "repair", ("c",), *SENT, "ABANDONED", task_id="t")
    layout = draw()
    assert "Keep Waiting" in layout.texts
    ops.studio3d.retry(job_id=job.id)
    assert store.get(job.id).state == "PENDING"


@pytest.mark.parametrize("state", ["QUEUED", "PENDING"])
def test_the_question_before_stopping_offers_both(store: Any, state: str) -> None:
    job = step(store, "repair", ("c",), *(SENT if state == "PENDING" else ()))
    entries()
    layout = RecordingLayout()
    part("blender.operators.job_actions").draw_question(layout, job.id)
    assert layout.buttons() == ["studio3d.keep_waiting", "studio3d.cancel"]
    assert ops.studio3d.keep_waiting() == {"FINISHED"}
    assert store.get(job.id).state == state


def test_results_called_alike_are_told_apart(store: Any, tmp_path: Path) -> None:
    told = part("blender.widgets.told_apart").told_apart
    for name in ("Lamp", "Lamp", "Vase"):
        ready_job(store, tmp_path, name=name)
    entries()
    rows = part("blender.snapshot.snapshot").current().rows
    vase, *lamps = told(rows)
    assert vase == "Vase"
    assert all(name.startswith("Lamp · ") for name in lamps)
    later = [
        replace(row, job=replace(row.job, created_at=60.0 * number))
        for number, row in enumerate(rows)
    ]
    assert len(set(told(later))) == 3
    same = [replace(row, job=replace(row.job, created_at=0.0)) for row in rows[1:]]
    assert all(name.endswith("Hunyuan Rapid") for name in told(same))
    menu = RecordingLayout()
    bpy.types.STUDIO3D_MT_add.draw(SimpleNamespace(layout=menu), bpy.context)
    assert set(told(rows)) <= set(menu.texts)


def test_a_result_is_put_where_it_was_clicked(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    bpy.context.scene.cursor.location = (1.0, 2.0, 0.0)
    assert ops.studio3d.place_by_click(job_id=job.id, location=(4.0, 5.0, 0.0)) == {"FINISHED"}
    (placed,) = (obj for obj in bpy.context.scene.objects if obj.get("studio3d_job") == job.id)
    assert tuple(placed.matrix_world.translation)[:2] == pytest.approx((4.0, 5.0))
    assert tuple(bpy.context.scene.cursor.location) == (1.0, 2.0, 0.0)
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.mode_set(mode="EDIT")
    with pytest.raises(RuntimeError, match="Object Mode"):
        ops.studio3d.place_by_click(job_id=job.id, location=(0.0, 0.0, 0.0))
    bpy.ops.object.mode_set(mode="OBJECT")


def test_a_converted_file_says_where_it_went(store: Any, tmp_path: Path) -> None:
    request = part("catalog").build_request(
        "convert", {"model_url": "https://example.org/a.glb", "output_format": "fbx"}
    )
    job = store.add(
        request, name="Chest", estimate=10, service_address=ADDRESS, folder=tmp_path,
        save_as=tmp_path / "out" / "chest.fbx",
    )  # fmt: skip
    file = tmp_path / "t.fbx"
    file.write_bytes(b"?")
    job = finish(store, job, None)
    store.change(job.id, job.state, files=(part("jobs.job").ResultFile(file, "3D_MODEL"),))
    layout = draw("results")
    assert f"Saved as {tmp_path / 'out' / 'chest.fbx'}" in layout.text
    assert layout.buttons(job.id)[0] == "studio3d.open_job_folder"
    assert draw("jobs").buttons() == []


def test_results_are_found_by_kind_and_engine(store: Any, tmp_path: Path) -> None:
    state = part("blender.settings.interface_state").interface_state_of(bpy.context)
    lamp = add_job(store, tmp_path, name="Lamp")
    file = part("jobs.job").ResultFile(tmp_path / "a.glb", "3D_MODEL")
    finish(store, lamp, make_blend(tmp_path / "a.blend", "Lamp"))
    store.change(lamp.id, part("jobs.states").State.READY, files=(file,))
    for kind, engine, found in (
        ("ALL", "ALL", 1),
        ("MODELS", "ALL", 1),
        ("PICTURES", "ALL", 0),
        ("ALL", "tencent-rapid", 1),
        ("ALL", "trellis", 0),
        ("CHANGED", "tencent-rapid", 0),
    ):
        state.results_kind, state.results_engine = kind, engine
        entries()
        shown = part("blender.snapshot.snapshot").current().results
        assert shown.total == found, (kind, engine)
    state.results_kind = state.results_engine = "ALL"
    kinds = part("blender.settings.result_filter")
    known = {item for item, *_ in kinds.KIND_ITEMS} - {"ALL"}
    assert {kinds.kind_of(one) for one in part("catalog").operations()} == known
