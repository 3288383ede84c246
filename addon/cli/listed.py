"""The jobs of this user's list that a command is about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from ..jobs.charges import is_price_known
from ..jobs.errors import IllegalTransition, UnknownJob
from ..jobs.job import Failure, Job
from ..jobs.states import ACTIVE, NOT_SENT, State
from ..jobs.store import Store
from ..jobs.trying_again import once
from .exits import Refused
from .session import Session

GOES_ON: Final = "Blender goes on with it, or `resume`."
"""Of what is under way when a command ends."""


def chosen(session: Session) -> Job:
    """The job named by ``--task-id`` or ``--job``; raises Refused."""
    task_id, job_id = session.arguments.task_id, session.arguments.job
    if task_id is None:
        return job_of_id(session, job_id)
    job = session.store.find_task(session.address, task_id)
    if job is None:
        raise Refused(
            "no_such_job",
            f"Task {task_id} is not in this user's list.",
            f"Its results can be had all the same: download --task-id {task_id}",
        )
    return job


def job_of_id(session: Session, job_id: str) -> Job:
    """The job of that id at this address; raises Refused."""
    try:
        job = session.store.get(job_id)
    except UnknownJob:
        job = None
    if job is None or job.service_address != session.address:
        raise Refused(
            "no_such_job", f"There is no job {job_id} in this user's list.", "See `jobs --json`."
        )
    return job


def unsent(jobs: Iterable[Job]) -> list[Job]:
    """Those that will cost something once they are sent."""
    return [job for job in jobs if job.state in NOT_SENT]


def price_of(jobs: Iterable[Job]) -> int | None:
    """What sending them is expected to cost; None where that is not known."""
    waiting = unsent(jobs)
    return sum(job.estimate for job in waiting) if all(map(is_price_known, waiting)) else None


def send_command(jobs: Iterable[Job]) -> str:
    """The command that sends what is not sent yet; to no limit where none can be kept."""
    price = price_of(jobs)
    limit = "" if price is None else f" --max-credits {price}"
    return f"`resume --yes{limit}`"


def take_back(store: Store, jobs: Sequence[Job]) -> list[Job]:
    """Cancel those that are not sent yet, the last first; one being sent by now is left."""
    taken = []
    for job in reversed(unsent(jobs)):
        try:
            taken.append(store.change(job.id, State.ABANDONED, expected=job.state))
        except IllegalTransition:
            continue
    return taken[::-1]


def told_failure(job: Job) -> Failure | None:
    """Why the job stands where it does, with the commands that settle it."""
    if job.failure is not None and job.state in ACTIVE:
        here = once(job.failure)
        return replace(here, hint=f"{here.hint} {GOES_ON}".strip())
    if job.failure is None or job.state is not State.UNKNOWN:
        return job.failure
    settle = f"settle --job {job.id}"
    hint = (
        "The service may be working on it, and may have charged it: look at the balance or the "
        f"service's dashboard. Then say what became of it: `{settle} --task-id ID` if it is "
        f"there, `{settle} --send-again` if it is not, `{settle} --drop` if it is not wanted."
    )
    return replace(job.failure, hint=hint)
