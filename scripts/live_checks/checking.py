"""From step to step, and where to stop."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus

from addon.catalog import AssetType
from addon.service.client import WALLET_PATHS
from scripts.live_checks import orders
from scripts.live_checks.asking import TRIES, Asking, Stopped
from scripts.live_checks.contract import WALLET, Expected, compare, shape_of
from scripts.live_checks.exchange import Answer
from scripts.live_checks.findings import Finding, amount
from scripts.live_checks.inputs import Inputs
from scripts.live_checks.journal import DONE, SENT, UNANSWERED, Entry, Journal
from scripts.live_checks.steps import THROTTLED, Order, Read, Refused, Step, TooMany

HIGHEST_LIMIT = 20
"""Submissions a minute up to which the limit itself is tried."""


@dataclass(slots=True)
class Checking:
    """``agree`` asks before a paid step, and raises Stopped for "no more"; ``wrote`` reports."""

    asking: Asking
    inputs: Inputs
    budget: int
    agree: Callable[[Order, Decimal, Decimal], bool]
    wrote: Callable[["Checking"], None]
    not_taken: dict[str, str] = field(default_factory=dict)
    """Steps that were not taken, and why."""
    budget_ended: bool = False

    def take(self, steps: Sequence[Step]) -> None:
        """All steps, those that are paid already first. Raises Stopped and ServiceError."""
        entries = self.asking.journal.entries
        self.not_taken |= {step.name: "not reached" for step in steps}
        for step in sorted(steps, key=lambda step: not _is_sent(entries.get(step.name))):
            if self.budget_ended:
                break
            self.not_taken.pop(step.name)
            reason = self._take(step, entries.get(step.name))
            if reason:
                self.not_taken[step.name] = reason
                self.asking.say(f"{step.name}: {reason}")
            else:
                self._tell(step)
            self.wrote(self)

    def _take(self, step: Step, entry: Entry | None) -> str:
        """Why it was not taken; empty if it was."""
        if entry is not None and entry.state == DONE:
            return ""
        match step:
            case Order():
                return self._order(step, entry)
            case TooMany():
                return _too_many(self.asking, step)
            case Refused():
                _refused(self.asking, step)
            case Read():
                answer = self.asking.read(step.path, key=step.key)
                _note(self.asking, step, compare(answer, step.expected, step.name), answer)
        return ""

    def _order(self, step: Order, entry: Entry | None) -> str:
        asking = self.asking
        if entry is not None and entry.state != SENT:
            entry.state = UNANSWERED
            entry.findings.append(orders.no_answer(step))
            asking.journal.record(step.name, entry)
            return ""
        if entry is None:
            addresses, reason = self._addresses(step)
            reason = reason or self._may_be_paid(step)
            if reason:
                return reason
            entry = orders.place(asking, step, self.inputs, addresses)
        if entry.state == SENT:
            orders.follow(asking, step, entry)
        return ""

    def _addresses(self, step: Order) -> tuple[Mapping[str, str], str]:
        """Links to the results it starts from, by step; or why there are none."""
        found = {}
        for name in dict.fromkeys(step.sources.values()):
            entry = self.asking.journal.entries.get(name)
            results = orders.results_of(self.asking, entry) if entry and entry.task_id else []
            models = [one for one in results if one.get("asset_type") == AssetType.MODEL]
            links = [link for one in models if (link := orders.link_of(one))]
            if not links:
                return {}, f"not taken: it needs the result of {name}, which is not there"
            found[name] = links[0]
        return found, ""

    def _may_be_paid(self, step: Order) -> str:
        left = self.budget - spent(self.asking.journal)
        if step.price > left:
            self.budget_ended = True
            return f"not taken: it costs {step.price}, and the budget has {amount(left)} left"
        balance = self.asking.balance()
        if step.price > balance:
            raise Stopped(f"The balance of {balance} credits is not enough for {step.name}.")
        return "" if self.agree(step, left, balance) else "not taken: you said no"

    def _tell(self, step: Step) -> None:
        found = self.asking.journal.entries[step.name].findings
        self.asking.say(f"{step.name}: {_counted(found)}")


def spent(journal: Journal) -> Decimal:
    """Credits of all runs with this journal, with those that may have been charged."""
    return sum((Decimal(entry.spent) for entry in journal.entries.values()), Decimal(0))


def _is_sent(entry: Entry | None) -> bool:
    return entry is not None and entry.state == SENT


def _counted(found: Iterable[Finding]) -> str:
    lines = [f"\n  {one.kind}, {one.where}: {one.seen} (expected: {one.expected})" for one in found]
    return "".join(lines) or "as expected"


def _note(asking: Asking, step: Step, found: list[Finding], answer: Answer) -> None:
    document = answer.document
    seen = f"HTTP {answer.status}"
    if answer.status >= HTTPStatus.BAD_REQUEST and isinstance(document, dict):
        seen += f" has the shape {shape_of(document)}"
    asking.journal.record(step.name, Entry(DONE, findings=found, seen=[seen]))


def _refused(asking: Asking, step: Refused) -> None:
    """Send it, see it refused, and that it cost nothing. Raises Stopped if it was not."""
    before = asking.balance()
    for _ in range(TRIES):
        asking.wait_for_turn()
        answer = asking.submit(step.wire)
        if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
            break
        asking.wait_as_told(answer)
    else:
        raise Stopped(f"{step.name} is refused for coming too soon, again and again. Try later.")
    _settle(asking, step, compare(answer, step.expected, step.name), answer, before)


def _settle(
    asking: Asking,
    step: Refused | TooMany,
    found: list[Finding],
    answer: Answer,
    before: Decimal,
) -> None:
    """Write down how an order without any input ended, and what it has cost.

    ``before`` is the balance that there was. Raises Stopped where it was taken: all others would
    be, too.
    """
    taken = before - asking.balance()
    if taken:
        words = f"the balance fell by {amount(taken)}"
        found.append(Finding("price", step.name, "0 credits", words, "A"))
    _note(asking, step, found, answer)
    asking.journal.entries[step.name].spent = str(max(taken, Decimal(0)))
    asking.journal.save()
    if _is_accepted(answer):
        raise Stopped(f"{step.name} was accepted although nothing was in it. Nothing more is sent.")


def _is_accepted(answer: Answer) -> bool:
    return answer.status < HTTPStatus.MULTIPLE_CHOICES


def _too_many(asking: Asking, step: TooMany) -> str:
    """Send until it is too much; then reading has to go on working. Raises Stopped if one is taken.

    Why it was not done; empty if it was.
    """
    before = asking.balance()
    if asking.limit > HIGHEST_LIMIT:
        return f"not taken: {asking.limit} submissions a minute are too many to try"
    left = asking.limit + 2
    while True:
        answer = asking.submit(step.wire)
        if _is_accepted(answer):
            _settle(asking, step, compare(answer, THROTTLED, step.name), answer, before)
        left -= 1
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or left == 0:
            break
    found = compare(answer, THROTTLED, step.name)
    wait = answer.headers.get("Retry-After")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS and not (wait or "").isdigit():
        where = f"{step.name}.Retry-After"
        found.append(Finding("header", where, "seconds", wait or "not there", "C"))
    reading = asking.exchange.get(WALLET_PATHS[0])
    readable = Expected((HTTPStatus.OK,), "B", WALLET)
    found += compare(reading, readable, "reading while submissions are refused")
    _note(asking, step, found, answer)
    return ""
