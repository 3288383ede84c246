"""What becomes of a job whose step ended in a way nobody foresaw: it is told, and tried again."""

from ..catalog.messages import Message
from ..service.errors import AmbiguousSubmit, Charged
from .job import Failure, Job
from .preparing import MAX_TRIES
from .runner_deps import RunnerDeps, failure_of
from .states import IN_BACKGROUND, State
from .trying_again import again

MOST_TRIES = 8
"""To send a job, from which nothing is known to have left; the last wait is minutes long."""

CHARGED = {
    State.QUEUED: Charged.NO,
    State.EXPORTING: Charged.NO,
    State.PENDING: Charged.GOES_ON,
    State.RUNNING: Charged.GOES_ON,
    State.DOWNLOADING: Charged.SPENT,
    State.PREPARING: Charged.SPENT,
}
"""What is known of the credits, by where the job stands."""


def note(context: RunnerDeps, job: Job, error: Exception) -> None:
    """Write down what happened, and what follows: another try, or the end.

    The job may be further than when its step began. One that was being sent is not sent again.
    """
    now = context.store.get(job.id)
    if now.state is State.SUBMITTING:
        lost = AmbiguousSubmit(Message("The order was sent, but: {message}", message=words(error)))
        context.end(now, State.UNKNOWN, failure_of(lost))
    elif now.state in CHARGED:
        failure = _failure(error, CHARGED[now.state])
        if _is_over(context, now):
            context.end(now, State.FAILED, failure)
        elif now.state in IN_BACKGROUND:  # which counts its tries by itself
            wait = context.pace.until_retry(now.attempts, context.jitter)
            context.change(
                now, now.state, next_at=context.clock.now() + wait, failure=again(failure)
            )
        else:
            context.retry(now, failure)


def _is_over(context: RunnerDeps, job: Job) -> bool:
    if job.state in IN_BACKGROUND:
        return job.attempts >= MAX_TRIES
    if job.state is State.QUEUED:
        return job.attempts >= MOST_TRIES
    age = context.clock.now() - (job.submitted_at or job.created_at)
    return age > context.pace.result_lifetime


def _failure(error: Exception, charged: Charged) -> Failure:
    return Failure(
        "unforeseen",
        Message("Something went wrong that nobody foresaw: {error}", error=words(error)),
        "The log in the extension's folder has more: please report it.",
        charged,
    )


def words(error: Exception) -> str:
    """The kind of the error and what it says, as one short line that any file takes."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return said.encode("utf-8", "replace").decode()[:300]
