import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from addon.catalog import build_request
from addon.jobs.job import Export, Job
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker.process import MAX_RESTARTS, RESTART_INTERVAL, WorkerProcess
from addon.worker.settings import WorkerSettings
from tests.patience import seconds, until
from tests.processes import WAIT, is_running, kill
from tests.service.scripted_server import Answer, Asked, json_answer, scripted_server
from tests.worker.conftest import BARE_COMMAND, COMMAND

Start = Callable[..., WorkerProcess]
Add = Callable[..., Job]


def log_of(settings: WorkerSettings) -> str:
    return settings.log_file.read_text() if settings.log_file.exists() else ""


@pytest.mark.parametrize("command", [COMMAND, BARE_COMMAND], ids=["with libraries", "bare"])
def test_a_job_goes_all_the_way(
    start: Start, settings: WorkerSettings, store: Store, add: Add, command: tuple[str, ...]
) -> None:
    worker = start(settings, command)
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


@pytest.mark.fault("The key is wrong", "Said; with another one it goes on")
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


@pytest.mark.fault("Online access is off", "Nothing is sent or asked; it goes on when it is on")
def test_offline_nothing_is_sent_until_online(
    start: Start, settings: WorkerSettings, store: Store, add: Add, tmp_path: Path
) -> None:
    with scripted_server() as service:
        offline = replace(settings, online=False, address=service.address)
        worker = start(offline)
        job = store.add(
            build_request("tencent-rapid", {"prompt": "a vase"}),
            name="n",
            estimate=35,
            service_address=service.address,
            folder=tmp_path / "results",
        )
        worker.check()
        worker.nudge()
        # Messages are taken one by one: when the log tells of this one, it has those before.
        worker.update(replace(offline, address="http://example.org"))
        until(lambda: "could not be followed" in log_of(settings), what="the messages to be read")
        # What needs no network goes on, and tells that the jobs were looked at.
        local = store.add(
            build_request(
                "convert", {"model_file": str(tmp_path / "a.glb"), "output_format": "obj"}
            ),
            name="n",
            estimate=1,
            service_address=service.address,
            folder=tmp_path / "results",
            export=Export(tmp_path / "a.blend", tmp_path / "a.glb", {"name": "vase"}),
        )
        worker.update(offline)
        worker.nudge()
        until(lambda: store.get(local.id).state is State.QUEUED, what="the exported model")
        # It waits for the receipt of what it would have sent.
        assert worker.stop(timeout=seconds(10))
        assert {store.get(each.id).state for each in (job, local)} == {State.QUEUED}
        assert store.wallet(service.address) is None
        assert service.asked == []
    job = add()
    worker.update(settings)
    worker.nudge()
    until(lambda: store.get(job.id).state is State.READY, what="the job to be ready")


@pytest.mark.fault(
    "Blender quits while a result is prepared", "All that was started ends; the job stays as it was"
)
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
    # Nobody ends what it waits for, which hangs for ever, but the worker itself.
    assert worker.stop(timeout=seconds(5))
    assert not is_running(pid)
    until(lambda: not is_running(preparer), usual=2, what="the end of the background program")
    assert store.get(slow.id).state is State.PREPARING


@pytest.mark.fault("Blender is killed", "Its worker and the background Blender end")
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
        "time.sleep(9999)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    try:
        pid = int(parent.stdout.readline())
        until(lambda: list(job.folder.glob("*.seen.json")), what="the background program")
        (seen,) = job.folder.glob("*.seen.json")
        preparer = json.loads(seen.read_text())["pid"]
    finally:
        parent.kill()
        parent.wait(seconds(10))
        parent.stdout.close()
    until(lambda: not is_running(pid), usual=3, what="the end of the worker")
    until(lambda: not is_running(preparer), usual=3, what="the end of the background program")


@pytest.mark.fault(
    "Blender quits while an order waits for its receipt", "The worker waits for it; paid once"
)
def test_the_receipt_of_a_paid_order_is_waited_for(
    start: Start, settings: WorkerSettings, store: Store
) -> None:
    arrived, answer_now = threading.Event(), threading.Event()

    def slow_receipt(_: Asked) -> Answer:
        arrived.set()
        answer_now.wait(seconds(20))
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
        until(arrived.is_set, what="the order at the service")
        assert not worker.stop(timeout=0)
        until(lambda: "waiting for the receipt" in log_of(settings), what="the worker to wait")
        assert worker.leaving
        answer_now.set()
        until(lambda: not worker.leaving, what="the end of the worker")
        assert service.count("POST") == 1
    assert (store.get(job.id).state, store.get(job.id).task_id) == (State.PENDING, "t-late")


@pytest.mark.fault("The worker hangs", "Blender does not wait for it")
def test_a_child_that_does_not_read_never_blocks_the_parent(
    start: Start, settings: WorkerSettings
) -> None:
    deaf = (sys.executable, "-c", WAIT)
    worker = start(settings, deaf)

    def talk() -> None:
        for index in range(20_000):
            worker.update(replace(settings, read_timeout=float(index + 1)))
            worker.nudge()

    worker.ensure()
    pid = worker.pid
    assert pid is not None
    talker = threading.Thread(target=talk)
    talker.start()
    try:
        # Who waited for the child to read would wait for ever.
        until(lambda: not talker.is_alive(), usual=5, what="the last message")
        assert worker.alive
        assert worker._outbox is not None
        assert not worker._outbox.empty  # there was more to say than the pipe holds
    finally:
        kill(pid)
        talker.join(seconds(5))


@pytest.mark.fault(
    "The worker dies each time it is started",
    "Started again a few times; then its last words are told",
)
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


@pytest.mark.fault("The worker's Python is not there", "Said in words")
def test_a_program_that_is_not_there(
    start: Start, settings: WorkerSettings, tmp_path: Path
) -> None:
    worker = start(settings, (str(tmp_path / "no-python"),))
    assert not worker.ensure()
    assert "cannot be started" in worker.gave_up


@pytest.mark.posix("nothing is left of a process that has ended there")
def test_no_zombies_are_left(start: Start, settings: WorkerSettings) -> None:
    worker = start(settings)
    worker.ensure()
    pid = worker.pid
    assert pid is not None
    kill(pid)
    until(lambda: not worker.alive)
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.fault("The job list is damaged when the worker starts", "That is the reason it gives")
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


@pytest.mark.attack("Garbage in the worker's pipe", "Passed over; the jobs go on")
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
    assert child.wait(seconds(5)) == 0
