from pathlib import Path
from typing import Any

import pytest

from addon.jobs.actions import can_cancel, cancel, may_cost_twice, retry, retry_state
from addon.jobs.errors import IllegalTransition
from addon.jobs.job import Failure, Job, Prepared, ResultFile
from addon.jobs.states import ACTIVE, TRANSITIONS, State
from addon.service.errors import Charged
from tests.jobs.world import EPOCH, World

UP_TO_DOWNLOADING = (State.SUBMITTING, State.PENDING, State.DOWNLOADING)
WAYS = {
    State.QUEUED: (),
    State.EXPORTING: (State.EXPORTING,),
    State.SUBMITTING: (State.SUBMITTING,),
    State.PENDING: (State.SUBMITTING, State.PENDING),
    State.RUNNING: (State.SUBMITTING, State.PENDING, State.RUNNING),
    State.DOWNLOADING: UP_TO_DOWNLOADING,
    State.PREPARING: (*UP_TO_DOWNLOADING, State.PREPARING),
    State.READY: (*UP_TO_DOWNLOADING, State.READY),
    State.PLACED: (*UP_TO_DOWNLOADING, State.READY, State.PLACED),
    State.FAILED: (State.SUBMITTING, State.FAILED),
    State.UNKNOWN: (State.SUBMITTING, State.UNKNOWN),
    State.EXPIRED: (State.SUBMITTING, State.PENDING, State.EXPIRED),
    State.ABANDONED: (State.ABANDONED,),
}


def job_in(world: World, state: State, **fields: Any) -> Job:
    job = world.add()
    for step in WAYS[state]:
        job = world.store.change(job.id, step)
    return world.store.change(job.id, state, finished_at=EPOCH, **fields)


def failure(code: str, charged: Charged = Charged.NO) -> Failure:
    return Failure(code, "message", "hint", charged)


MODEL = (ResultFile(Path("/r/a.glb"), "3D_MODEL"),)
PREPARED = Prepared(Path("/r/a.blend"), (4, 2, 0), "c", 1, (1.0, 1.0, 1.0))


@pytest.mark.parametrize("state", list(State))
def test_what_can_be_cancelled(world: World, state: State) -> None:
    job = job_in(world, state)
    assert can_cancel(job) == (state in ACTIVE - {State.SUBMITTING})
    if can_cancel(job):
        assert cancel(world.store, job).state is State.ABANDONED
    elif state in ACTIVE:
        with pytest.raises(IllegalTransition):
            cancel(world.store, job)


def test_a_job_that_was_sent_since_it_was_looked_at_is_not_cancelled(world: World) -> None:
    seen = world.add()
    for state in WAYS[State.PENDING]:
        world.store.change(seen.id, state)
    with pytest.raises(IllegalTransition, match="no longer QUEUED"):
        cancel(world.store, seen)
    assert world.store.get(seen.id).state is State.PENDING


@pytest.mark.parametrize(
    ("state", "fields", "tried"),
    [
        *[(state, {}, None) for state in sorted(ACTIVE)],
        (State.UNKNOWN, {}, State.QUEUED),
        (State.FAILED, {"failure": failure("insufficient_credits")}, State.QUEUED),
        (State.FAILED, {"task_id": "t", "failure": failure("task_failed")}, State.QUEUED),
        (State.FAILED, {"task_id": "t", "failure": failure("result_missing")}, State.PENDING),
        (State.FAILED, {"task_id": "t", "files": MODEL}, State.PREPARING),
        (State.EXPIRED, {"task_id": "t"}, State.PENDING),
        (State.ABANDONED, {"task_id": "t"}, State.PENDING),
        (State.ABANDONED, {}, None),
        (State.READY, {"task_id": "t", "files": MODEL}, State.PREPARING),
        (State.READY, {"task_id": "t", "files": MODEL, "prepared": PREPARED}, None),
        (State.PLACED, {"task_id": "t", "files": MODEL, "prepared": PREPARED}, None),
    ],
)
def test_what_is_left_to_try(
    world: World, state: State, fields: dict[str, Any], tried: State | None
) -> None:
    job = job_in(world, state, **fields)
    assert retry_state(job) is tried
    if tried is None:
        with pytest.raises(IllegalTransition):
            retry(world.store, job)
        return
    assert tried in TRANSITIONS[state]
    again = retry(world.store, job)
    assert (again.state, again.failure, again.next_at) == (tried, None, 0.0)
    assert again.task_id == (None if tried is State.QUEUED else job.task_id)
    assert again.finished_at == (EPOCH if tried is State.PREPARING else None)


def test_what_may_cost_twice_is_known(world: World) -> None:
    refused = failure("insufficient_credits")
    refunded = failure("task_failed", Charged.REFUNDED)
    unclear = failure("task_failed", Charged.UNKNOWN)
    missing = failure("result_missing", Charged.SPENT)
    assert may_cost_twice(job_in(world, State.UNKNOWN))
    assert may_cost_twice(job_in(world, State.FAILED, task_id="t", failure=unclear))
    for harmless in (refused, refunded, missing):
        assert not may_cost_twice(job_in(world, State.FAILED, task_id="t", failure=harmless))


def test_a_decision_about_a_state_that_has_passed_is_not_carried_out(world: World) -> None:
    seen = job_in(world, State.UNKNOWN)
    world.store.change(seen.id, State.PENDING, task_id="t-late")
    with pytest.raises(IllegalTransition):
        retry(world.store, seen)
    assert world.store.get(seen.id).task_id == "t-late"
