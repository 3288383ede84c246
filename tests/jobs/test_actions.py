import pytest

from addon.jobs.actions import ACTIONS, act, actions_for
from addon.jobs.job import Failure, Job
from addon.jobs.states import TRANSITIONS, State
from addon.jobs.store import IllegalTransition
from tests.jobs.world import World

WAYS = {
    State.QUEUED: (),
    State.SUBMITTING: (State.SUBMITTING,),
    State.PENDING: (State.SUBMITTING, State.PENDING),
    State.RUNNING: (State.SUBMITTING, State.PENDING, State.RUNNING),
    State.DOWNLOADING: (State.SUBMITTING, State.PENDING, State.DOWNLOADING),
    State.READY: (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.READY),
    State.FAILED: (State.SUBMITTING, State.FAILED),
    State.UNKNOWN: (State.SUBMITTING, State.UNKNOWN),
    State.EXPIRED: (State.SUBMITTING, State.PENDING, State.EXPIRED),
    State.ABANDONED: (State.ABANDONED,),
}


def job_in(world: World, state: State, *, task_id: str | None = None, code: str = "") -> Job:
    job = world.add()
    for step in WAYS[state]:
        job = world.store.change(job.id, step)
    failure = Failure(code, "message") if code else None
    return world.store.change(job.id, state, task_id=task_id, failure=failure)


@pytest.mark.parametrize(
    ("state", "task_id", "code", "offered"),
    [
        (State.QUEUED, None, "", ["cancel"]),
        (State.SUBMITTING, None, "", []),
        (State.PENDING, "t", "", ["stop_watching"]),
        (State.RUNNING, "t", "", ["stop_watching"]),
        (State.DOWNLOADING, "t", "", ["stop_watching"]),
        (State.READY, "t", "", []),
        (State.UNKNOWN, None, "answer_lost", ["send_again", "give_up"]),
        (State.FAILED, None, "insufficient_credits", ["try_again"]),
        (State.FAILED, "t", "task_failed", []),
        (State.FAILED, "t", "result_missing", ["watch_again"]),
        (State.EXPIRED, "t", "result_expired", ["watch_again"]),
        (State.ABANDONED, "t", "", ["watch_again"]),
        (State.ABANDONED, None, "", []),
    ],
)
def test_what_is_offered_when_and_only_that_can_be_done(
    world: World, state: State, task_id: str | None, code: str, offered: list[str]
) -> None:
    job = job_in(world, state, task_id=task_id, code=code)
    assert [action.name for action in actions_for(job)] == offered
    for name, action in ACTIONS.items():
        if name not in offered:
            with pytest.raises(IllegalTransition):
                act(world.store, job.id, name)
        else:
            assert action.becomes in TRANSITIONS[state]
    if offered:
        assert act(world.store, job.id, offered[0]).state is ACTIONS[offered[0]].becomes


def test_what_may_cost_is_said_before() -> None:
    assert {name for name, action in ACTIONS.items() if action.warning} == {
        "stop_watching",
        "send_again",
        "give_up",
    }


def test_why_it_was_given_up_stays_with_the_job(world: World) -> None:
    job = job_in(world, State.UNKNOWN, code="answer_lost")
    given_up = act(world.store, job.id, "give_up")
    assert given_up.failure is not None
    assert given_up.failure.code == "answer_lost"
