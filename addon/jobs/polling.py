"""PENDING and RUNNING: look at the task until it has ended."""

from ..service.answers import Asset, TaskState, TaskStatus
from ..service.errors import Charged, NotFound, RateLimited, ServiceError
from .downloading import fetch_pictures
from .job import Failure, Job
from .runner_deps import RunnerDeps, failure_of, usual_seconds
from .states import State
from .task_words import declared, is_there, task_failure


def watch(context: RunnerDeps, job: Job) -> None:
    """Take one look at the task."""
    context.check_stop()
    status = ask(context, job)
    if status is None:
        return
    if status.status is not TaskState.FAILED:
        job = fetch_pictures(context, job, status.results)
    match status.status:
        case TaskState.PENDING:
            _look_again(context, job, job.state, status)
        case TaskState.IN_PROGRESS:
            _look_again(context, job, State.RUNNING, status)
        case TaskState.FAILED:
            _failed(context, job, status.failure_reason, Charged.REFUNDED)
        case TaskState.FINISHED:
            _finished(context, job, status)


def ask(context: RunnerDeps, job: Job) -> TaskStatus | None:
    """Ask for the task's status; None if there was none, and what follows is written down."""
    now = context.clock.now()
    age = now - (job.submitted_at or job.created_at)
    try:
        return context.service.status(job.task_id or "")
    except RateLimited as error:
        context.wait(job, error.retry_after)
    except NotFound as error:
        if age < context.pace.new_task_grace:
            context.retry(job, failure_of(error, Charged.GOES_ON))
        else:
            context.end(job, State.EXPIRED, _gone())
    except ServiceError as error:
        if age > context.pace.result_lifetime:
            context.end(job, State.EXPIRED, _gone())
        else:
            context.retry(job, failure_of(error, Charged.GOES_ON))
    return None


def available(context: RunnerDeps, job: Job, results: tuple[Asset, ...]) -> list[tuple[int, Asset]]:
    """The results that can be fetched (or, for figures, are there already), with their index."""
    operation = declared(job)
    since = job.finished_at
    late = since is not None and context.clock.now() - since >= context.pace.asset_grace
    return [
        (index, asset)
        for index, asset in enumerate(results)
        if is_there(operation, asset) or (late and operation is None and asset.metadata)
    ]


def _look_again(context: RunnerDeps, job: Job, state: State, status: TaskStatus) -> None:
    wait = context.pace.until_poll(job.attempts, usual_seconds(job), context.jitter)
    context.change(
        job,
        state,
        progress=status.progress,
        next_at=context.clock.now() + wait,
        attempts=job.attempts + 1,
        failure=None,
    )


def _finished(context: RunnerDeps, job: Job, status: TaskStatus) -> None:
    """The service says finished, but the files may still be on their way to its storage."""
    now = context.clock.now()
    finished_at = job.finished_at or now
    there = available(context, job, status.results)
    complete = len(there) == len(status.results)
    waited = now - finished_at
    if not there and status.failure_reason:
        _failed(context, job, status.failure_reason, Charged.UNKNOWN)
    elif there and (complete or waited >= context.pace.partial_grace):
        context.change(
            job,
            State.DOWNLOADING,
            progress=100,
            finished_at=finished_at,
            next_at=now,
            failure=None,
        )
    elif waited >= context.pace.asset_grace:
        context.end(job, State.FAILED, _no_files())
    else:
        context.change(
            job,
            job.state,
            progress=100,
            finished_at=finished_at,
            next_at=now + context.pace.until_poll(0, usual_seconds(job), context.jitter),
            failure=None,
        )


def _failed(context: RunnerDeps, job: Job, reason: str | None, charged: Charged) -> None:
    context.end(job, State.FAILED, task_failure(reason, charged))
    context.refresh_wallet()


def _no_files() -> Failure:
    return Failure(
        "result_missing",
        "The service says it has finished, but does not give out a file.",
        "Look at the task again later: results are kept for 24 hours.",
        Charged.SPENT,
    )


def _gone() -> Failure:
    return Failure(
        "result_expired",
        "The service no longer has the task or its result.",
        "Results are kept for 24 hours. Submit it again if it is still wanted.",
        Charged.SPENT,
    )
