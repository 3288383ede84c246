"""What users do to Blender while jobs run: the result comes once, or waits where it can be had."""

from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import add_job, finish, make_blend, ops, ready_job


def look() -> Any:
    return part("blender.runtime.job_monitor").poll_once(bpy.context)


def placed(job: Any) -> list[Any]:
    return [obj for obj in bpy.data.objects if obj.get("studio3d_job") == job.id]


@pytest.mark.fault("File > Revert while a job runs", "The result is placed in the file, once")
def test_revert_before(store: Any, tmp_path: Path) -> None:
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    job = ready_job(store, tmp_path)
    bpy.ops.wm.revert_mainfile()
    look()
    assert store.get(job.id).state == "PLACED"
    assert len(placed(job)) == 1
    look()
    assert len(placed(job)) == 1


@pytest.mark.fault(
    "File > Revert after a result was placed and not saved",
    "Said to be no longer in the scene; imported again by hand, nothing is ordered",
)
def test_revert_after(store: Any, tmp_path: Path) -> None:
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    job = ready_job(store, tmp_path)
    look()
    assert len(placed(job)) == 1
    bpy.ops.wm.revert_mainfile()
    look()
    assert placed(job) == []
    assert not part("blender.snapshot.snapshot").current().row(job.id).is_here
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    assert len(placed(job)) == 1
    assert [one.id for one in store.all()] == [job.id]


@pytest.mark.fault(
    "The scene a result was ordered for is deleted", "The result waits and is placed by hand, once"
)
def test_the_scene_is_deleted(store: Any, tmp_path: Path) -> None:
    first = bpy.context.scene
    job = ready_job(store, tmp_path)
    window = bpy.context.window_manager.windows[0]
    window.scene = bpy.data.scenes.new("Second")
    bpy.data.scenes.remove(first)
    with bpy.context.temp_override(window=window):
        for _ in range(2):
            look()
        if store.get(job.id).state == "READY":
            ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
        assert store.get(job.id).state == "PLACED"
        assert len(placed(job)) == 1


@pytest.mark.fault(
    "Everything in the file is deleted and purged while a job runs", "The result is placed, once"
)
def test_everything_is_deleted(store: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    job = add_job(store, tmp_path)
    look()
    bpy.data.batch_remove([*bpy.data.objects, *bpy.data.meshes, *bpy.data.collections])
    bpy.data.orphans_purge(do_recursive=True)
    finish(store, job, make_blend(tmp_path / "a.blend", "Brass Lamp"))
    look()
    assert store.get(job.id).state == "PLACED"
    assert len(placed(job)) == 1


@pytest.mark.posix("a list that is open cannot be deleted there")
@pytest.mark.fault(
    "The job list is deleted while Blender is open", "Blender goes on; a new list is made"
)
def test_the_list_is_deleted(store: Any, tmp_path: Path) -> None:
    ready_job(store, tmp_path)
    path = part("blender.core.paths").places().store
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()
    look()
    part("blender.core.memory").of(part("blender.core.session")._Session).end()
    look()
    opened = part("blender.core.session").store()
    assert opened.all() == []
    add_job(opened, tmp_path)
    assert len(opened.all()) == 1


@pytest.mark.fault("Undo and redo by script while results wait", "Each result is placed once")
def test_undo_while_results_wait(store: Any, tmp_path: Path) -> None:
    jobs = [ready_job(store, tmp_path, name=name) for name in ("One", "Two")]
    look()
    hooks = part("blender.runtime.handlers")
    hooks.on_undo(bpy.context.scene)
    look()
    hooks.on_undo(bpy.context.scene)
    look()
    assert [store.get(job.id).state for job in jobs] == ["PLACED", "PLACED"]
    assert [len(placed(job)) for job in jobs] == [1, 1]
