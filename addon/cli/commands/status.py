"""``status``: what the service says of a task, once or until its results can be had."""

from dataclasses import replace
from typing import Any

from ...jobs.job import Job
from ...jobs.states import AT_SERVICE, State
from ...jobs.task_words import declared, is_there, task_failure
from ...service.answers import TaskState, TaskStatus
from ...service.errors import Charged
from ..exits import ExitStatus
from ..patience import ask_status
from ..session import Session
from ..tasks import bring_up_to_date, end_with, follow


def run(session: Session) -> ExitStatus:
    """Print the service's answer; exit 5 if the task failed."""
    task_id = session.arguments.task_id
    if session.arguments.poll:
        return poll(session)
    status = ask_status(session, task_id)
    known = session.store.find_task(session.address, task_id)
    operation = None if known is None else declared(known)
    there = any(is_there(operation, asset) for asset in status.results)
    if known is not None and known.state in AT_SERVICE:
        note_in_list(session, known, status, there=there)
    document = {"task_id": task_id, **status_document(status)}
    if status.status is TaskState.FAILED:
        return end_with(session, document, task_failure(status.failure_reason, Charged.REFUNDED))
    is_without = status.status is TaskState.FINISHED and not there
    if is_without and status.failure_reason:
        return end_with(session, document, task_failure(status.failure_reason, Charged.UNKNOWN))
    session.output.document(document)
    if is_without:
        session.output.say("It is finished, but no file can be had yet; --poll waits for it.")
    return ExitStatus.OK


def poll(session: Session) -> ExitStatus:
    """Ask until the task has ended; trouble on the way is waited out.

    A finished one has not ended before its files can be fetched, or do not come at all.
    """
    from ..waiting import TimedOut  # late: one look needs no loop

    task_id = session.arguments.task_id
    try:
        job, said = follow(session, lambda job, _: job.state not in AT_SERVICE)
    except TimedOut as late:
        raise late.refused(
            "The task had not ended in time; it goes on at the service.",
            f"Ask again: status --task-id {task_id} --poll",
        ) from None
    document = {"task_id": task_id, **(status_document(said) if said is not None else {})}
    return end_with(session, document, job.failure)


def note_in_list(session: Session, known: Job, status: TaskStatus, *, there: bool) -> None:
    """Bring the user's list up to date with what the service says; ``there``: with a result."""
    now = session.environment.clock.now()
    seen = replace(known, progress=status.progress)
    if status.status is TaskState.FAILED:
        failure = task_failure(status.failure_reason, Charged.REFUNDED)
        seen = replace(seen, state=State.FAILED, failure=failure, finished_at=now)
    elif status.status is TaskState.IN_PROGRESS:
        seen = replace(seen, state=State.RUNNING)
    elif status.status is TaskState.FINISHED and there:
        seen = replace(seen, state=State.DOWNLOADING, progress=100, finished_at=now)
    bring_up_to_date(session.store, known, seen)


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
