"""From a command line to a plan: what is ordered, what all of it costs, and a yes for it."""

from collections.abc import Sequence

from ..catalog import Estimate, InvalidRequest, Operation, Problem, UnknownOperation, get
from ..catalog.text_values import BadText
from ..jobs.alternatives import NotComparable, compared, estimate_of, plans_of
from ..jobs.inputs import check_inputs
from ..jobs.paths import FILE_KINDS, located
from ..jobs.photos import photos_in, remarks
from ..jobs.planner import Plan
from ..service.answers import Wallet
from .exits import Refused
from .operation_options import field_values, values_for
from .patience import ask_wallet
from .prices import time_text
from .session import Session
from .texts import with_texts
from .wording import in_options


def plan_orders(session: Session) -> list[Plan]:
    """Plan what the command line asks for: one order, or each of several of the same wish.

    Raises Refused and InvalidRequest.
    """
    arguments = session.arguments
    operation = get(arguments.operation)
    engines = _engines(operation, arguments.engines) if arguments.engines else [operation]
    try:
        values = with_texts(session, operation, field_values(operation, arguments))
    except BadText as error:
        raise in_options(error, operation, arguments) from None
    absolute = {
        name: located(value, session.path) if operation.field(name).kind in FILE_KINDS else value
        for name, value in values.items()
    }
    plans = []
    for engine in engines:
        try:
            told = values_for(engine, operation, absolute, arguments)
            plans += plans_of(engine, told, arguments.variations)
        except InvalidRequest as error:
            named = in_options(error, engine, arguments)
            raise (named if engine is operation else _of_engine(named, engine)) from None
    return plans


def _engines(operation: Operation, others: Sequence[str]) -> list[Operation]:
    try:
        return compared(operation, others)
    except (UnknownOperation, NotComparable) as error:
        raise Refused("usage", str(error), "See `operations` for what there is.") from None


def _of_engine(error: InvalidRequest, engine: Operation) -> InvalidRequest:
    """The same with the engine that has the problem in front, which the command does not name."""
    problems = tuple(
        problem
        if problem.message.startswith(engine.label)
        else Problem(problem.field, f"{engine.label}: {problem.message}")
        for problem in error.problems
    )
    return InvalidRequest(engine.label, problems)


def check_files(session: Session, plans: Sequence[Plan]) -> None:
    """Look at every local file of the orders; say what is sent as a copy, and what photos lack.

    Raises InvalidRequest.
    """
    said: dict[str, None] = {}
    for plan in plans:
        try:
            notes = check_inputs(plan, can_change=session.fitter is not None)
        except InvalidRequest as error:
            raise in_options(error, get(plan.last.request.operation), session.arguments) from None
        said |= dict.fromkeys(notes)
    photos = dict.fromkeys(photo for plan in plans for photo in photos_in(plan))
    for words in (*said, *remarks(list(photos), session.photo_reader)):
        session.output.say(words)


def price_words(found: Estimate) -> str:
    """What the price is made of, or why it is not known."""
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


def agree(session: Session, plans: Sequence[Plan]) -> None:
    """Say the price of all of it, and get a yes where it is more than one order of one thing.

    That yes is also for what has no known price. Raises Refused above ``--max-credits`` or the
    balance, or without that yes.
    """
    price = estimate_of(plans)
    if not price.is_known:
        _agree_to_unknown_price(session, price_words(price))
        return
    wallet = check_limits(session, price.total)
    usual = dict.fromkeys(_usual_time(plan) for plan in plans)
    session.output.say(
        f"about {price.total} credits ({price_words(price)}) of {wallet.balance}; "
        f"usually {', '.join(usual)}"
    )
    if len(plans) > 1:
        _agree_to_several(session, plans, price)
    for plan in plans:
        if plan.upload_proxies:
            _agree_to_proxies(session, plan)


def _usual_time(plan: Plan) -> str:
    return " + ".join(time_text(get(job.request.operation)) for job in plan.jobs)


def _agree_to_several(session: Session, plans: Sequence[Plan], price: Estimate) -> None:
    words = (
        f"These are {len(plans)} orders of the same, to choose one of the results: "
        f"about {price.total} credits in all."
    )
    if not agreed(session, words, "Order all of them?"):
        raise Refused("not_confirmed", words, "Agree with --yes. Nothing was sent.")


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
