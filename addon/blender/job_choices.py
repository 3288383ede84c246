"""What a user may decide about a job, from its state. Plain data, no bpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..catalog import Group, Mode, UnknownOperation, get
from ..jobs.actions import can_cancel, may_cost_twice, retry_state
from ..jobs.results import conversion_source
from ..jobs.states import ACTIVE, State
from .draft import Draft, make_draft

if TYPE_CHECKING:
    from ..jobs.job import Job

__all__ = [
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
    place.
    """
    try:
        operation = get(job.operation)
    except UnknownOperation:
        return None
    if operation.group is Group.MESH_TOOL or job.origin.sent is not None:
        return None
    return make_draft(operation, job.mode, job.values)


def conversion(job: Job) -> Draft | None:
    """The order that makes a format of a kept result which Blender reads; None if there is none."""
    file = conversion_source(job.files) if job.is_kept else None
    if file is None:
        return None
    # FBX is read without any library; of the other formats GLB keeps most.
    form = "fbx" if file.suffix.lower() in {".glb", ".gltf"} else "glb"
    return make_draft(get("convert"), Mode.MODEL, {"model_file": str(file), "output_format": form})


def can_remove(job: Job) -> bool:
    """Whether it can leave the list."""
    return job.state not in ACTIVE


def can_place(job: Job) -> bool:
    """Whether there is something made ready to bring into a scene."""
    return job.state in {State.READY, State.PLACED} and job.prepared is not None
