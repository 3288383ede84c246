"""Moving jobs forward from the command line, and showing how far they are."""

import time
from collections.abc import Callable, Mapping, Sequence

from ..catalog import Operation
from ..jobs.backoff import Pace
from ..jobs.dependencies import stands_still
from ..jobs.factory import make_runner
from ..jobs.job import Job
from ..jobs.runner_deps import Service, declared
from ..jobs.scheduler import Scheduler
from ..jobs.states import ACTIVE, AT_SERVICE, State
from ..jobs.store import Store
from .output import Bar
from .prices import time_text
from .session import DEFAULT_TIMEOUT, USER_AGENT, Session

SECONDS_PER_MINUTE = 60.0
WORDS = {
    State.QUEUED: "waiting to be sent",
    State.EXPORTING: "exporting the model",
    State.SUBMITTING: "sending",
    State.PENDING: "waiting at the service",
    State.RUNNING: "being made",
    State.DOWNLOADING: "downloading",
    State.PREPARING: "downloaded",
    State.READY: "finished",
    State.PLACED: "finished",
    State.FAILED: "failed",
    State.EXPIRED: "expired at the service",
    State.ABANDONED: "given up",
    State.UNKNOWN: "sent, but no answer came",
}


SOON = 2.0
"""Seconds; a wait that is shorter needs no words."""

BEING_SENT = (
    "An order is being sent: waiting for the answer. Ctrl-C once more ends without it; whether the "
    "order was taken is then not known, and it is not sent again by itself."
)

LATE_FILES = "finished; waiting for the service to give out the files"


class TimedOut(Exception):
    """The longest wait is over; the jobs themselves go on."""


def is_sent(job: Job) -> bool:
    """Tell whether the service has taken the job, or never will by itself."""
    return job.state not in {State.QUEUED, State.EXPORTING, State.SUBMITTING}


def is_settled(job: Job) -> bool:
    """Tell whether nothing more happens to the job here; a .blend is Blender's own business."""
    return job.state not in ACTIVE or job.state is State.PREPARING


def work_on(
    session: Session,
    jobs: Sequence[Job],
    enough: Callable[[Job], bool],
    minutes: float | None,
    *,
    store: Store | None = None,
    service: Service | None = None,
) -> list[Job]:
    """Move the jobs forward until each is ``enough`` along; returns them as they are then.

    One that waits for what only a person can decide is not waited for. The jobs are the user's,
    unless another ``store`` is given; ``service`` is for who wants to hear its answers.

    Raises TimedOut after ``minutes``. KeyboardInterrupt passes through; a submission under way
    has its task id written down by then, or at the latest when the process ends.
    """
    store, clock = store or session.store, session.environment.clock
    ids = [job.id for job in jobs]
    interval = getattr(session.arguments, "poll_interval", None)
    runner = make_runner(
        store,
        address=session.address,
        key=session.found_key.key,
        user_agent=USER_AGENT,
        read_timeout=session.arguments.timeout or DEFAULT_TIMEOUT,
        pace=Pace(min_poll=interval, max_poll=interval) if interval else None,
        fitter=session.fitter,
        clock=clock,
        stop=session.stop,
        only=ids,
        service=service,
    )
    drive = Scheduler(runner)
    deadline = None if minutes is None else clock.now() + minutes * SECONDS_PER_MINUTE

    def finished() -> bool:
        current = [store.get(job_id) for job_id in ids]
        show(current)
        if deadline is not None and clock.now() > deadline:
            raise TimedOut
        return all(enough(job) or stands_still(store, job) for job in current)

    with session.output.bar(title(jobs)) as bar:

        def show(current: list[Job]) -> None:
            update(bar, current)

        try:
            drive.run(finished)
        finally:
            drive.end(lambda: session.output.say(BEING_SENT))
            session.stop.clear()
    return [store.get(job_id) for job_id in ids]


def title(jobs: Sequence[Job]) -> str:
    """What the progress line is about."""
    names = {job.name for job in jobs}
    return names.pop() if len(names) == 1 else f"{len(jobs)} jobs"


def update(bar: Bar, jobs: Sequence[Job]) -> None:
    """Show the jobs' state in words and as one figure."""
    done = sum(100 if is_settled(job) else job.progress for job in jobs) / len(jobs)
    if len(jobs) == 1:
        bar.update(done, words(jobs[0]))
        return
    settled = sum(is_settled(job) for job in jobs)
    under_way = next((job for job in jobs if not is_settled(job)), None)
    more = f", {under_way.operation}: {words(under_way)}" if under_way is not None else ""
    bar.update(done, f"{settled} of {len(jobs)} done{more}")


def words(job: Job) -> str:
    """How far one job is, with the trouble that is being waited out; what ended it is said then."""
    trouble = "" if job.failure is None or is_settled(job) else f": {job.failure.message}"
    if job.state in AT_SERVICE and job.finished_at is not None:
        return LATE_FILES + trouble
    percent = f" {job.progress} %" if job.state is State.RUNNING else ""
    later = again(job)
    return (
        WORDS[job.state]
        + percent
        + usual(job)
        + (trouble.rstrip(".") if later else trouble)
        + later
    )


def usual(job: Job) -> str:
    """How long the service usually takes, while it is at it."""
    operation = declared(job)
    if job.state not in AT_SERVICE or operation is None:
        return ""
    return f" (usually {time_text(operation)})"


def again(job: Job) -> str:
    """When it goes on, where that is later than usual: the rate limit, or trouble."""
    is_late = job.state is State.QUEUED or job.failure is not None
    if not is_late or job.next_at - job.updated_at < SOON:
        return ""
    return time.strftime(", going on at %H:%M:%S", time.localtime(job.next_at))


def undocumented_note(operation: Operation, values: Mapping[str, object]) -> str:
    """A warning for values the service's present documentation does not list; else empty."""
    for field in operation.fields:
        for choice in field.choices:
            if not choice.documented and values.get(field.name) == choice.value:
                return (
                    f'Note: {field.label} "{choice.value}" is sent as given; the service\'s '
                    "present documentation does not list it."
                )
    return ""
