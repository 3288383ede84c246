"""A real worker and a real service in trouble: killed at every step, refused, shared, asleep.

After each: no job is lost, none is paid twice, by the service's own log of charges.
"""

import io
import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from addon.catalog import build_request, get
from addon.cli.environment import Environment
from addon.cli.main import main
from addon.jobs.alternatives import place_of, plans_of, siblings
from addon.jobs.job import Export, Job
from addon.jobs.origin import Origin
from addon.jobs.planner import store_plan
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from tests import processes
from tests.patience import seconds, until
from tests.sandboxes import Sandbox, Sandboxes
from tests.till import Till

Start = Callable[..., WorkerProcess]
Add = Callable[..., Job]
ENDS = {State.READY, State.FAILED, State.UNKNOWN, State.EXPIRED}


@pytest.fixture(scope="module")
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """One for the tests of this file, which change its behaviour."""
    return sandboxes.start()


@pytest.fixture
def till(sandbox: Sandbox) -> Till:
    found = Till(sandbox)
    found.no_trouble()
    return found


def kill(worker: WorkerProcess, store: Store) -> None:
    """End it as a crash does; its leases have run out by the time the next one looks."""
    pid = worker.pid
    assert pid is not None
    processes.kill(pid)
    until(lambda: not worker.alive)
    store._db.execute("UPDATE jobs SET lease_until = 0")


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        pytest.param(
            "submit-hang",
            State.SUBMITTING,
            marks=pytest.mark.fault(
                "kill -9 of the worker while it sends an order",
                "The order is called unknown and never sent again by itself",
            ),
        ),
        pytest.param(
            "status-hang",
            State.PENDING,
            marks=pytest.mark.fault(
                "kill -9 of the worker while it asks how a task is",
                "The next worker goes on where it stopped; paid once",
            ),
        ),
        pytest.param(
            "download-hang",
            State.DOWNLOADING,
            marks=pytest.mark.fault(
                "kill -9 of the worker while it fetches a result",
                "The next worker goes on where it stopped; paid once",
            ),
        ),
        pytest.param(
            "",
            State.PREPARING,
            marks=pytest.mark.fault(
                "kill -9 of the worker and its background Blender while it prepares a result",
                "The next worker prepares it; paid once",
            ),
        ),
    ],
)
def test_killed(
    start: Start,
    settings: WorkerSettings,
    store: Store,
    add: Add,
    till: Till,
    trouble: str,
    state: State,
) -> None:
    if trouble:
        till.trouble(trouble, times=None)
    before = till.charges()
    job = add(prepared=True)
    store.change(job.id, State.QUEUED, name="a vase" if trouble else "hang")
    worker = start(settings)
    worker.nudge()
    until(lambda: store.get(job.id).state is state, what=f"the job to be {state}")
    if not trouble:
        until(lambda: list(job.folder.glob("*.seen.json")), what="the background program")
    kill(worker, store)
    if not trouble:
        end_program(job.folder)
        store._db.execute("UPDATE jobs SET name = 'a vase'")
    till.no_trouble()
    start(settings).nudge()
    until(lambda: store.get(job.id).state in ENDS, what="the end of the job")
    ended = store.get(job.id)
    paid = {task: price for task, price in till.charges().items() if task not in before}
    if state is State.SUBMITTING:
        assert (ended.state, paid) == (State.UNKNOWN, {})
        return
    assert (ended.state, ended.failure) == (State.READY, None)
    assert paid == {ended.task_id: ended.estimate}
    assert ended.prepared is not None
    assert ended.prepared.path.is_file()


@pytest.mark.fault(
    "kill -9 of the worker in the middle of a comparison",
    "The one being sent is called unknown, the others come; none is paid twice, none is lost",
)
def test_killed_in_the_middle_of_a_comparison(
    start: Start, settings: WorkerSettings, store: Store, till: Till, tmp_path: Path
) -> None:
    before = till.charges()
    plans = plans_of(get("tencent-rapid"), {"prompt": "a vase"}, 3)
    with store.as_one():
        ids = [
            store_plan(
                store,
                plan,
                name="a vase",
                service_address=settings.address,
                folder=tmp_path / "results",
                origin=Origin(alternative=place_of(plans)),
            )[-1].id
            for plan in plans
        ]
    till.trouble("submit-lost", skip=1, times=1)  # of the second that is sent no answer comes
    till.trouble("status-hang", times=None)
    worker = start(settings)
    worker.nudge()
    # Which of them is sent first is nobody's promise: they were wanted in the same moment.
    until(lambda: any(store.get(one).task_id for one in ids), what="the first task")
    kill(worker, store)
    till.no_trouble()
    start(settings).nudge()
    until(lambda: all(store.get(one).state in ENDS for one in ids), what="the end of all")
    ended = [store.get(one) for one in ids]
    paid = {task: price for task, price in till.charges().items() if task not in before}
    known = {one.task_id: one.estimate for one in ended if one.task_id is not None}
    assert paid.items() >= known.items()
    # Two at most are not known: the second, and the one that was being sent when it was killed.
    assert [one.state for one in ended].count(State.READY) == len(known) >= 1
    assert {one.state for one in ended} <= {State.READY, State.UNKNOWN}
    assert len(paid) <= 3
    assert [one.id for one in siblings(store, ended[1])] == ids


def end_program(folder: Path) -> None:
    """End what stands for a background Blender; that one ends by itself."""
    (seen,) = folder.glob("*.seen.json")
    pid = json.loads(seen.read_text())["pid"]
    if processes.is_running(pid):
        processes.kill(pid)


@pytest.mark.fault(
    "kill -9 of the worker while a background Blender writes the model to send",
    "The next worker has it written again; nothing was charged",
)
def test_killed_while_exporting(
    start: Start, settings: WorkerSettings, store: Store, till: Till, tmp_path: Path
) -> None:
    before = till.charges()
    model = tmp_path / "sent" / "a.glb"
    job = store.add(
        build_request("convert", {"model_file": str(model), "output_format": "obj"}),
        name="n",
        estimate=10,
        service_address=settings.address,
        folder=tmp_path / "results",
        export=Export(tmp_path / "a.blend", model, {"name": "hang"}),
    )
    till.trouble("submit-402", times=None)  # what comes after is not for this test
    worker = start(settings)
    worker.nudge()
    until(lambda: list(model.parent.glob("*.seen.json")), what="the background program")
    assert store.get(job.id).state is State.EXPORTING
    kill(worker, store)
    end_program(model.parent)
    store._db.execute("UPDATE jobs SET export = replace(export, 'hang', 'vase')")
    start(settings).nudge()
    until(lambda: store.get(job.id).state in ENDS, what="the end of the job")
    failure = store.get(job.id).failure
    assert failure is not None
    assert failure.code == "insufficient_credits"
    assert model.is_file()
    assert till.charges() == before


Armed = Sequence[tuple[str, dict[str, float | None]]]
EVERYWHERE: Armed = [
    ("submit-429", {"value": 1, "times": 2}),
    ("status-429", {"value": 1, "times": 2}),
    ("wallet-429", {"value": 1, "times": 2}),
]
GATEWAY: Armed = [
    ("wallet-502", {"times": 1}),
    ("status-503", {"times": 1}),
    ("download-503", {"times": 1}),
]
CUT: Armed = [
    ("status-dropped", {"times": 1}),
    ("download-cut", {"value": 300, "times": 1}),
]
WRONG: Armed = [
    ("status-not-json", {"times": 1}),
    ("download-corrupt", {"times": 1}),
    ("download-403", {"times": 1}),
]


@pytest.mark.parametrize(
    "troubles",
    [
        pytest.param(
            EVERYWHERE,
            marks=pytest.mark.fault(
                "429 on every kind of request, twice each",
                "Waited out; the result comes, paid once",
            ),
        ),
        pytest.param(
            GATEWAY,
            marks=pytest.mark.fault(
                "A gateway in trouble at balance, status and result (502, 503)",
                "Waited out; the result comes, paid once",
            ),
        ),
        pytest.param(
            CUT,
            marks=pytest.mark.fault(
                "Connections that break at the status and in the middle of the result",
                "Tried again; the result comes whole, paid once",
            ),
        ),
        pytest.param(
            WRONG,
            marks=pytest.mark.fault(
                "A page for a status, then a damaged result, then an expired link",
                "Tried again; the result comes whole, paid once",
            ),
        ),
    ],
)
def test_trouble_all_the_way(
    start: Start, settings: WorkerSettings, store: Store, add: Add, till: Till, troubles: Armed
) -> None:
    before = till.charges()
    for name, how in troubles:
        till.trouble(name, **how)
    worker = start(settings)
    worker.check()
    job = add(prepared=True)
    worker.nudge()
    until(lambda: store.get(job.id).state in ENDS, usual=90, what=lambda: store.get(job.id))
    ended = store.get(job.id)
    assert (ended.state, ended.failure) == (State.READY, None)
    paid = {task: price for task, price in till.charges().items() if task not in before}
    assert paid == {ended.task_id: ended.estimate}


def resume(settings: WorkerSettings) -> dict[str, Any]:
    """The command line on the same job list; returns its document."""
    stdout = io.StringIO()
    environ = {
        "STUDIO3D_HOME": str(settings.store.parent),
        "STUDIO3D_API_URL": settings.address,
        "STUDIO3D_API_KEY": settings.key,
    }
    world = Environment(
        io.StringIO(), stdout, io.StringIO(), environ, settings.store.parent, "client"
    )
    arguments = ["resume", "--yes", "--max-credits", "1000", "--poll-interval", "0.1"]
    assert main(arguments, world) == 0
    document: dict[str, Any] = json.loads(stdout.getvalue())
    return document


@pytest.mark.fault(
    "Two Blenders and a command line at work on one job list",
    "Each job is done once; each is paid once",
)
def test_three_at_one_list(
    start: Start, settings: WorkerSettings, store: Store, add: Add, till: Till
) -> None:
    before = till.charges()
    jobs = [add(prompt=f"vase number {number}") for number in range(4)]
    for worker in (start(settings), start(settings)):
        worker.nudge()
    resume(settings)
    until(lambda: all(store.get(job.id).state in ENDS for job in jobs), what="all jobs")
    ended = [store.get(job.id) for job in jobs]
    assert {job.state for job in ended} == {State.READY}
    paid = {task: price for task, price in till.charges().items() if task not in before}
    assert paid == {job.task_id: job.estimate for job in ended}
    assert all(file.path.is_file() for job in ended for file in job.files)
    taken = [path for path in jobs[0].folder.iterdir() if path.is_file()]
    assert len(taken) == len(ended)


@pytest.mark.fault(
    "The folder for results is deleted in the middle of a download",
    "Made again; the result comes, paid once",
)
def test_a_folder_that_goes(
    start: Start, settings: WorkerSettings, store: Store, add: Add, till: Till
) -> None:
    before = till.charges()
    till.trouble("download-cut", value=300, times=1)
    job = add()
    worker = start(settings)
    worker.nudge()
    until(lambda: list(job.folder.glob("*.part")), what="the beginning of the result")
    shutil.rmtree(job.folder)
    until(lambda: store.get(job.id).state in ENDS, usual=90, what=lambda: store.get(job.id))
    ended = store.get(job.id)
    assert ended.state is State.READY
    assert all(file.path.is_file() for file in ended.files)
    paid = {task: price for task, price in till.charges().items() if task not in before}
    assert paid == {ended.task_id: ended.estimate}


def fell_asleep(pid: int, store: Store) -> bool:
    """Stop the worker, for an hour by its list; one that holds the list writes on."""
    os.kill(pid, signal.SIGSTOP)
    try:
        store._db.execute("UPDATE jobs SET lease_until = 0, next_at = next_at - 3600")
    except sqlite3.OperationalError:
        os.kill(pid, signal.SIGCONT)
        return False
    return True


@pytest.mark.posix("Windows offers no signal that holds a process up")
@pytest.mark.fault(
    "The worker is stopped for an hour in the middle of a job, as by a sleeping machine",
    "It goes on when it wakes; paid once",
)
def test_an_hour_of_sleep(
    start: Start, settings: WorkerSettings, store: Store, add: Add, till: Till
) -> None:
    before = till.charges()
    till.trouble("status-503", times=None)
    job = add(prepared=True)
    worker = start(settings)
    worker.nudge()
    until(lambda: store.get(job.id).task_id is not None, what="the order at the service")
    pid = worker.pid
    assert pid is not None
    until(lambda: fell_asleep(pid, store), what="the worker to sleep, not in the middle of writing")
    try:
        till.control("POST", "clock", {"seconds": 3600})
        till.no_trouble()
    finally:
        os.kill(pid, signal.SIGCONT)
    worker.nudge()
    until(lambda: store.get(job.id).state in ENDS, usual=90, what=lambda: store.get(job.id))
    ended = store.get(job.id)
    assert (ended.state, ended.failure) == (State.READY, None)
    paid = {task: price for task, price in till.charges().items() if task not in before}
    assert paid == {ended.task_id: ended.estimate}
    assert worker.stop(timeout=seconds(10))
