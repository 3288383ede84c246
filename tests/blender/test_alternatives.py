"""Several results of one wish: ordered together, placed in a row, one of them kept."""

from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import finish, make_blend


@pytest.fixture
def chosen(store: Any) -> Any:
    """The panel's settings."""
    settings = part("blender.settings.properties").settings_of(bpy.context)
    settings.prompt = "a red chair"
    return settings


def ordered(store: Any) -> list[Any]:
    """Press the button; gives the jobs, in the sequence they were queued."""
    assert bpy.ops.studio3d.generate() == {"FINISHED"}
    return list(reversed(store.all()))


def placed(store: Any, jobs: list[Any], folder: Path) -> None:
    """Let all of them come, one undo step each."""
    for number, job in enumerate(jobs):
        finish(store, job, make_blend(folder / f"{number}.blend", job.name))
        part("blender.runtime.job_monitor").poll_once(bpy.context)
        assert store.get(job.id).state == "PLACED"


def in_scene(job: Any) -> list[Any]:
    return list(part("blender.scene.provenance").placed_objects(bpy.context.scene, job.id))


def list_drawn() -> Any:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    part("blender.panels.jobs").draw_list(layout, bpy.context)
    return layout


def test_variations_are_one_order_with_one_price(store: Any, chosen: Any) -> None:
    chosen.variations = 3
    drafts = part("blender.settings.properties").generate_drafts(chosen)
    one = drafts[0].estimate().total
    assert part("blender.runtime.preflight").estimate_of_all(drafts).total == 3 * one
    jobs = ordered(store)
    assert [job.name for job in jobs] == [f"a red chair {number}" for number in (1, 2, 3)]
    assert [job.estimate for job in jobs] == [one] * 3
    points = [job.origin.placement.spot.point for job in jobs]
    assert [round(point[0], 3) for point in points] == [0.0, 1.2, 2.4]
    assert {point[1:] for point in points} == {(0.0, 0.0)}


def test_engines_are_compared_at_one_height(store: Any, chosen: Any) -> None:
    chosen.engine_text = "tencent-rapid"
    chosen.tripo.is_compared = True
    jobs = ordered(store)
    assert [job.operation for job in jobs] == ["tencent-rapid", "tripo"]
    labels = [part("catalog").get(job.operation).label for job in jobs]
    assert [job.name for job in jobs] == [f"a red chair ({label})" for label in labels]
    options = {job.origin.placement.options for job in jobs}
    assert {(one.size_by, one.metres) for one in options} == {("HEIGHT", 1.0)}


def test_what_one_engine_lacks_keeps_all_of_them(store: Any, chosen: Any) -> None:
    chosen.engine_text = "tencent-rapid"
    chosen.tripo.is_compared = True
    chosen.tripo.version = "OTHER"
    generate = bpy.ops.studio3d.generate
    assert not generate.poll()
    drafts = part("blender.settings.properties").generate_drafts(chosen)
    preflight, account = part("blender.runtime.preflight"), part("blender.core.account")
    view = part("blender.snapshot.snapshot").current()
    blocker = preflight.find_blocker_of_all(view, account.online(), drafts)
    assert blocker.message.startswith("Tripo")
    assert store.all() == []


def test_one_is_kept_and_the_others_stay_among_the_results(
    store: Any, chosen: Any, tmp_path: Path
) -> None:
    chosen.variations = 3
    jobs = ordered(store)
    placed(store, jobs[:2], tmp_path)
    layout = list_drawn()
    assert "3 results to choose from" in layout.text
    assert all(obj.show_name for obj in in_scene(jobs[0]))
    collections = len(bpy.data.collections)
    assert bpy.ops.studio3d.keep_alternative(job_id=jobs[1].id) == {"FINISHED"}
    assert [bool(in_scene(job)) for job in jobs] == [False, True, False]
    assert len(bpy.data.collections) == collections - 1
    assert not any(obj.show_name for obj in in_scene(jobs[1]))
    # What comes later waits for a click, and takes up no room.
    assert part("blender.placement.spots").reserved(bpy.context.scene) == []
    finish(store, jobs[2], make_blend(tmp_path / "late.blend", jobs[2].name))
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    assert store.get(jobs[2].id).state == "READY"
    row = part("blender.snapshot.snapshot").current().row(jobs[2].id)
    assert row.waiting == "Another one was kept"
    assert bpy.ops.studio3d.place(job_id=jobs[0].id) == {"FINISHED"}
    assert in_scene(jobs[0])


def test_a_result_that_was_worked_on_since_stays(store: Any, chosen: Any, tmp_path: Path) -> None:
    chosen.variations = 2
    jobs = ordered(store)
    placed(store, jobs, tmp_path)
    (worked_on, *_) = in_scene(jobs[0])
    result = worked_on.copy()
    bpy.context.collection.objects.link(result)
    part("blender.scene.object_links").link(result, [worked_on], number=1)
    bpy.ops.studio3d.keep_alternative(job_id=jobs[1].id)
    assert worked_on.name in bpy.data.objects


def test_all_can_be_kept(store: Any, chosen: Any, tmp_path: Path) -> None:
    chosen.variations = 2
    jobs = ordered(store)
    placed(store, jobs, tmp_path)
    assert "studio3d.keep_all_alternatives" in list_drawn().buttons()
    assert bpy.ops.studio3d.keep_all_alternatives(job_id=jobs[0].id) == {"FINISHED"}
    assert all(in_scene(job) for job in jobs)
    assert "studio3d.keep_all_alternatives" not in list_drawn().buttons()
