"""Running a batch: orders, waits, fetches, and processes what has come while the rest goes on."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum

from ..jobs.file_locks import FilesBusy
from ..jobs.job import Failure, Job
from ..jobs.runner import Runner
from ..jobs.scheduler import Scheduler
from ..jobs.states import State
from ..service.stopping import Stopped
from .assets import Document, failure_in, record_of, write_order
from .folder import BatchFolder
from .order_store import DONE, OrderStore, trouble
from .processing import Processor, failed
from .rows import Row

NETWORK_THREADS = 8
MOST_QUEUED = 2 * NETWORK_THREADS
"""Orders in the line at a time. All of them are looked at whenever one more may be sent, so a long
list enters the line bit by bit."""


class Stage(StrEnum):
    """How far a row is."""

    WAITING = "waiting"
    SENDING = "sending"
    AT_SERVICE = "at the service"
    DOWNLOADING = "downloading"
    FETCHED = "fetched"
    PROCESSING = "processing"
    FINISHED = "finished"
    FAILED = "failed"


STAGES = {
    State.QUEUED: Stage.WAITING,
    State.SUBMITTING: Stage.SENDING,
    State.PENDING: Stage.AT_SERVICE,
    State.RUNNING: Stage.AT_SERVICE,
    State.DOWNLOADING: Stage.DOWNLOADING,
}
SETTLED = frozenset({Stage.FINISHED, Stage.FAILED})

HALTING = frozenset(
    {
        "api_key_expired",
        "api_key_revoked",
        "forbidden",
        "insufficient_credits",
        "invalid_api_key",
        "key_refused",
        "redirected",
    }
)
"""Codes of trouble that every further order would have as well."""
LOST_IN_A_ROW = 3
"""Orders without an answer, any of which may have been charged, until no more is sent."""


@dataclass(frozen=True, slots=True)
class RowStatus:
    """One row as it is now."""

    row: Row
    stage: Stage
    jobs: tuple[Job, ...]
    progress: int
    """0-100, of all the row's orders together."""
    failure: Failure | None = None
    """Why it failed; before that, the trouble being waited out."""
    record: Document | None = None
    """What was made of it; see ``processing``."""

    @property
    def words(self) -> str:
        """Its stage and its trouble, for people."""
        if self.failure is None:
            return self.stage.value
        return f"{self.stage.value}: {self.failure.message}"


@dataclass(slots=True)
class _Work:
    """Processing of one row: under way, or its outcome."""

    record: Document | None = None
    future: "Future[Document | None] | None" = None


Watcher = Callable[[Sequence[RowStatus]], None]


@dataclass(slots=True)
class BatchRun:
    """One run over the rows of a list, in a process of its own: it uses threads."""

    folder: BatchFolder
    rows: Sequence[Row]
    order_store: OrderStore
    runner: Runner
    processor: Processor | None
    """None: results are fetched only, for other hosts to process."""
    watcher: Watcher = field(default=lambda _: None)
    waiting: Callable[[], None] = field(default=lambda: None)
    """Called when all that is waited for is the answer to an order."""
    blenders: int = 1
    """How many assets are processed at the same time."""
    stopped: bool = field(init=False, default=False)
    """Whether it was told to end before everything was settled."""
    _drive: Scheduler = field(init=False)
    _works: dict[str, _Work] = field(init=False, default_factory=dict)
    _halt: Failure | None = field(init=False, default=None)
    """Why nothing more is ordered."""
    _lost_before: int = field(init=False, default=0)
    """Orders without an answer that an earlier run left."""

    def __post_init__(self) -> None:
        self._drive = Scheduler(self.runner, threads=NETWORK_THREADS)
        self._lost_before = len(_lost(self._jobs()))

    def nudge(self) -> None:
        """Look again now; from any thread."""
        self._drive.nudge()

    def busy(self) -> bool:
        """Whether any step is under way, rather than waited for; from any thread."""
        works = list(self._works.values())
        return self._drive.busy() or any(work.future is not None for work in works)

    def stop(self) -> None:
        """End as soon as nothing is lost by it; from any thread."""
        self.stopped = True
        self._end()

    def _end(self) -> None:
        if self.processor is not None:
            self.processor.stop.set()
        self._drive.stop()

    def run(self) -> list[RowStatus]:
        """Work until every row is settled, or stopped; returns how the rows stand then."""
        with ThreadPoolExecutor(self.blenders, thread_name_prefix="process") as pool:
            try:
                self._drive.run(lambda: self._look(pool))
            finally:
                self._end()
                pool.shutdown(wait=False, cancel_futures=True)
                self._drive.end(self.waiting)
        return self.statuses()

    def _look(self, pool: ThreadPoolExecutor) -> bool:
        """Start what has become possible; tells whether everything is settled."""
        jobs = self._jobs()
        self._halt = self._halt or self._halting(jobs)
        if self._halt is not None:
            self.order_store.take_back_unsent()
        room = self._most_queued(jobs) - self.order_store.queued()
        for row in self.rows:
            waits = self._halt is not None or (room <= 0 and not self.order_store.jobs(row))
            if not waits and self.order_store.order_next(row):
                room -= 1
                self._drive.nudge()
            elif row.key not in self._works and self._is_fetched(row):
                self._start(pool, row)
        statuses = self.statuses()
        self.watcher(statuses)
        return all(self._is_settled(status) for status in statuses)

    def _jobs(self) -> list[Job]:
        return [job for row in self.rows for job in self.order_store.jobs(row)]

    def _most_queued(self, jobs: Sequence[Job]) -> int:
        """One after the other until an order was taken, and where answers are lost."""
        is_taken = any(job.task_id is not None for job in jobs)
        return MOST_QUEUED if is_taken and len(_lost(jobs)) == self._lost_before else 1

    def _halting(self, jobs: Sequence[Job]) -> Failure | None:
        """Why no more is to be ordered; None while all is well."""
        failures = [job.failure for job in jobs if job.state is State.FAILED and job.failure]
        halting = next((one for one in failures if one.code in HALTING), None)
        lost = _lost(jobs)
        return halting or (lost[0] if len(lost) >= self._lost_before + LOST_IN_A_ROW else None)

    def _is_held(self, row: Row, jobs: Sequence[Job]) -> bool:
        """Whether what is next for it is not ordered any more."""
        is_next = len(jobs) < len(row.orders) and all(job.state in DONE for job in jobs)
        return self._halt is not None and is_next

    def _is_settled(self, status: RowStatus) -> bool:
        if self._is_held(status.row, status.jobs):
            return True
        fetched = status.stage is Stage.FETCHED and self.processor is None
        return fetched or status.stage in SETTLED

    def _is_fetched(self, row: Row) -> bool:
        jobs = self.order_store.jobs(row)
        return len(jobs) == len(row.orders) and all(job.state in DONE for job in jobs)

    def _start(self, pool: ThreadPoolExecutor, row: Row) -> None:
        """Have the row processed, unless that was done in an earlier run."""
        order = write_order(self.folder, row, self.order_store.jobs(row))
        if self.processor is None:
            self._works[row.key] = _Work(record_of(self.folder, row.asset, order))
            return
        future = pool.submit(_process, self.processor, row.asset, order)
        self._works[row.key] = _Work(future=future)
        future.add_done_callback(lambda _: self._drive.nudge())

    def statuses(self) -> list[RowStatus]:
        """How every row stands now."""
        return [self._standing(row) for row in self.rows]

    def _standing(self, row: Row) -> RowStatus:
        jobs = tuple(self.order_store.jobs(row))
        progress = sum(100 if job.state in DONE else job.progress for job in jobs)
        progress //= len(row.orders)
        failure = trouble(row, jobs)
        if failure is not None:
            return RowStatus(row, Stage.FAILED, jobs, progress, failure)
        if self._is_held(row, jobs):
            return RowStatus(row, Stage.WAITING, jobs, progress, self._halt)
        work = self._works.get(row.key)
        if work is not None:
            return self._worked(row, jobs, work)
        unfinished = next((job for job in jobs if job.state not in DONE), None)
        if unfinished is None:
            return RowStatus(row, Stage.FETCHED if jobs else Stage.WAITING, jobs, progress)
        stage = STAGES.get(unfinished.state, Stage.WAITING)
        return RowStatus(row, stage, jobs, progress, unfinished.failure)

    def _worked(self, row: Row, jobs: tuple[Job, ...], work: _Work) -> RowStatus:
        if work.future is not None and work.future.done() and not work.future.cancelled():
            work.record, work.future = work.future.result(), None
        if work.future is not None:
            stage = Stage.PROCESSING if work.future.running() else Stage.FETCHED
            return RowStatus(row, stage, jobs, 100)
        if work.record is None:
            return RowStatus(row, Stage.FETCHED, jobs, 100)
        stage = Stage.FINISHED if work.record["ok"] else Stage.FAILED
        return RowStatus(row, stage, jobs, 100, failure_in(work.record), work.record)


def _lost(jobs: Iterable[Job]) -> list[Failure]:
    """The failures of orders whose answer never came."""
    return [job.failure for job in jobs if job.state is State.UNKNOWN and job.failure]


def _process(processor: Processor, asset: str, order: Document) -> Document | None:
    """The asset's record; None if it was stopped on the way and is made in another run."""
    try:
        return processor.make(asset, order)
    except Stopped:
        return None
    except FilesBusy as busy:
        return failed(order, f"It is being processed by {busy}.", "Start the batch again.")
    except OSError as error:
        return failed(order, f"The asset could not be written: {error}")
