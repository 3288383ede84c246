"""The newest job of every order of a batch: read once, then only what was written since."""

from collections.abc import Mapping, Sequence
from typing import Final

from ..jobs.job import Job
from ..jobs.schema import unread
from ..jobs.states import State
from ..jobs.store import Store

IN_LINE: Final = frozenset({State.QUEUED, State.SUBMITTING})


class NewestJobs:
    """Of the orders at one address, by their keys. Reading raises StoreUnusable."""

    def __init__(self, store: Store, address: str) -> None:
        self._store = store
        self._address = address
        self._seen = -1
        """Which version of the store was read."""
        self._change: int | None = None
        """Up to which change; None before the first reading."""
        self._of_order: dict[str, dict[str, Job]] = {}
        """All jobs of an order by their ids, as they were made."""
        self._order_of: dict[str, str] = {}
        self._newest: dict[str, Job] = {}
        self._in_line: dict[str, Job] = {}
        self._news: set[str] = set()

    def current(self) -> Mapping[str, Job]:
        """All of them."""
        version = self._store.data_version()
        if version != self._seen:
            self._read()
            self._seen = version
        return self._newest

    def in_line(self) -> Mapping[str, Job]:
        """Those that wait to be sent, or are being sent."""
        self.current()
        return self._in_line

    def take_news(self) -> set[str]:
        """The orders that have had another newest job, or none, since this was last asked."""
        self.current()
        news, self._news = self._news, set()
        return news

    def _read(self) -> None:
        if self._change is None:
            written: Sequence[str] = ()
            change = self._store.newest_change()
            found = self._store.all(-1)[::-1]
        else:
            written, change = self._store.changed_since(self._change)
            found = self._store.some(written)
        if self._store.unreadable:  # one of them may be what is about to be paid for
            raise unread(len(self._store.unreadable))
        jobs = {job.id: job for job in found if self._is_ours(job)}
        for job_id in written:
            if job_id not in jobs:
                self._move(job_id, "")
        for job in jobs.values():
            order = "" if job.origin.batch is None else job.origin.batch.order
            self._move(job.id, order)
            self._of_order.setdefault(order, {})[job.id] = job
            self._settle(order)
        self._change = change

    def _is_ours(self, job: Job) -> bool:
        is_here = job.listed and job.service_address == self._address
        return is_here and job.origin.batch is not None

    def _move(self, job_id: str, order: str) -> None:
        """Let the job be one of that order; of none where that is ""."""
        before = self._order_of.pop(job_id, "")
        if order:
            self._order_of[job_id] = order
        if before and before != order:
            del self._of_order[before][job_id]
            self._settle(before)

    def _settle(self, order: str) -> None:
        self._news.add(order)
        self._newest.pop(order, None)
        self._in_line.pop(order, None)
        jobs = self._of_order[order].values()
        if jobs:
            # Of those made at the same moment it is the last.
            newest = max(reversed(jobs), key=lambda job: job.created_at)
            self._newest[order] = newest
            if newest.state in IN_LINE:
                self._in_line[order] = newest
