"""Which model's look a result without textures is to get: that of the one it was made from."""

from collections.abc import Sequence
from pathlib import Path

from ..catalog import Outcome, get
from .job import Job
from .planner import MAKES_SURFACE
from .results import model_files


def may_be_bare(job: Job) -> bool:
    """Whether the result can come without the textures of what the job started from."""
    operation = get(job.operation)
    return operation.outcome in MAKES_SURFACE and not operation.is_textured


def look_of(jobs: Sequence[Job]) -> list[Path]:
    """The files of the last of the jobs that came with a look of its own; [] if none did."""
    for job in reversed(jobs):
        operation = get(job.operation)
        if operation.outcome in {Outcome.MODEL, Outcome.TEXTURES}:
            return model_files(operation, job.files)
    return []
