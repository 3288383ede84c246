"""Which small picture stands for a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...service import picture_types

if TYPE_CHECKING:
    from ...jobs.job import Job


def of_job(job: Job) -> Path | None:
    """The preview made of a model, else the first picture among the results."""
    if job.prepared is not None and job.prepared.preview is not None:
        return job.prepared.preview
    paths = (path for file in job.files for path in (file.contents or (file.path,)))
    return next((path for path in paths if path.suffix.lower() in picture_types.SHOWABLE), None)
