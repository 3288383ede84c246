"""Why a request cannot be sent now, in words; the Generate button and its panel both say it."""

from dataclasses import dataclass
from enum import StrEnum

from ..catalog.validation import grouped
from .draft import Draft
from .view import JobsView


class Need(StrEnum):
    """What is missing."""

    KEY = "KEY"
    ONLINE = "ONLINE"
    WORKER = "WORKER"
    SETTINGS = "SETTINGS"
    CREDITS = "CREDITS"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The first thing in the way."""

    need: Need
    message: str


def find_obstacle(view: JobsView, draft: Draft) -> Obstacle | None:
    """Return what has to be settled first, or None if the request can be sent."""
    if not view.key_source:
        return Obstacle(Need.KEY, "An API key of 3D AI Studio is needed.")
    if not view.online.allowed:
        return Obstacle(Need.ONLINE, view.online.reason)
    problems = draft.problems()
    if problems:
        return Obstacle(Need.SETTINGS, problems[0].message)
    balance = balance_of(view)
    price = draft.estimate().total
    if balance is not None and balance < price:
        return Obstacle(
            Need.CREDITS,
            f"This needs {grouped(price)} credits; the balance is {grouped(balance)}.",
        )
    return None


def balance_of(view: JobsView) -> float | None:
    """Credits as last told by the service, if it told any."""
    if view.wallet is None or view.wallet.wallet is None:
        return None
    return float(view.wallet.wallet.balance)


def price_words(view: JobsView, draft: Draft) -> str:
    """The price beside the balance, for example ``35 credits of 9 965``."""
    price = grouped(draft.estimate().total)
    balance = balance_of(view)
    return f"{price} credits" if balance is None else f"{price} of {grouped(balance)} credits"
