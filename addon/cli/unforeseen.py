"""What ends a command that nobody foresaw: words and a next step for people, the rest for a log."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..jobs.schema import StoreBusy, StoreUnusable, is_busy
from ..worker.logs import log_handler
from .exits import Refused
from .session import Session

log = logging.getLogger(__name__)

LOG_NAME: Final = "command_line.log"
NOT_TWICE: Final = "What was paid for is not paid again: `jobs` lists it, `resume` goes on with it."


@contextmanager
def logged(session: Session) -> Iterator[None]:
    """Keep log and tracebacks off stderr: they are for a file, and people get sentences."""
    root = logging.getLogger()
    handler: logging.Handler = logging.NullHandler()
    place = log_place(session)
    if place is not None:
        handler = log_handler(place, session.formatter)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def log_place(session: Session) -> Path | None:
    """Where the log is; None where there can be none."""
    try:
        return session.places.logs / LOG_NAME
    except Refused:
        return None


def foreseen(session: Session, error: Exception) -> Exception:
    """The error as one that has words, a next step and an exit code; it is logged whole."""
    log.error("the command ended unexpectedly", exc_info=error)
    if isinstance(error, sqlite3.Error):
        return _of_store(error)
    from ..jobs.unforeseen import words  # late: most commands do without what it brings along

    if isinstance(error, OSError):
        about = f" ({error.filename})" if error.filename else ""
        return Refused(
            "system_trouble",
            f"The system refused something: {error.strerror or words(error)}{about}.",
            f"See to space, permissions and limits, and start it again. {NOT_TWICE}",
        )
    place = log_place(session)
    told = f"{place} has more: please report it. " if place is not None and place.exists() else ""
    if isinstance(error, MemoryError):
        message = "There was not enough memory."
    else:
        message = f"Something went wrong that nobody foresaw: {words(error)}."
    return Refused("unforeseen", message, told + NOT_TWICE)


def _of_store(error: sqlite3.Error) -> StoreUnusable:
    if is_busy(error):
        return StoreBusy(
            "The job list is busy: another program writes to it.",
            hint=f"Start it again in a moment. {NOT_TWICE}",
        )
    return StoreUnusable(
        f"The job list cannot be read or written: {error}.",
        hint=f"Check its folder's permissions and free space. {NOT_TWICE}",
    )
