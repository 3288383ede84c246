"""Every operation of the catalogue: price it, submit it, and with ``--wait`` fetch the result."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ...catalog import get
from ...jobs import alternatives, names
from ...jobs.charges import is_price_known
from ...jobs.dependencies import stands_still
from ...jobs.job import Failure, Job
from ...jobs.origin import Origin
from ...jobs.planner import Plan, store_plan
from ...jobs.results import model_files, saved_as
from ...jobs.states import AT_SERVICE, State
from ..exits import ExitStatus, Refused, exit_of_failure, worst
from ..listed import send_command, told_failure, unsent
from ..opening import open_result
from ..orders import agree, check_files, plan_orders
from ..reports import failure_document, job_document, step_document
from ..session import Session
from ..waiting import TimedOut, is_sent, is_settled, stopped, undocumented_note, work_on

DONE = frozenset({State.READY, State.PLACED})
FAILED = frozenset({State.FAILED, State.EXPIRED, State.UNKNOWN, State.ABANDONED})


def run(session: Session) -> ExitStatus:
    """Submit one order: validated, priced and agreed on as a whole before anything is sent."""
    arguments = session.arguments
    if arguments.open and not arguments.wait:
        raise Refused("usage", "--open needs a result to open.", "Give --wait too.")
    plans = plan_orders(session)
    if len(plans) > 1:
        refuse_for_one(session)
    check_files(session, plans)
    requests = [plan.last.request for plan in plans]
    notes = [undocumented_note(get(one.operation), one.values) for one in requests]
    for note in dict.fromkeys(filter(None, notes)):
        session.output.say(note)
    agree(session, plans)
    folder = session.writable(session.path(arguments.output_dir))
    orders = queue(session, plans, folder, output_file(session))
    ended = follow(session, orders)
    return finish(session, ended[0]) if len(ended) == 1 else finish_all(session, ended)


def refuse_for_one(session: Session) -> None:
    """Raise Refused for what only one result can have."""
    for option, given in (
        ("--output", session.arguments.output),
        ("--open", session.arguments.open),
    ):
        if given:
            words = f"{option} is for one result, and several are ordered."
            raise Refused("usage", words, "Leave it out: all of them go into --output-dir.")


def queue(
    session: Session, plans: Sequence[Plan], folder: Path, save_as: Path | None
) -> list[list[Job]]:
    """Write all orders into the list, or none; each with its jobs in the sequence they run."""
    title = session.arguments.name.strip() or names.of_plan(plans[0], session.store.name_of_file)
    labels = [get(plan.last.request.operation).label for plan in plans]
    origin = Origin(alternative=alternatives.place_of(plans))
    with session.store.as_one():
        return [
            store_plan(
                session.store,
                plan,
                name=name,
                service_address=session.address,
                folder=folder,
                origin=origin,
                save_as=save_as,
            )
            for plan, name in zip(plans, alternatives.names_of(title, labels), strict=True)
        ]


def output_file(session: Session) -> Path | None:
    """The file of ``--output``, its folder tried; raises Refused."""
    if not session.arguments.output:
        return None
    path = session.path(session.arguments.output)
    if path.is_dir():
        raise Refused("usage", f"--output {path} is a folder.", "For a folder use --output-dir.")
    session.writable(path.parent)
    return path


def follow(session: Session, orders: Sequence[Sequence[Job]]) -> list[list[Job]]:
    """Move the jobs on as far as asked; an interruption says how to go on."""
    arguments = session.arguments
    lasts = {jobs[-1].id for jobs in orders}
    every = [job for jobs in orders for job in jobs]

    def is_enough(job: Job) -> bool:
        return is_settled(job) if arguments.wait or job.id not in lasts else is_sent(job)

    try:
        moved = work_on(session, every, is_enough, arguments.wait_timeout)
    except (KeyboardInterrupt, TimedOut) as stop:
        if len(orders) > 1:
            raise stopped(stop, *how_several_stand(session, every)) from None
        now = [session.store.get(job.id) for job in every]
        job = next((one for one in now if not is_settled(one)), now[-1])
        raise stopped(
            stop,
            f"Stopped waiting; {subject(job, now)} is {job.state}{at_service(job)}.",
            how_to_go_on(job, now),
        ) from None
    found = {job.id: job for job in moved}
    return [[found[job.id] for job in jobs] for jobs in orders]


def how_several_stand(session: Session, jobs: Sequence[Job]) -> tuple[str, str]:
    """How far the orders of one wish are when nobody waits any longer, and the next command."""
    now = [session.store.get(job.id) for job in jobs]
    sent = [job for job in now if job.task_id is not None]
    tasks = ", ".join(str(job.task_id) for job in sent)
    words = f"Stopped waiting; {len(sent)} of {len(now)} jobs were sent"
    words += f" (tasks {tasks})." if sent else "."
    if unsent(now):
        return words, f"{send_command(now)} sends the rest; what is paid is not paid again."
    return words, "Go on without paying again: resume."


def subject(job: Job, jobs: Sequence[Job]) -> str:
    """The job as part of a sentence."""
    if len(jobs) == 1:
        return "the job"
    return f"step {jobs.index(job) + 1} of {len(jobs)}, {get(job.operation).label},"


def at_service(job: Job) -> str:
    """Which task it is there, if it is one yet."""
    if job.task_id is None:
        return ""
    return f" (task {job.task_id})" + (
        " and goes on at the service" if job.state in AT_SERVICE else ""
    )


def how_to_go_on(job: Job, jobs: Sequence[Job]) -> str:
    """The next command after an interruption at that one of the order's jobs."""
    if job.task_id and job.id != jobs[-1].id:
        return f"{send_command(jobs)} goes on with all steps; what is paid is not paid again."
    if job.task_id:
        return f"Go on without paying again: resume, or download --task-id {job.task_id}."
    if job.state is State.UNKNOWN:
        failure = told_failure(job)
        return failure.hint if failure is not None else ""
    if job.state is State.SUBMITTING:
        return (
            "Whether the service took it is not known yet, and it is not sent again: `resume` "
            f"says what became of it, or asks for `settle --job {job.id}`."
        )
    return f"It was not sent yet; {send_command(jobs)} sends it."


class Ended(NamedTuple):
    """An order as it is told."""

    document: dict[str, Any]
    words: str
    """What went wrong, and what to do next; "" if nothing."""
    status: ExitStatus


def ended(session: Session, jobs: Sequence[Job]) -> Ended:
    """The order's last job and what became of it."""
    last = jobs[-1]
    document = job_document(last)
    document.pop("error", None)
    if len(jobs) > 1:
        document["steps"] = [step_document(job) for job in jobs]
    saved = saved_as(last) if last.state in DONE else None
    if saved is not None:
        document["output"] = str(saved)
    failed = failed_job(session, jobs)
    if failed is None:
        return Ended(document, "", ExitStatus.OK)
    failure = failure_of(failed, last)
    status = exit_of_failure(failure, submitted=failed.task_id is not None)
    if failure is None:
        return Ended(document, "", status)
    words = f"{failure.message} {failure.credits} {failure.hint}".strip()
    return Ended({**document, "error": failure_document(failure)}, words, status)


def finish(session: Session, jobs: Sequence[Job]) -> ExitStatus:
    """Print an order's last job and what became of it."""
    found = ended(session, jobs)
    if found.words:
        session.output.failed(found.document, found.words)
    else:
        session.output.document(found.document)
    if found.status is ExitStatus.OK and session.arguments.open:
        open_result(session, saved_as(jobs[-1]) or best_file(jobs[-1]))
    return found.status


def finish_all(session: Session, orders: Sequence[Sequence[Job]]) -> ExitStatus:
    """Print all results of one wish and what became of each; the worst decides the exit code."""
    found = [ended(session, jobs) for jobs in orders]
    lasts = [jobs[-1] for jobs in orders]
    document = {
        "group": lasts[0].id,
        "estimated_credits": sum(job.estimate for jobs in orders for job in jobs)
        if all(is_price_known(job) for job in lasts)
        else None,
        "results": [one.document for one in found],
    }
    lines = [f"{job.name}: {one.words}" for job, one in zip(lasts, found, strict=True) if one.words]
    if lines:
        session.output.failed(document, "\n".join(lines))
    else:
        session.output.document(document)
    return worst(one.status for one in found)


def best_file(job: Job) -> Path:
    """What shows the result best."""
    return next(iter(model_files(get(job.operation), job.files)), job.files[0].path)


def failed_job(session: Session, jobs: Sequence[Job]) -> Job | None:
    """The job that kept the order from ending well, if it did not."""
    last = jobs[-1]
    if last.state in FAILED or stands_still(session.store, last):
        return next((job for job in jobs if job.state in FAILED), last)
    return None


def failure_of(failed: Job, last: Job) -> Failure | None:
    """Why it failed, with the step where that was not the order's own job."""
    failure = told_failure(failed)
    if failure is None or failed.id == last.id:
        return failure
    label = get(failed.operation).label
    return replace(failure, message=f"{label}: {failure.message}")
