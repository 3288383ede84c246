import sqlite3
from dataclasses import replace
from decimal import Decimal

import pytest

from addon.catalog import WireRequest
from addon.jobs.actions import retry
from addon.jobs.clock import SystemClock
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.service.answers import Submitted
from addon.service.client import Client
from addon.service.stopping import Stopped
from addon.service.throttle import WINDOW
from tests.jobs.world import EPOCH, KEY, PENDING, RAPID, World, status_path
from tests.service.dripping import Dripping, dripping
from tests.service.scripted_server import Answer, Asked, json_answer


def test_a_job_is_written_down_before_it_is_sent_and_its_task_before_it_is_watched(
    world: World,
) -> None:
    job = world.add()
    elsewhere = Store(world.folder / "jobs.sqlite", clock=SystemClock())
    seen: dict[str, tuple[State, str | None]] = {}

    def look(asked: Asked) -> Answer:
        row = elsewhere.get(job.id)
        seen[asked.path] = (row.state, row.task_id)
        return json_answer({"task_id": "t-1"}, 201) if asked.method == "POST" else PENDING

    world.server.on("POST", RAPID, look)
    world.server.on("GET", status_path(), look)
    world.run(30)
    elsewhere.close()
    assert seen[RAPID] == (State.SUBMITTING, None)
    assert seen[status_path()] == (State.PENDING, "t-1")


def test_the_balance_is_asked_for_after_sending(world: World) -> None:
    job = world.add()
    world.status(PENDING)
    world.until(job, State.PENDING)
    note = world.store.wallet(world.server.address)
    assert note is not None
    assert note.wallet is not None
    assert note.wallet.balance == Decimal("100.00")


@pytest.mark.fault(
    "The balance cannot be noted when a receipt arrives", "The receipt has been written down before"
)
def test_no_trouble_with_the_balance_comes_between_an_answer_and_its_record(world: World) -> None:
    job = world.add()

    def break_the_wallets(_: Asked) -> Answer:
        with sqlite3.connect(world.folder / "jobs.sqlite") as spoilt:
            spoilt.execute("ALTER TABLE wallets RENAME TO gone")
        spoilt.close()
        return json_answer({"task_id": "t-1"}, 201)

    world.server.on("POST", RAPID, break_the_wallets)
    with pytest.raises(sqlite3.OperationalError, match="wallets"):
        world.run(1)
    assert world.store.get(job.id).task_id == "t-1"


def test_no_more_than_the_limit_within_a_minute(world: World) -> None:
    sent: list[float] = []

    def count(_: Asked) -> Answer:
        sent.append(world.clock.time)
        return json_answer({"task_id": f"t-{len(sent)}"})

    world.server.on("POST", RAPID, count)
    for number in range(1, 8):
        world.status(PENDING, task_id=f"t-{number}")
    jobs = [world.add() for _ in range(7)]
    world.run(50)
    assert len(sent) == 3
    world.run(200)
    assert len(sent) == 7
    for at in sent:
        assert sum(at - WINDOW < other <= at for other in sent) <= 3
    assert [world.store.get(job.id).task_id for job in jobs] == [f"t-{n}" for n in range(1, 8)]


def test_a_limit_the_service_states_is_used(world: World) -> None:
    world.server.on("GET", "/account/user/wallet/", json_answer({"balance": "1", "rate_limit": 1}))
    world.runner.context.refresh_wallet()
    world.status(PENDING)
    world.add()
    world.add()
    world.run(50)
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "429 with Retry-After for an order", "All orders wait as long as told, and then go"
)
def test_too_many_submissions_wait_as_long_as_told_for_all_jobs(world: World) -> None:
    first = world.add()
    world.server.on(
        "POST",
        RAPID,
        json_answer({"error": "Request was throttled."}, 429, **{"Retry-After": "25"}),
        json_answer({"task_id": "t-1"}),
    )
    world.status(PENDING)
    world.runner.tick()
    waiting = world.store.get(first.id)
    assert (waiting.state, waiting.next_at) == (State.QUEUED, EPOCH + 25)
    assert waiting.failure is not None
    assert waiting.failure.code == "rate_limited"
    world.add()
    world.run(24)
    assert world.server.count("POST") == 1
    world.until(first, State.PENDING, within=5)
    assert world.store.get(first.id).failure is None


@pytest.mark.fault(
    "Nobody listens at the service's address",
    "Tried again with growing pauses; nothing was charged",
)
def test_without_a_connection_it_is_tried_again(world: World) -> None:
    closed = world.new_runner(address="http://127.0.0.1:1")
    job = world.add(address="http://127.0.0.1:1")
    waits = []
    for _ in range(4):
        closed.tick()
        waiting = world.store.get(job.id)
        assert waiting.state is State.QUEUED
        assert waiting.failure is not None
        assert waiting.failure.credits == "Nothing was charged."
        waits.append(waiting.next_at - world.clock.time)
        world.clock.time = waiting.next_at + WINDOW
    assert waits == [5.0, 10.0, 20.0, 40.0]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            Answer(drop=True),
            marks=pytest.mark.fault(
                "The connection breaks when an order has been sent",
                "Called unknown, never sent again by itself; the user may",
            ),
        ),
        pytest.param(
            Answer(500),
            marks=pytest.mark.fault(
                "500 in answer to an order",
                "Called unknown, never sent again by itself; the user may",
            ),
        ),
        pytest.param(
            Answer(504),
            marks=pytest.mark.fault(
                "504 in answer to an order",
                "Called unknown, never sent again by itself; the user may",
            ),
        ),
        pytest.param(
            json_answer({"ok": True}),
            marks=pytest.mark.fault(
                "A receipt without a task",
                "Called unknown, never sent again by itself; the user may",
            ),
        ),
        pytest.param(
            Answer(200, b"<p>"),
            marks=pytest.mark.fault(
                "A page in place of a receipt",
                "Called unknown, never sent again by itself; the user may",
            ),
        ),
    ],
)
def test_a_lost_answer_is_never_sent_again_by_itself(world: World, answer: Answer) -> None:
    job = world.add()
    world.server.on("POST", RAPID, answer)
    unknown = world.until(job, State.UNKNOWN)
    assert unknown.failure is not None
    assert "check the balance" in unknown.failure.credits
    world.run(3600)
    world.new_runner().tick()
    assert world.server.count("POST") == 1
    world.server.on("POST", RAPID, json_answer({"task_id": "t-1"}))
    world.status(PENDING)
    retry(world.store, unknown)
    assert world.until(job, State.PENDING, within=120).task_id == "t-1"
    assert world.server.count("POST") == 2


@pytest.mark.parametrize(
    ("status", "code"),
    [
        pytest.param(
            400,
            "validation_failed",
            marks=pytest.mark.fault(
                "An order is refused as wrong (400)",
                "Said with a next step; nothing was charged, and it can be sent again",
            ),
        ),
        pytest.param(
            401,
            "invalid_api_key",
            marks=pytest.mark.fault(
                "An order is refused for its key (401)",
                "Said with a next step; nothing was charged, and it can be sent again",
            ),
        ),
        pytest.param(
            402,
            "insufficient_credits",
            marks=pytest.mark.fault(
                "Credits do not suffice for an order (402)",
                "Said with a next step; nothing was charged, and it can be sent again",
            ),
        ),
        pytest.param(
            403,
            "forbidden",
            marks=pytest.mark.fault(
                "An order is forbidden (403)",
                "Said with a next step; nothing was charged, and it can be sent again",
            ),
        ),
        pytest.param(
            413,
            "upload_too_large",
            marks=pytest.mark.fault(
                "An upload is too large (413)",
                "Said with a next step; nothing was charged, and it can be sent again",
            ),
        ),
        pytest.param(
            302,
            "redirected",
            marks=pytest.mark.fault(
                "An order is led elsewhere (302)",
                "Said with a next step; nothing was charged, and it can be sent again",
            ),
        ),
    ],
)
def test_a_refused_job_has_failed_and_costs_nothing(world: World, status: int, code: str) -> None:
    job = world.add()
    world.server.on(
        "POST", RAPID, json_answer({"error": "No.", "error_code": code.upper()}, status)
    )
    failed = world.until(job, State.FAILED)
    assert failed.failure is not None
    assert failed.failure.code == code
    assert failed.failure.credits == "Nothing was charged."
    assert failed.failure.hint
    world.run(3600)
    assert world.server.count("POST") == 1
    world.server.on("POST", RAPID, json_answer({"task_id": "t-1"}))
    world.status(PENDING)
    retry(world.store, failed)
    assert world.until(job, State.PENDING).failure is None


@pytest.mark.fault("A picture is deleted before it is sent", "Named; nothing was sent")
def test_a_picture_that_is_gone_fails_before_anything_is_sent(world: World) -> None:
    job = world.add("trellis", image=str(world.folder / "gone.png"))
    failed = world.until(job, State.FAILED)
    assert failed.failure is not None
    assert "gone.png" in failed.failure.message
    assert world.server.count("POST") == 0


@pytest.mark.fault(
    "A job whose operation only a newer version knows", "Left to that; nothing was sent"
)
def test_a_job_of_a_newer_version_is_left_to_it(world: World) -> None:
    job = world.add()
    world.store._db.execute("UPDATE jobs SET operation = 'brand-new'")
    failed = world.until(job, State.FAILED)
    assert failed.failure is not None
    assert failed.failure.code == "unknown_operation"
    assert world.server.count("POST") == 0


@pytest.mark.fault(
    "The worker is killed while an order is being sent",
    "Called unknown, and never sent again by itself",
)
def test_a_job_that_was_being_sent_when_its_runner_died_is_not_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = world.add()

    class Killed(BaseException):
        pass

    def die(_: object) -> None:
        raise Killed

    dying = world.new_runner()
    monkeypatch.setattr(Client, "submit", lambda _, wire: die(wire))
    with pytest.raises(Killed):
        dying.tick()
    monkeypatch.undo()
    assert world.store.get(job.id).state is State.SUBMITTING
    world.run(59)
    assert world.store.get(job.id).state is State.SUBMITTING
    world.until(job, State.UNKNOWN, within=10)
    assert world.server.count("POST") == 0


def test_offline_nothing_is_asked_or_sent(world: World) -> None:
    world.add()
    world.runner.online = False
    assert world.runner.tick() == float("inf")
    assert world.server.asked == []


@pytest.mark.fault(
    "The receipt of an order comes one byte at a time",
    "The order is called unanswered after two minutes, and is never sent again by itself",
)
def test_a_receipt_that_only_drips_leaves_it_open(world: World) -> None:
    with dripping(Dripping(b"", b"HTTP/1.1 201 Created\r\n\r\n" + b" " * 60)) as address:
        runner = world.new_runner(address=address)
        impatient = Client(address, KEY, read_timeout=0.2, user_agent="test/1")
        runner.context = replace(runner.context, service=impatient)
        job = world.add(address=address)
        for _ in range(3):
            runner.tick()
            world.clock.time += 3600
    left = world.store.get(job.id)
    assert (left.state, left.task_id) == (State.UNKNOWN, None)
    assert left.failure is not None
    assert left.failure.code == "answer_lost"
    assert "too slow" in left.failure.message


@pytest.mark.fault(
    "Blender ends in the middle of an upload", "Nothing was ordered; it is sent another time"
)
def test_an_upload_that_is_stopped_is_still_to_be_sent(world: World) -> None:
    class Stopping(Client):
        def submit(self, wire: WireRequest) -> Submitted:
            raise Stopped

    job = world.add()
    usual = world.runner.context
    stopping = Stopping(usual.service.address, KEY, user_agent="test/1")
    world.runner.context = replace(usual, service=stopping)
    world.runner.tick()
    assert world.store.get(job.id).state is State.QUEUED
    assert [*(world.folder / "receipts").glob("*")] == []
    world.runner.context = usual
    world.status(PENDING)
    world.until(job, State.PENDING)
    assert world.server.count("POST") == 1
