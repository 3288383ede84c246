"""``cancel``: take back what is not sent yet; the service itself cannot cancel anything."""

from ...jobs.job import Job
from ...jobs.states import ENDED, State
from ..exits import ExitStatus, Refused
from ..listed import chosen, take_back
from ..reports import job_document, status_of
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Cancel the steps of an order that nothing was charged for yet."""
    job = chosen(session)
    taken = take_back(session.store, session.store.order_of(job))
    if not taken:
        raise refusal(job)
    session.output.say(f"Taken back: {len(taken)}. Nothing was charged for that.")
    session.output.document({"jobs": [job_document(one) for one in taken]})
    return ExitStatus.OK


def refusal(job: Job) -> Refused:
    """Why nothing is taken back, and what can be done instead."""
    words = f"Nothing of it can be taken back: it is {status_of(job)}"
    if job.state in ENDED or job.state is State.READY:
        return Refused("already_sent", f"{words}, and nothing more happens to it.")
    if job.task_id is None:
        return Refused(
            "already_sent",
            f"{words}, and whether the service took it is not known.",
            f"Once it is UNKNOWN, say what became of it: settle --job {job.id}",
        )
    return Refused(
        "already_sent",
        f"{words}, and the service cancels nothing.",
        f"Its result can still be had: resume --job {job.id}",
    )
