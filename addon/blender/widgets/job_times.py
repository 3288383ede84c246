"""How long a job has been under way, and how long it is likely to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...catalog import UnknownOperation, get
from ...jobs.states import State
from ..core.translation import translate

if TYPE_CHECKING:
    from ...jobs.job import Job


def duration(seconds: float) -> str:
    """Minutes and seconds, for example ``1:05``."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    return f"{minutes}:{rest:02}"


def progress_time(job: Job, now: float) -> str:
    """The time so far, at the service with the time to expect: ``0:32 of about 2:00``."""
    if job.state not in {State.PENDING, State.RUNNING}:
        return duration(now - job.created_at)
    elapsed = now - (job.submitted_at or job.created_at)
    usual = _usual(job, elapsed)
    if usual is None:
        return duration(elapsed)
    return translate("{time} of about {usual}", time=duration(elapsed), usual=duration(usual))


def _usual(job: Job, elapsed: float) -> float | None:
    """The middle of the usual times, then the longest of them; None when even that is over."""
    try:
        shortest, longest = get(job.operation).seconds
    except UnknownOperation:
        return None
    expected = ((shortest + longest) / 2, longest)
    return next((usual for usual in expected if elapsed <= usual), None)
