"""Every operation of the catalogue: price it, submit it, and with ``--wait`` fetch the result."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...catalog import get
from ...jobs import names
from ...jobs.dependencies import stands_still
from ...jobs.job import Failure, Job
from ...jobs.planner import store_plan
from ...jobs.results import model_files, saved_as
from ...jobs.states import AT_SERVICE, State
from ..exits import ExitStatus, Refused, exit_of_failure
from ..listed import send_command, told_failure
from ..opening import open_result
from ..orders import agree, check_files, plan_order
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
    plan = plan_order(session)
    check_files(session, plan)
    note = undocumented_note(get(plan.last.request.operation), plan.last.request.values)
    if note:
        session.output.say(note)
    agree(session, plan)
    folder = session.writable(session.path(arguments.output_dir))
    save_as = output_file(session)
    jobs = store_plan(
        session.store,
        plan,
        name=arguments.name.strip() or names.of_plan(plan, session.store.name_of_file),
        service_address=session.address,
        folder=folder,
        save_as=save_as,
    )
    return finish(session, follow(session, jobs))


def output_file(session: Session) -> Path | None:
    """The file of ``--output``, its folder tried; raises Refused."""
    if not session.arguments.output:
        return None
    path = session.path(session.arguments.output)
    if path.is_dir():
        raise Refused("usage", f"--output {path} is a folder.", "For a folder use --output-dir.")
    session.writable(path.parent)
    return path


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
        raise stopped(
            stop,
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


def finish(session: Session, jobs: Sequence[Job]) -> ExitStatus:
    """Print the order's last job and what became of it."""
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
        session.output.document(document)
        if session.arguments.open:
            open_result(session, saved or best_file(last))
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
