"""Every operation of the catalogue: price it, submit it, and with ``--wait`` fetch the result."""

from pathlib import Path

from ...catalog import Request, build_request, estimate, get
from ...jobs.job import Job
from ...jobs.states import State
from ..addresses import resolve_local_models
from ..exits import ExitStatus, Refused, exit_of_failure
from ..inputs import check_local_files
from ..parser import field_values
from ..reports import job_document
from ..session import Session
from ..waiting import TimedOut, is_sent, is_settled, undocumented_note, work_on


def run(session: Session) -> ExitStatus:
    """Submit one request."""
    operation = get(session.arguments.operation)
    values = field_values(operation, session.arguments)
    check_local_files(operation, values, session)
    values = resolve_local_models(session, operation, values)
    request = build_request(operation.name, values)
    note = undocumented_note(operation, values)
    if note:
        session.output.say(note)
    price = check_price(session, request)
    job = session.store.add(
        request,
        name=session.arguments.name or default_name(request),
        estimate=price,
        service_address=session.address,
        folder=session.path(session.arguments.output_dir),
    )
    return finish(session, follow(session, job))


def check_price(session: Session, request: Request) -> int:
    """Say the price; refuse above ``--max-credits`` or above the balance. Returns the credits."""
    price = estimate(request)
    most = session.arguments.max_credits
    if most is not None and price.total > most:
        raise Refused(
            ExitStatus.CREDITS,
            "over_max_credits",
            f"This is expected to cost {price.total} credits, more than the limit of {most}. "
            "Nothing was sent.",
            "Raise --max-credits or choose cheaper settings.",
        )
    wallet = session.client.wallet()
    session.store.save_wallet(session.address, wallet)
    if wallet.balance < price.total:
        raise Refused(
            ExitStatus.CREDITS,
            "insufficient_credits",
            f"This is expected to cost {price.total} credits; the balance is {wallet.balance}. "
            "Nothing was sent.",
            "Buy credits on the service's website or choose cheaper settings.",
        )
    session.output.say(f"about {price.total} credits ({price.words()}) of {wallet.balance}")
    return price.total


def default_name(request: Request) -> str:
    """A name for lists: the beginning of the prompt, or the file's name."""
    prompt = request.values.get("prompt")
    if isinstance(prompt, str):
        return prompt[:60]
    source = next((value for value in request.values.values() if isinstance(value, str)), "")
    return Path(source.partition("?")[0]).stem or request.operation


def follow(session: Session, job: Job) -> Job:
    """Move the job on as far as asked; an interruption says how to go on."""
    arguments = session.arguments
    enough = is_settled if arguments.wait else is_sent
    try:
        [job] = work_on(session, [job], enough, arguments.wait_timeout)
    except (KeyboardInterrupt, TimedOut) as stop:
        job = session.store.get(job.id)
        interrupted = isinstance(stop, KeyboardInterrupt)
        raise Refused(
            ExitStatus.INTERRUPTED if interrupted else ExitStatus.NETWORK,
            "interrupted" if interrupted else "timed_out",
            f"Stopped waiting; the job is {job.state}{at_service(job)}.",
            how_to_go_on(job),
        ) from None
    return job


def at_service(job: Job) -> str:
    """Which task it is there, if it is one yet."""
    return f" (task {job.task_id}) and goes on at the service" if job.task_id else ""


def how_to_go_on(job: Job) -> str:
    """The next command after an interruption."""
    if job.task_id:
        return f"Go on without paying again: resume, or download --task-id {job.task_id}."
    if job.state in {State.SUBMITTING, State.UNKNOWN}:
        return "Whether the service took it is not known yet: look at `jobs` and `balance` first."
    return "It was not sent yet; `resume` sends it."


def finish(session: Session, job: Job) -> ExitStatus:
    """Print the job and what became of it."""
    document = job_document(job)
    failed = job.state in {State.FAILED, State.EXPIRED, State.UNKNOWN, State.ABANDONED}
    if not failed:
        document.pop("error", None)
    session.output.document(document)
    if not failed:
        return ExitStatus.OK
    if job.failure is not None:
        failure = job.failure
        session.output.problem(f"{failure.message} {failure.credits} {failure.hint}".strip())
    return exit_of_failure(job.failure, submitted=job.task_id is not None)
