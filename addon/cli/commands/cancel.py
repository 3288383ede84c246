"""``cancel``: take back what is not sent yet; the service itself cannot cancel anything."""

from ..exits import ExitStatus, Refused
from ..listed import chosen, order_of, take_back
from ..reports import job_document
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Cancel the steps of an order that nothing was charged for yet."""
    job = chosen(session)
    taken = take_back(session.store, order_of(session.store, job))
    if not taken:
        raise Refused(
            "already_sent",
            f"Nothing of it can be taken back: it is {job.state}, and the service cancels nothing.",
            f"Its result can still be had: resume --job {job.id}",
        )
    session.output.say(f"Taken back: {len(taken)}. Nothing was charged for that.")
    session.output.document({"jobs": [job_document(one) for one in taken]})
    return ExitStatus.OK
