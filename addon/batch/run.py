"""Running a batch: orders, waits, fetches, and processes what has come while the rest goes on."""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum

from ..catalog.messages import Message
from ..jobs.budgets import promised_to
from ..jobs.file_locks import FilesBusy
from ..jobs.job import OVER_BUDGET, Failure, Job
from ..jobs.runner import Runner
from ..jobs.scheduler import Scheduler
from ..jobs.states import State
from ..service.errors import Charged
from ..service.stopping import Stopped
from ..service.whole_files import InUse
from .assets import Document, failure_in, order_for, record_of, write_order
from .folder import BatchFolder
from .order_store import DONE, OrderStore, trouble
from .processing import AGAIN, Processor, failed
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

MORE_BUDGET = "What is finished is kept. Start it again with a larger --budget for the rest."

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


@dataclass(slots=True)
class _Said:
    """What the service has said of the rows' orders that is of concern to all of them."""

    is_taken: bool = False
    """Whether it took any."""
    lost: dict[str, Failure] = field(default_factory=dict)
    """By key the orders of this run whose answer never came."""
    earlier: set[str] = field(default_factory=set)
    """Jobs that an earlier run sent without an answer: that says nothing of the service now."""
    refused: dict[str, Failure] = field(default_factory=dict)
    """Those that failed for a reason that every further order would fail for."""

    def note(self, key: str, job: Job | None) -> None:
        """Take in how an order stands."""
        self.lost.pop(key, None)
        self.refused.pop(key, None)
        if job is None:
            return
        self.is_taken = self.is_taken or job.task_id is not None
        if job.state is State.UNKNOWN and job.failure and job.id not in self.earlier:
            self.lost[key] = job.failure
        if job.state is State.FAILED and job.failure and job.failure.code in HALTING:
            self.refused[key] = job.failure

    def halting(self) -> Failure | None:
        """Why no more is to be ordered; None while all is well."""
        refused = next(iter(self.refused.values()), None)
        is_lost = len(self.lost) >= LOST_IN_A_ROW
        return refused or (next(iter(self.lost.values())) if is_lost else None)


Watcher = Callable[[Sequence[RowStatus]], None]
"""Gets the rows that stand otherwise than when it was last called; all of them at first."""


@dataclass(slots=True)
class BatchRun:
    """One run over the rows of a list, in a process of its own: it uses threads."""

    folder: BatchFolder
    rows: Sequence[Row]
    order_store: OrderStore
    runner: Runner
    processor: Processor | None
    """None: results are fetched only, for other hosts to process."""
    budget: int | None = None
    """Credits that the whole batch may take, with what earlier runs of it took."""
    watcher: Watcher = field(default=lambda _: None)
    waiting: Callable[[], None] = field(default=lambda: None)
    """Called when all that is waited for is the answer to an order."""
    stopped: bool = field(init=False, default=False)
    """Whether it was told to end before everything was settled."""
    _drive: Scheduler = field(init=False)
    _works: dict[str, _Work] = field(init=False, default_factory=dict)
    _halt: Failure | None = field(init=False, default=None)
    """Why nothing more is ordered."""
    _said: _Said = field(init=False, default_factory=_Said)
    _promised: dict[str, int] = field(init=False, default_factory=dict)
    """Credits by key of the order: what was charged, or is expected of what waits in the line."""
    _places: dict[str, list[int]] = field(init=False, default_factory=dict)
    """Of the rows that an order is for, by its key."""
    _not_begun: deque[int] = field(init=False)
    """Places of the rows of which nothing was ordered, in the sequence of the list."""
    _touched: set[int] = field(init=False, default_factory=set)
    """Places of the rows that may stand otherwise than they did."""
    _moved: deque[int] = field(init=False, default_factory=deque)
    """The same from other threads."""
    _standings: dict[int, RowStatus] = field(init=False, default_factory=dict)
    _unsettled: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self._drive = Scheduler(self.runner, threads=NETWORK_THREADS)
        for place, row in enumerate(self.rows):
            for order in row.orders:
                self._places.setdefault(order.key, []).append(place)
        self._not_begun = deque(range(len(self.rows)))
        self._unsettled = set(self._not_begun)
        self._touched = set(self._not_begun)
        # Killed while it was sending, an earlier run has left some that are given up only now.
        found = (self.order_store.newest(key) for key in self._places)
        sent = {State.SUBMITTING, State.UNKNOWN}
        self._said.earlier = {job.id for job in found if job is not None and job.state in sent}
        self._notice()
        self._see_to_halt()

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
        at_once = 1 if self.processor is None else self.processor.blenders.count
        with ThreadPoolExecutor(at_once, thread_name_prefix="process") as pool:
            try:
                self._drive.run(lambda: self._look(pool))
            finally:
                self._end()
                pool.shutdown(wait=False, cancel_futures=True)
                self._drive.end(self.waiting)
        return self.statuses()

    def _look(self, pool: ThreadPoolExecutor) -> bool:
        """Start what has become possible; tells whether everything is settled.

        Only rows are looked at of which something has changed since the last look: there may be
        thousands.
        """
        self._notice()
        self._see_to_halt()
        self._begin_more()
        touched, self._touched = self._touched, set()
        for place in sorted(touched):
            row = self.rows[place]
            if self._halt is None and self.order_store.jobs(row):
                self._order_next(row)
            if row.key not in self._works and self._is_fetched(row):
                self._start(pool, place)
        self._notice()  # what came meanwhile is told now, and dealt with at the next look
        self.watcher(self._changed(touched | self._touched))
        return not self._unsettled

    def _notice(self) -> None:
        """Take in what was written of the orders, and how far processing is."""
        for key in self.order_store.take_news():
            if key in self._places:
                self._touched.update(self._places[key])
                job = self.order_store.newest(key)
                self._said.note(key, job)
                self._promised[key] = 0 if job is None else promised_to(job)
        while self._moved:
            self._touched.add(self._moved.popleft())

    def _see_to_halt(self) -> None:
        if self._halt is None:
            self._halt = self._said.halting() or self._over_budget()
            if self._halt is not None:
                self._touched.update(range(len(self.rows)))
        if self._halt is not None:
            self.order_store.take_back_unsent()

    def _over_budget(self, more: int = 0) -> Failure | None:
        """That the batch takes more than it may, with ``more`` credits; None if it does not."""
        taken = 0 if self.budget is None else sum(self._promised.values())
        if self.budget is None or taken + more <= self.budget:
            return None
        words = Message(
            "The budget of {budget} credits leaves no room: {taken} are taken, and the next order "
            "is expected to cost {price}.",
            budget=self.budget,
            taken=taken,
            price=more,
        )
        return Failure(OVER_BUDGET, words, MORE_BUDGET, Charged.NO)

    @property
    def is_over_budget(self) -> bool:
        """Whether the budget is why nothing more was ordered."""
        return self._halt is not None and self._halt.code == OVER_BUDGET

    def _begin_more(self) -> None:
        """Order the first of rows of which nothing was ordered, as many as have room in the line.

        One after the other until an order was taken, and where answers are lost.
        """
        all_is_well = self._said.is_taken and not self._said.lost
        # With a budget, what an order was charged is known before the next is sent.
        most = MOST_QUEUED if all_is_well and self.budget is None else 1
        while self._halt is None and self._not_begun and self.order_store.queued() < most:
            row = self.rows[self._not_begun[0]]
            if not self.order_store.jobs(row) and not self._order_next(row):
                return
            self._not_begun.popleft()

    def _order_next(self, row: Row) -> bool:
        if self.budget is not None:
            order = self.order_store.next_order(row)
            self._halt = None if order is None else self._over_budget(order.price)
            if self._halt is not None:
                self._touched.update(range(len(self.rows)))
                return False
        if not self.order_store.order_next(row):
            return False
        if self.budget is not None:
            self._notice()
        self._drive.nudge()
        return True

    def _changed(self, touched: Collection[int]) -> list[RowStatus]:
        """Those of the rows that stand otherwise than before."""
        changed = []
        for place in sorted(touched):
            status = self._standing(self.rows[place])
            if self._standings.get(place) != status:
                self._standings[place] = status
                changed.append(status)
            if self._is_settled(status):
                self._unsettled.discard(place)
            else:
                self._unsettled.add(place)
        return changed

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

    def _start(self, pool: ThreadPoolExecutor, place: int) -> None:
        """Have the row processed, unless that was done in an earlier run."""
        row = self.rows[place]
        order = order_for(self.folder, row, self.order_store.jobs(row))
        try:
            write_order(self.folder, row.asset, order)
        except InUse as error:
            said = failed(order, f"{error}.", AGAIN)
            self._works[row.key] = _Work(said)
            return
        if self.processor is None:
            self._works[row.key] = _Work(record_of(self.folder, row.asset, order))
            return
        processor = self.processor

        def process() -> Document | None:
            self._move_on(place)
            return _process(processor, row.asset, order)

        future = pool.submit(process)
        self._works[row.key] = _Work(future=future)
        future.add_done_callback(lambda _: self._move_on(place))

    def _move_on(self, place: int) -> None:
        """Have the row looked at; from any thread."""
        self._moved.append(place)
        self._drive.nudge()

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
