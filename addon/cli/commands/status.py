"""``status``: what the service says of a task, once or until it has ended."""

from typing import Any

from ...service.answers import TaskState, TaskStatus
from ...service.errors import (
    Charged,
    NetworkError,
    RateLimited,
    ServerError,
)
from ..exits import ExitStatus, Refused
from ..session import Session

SECONDS_PER_MINUTE = 60.0
POLL_SECONDS = 10.0


def run(session: Session) -> ExitStatus:
    """Print the service's answer; exit 5 if the task failed."""
    task_id = session.arguments.task_id
    status = poll(session, task_id) if session.arguments.poll else session.client.status(task_id)
    session.output.document({"task_id": task_id, **status_document(status)})
    if status.status is TaskState.FAILED:
        reason = status.failure_reason or "The service gives no reason."
        session.output.problem(f"The job failed: {reason} {Charged.REFUNDED.words}")
        return ExitStatus.JOB_FAILED
    return ExitStatus.OK


def poll(session: Session, task_id: str) -> TaskStatus:
    """Ask until the task has ended; trouble on the way is waited out."""
    clock = session.environment.clock
    deadline = clock.now() + session.arguments.wait_timeout * SECONDS_PER_MINUTE
    with session.output.bar(task_id) as bar:
        while True:
            wait = session.arguments.poll_interval or POLL_SECONDS
            try:
                status = session.client.status(task_id)
                bar.update(status.progress, f"{status.status} {status.progress} %")
                if status.status in {TaskState.FINISHED, TaskState.FAILED}:
                    return status
            except (NetworkError, ServerError, RateLimited) as trouble:
                bar.update(0, trouble.message)
                if isinstance(trouble, RateLimited):
                    wait = max(wait, trouble.retry_after)
            if clock.now() + wait > deadline:
                raise Refused(
                    ExitStatus.NETWORK,
                    "timed_out",
                    "The task had not ended in time; it goes on at the service.",
                    f"Ask again: status --task-id {task_id} --poll",
                )
            session.environment.sleep(wait)


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
