"""What jobs have cost, in words for the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...catalog.validation import grouped
from ...jobs.charges import Charge, ChargeStatus, Sum, charge_of, is_price_known
from ...jobs.states import ACTIVE, NOT_SENT
from ..core.translation import translate

if TYPE_CHECKING:
    from ...jobs.job import Job


def charge_words(job: Job) -> str:
    """What the job has cost, or what became of it, for example ``about 35 credits``."""
    charge = charge_of(job)
    amount = grouped(charge.credits)
    match charge.fate:
        case ChargeStatus.NOTHING:
            return translate("nothing charged")
        case ChargeStatus.SENDING:
            return _expected(job)
        case ChargeStatus.REFUNDED:
            return translate("{n} credits refunded", n=amount)
        case ChargeStatus.UNKNOWN:
            return translate("unknown whether {n} credits were charged", n=amount)
        case ChargeStatus.SPENT:
            return _spent(job, charge)


def order_words(jobs: Sequence[Job]) -> str:
    """What all jobs of an order cost together, as far as anything was or will be taken."""
    if len(jobs) == 1:
        return _expected(jobs[0]) if jobs[0].state in NOT_SENT else charge_words(jobs[0])
    counted = {ChargeStatus.SPENT, ChargeStatus.SENDING}
    total = sum(
        charge.credits
        for job in jobs
        if (charge := charge_of(job)).fate in counted or job.state in ACTIVE
    )
    return translate("about {n} credits", n=grouped(total)) if total else charge_words(jobs[-1])


def _spent(job: Job, charge: Charge) -> str:
    amount = grouped(charge.credits)
    if not charge.measured:
        return _expected(job)
    if charge.credits == job.estimate or not is_price_known(job):
        return translate("{n} credits", n=amount)
    return translate("{n} credits instead of {m}", n=amount, m=grouped(job.estimate))


def _expected(job: Job) -> str:
    if not is_price_known(job):
        return translate("price not known")
    return translate("about {n} credits", n=grouped(job.estimate))


def month_words(month: Sum) -> str:
    """What this calendar month has cost so far; "" where nothing was sent in it."""
    if month == Sum():
        return ""
    text = translate("This month about {n} credits", n=grouped(month.spent))
    if month.refunded:
        text += ", " + translate("{n} refunded", n=grouped(month.refunded))
    if month.unknown:
        text += ", " + translate("{n} unknown", n=grouped(month.unknown))
    return text
