"""Results that somebody deleted, before or after they were prepared: they are fetched again."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.jobs.actions import retry
from addon.jobs.job import Job
from addon.jobs.states import State
from tests.jobs.world import World, glb, obj_zip, status_path
from tests.service.scripted_server import json_answer


def delete_all(job: Job) -> None:
    shutil.rmtree(job.folder)


def delete_contents(job: Job) -> None:
    for file in job.files:
        for path in file.contents:
            path.unlink(missing_ok=True)


def delete_model(job: Job) -> None:
    for file in job.files:
        file.path.unlink()


DELETE: list[Callable[[Job], None]] = [delete_all, delete_contents, delete_model]


def fetched(world: World, *, archive: bool) -> Job:
    name = "a.zip" if archive else "a.glb"
    world.serve(name, obj_zip() if archive else glb())
    world.status(world.finished((name, "3D_MODEL")))
    job = world.add(prepared=True)
    return world.until(job, State.PREPARING)


@pytest.mark.fault("Results are deleted before they are prepared", "Fetched again; paid once")
@pytest.mark.parametrize("archive", [True, False])
@pytest.mark.parametrize("delete", DELETE, ids=lambda delete: delete.__name__)
def test_before_they_are_prepared(
    world: World, delete: Callable[[Job], None], archive: bool
) -> None:
    job = fetched(world, archive=archive)
    delete(job)
    done = world.until(job, State.READY)
    assert done.failure is None
    assert all(path.is_file() for file in done.files for path in (file.path, *file.contents))
    assert done.prepared is not None
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "Results are deleted after they were prepared", "Fetched and prepared again; paid once"
)
@pytest.mark.parametrize("delete", DELETE, ids=lambda delete: delete.__name__)
def test_after_they_were_prepared(world: World, delete: Callable[[Job], None]) -> None:
    job = world.until(fetched(world, archive=True), State.READY)
    delete(job)
    world.store.change(job.id, State.PREPARING, prepared=None)  # the .blend could not be read
    done = world.until(job, State.READY)
    assert done.prepared is not None
    assert all(Path(path).is_file() for file in done.files for path in (file.path, *file.contents))
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "Results are deleted, and the service no longer has them",
    "Said to have expired; fetched when it has them again",
)
def test_when_the_service_no_longer_has_them_that_is_said(world: World) -> None:
    job = fetched(world, archive=False)
    delete_all(job)
    world.clock.time += 30 * 3600
    world.server.on("GET", status_path(), json_answer({"error": "not found"}, 404))
    gone = world.until(job, State.EXPIRED)
    assert gone.failure is not None
    assert gone.failure.code == "result_expired"
    world.status(world.finished(("a.glb", "3D_MODEL")))
    retry(world.store, gone)
    assert world.until(gone, State.READY).prepared is not None
    assert world.server.count("POST") == 1
