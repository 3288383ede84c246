"""Following one task of the service by its id, whether or not this user's job list has it.

The runner that moves every job looks at it, as the only job of a list of its own: it knows how
often to ask, what is waited out, and for how long a finished task may be without its files.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..jobs.errors import IllegalTransition, UnknownJob
from ..jobs.job import Failure, Job, ResultFile
from ..jobs.states import AT_SERVICE, State
from ..jobs.store import Store
from ..jobs.trying_again import once
from ..service.answers import TaskStatus
from ..service.errors import Charged
from .exits import ExitStatus, exit_of_failure
from .reports import failure_document
from .session import Session

if TYPE_CHECKING:
    from ..service.client import Client

NO_OPERATION = "result"
"""What the files of a task are called that this user's job list does not know."""

FETCHED = frozenset({State.READY, State.PLACED, State.PREPARING})

LOST = frozenset({State.FAILED, State.EXPIRED})
FURTHER = frozenset({State.RUNNING, State.DOWNLOADING})
NEWS = {State.PENDING: FURTHER | LOST, State.RUNNING: FURTHER | LOST, State.DOWNLOADING: LOST}
"""What can be seen of a task that the user's list does not know of a job in that state."""

Enough = Callable[[Job, TaskStatus | None], bool]
"""Tells whether a task is far enough along; it takes what the service said last."""


class Witness:
    """The service, with its last word on the task kept."""

    def __init__(self, client: "Client") -> None:
        self.address = client.address
        self.wallet = client.wallet
        self.submit = client.submit
        self.said: TaskStatus | None = None
        self._client = client

    def status(self, task_id: str) -> TaskStatus:
        self.said = self._client.status(task_id)
        return self.said


def follow(
    session: Session, enough: Enough, folder: Path | None = None
) -> tuple[Job, TaskStatus | None]:
    """Follow the task named by ``--task-id``; files to keep go to ``folder``. Raises TimedOut.

    Returns it as a job, with what the service said of it last, when it is ``enough`` along or
    when there is trouble that waiting does not mend.
    """
    from ..jobs.scratch import scratch  # late: one look needs no loop
    from .waiting import unheard_words, words, work_on

    witness = Witness(session.client)

    def tell(job: Job) -> str:
        return unheard_words(job) if witness.said is None else words(job)

    def is_over(job: Job) -> bool:
        return enough(job, witness.said) or is_beyond_waiting(job)

    known = session.store.find_task(session.address, session.arguments.task_id)
    with scratch() as made:
        store = Store(made / "jobs.sqlite", clock=session.environment.clock)
        try:
            jobs = [add_task(session, store, folder or made, known)]
            minutes = session.arguments.wait_timeout
            (job,) = work_on(
                session, jobs, is_over, minutes, store=store, service=witness, tell=tell
            )
        finally:
            store.close()
    if known is not None:
        bring_up_to_date(session.store, known, job)
    elif job.failure is not None and job.failure.charged is not Charged.REFUNDED:
        job = replace(job, failure=of_nobody(job.failure))
    return job, witness.said


def of_nobody(failure: Failure) -> Failure:
    """The failure of a task that nobody here has ordered: of its credits nothing is known."""
    unknown = replace(failure, charged=Charged.UNKNOWN)
    if failure.code != "result_expired":
        return unknown
    return replace(
        unknown,
        message="The service knows no such task, or no longer.",
        hint="Check the id, and the account it was ordered with. Results are kept for 24 hours.",
    )


def add_task(session: Session, store: Store, folder: Path, known: Job | None) -> Job:
    """The task as a job of the store; one that nobody here has ordered cannot be brand-new.

    What the user's list says was fetched into the folder, and is there, is not fetched again.
    """
    from ..jobs.backoff import Pace  # late, as above

    long_ago = session.environment.clock.now() - Pace().new_task_grace
    job = store.add_task(
        session.arguments.task_id,
        operation=known.operation if known is not None else NO_OPERATION,
        service_address=session.address,
        folder=folder,
        submitted_at=(known.submitted_at if known is not None else None) or long_ago,
    )
    files = files_in(folder, known)
    return store.change(job.id, job.state, files=files) if files else job


def files_in(folder: Path, known: Job | None) -> tuple[ResultFile, ...]:
    """The job's files that lie in the folder, with all that was unpacked of them."""
    from ..jobs.checksums import has_contents, is_whole  # late, as above

    files = () if known is None else known.files
    return tuple(
        file
        for file in files
        if file.path.parent == folder and is_whole(file) and has_contents(file)
    )


def bring_up_to_date(store: Store, known: Job, seen: Job) -> None:
    """Write into the user's list what was seen of the task, where that is news.

    A result that Blender waits for stays Blender's to fetch. Whoever works on the row at this
    moment may have been faster, and is right.
    """
    with suppress(IllegalTransition, UnknownJob):
        if seen.state is State.READY:
            if seen.files and known.state not in FETCHED and not known.wants_prepared:
                move_to(store, known, State.READY, seen)
        elif seen.state in NEWS.get(known.state, frozenset()):
            move_to(store, known, seen.state, seen)


def move_to(store: Store, job: Job, state: State, seen: Job) -> None:
    """Move the job there, over the states in between."""
    if job.state in {State.FAILED, State.EXPIRED, State.ABANDONED}:
        job = store.change(job.id, State.PENDING, expected=job.state, failure=None)
    changes: dict[str, Any] = {"progress": seen.progress, "failure": seen.failure}
    if state is State.READY:
        job = store.change(job.id, State.DOWNLOADING, expected=job.state)
        changes |= {"files": seen.files}
    if state is not State.RUNNING:
        changes |= {"finished_at": seen.finished_at}
    store.change(job.id, state, expected=job.state, **changes)


def is_beyond_waiting(job: Job) -> bool:
    """Whether a look at the task failed in a way that another look does not mend."""
    if job.failure is None or job.state not in AT_SERVICE or job.failure.code == "not_found":
        return False
    return exit_of_failure(job.failure, submitted=True) is not ExitStatus.NETWORK


def end_with(session: Session, document: dict[str, Any], failure: Failure | None) -> ExitStatus:
    """Print the document, with what kept the task from ending well if something did."""
    if failure is None:
        session.output.document(document)
        return ExitStatus.OK
    failure = once(failure)
    said = (failure.message, failure.credits, failure.hint)
    session.output.failed(
        {**document, "error": failure_document(failure)},
        " ".join(text for text in said if text),
    )
    return exit_of_failure(failure, submitted=True)
