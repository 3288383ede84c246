"""``estimate``: what a request would cost; nothing is sent."""

from ...catalog import build_request, estimate, get
from ..exits import ExitStatus
from ..parser import field_values
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Validate the request and add up its price."""
    operation = get(session.arguments.operation)
    request = build_request(operation.name, field_values(operation, session.arguments))
    price = estimate(request)
    session.output.say(f"about {price.total} credits: {price.words()}")
    session.output.document(
        {
            "operation": operation.name,
            "estimated_credits": price.total,
            "lines": [{"credits": line.credits, "for": line.label} for line in price.lines],
            "times": price.times,
        }
    )
    return ExitStatus.OK
