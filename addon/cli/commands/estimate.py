"""``estimate``: what a request would cost, with all it takes; nothing is sent."""

from ...catalog import estimate
from ...jobs.planner import Plan
from ..exits import ExitStatus
from ..orders import plan_order, price_words
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Validate the request and add up its price."""
    plan = plan_order(session)
    known = not plan.unverified
    words = price_words(plan)
    session.output.say(f"about {plan.credits} credits: {words}" if known else words)
    lines, times = price_lines(plan) if known else ([], 1)
    session.output.answered(
        {
            "operation": plan.last.request.operation,
            "estimated_credits": plan.credits if known else None,
            "unverified": list(plan.unverified),
            "lines": [{"credits": price, "for": label} for price, label in lines],
            "times": times,
        }
    )
    return ExitStatus.OK


def price_lines(plan: Plan) -> tuple[list[tuple[int, str]], int]:
    """The lines of the price, and how many times they count."""
    prices = [estimate(job.request) for job in plan.jobs]
    if len(prices) == 1:
        return [(line.credits, line.label) for line in prices[0].lines], prices[0].times
    lines = [(line.credits * price.times, line.label) for price in prices for line in price.lines]
    return lines, 1
