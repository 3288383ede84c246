"""Whatever an answer holds: it is read or refused in words, and what is read can be kept."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from addon.jobs.job import Failure
from addon.jobs.rows import failure_from_text, failure_text
from addon.service.answers import (
    LONGEST_WAIT,
    error_from,
    read_json,
    read_receipt,
    read_status,
    read_wallet,
)
from addon.service.errors import ServiceError
from tests.fuzz.bounds import searched

READERS = (read_wallet, read_status, read_receipt)
NAMES = (
    "balance", "rate_limit", "status", "progress", "failure_reason", "results", "asset",
    "asset_url", "asset_type", "metadata", "task_id", "created_at", "error", "error_code", "detail",
)  # fmt: skip
WORDS = ("FINISHED", "PENDING", "IN_PROGRESS", "FAILED", "rate_limited", "1e999999999", "NaN")

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(st.characters(codec=None), max_size=20),
    st.sampled_from(WORDS),
)
documents = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)
answers = st.dictionaries(st.sampled_from(NAMES), documents, max_size=8)


@pytest.mark.attack(
    "Any JSON at all in place of an answer",
    "Read or refused in words; it fits every file and terminal",
)
@given(answers)
@searched(100)
@example({"status": "FINISHED", "results": 5})
@example({"status": "PENDING", "progress": 10**400})
@example({"status": "PENDING", "progress": math.nan})
@example({"status": "FAILED", "failure_reason": "\ud800"})
@example({"task_id": "\udfff"})
@example({"balance": 1e15})
@example({"balance": "1e999999999"})
@example({"balance": "-1e999999999"})
def test_it_is_read_or_refused(answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    for read in READERS:
        found = tried(read, body)
        if found is not None:
            repr(found).encode()  # nothing in it that no file and no terminal takes
            assert len(str(found)) < 10 * len(body) + 200  # nor figures that only count up
    status = tried(read_status, body)
    assert status is None or 0 <= status.progress <= 100
    wallet = tried(read_wallet, body)
    assert wallet is None or round(wallet.balance) < 10**15


def tried(read: Callable[[Any], Any], body: bytes) -> Any:
    try:
        return read(read_json(body))
    except ServiceError as error:
        refused = error
    assert refused.message.encode()
    return None


@pytest.mark.attack(
    "Any JSON at all with an error, and any Retry-After",
    "Told in a short text; no wait beyond the longest",
)
@given(st.integers(300, 599), st.text(max_size=10), documents)
@searched(100)
@example(429, "9" * 400, {})
@example(429, "", {"error": f"available in {'9' * 400} seconds"})
def test_so_is_what_comes_with_an_error(status: int, wait: str, document: Any) -> None:
    error = error_from(status, {"Retry-After": wait}, json.dumps(document).encode())
    failure = Failure(error.code, error.message, error.hint, error.charged)
    text = failure_text(failure)
    assert text is not None
    text.encode()
    assert failure_from_text(text) == failure
    assert len(error.message) < 1000
    assert len(error.code) < 100
    assert getattr(error, "retry_after", 0.0) <= LONGEST_WAIT


@pytest.mark.attack("Bytes that are no JSON object in place of an answer", "Refused in words")
@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"null", b"[]", b"{", b'{"a": ', b"[" * 100_000, b'{"a":' * 50_000,
        b"<html><body>Bad gateway</body></html>", b"9" * 10_000, b'"' + b"x" * 100, b"\0" * 64,
    ],
)  # fmt: skip
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ServiceError, match="answer"):
        read_json(body)
    assert error_from(502, {}, body).message
    assert error_from(400, {}, body).message
