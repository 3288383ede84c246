"""The status bar: what is under way, what ended unseen, else nothing."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import add_job, finish, make_blend


def look() -> None:
    part("blender.runtime.job_monitor").poll_once(bpy.context)


def drawn() -> RecordingLayout:
    layout = RecordingLayout()
    part("blender.panels.status_bar").draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def lines() -> list[tuple[str, bool]]:
    """What the watch has to report."""
    return [tuple(line) for line in part("blender.runtime.notifications").take()]


def run(store: Any, job: Any, progress: int) -> None:
    state = part("jobs.states").State
    store.change(job.id, state.SUBMITTING)
    store.change(job.id, state.PENDING, task_id=f"task-{job.id}")
    store.change(job.id, state.RUNNING, progress=progress)
    look()


def test_nothing_is_said_without_jobs(store: Any) -> None:
    look()
    layout = drawn()
    assert (layout.buttons(), layout.labels, layout.bars) == ([], [], [])


def test_it_counts_jobs_and_shows_the_furthest(store: Any, tmp_path: Path) -> None:
    lamp = add_job(store, tmp_path)
    look()
    layout = drawn()
    assert layout.texts == ["Brass Lamp"]
    assert layout.labels == ["Waiting to be sent"]
    assert layout.bars == []
    chair = add_job(store, tmp_path, name="Chair")
    run(store, lamp, 20)
    run(store, chair, 60)
    layout = drawn()
    assert layout.buttons() == ["studio3d.show_jobs"]
    assert layout.texts == ["2 jobs"]
    assert layout.bars == [("Generating 60 %", 0.6)]


def test_an_end_is_told_once_and_counted_until_seen(store: Any, tmp_path: Path) -> None:
    news = part("blender.runtime.notifications")
    lamp = add_job(store, tmp_path)
    look()
    assert lines() == []
    finish(store, lamp, make_blend(tmp_path / "lamp.blend", "Brass Lamp"))
    look()
    assert lines() == [("Brass Lamp: placed in the scene", False)]
    assert drawn().texts == ["1 result ready"]
    look()
    assert lines() == []
    news.read()
    assert drawn().texts == []


def test_a_failure_is_told_with_its_reason(store: Any, tmp_path: Path) -> None:
    jobs, state = part("jobs.job"), part("jobs.states").State
    lamp, chair = add_job(store, tmp_path), add_job(store, tmp_path, name="Chair")
    look()
    store.change(lamp.id, state.FAILED, failure=jobs.Failure("x", "The prompt was refused."))
    store.change(chair.id, state.ABANDONED)  # the user's own act is no news
    look()
    assert lines() == [("Brass Lamp: The prompt was refused.", True)]
    assert drawn().texts == ["1 job failed"]
    store.remove(lamp.id, expected=state.FAILED)
    look()
    assert drawn().texts == []


def test_a_result_that_has_to_wait_says_why(store: Any, tmp_path: Path) -> None:
    lamp = add_job(store, tmp_path)
    look()
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.mode_set(mode="EDIT")
    finish(store, lamp, make_blend(tmp_path / "lamp.blend", "Brass Lamp"))
    look()
    assert lines() == [("Brass Lamp: the result is ready. Waits for Object Mode", False)]
    bpy.ops.object.mode_set(mode="OBJECT")
    look()
    assert lines() == [("Brass Lamp: placed in the scene", False)]


@pytest.mark.fault(
    "The job list cannot be written when an order has been paid, because the disk is full or it is "
    "locked",
    "Sidebar and status bar say so, and what to do, until it is written",
)
def test_a_receipt_that_waits_is_told_until_it_is_written(store: Any, tmp_path: Path) -> None:
    slips = part("jobs.slips")
    sending = part("jobs.states").State.SUBMITTING
    job = store.change(add_job(store, tmp_path).id, sending, submitted_at=12.0)
    slip = slips.new_slip(store, job, 12.0)
    slip.fill("task-1")
    look()
    assert told() == ("", ["Brass Lamp"])  # all is well for a moment
    (path,) = store.path.with_name("receipts").iterdir()
    long_ago = path.stat().st_mtime - 60
    os.utime(path, (long_ago, long_ago))
    look()
    message, texts = told()
    assert message.startswith("Paid orders that could not be written into the job list yet: 1.")
    assert texts == ["Trouble with the job list, Brass Lamp"]
    panel, layout = bpy.types.STUDIO3D_PT_jobs_popup, RecordingLayout()
    panel.draw(SimpleNamespace(layout=layout, bl_label="Jobs"), bpy.context)
    assert "Make room on the disk" in layout.text
    slips.settle(store)
    look()
    assert told() == ("", ["Brass Lamp"])


def test_a_full_disk_is_told(store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_job(store, tmp_path)
    monkeypatch.setattr(part("jobs.unwritten"), "LEAST_FREE", 1 << 62)
    look()
    assert told()[0].startswith("The disk is full: the job list in ")


def told() -> tuple[str, list[str]]:
    """What the sidebar says beside jobs, and the status bar."""
    return part("blender.snapshot.snapshot").current().message, drawn().texts


def test_jobs_that_ended_before_are_no_news(store: Any, tmp_path: Path) -> None:
    lamp = add_job(store, tmp_path)
    store.change(lamp.id, part("jobs.states").State.FAILED)
    look()
    assert lines() == []
    assert drawn().texts == []


def test_the_list_of_jobs_in_a_popup(store: Any, tmp_path: Path) -> None:
    add_job(store, tmp_path)
    look()
    layout = RecordingLayout()
    panel: Any = bpy.types.STUDIO3D_PT_jobs_popup
    panel.draw(SimpleNamespace(layout=layout, bl_label="Jobs"), bpy.context)
    assert "Brass Lamp" in layout.text
    assert "studio3d.cancel" in layout.buttons()
