"""Jobs, results and errors as the JSON this command line promises."""

from typing import Any

from ..jobs.charges import is_price_known
from ..jobs.job import Failure, Job, ResultFile
from ..jobs.states import State
from ..service.errors import ServiceError
from .exits import Refused
from .listed import told_failure

SERVICE_WORDS = {
    State.PENDING: "PENDING",
    State.RUNNING: "IN_PROGRESS",
    State.DOWNLOADING: "IN_PROGRESS",
    State.PREPARING: "FINISHED",
    State.READY: "FINISHED",
    State.PLACED: "FINISHED",
}
"""Where the service has a word for a state, that one is used."""


STATUS_MEANINGS = {
    "QUEUED": "waiting here for its turn, or for the step before it; nothing was charged for it",
    "EXPORTING": "a Blender writes the model that is to be sent; nothing was charged",
    "SUBMITTING": "being sent at this moment",
    "PENDING": "taken by the service, waiting there",
    "IN_PROGRESS": "being made, or being downloaded",
    "FINISHED": "done; the results are (or can be) downloaded",
    "FAILED": "ended; `error` says why and what became of the credits",
    "EXPIRED": "the service no longer has the result (24 hours)",
    "ABANDONED": "given up here, by `cancel`, `settle --drop` or in Blender",
    "UNKNOWN": "sent, but no answer came: never sent again by itself, see `settle`",
}
"""Every status that a document can name."""


def status_of(job: Job) -> str:
    """The service's word for where the job stands, or ours where it has none."""
    return SERVICE_WORDS.get(job.state, job.state.value)


def job_document(job: Job) -> dict[str, Any]:
    """A job with everything a program may want to know."""
    document: dict[str, Any] = {
        "task_id": job.task_id,
        "status": status_of(job),
        "operation": job.operation,
        "name": job.name,
        "job": job.id,
        "progress": job.progress,
        "estimated_credits": job.estimate if is_price_known(job) else None,
        "created_at": job.created_at,
        "output_dir": str(job.folder),
    }
    if job.origin.alternative is not None:
        document["group"] = job.origin.alternative.id
    if job.files:
        document["files"] = [file_document(file) for file in job.files]
    failure = told_failure(job)
    if failure is not None:
        document["error"] = failure_document(failure)
    return document


def step_document(job: Job) -> dict[str, Any]:
    """One of the jobs of an order that takes several."""
    return {
        "task_id": job.task_id,
        "status": status_of(job),
        "operation": job.operation,
        "job": job.id,
        "estimated_credits": job.estimate if is_price_known(job) else None,
    }


def file_document(file: ResultFile) -> dict[str, Any]:
    """A downloaded result; figures without a file have a null path."""
    document: dict[str, Any] = {
        "path": str(file.path),
        "asset_type": file.asset_type,
        "metadata": dict(file.metadata),
    }
    if file.left_out:
        document["warnings"] = list(file.left_out)
    return document


def failure_document(failure: Failure) -> dict[str, Any]:
    """Why a job did not end well."""
    return {
        "code": failure.code,
        "message": failure.message,
        "next_step": failure.hint,
        "credits": failure.credits,
    }


def error_document(error: Exception) -> dict[str, Any]:
    """An error that ended a command before there was a job."""
    from ..catalog import InvalidRequest  # late: most commands end well

    if isinstance(error, InvalidRequest):
        from ..jobs.inputs import MissingFile  # late, as above

        fields = [{"field": p.field, "message": p.message} for p in error.problems]
        document = {"code": "validation_failed", "message": str(error), "problems": fields}
        if isinstance(error, MissingFile):
            step = "Nothing was sent. Check the path."
            return {**document, "code": "file_not_found", "next_step": step}
        return document
    if isinstance(error, Refused):
        return {"code": error.code, "message": error.message, "next_step": error.hint}
    if isinstance(error, ServiceError):
        return {
            "code": error.code,
            "message": error.message,
            "next_step": error.hint,
            "credits": error.charged.words,
        }
    return {"code": "error", "message": str(error)}
