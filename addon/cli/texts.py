"""Texts that are not on the command line itself: ``-`` is stdin, ``@FILE`` is a file."""

from collections.abc import Mapping
from typing import Any

from ..catalog import Kind, Operation
from .exits import Refused
from .session import Session

STDIN = "-"
FILE = "@"


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
        return path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
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
        return (stdin.read() if buffer is None else buffer.read().decode("utf-8-sig")).strip()
    except UnicodeError:
        raise Refused("input_unreadable", "stdin is not UTF-8 text.", "Nothing was sent.") from None
