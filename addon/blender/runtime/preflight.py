"""Why a request cannot be sent now, in words; the Generate button and its panel both say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ...catalog import Estimate, Mode
from ...catalog.messages import Message
from ...catalog.validation import grouped
from ...jobs.alternatives import estimate_together
from ...service.errors import InvalidKey, KeyExpired, KeyRefused, KeyRevoked
from ...service.path_room import too_deep
from ..core import paths
from ..core.account import Online
from ..core.translation import translate
from ..settings.draft import Draft
from ..snapshot.snapshot import Snapshot


class Need(StrEnum):
    """What is missing."""

    KEY = "KEY"
    ONLINE = "ONLINE"
    SETTINGS = "SETTINGS"
    CREDITS = "CREDITS"


@dataclass(frozen=True, slots=True)
class Blocker:
    """The first thing in the way."""

    need: Need
    message: str


def find_blocker(view: Snapshot, online: Online, draft: Draft) -> Blocker | None:
    """Return what has to be settled first, or None if the request can be sent.

    ``online`` apart from the snapshot: the user may turn it on while nothing makes a new one.
    """
    return find_blocker_of_all(view, online, (draft,))


def find_blocker_of_all(view: Snapshot, online: Online, drafts: Sequence[Draft]) -> Blocker | None:
    """The same of several results that are ordered together."""
    return (
        _blocker_of_account(view, online)
        or _blocker_of_settings(drafts)
        or _over_budget(drafts)
        or too_expensive(view, estimate_of_all(drafts))
    )


def _blocker_of_account(view: Snapshot, online: Online) -> Blocker | None:
    """What is in the way of every order."""
    if not view.key_source:
        return Blocker(Need.KEY, "An API key of 3D AI Studio is needed.")
    if not online.allowed:
        return Blocker(Need.ONLINE, online.reason)
    refusal = _refusal(view)
    if refusal:
        return Blocker(Need.KEY, refusal)
    deep = too_deep(paths.downloads())
    return None if deep is None else Blocker(Need.SETTINGS, translate(deep, CHOOSE_FOLDER))


CHOOSE_FOLDER: Final = "Choose another folder for downloads in the preferences."


def _blocker_of_settings(drafts: Sequence[Draft]) -> Blocker | None:
    """The first problem of any of them; with its engine, where that is not the chosen one."""
    draft = next((one for one in drafts if one.problems()), None)
    if draft is None:
        return None
    words = _problem_words(draft)
    if draft.operation != drafts[0].operation:
        words = Message("{engine}: {reason}", engine=draft.operation.words, reason=Message(words))
    return Blocker(Need.SETTINGS, words)


def estimate_of_all(drafts: Sequence[Draft]) -> Estimate:
    """What all of them cost together."""
    return estimate_together([(draft.operation, draft.estimate()) for draft in drafts])


def _over_budget(drafts: Sequence[Draft]) -> Blocker | None:
    """That the price is higher than the budget from the start."""
    words = budget_trouble(estimate_of_all(drafts), drafts[0].budget)
    return None if words is None else Blocker(Need.SETTINGS, words)


def budget_trouble(price: Estimate, budget: int) -> Message | None:
    """Why the budget is too small for what is expected; None if it is not."""
    if not budget or price.total <= budget:
        return None
    return Message(
        "This is expected to cost {price} credits; the budget is {budget}.",
        price=grouped(price.total),
        budget=grouped(budget),
    )


def too_expensive(view: Snapshot, price: Estimate) -> Blocker | None:
    """That the balance is lower than the price, where both are known."""
    balance = balance_of(view)
    if balance is None or not price.is_known or balance >= price.total:
        return None
    return Blocker(
        Need.CREDITS,
        Message(
            "This needs {price} credits; the balance is {balance}.",
            price=grouped(price.total),
            balance=grouped(balance),
        ),
    )


def _refusal(view: Snapshot) -> str:
    """Why the service did not take the key when it was last asked; "" if it did."""
    failure = None if view.wallet is None else view.wallet.failure
    if failure is None or failure.code not in KEY_REFUSED:
        return ""
    return translate(failure.message, failure.hint)


KEY_REFUSED: Final = frozenset(
    error.code for error in (KeyRefused, InvalidKey, KeyExpired, KeyRevoked)
)


def _problem_words(draft: Draft) -> str:
    """The first problem of the settings; where nothing was given to start from, what to do."""
    problem = draft.problems()[0]
    for field in draft.operation.fields:
        missing = field.name == problem.field and field.name not in draft.values
        if missing and field.source in NOTHING_GIVEN:
            return NOTHING_GIVEN[field.source]
    return problem.message


NOTHING_GIVEN: Final[Mapping[Mode | None, str]] = {
    Mode.TEXT: "Write a prompt first.",
    Mode.IMAGE: "Choose an image first.",
    Mode.MULTI_VIEW: "Choose the pictures first.",
}


def balance_of(view: Snapshot) -> float | None:
    """Credits as last told by the service, if it told any."""
    if view.wallet is None or view.wallet.wallet is None:
        return None
    return float(view.wallet.wallet.balance)


def price_words(view: Snapshot, price: Estimate) -> str:
    """The price beside the balance, for example ``35 of 9 965 credits``."""
    balance = balance_of(view)
    amount = grouped(price.total)
    if balance is None:
        return amount_words(price)
    if price.is_known:
        return translate("{n} of {balance} credits", n=amount, balance=grouped(balance))
    return translate("Price not known; balance {balance}", balance=grouped(balance))


def amount_words(price: Estimate) -> str:
    """The price alone, for example ``35 credits``."""
    if price.is_known:
        return translate("{n} credits", n=grouped(price.total))
    return translate("Price not known")


def price_question(price: Estimate, action: str) -> str:
    """What is asked before it is ordered; ``action`` is what the button says."""
    if not price.is_known:
        return unknown_price_question(action)
    return translate("{action} for {n} Credits?", action=translate(action), n=grouped(price.total))


def unknown_price_question(action: str) -> str:
    """The same where nobody knows the price."""
    return translate("{action} without Knowing the Price?", action=translate(action))


def price_parts(price: Estimate) -> str:
    """What the price is made of, for example ``35 credits + 20 credits PBR textures``."""
    if price.is_known and len(price.lines) == 1 and price.times == 1:
        return translate(price.lines[0].words)
    return translate(price.words())
