"""Reading the lists, and ``batch --check``: problems, price and balance; nothing is sent."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ...batch.folder import BatchFolder
from ...batch.inputs import read_inputs
from ...batch.lists import UnreadableList
from ...batch.order_store import OrderStore
from ...batch.orders import Order
from ...batch.report import bad_document, row_document
from ...batch.rows import Checker, Row
from ...catalog import get
from ...catalog.prices import unknown_price
from ...jobs.photos import remarks
from ...recipes.saved import Recipes
from ...service.answers import Wallet
from ...service.errors import NoKey, ServiceError
from ..exits import ExitStatus, Refused, exit_of_error, worst
from ..orders import agreed, refuse_unknown_price_within_limit
from ..patience import patiently
from ..session import Session
from .common import Rows, bad, find_blender, good, open_store


def read(session: Session, inputs: Sequence[str]) -> Rows:
    """Read and check every list; raises Refused if one cannot be read at all."""
    if not inputs:
        raise Refused("usage", "No list was given.", "Name a list or a folder of pictures.")
    try:
        entries = read_inputs(inputs, session.environment.cwd, defaults(session))
    except UnreadableList as error:
        raise Refused(
            "list_unreadable", f"{error} Nothing was sent.", "Correct the list."
        ) from None
    recipes = Recipes(session.places.recipes)
    checker = Checker(can_change_pictures=session.fitter is not None, recipes=recipes)
    rows = checker.check(entries)
    for note in (*checker.notes, *remarks(checker.photos[:MOST_PHOTOS], session.photo_reader)):
        session.output.say(note)
    if len(checker.photos) > MOST_PHOTOS:
        session.output.say(f"Only the first {MOST_PHOTOS} photos were looked at.")
    return rows


MOST_PHOTOS: Final = 200
"""How many are looked at before a list starts: each takes up to a fifth of a second."""


def defaults(session: Session) -> dict[str, str]:
    """Columns given on the command line, for rows that leave them empty."""
    arguments = session.arguments
    pairs = [pair.partition("=") for pair in arguments.set]
    if not all(name and separator for name, separator, _ in pairs):
        raise Refused("usage", "--set takes COLUMN=VALUE.")
    given = {name.strip(): value for name, _, value in pairs}
    if len(given) < len(pairs):
        raise Refused("usage", "--set gives a column twice.", "Give each column one value.")
    for name in ("operation", "recipe", "post", "tags"):
        if getattr(arguments, name):
            given[name] = getattr(arguments, name)
    return given


def tell_detours(session: Session, rows: Rows) -> None:
    """Say what is ordered only because an operation takes models by their address."""
    prices = [o.price for row in good(rows) for o in row.orders if o.helper and o.price]
    if prices:
        tools = {get(o.operation).label for row in good(rows) for o in row.orders if o.helper}
        one = len(prices) == 1
        first = "1 model first goes" if one else f"{len(prices)} models first go"
        session.output.say(
            f"{first} through {' and '.join(sorted(tools))}, since what "
            f"{'it is' if one else 'they are'} for takes addresses of certain formats, not files: "
            f"about {sum(prices)} credits of the price."
        )


def unknown_prices(orders: Iterable[Order | Row]) -> str:
    """Which of them have no known price, and why; empty if all have."""
    found = [one.unverified for one in orders if one.unverified]
    if not found:
        return ""
    each = list(dict.fromkeys(words for unverified in found for words in unverified))
    count = "1 order has" if len(found) == 1 else f"{len(found)} orders have"
    return f"{count} no known price. {unknown_price(each)}"


def agree_to_unknown_prices(session: Session, orders: Iterable[Order]) -> None:
    """Get a yes where it is not known what some of the orders cost; raises Refused without."""
    words = unknown_prices(orders)
    if not words:
        return
    refuse_unknown_price_within_limit(session.arguments.max_credits, words)
    if not agreed(session, words, "Order them all the same?"):
        raise Refused("not_confirmed", words, "Agree with --yes. Nothing was sent.")


def check(session: Session, folder: BatchFolder, rows: Rows) -> ExitStatus:
    """Say what is wrong, what it costs, and whether the balance is enough."""
    for row in bad(rows):
        for problem in row.problems:
            session.output.say(f"{row.place}: {problem.message}")
    tell_detours(session, rows)
    unknown = unknown_prices(good(rows))
    if unknown:
        session.output.say(unknown)
    price = sum(row.price for row in good(rows))
    left = still_to_pay(session, folder, rows, price)
    wallet, trouble = balance(session)
    session.output.document(
        {
            "rows": [row_document(row) | {"status": "good"} for row in good(rows)]
            + [bad_document(row) for row in bad(rows)],
            "estimated_credits": price,
            "unknown_prices": unknown,
            "still_to_pay": left,
            "balance": None if wallet is None else str(wallet.balance),
            "enough": None if wallet is None else wallet.balance >= left,
        }
    )
    session.output.say(
        f"{len(good(rows))} rows are good, {len(bad(rows))} are not. About {price} credits"
        + (f", {left} of them still to pay" if left != price else "")
        + (f"; the balance is {wallet.balance}." if wallet else "; the balance is not known.")
    )
    refusal = too_much(session, left, wallet)
    unmade = without_blender(session, rows)
    for refused in filter(None, (refusal, unmade)):
        session.output.problem(f"{refused.message} {refused.hint}")
    found = [
        ExitStatus.USAGE if bad(rows) else ExitStatus.OK,
        ExitStatus.CREDITS if refusal else ExitStatus.OK,
        ExitStatus.OK if unmade is None else exit_of_error(unmade),
        ExitStatus.OK if trouble is None else exit_of_error(trouble),
    ]
    return worst(found)


def without_blender(session: Session, rows: Rows) -> Refused | None:
    """Why the batch would not start for want of a Blender; None if it would."""
    try:
        find_blender(session, rows)
    except Refused as refusal:
        return refusal
    return None


def still_to_pay(session: Session, folder: BatchFolder, rows: Rows, price: int) -> int:
    """The price without what an earlier run has ordered."""
    if not folder.is_begun:
        return price
    store = open_store(session, folder)
    try:
        return OrderStore(store, folder, session.address).unpaid(good(rows))
    finally:
        store.close()


def balance(session: Session) -> tuple[Wallet | None, ServiceError | None]:
    """The account's credits, or why they could not be asked for.

    Neither where no key is at hand or the network may not be used: that is no trouble.
    """
    try:
        return patiently(session, session.client.wallet), None
    except NoKey:
        return None, None
    except Refused as refusal:
        session.output.say(refusal.message)
        return None, None
    except ServiceError as error:
        session.output.problem(f"The balance cannot be asked for: {error.message}")
        return None, error


def too_much(session: Session, price: int, wallet: Wallet | None) -> Refused | None:
    """Why the price is too high; None if it is not."""
    most: Any = session.arguments.max_credits
    said = f"This is expected to cost {price} credits"
    hint = "Raise --max-credits, shorten the list, or choose cheaper settings."
    if most is not None and price > most:
        words = f"{said}, more than the limit of {most}. Nothing was sent."
        return Refused("over_max_credits", words, hint)
    if wallet is not None and wallet.balance < price:
        words = f"{said}; the balance is {wallet.balance}. Nothing was sent."
        buy = "Buy credits on the service's website, shorten the list, or choose cheaper settings."
        return Refused("insufficient_credits", words, buy)
    return None
