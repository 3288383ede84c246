"""What the service answered: results, or an error in one of its three body shapes."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from ..catalog.messages import Message
from . import json_text
from .errors import (
    AmbiguousSubmit,
    Forbidden,
    InsufficientCredits,
    InvalidKey,
    KeyExpired,
    KeyRevoked,
    NotFound,
    RateLimited,
    Redirected,
    ServerError,
    ServiceError,
    UnexpectedAnswer,
    UploadTooLarge,
    ValidationFailed,
)
from .redaction import harmless

FALLBACK_WAIT = 30.0
"""Seconds to wait after "too many requests" when the answer does not say how long."""

LONGEST_WAIT = 600.0

MOST_DIGITS: Final = 15
"""Of a balance; more is no number of credits."""
MOST_WORDS: Final = 600
"""Characters of what the service says: more is not read, and holds up whoever shows it."""
MOST_OF_A_CODE: Final = 60
"""The same of a word of its own."""
MOST_OF_AN_ID: Final = 400
"""Of a task; a longer one fits into no address."""
MOST_RESULTS: Final = 200
"""Of a task: each becomes a file."""
MOST_OF_FIGURES: Final = 64 * 1024
"""Of the metadata of a result, as JSON: more are none that anybody reads."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """``balance`` in credits; ``rate_limit`` in submissions a minute, if the service said it."""

    balance: Decimal
    rate_limit: int | None = None


class TaskState(StrEnum):
    """The service's own words for where a task stands."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The receipt of a submission."""

    task_id: str
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """One entry of a task's results; ``url`` is None while (or if) there is no file."""

    url: str | None
    asset_type: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """Where a task stands; ``progress`` is 0-100."""

    status: TaskState
    progress: int
    failure_reason: str | None
    results: tuple[Asset, ...]


def read_json(body: bytes) -> dict[str, Any]:
    """The answer's JSON object; raises UnexpectedAnswer."""
    try:
        loaded = json_text.read(body)
    except ValueError as error:
        raise UnexpectedAnswer("The service's answer could not be read.") from error
    if not isinstance(loaded, dict):
        raise UnexpectedAnswer("The service's answer has another form than expected.")
    return loaded


def read_receipt(answer: Mapping[str, Any]) -> Submitted:
    """Read the receipt of an order; raises AmbiguousSubmit where it names no task."""
    task_id = answer.get("task_id")
    if not isinstance(task_id, str) or not 0 < len(task_id.strip()) <= MOST_OF_AN_ID:
        raise AmbiguousSubmit("The order was sent, but its receipt names no task.")
    return Submitted(task_id.strip(), str(answer.get("created_at") or ""))


def read_wallet(answer: Mapping[str, Any]) -> Wallet:
    """Read the balance, which is text with decimals; raises UnexpectedAnswer."""
    try:
        balance = Decimal(str(answer["balance"]))
    except (KeyError, InvalidOperation) as error:
        raise UnexpectedAnswer("The service's answer contains no balance.") from error
    if not balance.is_finite() or balance.adjusted() >= MOST_DIGITS:
        raise UnexpectedAnswer("The service's answer contains no balance.")
    rate_limit = answer.get("rate_limit")
    usable = isinstance(rate_limit, int) and not isinstance(rate_limit, bool) and rate_limit > 0
    return Wallet(balance, rate_limit if usable else None)


def read_status(answer: Mapping[str, Any]) -> TaskStatus:
    """Read a status answer; raises UnexpectedAnswer, also for a state that is not known."""
    word = shortened(str(answer.get("status", "")).upper(), MOST_OF_A_CODE)
    if word not in TaskState.__members__:
        raise UnexpectedAnswer(
            Message('The service reported a state this version does not know: "{word}".', word=word)
        )
    results = answer.get("results")
    entries = results[:MOST_RESULTS] if isinstance(results, list) else ()
    return TaskStatus(
        TaskState[word],
        _percent(answer.get("progress")),
        shortened(str(answer["failure_reason"])) if answer.get("failure_reason") else None,
        tuple(_asset(entry) for entry in entries if isinstance(entry, Mapping)),
    )


def _percent(said: Any) -> int:
    if not isinstance(said, int | float) or (isinstance(said, float) and not math.isfinite(said)):
        return 0
    return int(min(max(said, 0), 100))


def _asset(entry: Mapping[str, Any]) -> Asset:
    url = entry.get("asset") or entry.get("asset_url")
    metadata = entry.get("metadata")
    return Asset(
        str(url) if url else None,
        shortened(str(entry.get("asset_type") or "").upper(), MOST_OF_A_CODE),
        _figures(metadata) if isinstance(metadata, Mapping) else {},
    )


def _figures(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return dict(metadata) if len(json.dumps(metadata)) <= MOST_OF_FIGURES else {}


def error_from(status: int, headers: Mapping[str, str], body: bytes) -> ServiceError:
    """Make the error of an answer that is not a success (HTTP 3xx to 5xx)."""
    code, text = _code_and_text(body)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Redirected("The service address answered with a redirect.", http_status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return ServerError(
            Message("The service has trouble (HTTP {status}).", status=status),
            http_status=status,
            code=code,
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == "rate_limited":
        wait = retry_after(headers, text)
        return RateLimited(
            Message(
                "Too many submissions at once; the service asks to wait {wait:.0f} seconds.",
                wait=wait,
            ),
            retry_after=wait,
        )
    if status == HTTPStatus.UNAUTHORIZED:
        return _key_error(code, text)
    return _refusal(status, code, text)


def _key_error(code: str | None, text: str) -> ServiceError:
    kinds = {"api_key_expired": KeyExpired, "api_key_revoked": KeyRevoked}
    messages = {
        "api_key_expired": "The API key has expired.",
        "api_key_revoked": "The API key was revoked.",
    }
    kind = kinds.get(code or "", InvalidKey)
    message = messages.get(code or "", "The service does not accept the API key.")
    known = {*kinds, "invalid_api_key"}
    return kind(
        message
        if code in known or not text
        else Message("{message} It says: {text}", message=Message(message), text=text)
    )


def _refusal(status: int, code: str | None, text: str) -> ServiceError:
    if status == HTTPStatus.PAYMENT_REQUIRED or code == "insufficient_credits":
        return InsufficientCredits(text or "There are not enough credits.", http_status=status)
    if status == HTTPStatus.FORBIDDEN:
        return Forbidden(text or "The service denies access.", http_status=status)
    if status == HTTPStatus.NOT_FOUND:
        return NotFound("The service does not know this (any more).", http_status=status)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return UploadTooLarge("The file is too large for the service.", http_status=status)
    said = text or Message("no reason given (HTTP {status}).", status=status)
    return ValidationFailed(
        Message("The service refused the request: {said}", said=said), http_status=status
    )


def retry_after(headers: Mapping[str, str], text: str) -> float:
    """Seconds to wait: the header, else the sentence "available in N seconds", else a guess."""
    header = headers.get("Retry-After", "").strip()
    named = re.search(r"available in (\d+(?:\.\d+)?) second", text)
    if re.fullmatch(r"\d+(\.\d+)?", header):
        wait = float(header)
    elif named is not None:
        wait = float(named[1])
    else:
        wait = FALLBACK_WAIT
    return min(max(wait, 1.0), LONGEST_WAIT)


def _code_and_text(body: bytes) -> tuple[str | None, str]:
    """The lower-case code and the sentence of an error body; (None, "") for pages of gateways."""
    try:
        code, text = _said_in(json_text.read(body))
    except (ValueError, RecursionError):
        return None, ""
    return (shortened(code, MOST_OF_A_CODE) if code else None), shortened(text)


def _said_in(loaded: Any) -> tuple[str | None, str]:
    if isinstance(loaded, str | list):
        return None, _sentence(loaded)
    if not isinstance(loaded, dict):
        return None, ""
    code = loaded.get("error_code") or loaded.get("code")
    text = ""
    for name in ("error", "detail", "message"):
        if loaded.get(name):
            text = _sentence(loaded[name])
            break
    fields = {
        name: said
        for name, said in loaded.items()
        if name not in {"error", "detail", "message", "error_code", "code", "status"}
        and isinstance(said, list | dict)
    }
    details = _sentence(fields)
    if details not in text:  # some bodies say the same in a sentence and field by field
        text = f"{text} {details}".strip()
    return (str(code).lower() if code else None), text


def _sentence(said: Any) -> str:
    """Render text, lists of texts and field dictionaries (also nested) as sentences."""
    if isinstance(said, dict):
        parts = []
        for name, value in said.items():
            words = _sentence(value)
            plain = name in {"non_field_errors", "detail", "details", "message", "error", "errors"}
            parts.append(words if plain or not words else f"{name}: {words}")
        return " ".join(filter(None, parts))
    if isinstance(said, list):
        return " ".join(filter(None, (_sentence(value) for value in said)))
    return ended(" ".join(str(said).split())[:400])


def shortened(text: str, most: int = MOST_WORDS) -> str:
    """What the service says, without what a terminal obeys; the beginning if it is too long."""
    text = harmless(text)
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


ENDS: Final = ".!?\u3002\uff01\uff1f"
"""What a sentence ends with, also in East Asian writing."""


def ended(text: str) -> str:
    """The text as a sentence that another one can follow."""
    return text if not text or text[-1] in ENDS else text + "."
