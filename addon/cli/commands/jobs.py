"""``jobs``: what this user has asked for, newest first."""

import time
from collections.abc import Sequence
from typing import Final

from ...jobs.charges import ChargeStatus, charge_of
from ...jobs.job import Job
from ...jobs.schema import unread
from ...jobs.short_text import shorten
from ..exits import ExitStatus
from ..reports import job_document, status_of
from ..session import Session

NAME_WIDTH: Final = 40
LEAST_NAME_WIDTH: Final = 8
GAP: Final = "  "
ID_AT: Final = 4
"""Which column the id is."""
INDENT: Final = 4
FATES: Final = {
    ChargeStatus.NOTHING: "-",
    ChargeStatus.SENDING: "being sent",
    ChargeStatus.REFUNDED: "refunded",
    ChargeStatus.UNKNOWN: "unknown",
}


def run(session: Session) -> ExitStatus:
    """List jobs from the store; asks the service nothing."""
    jobs = session.store.all(session.arguments.limit)
    if session.store.unreadable:
        trouble = unread(len(session.store.unreadable))
        session.output.problem(f"{trouble.message} {trouble.hint}")
    if session.output.for_people:
        lines = table(jobs, session.output.columns)
        session.output.table("\n".join(lines) if jobs else "There are no jobs.")
    else:
        session.output.document({"jobs": [job_document(job) for job in jobs]})
    return ExitStatus.OK


def table(jobs: list[Job], columns: int | None) -> list[str]:
    """A line for each job, under a line of titles; columns as wide as what is in them.

    On a terminal of few ``columns`` the id, which is to be copied, has a line of its own.
    """
    titles = ("when", "status", "credits", "operation", "task, or job", "name")
    lines = [titles, *(cells(job) for job in jobs)]
    *_, id_width, _ = widths = [max(len(line[at]) for line in lines) for at in range(len(titles))]
    whole = sum(widths) + len(GAP) * (len(widths) - 1)
    if columns is None or whole <= columns:
        return [aligned(line, widths) for line in lines]
    without_name = whole - widths[-1]
    if without_name + LEAST_NAME_WIDTH <= columns:
        return [aligned(line, widths)[:columns].rstrip() for line in lines]
    del widths[ID_AT]
    indent = " " * max(0, min(INDENT, columns - id_width))
    narrow: list[str] = []
    for line in lines:
        rest = [cell for at, cell in enumerate(line) if at != ID_AT]
        narrow += [aligned(rest, widths)[:columns].rstrip(), indent + line[ID_AT]]
    return narrow


def aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One line of the table."""
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return GAP.join(padded).rstrip()


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
