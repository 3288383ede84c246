"""What every step shares: the service, the journal, words for people, and waiting."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus

from addon.catalog import WireRequest
from addon.service.answers import read_json, read_wallet, retry_after
from addon.service.client import WALLET_PATHS
from addon.service.errors import NetworkError, UnexpectedAnswer
from addon.service.throttle import DEFAULT_LIMIT, WINDOW, wait_for_slot
from scripts.live_checks.exchange import Answer, Exchange
from scripts.live_checks.journal import Journal

TRIES = 5


class Stopped(Exception):
    """The check cannot go on; the text says why and what became of the step."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    look: float = 6.0
    """Between two looks at a task."""
    retry: float = 15.0
    """After trouble on the way."""
    without_file: float = 120.0
    """For which a FINISHED task may still have no file."""
    task: float = 2400.0
    """After which a task is left for the next run."""


@dataclass(slots=True)
class Asking:
    """One run against one account."""

    exchange: Exchange
    journal: Journal
    say: Callable[[str], None]
    pace: Pace
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    limit: int = field(default=DEFAULT_LIMIT, init=False)
    """Submissions a minute; the balance says it."""

    def balance(self) -> Decimal:
        """The credits there are. Raises Stopped."""
        answer = self.read(WALLET_PATHS[0])
        try:
            wallet = read_wallet(read_json(answer.body))
        except UnexpectedAnswer as error:
            raise Stopped(
                f"The balance cannot be read (HTTP {answer.status}), and without it no price is "
                "known. Nothing more is sent."
            ) from error
        self.limit = wallet.rate_limit or DEFAULT_LIMIT
        return wallet.balance

    def read(self, path: str, *, key: str | None = None) -> Answer:
        """GET, again after trouble that passes. Raises Stopped."""
        for left in range(TRIES, 0, -1):
            try:
                answer = self.exchange.get(path, key=key)
            except NetworkError as error:
                if left == 1:
                    raise Stopped(f"{error.message} {error.hint}") from error
                self.say(f"{error.message} Once more in {self.pace.retry:.0f} s.")
                self.sleep(self.pace.retry)
                continue
            if left == 1 or not _passes(answer):
                return answer
            self.wait_as_told(answer)
        raise AssertionError

    def wait_for_turn(self) -> None:
        """Wait until one more submission keeps within the limit."""
        seconds = wait_for_slot(self.journal.submissions, self.now(), self.limit)
        if seconds:
            self.say(f"Waiting {seconds:.0f} s: {self.limit} submissions a minute are allowed.")
            self.sleep(seconds)

    def submit(self, wire: WireRequest) -> Answer:
        """POST now. Raises NetworkError, which says whether it was received."""
        self.journal.submissions.append(self.now())
        return self.exchange.post(wire)

    def wait_as_told(self, answer: Answer) -> None:
        """Wait as long as a 429 asks for, or a little after other trouble."""
        seconds = self.pace.retry
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            text = answer.body.decode(errors="replace")
            seconds = min(retry_after(answer.headers, text), WINDOW)
        self.say(f"The service answers HTTP {answer.status}. Once more in {seconds:.0f} s.")
        self.sleep(seconds)


def _passes(answer: Answer) -> bool:
    return answer.status in {429, 500, 502, 503, 504}
