"""``status``: what the service says of a task, once or until its results can be had."""

from typing import Any

from ...jobs.states import AT_SERVICE
from ...service.answers import TaskState, TaskStatus
from ...service.errors import Charged
from ..exits import ExitStatus, Refused
from ..session import Session
from ..tasks import end_with, follow
from ..waiting import TimedOut


def run(session: Session) -> ExitStatus:
    """Print the service's answer; exit 5 if the task failed."""
    task_id = session.arguments.task_id
    if session.arguments.poll:
        return poll(session)
    status = session.task_status(task_id)
    session.output.document({"task_id": task_id, **status_document(status)})
    if status.status is TaskState.FAILED:
        reason = status.failure_reason or "The service gives no reason."
        session.output.problem(f"The job failed: {reason} {Charged.REFUNDED.words}")
        return ExitStatus.JOB_FAILED
    if status.status is TaskState.FINISHED and not any(asset.url for asset in status.results):
        session.output.say("It is finished, but no file can be had yet; --poll waits for it.")
    return ExitStatus.OK


def poll(session: Session) -> ExitStatus:
    """Ask until the task has ended; trouble on the way is waited out.

    A finished one has not ended before its files can be fetched, or do not come at all.
    """
    task_id = session.arguments.task_id
    try:
        job, said = follow(session, lambda job, _: job.state not in AT_SERVICE)
    except TimedOut:
        raise Refused(
            "timed_out",
            "The task had not ended in time; it goes on at the service.",
            f"Ask again: status --task-id {task_id} --poll",
        ) from None
    document = {"task_id": task_id, **(status_document(said) if said is not None else {})}
    return end_with(session, document, job)


def status_document(status: TaskStatus) -> dict[str, Any]:
    """The service's answer in the contract's form."""
    return {
        "status": status.status,
        "progress": status.progress,
        "failure_reason": status.failure_reason,
        "results": [
            {
                "asset": asset.url,
                "asset_type": asset.asset_type,
                "metadata": dict(asset.metadata) or None,
            }
            for asset in status.results
        ],
    }
