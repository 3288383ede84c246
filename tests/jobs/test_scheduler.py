import sqlite3
import threading
import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from addon.jobs import scheduler as drive_module
from addon.jobs.backoff import Pace
from addon.jobs.job import Job
from addon.jobs.scheduler import RENEW_EVERY, Scheduler
from addon.jobs.states import State
from addon.jobs.store import LEASE_SECONDS
from tests.jobs.world import EPOCH, RAPID, WALLET, World, glb, status_path
from tests.patience import seconds, until
from tests.service.dripping import Dripping, dripping
from tests.service.scripted_server import Answer, Asked, json_answer

NEVER = threading.TIMEOUT_MAX
"""Seconds: longer than any test is waited for."""


@pytest.fixture(autouse=True)
def in_a_hurry(world: World) -> None:
    """The loop waits in real time: nothing may be due in seconds only."""
    quick = Pace(min_poll=0.02, max_poll=0.02)
    world.runner.context = replace(world.runner.context, pace=quick)


def in_background(drive: Scheduler) -> threading.Thread:
    thread = threading.Thread(target=drive.run)
    thread.start()
    return thread


def wait_for(event: threading.Event, what: str) -> None:
    until(event.is_set, usual=10, what=what)


def end(drive: Scheduler, thread: threading.Thread) -> None:
    drive.stop()
    thread.join(seconds(10))
    assert not thread.is_alive()


def test_several_jobs_are_driven_to_their_end(world: World) -> None:
    numbers = iter(range(1, 4))
    world.server.on("POST", RAPID, lambda _: json_answer({"task_id": f"t-{next(numbers)}"}))
    world.serve("a.glb", glb())
    for number in range(1, 4):
        world.status(world.finished(("a.glb", "3D_MODEL")), task_id=f"t-{number}")
    jobs = [world.add(prepared=True) for _ in range(3)]

    def all_ended() -> bool:
        world.clock.time += 5
        return not world.store.active()

    Scheduler(world.runner).run(until=all_ended)
    assert {world.store.get(job.id).state for job in jobs} == {State.READY}
    assert world.server.count("POST") == 3


def test_a_nudge_wakes_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive_module, "RENEW_EVERY", NEVER)  # nothing else wakes it
    asked, looked = threading.Event(), threading.Event()
    seconds_until_due = world.runner.seconds_until_due

    def nothing_is_due(**which: Any) -> float:
        due = seconds_until_due(**which)
        looked.set()
        return due

    def answer(_: Asked) -> Answer:
        asked.set()
        return json_answer({"task_id": "t-1"})

    world.server.on("POST", RAPID, answer)
    monkeypatch.setattr(world.runner, "seconds_until_due", nothing_is_due)
    drive = Scheduler(world.runner)
    thread = in_background(drive)
    wait_for(looked, "a look at the empty job list")
    world.add()
    drive.nudge()
    wait_for(asked, "the order at the service")
    end(drive, thread)


def test_it_tells_whether_an_order_is_being_sent(world: World) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def answer(_: Asked) -> Answer:
        asked.set()
        wait_for(go_on, "the end of the test")
        return json_answer({"task_id": "t-1"})

    world.server.on("POST", RAPID, answer)
    job = world.add()
    drive = Scheduler(world.runner)
    thread = in_background(drive)
    wait_for(asked, "the order at the service")
    end(drive, thread)
    assert drive.submitting()
    assert not drive.finish(0)
    go_on.set()
    assert drive.finish(seconds(10))
    assert not drive.submitting()
    assert world.store.get(job.id).task_id == "t-1"


@pytest.mark.fault("A step of one job breaks down", "The other jobs go on")
def test_an_unexpected_error_in_one_job_does_not_end_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, good = world.add(), world.add()
    world.server.on("POST", RAPID, json_answer({"task_id": "t-1"}))
    advance = world.runner.advance

    def fail_for_one(job: object) -> None:
        if getattr(job, "id", "") == broken.id:
            raise ZeroDivisionError
        advance(job)  # type: ignore[arg-type]

    monkeypatch.setattr(world.runner, "advance", fail_for_one)
    Scheduler(world.runner).run(until=lambda: world.store.get(good.id).state is State.PENDING)
    assert world.store.get(broken.id).state is State.QUEUED
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.fault("A step of a job breaks down once", "The job is taken up again")
def test_a_job_whose_step_broke_down_is_taken_up_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = world.add()
    advance, breakdowns = world.runner.advance, iter([True])

    def break_down_once(claimed: Job) -> None:
        if next(breakdowns, False):
            raise ZeroDivisionError
        advance(claimed)

    monkeypatch.setattr(world.runner, "advance", break_down_once)
    monkeypatch.setattr(drive_module, "RENEW_EVERY", 0.01)

    def sent() -> bool:
        world.clock.time += RENEW_EVERY
        assert world.clock.time < EPOCH + 10 * LEASE_SECONDS, "the job is held by nobody's step"
        return world.store.get(job.id).state is State.PENDING

    Scheduler(world.runner).run(until=sent)


@pytest.mark.fault(
    "Settings change while a step is under way", "The step goes on and nobody else takes its job"
)
def test_a_step_under_way_is_kept_when_the_settings_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add()
    began, go_on = threading.Event(), threading.Event()

    def take_long(_job: Job) -> None:
        began.set()
        wait_for(go_on, "the end of the test")

    monkeypatch.setattr(world.runner, "advance", take_long)
    drive = Scheduler(world.runner)
    thread = in_background(drive)
    wait_for(began, "the step")
    drive.runners = (world.new_runner(),)
    world.clock.time += LEASE_SECONDS - 1
    drive.nudge()
    renewed = world.clock.time + LEASE_SECONDS
    try:
        until(
            lambda: world.store.next_due(world.server.address, True) == renewed,
            usual=10,
            what="a renewed lease",
        )
    finally:
        go_on.set()
        end(drive, thread)


@pytest.mark.fault("Another program holds the job list", "The worker waits and goes on")
def test_a_busy_job_list_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive_module, "BUSY_PAUSE", 0.01)
    job = world.add()
    renew, failures = world.runner.renew, iter([True, True])

    def sometimes_busy(jobs: Collection[Job]) -> None:
        if next(failures, False):
            raise sqlite3.OperationalError("database is locked")
        renew(jobs)

    monkeypatch.setattr(world.runner, "renew", sometimes_busy)
    Scheduler(world.runner).run(until=lambda: world.store.get(job.id).state is State.PENDING)
    assert world.store.get(job.id).task_id == "t-1"


@pytest.mark.parametrize("blenders", [1, 2])
def test_as_many_results_are_prepared_at_once_as_blenders_may_be(
    world: World, blenders: int
) -> None:
    world.serve("a.glb", glb())
    numbers = iter(range(1, 5))
    world.server.on("POST", RAPID, lambda _: json_answer({"task_id": f"t-{next(numbers)}"}))
    world.server.on("GET", "/account/user/wallet/", json_answer({"balance": "1", "rate_limit": 9}))
    world.runner.context.refresh_wallet()
    for number in range(1, 5):
        world.status(world.finished(("a.glb", "3D_MODEL")), task_id=f"t-{number}")
        world.add(prepared=True)
    at_once: list[int] = []
    prepare, counting = world.preparer.prepare, threading.Lock()
    under_way = [0]
    together = threading.Barrier(blenders)

    def counted(*args: object) -> object:
        with counting:
            under_way[0] += 1
            at_once.append(under_way[0])
        together.wait(seconds(10))
        time.sleep(0.05)
        result = prepare(*args)  # type: ignore[arg-type]
        with counting:
            under_way[0] -= 1
        return result

    world.preparer.prepare = counted  # type: ignore[method-assign, assignment]

    def all_ended() -> bool:
        world.clock.time += 1
        return not world.store.active()

    Scheduler(world.runner, threads=1, blenders=blenders).run(until=all_ended)
    assert len(at_once) == 4
    assert max(at_once) == blenders


def test_models_to_send_come_before_results(world: World) -> None:
    result, other, model = (world.add() for _ in range(3))
    for job in (result, other):
        for state in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.PREPARING):
            world.store.change(job.id, state)
    world.store.change(model.id, State.EXPORTING)
    claimed = world.runner.claim_in_background(2)
    assert [job.id for job in claimed] == [model.id, result.id]
    assert [job.id for job in world.runner.claim_in_background(2)] == [other.id]


@pytest.mark.fault(
    "Several files come one byte at a time",
    "The other jobs are looked at all the while",
)
@pytest.mark.parametrize("kind", ["3D_MODEL", "IMAGE"])
def test_slow_files_do_not_hold_up_the_other_jobs(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither results, nor the pictures that only show what is coming."""
    monkeypatch.setattr("addon.jobs.downloading.PICTURE_SECONDS", 0.2)
    world.server.on("GET", WALLET, json_answer({"balance": "1000.00", "rate_limit": 100}))
    status = "FINISHED" if kind == "3D_MODEL" else "IN_PROGRESS"
    with dripping(Dripping()) as nowhere:
        numbers = iter(range(1, 6))
        world.server.on("POST", RAPID, lambda _: json_answer({"task_id": f"t-{next(numbers)}"}))
        world.server.on("GET", "/slow", Answer(302, headers={"Location": nowhere}))
        for number in range(1, 5):
            world.status(world.finished(("slow", kind), status=status), task_id=f"t-{number}")
        world.status(json_answer({"status": "IN_PROGRESS", "progress": 1}), task_id="t-5")
        for _ in range(5):
            world.add()

        def looked_at_the_last() -> bool:
            world.clock.time += 5
            return world.server.count("GET", status_path("t-5")) >= 5

        drive = Scheduler(world.runner)
        try:
            drive.run(until=looked_at_the_last)
            assert world.server.count("GET", "/slow") >= 2
        finally:
            drive.end()
