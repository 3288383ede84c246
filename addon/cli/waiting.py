"""Moving jobs forward from the command line, and showing how far they are."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..catalog import Operation
from ..jobs.backoff import Pace
from ..jobs.dependencies import stands_still
from ..jobs.factory import make_runner
from ..jobs.job import Failure, Job
from ..jobs.runner_deps import Service
from ..jobs.scheduler import Scheduler
from ..jobs.states import ACTIVE, AT_SERVICE, State
from ..jobs.store import Store
from ..jobs.task_words import declared
from ..jobs.trying_again import once
from ..service.limits import READ_TIMEOUT
from .exits import Refused
from .output import Bar
from .prices import time_text
from .session import USER_AGENT, Session

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
    """The longest wait is over; the jobs themselves go on. ``trouble``: what was waited out."""

    def __init__(self, trouble: Failure | None = None) -> None:
        super().__init__()
        self.trouble = trouble

    def refused(self, message: str, hint: str) -> Refused:
        """What ends the command: with the trouble, and what can be done about that, if any."""
        trouble = self.trouble
        if trouble is not None:
            message = f"{message} {trouble.message}"
            hint = f"{once(trouble).hint} {hint}".strip()
        return Refused("timed_out", message, hint)


def stopped(stop: KeyboardInterrupt | TimedOut, message: str, hint: str) -> Refused:
    """What ends a command that waits no longer."""
    if isinstance(stop, TimedOut):
        return stop.refused(message, hint)
    return Refused("interrupted", message, hint)


@dataclass(slots=True)
class Troubles:
    """Says what is waited out when it comes up, and not each time it is tried again."""

    bar: Bar
    ending: str
    """For how long that is."""
    _said: frozenset[str] = frozenset()

    def look(self, jobs: Sequence[Job]) -> None:
        """Say what is new."""
        now = {trouble.code: trouble for job in jobs if (trouble := trouble_of(job)) is not None}
        for code, trouble in now.items():
            if code not in self._said:
                said = (trouble.message, once(trouble).hint, self.ending)
                self.bar.remark(" ".join(text for text in said if text))
        self._said = frozenset(now)


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
    tell: Callable[[Job], str] | None = None,
) -> list[Job]:
    """Move the jobs forward until each is ``enough`` along; returns them as they are then.

    One that waits for what only a person can decide is not waited for. The jobs are the user's,
    unless another ``store`` is given; ``service`` is for who wants to hear its answers. ``tell``
    says how far a job is; trouble is said as soon as it comes up.

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
        read_timeout=session.arguments.timeout or READ_TIMEOUT,
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
        update(bar, current, tell or words)
        if deadline is not None and clock.now() > deadline:
            raise TimedOut(next(filter(None, map(trouble_of, current)), None))
        if all(enough(job) or stands_still(store, job) for job in current):
            return True
        troubles.look(current)
        return False

    with session.output.bar(title(jobs)) as bar:
        troubles = Troubles(bar, tried_until(deadline))
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


def tried_until(deadline: float | None) -> str:
    """For how long trouble is waited out."""
    if deadline is None:
        return "It is tried again."
    return time.strftime("It is tried again until %H:%M.", time.localtime(deadline))


def trouble_of(job: Job) -> Failure | None:
    """What keeps the job from going on at the moment, and is waited out."""
    return None if is_settled(job) else job.failure


def update(bar: Bar, jobs: Sequence[Job], tell: Callable[[Job], str]) -> None:
    """Show the jobs' state in words and as one figure."""
    done = sum(100 if is_settled(job) else job.progress for job in jobs) / len(jobs)
    if len(jobs) == 1:
        bar.update(done, tell(jobs[0]))
        return
    settled = sum(is_settled(job) for job in jobs)
    under_way = next((job for job in jobs if not is_settled(job)), None)
    more = f", {under_way.operation}: {tell(under_way)}" if under_way is not None else ""
    bar.update(done, f"{settled} of {len(jobs)} done{more}")


def words(job: Job) -> str:
    """How far one job is, with the trouble that is being waited out; what ended it is said then."""
    trouble = told_trouble(job)
    if job.state in AT_SERVICE and job.finished_at is not None:
        return LATE_FILES + trouble
    percent = f" {job.progress} %" if job.state is State.RUNNING else ""
    return WORDS[job.state] + percent + usual(job) + trouble + again(job)


def unheard_words(job: Job) -> str:
    """The same while the service has not said anything of it yet."""
    return "asking the service" + told_trouble(job) + again(job)


def told_trouble(job: Job) -> str:
    """What is being waited out, as the end of a sentence that may go on."""
    trouble = trouble_of(job)
    if trouble is None:
        return ""
    return f": {trouble.message.rstrip('.') if again(job) else trouble.message}"


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
