"""Generate adds exactly one job, or says why it cannot; the buttons of the job list."""

import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import PACKAGE, part
from tests.blender.results import ADDRESS, add_job, ready_job

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = bpy.data.images.new("Chair", 128, 160)
    image.filepath_raw, image.file_format = str(tmp_path / "my chair.png"), "PNG"
    image.save()
    return tmp_path / "my chair.png"


def look() -> Any:
    return part("blender.runtime.build_snapshot").refresh(bpy.context)


def blocker(settings: Any) -> Any:
    draft = part("blender.settings.properties").generate_draft(settings)
    account, view = part("blender.core.account"), part("blender.snapshot.snapshot")
    return part("blender.runtime.preflight").find_blocker(view.current(), account.online(), draft)


def test_generate_adds_one_job(store: Any, settings: Any) -> None:
    settings.prompt = "a wooden chair"
    settings.tencent_rapid.enable_pbr = True
    assert ops.studio3d.generate() == {"FINISHED"}
    (job,) = store.all()
    assert (job.operation, job.name, job.state, job.estimate) == (
        "tencent-rapid",
        "a wooden chair",
        "QUEUED",
        55,
    )
    assert dict(job.values) == {
        "prompt": "a wooden chair",
        "enable_pbr": True,
        "enable_geometry": False,
    }
    assert (job.service_address, job.wants_prepared) == (ADDRESS, True)
    assert job.origin.file.scene == bpy.context.scene.name
    assert [row.job.id for row in look().rows] == [job.id]


def test_generate_from_a_picture(store: Any, settings: Any, picture: Path) -> None:
    settings.mode, settings.engine_image, settings.image = "IMAGE", "trellis", str(picture)
    assert ops.studio3d.generate() == {"FINISHED"}
    (job,) = store.all()
    assert (job.operation, job.name, job.estimate) == ("trellis", "my chair", 30)
    assert job.values["image"] == str(picture)


@pytest.mark.parametrize(
    "operator",
    ["generate", "cancel", "retry", "remove", "clear_ended", "check_connection", "forget_key"],
)
def test_deciding_about_jobs_is_no_undo_step(store: Any, operator: str) -> None:
    rna = getattr(bpy.types, f"STUDIO3D_OT_{operator}")
    assert "UNDO" not in rna.bl_options


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("TEXT", "Write a prompt first."),
        ("IMAGE", "Choose an image first."),
        ("MULTI_VIEW", "Choose the pictures first."),
    ],
)
def test_nothing_to_start_from(store: Any, settings: Any, mode: str, message: str) -> None:
    settings.mode = mode
    assert blocker(settings).message == message
    with pytest.raises(RuntimeError, match=message):
        ops.studio3d.generate()
    assert store.all() == []


def test_an_over_long_prompt(store: Any, settings: Any) -> None:
    settings.prompt = "x" * 1130
    assert blocker(settings).message == "Prompt is 1 130 characters; the service takes 1 024."
    with pytest.raises(RuntimeError, match="1 130 characters"):
        ops.studio3d.generate()
    assert store.all() == []


@pytest.mark.fault("The chosen picture is gone", "Said before anything is ordered")
def test_a_picture_that_is_not_there(store: Any, settings: Any, tmp_path: Path) -> None:
    settings.mode, settings.image = "IMAGE", str(tmp_path / "gone.png")
    assert ops.studio3d.generate() == {"CANCELLED"}
    assert store.all() == []


def test_every_picture_of_a_request_is_looked_for(store: Any, settings: Any, picture: Path) -> None:
    settings.mode = "MULTI_VIEW"
    settings.views.front, settings.views.left = str(picture), str(picture.with_name("gone.png"))
    plan = part("blender.settings.properties").generate_draft(settings).plan()
    inputs = part("jobs.inputs")
    with pytest.raises(inputs.MissingFile) as missing:
        inputs.check_inputs(plan)
    assert str(missing.value) == f"There is no file {picture.with_name('gone.png')}."
    settings.views.left = "https://example.org/left.png"
    inputs.check_inputs(part("blender.settings.properties").generate_draft(settings).plan())


def test_a_picture_of_another_kind_is_taken_and_told_of(
    store: Any, settings: Any, picture: Path, tmp_path: Path
) -> None:
    """For an engine that embeds it as for a tool that uploads it; the copy is made when sending."""
    odd = bpy.data.images.new("Odd", 96, 160)
    odd.filepath_raw, odd.file_format = str(tmp_path / "odd.tif"), "TIFF"
    odd.save()
    inputs, properties = part("jobs.inputs"), part("blender.settings.properties")
    settings.mode, settings.image = "IMAGE", str(tmp_path / "odd.tif")
    plan = properties.generate_draft(settings).plan()
    words = "odd.tif is sent as a copy: converted from TIFF."
    assert inputs.check_inputs(plan) == (words,)
    cut = part("jobs.planner").plan_one("remove-bg", {"image": str(tmp_path / "odd.tif")})
    assert inputs.check_inputs(cut) == (words,)
    (tmp_path / "odd.tif").write_text("no picture")
    for refused in (plan, cut):
        with pytest.raises(part("catalog").InvalidRequest, match="not a picture"):
            inputs.check_inputs(refused)


@pytest.mark.fault("There is no key in Blender", "Said; nothing is ordered")
def test_no_key(store: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.prompt = "a chair"
    monkeypatch.delitem(os.environ, "STUDIO3D_API_KEY")
    part("blender.runtime.worker_link").account_changed()
    assert blocker(settings).need == "KEY"
    with pytest.raises(RuntimeError, match="API key"):
        ops.studio3d.generate()
    with pytest.raises(RuntimeError, match="API key"):
        ops.studio3d.check_connection()


@pytest.mark.fault("Blender's online access is off", "Said; nothing is ordered")
def test_online_access_off(store: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not bpy.app.online_access  # tests run without it
    settings.prompt = "a chair"
    assert blocker(settings) is None  # this machine is not "online"
    monkeypatch.setitem(os.environ, "STUDIO3D_API_URL", "https://service.invalid")
    part("blender.runtime.worker_link").account_changed()
    assert blocker(settings).need == "ONLINE"
    with pytest.raises(RuntimeError, match=r"(?i)online access is off|offline mode"):
        ops.studio3d.generate()
    assert store.all() == []


@pytest.mark.fault("The folder for results has too long a path", "Said; nothing is ordered")
def test_a_folder_too_deep(store: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.prompt = "a chair"
    deep = part("blender.core.paths").downloads()
    most = len(str(deep)) + 100
    monkeypatch.setitem(part("service.path_room").LONGEST_PATH, sys.platform, most)
    assert f"{most} characters" in blocker(settings).message
    assert "preferences" in blocker(settings).message
    with pytest.raises(RuntimeError, match="too long a path"):
        ops.studio3d.generate()
    assert store.all() == []


@pytest.mark.fault("Credits do not suffice, in Blender", "Said before anything is sent")
def test_credits_short(store: Any, settings: Any) -> None:
    settings.prompt = "a chair"
    wallet = part("service.answers").Wallet
    store.save_wallet(ADDRESS, wallet(Decimal("34.00"), 3))
    look()
    assert blocker(settings).message == "This needs 35 credits; the balance is 34."
    with pytest.raises(RuntimeError, match="needs 35 credits"):
        ops.studio3d.generate()
    store.save_wallet(ADDRESS, wallet(Decimal("35.00"), 3))
    look()
    assert blocker(settings) is None


def test_price_beside_the_balance(store: Any, settings: Any) -> None:
    readiness, view = part("blender.runtime.preflight"), part("blender.snapshot.snapshot")

    def words() -> tuple[str, str]:
        draft = part("blender.settings.properties").generate_draft(settings)
        price = draft.estimate()
        return readiness.price_words(view.current(), price), readiness.price_parts(price)

    assert words() == ("35 credits", "35 credits Hunyuan Rapid")
    settings.tencent_rapid.enable_pbr = True
    store.save_wallet(ADDRESS, part("service.answers").Wallet(Decimal("9965.00"), 3))
    look()
    assert words() == ("55 of 9 965 credits", "35 credits + 20 credits PBR textures")


def test_a_version_nobody_knows_is_never_ordered_without_asking(store: Any, settings: Any) -> None:
    readiness, view = part("blender.runtime.preflight"), part("blender.snapshot.snapshot")
    ordering = part("blender.operators.ordering")
    settings.engine_text, settings.prompt = "tripo", "a chair"
    part("blender.settings.preferences").preferences_of(bpy.context).confirm_above = 9999
    settings.tripo.version = "OTHER"
    settings.tripo.version_other = "3.2"
    price = part("blender.settings.properties").generate_draft(settings).estimate()
    assert ordering.needs_confirmation(bpy.context, price)
    assert readiness.price_words(view.current(), price) == "Price not known"
    assert "What Version 3.2 costs is not known" in readiness.price_parts(price)
    assert readiness.price_question(price, "Generate") == "Generate without Knowing the Price?"
    settings.tripo.version = "3.1"
    known = part("blender.settings.properties").generate_draft(settings)
    assert not ordering.needs_confirmation(bpy.context, known.estimate())


def test_a_waiting_job_is_cancelled_then_removed(store: Any, tmp_path: Path) -> None:
    job = add_job(store, tmp_path)
    ops.studio3d.cancel(job_id=job.id)
    assert store.get(job.id).state == "ABANDONED"
    ops.studio3d.remove(job_id=job.id)
    assert store.all() == []


@pytest.mark.fault("A job is being sent when it is cancelled", "It is left alone: it may be paid")
def test_a_job_that_moved_on_is_left_alone(store: Any, tmp_path: Path) -> None:
    job = add_job(store, tmp_path)
    store.change(job.id, part("jobs.states").State.SUBMITTING)
    assert ops.studio3d.cancel(job_id=job.id) == {"CANCELLED"}
    assert store.get(job.id).state == "SUBMITTING"
    store.change(job.id, part("jobs.states").State.QUEUED)
    store.remove(job.id, expected=part("jobs.states").State.QUEUED)
    assert ops.studio3d.remove(job_id=job.id) == {"CANCELLED"}


@pytest.mark.fault(
    "A waiting job is sent between the interface's last look and a click on Cancel",
    "It is asked about as what it is by now: its credits are spent",
)
def test_what_was_sent_since_the_last_look_is_asked_about(store: Any, tmp_path: Path) -> None:
    state = part("jobs.states").State
    job = add_job(store, tmp_path)
    actions = part("blender.operators.job_actions")
    seen = look().entry(job.id)
    store.change(job.id, state.SUBMITTING)
    store.change(job.id, state.PENDING, task_id="t-1")
    assert not actions._is_sent(row.job for row in seen.jobs)
    assert actions._is_sent(actions._order_now(job.id))


def test_an_unanswered_submit_is_sent_again_on_request(store: Any, tmp_path: Path) -> None:
    state = part("jobs.states").State
    job = add_job(store, tmp_path)
    store.change(job.id, state.SUBMITTING)
    store.change(job.id, state.UNKNOWN)
    assert part("blender.settings.job_choices").may_cost_twice(store.get(job.id))
    ops.studio3d.retry(job_id=job.id)
    assert store.get(job.id).state == "QUEUED"


def test_trying_again_goes_on_where_it_stopped(store: Any, tmp_path: Path) -> None:
    state = part("jobs.states").State
    job = add_job(store, tmp_path)
    store.change(job.id, state.SUBMITTING)
    store.change(job.id, state.PENDING, task_id="task")
    store.change(job.id, state.FAILED)
    ops.studio3d.retry(job_id=job.id)
    again = store.get(job.id)
    assert (again.state, again.task_id, again.failure) == ("PENDING", "task", None)


def test_clearing_leaves_what_still_matters(store: Any, tmp_path: Path) -> None:
    ended, waiting = add_job(store, tmp_path), add_job(store, tmp_path)
    ready = ready_job(store, tmp_path)
    ops.studio3d.cancel(job_id=ended.id)
    ops.studio3d.clear_ended()
    assert {job.id for job in store.all()} == {waiting.id, ready.id}


def test_confirmation_is_asked_above_the_limit_only(store: Any, settings: Any) -> None:
    preferences = bpy.context.preferences.addons[PACKAGE].preferences

    def needs_confirmation() -> bool:
        draft = part("blender.settings.properties").generate_draft(settings)
        ordering = part("blender.operators.ordering")
        return bool(ordering.needs_confirmation(bpy.context, draft.estimate()))

    try:
        preferences.confirm_above = 35
        assert not needs_confirmation()
        settings.tencent_rapid.enable_pbr = True
        assert needs_confirmation()
        preferences.confirm_above = 55
        assert not needs_confirmation()
    finally:
        preferences.property_unset("confirm_above")
