"""What a user may decide about a job, from its state. Plain data, no bpy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...catalog import Group, UnknownOperation, get
from ...catalog.encoders import job_of
from ...jobs import results
from ...jobs.actions import best_without, can_cancel, may_cost_twice, retry_state
from ...jobs.states import ACTIVE, State
from .draft import Draft, make_draft

if TYPE_CHECKING:
    from ...jobs.job import Job

__all__ = [
    "best_without",
    "can_cancel",
    "can_place",
    "can_remove",
    "conversion",
    "may_cost_twice",
    "retry_state",
    "same_again",
]


def same_again(job: Job) -> Draft | None:
    """The job's settings to order once more.

    None for work on objects: their mesh of that time is gone, and the result would not know its
    place. None for what went on with the result of a step before, which the service keeps a day.
    """
    try:
        operation = get(job.operation)
    except UnknownOperation:
        return None
    goes_on = any(job_of(value) for value in job.values.values())
    if operation.group is Group.MESH_TOOL or job.origin.sent is not None or goes_on:
        return None
    draft = make_draft(operation, job.mode, job.values)
    return replace(draft, then=job.origin.recipe)


def conversion(job: Job) -> Draft | None:
    """The order that makes a format of a kept result which Blender reads; None if there is none."""
    request = results.conversion(job.files) if job.is_kept else None
    if request is None:
        return None
    return make_draft(get(request.operation), request.mode, request.values)


def can_remove(job: Job) -> bool:
    """Whether it can leave the list."""
    return job.state not in ACTIVE


def can_place(job: Job) -> bool:
    """Whether there is something made ready to bring into a scene."""
    return job.state in {State.READY, State.PLACED} and job.prepared is not None
