"""How long a test waits for another process or thread before it gives up. Decided here only.

A deadline ends a hang; it never judges speed, which ``scripts/bench`` measures. So it may be
generous, and has to be: on a busy machine everything takes longer, and a test that fails for that
says nothing about the product. Whoever waits names what it takes *at most* on an idle machine; that
is multiplied by a fixed factor, by the load of this machine, and by ``STUDIO3D_TEST_PATIENCE``
where that is set, for example on a machine that is slow rather than busy.

A wait that is over as soon as something has happened costs nothing by being allowed to be long.

    until(lambda: store.get(job.id).state is State.READY, what="the job to be ready")
    process.communicate(timeout=seconds(30))

``until`` looks at the load again and again, so prefer it where the wait may be long. Used inside
Blender as well: the standard library only.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

Value = TypeVar("Value")

VARIABLE = "STUDIO3D_TEST_PATIENCE"
GENEROUS = 4.0
"""The load of the last minute does not know what began ten seconds ago."""
UNKNOWN_LOAD = 3.0
"""How many threads want each core where it is not known: what it is when all suites run."""
USUAL = 30.0
"""Seconds of work that is about one small job, where a test does not name its own."""
PAUSE = 0.05
"""Between two looks."""
LOOK_OFTEN = {"min_poll": 0.1, "max_poll": 0.2}
"""Settings of a worker that asks a sandbox: it is done in a moment, nobody need wait for it."""


def load() -> float:
    """How many threads want each core of ours, over the last minute; 1 where nobody counts."""
    try:
        running, _, _ = os.getloadavg()
    except (AttributeError, OSError):  # Windows
        return 1.0
    return running / cores()


def cores() -> int:
    """The cores this process may use."""
    count = os.cpu_count() or 1
    if sys.platform == "linux":  # it alone tells
        count = len(os.sched_getaffinity(0))
    return count


def seconds(usual: float) -> float:
    """How long to wait now for what takes at most ``usual`` seconds on an idle machine."""
    return usual * GENEROUS * max(1.0, load()) * float(os.environ.get(VARIABLE) or 1)


def for_who_cannot_tell(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of tests where nobody tells the load: Windows, beside this system."""
    busy = max(UNKNOWN_LOAD, load())
    return {**environ, VARIABLE: str(busy * float(environ.get(VARIABLE) or 1))}


class Deadline:
    """Passes when something takes far longer than ``usual``; moves away while the load rises."""

    def __init__(self, usual: float = USUAL) -> None:
        self._usual = usual
        self._began = time.monotonic()
        self._allowed = seconds(usual)

    @property
    def passed(self) -> bool:
        """Whether to give up now."""
        # The longest ever allowed: what a busy minute delayed is not back in time when it ends.
        self._allowed = max(self._allowed, seconds(self._usual))
        return time.monotonic() - self._began > self._allowed

    def check(self, what: object) -> None:
        """Fail if it has passed, naming ``what`` did not come about."""
        assert not self.passed, (
            f"after {self._allowed:.0f} s still not there: {what} "
            f"(usually within {self._usual:g} s; {load():.1f} threads want each core)"
        )


def until(
    condition: Callable[[], Value],
    *,
    usual: float = USUAL,
    what: str | Callable[[], object] = "what is waited for",
) -> Value:
    """The condition's value as soon as it holds.

    Fails when that takes far longer than ``usual`` seconds; ``what`` says what was missing, and may
    be a function that is only called then.
    """
    deadline = Deadline(usual)
    while not (found := condition()):
        if deadline.passed:
            deadline.check(what() if callable(what) else what)
        time.sleep(PAUSE)
    return found
