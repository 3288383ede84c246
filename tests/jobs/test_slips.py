"""The receipt of a paid order, while the job list cannot take it."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from addon.jobs import slips
from addon.jobs.states import State
from addon.jobs.store import LEASE_SECONDS
from addon.service.errors import Charged
from tests.jobs.world import PENDING, RAPID, World
from tests.service.scripted_server import Answer, Asked, json_answer

REFUSE = """
CREATE TRIGGER refuse BEFORE UPDATE ON jobs WHEN NEW.task_id IS NOT NULL
BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END
"""


@contextmanager
def list_that_takes_no_task(world: World) -> Iterator[None]:
    path = world.folder / "jobs.sqlite"
    with sqlite3.connect(path) as spoilt:
        spoilt.execute(REFUSE)
    spoilt.close()
    yield
    with sqlite3.connect(path) as spoilt:
        spoilt.execute("DROP TRIGGER refuse")
    spoilt.close()


def left(world: World) -> list[Path]:
    return list((world.folder / "receipts").glob("*"))


@pytest.mark.fault(
    "The job list cannot be written when a receipt arrives",
    "The receipt is kept beside it and written down after a restart; paid once",
)
def test_it_is_kept_and_written_down_as_soon_as_that_is_possible(world: World) -> None:
    job = world.add()
    world.status(PENDING)
    with list_that_takes_no_task(world), pytest.raises(sqlite3.Error, match="full"):
        world.run(1)
    assert len(left(world)) == 1
    world.clock.time += LEASE_SECONDS + 1
    world.runner = world.new_runner()  # as after a restart
    world.runner.tick()
    found = world.store.get(job.id)
    assert (found.state, found.task_id, found.failure) == (State.PENDING, "t-1", None)
    assert left(world) == []
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "The job list takes nothing for a long time after a receipt",
    "The receipt stays until it does; paid once",
)
def test_it_stays_while_the_list_takes_nothing(world: World) -> None:
    world.add()
    with list_that_takes_no_task(world):
        for _ in range(3):
            with pytest.raises(sqlite3.Error, match="full"):
                world.run(LEASE_SECONDS + 1)
            assert len(left(world)) == 1
    world.status(PENDING)
    world.runner.tick()
    assert [job.task_id for job in world.store.all()] == ["t-1"]
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "A receipt is found of a job that was removed or sent again since",
    "Its task becomes a job of its own",
)
@pytest.mark.parametrize("what", ["removed", "sent again"])
def test_a_task_whose_job_went_on_without_it_is_one_that_was_paid(world: World, what: str) -> None:
    job = world.add()
    with list_that_takes_no_task(world), pytest.raises(sqlite3.Error, match="full"):
        world.run(1)
    world.store.change(job.id, State.UNKNOWN)
    if what == "removed":
        world.store.remove(job.id, expected=State.UNKNOWN)
    else:
        world.store.change(job.id, State.QUEUED, submitted_at=None)
    slips.settle(world.store)
    found = world.store.find_task(world.server.address, "t-1")
    assert found is not None
    assert (found.id == job.id, found.operation) == (False, "tencent-rapid")
    assert left(world) == []


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"task_id": "t-1"}, 201),
        json_answer({"error": "no"}, 400),
        json_answer({"error": "wait", "error_code": "rate_limited"}, 429),
        Answer(500, b""),
    ],
    ids=lambda answer: str(answer.status),
)
def test_nothing_is_left_of_one_that_was_answered(world: World, answer: Answer) -> None:
    world.server.on("POST", RAPID, answer)
    world.status(PENDING)
    world.add()
    world.runner.tick()
    assert left(world) == []


def test_there_is_room_for_it_before_anything_is_sent(world: World) -> None:
    sizes: list[int] = []

    def look(_: Asked) -> Answer:
        sizes.extend(path.stat().st_size for path in left(world))
        return json_answer({"task_id": "t-1"}, 201)

    world.server.on("POST", RAPID, look)
    world.status(PENDING)
    world.add()
    world.runner.tick()
    assert sizes == [slips.SIZE]


@pytest.mark.fault(
    "There is no room on the disk for a receipt",
    "Nothing is sent, which is said; it is once there is room",
)
def test_without_room_nothing_is_sent_and_that_is_said(world: World) -> None:
    job = world.add()
    (world.folder / "receipts").write_text("a file where the folder should be")
    world.run(1)
    found = world.store.get(job.id)
    assert found.state is State.QUEUED
    assert found.failure is not None
    assert found.failure.charged is Charged.NO
    assert "room" in found.failure.message
    assert world.server.count("POST") == 0
    (world.folder / "receipts").unlink()
    world.status(PENDING)
    world.until(job, State.PENDING)


def test_empty_ones_go_when_nobody_can_be_sending_any_more(world: World) -> None:
    job = world.add()
    slips.new_slip(world.store, job, 1.0)
    (path,) = left(world)
    slips.settle(world.store)
    assert left(world) == [path]
    old = time.time() - slips.OLD_SECONDS - 10
    os.utime(path, (old, old))
    slips.settle(world.store)
    assert left(world) == []
    assert world.store.get(job.id).task_id is None


@pytest.mark.fault("Damaged files lie among the receipts", "They are left alone")
def test_what_is_no_receipt_is_left_alone(world: World) -> None:
    world.add()
    folder = world.folder / "receipts"
    folder.mkdir()
    for number, text in enumerate(("", "[]", "{", '{"job": 5}', "\0" * 5000)):
        (folder / f"{number}.json").write_text(text)
    slips.settle(world.store)
    assert len(left(world)) == 5
    assert [job.task_id for job in world.store.all()] == [None]
