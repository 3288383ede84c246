"""A background Blender that is started before there is an order for it."""

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from addon.jobs.file_locks import alone_with
from addon.service import whole_files
from addon.worker import script_run
from addon.worker.prepare import BlenderPreparer
from addon.worker.script_run import ScriptRun
from tests.patience import seconds, until
from tests.worker.test_prepare import PROGRAM, job_named


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where all temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def run(temporary: Path) -> Iterator[ScriptRun]:
    whole_files.may_wait()  # as the worker: what has just ended may hold a file for a moment
    script = ScriptRun(PROGRAM, seconds(30), threading.Event())
    yield script
    script.end()
    # A thread of its own may still be cleaning up behind what ended by itself.
    until(lambda: not list(temporary.iterdir()), what="an empty folder")
    whole_files._pauses.clear()


def order(folder: Path, name: str) -> dict[str, Any]:
    return {"name": name, "to": str(folder / f"{name}.blend"), "sent": None}


def waiting(script: ScriptRun) -> Any:
    return script._ahead._process


def test_it_gets_the_next_order_and_no_other(run: ScriptRun, tmp_path: Path) -> None:
    run.get_ready()
    ahead = waiting(run)
    run.get_ready()
    assert waiting(run) is ahead
    assert run.run(order(tmp_path, "vase"))["triangles"] == 12
    assert (tmp_path / "vase.blend").is_file()
    assert waiting(run) is None
    assert not ahead.is_running
    run.run(order(tmp_path, "lamp"))
    assert (tmp_path / "lamp.blend").is_file()


def test_the_next_may_start_while_it_is_at_work(run: ScriptRun, tmp_path: Path) -> None:
    run.get_ready()
    first = waiting(run)
    run.run(order(tmp_path, "vase"), on_start=run.get_ready)
    assert waiting(run) is not first
    assert waiting(run).is_running


@pytest.mark.fault(
    "The background Blender that was started ahead is gone", "Another is started; nothing is lost"
)
def test_one_that_is_gone_is_replaced(run: ScriptRun, tmp_path: Path) -> None:
    run.get_ready()
    ahead = waiting(run)
    ahead._process.kill()
    ahead._process.wait()
    assert run.run(order(tmp_path, "vase"))["ok"]
    run.get_ready()
    ahead = waiting(run)
    ahead._process.kill()
    ahead._process.wait()
    run.get_ready()
    assert waiting(run) is not ahead
    assert waiting(run).is_running


@pytest.mark.posix("asks /proc which files a process holds; on Windows no lock is handed over")
def test_it_holds_what_its_order_needs_and_nothing_else(
    run: ScriptRun, temporary: Path, tmp_path: Path
) -> None:
    """Whoever has it started is at work on a result of their own."""
    with alone_with(tmp_path, "another"):
        run.get_ready()
        assert locks_of(os.getpid()) != []
        assert locks_of(waiting(run)._process.pid) == []
    for folder in temporary.glob("studio3d-locks*"):
        folder.rmdir()


def locks_of(pid: int) -> list[str]:
    """The files of locks that the process has open."""
    files = [file.resolve() for file in Path(f"/proc/{pid}/fd").iterdir() if file.exists()]
    return [str(file) for file in files if "studio3d-locks" in str(file)]


def test_one_of_another_size_is_left_to_wait(run: ScriptRun, tmp_path: Path) -> None:
    run.get_ready(2 * 10**9)
    ahead = waiting(run)
    run.run(order(tmp_path, "vase"))
    assert waiting(run) is ahead
    run.run(order(tmp_path, "lamp"), memory=2 * 10**9)
    assert waiting(run) is None


def test_one_that_cannot_start_is_told_by_the_run(temporary: Path, tmp_path: Path) -> None:
    nowhere = ScriptRun([str(tmp_path / "no program")], seconds(30), threading.Event())
    nowhere.get_ready()
    with pytest.raises(FileNotFoundError):  # Windows does not say of what
        nowhere.run(order(tmp_path, "vase"))
    assert list(temporary.iterdir()) == []


def test_nobody_waits_for_ever(run: ScriptRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_run, "READY_SECONDS", 0.01)
    run.get_ready()
    ahead = waiting(run)
    until(lambda: not ahead.is_running)
    until(lambda: waiting(run) is None)


def test_none_is_started_once_work_is_to_end(temporary: Path) -> None:
    stop = threading.Event()
    stop.set()
    script = ScriptRun(PROGRAM, seconds(30), stop)
    script.get_ready()
    assert waiting(script) is None


def test_a_result_that_comes_in_has_one_started(temporary: Path, tmp_path: Path) -> None:
    preparer = BlenderPreparer(PROGRAM, seconds(30), threading.Event())
    script = preparer._script
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = job_named("vase", tmp_path / "a"), job_named("lamp", tmp_path / "b")
    preparer.expect(first)
    preparer.expect(second)
    ahead = waiting(script)
    preparer.prepare(first, [tmp_path / "a.glb"], tmp_path / "1.blend")
    assert waiting(script) is not None  # the second one is still to come
    assert waiting(script) is not ahead
    preparer.prepare(second, [tmp_path / "b.glb"], tmp_path / "2.blend")
    assert waiting(script) is None
    assert list(temporary.iterdir()) == []
