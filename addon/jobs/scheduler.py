"""Keeps a runner going: a loop with a few threads, for the worker process and the command line.

Never used inside Blender's own process, where long-lived threads are not supported.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial

from ..service.limits import RECEIPT_SECONDS
from ..service.stopping import Stopped, attentively
from .job import Job
from .runner import Runner
from .states import AT_SERVICE, IN_BACKGROUND, TRANSFERS, State

log = logging.getLogger(__name__)

LOOKS = 2
"""Threads for jobs that are only looked at: files that come slowly leave them free."""

END_SECONDS = 1.5
"""How long steps under way may take to end; what is cut off is taken up again next time."""

RENEW_EVERY = 15.0
"""Seconds; a quarter of the lease."""

BUSY_PAUSE = 2.0


class Scheduler:
    """Runs until told to stop. ``nudge`` and ``stop`` may be called from any thread."""

    def __init__(self, *runners: Runner, threads: int = 4, blenders: int = 1) -> None:
        """``runners`` each work for an account of their own; one comes before the next.

        ``threads``: how many files may go or come at the same time. ``blenders``: how many
        background Blenders may be at work.
        """
        self.runners = runners
        self._most = {TRANSFERS: threads, AT_SERVICE: LOOKS, IN_BACKGROUND: blenders}
        # One more, for what is not a job's.
        self._pool = ThreadPoolExecutor(sum(self._most.values()) + 1, thread_name_prefix="job")
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
            attentively(self._wake.wait, pause)

    def finish(self, timeout: float) -> bool:
        """Wait for steps under way; tells whether all have ended."""
        with self._lock:
            running = list(self._under_way)
        return attentively(lambda seconds: not wait(running, seconds).not_done, timeout)

    def end(self, waiting: Callable[[], None] = lambda: None) -> None:
        """Stop, and wait for the steps under way to end.

        An order that is being sent is not left alone: only its answer tells what became of it.
        Before it is waited for, ``waiting`` is called. An interruption while waiting gives that up,
        which is written down, and passes through.
        """
        self.stop()
        try:
            if not self.finish(END_SECONDS) and self.submitting():
                log.info("waiting for the receipt of an order")
                waiting()
                self.finish(RECEIPT_SECONDS)
        except KeyboardInterrupt:
            for runner in self.runners:
                runner.context.stop.at_once.set()
            self.finish(END_SECONDS)
            raise
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

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
            free = self._free()
            claimed = runner.claim(free[TRANSFERS], free[AT_SERVICE])
            if free[IN_BACKGROUND] > 0:
                claimed += runner.claim_in_background(free[IN_BACKGROUND])
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

    def _free(self) -> dict[frozenset[State], int]:
        """Threads that are free for files, for looks, and for background Blenders."""
        with self._lock:
            states = [job.state for _, job in self._under_way.values()]
        return {
            kind: most - sum(state in kind for state in states) for kind, most in self._most.items()
        }

    def _ended(self, future: Future[None]) -> None:
        with self._lock:
            del self._under_way[future]
        self._wake.set()

    def _pause(self) -> float:
        states = frozenset(
            state for kind, free in self._free().items() if free > 0 for state in kind
        )
        due = [runner.seconds_until_due(states=states) for runner in self.runners]
        return min(*due, RENEW_EVERY)


def _guarded(task: Callable[[], None]) -> None:
    try:
        task()
    except Stopped:
        log.info("a look is left for later")
    except Exception:  # thread boundary: the job stays leased and is taken up again later
        log.exception("a step ended unexpectedly")
