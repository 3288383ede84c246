"""What a person can do about a job: cancel it, or have another try at whatever is left of it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..service.errors import Charged
from .chains import is_helper, is_in_between
from .errors import IllegalTransition
from .job import OVER_BUDGET, STEP_FAILED, Job
from .results import model_files
from .states import ACTIVE, NOT_SENT, TRANSITIONS, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .store import Store  # Blender reads these rules before it needs sqlite3


def can_cancel(job: Job) -> bool:
    """Whether it can be taken off the line, or its task no longer be watched."""
    return job.state in ACTIVE and State.ABANDONED in TRANSITIONS[job.state]


def cancel(store: "Store", job: Job) -> Job:
    """Abandon the job; the service cannot cancel, so one that was sent goes on and is charged.

    Raises IllegalTransition while it is being sent, for only the receipt says what became of it,
    and where it has been sent since ``job`` was read: whoever cancels it believes it costs nothing.
    """
    from .leftovers import remove_unfinished

    expected = job.state if job.state in NOT_SENT else None
    abandoned = store.change(job.id, State.ABANDONED, expected=expected)
    remove_unfinished(abandoned)
    return abandoned


def retry_state(job: Job) -> State | None:
    """The state from which the job is tried again, or None where there is nothing to try.

    What is paid for is never ordered again: a known task is looked at again, and downloaded files
    are prepared again. Sent again is only what the service has not taken or has given up.
    """
    allowed = TRANSITIONS[job.state]
    if job.state in ACTIVE or _is_done(job):
        return None
    if State.PREPARING in allowed and model_files(None, job.files):
        return State.PREPARING
    if job.task_id is None or _failed_at_the_service(job):
        return State.QUEUED if State.QUEUED in allowed else None
    return State.PENDING if State.PENDING in allowed else None


def may_cost_twice(job: Job) -> bool:
    """Whether trying again may charge for something that was charged already."""
    unclear = job.failure is not None and job.failure.charged is Charged.UNKNOWN
    return retry_state(job) is State.QUEUED and (job.state is State.UNKNOWN or unclear)


def retry(store: "Store", job: Job) -> Job:
    """Try again as ``retry_state`` says; raises IllegalTransition if there is nothing to try."""
    state = retry_state(job)
    if state is None:
        raise IllegalTransition(f"There is nothing to try again for a job in {job.state}.")
    changes: dict[str, Any] = {"failure": None, "next_at": 0.0, "attempts": 0}
    if state is not State.PREPARING:
        changes |= {"finished_at": None, "progress": 0}
    if state is State.QUEUED:
        changes |= {"task_id": None, "charged": None}
    if _is_over_budget(job):
        changes["origin"] = replace(job.origin, budget=None)
    return store.change(job.id, state, expected=job.state, **changes)


def awaits_decision(job: Job) -> bool:
    """Whether it has stopped where only a person can say how it goes on."""
    if job.state is not State.READY:
        return job.state in STOPPED
    wanted = job.wants_prepared or job.prepared is not None or job.failure is not None
    return wanted and (job.prepared is not None or job.is_kept or retry_state(job) is not None)


STOPPED: Final = frozenset({State.FAILED, State.EXPIRED, State.ABANDONED, State.UNKNOWN})


def cancel_order(store: "Store", job: Job) -> None:
    """Abandon the job and all steps of its order that can be; raises as ``cancel`` does."""
    cancel(store, job)
    for step in store.order_of(job):
        if step.id != job.id and can_cancel(step):
            cancel(store, step)


def retry_order(store: "Store", job: Job) -> None:
    """Try the job again, and the steps that only failed because it had; raises as ``retry``."""
    retry(store, job)
    for step in store.order_of(job):
        followed = step.failure is not None and step.failure.code == STEP_FAILED
        if step.id == job.id or not followed or retry_state(step) is None:
            continue
        if _is_over_budget(job):  # who goes on without it does so to the end
            store.note_origin(step.id, replace(step.origin, budget=None))
        retry(store, step)


def best_without(steps: "Sequence[Job]") -> Job | None:
    """The step whose model can end an order that stopped behind it; None where there is none.

    ``steps`` are all jobs of the order in their sequence. Only of orders with steps on this
    computer: without those the model of that step is imported as it is.
    """
    stopped = next((at for at, step in enumerate(steps) if step.state in STOPPED), 0)
    before = (
        step
        for step in reversed(steps[:stopped])
        if step.state in {State.READY, State.PLACED}
        and model_files(None, step.files)
        and not is_helper(step)
    )
    found = next(before, None)
    ends = found is not None and is_in_between(found) and found.origin.then is not None
    return found if ends else None


def finish_without(store: "Store", job: Job) -> Job:
    """Let the order end with the last model it has, leaving out the steps that stopped.

    What was to be done on this computer is done with that; the other steps can be tried again.
    Raises IllegalTransition where there is no such model.
    """
    found = best_without(store.order_of(job))
    if found is None or found.origin.chain is None:
        raise IllegalTransition("The order has no model that it could end with.")
    return store.change(
        found.id,
        State.PREPARING,
        expected=found.state,
        origin=replace(found.origin, chain=replace(found.origin.chain, last=True)),
        wants_prepared=True,
        failure=None,
        next_at=0.0,
        attempts=0,
    )


def _is_over_budget(job: Job) -> bool:
    return job.failure is not None and job.failure.code == OVER_BUDGET


def _is_done(job: Job) -> bool:
    """Whether the result is there, made ready, and nothing was wrong with it."""
    done = job.state in {State.READY, State.PLACED} and job.prepared is not None
    return done and job.failure is None


def _failed_at_the_service(job: Job) -> bool:
    return job.failure is not None and job.failure.code == "task_failed"
