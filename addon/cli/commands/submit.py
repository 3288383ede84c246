"""Every operation of the catalogue: price it, submit it, and with ``--wait`` fetch the result."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...catalog import get
from ...jobs.dependencies import stands_still
from ...jobs.inputs import check_inputs
from ...jobs.job import Failure, Job
from ...jobs.planner import Plan, store_plan
from ...jobs.states import State
from ..exits import ExitStatus, Refused, exit_of_failure
from ..listed import send_command, told_failure
from ..orders import agree, plan_order
from ..reports import failure_document, job_document, step_document
from ..session import Session
from ..waiting import TimedOut, is_sent, is_settled, undocumented_note, work_on

FAILED = frozenset({State.FAILED, State.EXPIRED, State.UNKNOWN, State.ABANDONED})


def run(session: Session) -> ExitStatus:
    """Submit one order: validated, priced and agreed on as a whole before anything is sent."""
    plan = plan_order(session)
    for words in check_inputs(plan, can_change=session.fitter is not None):
        session.output.say(words)
    note = undocumented_note(get(plan.last.request.operation), plan.last.request.values)
    if note:
        session.output.say(note)
    agree(session, plan)
    folder = session.writable(session.path(session.arguments.output_dir))
    jobs = store_plan(
        session.store,
        plan,
        name=session.arguments.name or default_name(plan),
        service_address=session.address,
        folder=folder,
    )
    return finish(session, follow(session, jobs))


def default_name(plan: Plan) -> str:
    """A name for lists: the beginning of the prompt, or the file's name."""
    sent, given = plan.last.request.values, plan.steps[-1].values
    prompt = sent.get("prompt")
    if isinstance(prompt, str):
        return prompt[:60]
    values = (given.get(name, value) for name, value in sent.items())
    source = next((value for value in values if isinstance(value, str)), "")
    return Path(source.partition("?")[0]).stem or plan.last.request.operation


def follow(session: Session, jobs: Sequence[Job]) -> list[Job]:
    """Move the jobs on as far as asked; an interruption says how to go on."""
    arguments = session.arguments
    last = jobs[-1].id

    def is_enough(job: Job) -> bool:
        return is_settled(job) if arguments.wait or job.id != last else is_sent(job)

    try:
        return work_on(session, jobs, is_enough, arguments.wait_timeout)
    except (KeyboardInterrupt, TimedOut) as stop:
        now = [session.store.get(job.id) for job in jobs]
        job = next((one for one in now if not is_settled(one)), now[-1])
        raise Refused(
            "interrupted" if isinstance(stop, KeyboardInterrupt) else "timed_out",
            f"Stopped waiting; {subject(job, now)} is {job.state}{at_service(job)}.",
            how_to_go_on(job, now),
        ) from None


def subject(job: Job, jobs: Sequence[Job]) -> str:
    """The job as part of a sentence."""
    if len(jobs) == 1:
        return "the job"
    return f"step {jobs.index(job) + 1} of {len(jobs)}, {get(job.operation).label},"


def at_service(job: Job) -> str:
    """Which task it is there, if it is one yet."""
    return f" (task {job.task_id}) and goes on at the service" if job.task_id else ""


def how_to_go_on(job: Job, jobs: Sequence[Job]) -> str:
    """The next command after an interruption at that one of the order's jobs."""
    if job.task_id and job.id != jobs[-1].id:
        return f"{send_command(jobs)} goes on with all steps; what is paid is not paid again."
    if job.task_id:
        return f"Go on without paying again: resume, or download --task-id {job.task_id}."
    if job.state in {State.SUBMITTING, State.UNKNOWN}:
        return "Whether the service took it is not known yet: look at `jobs` and `balance` first."
    return f"It was not sent yet; {send_command(jobs)} sends it."


def finish(session: Session, jobs: Sequence[Job]) -> ExitStatus:
    """Print the order's last job and what became of it."""
    last = jobs[-1]
    document = job_document(last)
    document.pop("error", None)
    if len(jobs) > 1:
        document["steps"] = [step_document(job) for job in jobs]
    failed = failed_job(session, jobs)
    if failed is None:
        session.output.document(document)
        return ExitStatus.OK
    failure = failure_of(failed, last)
    if failure is None:
        session.output.document(document)
    else:
        session.output.failed(
            {**document, "error": failure_document(failure)},
            f"{failure.message} {failure.credits} {failure.hint}".strip(),
        )
    return exit_of_failure(failure, submitted=failed.task_id is not None)


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
