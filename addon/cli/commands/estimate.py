"""``estimate``: what a request would cost, with all it takes; nothing is sent."""

from collections.abc import Sequence

from ...catalog import estimate, get
from ...jobs.alternatives import estimate_of
from ...jobs.planner import Plan
from ..exits import ExitStatus
from ..orders import plan_orders, price_words
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Validate the request and add up its price."""
    plans = plan_orders(session)
    found = estimate_of(plans)
    known = found.is_known
    words = price_words(found)
    session.output.say(f"about {found.total} credits: {words}" if known else words)
    lines, times = price_lines(plans) if known else ([], 1)
    session.output.answered(
        {
            "operation": plans[0].last.request.operation,
            "estimated_credits": found.total if known else None,
            "unverified": list(found.unverified),
            "lines": [{"credits": price, "for": label} for price, label in lines],
            "times": times,
        }
    )
    return ExitStatus.OK


def price_lines(plans: Sequence[Plan]) -> tuple[list[tuple[int, str]], int]:
    """The lines of the price, and how many times they count; of several orders one line each."""
    if len(plans) > 1:
        return [(plan.credits, get(plan.last.request.operation).label) for plan in plans], 1
    (plan,) = plans
    prices = [estimate(job.request) for job in plan.jobs]
    if len(prices) == 1:
        return [(line.credits, line.label) for line in prices[0].lines], prices[0].times
    lines = [(line.credits * price.times, line.label) for price in prices for line in price.lines]
    return lines, 1
