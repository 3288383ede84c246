"""Texts that are not on the command line itself: ``-`` is stdin, ``@FILE`` is a file."""

from collections.abc import Mapping
from typing import Any

from ..catalog import Kind, Operation
from ..service import written_text
from ..service.whole_files import open_to_read
from .exits import Refused
from .session import Session

STDIN = "-"
FILE = "@"
MOST_BYTES = 256 * 1024
"""Of a text that is read; the longest that the service takes has a few thousand."""


def with_texts(session: Session, operation: Operation, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with every text read from where it is; raises Refused."""
    read = dict(values)
    from_stdin = [
        name
        for name, value in values.items()
        if operation.field(name).kind is Kind.TEXT and value == STDIN
    ]
    if len(from_stdin) > 1:
        raise Refused("usage", "Only one text can come from stdin.", "Put the other into a file.")
    for name, value in values.items():
        if operation.field(name).kind is Kind.TEXT and isinstance(value, str):
            read[name] = text_of(session, value)
    return read


def text_of(session: Session, given: str) -> str:
    """The text; ``@@`` at the beginning stands for a plain ``@``."""
    if given == STDIN:
        return from_stdin(session)
    if given.startswith(FILE * 2) or not given.startswith(FILE):
        return given.removeprefix(FILE) if given.startswith(FILE) else given
    path = session.path(given.removeprefix(FILE))
    try:
        with open_to_read(path) as file:
            return decoded(file.read(MOST_BYTES + 1))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Refused(
            "input_unreadable",
            f"{path} cannot be read: {reason}. Nothing was sent.",
            "Write @@ for a text that begins with @.",
        ) from None


def from_stdin(session: Session) -> str:
    """All of stdin, which is UTF-8 whatever the terminal's encoding."""
    stdin = session.environment.stdin
    buffer = getattr(stdin, "buffer", None)
    try:
        if buffer is None:
            return stdin.read().strip()
        return decoded(buffer.read(MOST_BYTES + 1))
    except ValueError as error:
        raise Refused(
            "input_unreadable", f"stdin cannot be taken: {error}.", "Nothing was sent."
        ) from None


def decoded(data: bytes) -> str:
    """The text; raises ValueError with the reason where it is none that can be sent."""
    if len(data) > MOST_BYTES:
        raise ValueError("it is too long")
    try:
        return written_text.decoded(data).strip()
    except UnicodeError:
        raise ValueError("it is not UTF-8 text") from None
