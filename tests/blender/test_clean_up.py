"""Cleaning up keeps what any .blend uses; the deleting is done by a process of its own."""

import sys
import time
from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import PACKAGE, part
from tests.blender.results import add_job, finish, make_blend

ops: Any = bpy.ops  # the stubs know no operators of extensions


def result(store: Any, name: str) -> Any:
    """A job with a model and a picture that waits to be placed."""
    folder = part("blender.core.paths").downloads() / name
    folder.mkdir(parents=True)
    picture = bpy.data.images.new("p", 8, 8)
    picture.file_format = "PNG"
    picture.save(filepath=str(folder / "view.png"))
    bpy.data.images.remove(picture)
    job = finish(store, add_job(store, folder, name=name), make_blend(folder / "m.blend", name))
    file = part("jobs.job").ResultFile(folder / "view.png", "IMAGE")
    return store.change(job.id, job.state, files=(file,))


def placed(store: Any, name: str) -> Any:
    job = result(store, name)
    assert ops.studio3d.place(job_id=job.id) == {"FINISHED"}
    return store.get(job.id)


def there(job: Any) -> bool:
    return all(path.is_file() for path in (job.files[0].path, job.prepared.path))


def test_a_placed_result_goes_and_the_scene_keeps_it(store: Any, tmp_path: Path) -> None:
    job, waiting = placed(store, "Lamp"), result(store, "Vase")
    blend = tmp_path / "scene.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    assert ops.studio3d.clean_up() == {"FINISHED"}
    assert not job.folder.exists()
    assert there(waiting)
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    (lamp,) = bpy.context.scene.objects
    assert len(lamp.data.vertices) == 8
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert ops.studio3d.clean_up(unplaced=True) == {"FINISHED"}
    assert not waiting.folder.exists()


def test_a_picture_in_a_closed_blend_is_kept_wherever_the_blend_is_now(
    store: Any, tmp_path: Path
) -> None:
    job = placed(store, "Lamp")
    bpy.data.images.load(str(job.files[0].path)).use_fake_user = True
    blend = tmp_path / "scene.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    bpy.ops.wm.read_homefile(use_empty=True)
    blend.rename(tmp_path / "final.blend")
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert there(job)


def test_a_result_linked_by_a_relative_path_is_kept(store: Any, tmp_path: Path) -> None:
    job = placed(store, "Lamp")
    bpy.ops.wm.read_homefile(use_empty=True)
    libraries: Any = bpy.data.libraries  # the stubs do not know what loading returns
    with libraries.load(str(job.prepared.path), link=True) as (_, wanted):
        wanted.objects = ["Lamp"]
    bpy.context.scene.collection.objects.link(wanted.objects[0])
    (tmp_path / "scenes").mkdir()
    blend = tmp_path / "scenes" / "a.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(blend), relative_remap=True)
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    assert bpy.data.libraries[0].filepath.startswith("//..")
    bpy.ops.wm.read_homefile(use_empty=True)
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert there(job)


@pytest.mark.posix("Wine makes no links to folders, and Windows lets administrators make them")
def test_a_use_is_seen_where_the_results_folder_is_a_link(store: Any, tmp_path: Path) -> None:
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    disk, link = tmp_path / "disk", tmp_path / "results"
    disk.mkdir()
    link.symlink_to(disk)
    preferences.downloads_folder = str(link)
    try:
        by_disk, by_link, unused = (placed(store, name) for name in ("Lamp", "Vase", "Chair"))
        for seen in (disk / "Lamp", link / "Vase"):
            bpy.data.images.load(str(seen / "view.png")).use_fake_user = True
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
        bpy.ops.wm.read_homefile(use_empty=True)
        assert ops.studio3d.clean_up() == {"FINISHED"}
    finally:
        preferences.downloads_folder = ""
    assert (there(by_disk), there(by_link), unused.folder.exists()) == (True, True, False)


def test_a_result_opened_and_saved_is_the_users_work(store: Any) -> None:
    job = placed(store, "Lamp")
    bpy.ops.wm.open_mainfile(filepath=str(job.prepared.path))
    bpy.data.objects["Lamp"].location.x = 3
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.read_homefile(use_empty=True)
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert there(job)


def test_what_is_being_saved_into_a_library_is_kept(store: Any, tmp_path: Path) -> None:
    job = placed(store, "Lamp")
    bpy.ops.wm.read_homefile(use_empty=True)
    (tmp_path / "library").mkdir()
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.asset_library = str(tmp_path / "library")
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    assert ops.studio3d.save_asset(job_id=job.id) == {"FINISHED"}
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert there(job)
    part("blender.core.memory").end()
    preferences.asset_library = ""


def test_without_a_limit_nothing_goes_unasked(store: Any) -> None:
    job = placed(store, "Lamp")
    with store._transaction():
        store._db.execute("UPDATE jobs SET updated_at = 0")
    cleaning = part("blender.runtime.clean_up")
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.cache_limit = 0
    try:
        cleaning._trim()
    finally:
        preferences.cache_limit = 10
    assert not cleaning.is_running()
    assert there(job)


def test_a_result_linked_by_hand_is_kept(store: Any) -> None:
    job = placed(store, "Lamp")
    libraries: Any = bpy.data.libraries  # the stubs do not know what loading returns
    with libraries.load(str(job.prepared.path), link=True) as (_, wanted):
        wanted.objects = ["Lamp"]
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert there(job)


def test_a_copy_saved_from_it_counts_as_well(store: Any, tmp_path: Path) -> None:
    job = placed(store, "Lamp")
    bpy.data.images.load(str(job.files[0].path)).use_fake_user = True
    copy = tmp_path / "copy.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(copy), copy=True)
    assert str(copy) in {use.blend for use in store.uses()}


def test_what_the_open_file_shows_or_starts_from_is_kept(store: Any) -> None:
    shown, start = placed(store, "Lamp"), placed(store, "Vase")
    bpy.data.images.load(str(shown.files[0].path))
    assert ops.studio3d.use_picture(filepath=str(start.files[0].path)) == {"FINISHED"}
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert there(shown)
    assert there(start)


def test_what_a_view_starts_from_is_kept(store: Any) -> None:
    job = placed(store, "Lamp")
    settings = part("blender.settings.properties").settings_of(bpy.context)
    settings.views.left = str(job.files[0].path)
    assert ops.studio3d.clean_up() == {"CANCELLED"}
    assert there(job)


def test_an_old_blend_is_noted_when_it_is_opened(store: Any, tmp_path: Path) -> None:
    job = placed(store, "Lamp")
    bpy.data.images.load(str(job.files[0].path)).use_fake_user = True
    blend = tmp_path / "scene.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    with store._transaction():
        store._db.execute("DELETE FROM uses")
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    assert {use.blend for use in store.uses()} == {str(blend)}


def test_the_dialog_tells_what_goes_and_what_stays(store: Any) -> None:
    kept = placed(store, "Lamp")
    placed(store, "Bowl")
    result(store, "Vase")
    bpy.data.images.load(str(kept.files[0].path))
    cleaning, operator = part("blender.runtime.clean_up"), part("blender.operators.clean_up")
    plans = {choice: cleaning.plan(unplaced=choice) for choice in (False, True)}
    frees, used, unplaced = operator.plan_words(plans[False])
    assert frees.startswith("Frees 0.")
    assert frees.endswith("MB of 1 results")
    assert used == "1 are used by .blend files or jobs and kept"
    assert unplaced == "1 were never placed and are kept"
    assert len(plans[True].free) == 2
    old = placed(store, "Old")
    store.change(old.id, old.state, finished_at=time.time() - 25 * 3600)
    words = operator.plan_words(cleaning.plan(unplaced=False))
    assert words[1].startswith("1 of them cannot be fetched again")


def test_who_asked_for_it_is_told_that_it_did_not_happen(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaning, shown = part("blender.runtime.clean_up"), part("blender.snapshot.snapshot")
    monkeypatch.setattr(
        part("blender.runtime.worker_host"),
        "clean_up_command",
        lambda: [sys.executable, "-c", "raise SystemExit(3)"],
    )
    cleaning.start(limit=1)  # nobody did
    assert shown.trouble_shown() == ""
    cleaning.start(unplaced=True)
    assert "The results were not cleaned up" in shown.trouble_shown()
    shown.show_trouble("")


def test_the_limit_is_the_users(store: Any) -> None:
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    assert part("blender.core.options").read().cache_limit == preferences.cache_limit == 10
