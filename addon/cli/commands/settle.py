"""``settle``: a person says what became of an order whose answer never came. Sends nothing."""

from ...jobs.actions import retry
from ...jobs.job import Job
from ...jobs.states import State
from ..exits import ExitStatus, Refused
from ..listed import job_of_id, send_command, take_back
from ..patience import ask_status
from ..reports import job_document
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Write down what became of it, and say what comes next."""
    job = job_of_id(session, session.arguments.job)
    if job.state is not State.UNKNOWN:
        raise Refused(
            "not_open",
            f"There is nothing to settle: the job is {job.state}.",
            "Only what was sent without an answer (UNKNOWN) can be settled."
            + (" `resume` waits for the answer." if job.state is State.SUBMITTING else ""),
        )
    if session.arguments.task_id is not None:
        settled = took(session, job, session.arguments.task_id)
        session.output.say(f"It is task {settled.task_id}; `resume --job {job.id}` goes on.")
    elif session.arguments.send_again:
        settled = retry(session.store, job)
        session.output.say(f"It is in the queue again: {send_command([settled])} sends it.")
    else:
        settled = session.store.change(job.id, State.ABANDONED, expected=State.UNKNOWN)
        take_back(session.store, session.store.order_of(job))
        session.output.say("It is given up, with what was to follow it.")
    session.output.document(job_document(settled))
    return ExitStatus.OK


def took(session: Session, job: Job, task_id: str) -> Job:
    """The service has it as this task; raises Refused, and NotFound if it has no such task."""
    other = session.store.find_task(session.address, task_id)
    if other is not None:
        raise Refused(
            "not_open", f"Task {task_id} is the job {other.id} already.", "Look for another task."
        )
    ask_status(session, task_id)
    return session.store.change(
        job.id,
        State.PENDING,
        expected=State.UNKNOWN,
        task_id=task_id,
        failure=None,
        next_at=0.0,
        finished_at=None,
    )
