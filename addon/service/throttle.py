"""The service takes a few submissions per minute and account: the arithmetic of waiting for one."""

from collections.abc import Iterable

DEFAULT_LIMIT = 3
"""Submissions per window, until the wallet answer states the account's own figure."""

WINDOW = 60.0
"""Seconds the limit refers to, rolling."""

MARGIN = 0.5
"""Seconds added to each wait: the service counts arrivals, we count departures."""


def wait_for_slot(
    taken: Iterable[float],
    now: float,
    limit: int = DEFAULT_LIMIT,
    window: float = WINDOW,
) -> float:
    """Seconds until one more submission keeps within the limit; 0.0 means now.

    ``taken`` are the unix times of earlier submissions. Times in the future (the clock was set
    back) count as just taken, so that a wrong clock delays by one window at most.
    """
    recent = sorted(min(at, now) for at in taken if at > now - window)
    limit = max(limit, 1)
    if len(recent) < limit:
        return 0.0
    frees_at = recent[-limit] + window
    return frees_at - now + MARGIN
