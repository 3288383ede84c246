"""Results that somebody deleted or damaged, before or after they were prepared: fetched again."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from addon.jobs.actions import retry
from addon.jobs.checksums import has_contents, is_whole
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


def cut_all(job: Job) -> None:
    for path in paths(job):
        path.write_bytes(path.read_bytes()[:-7])


def empty_contents(job: Job) -> None:
    for path in paths(job)[1:]:
        path.write_bytes(b"")


def change_all(job: Job) -> None:
    for path in paths(job):
        path.write_bytes(bytes(255 - byte for byte in path.read_bytes()))


def paths(job: Job) -> list[Path]:
    return [path for file in job.files for path in (file.path, *file.contents)]


DELETE: list[Callable[[Job], None]] = [
    delete_all,
    delete_contents,
    delete_model,
    cut_all,
    empty_contents,
    change_all,
]


def fetched(world: World, *, archive: bool) -> Job:
    name = "a.zip" if archive else "a.glb"
    world.serve(name, obj_zip() if archive else glb())
    world.status(world.finished((name, "3D_MODEL")))
    job = world.add(prepared=True)
    return world.until(job, State.PREPARING)


@pytest.mark.fault(
    "A result's files are deleted, emptied, cut or changed before it is prepared",
    "They are fetched again, which costs nothing; the first of them is named meanwhile",
)
@pytest.mark.parametrize("archive", [True, False])
@pytest.mark.parametrize("delete", DELETE, ids=lambda delete: delete.__name__)
def test_before_they_are_prepared(
    world: World, delete: Callable[[Job], None], archive: bool
) -> None:
    job = fetched(world, archive=archive)
    before = {path: path.read_bytes() for path in paths(job)}
    delete(job)
    if any(not path.is_file() or path.read_bytes() != was for path, was in before.items()):
        fetching = world.until(job, State.DOWNLOADING)
        assert fetching.failure is not None
        assert fetching.failure.code == "files_changed"
    done = world.until(job, State.READY)
    assert done.failure is None
    assert [path.read_bytes() for path in paths(done)] == list(before.values())
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
    assert all(map(is_whole, done.files))
    assert all(map(has_contents, done.files))
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "A result's files were changed, and the service no longer has them",
    "They are prepared as they are; where that fails, it is said that they were changed",
)
def test_what_was_changed_long_ago_is_used_as_it_is(world: World) -> None:
    job = world.until(fetched(world, archive=False), State.READY)
    change_all(job)
    world.clock.time += 30 * 3600
    world.server.on("GET", status_path(), json_answer({"error": "not found"}, 404))
    world.store.change(job.id, State.PREPARING, prepared=None)
    done = world.until(job, State.READY)
    assert done.prepared is not None
    assert done.files == job.files


def test_what_an_earlier_version_fetched_has_to_be_there(world: World) -> None:
    job = fetched(world, archive=True)
    files = tuple(replace(file, checksums=()) for file in job.files)
    job = world.store.change(job.id, State.PREPARING, files=files)
    change_all(job)
    assert world.until(job, State.READY).files == files


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
