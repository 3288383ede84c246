"""What became of a job's credits, as far as it is known here.

The service names no price in its answers. Where the balance was known before and after an order,
and nothing else changed it, the difference is what was taken; else the price in the catalogue
stands for it. The balance itself is the truth.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ..catalog.messages import Message
from ..service.errors import Charged
from .job import Job
from .states import NOT_SENT, State


class ChargeStatus(Enum):
    """What became of the credits."""

    NOTHING = auto()
    """Nothing was charged: the service has not taken the order."""
    SENDING = auto()
    """It is being sent at this moment."""
    SPENT = auto()
    REFUNDED = auto()
    """Taken when it was sent, and given back because the service failed."""
    UNKNOWN = auto()
    """Sent, but whether the service took it is not known."""


@dataclass(frozen=True, slots=True)
class Charge:
    """The credits of one job."""

    fate: ChargeStatus
    credits: int
    measured: bool = False
    """Whether the balance showed it; else it is the price that was expected."""


def charge_of(job: Job) -> Charge:
    """What the job has cost; a sample costs nothing at all."""
    if job.is_sample:
        return Charge(ChargeStatus.NOTHING, 0)
    amount = job.estimate if job.charged is None else job.charged
    said = None if job.failure is None else job.failure.charged
    fate = fate_of(job.state, was_taken=job.task_id is not None, said=said)
    return Charge(fate, amount, measured=job.charged is not None)


def unverified(job: Job) -> tuple[Message, ...]:
    """What makes the price unknown, as ``Operation.unverified`` has it; empty if nothing does."""
    from ..catalog import UnknownOperation, get  # late: most look at what was charged

    try:
        return get(job.operation).unverified(job.values)
    except UnknownOperation:
        return ()


def is_price_known(job: Job) -> bool:
    """Whether the price that was expected is more than that of something like it."""
    return not unverified(job)


GIVEN_UP: Final = frozenset({State.FAILED, State.ABANDONED})


def fate_of(state: State, *, was_taken: bool, said: Charged | None) -> ChargeStatus:
    """What became of the credits of a job in that state.

    ``was_taken``: the service gave it a task id. ``said``: what its failure says of the credits.
    """
    if state is State.SUBMITTING:
        return ChargeStatus.SENDING
    if state in NOT_SENT:
        return ChargeStatus.NOTHING
    if state is State.UNKNOWN or (state in GIVEN_UP and said is Charged.UNKNOWN):
        return ChargeStatus.UNKNOWN
    if not was_taken:
        return ChargeStatus.NOTHING
    if state is State.FAILED and said is Charged.REFUNDED:
        return ChargeStatus.REFUNDED
    return ChargeStatus.SPENT


@dataclass(frozen=True, slots=True)
class Sum:
    """The credits of several jobs by what became of them; ``spent`` is without the refunded."""

    spent: int = 0
    refunded: int = 0
    unknown: int = 0


class Charges:
    """The credits of several jobs, some of which may be counted anew."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[ChargeStatus, int]] = {}
        """By job id."""
        self._totals = dict.fromkeys(ChargeStatus, 0)

    def put(self, job_id: str, fate: ChargeStatus, credits_: int) -> None:
        """Count the job, in place of what was known of it."""
        self.take_out(job_id)
        self._parts[job_id] = (fate, credits_)
        self._totals[fate] += credits_

    def take_out(self, job_id: str) -> None:
        """Count it no longer, if it was."""
        if job_id in self._parts:
            fate, credits_ = self._parts.pop(job_id)
            self._totals[fate] -= credits_

    @property
    def sum(self) -> Sum:
        """All of them together."""
        return Sum(
            self._totals[ChargeStatus.SPENT],
            self._totals[ChargeStatus.REFUNDED],
            self._totals[ChargeStatus.UNKNOWN],
        )


def sum_of(jobs: Iterable[Job]) -> Sum:
    """The credits of several jobs."""
    charges = Charges()
    for job in jobs:
        charge = charge_of(job)
        charges.put(job.id, charge.fate, charge.credits)
    return charges.sum


def month_start(now: float) -> float:
    """When the calendar month of ``now`` began, by the clock on the wall."""
    there = time.localtime(now)
    return time.mktime((there.tm_year, there.tm_mon, 1, 0, 0, 0, 0, 0, -1))
