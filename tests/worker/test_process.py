import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from addon.catalog import build_request
from addon.jobs.job import Job
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker.process import MAX_RESTARTS, RESTART_INTERVAL, WorkerProcess
from addon.worker.settings import WorkerSettings
from tests.service.scripted_server import Answer, Asked, json_answer, scripted_server
from tests.worker.conftest import COMMAND
from tests.worker.seconds import until

Start = Callable[..., WorkerProcess]
Add = Callable[..., Job]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_job_goes_all_the_way(
    start: Start, settings: WorkerSettings, store: Store, add: Add
) -> None:
    worker = start(settings)
    worker.check()
    job = add(prepared=True)
    worker.nudge()
    until(lambda: store.get(job.id).state in {State.READY, State.FAILED})
    ready = store.get(job.id)
    assert ready.failure is None
    assert [file.asset_type for file in ready.files] == ["ARCHIVE"]
    assert ready.prepared is not None
    assert ready.prepared.path.exists()
    note = store.wallet(settings.address)
    assert note is not None
    assert note.wallet is not None


def test_a_wrong_key_is_said_in_the_store(
    start: Start, settings: WorkerSettings, store: Store
) -> None:
    worker = start(replace(settings, key="wrong-key"))
    worker.check()
    until(lambda: store.wallet(settings.address))
    note = store.wallet(settings.address)
    assert note is not None
    assert note.failure is not None
    assert note.failure.code == "invalid_api_key"
    worker.update(settings)
    worker.check()

    def balance_is_known() -> bool:
        found = store.wallet(settings.address)
        return found is not None and found.wallet is not None

    until(balance_is_known)


def test_offline_nothing_is_sent_until_online(
    start: Start, settings: WorkerSettings, store: Store, add: Add
) -> None:
    worker = start(replace(settings, online=False))
    job = add()
    worker.check()
    worker.nudge()
    time.sleep(0.7)
    assert store.get(job.id).state is State.QUEUED
    assert store.wallet(settings.address) is None
    worker.update(settings)
    until(lambda: store.get(job.id).state is State.READY)


def test_it_stops_at_once_even_with_work_under_way(
    start: Start, settings: WorkerSettings, store: Store, add: Add
) -> None:
    worker = start(settings)
    slow = add(prepared=True)
    store.change(slow.id, State.QUEUED, name="hang")
    worker.nudge()
    until(lambda: store.get(slow.id).state is State.PREPARING)
    until(lambda: list(slow.folder.glob("*.seen.json")))
    (seen,) = slow.folder.glob("*.seen.json")
    preparer = json.loads(seen.read_text())["pid"]
    pid = worker.pid
    assert pid is not None
    before = time.monotonic()
    assert worker.stop()
    assert time.monotonic() - before < 2.0
    assert not is_running(pid)
    until(lambda: not is_running(preparer), 2)
    assert store.get(slow.id).state is State.PREPARING


def test_it_ends_with_its_parent_however_that_dies(
    settings: WorkerSettings, store: Store, add: Add, tmp_path: Path
) -> None:
    job = add(prepared=True)
    store.change(job.id, State.QUEUED, name="hang")
    told = tmp_path / "settings.json"
    told.write_text(json.dumps(settings.to_json()))
    program = (
        "import json, time\n"
        "from addon.worker.process import WorkerProcess\n"
        "from addon.worker.settings import WorkerSettings\n"
        f"settings = WorkerSettings.from_json(json.load(open({str(told)!r})))\n"
        f"worker = WorkerProcess({COMMAND!r}, settings)\n"
        "worker.ensure()\n"
        "print(worker.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    until(lambda: list(job.folder.glob("*.seen.json")))
    (seen,) = job.folder.glob("*.seen.json")
    preparer = json.loads(seen.read_text())["pid"]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_running(pid), 3)
    until(lambda: not is_running(preparer), 3)


def test_the_receipt_of_a_paid_order_is_waited_for(
    start: Start, settings: WorkerSettings, store: Store
) -> None:
    arrived, answer_now = threading.Event(), threading.Event()

    def slow_receipt(_: Asked) -> Answer:
        arrived.set()
        answer_now.wait(20)
        return json_answer({"task_id": "t-late"}, 201)

    with scripted_server() as service:
        path = "/v1/3d-models/tencent/generate/rapid/"
        service.on("GET", "/account/user/wallet/", json_answer({"balance": "9", "rate_limit": 3}))
        service.on("POST", path, slow_receipt)
        settings = replace(settings, address=service.address)
        job = store.add(
            build_request("tencent-rapid", {"prompt": "a vase"}),
            name="n",
            estimate=35,
            service_address=service.address,
            folder=settings.store.parent / "results",
        )
        worker = start(settings)
        worker.nudge()
        assert arrived.wait(20)
        assert not worker.stop(timeout=0.5)
        answer_now.set()
        until(lambda: not worker.leaving, 20)
        assert service.count("POST") == 1
    assert (store.get(job.id).state, store.get(job.id).task_id) == (State.PENDING, "t-late")


def test_a_child_that_does_not_read_never_blocks_the_parent(
    start: Start, settings: WorkerSettings
) -> None:
    deaf = (sys.executable, "-c", "import time; time.sleep(60)")
    worker = start(settings, deaf)
    before = time.monotonic()
    for index in range(20_000):
        worker.update(replace(settings, read_timeout=float(index + 1)))
        worker.nudge()
    assert time.monotonic() - before < 5.0
    assert worker.alive
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)


def test_a_child_that_dies_is_restarted_a_few_times_with_pauses(
    start: Start, settings: WorkerSettings
) -> None:
    dying = (sys.executable, "-c", "import sys; sys.exit('no such thing')")
    now = [0.0]
    worker = start(settings, dying, monotonic=lambda: now[0])
    starts = 0
    for _ in range(200):
        starts += worker.ensure()
        until(lambda: not worker.alive)
        now[0] += RESTART_INTERVAL / 10
    assert starts == 1 + MAX_RESTARTS
    assert "no such thing" in worker.gave_up
    assert not worker.ensure()
    worker.reset()
    assert worker.ensure()


def test_a_long_life_is_forgiven(start: Start, settings: WorkerSettings) -> None:
    dying = (sys.executable, "-c", "")
    now = [0.0]
    worker = start(settings, dying, monotonic=lambda: now[0])
    for _ in range(10):
        assert worker.ensure()
        until(lambda: not worker.alive)
        now[0] += 61.0
    assert not worker.gave_up


def test_a_program_that_is_not_there(
    start: Start, settings: WorkerSettings, tmp_path: Path
) -> None:
    worker = start(settings, (str(tmp_path / "no-python"),))
    assert not worker.ensure()
    assert "cannot be started" in worker.gave_up


def test_no_zombies_are_left(start: Start, settings: WorkerSettings) -> None:
    worker = start(settings)
    worker.ensure()
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not worker.alive)
    assert not Path(f"/proc/{pid}").exists()


def test_a_store_that_cannot_be_opened_is_the_reason_given(
    start: Start, settings: WorkerSettings
) -> None:
    settings.store.parent.mkdir(parents=True, exist_ok=True)
    settings.store.write_bytes(b"not a database" * 100)
    now = [0.0]
    worker = start(settings, monotonic=lambda: now[0])
    while not worker.gave_up:
        worker.ensure()
        until(lambda: not worker.alive)
        now[0] += RESTART_INTERVAL
    assert "job list" in worker.gave_up


def test_messages_that_make_no_sense_do_no_harm(
    settings: WorkerSettings, store: Store, add: Add
) -> None:
    junk = b"\nnonsense\n[1]\n\xff\n" + b"x" * 200_000 + b"\n"
    job = add()
    child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE)
    assert child.stdin is not None
    first = json.dumps({"settings": settings.to_json()}).encode() + b"\n"
    child.stdin.write(junk + first + junk + b'{"unheard": 1}\n{"settings": {}}\n')
    child.stdin.flush()
    until(lambda: store.get(job.id).state is State.READY)
    child.stdin.close()
    assert child.wait(5) == 0
