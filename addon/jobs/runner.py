"""The runner: takes jobs that are due and moves each one step forward."""

import logging
import math
import os
import socket
import sqlite3
import uuid
from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext, suppress
from types import MappingProxyType

from ..catalog.messages import Message
from ..service.stopping import Stopped
from . import exporting, fetching, polling, preparing, slips, submitting, unforeseen
from .errors import IllegalTransition, LeaseLost, UnknownJob
from .file_locks import FilesBusy, files_of
from .job import Failure, Job
from .leftovers import remove_unfinished
from .runner_deps import RunnerDeps
from .states import ACTIVE, AT_SERVICE, IN_BACKGROUND, TRANSFERS, State

log = logging.getLogger(__name__)

STEPS: Mapping[State, Callable[[RunnerDeps, Job], None]] = MappingProxyType(
    {
        State.QUEUED: submitting.submit,
        State.EXPORTING: exporting.export,
        State.SUBMITTING: submitting.give_up_waiting_for_answer,
        State.PENDING: polling.watch,
        State.RUNNING: polling.watch,
        State.DOWNLOADING: fetching.fetch,
        State.PREPARING: preparing.prepare,
    }
)
"""What moves a job on from each active state."""

CLAIM_LIMIT = 16

WRITES_FILES = IN_BACKGROUND | {State.DOWNLOADING}
"""States whose step writes files that another process could write as well."""

LEAVES_FILES = AT_SERVICE | {State.DOWNLOADING, State.PREPARING}
"""States whose step may break off and leave a part of a file; pictures come early."""

BUSY_PAUSE = 2.0
"""Seconds until it is tried again whether another process still writes them."""


class Runner:
    """Works for one account at one service address, on all jobs there or ``only`` some."""

    def __init__(
        self, context: RunnerDeps, *, online: bool = True, only: Collection[str] = ()
    ) -> None:
        self.context = context
        self.online = online
        self.only = only

    def claim(self, limit: int = CLAIM_LIMIT, looks: int = CLAIM_LIMIT) -> list[Job]:
        """Take jobs that are due, except a background Blender's; hand each to ``advance``.

        Of those that are only looked at, at the service, up to ``looks``; ``limit`` of the others.
        Before that, receipts are written down that an earlier try could not write.
        """
        slips.settle(self.context.store)
        return [
            *self._claim(limit, can_prepare=False, online=self.online, states=TRANSFERS),
            *self._claim(looks, can_prepare=False, online=self.online, states=AT_SERVICE),
        ]

    def claim_in_background(self, limit: int = 1) -> list[Job]:
        """Take up to ``limit`` jobs that are due for a background Blender.

        Models to be sent come before results: somebody has just asked for them.
        """
        if self.context.preparer is None:
            return []
        claimed: list[Job] = []
        for state in (State.EXPORTING, State.PREPARING):
            left = limit - len(claimed)
            claimed += self._claim(left, can_prepare=True, online=False, states=frozenset({state}))
        return claimed

    def _claim(
        self, limit: int, *, can_prepare: bool, online: bool, states: frozenset[State] = ACTIVE
    ) -> list[Job]:
        context = self.context
        return context.store.claim_due(
            context.owner,
            context.clock.now(),
            context.service.address,
            can_prepare,
            limit,
            online=online,
            only=self.only,
            states=states,
        )

    def advance(self, job: Job) -> None:
        """Move a claimed job one step and give it back. Whatever goes wrong is written into it.

        Raises sqlite3's errors, when nothing can be written.
        """
        try:
            self._step(job)
        except (LeaseLost, UnknownJob, IllegalTransition):
            # The user decided something about the job in the meantime; that holds.
            log.info("job %s is no longer ours", job.id)
        except Stopped:
            log.info("job %s is left for later", job.id)
        self.context.store.release(job.id, self.context.owner)
        if job.state in LEAVES_FILES:
            self._tidy_up(job)

    def _tidy_up(self, job: Job) -> None:
        with suppress(UnknownJob):
            now = self.context.store.get(job.id)
            if now.state not in ACTIVE:
                remove_unfinished(now)

    def _step(self, job: Job) -> None:
        preparer = self.context.preparer
        if job.state is State.DOWNLOADING and job.wants_prepared and preparer is not None:
            preparer.expect(job)
        try:
            with files_of(job) if job.state in WRITES_FILES else nullcontext():
                STEPS[job.state](self.context, job)
        except FilesBusy as busy:
            log.info("the files of job %s are worked on by %s", job.id, busy)
            self._wait_for(job, busy)
        except (LeaseLost, UnknownJob, IllegalTransition, Stopped, sqlite3.Error):
            raise
        except Exception as error:  # a job must not go silent, whatever it was
            log.exception("a step of job %s ended unexpectedly", job.id)
            unforeseen.note(self.context, job, error)

    def _wait_for(self, job: Job, busy: FilesBusy) -> None:
        """Look again soon. That is no try: what counts them counts those that ended badly."""
        failure = Failure(
            "files_busy",
            Message("Another program is at work on the files of this result: {busy}.", busy=busy),
            "It goes on by itself when that has ended.",
            unforeseen.CHARGED[job.state],
        )
        next_at = self.context.clock.now() + BUSY_PAUSE
        self.context.change(job, job.state, next_at=next_at, failure=failure)

    def tick(self) -> float:
        """Advance everything that is due; returns seconds until more is (infinity: nothing)."""
        for job in (*self.claim(), *self.claim_in_background()):
            self.advance(job)
        return self.seconds_until_due()

    def seconds_until_due(self, *, states: frozenset[State] = ACTIVE) -> float:
        """Seconds until the next claim of these may succeed; infinity if nothing is waiting."""
        context = self.context
        due = context.store.next_due(
            context.service.address,
            context.preparer is not None,
            online=self.online,
            only=self.only,
            states=states,
        )
        return math.inf if due is None else max(0.0, due - context.clock.now())

    def renew(self, jobs: Collection[Job]) -> None:
        """Keep the jobs whose steps are under way; to be called every few seconds.

        Not all that were claimed: one whose step broke down has to come free again.
        """
        context = self.context
        context.store.renew(context.owner, context.clock.now(), [job.id for job in jobs])


def owner_name() -> str:
    """A name no other runner has, telling where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
