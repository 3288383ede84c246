"""``resume``: go on with all unfinished jobs; what was paid is never paid again.

The steps of an order are gone on with as one. Jobs that wait for a Blender to export their model
are left to Blender: nothing was sent for them. So is what follows a step that was sent without an
answer: that step has to be decided about first.
"""

from ...jobs.dependencies import needs_export, stands_still
from ...jobs.job import Job
from ...jobs.states import State
from ..exits import ExitStatus, Refused
from ..reports import job_document
from ..session import Session
from ..waiting import TimedOut, is_settled, work_on


def run(session: Session) -> ExitStatus:
    """Finish every unfinished job of this address; the worst one decides the exit code."""
    unfinished = [
        job
        for job in session.store.active()
        if job.service_address == session.address
        and not is_settled(job)
        and not is_left(session, job)
    ]
    if not unfinished:
        session.output.say("Nothing is unfinished.")
        session.output.document({"jobs": []})
        return ExitStatus.OK
    try:
        jobs = work_on(session, unfinished, is_settled, session.arguments.wait_timeout)
    except (KeyboardInterrupt, TimedOut) as stop:
        interrupted = isinstance(stop, KeyboardInterrupt)
        raise Refused(
            ExitStatus.INTERRUPTED if interrupted else ExitStatus.NETWORK,
            "interrupted" if interrupted else "timed_out",
            "Stopped waiting; the jobs go on at the service.",
            "`resume` goes on without paying again.",
        ) from None
    session.output.document({"jobs": [job_document(job) for job in jobs]})
    lost = any(job.state in {State.FAILED, State.EXPIRED, State.UNKNOWN} for job in jobs)
    return ExitStatus.JOB_FAILED if lost else ExitStatus.OK


def is_left(session: Session, job: Job) -> bool:
    """Whether somebody else has to go on: Blender, or a person with the step it waits for."""
    return needs_export(session.store, job) or stands_still(session.store, job)
