"""Several background Blenders at the same time, within the memory that one may take by itself."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from addon.jobs.file_locks import FilesBusy, files_of
from addon.jobs.job import Job, ResultFile
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.service.stopping import Stopped
from addon.worker import blenders as blenders_module
from addon.worker import memory_limit
from addon.worker.blenders import Blenders, usual_count
from addon.worker.process import WorkerProcess
from addon.worker.script_process import ScriptFailed, TooMuchMemory
from addon.worker.script_run import ScriptRun
from addon.worker.settings import WorkerSettings
from tests.patience import seconds, until
from tests.processes import is_running, kill
from tests.worker.test_background import ENTRY, WORK

Start = Callable[..., WorkerProcess]
Add = Callable[..., Job]
GIGABYTE = 1024**3
WHOLE_MB = 10_000


@pytest.mark.parametrize(
    ("cores", "gigabytes", "said", "count"),
    [
        (2, 12.0, "", 1),  # small machines
        (16, 8.0, "", 1),
        (4, 12.0, "", 2),
        (16, 16.0, "", 3),
        (64, 128.0, "", 4),
        (16, None, "", 4),  # no limit of memory
        (64, 128.0, "1", 1),
        (2, 128.0, "6", 6),
        (2, 12.0, "6", 2),  # never less memory for each than a bake takes
        (2, 3.0, "0", 1),
        (4, 12.0, "many", 2),
    ],
)
def test_there_are_as_many_as_the_machine_has_room_for(
    cores: int, gigabytes: float | None, said: str, count: int
) -> None:
    whole = None if gigabytes is None else int(gigabytes * GIGABYTE)
    assert usual_count({blenders_module.VARIABLE: said}, cores, whole) == count
    share = Blenders(count, whole).share
    assert (share is None) == (count == 1 or whole is None)
    assert share is None or memory_limit.LEAST <= share <= (whole or 0) // count


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has two, also on a small machine."""
    monkeypatch.setenv(blenders_module.VARIABLE, "2")
    monkeypatch.setenv(memory_limit.VARIABLE, str(WHOLE_MB))


@pytest.fixture
def fetched(store: Store, add: Add) -> Callable[[str], Job]:
    """A job of that name whose file is there, which is to be prepared next."""

    def make(name: str) -> Job:
        job = add(prepared=True)
        job.folder.mkdir(exist_ok=True)
        file = ResultFile(job.folder / f"{job.id}.glb", "3D_MODEL")
        file.path.write_bytes(b"glTF")
        for state in (State.SUBMITTING, State.PENDING, State.DOWNLOADING):
            store.change(job.id, state, task_id=job.id, name=name)
        return store.change(job.id, State.PREPARING, files=(file,))

    return make


@pytest.mark.fault(
    "One of two background Blenders that work at the same time crashes",
    "The other goes on; each has its share of the memory",
)
@pytest.mark.usefixtures("two")
def test_two_results_are_prepared_at_once_and_one_that_fails_fails_alone(
    start: Start,
    settings: WorkerSettings,
    store: Store,
    fetched: Callable[[str], Job],
    tmp_path: Path,
) -> None:
    """Neither goes on before the other is there."""
    jobs = [fetched("meet"), fetched("meet and crash")]
    start(settings).nudge()
    until(lambda: not store.active(), what=lambda: [store.get(job.id).state for job in jobs])
    assert [store.get(job.id).state for job in jobs] == [State.READY, State.FAILED]
    met = [path.read_text() for path in tmp_path.glob("results/met-*")]
    assert [sorted(line.split()) for line in sorted(met)] == [
        [str(WHOLE_MB // 2)],
        # The one that ended without a word was tried once more, by itself.
        [str(WHOLE_MB), str(WHOLE_MB // 2)],
    ]


@pytest.mark.fault(
    "The worker is killed while two background Blenders work",
    "Both end at once, and the files of both are free",
)
@pytest.mark.usefixtures("two")
def test_both_end_with_their_owner(
    start: Start,
    settings: WorkerSettings,
    fetched: Callable[[str], Job],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "work.py").write_text(WORK.replace('job["pid"]', "f\"{job['to']}.pid\""))
    monkeypatch.setenv("ENTRY", str(ENTRY))
    command = (sys.executable, "-I", str(tmp_path / "work.py"))
    worker = start(replace(settings, prepare_command=command))
    jobs = [fetched(name) for name in ("vase", "lamp")]
    worker.nudge()

    def pids() -> list[int]:
        said = [path.read_text() for path in tmp_path.glob("results/*.pid")]
        return [int(pid) for pid in said if pid.endswith("\n")]

    until(lambda: len(pids()) == 2, what="both of them")
    assert worker.pid is not None
    kill(worker.pid)
    until(lambda: not any(is_running(pid) for pid in pids()), what="the end of both")
    for job in jobs:
        assert is_free(job)


def is_free(job: Job) -> bool:
    try:
        with files_of(job):
            return True
    except FilesBusy:
        return False


TAKES = """
import os, runpy
entry = runpy.run_path(os.environ["ENTRY"])
entry["main"](lambda job: {"taken": len(bytes(job["bytes"]))}, message="{error}", hint="")
"""


def test_what_is_too_large_for_its_share_gets_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "takes.py").write_text(TAKES)
    monkeypatch.setenv("ENTRY", str(ENTRY))
    monkeypatch.setattr(memory_limit, "LEAST", 1)
    monkeypatch.setenv(memory_limit.VARIABLE, "600")
    blenders = Blenders(2, memory_limit.limit())
    script = ScriptRun([sys.executable, "-I", str(tmp_path / "takes.py")], seconds(30), NEVER)
    tried: list[int | None] = []

    def take(megabytes: int) -> Any:
        def work(memory: int | None) -> Any:
            tried.append(memory)
            return script.run({"bytes": megabytes * 1024**2}, memory=memory)

        return blenders.do(work, NEVER)

    half = 300 * 1024**2
    assert take(100)["taken"] == 100 * 1024**2
    assert tried == [half]
    assert take(400)["taken"] == 400 * 1024**2
    assert tried == [half, half, None]
    with pytest.raises(ScriptFailed, match=r"more memory than the 0\.6 GB"):
        take(800)


NEVER = threading.Event()


def test_it_waits_for_the_others_and_they_for_it() -> None:
    blenders = Blenders(2, 2 * memory_limit.LEAST)
    told: list[str] = []
    is_large = threading.Event()

    def small(memory: int | None) -> None:
        assert memory == memory_limit.LEAST
        is_large.wait(seconds(10))
        until(lambda: len(blenders._line) == 2, what="the large one and the last one in line")
        told.append("small")

    def large(memory: int | None) -> None:
        if memory is not None:
            raise TooMuchMemory(memory)
        told.append("large")

    def last(_memory: int | None) -> None:
        told.append("last")

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(blenders.do, small, NEVER)
        until(lambda: blenders._free == 1)
        second = pool.submit(blenders.do, large, NEVER)
        until(lambda: len(blenders._line) == 1, what="the large one in line")
        third = pool.submit(blenders.do, last, NEVER)
        is_large.set()
        for future in (first, second, third):
            future.result(seconds(30))
    assert told == ["small", "large", "last"]


def test_nobody_waits_who_is_to_end() -> None:
    blenders, stop = Blenders(), threading.Event()
    stop.set()

    def meanwhile(_memory: int | None) -> None:
        with ThreadPoolExecutor(1) as pool, pytest.raises(Stopped):
            pool.submit(blenders.do, lambda _: None, stop).result(seconds(30))

    blenders.do(meanwhile, NEVER)
