"""How often the runner looks and how long it waits: plain arithmetic, no clock."""

from collections.abc import Callable
from dataclasses import dataclass

Jitter = Callable[[], float]
"""A random number in 0..1; spreads the requests of many clients."""

SPREAD = 0.2
MIN_POLL = 5.0
MAX_POLL = 20.0


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds."""

    min_poll: float = MIN_POLL
    max_poll: float = MAX_POLL
    poll_growth: float = 1.3
    retry_first: float = 5.0
    retry_max: float = 120.0
    asset_grace: float = 120.0
    """How long a finished task may be without any file."""
    partial_grace: float = 30.0
    """How long to wait for the rest once some of a task's files are there."""
    new_task_grace: float = 60.0
    """How long a new task may be unknown to the service's status."""
    result_lifetime: float = 25 * 3600.0
    """The service keeps results for 24 hours; trouble that lasts longer is final."""

    def until_poll(self, looks: int, usual: tuple[float, float], jitter: Jitter) -> float:
        """Wait before the next look at a task that usually takes ``usual`` (shortest, longest).

        Starts at ``min_poll`` and grows; short tasks are looked at more often throughout.
        """
        slowest = min(max(usual[1] / 10, self.min_poll), self.max_poll)
        grown = self.min_poll * self.poll_growth ** min(looks, 50)
        return _spread(min(grown, slowest), jitter)

    def until_retry(self, tries: int, jitter: Jitter) -> float:
        """Wait after the ``tries``-th failed try, doubling."""
        return _spread(min(self.retry_first * 2.0 ** min(tries, 30), self.retry_max), jitter)


def _spread(seconds: float, jitter: Jitter) -> float:
    return seconds * (1 - SPREAD / 2 + SPREAD * jitter())
