"""``resume``: go on with unfinished jobs; what was paid is never paid again.

What is not sent yet would cost something: it is sent only with a yes to its price and within a
limit, and is left alone otherwise. Where the price is not known no limit can be kept, and the yes
is to that. The steps of an order are gone on with as one. Jobs that wait for a Blender to export
their model are left to Blender: nothing was sent for them. So is what follows a step that was sent
without an answer: that step has to be decided about first.
"""

from typing import Any

from ...catalog.prices import unknown_price
from ...jobs.charges import unverified
from ...jobs.dependencies import needs_export, stands_still
from ...jobs.job import Job
from ...jobs.states import ACTIVE, TRANSITIONS, State
from ..exits import ExitStatus, Refused, exit_of_failure, worst
from ..listed import chosen, price_of, send_command, told_failure, unsent
from ..orders import agreed, check_limits, refuse_unknown_price_within_limit
from ..reports import error_document, job_document
from ..session import Session
from ..waiting import TimedOut, is_settled, stopped, work_on

DONE = frozenset({State.READY, State.PLACED})
LOST = frozenset({State.FAILED, State.EXPIRED, State.UNKNOWN})


def run(session: Session) -> ExitStatus:
    """Finish what is unfinished at this address; the worst job decides the exit code."""
    wanted = wanted_jobs(session)
    unfinished = [job for job in wanted if not is_settled(job) and not is_left(session, job)]
    refusal = refusal_to_send(session, unfinished)
    left = unsent(unfinished) if refusal is not None else []
    paid = [job for job in unfinished if job not in left]
    if not unfinished:
        session.output.say("Nothing is unfinished.")
    settled = [job for job in wanted if is_settled(job)]
    jobs = [*settled, *(finish(session, paid) if paid else [])]
    document: dict[str, Any] = {"jobs": [job_document(job) for job in jobs]}
    found = [
        exit_of_failure(told_failure(job), submitted=True) for job in jobs if job.state in LOST
    ]
    if refusal is not None:
        document["not_sent"] = [job_document(job) for job in left]
        document["estimated_credits"] = price_of(left)
        document["error"] = error_document(refusal)
        session.output.failed(document, f"{refusal.message} {refusal.hint}")
        return worst([*found, refusal.status])
    session.output.document(document)
    return worst(found)


def wanted_jobs(session: Session) -> list[Job]:
    """All unfinished jobs, or those of the order that was named."""
    if session.arguments.task_id is None and session.arguments.job is None:
        return [
            job
            for job in session.store.active()
            if job.service_address == session.address and not is_settled(job)
        ]
    job = chosen(session)
    if job.state not in ACTIVE | DONE:
        job = look_again(session, job)
    return [one for one in session.store.order_of(job) if one.id == job.id or one.state in ACTIVE]


def look_again(session: Session, job: Job) -> Job:
    """Take up a task that was given up or lost sight of, which costs nothing; raises Refused."""
    failed_there = job.failure is not None and job.failure.code == "task_failed"
    if job.task_id is None or failed_there or State.PENDING not in TRANSITIONS[job.state]:
        failure = told_failure(job)
        raise Refused(
            "not_open",
            f"Nothing of it can be gone on with: it is {job.state}.",
            failure.hint if failure is not None else "Order it again.",
        )
    return session.store.change(
        job.id, State.PENDING, expected=job.state, failure=None, next_at=0.0, finished_at=None
    )


def refusal_to_send(session: Session, jobs: list[Job]) -> Refused | None:
    """Why what is not sent yet stays so; None if there is nothing, or all of it is agreed on."""
    waiting = unsent(jobs)
    if not waiting:
        return None
    price = price_of(waiting)
    try:
        if price is None:
            words, is_agreed = ask_at_unknown_price(session, waiting)
        else:
            words, is_agreed = ask_at_price(session, waiting, price)
    except Refused as refusal:
        return refusal
    if is_agreed:
        return None
    return Refused(
        "not_confirmed", f"{words} Nothing was sent.", f"{send_command(waiting)} sends it."
    )


def ask_at_price(session: Session, waiting: list[Job], price: int) -> tuple[str, bool]:
    """What it costs, and whether there is a yes to it; raises Refused beyond limit or balance."""
    arguments = session.arguments
    words = f"{len(waiting)} not sent yet, for about {price} credits."
    session.output.say(words)
    check_limits(session, price)
    if arguments.yes:
        return words, arguments.max_credits is not None
    return words, session.output.ask(f"Send for about {price} credits?")


def ask_at_unknown_price(session: Session, waiting: list[Job]) -> tuple[str, bool]:
    """The same where nobody knows; raises Refused for a limit, which cannot be kept then."""
    unknown = dict.fromkeys(words for job in waiting for words in unverified(job))
    words = f"{len(waiting)} not sent yet. {unknown_price(list(unknown))}"
    refuse_unknown_price_within_limit(session.arguments.max_credits, words)
    return words, agreed(session, words, "Send it all the same?")


def finish(session: Session, jobs: list[Job]) -> list[Job]:
    """Move the jobs on to their ends; an interruption says how to go on."""
    try:
        return work_on(session, jobs, is_settled, session.arguments.wait_timeout)
    except (KeyboardInterrupt, TimedOut) as stop:
        said = (
            "Stopped waiting; what is sent goes on at the service.",
            "`resume` goes on without paying again.",
        )
        raise stopped(stop, *said) from None


def is_left(session: Session, job: Job) -> bool:
    """Whether somebody else has to go on: Blender, or a person with the step it waits for."""
    return needs_export(session.store, job) or stands_still(session.store, job)
