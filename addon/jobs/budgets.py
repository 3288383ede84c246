"""The budget of an order: nothing more of it is sent once what was charged leaves no room for it.

What counts is what the balance showed, and the expected price where it showed nothing. An order
whose answer never came may have been charged, so it counts.
"""

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from ..catalog.messages import Message
from ..service.errors import Charged
from .charges import ChargeStatus, charge_of
from .job import OVER_BUDGET, Failure, Job
from .states import NOT_SENT, State

if TYPE_CHECKING:
    from .account_notes import WalletNote
    from .store import Store

BALANCE_COMES: Final = 60.0
"""Seconds after an order was sent in which its charge may still be found out."""


class Room(Enum):
    """Whether a job may be sent."""

    IS_THERE = auto()
    NOT_YET = auto()
    """Another job of the order is being sent: what it is charged has to be known first."""
    NONE = auto()


def jobs_of(store: "Store", job: Job) -> list[Job]:
    """All jobs that share the job's budget: the steps of all results of its wish."""
    place = job.origin.alternative
    lasts = [job] if place is None else store.some(place.orders)
    return [step for last in lasts for step in store.order_of(last)]


def room_for(store: "Store", job: Job, wallet: "WalletNote | None", now: float) -> Room:
    """Whether the job can be sent within its budget; it always can without one."""
    if job.origin.budget is None:
        return Room.IS_THERE
    others = [one for one in jobs_of(store, job) if one.id != job.id]
    if any(_is_open(one, wallet, now) for one in others):
        return Room.NOT_YET
    fits = sum(map(taken_by, others)) + job.estimate <= job.origin.budget
    return Room.IS_THERE if fits else Room.NONE


TAKEN: Final = frozenset({ChargeStatus.SPENT, ChargeStatus.SENDING, ChargeStatus.UNKNOWN})


def taken_by(job: Job) -> int:
    """What was charged for it, or may have been."""
    charge = charge_of(job)
    return charge.credits if charge.fate in TAKEN else 0


def promised_to(job: Job) -> int:
    """The same, or what is expected where it waits in the line."""
    return job.estimate if job.state in NOT_SENT else taken_by(job)


def _is_open(job: Job, wallet: "WalletNote | None", now: float) -> bool:
    """Whether what the job is charged is about to be known."""
    if job.state is State.SUBMITTING:
        return True
    sent = job.submitted_at
    if sent is None or job.task_id is None or job.charged is not None:
        return False
    return (wallet is None or wallet.seen_at < sent) and now - sent < BALANCE_COMES


def used_up(store: "Store", job: Job) -> Failure:
    """Why the job was not sent."""
    others = [one for one in jobs_of(store, job) if one.id != job.id]
    words = Message(
        "Not sent: its order has taken {spent} of a budget of {budget} credits, and this is "
        "expected to cost {price}.",
        spent=sum(map(taken_by, others)),
        budget=job.origin.budget or 0,
        price=job.estimate,
    )
    return Failure(OVER_BUDGET, words, HINT, Charged.NO)


HINT: Final = "Try Again orders it without the budget; what is finished is kept."
