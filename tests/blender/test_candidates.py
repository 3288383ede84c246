"""From an idea over cheap pictures to models of the right ones, and back to what was asked."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.dialogs import dialog
from tests.blender.recording_layout import RecordingLayout
from tests.blender.test_image_panel import draw, paint

pytestmark = pytest.mark.oldest_and_newest

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def settings(store: Any) -> Any:
    chosen = part("blender.settings.properties").settings_of(bpy.context)
    chosen.prompt, chosen.candidate_engine = "a red chair", "image-gemini25flash"
    chosen.engine_image = "trellis"
    return chosen


def delivered(store: Any, job: Any, folder: Path, *, seed: int | None = None) -> list[str]:
    """Let the pictures of the job come; returns their paths."""
    state, result_file = part("jobs.states").State, part("jobs.job").ResultFile
    for step in (state.SUBMITTING, state.PENDING, state.DOWNLOADING):
        store.change(job.id, step)
    count = part("jobs.candidates").ordered_pictures(job)
    told = {} if seed is None else {"seed": seed}
    paths = [paint(folder / f"{job.id}-{number}.png") for number in range(count)]
    files = tuple(result_file(path, "IMAGE", told) for path in paths)
    store.change(job.id, state.READY, files=files, task_id=f"task-{job.id}")
    return [str(path) for path in paths]


def ordered(store: Any) -> list[Any]:
    """What is queued, in the sequence it was."""
    return [job for job in reversed(store.all()) if job.state == "QUEUED"]


def refresh() -> None:
    part("blender.runtime.build_snapshot").refresh(bpy.context)


def pick(*pictures: str) -> None:
    for picture in pictures:
        assert ops.studio3d.pick_candidate(picture=picture) == {"FINISHED"}


def offered(layout: RecordingLayout) -> list[str]:
    """The pictures that can be picked."""
    return [one.picture for name, one in layout.operators if name == "studio3d.pick_candidate"]


def credits_of(operation: str, **values: Any) -> int:
    return int(part("jobs.planner").plan_one(operation, values).credits)


def test_the_whole_way_stands_with_its_price_before_the_first_click(settings: Any) -> None:
    model = credits_of("trellis", **{**trellis(settings), "image": "a.png"})
    layout = draw("candidates")
    words = f"4 pictures 20, then 1 model {model} with TRELLIS.2: {20 + model} credits"
    assert words in layout.text
    assert "20 credits" in layout.text
    assert "studio3d.make_candidates" in layout.buttons()
    settings.cut_out = True
    words = f"4 pictures 20, then 1 model {model + 4} with TRELLIS.2 and without background"
    assert words in draw("candidates").text


def trellis(settings: Any) -> dict[str, Any]:
    operation = part("catalog").get("trellis")
    return dict(part("blender.settings.properties").draft_of(settings, operation, "IMAGE").values)


def test_eight_pictures_are_two_orders_and_one_round(store: Any, settings: Any) -> None:
    settings.candidates = 8
    assert ops.studio3d.make_candidates() == {"FINISHED"}
    jobs = ordered(store)
    assert [job.values["num_images"] for job in jobs] == [4, 4]
    assert sum(job.estimate for job in jobs) == 40
    assert len({part("jobs.candidates").round_of(job) for job in jobs}) == 1
    assert not any(job.wants_prepared for job in jobs)
    refresh()
    (found,) = part("blender.widgets.candidate_rounds").rounds_of(
        part("blender.snapshot.snapshot").current()
    )
    assert found.ordered == 8


def test_what_decides_nothing_any_more_has_no_field(settings: Any) -> None:
    settings.candidate_engine = "image-gemini31flash"
    group = settings.image_gemini31flash
    group.resolution = "4K"
    assert "40, then" in draw("candidates").text  # four at 512 px, as small as there are
    assert "resolution" not in [name for _, name in draw("candidates").properties]
    settings.candidates_small = False
    assert "100, then" in draw("candidates").text
    assert "resolution" in [name for _, name in draw("candidates").properties]


def test_nothing_is_ordered_without_words(store: Any, settings: Any) -> None:
    settings.prompt = ""
    with pytest.raises(RuntimeError, match="Write a prompt first"):
        ops.studio3d.make_candidates()
    assert store.all() == []


def test_picked_pictures_become_models_in_one_order(
    store: Any, settings: Any, tmp_path: Path
) -> None:
    ops.studio3d.make_candidates()
    pictures = delivered(store, ordered(store)[0], tmp_path)
    layout = draw("candidates")
    assert offered(layout) == pictures
    assert "Pick one or several" in layout.text
    assert not ops.studio3d.candidates_to_3d.poll()
    pick(pictures[2], pictures[0], pictures[1])
    pick(pictures[1])  # no longer
    settings.cut_out = True
    model = credits_of("trellis", **{**trellis(settings), "image": "a.png"})
    assert f"2 models with TRELLIS.2: {2 * (model + 4)} credits" in draw("candidates").text
    shown = dialog("candidates", "STUDIO3D_OT_candidates_to_3d")
    assert f"{2 * (model + 4)} credits" in shown.text
    assert ops.studio3d.candidates_to_3d() == {"FINISHED"}
    jobs = ordered(store)
    cut, models = jobs[::2], jobs[1::2]
    assert [job.values["image"] for job in cut] == [pictures[2], pictures[0]]
    assert [job.values["image"] for job in models] == [f"result-of:{job.id}" for job in cut]
    assert len({job.origin.alternative.id for job in models}) == 1
    assert [job.wants_prepared for job in jobs] == [False, True] * 2
    assert not ops.studio3d.candidates_to_3d.poll()  # what was ordered is picked no more


def test_a_cut_out_of_tripo_has_its_picture_fixed(settings: Any, tmp_path: Path) -> None:
    """It may refuse transparency; what the artist chose otherwise stays."""
    settings.engine_image, settings.cut_out = "tripo", True
    settings.mode, settings.image = "IMAGE", str(paint(tmp_path / "a.png"))
    draft = part("blender.settings.properties").generate_draft(settings)
    assert draft.plan().last.request.values["enable_image_autofix"] is True
    assert "enable_image_autofix" not in draft.values or not draft.values["enable_image_autofix"]


def test_more_like_this_starts_from_the_picture_with_the_same_words(
    store: Any, settings: Any, tmp_path: Path
) -> None:
    ops.studio3d.make_candidates()
    (first,) = ordered(store)
    pictures = delivered(store, first, tmp_path)
    refresh()
    settings.prompt, settings.candidates = "something else", 2
    assert ops.studio3d.more_like_this(picture=pictures[3]) == {"FINISHED"}
    (job,) = ordered(store)
    assert (job.operation, job.mode) == (first.operation, "IMAGE")
    assert (job.values["images"], job.values["prompt"]) == ((pictures[3],), "a red chair")
    assert (job.values["num_images"], job.estimate) == (2, 10)
    refresh()
    current = part("blender.snapshot.snapshot").current()
    found = part("blender.widgets.candidate_rounds").rounds_of(current)
    assert [len(one.pictures) for one in found] == [0, 4]
    assert "Waiting to be sent" in draw("candidates").text
    ops.studio3d.show_round(round=found[1].id)
    assert offered(draw("candidates")) == pictures


def test_an_unknown_picture_is_like_nothing(store: Any, tmp_path: Path) -> None:
    refresh()
    strange = str(paint(tmp_path / "strange.png"))
    assert ops.studio3d.more_like_this(picture=strange) == {"CANCELLED"}
    assert store.all() == []


def test_a_round_without_result_says_so_in_its_place(store: Any, settings: Any) -> None:
    ops.studio3d.make_candidates()
    (job,) = ordered(store)
    failure, state = part("jobs.job").Failure, part("jobs.states").State
    refused = failure("refused", "The service refused the prompt.")
    store.change(job.id, state.FAILED, failure=refused)
    assert "The service refused the prompt." in draw("candidates").text


def test_a_click_brings_back_what_was_asked(store: Any, settings: Any, tmp_path: Path) -> None:
    settings.candidate_engine, settings.candidates = "image-seedream", 6
    settings.image_seedream.image_size = "portrait_4_3"
    ops.studio3d.make_candidates()
    (job,) = ordered(store)
    delivered(store, job, tmp_path, seed=4711)
    layout = draw("asked_before")
    assert layout.pictures == 1
    assert "Seed 4711" in layout.texts
    settings.prompt, settings.candidate_engine, settings.candidates = (
        "A  Red CHAIR",
        "image-gemini3pro",
        2,
    )
    settings.image_seedream.image_size = "auto_2K"
    assert draw("asked_before").pictures == 1  # the same words, differently written
    assert ops.studio3d.use_asked(job_id=job.id) == {"FINISHED"}
    assert (settings.prompt, settings.candidate_engine) == ("a red chair", "image-seedream")
    assert (settings.candidates, settings.image_seedream.image_size) == (6, "portrait_4_3")
    assert not settings.image_seedream.use_seed  # it was the service's to choose
    settings.prompt = "a green lamp"
    assert draw("asked_before").pictures == 0


def test_a_locked_seed_is_sent_with_the_next_round(
    store: Any, settings: Any, tmp_path: Path
) -> None:
    settings.candidate_engine = "image-seedream"
    ops.studio3d.make_candidates()
    (job,) = ordered(store)
    delivered(store, job, tmp_path, seed=4711)
    refresh()
    assert ops.studio3d.lock_seed(job_id=job.id) == {"FINISHED"}
    ops.studio3d.make_candidates()
    (again,) = ordered(store)
    assert again.values["seed"] == 4711
    store.change(again.id, part("jobs.states").State.ABANDONED)
    assert ops.studio3d.lock_seed(job_id=job.id) == {"FINISHED"}
    settings.candidates = 3
    ops.studio3d.make_candidates()
    assert "seed" not in ordered(store)[0].values
    assert ops.studio3d.new_seed(engine="image-seedream", mode="TEXT") == {"FINISHED"}
    drafts = part("blender.settings.candidate_drafts").candidate_drafts(settings)
    assert drafts[0].values["seed"] > 0


def test_the_strip_of_an_object_leads_back_to_its_picture_and_its_words(
    store: Any, settings: Any, tmp_path: Path
) -> None:
    ops.studio3d.make_candidates()
    (round_job,) = ordered(store)
    pictures = delivered(store, round_job, tmp_path)
    refresh()
    pick(pictures[0])
    settings.cut_out = True
    ops.studio3d.candidates_to_3d()
    cut, model = ordered(store)
    obj = bpy.data.objects.new("Chair", None)
    bpy.context.collection.objects.link(obj)
    obj[part("blender.scene.provenance").JOB] = model.id
    bpy.context.view_layer.objects.active = obj
    settings.prompt = "something else"
    refresh()
    found = part("blender.widgets.asked_before").asked_before(
        bpy.context, settings, part("blender.snapshot.snapshot").current()
    )
    assert found.subject == "Chair"
    assert {row.job.id for row in found.rows} == {round_job.id, cut.id, model.id}
    # The order as a whole comes back: the picture it began with, and the switch.
    settings.cut_out, settings.mode, settings.image = False, "TEXT", ""
    assert ops.studio3d.use_asked(job_id=model.id) == {"FINISHED"}
    assert (settings.mode, settings.image, settings.cut_out) == ("IMAGE", pictures[0], True)
    drafts = part("blender.settings.properties").generate_drafts(settings)
    assert drafts[0].plan().steps[0].values["image"] == pictures[0]
    assert part("blender.settings.job_choices").same_again(store.get(model.id)) is None


def test_the_large_popup_shows_every_picture(store: Any, settings: Any, tmp_path: Path) -> None:
    settings.candidates = 3
    ops.studio3d.make_candidates()
    pictures = delivered(store, ordered(store)[0], tmp_path)
    refresh()
    layout = RecordingLayout()
    cls = part("blender.operators.candidates").STUDIO3D_OT_show_candidates
    itself = type("Shown", (SimpleNamespace,), {"_arrange": cls._arrange})(layout=layout, round="")
    cls.draw(itself, bpy.context)
    assert offered(layout) == pictures


def test_the_strip_of_a_prompt_knows_what_made_the_file_as_well(store: Any, settings: Any) -> None:
    """Its job may be far down in the list, and on no page of results that is shown."""
    ops.studio3d.make_candidates()
    refresh()
    shown = part("blender.snapshot.snapshot")
    current = shown.current()
    shown.publish(replace(current, rows=(), entries=(), in_file=current.rows))
    found = part("blender.widgets.asked_before").asked_before(
        bpy.context, settings, shown.current()
    )
    assert [row.job.id for row in found.rows] == [job.id for job in ordered(store)]
