"""Two processes never write the same files, also when one was killed and could end nothing."""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from addon.jobs.file_locks import FilesBusy, alone_with, files_of
from addon.jobs.job import Job
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from tests.patience import until
from tests.processes import is_running, kill

Start = Callable[..., WorkerProcess]
Add = Callable[..., Job]


def code_of(store: Store, job: Job) -> str:
    failure = store.get(job.id).failure
    return "" if failure is None else failure.code


@pytest.mark.posix("no lock can be handed over there; Blender ends with its worker")
@pytest.mark.fault(
    "The worker is killed while a background Blender prepares a result, and that goes on",
    "The next worker waits until it has ended, says so, and prepares the result then",
)
def test_what_an_orphan_still_writes_is_left_alone(
    start: Start, settings: WorkerSettings, store: Store, add: Add, tmp_path: Path
) -> None:
    first = start(settings)
    job = store.change(add(prepared=True).id, State.QUEUED, name="hang")
    first.nudge()
    seen = until(lambda: list(tmp_path.glob("results/*.seen.json")), what="the background Blender")
    orphan = int(json.loads(seen[0].read_text())["pid"])
    assert first.pid is not None
    kill(first.pid)
    try:
        until(lambda: not first.alive, what="the end of the worker")
        store.change(
            job.id, State.PREPARING, name="vase", next_at=0.0
        )  # its lease need not run out
        start(settings).nudge()
        until(lambda: code_of(store, job) == "files_busy", what="the second worker")
        assert store.get(job.id).attempts == 1
        assert is_running(orphan)
    finally:
        kill(orphan)
    until(lambda: store.get(job.id).state is State.READY, what="the result")
    assert store.get(job.id).failure is None
    assert not list(tmp_path.glob("results/.*"))


@pytest.mark.fault(
    "Two programs with lists of their own fetch the same task into the same folder",
    "One does, the other waits, says so, and takes what is there",
)
def test_a_result_is_fetched_by_one_at_a_time(
    start: Start, settings: WorkerSettings, store: Store, add: Add
) -> None:
    worker = start(settings)
    job = add()
    worker.nudge()
    task = until(lambda: store.get(job.id).task_id, what="the task") or ""
    with alone_with(job.folder, task):
        until(lambda: code_of(store, job) == "files_busy", what="the worker to find it busy")
        assert not job.folder.exists()
    until(lambda: store.get(job.id).state is State.READY, what="the result")
    assert [path.suffix for path in job.folder.iterdir() if path.is_file()] == [".zip"]


def test_a_lock_is_held_once_and_leaves_nothing(
    add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    job = add()
    for _ in range(2):
        with files_of(job):
            with pytest.raises(FilesBusy, match=f"process {os.getpid()} on "), files_of(job):
                pytest.fail("held twice")
            with files_of(replace(job, id="another")):
                assert len(list(tmp_path.glob("temporary/*/*"))) == 2
        assert list(tmp_path.glob("temporary/*/*")) == []


@pytest.mark.posix("Windows lets nobody but administrators make links")
def test_a_lock_is_known_through_a_link(add: Add, tmp_path: Path) -> None:
    job = add()
    (tmp_path / "link").symlink_to(job.folder)
    linked = replace(job, folder=tmp_path / "link")
    with files_of(job), pytest.raises(FilesBusy), files_of(linked):
        pytest.fail("held twice")


def test_where_no_lock_can_be_made_the_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    for place in ("nowhere", "file"):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / place))
        (tmp_path / "file").write_text("no folder")
        with alone_with(tmp_path, "task"):
            done.append(place)
    assert done == ["nowhere", "file"]
