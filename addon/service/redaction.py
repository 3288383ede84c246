"""Keeps secrets, and what a terminal obeys, out of what is written: logs, tracebacks, reports."""

import logging
import re
from collections.abc import Iterable
from typing import Final

MASK = "***"

_PATTERNS = (
    re.compile(r"(?i)(?<=bearer )[^\s'\",]+"),
    # The login of a link, before its host.
    re.compile(r"(?<=://)[^\s/?#'\"]+(?=@)"),
    # The signature in the query of a storage link lets anyone fetch the file.
    re.compile(
        r"(?i)(?<=[?&])([\w.-]{0,40}(?:token|secret|password|pwd|signature|credential|policy|keyid"
        r"|(?<![a-z])(?:sig|key|auth)|apikey))=[^&\s'\"]+"
    ),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Replace the given secrets, bearer tokens and link signatures."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: f"{match[1]}={MASK}" if match.re.groups else MASK, text)
    return text


_OBEYED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters but for tab and line end, and those that turn the direction of writing."""


def harmless(text: str) -> str:
    """The text with a ? for each character that a terminal obeys in place of showing it."""
    return _OBEYED.sub("?", text)


class RedactingFormatter(logging.Formatter):
    """Formats like its base class and masks the whole record, its traceback included.

    Whoever looks at the file in a terminal sees what is in it, and nothing else happens.
    """

    def __init__(self, fmt: str, secrets: Iterable[str] = ()) -> None:
        super().__init__(fmt)
        self._secrets = set(secrets)

    def add_secret(self, secret: str) -> None:
        """Mask this text too from now on."""
        self._secrets.add(secret)

    def format(self, record: logging.LogRecord) -> str:
        return harmless(redact(super().format(record), self._secrets))
