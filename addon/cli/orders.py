"""From a command line to a plan: what is ordered, what all of it costs, and a yes for it."""

from ..catalog import InvalidRequest, get
from ..catalog.text_values import BadText
from ..jobs.inputs import check_inputs
from ..jobs.paths import FILE_KINDS, located
from ..jobs.photos import photos_in, remarks
from ..jobs.planner import Plan, plan_one
from ..service.answers import Wallet
from .exits import Refused
from .operation_options import field_values
from .patience import ask_wallet
from .prices import time_text
from .session import Session
from .texts import with_texts
from .wording import in_options


def plan_order(session: Session) -> Plan:
    """Plan what the command line asks for; raises Refused and InvalidRequest."""
    operation = get(session.arguments.operation)
    try:
        values = with_texts(session, operation, field_values(operation, session.arguments))
        absolute = {
            name: located(value, session.path)
            if operation.field(name).kind in FILE_KINDS
            else value
            for name, value in values.items()
        }
        return plan_one(operation.name, absolute)
    except (InvalidRequest, BadText) as error:
        raise in_options(error, operation, session.arguments) from None


def check_files(session: Session, plan: Plan) -> None:
    """Look at every local file of the order; say what is sent as a copy, and what photos lack.

    Raises InvalidRequest.
    """
    try:
        notes = check_inputs(plan, can_change=session.fitter is not None)
    except InvalidRequest as error:
        raise in_options(error, get(plan.last.request.operation), session.arguments) from None
    for words in (*notes, *remarks(photos_in(plan), session.photo_reader)):
        session.output.say(words)


def price_words(plan: Plan) -> str:
    """What the price is made of, or why it is not known."""
    found = plan.estimate
    is_one_figure = found.is_known and len(found.lines) == 1 and found.times == 1
    return found.lines[0].words if is_one_figure else found.words()


def check_limits(session: Session, price: int) -> Wallet:
    """The balance; raises Refused where the price is above it or above ``--max-credits``."""
    most = session.arguments.max_credits
    if most is not None and price > most:
        raise Refused(
            "over_max_credits",
            f"This is expected to cost {price} credits, more than the limit of {most}. "
            "Nothing was sent.",
            "Raise --max-credits or choose cheaper settings.",
        )
    wallet = ask_wallet(session)
    if wallet.balance < price:
        raise Refused(
            "insufficient_credits",
            f"This is expected to cost {price} credits; the balance is {wallet.balance}. "
            "Nothing was sent.",
            "Buy credits on the service's website or choose cheaper settings.",
        )
    return wallet


def agree(session: Session, plan: Plan) -> None:
    """Say the price of all of it, and get a yes where more is ordered than was asked for.

    That yes is also for what has no known price. Raises Refused above ``--max-credits`` or the
    balance, or without that yes.
    """
    if plan.unverified:
        _agree_to_unknown_price(session, price_words(plan))
        return
    wallet = check_limits(session, plan.credits)
    usual = " + ".join(time_text(get(job.request.operation)) for job in plan.jobs)
    session.output.say(
        f"about {plan.credits} credits ({price_words(plan)}) of {wallet.balance}; usually {usual}"
    )
    if plan.upload_proxies:
        _agree_to_proxies(session, plan)


def _agree_to_unknown_price(session: Session, words: str) -> None:
    refuse_unknown_price_within_limit(session.arguments.max_credits, words)
    if not agreed(session, words, "Order it all the same?"):
        raise Refused("not_confirmed", words, "Agree with --yes. Nothing was sent.")


def agreed(session: Session, words: str, question: str) -> bool:
    """Whether there is a yes to what ``words`` say: ``--yes``, or asked where somebody is.

    Without either they are not said: the refusal that follows says them.
    """
    if session.arguments.yes:
        session.output.say(words)
        return True
    return session.output.ask(f"{words} {question}")


def refuse_unknown_price_within_limit(most: int | None, words: str) -> None:
    """Raise Refused where a limit was given, which an unknown price cannot be held to."""
    if most is not None:
        raise Refused(
            "over_max_credits",
            f"{words} So the limit of {most} credits cannot be kept. Nothing was sent.",
            "Leave --max-credits out, or choose a version whose price is known.",
        )


def _agree_to_proxies(session: Session, plan: Plan) -> None:
    extra = sum(job.credits for job in plan.upload_proxies)
    tools = " and ".join(
        dict.fromkeys(get(job.request.operation).label for job in plan.upload_proxies)
    )
    words = (
        f"{get(plan.last.request.operation).label} takes addresses of certain formats, not files: "
        f"each other model first goes through {tools}, for about {extra} credits more."
    )
    if agreed(session, words, "Go on?"):
        return
    raise Refused(
        "not_confirmed",
        f"{words} All of it costs about {plan.credits} credits.",
        "Agree with --yes. Nothing was sent.",
    )
