"""What a user may decide about a job, from its state. Plain data, no bpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..jobs.actions import can_cancel, may_cost_twice, retry_state
from ..jobs.states import ACTIVE, State

if TYPE_CHECKING:
    from ..jobs.job import Job

__all__ = ["can_cancel", "can_place", "can_remove", "may_cost_twice", "retry_state"]


def can_remove(job: Job) -> bool:
    """Whether it can leave the list."""
    return job.state not in ACTIVE


def can_place(job: Job) -> bool:
    """Whether there is something made ready to bring into a scene."""
    return job.state in {State.READY, State.PLACED} and job.prepared is not None
