"""What was ordered so far: the batch's own job store, matched with the rows of the list."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..catalog import estimate, get
from ..catalog.encoders import Upload, result_of
from ..jobs.actions import may_cost_twice, retry, retry_state
from ..jobs.clock import Clock
from ..jobs.errors import IllegalTransition, UnknownJob
from ..jobs.job import Failure, Job
from ..jobs.origin import BatchPlace, Origin
from ..jobs.results import model_files
from ..jobs.states import ACTIVE, State
from ..jobs.store import Store, WalletNote
from ..service import whole_files
from ..service.answers import Wallet
from . import moved, receipts
from .folder import BatchFolder
from .newest_jobs import NewestJobs
from .orders import Order
from .rows import Row

KEPT_SECONDS = 23 * 3600.0
"""How long the address of a result is counted on; the service keeps results for 24 hours."""

UNFINISHED = ".part"
"""In the names of downloads that can be continued."""

DONE = receipts.DONE


class BatchStore(Store):
    """Jobs in the batch's folder; submit limit and balance shared with this user's programs.

    What was paid for is noted with the assets too, and taken back from there if it is not here.
    """

    def __init__(self, folder: BatchFolder, shared: Store | None, clock: Clock) -> None:
        """``shared`` is the user's own store; None where it cannot be opened."""
        super().__init__(folder.store, clock=clock)
        self._folder = folder
        self._shared = shared
        self._noting = threading.Lock()
        self._restore()

    def _restore(self) -> None:
        noted = list(receipts.noted_jobs(self._folder))
        with self._transaction():
            known = {job.id for job in self.everything()}
            for job in noted:
                if job.id not in known:  # a folder that was copied says the same twice
                    self._insert(job)
                    known.add(job.id)
            for job in self.everything():
                changed = moved.changes(self._folder, job)
                if changed:
                    self._update(job.id, changed, end_lease=False)

    def change(
        self,
        job_id: str,
        state: State,
        *,
        owner: str | None = None,
        expected: State | None = None,
        **changes: Any,
    ) -> Job:
        job = super().change(job_id, state, owner=owner, expected=expected, **changes)
        if state in DONE or "origin" in changes:
            self._note(job)
        return job

    def record_submitted(self, job: Job, task_id: str, *, next_at: float) -> Job:
        recorded = super().record_submitted(job, task_id, next_at=next_at)
        self._note(recorded)
        return recorded

    def _note(self, job: Job) -> None:
        with self._noting:  # the orders of a row share a file
            receipts.note(self._folder, job)

    def wallet(self, service_address: str) -> WalletNote | None:
        if self._shared is None:
            return super().wallet(service_address)
        return self._shared.wallet(service_address)

    def save_wallet(
        self, service_address: str, wallet: Wallet | None, failure: Failure | None = None
    ) -> None:
        if self._shared is None:
            super().save_wallet(service_address, wallet, failure)
        else:
            self._shared.save_wallet(service_address, wallet, failure)

    def submit_wait(self, account: str, limit: int, now: float) -> float:
        if self._shared is None:
            return super().submit_wait(account, limit, now)
        return self._shared.submit_wait(account, limit, now)

    def take_submit_slot(self, account: str, limit: int, now: float) -> float:
        if self._shared is None:
            return super().take_submit_slot(account, limit, now)
        return self._shared.take_submit_slot(account, limit, now)

    def submissions_since(self, account: str, since: float) -> int:
        if self._shared is None:
            return super().submissions_since(account, since)
        return self._shared.submissions_since(account, since)

    def pause_submits(self, account: str, until: float) -> None:
        if self._shared is None:
            super().pause_submits(account, until)
        else:
            self._shared.pause_submits(account, until)


class OrderStore:
    """The rows' jobs. Whoever makes one holds the folder's lock."""

    def __init__(
        self, store: Store, folder: BatchFolder, address: str, budget: int | None = None
    ) -> None:
        """``budget``: credits that the batch may take, so that what is charged has to be known."""
        self.store = store
        self._budget = budget
        self._folder = folder
        self._address = address
        self._jobs = NewestJobs(store, address)
        self._past_trying: set[str] = set()
        """Refused orders that another try would cost something."""

    def job(self, order: Order) -> Job | None:
        """The order's job, if it was made."""
        return self.newest(order.key)

    def newest(self, key: str) -> Job | None:
        """The job of the order of that key, if it was made."""
        return self._jobs.current().get(key)

    def take_news(self) -> set[str]:
        """Keys of the orders whose jobs were written, came or went since this was last asked."""
        return self._jobs.take_news()

    def jobs(self, row: Row) -> list[Job]:
        """The row's jobs so far, in the sequence of its orders."""
        return [job for order in row.orders if (job := self.job(order)) is not None]

    def queued(self) -> int:
        """How many orders wait to be sent, or are being sent."""
        return len(self._jobs.in_line())

    def unpaid(self, rows: Iterable[Row]) -> int:
        """Credits still to be spent for the rows, as expected."""
        return sum(order.price for order in self.to_pay(rows))

    def to_pay(self, rows: Iterable[Row]) -> list[Order]:
        """The rows' orders that are still to be sent."""
        return [
            order
            for row in rows
            for order in row.orders
            if (job := self.job(order)) is None
            or (_may_be_sent(job) and job.id not in self._past_trying)
        ]

    def adopt(self, row: Row) -> Row:
        """The row with the folder it had in an earlier run, under whatever name then."""
        job = self.job(row.own)
        place = None if job is None else job.origin.batch
        return row if place is None else replace(row, asset=place.asset)

    def go_on(self, *, send_unknown: bool, retry_failed: bool) -> None:
        """Take up what an earlier run left; only to be called by who holds the folder's lock.

        An order the service refused, or a task that was lost sight of, is tried again at no cost.
        One whose answer never came is sent again only with ``send_unknown``, and one the service
        failed (and refunded) only with ``retry_failed``.
        """
        for job in self.store.all(-1):
            if job.state in ACTIVE:
                # Held by a process that is gone: without this its lease would have to run out.
                next_at = 0.0 if job.state is not State.QUEUED else job.next_at
                self.store.change(job.id, job.state, next_at=next_at)
                if job.state is State.DOWNLOADING:
                    self._sweep(job)
            elif (
                job.state not in DONE
                and job.id not in self._past_trying
                and _may_go_on(job, send_unknown, retry_failed)
            ):
                _try_again(self.store, job)

    def _sweep(self, job: Job) -> None:
        """Remove results that were fetched but not written down: they are fetched again."""
        known = {
            path
            for other in self.store.all(-1)
            if other.folder == job.folder
            for file in other.files
            for path in (file.path, *file.contents)
        }
        for path in job.folder.glob("*"):
            if path.is_dir():
                if not any(content.is_relative_to(path) for content in known):
                    whole_files.discard_folder(path)
            elif path not in known and UNFINISHED not in path.name:
                whole_files.discard(path)

    def take_back_unsent(self) -> None:
        """Take everything off the queue that has not been sent yet."""
        for job in list(self._jobs.in_line().values()):
            if job.state is State.QUEUED:
                try:
                    self.store.remove(job.id, expected=State.QUEUED)
                except (IllegalTransition, UnknownJob):
                    continue  # it was sent this moment, or is being sent

    def forget_unsent(self, rows: Iterable[Row]) -> None:
        """Take what is no longer on the list off the queue; what was paid for is finished."""
        wanted = {order.key for row in rows for order in row.orders}
        for job in self.store.all(-1):
            if job.state is State.QUEUED and order_of(job) not in wanted:
                self.store.remove(job.id, expected=State.QUEUED)

    def forget_expired(self, rows: Iterable[Row], now: float, *, retry_failed: bool) -> None:
        """Have results made again whose address is still needed but no longer works.

        The service keeps results for a day. Only what nobody has started from yet is concerned.
        Making them again costs something, so an order that was refused before is only given
        another try with ``retry_failed``.
        """
        for row in rows:
            for order in row.orders:
                job = self.job(order)
                if job is not None and not _may_be_sent(job):
                    continue
                sources = order.sources.values()
                expired = [s.key for s in sources if s.by_address and self._is_gone(s.key, now)]
                if not expired:
                    continue
                if job is not None and job.state is State.FAILED and not retry_failed:
                    self._past_trying.add(job.id)
                    continue
                if job is not None:
                    self.store.remove(job.id, expected=job.state)
                for key in expired:
                    self._set_aside(self._jobs.current()[key])

    def _is_gone(self, key: str, now: float) -> bool:
        job = self.newest(key)
        if job is None or job.state not in DONE:
            return False
        return now - (job.finished_at or 0.0) > KEPT_SECONDS

    def _set_aside(self, job: Job) -> None:
        """Keep the job as something paid for, but as the answer to no order."""
        place = job.origin.batch
        if place is not None:
            aside = replace(place, order=f"{place.order} {job.id}")
            self.store.change(job.id, job.state, origin=replace(job.origin, batch=aside))

    def order_next(self, row: Row) -> bool:
        """Make the row's next job if what it needs is there; tells whether one was made."""
        found = self._next(row)
        if found is None:
            return False
        self._add(row, *found)
        return True

    def next_order(self, row: Row) -> Order | None:
        """What ``order_next`` would make a job of."""
        found = self._next(row)
        return None if found is None else found[0]

    def _next(self, row: Row) -> tuple[Order, dict[str, str]] | None:
        """The row's next order, if what it needs is there, and what that is."""
        if trouble(row, self.jobs(row)) is not None:
            return None
        for order in row.orders:
            if self.job(order) is None and (given := self._given(order)) is not None:
                return order, given
        return None

    def _given(self, order: Order) -> dict[str, str] | None:
        """What the order takes from other orders' results; None while they are not there."""
        given: dict[str, str] = {}
        for name, source in order.sources.items():
            job = self.newest(source.key)
            if job is None or job.state not in DONE:
                return None
            given[name] = (
                result_of(job.id) if source.by_address else str(_model_for(order, name, job))
            )
        return given

    def _add(self, row: Row, order: Order, given: Mapping[str, str]) -> None:
        request = order.request(given)
        self.store.add(
            request,
            name=row.name,
            estimate=estimate(request).total,
            service_address=self._address,
            folder=self._folder.source(row.asset),
            origin=Origin(batch=BatchPlace(order.key, row.asset), budget=self._budget),
        )


def order_of(job: Job) -> str:
    """The key of the order that the job answers; "" if it is of no batch."""
    return "" if job.origin.batch is None else job.origin.batch.order


def _may_be_sent(job: Job) -> bool:
    return job.task_id is None and job.state in {State.QUEUED, State.FAILED}


def _may_go_on(job: Job, send_unknown: bool, retry_failed: bool) -> bool:
    """Whether trying again costs nothing new, or was asked for."""
    if may_cost_twice(job):
        return send_unknown
    refunded = job.failure is not None and job.failure.code == "task_failed"
    return retry_failed if refunded else True


def _try_again(store: Store, job: Job) -> None:
    state = retry_state(job)
    if state is State.PREPARING:
        # Some files are there; what is missing is fetched, and nothing is prepared by the runner.
        store.change(job.id, State.PENDING, failure=None, next_at=0.0, attempts=0, finished_at=None)
    elif state is not None:
        retry(store, job)


def trouble(row: Row, jobs: Sequence[Job]) -> Failure | None:
    """Why the row will get no further by itself; None while it may."""
    by_key = {order_of(job): job for job in jobs}
    for order in row.orders:
        job = by_key.get(order.key)
        if job is not None and job.state not in ACTIVE and job.state not in DONE:
            failure = job.failure or Failure("given_up", f"The order is {job.state}.")
            return failure if order is row.own else _of_step(order, failure)
    for order in row.orders:
        for source in order.sources.values():
            before = by_key.get(source.key)
            if before is not None and before.state in DONE and not _models(before):
                return Failure("no_model", f"There is no model for {_label(order)} to work on.")
    return None


def _of_step(order: Order, failure: Failure) -> Failure:
    """The failure with the step it happened in, where a row has several."""
    return replace(failure, message=f"{_label(order)}: {failure.message}")


def _label(order: Order) -> str:
    return get(order.operation).label


def _model_for(order: Order, name: str, before: Job) -> Path:
    """The file of ``before`` that the order's field ``name`` takes.

    A model that came in an archive has its textures there, so the archive goes on where it may.
    """
    model = _models(before)[0]
    way = get(order.operation).field(name).encoder
    if not isinstance(way, Upload) or not way.archives:
        return model
    return next((file.path for file in before.files if model in file.contents), model)


def _models(job: Job) -> list[Path]:
    return model_files(get(job.operation), job.files)
