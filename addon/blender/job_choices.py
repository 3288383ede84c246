"""What a user may decide about a job, from its state. Plain data, no bpy."""

from ..jobs.job import Job
from ..jobs.results import model_files
from ..jobs.states import ACTIVE, TRANSITIONS, State


def can_cancel(job: Job) -> bool:
    """Whether it can be taken off the line, or its task no longer be watched."""
    return job.state in ACTIVE and State.ABANDONED in TRANSITIONS[job.state]


def can_remove(job: Job) -> bool:
    """Whether it can leave the list."""
    return job.state not in ACTIVE


def can_place(job: Job) -> bool:
    """Whether there is something made ready to bring into a scene."""
    return job.state in {State.READY, State.PLACED} and job.prepared is not None


def retry_state(job: Job) -> State | None:
    """The state from which the worker tries again, or None where there is nothing to try.

    Only a job the service has no task of is sent again; anything else goes on where it stopped.
    """
    allowed = TRANSITIONS[job.state]
    if job.state in ACTIVE or (can_place(job) and job.failure is None):
        return None
    if State.PREPARING in allowed and model_files(None, job.files):
        return State.PREPARING
    if job.task_id is not None:
        return State.PENDING if State.PENDING in allowed else None
    return State.QUEUED if State.QUEUED in allowed else None


def may_cost_twice(job: Job) -> bool:
    """Whether trying again may charge for something that was charged already."""
    return job.state is State.UNKNOWN
