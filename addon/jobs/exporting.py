"""EXPORTING: have the model file written that is to be sent."""

from dataclasses import replace

from ..catalog.messages import Message
from ..service import whole_files
from ..service.errors import Charged, UploadTooLarge
from ..service.limits import MAX_UPLOAD_BYTES
from ..service.stopping import Stopped
from .job import Failure, Job
from .preparing import MAX_TRIES
from .runner_deps import PreparationFailed, RunnerDeps, failure_of
from .states import State


def export(context: RunnerDeps, job: Job) -> None:
    """Write the file and queue the job again; whatever fails, nothing was sent or charged."""
    context.check_stop()
    order = job.export
    if context.exporter is None or order is None:
        raise RuntimeError("claimed a job to export without an exporter or an order")
    if job.attempts >= MAX_TRIES:
        context.end(job, State.FAILED, _failure("Exporting ended the background Blender each time"))
        return
    job = context.change(job, job.state, attempts=job.attempts + 1)
    try:
        figures = context.exporter.export(order)
        size = order.to.stat().st_size
    except PreparationFailed as error:
        context.end(job, State.FAILED, _failure(error.message, error.hint))
        return
    except Stopped:
        context.change(job, job.state, attempts=job.attempts - 1)
        raise
    if size > MAX_UPLOAD_BYTES:
        whole_files.discard(order.to)
        context.end(job, State.FAILED, failure_of(too_large(size)))
        return
    context.change(
        job,
        State.QUEUED,
        next_at=context.clock.now(),
        failure=None,
        export=replace(order, figures=figures),
    )


def too_large(size: int) -> UploadTooLarge:
    """The model cannot be sent; ``size`` in bytes."""
    return UploadTooLarge(
        Message(
            "The exported model has {size:.0f} MB; at most {most:.0f} MB can be sent.",
            size=size / 1e6,
            most=MAX_UPLOAD_BYTES / 1e6,
        ),
        hint="Send fewer triangles (a Decimate modifier) or smaller textures.",
    )


def _failure(message: str, hint: str = "") -> Failure:
    return Failure("export_failed", message, hint, Charged.NO)
