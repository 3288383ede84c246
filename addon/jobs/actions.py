"""What a person can do about a job. The sidebar and the command line offer exactly these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .job import Job
from .states import ACTIVE, State
from .store import IllegalTransition, Store


@dataclass(frozen=True, slots=True)
class Action:
    """One decision: ``warning`` is what the person should know before confirming, if anything."""

    name: str
    label: str
    description: str
    warning: str
    fits: Callable[[Job], bool]
    becomes: State


def _never_taken(job: Job) -> bool:
    return job.state is State.FAILED and job.task_id is None


def _has_lost_task(job: Job) -> bool:
    if job.task_id is None or job.files:
        return False
    failed_late = job.state is State.FAILED and _code(job) not in {"task_failed", "prepare_failed"}
    return failed_late or job.state in {State.ABANDONED, State.EXPIRED}


def _code(job: Job) -> str:
    return job.failure.code if job.failure is not None else ""


_ALL = (
    Action(
        "cancel",
        "Cancel",
        "Take the job off the list before it is sent; nothing is charged",
        "",
        lambda job: job.state is State.QUEUED,
        State.ABANDONED,
    ),
    Action(
        "stop_watching",
        "Stop Watching",
        "Stop waiting for the result",
        "The service has no way to cancel: it finishes the job and charges it.",
        lambda job: job.state in {State.PENDING, State.RUNNING, State.DOWNLOADING},
        State.ABANDONED,
    ),
    Action(
        "watch_again",
        "Look Again",
        "Look at the task again; results are kept for 24 hours",
        "",
        _has_lost_task,
        State.PENDING,
    ),
    Action(
        "send_again",
        "Send Again",
        "Send the order again although the first one may have been taken",
        "If the service took the first order, this one is charged as well.",
        lambda job: job.state is State.UNKNOWN,
        State.QUEUED,
    ),
    Action(
        "give_up",
        "Give Up",
        "Take the job off the list without sending it again",
        "If the service took the order, it was charged.",
        lambda job: job.state is State.UNKNOWN,
        State.ABANDONED,
    ),
    Action(
        "try_again",
        "Try Again",
        "Send the order again; the first one was refused and not charged",
        "",
        _never_taken,
        State.QUEUED,
    ),
    Action(
        "prepare_again",
        "Prepare Again",
        "Make the .blend from the downloaded files again; costs nothing",
        "",
        lambda job: (
            job.state is State.FAILED and bool(job.files) and _code(job) == "prepare_failed"
        ),
        State.PREPARING,
    ),
)

ACTIONS: Mapping[str, Action] = MappingProxyType({action.name: action for action in _ALL})


def actions_for(job: Job) -> list[Action]:
    """The decisions that make sense for the job as it stands."""
    return [action for action in _ALL if action.fits(job)]


def act(store: Store, job_id: str, name: str) -> Job:
    """Carry a decision out; raises IllegalTransition if it does not fit (any more)."""
    job = store.get(job_id)
    action = ACTIONS[name]
    if not action.fits(job):
        raise IllegalTransition(f'"{action.label}" does not fit a job in {job.state}.')
    if action.becomes not in ACTIVE:
        return store.change(job_id, action.becomes, expected=job.state)
    return store.change(
        job_id,
        action.becomes,
        expected=job.state,
        next_at=0.0,
        attempts=0,
        failure=None,
        finished_at=None,
    )
