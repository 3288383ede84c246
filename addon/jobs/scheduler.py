"""Keeps a runner going: a loop with a few threads, for the worker process and the command line.

Never used inside Blender's own process, where long-lived threads are not supported.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial

from .job import Job
from .runner import Runner
from .states import IN_BACKGROUND, State

log = logging.getLogger(__name__)

RENEW_EVERY = 15.0
"""Seconds; a quarter of the lease."""

BUSY_PAUSE = 2.0


class Scheduler:
    """Runs until told to stop. ``nudge`` and ``stop`` may be called from any thread."""

    def __init__(self, *runners: Runner, threads: int = 4) -> None:
        """``runners`` each work for an account of their own; one comes before the next."""
        self.runners = runners
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._under_way: dict[Future[None], tuple[Runner, Job]] = {}
        self._lock = threading.Lock()

    def nudge(self) -> None:
        """Look at the store now: something was added or changed."""
        self._wake.set()

    def stop(self) -> None:
        """End the loop; steps under way end at their next opportunity."""
        self._stopped.set()
        for runner in self.runners:
            runner.context.stop.set()
        self._wake.set()

    def submit(self, task: Callable[[], None]) -> None:
        """Run something else in one of the threads, for example a look at the balance."""
        self._pool.submit(_guarded, task)

    def run(self, until: Callable[[], bool] | None = None) -> None:
        """Work until stopped, or until ``until`` (asked before anything is begun) is true."""
        while not self._stopped.is_set():
            self._wake.clear()
            if until is not None and until():
                return
            try:
                # First, so that after a suspend we do not take our own rows for orphans.
                self._renew()
                self._start_due()
                pause = self._pause()
            except sqlite3.OperationalError:
                log.warning("the job list is busy, trying again", exc_info=True)
                pause = BUSY_PAUSE
            self._wake.wait(pause)

    def finish(self, timeout: float) -> bool:
        """Wait for steps under way; tells whether all have ended."""
        with self._lock:
            running = list(self._under_way)
        return not wait(running, timeout).not_done

    def busy(self) -> bool:
        """Tell whether any step is under way."""
        with self._lock:
            return bool(self._under_way)

    def submitting(self) -> bool:
        """Tell whether an order is being sent: its receipt has to be written down."""
        with self._lock:
            return any(job.state is State.QUEUED for _, job in self._under_way.values())

    def _start_due(self) -> None:
        for runner in self.runners:
            claimed = runner.claim(self._free())
            if len(claimed) < self._free() and not self._preparing():
                claimed += runner.claim_preparing()
            for job in claimed:
                future = self._pool.submit(_guarded, partial(runner.advance, job))
                with self._lock:
                    self._under_way[future] = runner, job
                future.add_done_callback(self._ended)

    def _renew(self) -> None:
        """Keep what is under way, each job by the runner that took it: settings may change."""
        jobs: dict[Runner, list[Job]] = {}
        with self._lock:
            for runner, job in self._under_way.values():
                jobs.setdefault(runner, []).append(job)
        for runner, taken in jobs.items():
            runner.renew(taken)

    def _free(self) -> int:
        with self._lock:
            return self._threads - len(self._under_way)

    def _preparing(self) -> bool:
        with self._lock:
            return any(job.state in IN_BACKGROUND for _, job in self._under_way.values())

    def _ended(self, future: Future[None]) -> None:
        with self._lock:
            del self._under_way[future]
        self._wake.set()

    def _pause(self) -> float:
        if self._free() <= 0:
            return RENEW_EVERY
        may_prepare = not self._preparing()
        due = [runner.seconds_until_due(may_prepare=may_prepare) for runner in self.runners]
        return min(*due, RENEW_EVERY)


def _guarded(task: Callable[[], None]) -> None:
    try:
        task()
    except Exception:  # thread boundary: the job stays leased and is taken up again later
        log.exception("a step ended unexpectedly")
