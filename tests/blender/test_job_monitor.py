"""One look at the store: what it places, what it leaves waiting, and why. No window here."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import add_job, finish, make_blend, ops, own_home, ready_job
from tests.patience import until
from tests.sandboxes import Sandbox


def close_store() -> None:
    part("blender.core.memory").of(part("blender.core.session")._Session).end()


def look() -> Any:
    return part("blender.runtime.job_monitor").poll_once(bpy.context)


def waiting_for(job: Any) -> str:
    row = part("blender.snapshot.snapshot").current().row(job.id)
    return str(row.waiting)


def test_nothing_to_do_expects_nothing(store: Any) -> None:
    assert not look().expects_more


def test_without_a_job_list_none_is_made(extension: ModuleType, tmp_path: Path) -> None:
    with own_home(tmp_path):
        close_store()
        home = tmp_path / "home"
        for path in home.iterdir():
            path.unlink()
        assert not look().expects_more
        assert list(home.iterdir()) == []


@pytest.mark.fault(
    "The job list is damaged while Blender is open", "Said in the panel until it is mended"
)
def test_an_unusable_job_list_is_told_and_forgotten_when_it_is_mended(
    extension: ModuleType, tmp_path: Path
) -> None:
    with own_home(tmp_path):
        close_store()
        jobs = part("blender.core.paths").places().store
        whole = jobs.read_bytes()
        jobs.write_bytes(b"no database at all" * 100)
        assert not look().expects_more
        assert "cannot be" in part("blender.snapshot.snapshot").current().message
        close_store()
        jobs.write_bytes(whole)
        look()
        assert part("blender.snapshot.snapshot").current().message == ""


def test_a_job_under_way_is_shown_and_expected(store: Any, tmp_path: Path) -> None:
    job = add_job(store, tmp_path)
    assert look().working == 1
    row = part("blender.snapshot.snapshot").current().row(job.id)
    assert (row.text, row.fraction) == ("Waiting to be sent", None)
    store.change(job.id, part("jobs.states").State.SUBMITTING)
    store.change(job.id, part("jobs.states").State.PENDING, task_id="t")
    store.change(job.id, part("jobs.states").State.RUNNING, progress=40)
    look()
    row = part("blender.snapshot.snapshot").current().row(job.id)
    assert (row.text, row.fraction) == ("Generating 40 %", 0.4)


def test_a_ready_result_is_placed(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    assert not look().expects_more
    assert store.get(job.id).state == "PLACED"
    assert bpy.data.objects["Brass Lamp"]["studio3d_job"] == job.id


def test_one_look_places_one_result_the_oldest_first(store: Any, tmp_path: Path) -> None:
    first = ready_job(store, tmp_path, name="First")
    second = ready_job(store, tmp_path, name="Second")
    assert look().placeable == 1
    assert store.get(first.id).state == "PLACED"
    assert store.get(second.id).state == "READY"
    assert look().placeable == 0


def test_more_results_than_the_panel_lists_are_all_placed(store: Any, tmp_path: Path) -> None:
    prepared = make_blend(tmp_path / "lamp.blend", "Brass Lamp")
    count = part("blender.snapshot.snapshot").SHOWN + 3
    jobs = [finish(store, add_job(store, tmp_path), prepared) for _ in range(count)]
    assert look().placeable == count - 1
    until(lambda: not look().placeable, what="the last result")
    assert {store.get(job.id).state for job in jobs} == {"PLACED"}


def test_a_result_that_the_panel_no_longer_lists_is_news(store: Any, tmp_path: Path) -> None:
    old = add_job(store, tmp_path, name="The Old One")
    for _ in range(part("blender.snapshot.snapshot").SHOWN):
        store.change(add_job(store, tmp_path).id, part("jobs.states").State.ABANDONED)
    look()
    finish(store, old, make_blend(tmp_path / "old.blend", "The Old One"))
    look()
    told = [line.text for line in part("blender.runtime.notifications").take()]
    assert any("The Old One" in line for line in told)
    assert part("blender.snapshot.snapshot").current().row(old.id).job.state == "PLACED"


def test_one_look_decides_once_about_each_result(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [ready_job(store, tmp_path, name=name) for name in ("one", "two", "three")]
    placement, decided = part("blender.placement.policy"), []
    monkeypatch.setattr(placement, "blocking_reason", lambda _: "Waits for Object Mode")
    usual = placement.decide

    def count(context: bpy.types.Context, job: Any) -> Any:
        decided.append(job.id)
        return usual(context, job)

    monkeypatch.setattr(placement, "decide", count)
    look()
    assert sorted(decided) == sorted(job.id for job in jobs)


@pytest.mark.fault("A result comes while a mesh is edited", "It waits for Object Mode; placed once")
def test_it_waits_for_object_mode(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.mode_set(mode="EDIT")
    job = ready_job(store, tmp_path)
    assert look().placeable == 1
    assert bpy.context.mode == "EDIT_MESH"
    assert waiting_for(job) == "Waits for Object Mode"
    bpy.ops.object.mode_set(mode="OBJECT")
    look()
    assert store.get(job.id).state == "PLACED"


@pytest.mark.fault("File > New while a job runs", "The result waits and is offered there")
def test_a_result_for_another_file_waits_for_the_user(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    bpy.ops.wm.read_homefile(use_empty=True)
    assert not look().expects_more
    assert store.get(job.id).state == "READY"
    assert waiting_for(job) == "Made for an unsaved file"
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    assert store.get(job.id).state == "PLACED"


@pytest.mark.fault(
    "The prepared file of a result that was placed is damaged or deleted, and it is imported again",
    "It is prepared again from the downloaded files, which is said",
)
def test_a_placed_result_that_was_damaged_is_prepared_again(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    look()
    placed = store.get(job.id)
    assert placed.state == "PLACED"
    placed.prepared.path.write_bytes(placed.prepared.path.read_bytes()[:1000])
    state, model = part("jobs.states").State, tmp_path / "lamp.glb"
    store.change(job.id, state.PLACED, files=(part("jobs.job").ResultFile(model, "3D_MODEL"),))
    assert ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id) == {"CANCELLED"}
    assert store.get(job.id).state == "PREPARING"


@pytest.mark.fault(
    "Another file is opened while a job runs", "The result waits for its own file to be opened"
)
def test_a_saved_file_is_known_again(store: Any, tmp_path: Path) -> None:
    lamp, other = tmp_path / "lamp.blend", tmp_path / "other.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(other))
    bpy.ops.wm.read_homefile(use_empty=True)
    job = add_job(store, tmp_path)  # asked for before the file had a name
    bpy.ops.wm.save_as_mainfile(filepath=str(lamp))
    bpy.ops.wm.open_mainfile(filepath=str(other))
    finish(store, job, make_blend(tmp_path / "result.blend", "Lamp"))
    look()
    assert waiting_for(job) == "Made for lamp.blend"
    bpy.ops.wm.open_mainfile(filepath=str(lamp))
    look()
    assert store.get(job.id).state == "PLACED"


def test_saving_under_another_name_is_no_other_file(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "renamed.blend"))
    look()
    assert store.get(job.id).state == "PLACED"


@pytest.mark.fault(
    "Another scene is shown, and the first renamed, while a job runs",
    "The result waits for its scene",
)
def test_a_result_for_another_scene_waits_for_that_scene(store: Any, tmp_path: Path) -> None:
    first = bpy.context.scene
    (window,) = bpy.context.window_manager.windows
    job = ready_job(store, tmp_path)
    first.name = "Renamed"
    window.scene = bpy.data.scenes.new("Second")
    with bpy.context.temp_override(window=window):
        assert look().placeable == 1
        assert store.get(job.id).state == "READY"
        assert "scene" in waiting_for(job)
    window.scene = first
    look()
    assert store.get(job.id).state == "PLACED"
    assert [c.name for c in first.collection.children] == ["Brass Lamp"]


def test_nothing_is_placed_unasked_if_the_user_wants_so(store: Any, tmp_path: Path) -> None:
    preferences = bpy.context.preferences.addons["bl_ext.user_default.studio3d"].preferences
    preferences.place_when_ready = False
    try:
        job = ready_job(store, tmp_path)
        assert not look().expects_more
        assert store.get(job.id).state == "READY"
    finally:
        preferences.place_when_ready = True


@pytest.mark.fault("A prepared result is garbage", "Tried once; why it cannot be placed is told")
def test_a_bad_result_is_tried_once(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    job.prepared.path.write_bytes(b"garbage")
    assert not look().expects_more
    assert store.get(job.id).failure.code == "place_failed"
    assert waiting_for(job) == store.get(job.id).failure.message


@pytest.mark.fault(
    "Placing breaks down over something nobody foresaw",
    "Told and not repeated; by hand it can be placed",
)
def test_trouble_the_operator_does_not_know_is_not_repeated(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise ValueError("a defect")

    job = ready_job(store, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(part("blender.placement.replace_original"), "import_result", fail)
        assert not look().expects_more
    assert "could not be placed" in waiting_for(job)
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    assert store.get(job.id).state == "PLACED"


@pytest.mark.fault(
    "A job under way is older than all that the list shows", "It is followed all the same"
)
def test_an_old_job_under_way_is_not_forgotten(store: Any, tmp_path: Path) -> None:
    old = add_job(store, tmp_path)
    state = part("jobs.states").State
    for _ in range(part("blender.snapshot.snapshot").SHOWN):
        store.change(add_job(store, tmp_path).id, state.ABANDONED)
    assert look().working == 1
    assert part("blender.snapshot.snapshot").current().rows[-1].job.id == old.id


@pytest.mark.fault("Blender ended between placing a result and noting it", "It is not placed twice")
def test_a_result_that_is_in_the_scene_is_not_placed_again(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    placed = bpy.data.objects.new("Already here", None)
    placed["studio3d_job"] = job.id
    bpy.context.scene.collection.objects.link(placed)
    look()
    assert store.get(job.id).state == "PLACED"
    assert [obj.name for obj in bpy.context.scene.objects] == ["Already here"]


def by_a_newer_blender(folder: Path) -> Any:
    major, minor, _ = bpy.app.version
    return part("jobs.job").Prepared(
        folder / "x.blend", (major, minor + 1, 0), "x", 1, (1.0, 1.0, 1.0)
    )


BY_HAND = {
    "place": lambda job_id: ops.studio3d.place(job_id=job_id),
    "import as new": lambda job_id: ops.studio3d.import_as_new(job_id=job_id),
    "save as asset": lambda job_id: ops.studio3d.save_asset(job_id=job_id),
    "script": lambda job_id: part("blender.scripting.api").place(job_id),
}


@pytest.mark.parametrize("state", ["READY", "PLACED"])
@pytest.mark.parametrize("import_it", BY_HAND.values(), ids=BY_HAND)
def test_a_newer_blenders_result_asked_for_by_hand_is_prepared_again(
    store: Any, tmp_path: Path, import_it: Callable[[str], Any], state: str
) -> None:
    job = finish(store, add_job(store, tmp_path), by_a_newer_blender(tmp_path))
    if state == "PLACED":
        job = store.change(job.id, part("jobs.states").State.PLACED)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    with suppress(part("blender.scripting.api").Failed):  # a script is told by that
        import_it(job.id)
    again = store.get(job.id)
    assert (again.state, again.prepared, again.failure) == ("PREPARING", None, None)
    assert list(bpy.context.scene.objects) == []


@pytest.mark.fault("A result was prepared by a newer Blender", "Prepared again, once")
def test_a_newer_blenders_result_is_prepared_again_once(store: Any, tmp_path: Path) -> None:
    newer = by_a_newer_blender(tmp_path)
    job = finish(store, add_job(store, tmp_path), newer)
    assert look().working == 1
    again = store.get(job.id)
    assert (again.state, again.prepared) == ("PREPARING", None)
    store.change(job.id, part("jobs.states").State.READY, prepared=newer)
    assert not look().expects_more
    assert "newer Blender" in waiting_for(job)


@pytest.mark.fault("Two Blenders have the same file open", "The one that ordered places the result")
def test_another_blender_with_the_same_file_leaves_the_asker_a_head_start(
    store: Any, tmp_path: Path
) -> None:
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shared.blend"))
    job = ready_job(store, tmp_path)
    file = replace(job.origin.file, process="another", opened="there")
    origin = replace(job.origin, file=file)
    store.change(job.id, job.state, origin=origin)
    assert look().placeable == 1
    assert store.get(job.id).state == "READY"


@pytest.mark.fault(
    "Undo after a result was placed", "The job stays placed and is not ordered again"
)
def test_undo_of_the_file_never_touches_the_job(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    look()
    part("blender.runtime.handlers").on_undo(bpy.context.scene)
    assert store.get(job.id).state == "PLACED"


def test_from_prompt_to_scene_without_a_window(
    extension: ModuleType, tmp_path: Path, sandbox: Sandbox
) -> None:
    environment = {"STUDIO3D_API_KEY": sandbox.key, "STUDIO3D_API_URL": sandbox.address}
    with own_home(tmp_path, **environment) as store:
        plan = part("jobs.planner").plan_one("tencent-rapid", {"prompt": "a red chair"})
        job = part("blender.runtime.submission").submit(bpy.context, plan)
        until(
            lambda: not look().expects_more,
            usual=120,
            what=lambda: f"the end of {store.get(job.id)}",
        )
        done = store.get(job.id)
        assert done.state == "PLACED", done.failure
        (obj,) = bpy.context.view_layer.objects.selected
        assert obj["studio3d_task"] == done.task_id
        assert len(obj.data.polygons) > 100
        assert part("blender.snapshot.snapshot").current().wallet is not None
