"""Several results of one wish: ordered together, placed in a row, one of them kept."""

from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import finish, make_blend
from tests.patience import until


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


def fail(store: Any, job: Any) -> None:
    """The service refuses it."""
    errors = part("service.errors")
    trouble = part("jobs.job").Failure(
        "task_failed", "The service could not make it.", charged=errors.Charged.REFUNDED
    )
    states = part("jobs.states").State
    store.change(job.id, states.SUBMITTING)
    store.change(job.id, states.FAILED, failure=trouble)


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
    collections = len(bpy.data.collections)
    assert bpy.ops.studio3d.keep_alternative(job_id=jobs[1].id) == {"FINISHED"}
    assert [bool(in_scene(job)) for job in jobs] == [False, True, False]
    assert len(bpy.data.collections) == collections - 1
    # What comes later waits for a click, and takes up no room.
    assert part("blender.placement.spots").reserved(bpy.context.scene) == []
    finish(store, jobs[2], make_blend(tmp_path / "late.blend", jobs[2].name))
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    assert store.get(jobs[2].id).state == "READY"
    row = part("blender.snapshot.snapshot").current().row(jobs[2].id)
    assert row.waiting == "Another one was kept"
    assert bpy.ops.studio3d.place(job_id=jobs[0].id) == {"FINISHED"}
    assert in_scene(jobs[0])
    assert "studio3d.keep_alternative" not in list_drawn().buttons()


def test_undo_brings_the_choice_back_and_redo_ends_it(
    store: Any, chosen: Any, tmp_path: Path
) -> None:
    chosen.variations = 2
    jobs = ordered(store)
    placed(store, jobs, tmp_path)
    bpy.ops.ed.undo_push(message="Both have come")
    assert bpy.ops.studio3d.keep_alternative("EXEC_DEFAULT", True, job_id=jobs[1].id) == {
        "FINISHED"
    }
    assert "studio3d.keep_alternative" not in list_drawn().buttons()
    bpy.ops.ed.undo()
    assert all(in_scene(job) for job in jobs)
    assert list_drawn().buttons().count("studio3d.keep_alternative") == 2
    assert {stand.job_id for stand in part("blender.snapshot.snapshot").current().stands} == {
        job.id for job in jobs
    }
    bpy.ops.ed.redo()
    assert "studio3d.keep_alternative" not in list_drawn().buttons()
    bpy.ops.ed.undo()
    # This time the other one.
    assert bpy.ops.studio3d.keep_alternative(job_id=jobs[0].id) == {"FINISHED"}
    assert [bool(in_scene(job)) for job in jobs] == [True, False]
    assert "studio3d.keep_alternative" not in list_drawn().buttons()


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
    assert "studio3d.keep_alternative" not in list_drawn().buttons()


def test_all_can_be_kept(store: Any, chosen: Any, tmp_path: Path) -> None:
    chosen.variations = 2
    jobs = ordered(store)
    placed(store, jobs, tmp_path)
    assert "studio3d.keep_all_alternatives" in list_drawn().buttons()
    assert bpy.ops.studio3d.keep_all_alternatives(job_id=jobs[0].id) == {"FINISHED"}
    assert all(in_scene(job) for job in jobs)
    assert "studio3d.keep_all_alternatives" not in list_drawn().buttons()


@pytest.mark.fault(
    "One of three results that are compared is refused",
    "Its place in the row has a box with the reason; the others come and can be kept",
)
def test_each_has_a_label_and_a_refused_one_its_place(
    store: Any, chosen: Any, tmp_path: Path
) -> None:
    chosen.engine_text = "tencent-rapid"
    chosen.variations = 3
    jobs = ordered(store)
    placed(store, jobs[:1], tmp_path)
    fail(store, jobs[1])
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    current = part("blender.snapshot.snapshot").current()
    stands = {stand.job_id: stand for stand in current.stands}
    assert set(stands) == {jobs[0].id, jobs[1].id}  # the third has a box of its own, as it comes
    assert stands[jobs[0].id].objects == tuple(obj.name for obj in in_scene(jobs[0]))
    assert stands[jobs[1].id].objects == ()
    x, y, z = store.get(jobs[1].id).origin.placement.spot.point
    assert stands[jobs[1].id].low == pytest.approx((x - 0.5, y - 0.5, z))
    assert stands[jobs[1].id].high == pytest.approx((x + 0.5, y + 0.5, z + 1.0))
    assert x > max(obj.bound_box[7][0] for obj in in_scene(jobs[0]))
    said = part("blender.widgets.alternatives").comparison_lines
    one, refused = (said(current.entry(job.id)) for job in jobs[:2])
    assert one[0] == "a red chair 1"
    assert one[1].startswith("Hunyuan Rapid, about 35 credits")
    assert one[2] == "12 triangles, no textures"
    assert refused[2] == "Failed: The service could not make it."
    assert bpy.ops.studio3d.keep_alternative(job_id=jobs[0].id) == {"FINISHED"}
    assert part("blender.snapshot.snapshot").current().stands == ()


@pytest.mark.oldest_and_newest
def test_the_comparison_is_rendered_as_one_picture(store: Any, chosen: Any, tmp_path: Path) -> None:
    """A small, a large and a refused one: the first two are equally high, in one light."""
    comparison = part("blender.operators.comparison")
    chosen.variations = 3
    jobs = ordered(store)
    for job, size in zip(jobs[::2], (0.5, 4.0), strict=True):
        finish(store, job, make_blend(tmp_path / f"{size}.blend", job.name, size))
        part("blender.runtime.job_monitor").poll_once(bpy.context)
    fail(store, jobs[1])
    assert comparison.ENDING == ".png"
    assert "studio3d.render_comparison" in list_drawn().buttons()
    to = tmp_path / "made" / "chairs.png"
    to.parent.mkdir()
    given = {"job_id": jobs[0].id, "filepath": str(to.with_suffix(""))}
    assert bpy.ops.studio3d.render_comparison(**given) == {"FINISHED"}
    assert "Rendering the comparison" in list_drawn().text
    assert not bpy.ops.studio3d.render_comparison.poll()
    watch = part("blender.runtime.job_monitor")
    until(
        lambda: watch.poll_once(bpy.context) and "chairs.png" in bpy.data.images,
        usual=120,
        what="the picture",
    )
    assert [path.name for path in to.parent.iterdir()] == ["chairs.png"]
    seen = np.empty(4 * np.prod(bpy.data.images["chairs.png"].size), dtype=np.float32)
    image: Any = bpy.data.images["chairs.png"]
    image.pixels.foreach_get(seen)
    dark = seen.reshape(image.size[1], image.size[0], 4)[:, :, :3].mean(axis=2) < 0.95
    assert image.size[0] > image.size[1]
    thirds = np.array_split(dark, 3, axis=1)
    above = image.size[1] // 2  # where no words are
    tall = [np.flatnonzero(third[above:].any(axis=1)).max() for third in thirds]
    assert tall[0] == pytest.approx(tall[2], abs=3)
    assert all(third[: image.size[1] // 4].any() for third in thirds)  # the words


def test_a_picture_that_is_gone_is_said(
    extension: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It may have been moved between the end of the rendering and a free moment of the artist."""
    ended = bpy.ops.studio3d.show_comparison(filepath=str(tmp_path / "gone.png"))
    assert ended == {"CANCELLED"}
    assert "There is no picture" in capfd.readouterr().out
