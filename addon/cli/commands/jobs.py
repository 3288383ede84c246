"""``jobs``: what this user has asked for, newest first."""

from ..exits import ExitStatus
from ..reports import job_document
from ..session import Session


def run(session: Session) -> ExitStatus:
    """List jobs from the store; asks the service nothing."""
    jobs = session.store.all(session.arguments.limit)
    for job in jobs:
        session.output.say(
            f"{job.task_id or '-':36}  {job.state:12}  {job.operation:16}  {job.name}"
        )
    session.output.document({"jobs": [job_document(job) for job in jobs]})
    return ExitStatus.OK
