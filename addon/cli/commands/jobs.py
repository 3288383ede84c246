"""``jobs``: what this user has asked for, newest first."""

import time
from typing import Final

from ...jobs.charges import ChargeStatus, charge_of
from ...jobs.job import Job
from ...jobs.short_text import shorten
from ..exits import ExitStatus
from ..reports import job_document, status_of
from ..session import Session

NAME_WIDTH: Final = 40
FATES: Final = {
    ChargeStatus.NOTHING: "-",
    ChargeStatus.SENDING: "being sent",
    ChargeStatus.REFUNDED: "refunded",
    ChargeStatus.UNKNOWN: "unknown",
}


def run(session: Session) -> ExitStatus:
    """List jobs from the store; asks the service nothing."""
    jobs = session.store.all(session.arguments.limit)
    if session.output.for_people:
        session.output.table("\n".join(table(jobs)) if jobs else "There are no jobs.")
    else:
        session.output.document({"jobs": [job_document(job) for job in jobs]})
    return ExitStatus.OK


def table(jobs: list[Job]) -> list[str]:
    """A line for each job, under a line of titles; columns as wide as what is in them."""
    titles = ("when", "status", "credits", "operation", "task, or job", "name")
    lines = [titles, *(cells(job) for job in jobs)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(titles))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def cells(job: Job) -> tuple[str, ...]:
    """What is said of one job; the id is the one that other commands take."""
    return (
        time.strftime("%Y-%m-%d %H:%M", time.localtime(job.created_at)),
        status_of(job),
        credit_words(job),
        job.operation,
        job.task_id or f"--job {job.id}",
        shorten("".join(c if c.isprintable() else " " for c in job.name), NAME_WIDTH),
    )


def credit_words(job: Job) -> str:
    """What it has cost; ``about`` where the balance did not show it."""
    charge = charge_of(job)
    if charge.fate is ChargeStatus.SPENT:
        return str(charge.credits) if charge.measured else f"about {charge.credits}"
    return FATES[charge.fate]
