"""``status``: what the service says of a task, once or until its results can be had."""

from dataclasses import replace
from typing import Any

from ...jobs.polling import task_failure
from ...jobs.states import AT_SERVICE, State
from ...service.answers import TaskState, TaskStatus, ended
from ...service.errors import Charged
from ..exits import ExitStatus, Refused
from ..patience import ask_status
from ..session import Session
from ..tasks import bring_up_to_date, end_with, follow
from ..waiting import TimedOut


def run(session: Session) -> ExitStatus:
    """Print the service's answer; exit 5 if the task failed."""
    task_id = session.arguments.task_id
    if session.arguments.poll:
        return poll(session)
    status = ask_status(session, task_id)
    has_files = any(asset.url for asset in status.results)
    note_in_list(session, status)
    session.output.document({"task_id": task_id, **status_document(status)})
    if status.status is TaskState.FAILED:
        reason = status.failure_reason or "The service gives no reason."
        session.output.problem(f"The job failed: {ended(reason)} {Charged.REFUNDED.words}")
        return ExitStatus.JOB_FAILED
    if status.status is TaskState.FINISHED and not has_files:
        if status.failure_reason:
            failure = task_failure(status.failure_reason, Charged.UNKNOWN)
            session.output.problem(f"{failure.message} {failure.credits}")
            return ExitStatus.JOB_FAILED
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


def note_in_list(session: Session, status: TaskStatus) -> None:
    """Bring the user's list up to date with what the service says."""
    known = session.store.find_task(session.address, session.arguments.task_id)
    if known is None or known.state not in AT_SERVICE:
        return
    now = session.environment.clock.now()
    seen = replace(known, progress=status.progress)
    if status.status is TaskState.FAILED:
        failure = task_failure(status.failure_reason, Charged.REFUNDED)
        seen = replace(seen, state=State.FAILED, failure=failure, finished_at=now)
    elif status.status is TaskState.IN_PROGRESS:
        seen = replace(seen, state=State.RUNNING)
    elif status.status is TaskState.FINISHED and any(asset.url for asset in status.results):
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
