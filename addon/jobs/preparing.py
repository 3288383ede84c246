"""PREPARING: have a .blend made of the files that were downloaded."""

import logging

from ..catalog import estimate
from ..catalog.messages import Message, together
from ..service.errors import Charged
from ..service.names import free_path, safe_name
from .job import NO_READER, Failure, Job
from .results import conversion, model_files
from .runner_deps import NoReader, PreparationFailed, RunnerDeps, Stopped, declared
from .states import State

log = logging.getLogger(__name__)

MAX_TRIES = 3
"""Tries that ended without a word, with the whole process: then the file itself is suspect."""


def prepare(context: RunnerDeps, job: Job) -> None:
    """Make the .blend; whatever fails, the files stay and are named."""
    context.check_stop()
    if context.preparer is None:
        raise RuntimeError("claimed a job to prepare without a preparer")
    files = model_files(declared(job), job.files)
    paths = ", ".join(str(file.path) for file in job.files)
    kept = Message("The downloaded files are kept: {files}", files=paths)
    if not files:
        context.end(job, State.FAILED, _failure("There is no 3D file among the results.", kept))
        return
    if job.attempts >= MAX_TRIES:
        message = "Preparing the result ended the background Blender each time."
        context.end(job, State.FAILED, _failure(message, kept))
        return
    job = context.change(job, job.state, attempts=job.attempts + 1)
    to = free_path(job.folder, safe_name(f"{job.task_id}-{job.operation}"), ".blend")
    try:
        prepared = context.preparer.prepare(job, files, to)
    except NoReader as error:
        hint = together(error.hint, _way_out(job), kept)
        context.change(job, State.READY, failure=Failure(NO_READER, error.message, hint))
        return
    except PreparationFailed as error:
        hint = together(error.hint, kept)
        context.end(job, State.FAILED, _failure(error.message, hint))
        return
    except Stopped:
        context.change(job, job.state, attempts=job.attempts - 1)
        raise
    context.change(job, State.READY, prepared=prepared, failure=None)


def _way_out(job: Job) -> str:
    """What the service can make of the files that this Blender does not read."""
    request = conversion(job.files)
    if request is None:
        return ""
    price = estimate(request).total
    return Message("Convert makes another format of it for {n} credits.", n=price)


def _failure(message: str, hint: str) -> Failure:
    return Failure("prepare_failed", message, hint, Charged.SPENT)
