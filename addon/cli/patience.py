"""Asking the service something that costs nothing, again if there is trouble that passes."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from ..service.answers import TaskStatus, Wallet
from ..service.errors import (
    NetworkError,
    RateLimited,
    ServerError,
    ServiceError,
    UnexpectedAnswer,
)
from .session import Session

GIVEN_UP: Final[Mapping[type[ServiceError], str]] = {
    NetworkError: "Check the internet connection, proxy and firewall, then start it again.",
    RateLimited: "Start it again after that wait.",
    ServerError: "The trouble is on the service's side: start it again later.",
    UnexpectedAnswer: "Check the service address; if it stays, look for a newer version.",
}
"""What to do when nothing is tried again by itself any more."""

Answer = TypeVar("Answer")

WAITS: Final = (1.0, 2.0, 4.0)
"""Seconds before the second, third and last try."""

LONGEST_WAIT: Final = 120.0
"""Seconds; a service that asks for more is not waited for."""


def ask_wallet(session: Session) -> Wallet:
    """The account's credits, also noted in the list; raises ServiceError."""
    wallet = patiently(session, session.client.wallet)
    session.store.save_wallet(session.address, wallet)
    return wallet


def ask_status(session: Session, task_id: str) -> TaskStatus:
    """What the service says of a task; raises ServiceError."""
    return patiently(session, lambda: session.client.status(task_id))


def patiently(session: Session, ask: Callable[[], Answer]) -> Answer:
    """The answer; what is waited for is said. Raises ServiceError after the last try."""
    try:
        return tried(session, ask)
    except tuple(GIVEN_UP) as error:
        raise given_up(error) from error


def tried(session: Session, ask: Callable[[], Answer]) -> Answer:
    """The answer of the first try that has one; raises the last one's ServiceError."""
    for tries, wait in enumerate(WAITS, start=2):
        try:
            return ask()
        except RateLimited as error:
            if error.retry_after > LONGEST_WAIT:
                raise
            pause, trouble = error.retry_after, error.message
        except (ServerError, NetworkError) as error:
            pause, trouble = wait, error.message
        session.output.say(
            f"{trouble} Trying again in {pause:.0f} s ({tries} of {len(WAITS) + 1})."
        )
        session.environment.sleep(pause)
    return ask()


def given_up(error: ServiceError) -> ServiceError:
    """The error with what to do now that nothing is tried any more."""
    if error.hint == type(error).hint:  # one of its own says more of what is wrong
        error.hint = GIVEN_UP[type(error)]
    return error
