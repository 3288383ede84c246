import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from addon.service import errors
from addon.service.answers import (
    FALLBACK_WAIT,
    MOST_RESULTS,
    TaskState,
    error_from,
    read_json,
    read_receipt,
    read_status,
    read_wallet,
    retry_after,
)
from addon.service.errors import AmbiguousSubmit, Charged, RateLimited, UnexpectedAnswer


def error_of(status: int, body: object, **headers: str) -> errors.ServiceError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_from(status, headers, data)


@pytest.mark.parametrize("spell", [str.lower, str.upper])
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "validation_failed", errors.ValidationFailed),
        (401, "invalid_api_key", errors.InvalidKey),
        (401, "api_key_expired", errors.KeyExpired),
        (401, "api_key_revoked", errors.KeyRevoked),
        (402, "insufficient_credits", errors.InsufficientCredits),
        (429, "rate_limited", errors.RateLimited),
    ],
)
def test_every_code_of_the_contract_has_its_error(
    status: int, code: str, kind: type[errors.ServiceError], spell: Callable[[str], str]
) -> None:
    error = error_of(status, {"error": "Some sentence", "error_code": spell(code)})
    assert type(error) is kind
    assert error.message
    assert error.hint
    assert error.charged is Charged.NO


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.Redirected),
        (401, errors.InvalidKey),
        (402, errors.InsufficientCredits),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (413, errors.UploadTooLarge),
        (418, errors.ValidationFailed),
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (503, errors.ServerError),
    ],
)
def test_a_status_without_a_code_is_understood(
    status: int, kind: type[errors.ServiceError]
) -> None:
    assert type(error_of(status, b"")) is kind


@pytest.mark.parametrize("key", ["error", "detail", "message"])
def test_the_sentence_is_found_under_each_of_its_names(key: str) -> None:
    assert "Prompt is too long." in error_of(400, {key: "Prompt is too long"}).message


def test_field_dictionaries_become_sentences() -> None:
    error = error_of(
        400,
        {
            "preset": ['"xyz" is not a valid choice.'],
            "images": {"0": {"image": ["This field is required."]}},
            "non_field_errors": ["Give a prompt or an image"],
        },
    )
    assert error.message == (
        'The service refused the request: preset: "xyz" is not a valid choice. '
        "images: 0: image: This field is required. Give a prompt or an image."
    )


def test_a_field_dictionary_inside_the_service_shape() -> None:
    error = error_of(
        400, {"error": {"face_count": ["Too small."]}, "error_code": "VALIDATION_FAILED"}
    )
    assert error.message.endswith("face_count: Too small.")


def test_what_is_said_twice_is_shown_once() -> None:
    said = 'type: "Round" is not a valid choice.'
    error = error_of(400, {"error": said, "details": {"type": ['"Round" is not a valid choice.']}})
    assert error.message == f"The service refused the request: {said}"


def test_pages_of_gateways_are_never_shown() -> None:
    page = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
    for status in (400, 401, 402, 403, 404, 413, 429, 502):
        assert "<" not in error_of(status, page).message


@pytest.mark.parametrize(
    ("headers", "text", "seconds"),
    [
        ({"Retry-After": "12"}, "Expected available in 40 seconds.", 12.0),
        ({}, "Request was throttled. Expected available in 40 seconds.", 40.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", FALLBACK_WAIT),
        ({}, "", FALLBACK_WAIT),
        ({"Retry-After": "0"}, "", 1.0),
        ({"Retry-After": "999999"}, "", 600.0),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], text: str, seconds: float) -> None:
    assert retry_after(headers, text) == seconds


@pytest.mark.parametrize("key", ["error", "detail"])
def test_the_wait_is_read_from_the_sentence(key: str) -> None:
    error = error_of(429, {key: "Request was throttled. Expected available in 17 seconds."})
    assert isinstance(error, RateLimited)
    assert error.retry_after == 17.0


def test_balance_is_text_with_decimals() -> None:
    wallet = read_wallet({"balance": "150.10", "rate_limit": 5})
    assert (wallet.balance, wallet.rate_limit) == (Decimal("150.10"), 5)


@pytest.mark.parametrize("rate_limit", [None, "3", 0, -1, True])
def test_a_rate_limit_that_is_none_is_not_used(rate_limit: object) -> None:
    assert read_wallet({"balance": 7, "rate_limit": rate_limit}).rate_limit is None


@pytest.mark.parametrize("answer", [{}, {"balance": None}, {"balance": "NaN"}, {"balance": "x"}])
def test_an_answer_without_a_balance(answer: dict[str, object]) -> None:
    with pytest.raises(UnexpectedAnswer):
        read_wallet(answer)


def test_a_finished_status() -> None:
    status = read_status(
        {
            "status": "FINISHED",
            "progress": 100,
            "failure_reason": None,
            "results": [
                {"asset": None, "asset_type": "ARCHIVE", "metadata": None},
                {"asset_url": "https://s/a.glb", "asset_type": "3D_MODEL", "metadata": {"a": 1}},
                {
                    "asset": "https://s/b.glb",
                    "asset_url": "https://old/b.glb",
                    "asset_type": "IMAGE",
                },
            ],
        }
    )
    assert status.status is TaskState.FINISHED
    assert [(asset.url, asset.asset_type) for asset in status.results] == [
        (None, "ARCHIVE"),
        ("https://s/a.glb", "3D_MODEL"),
        ("https://s/b.glb", "IMAGE"),
    ]
    assert status.results[1].metadata == {"a": 1}


@pytest.mark.parametrize(
    ("progress", "read"), [(None, 0), ("7", 0), (250, 100), (-3, 0), (41.9, 41)]
)
def test_progress_is_kept_within_bounds(progress: object, read: int) -> None:
    assert read_status({"status": "IN_PROGRESS", "progress": progress}).progress == read


@pytest.mark.parametrize("status", ["", None, "QUEUED", 3])
def test_an_unknown_status_is_said_clearly(status: object) -> None:
    with pytest.raises(UnexpectedAnswer, match="does not know"):
        read_status({"status": status})


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"\xff\xfe"])
def test_an_answer_that_is_no_object(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        read_json(body)


@pytest.mark.attack(
    "An answer names a hundred thousand results, with figures and names without end.",
    "A bounded number is kept; a task whose name fits into no address is called unanswered.",
)
def test_what_an_answer_says_is_bounded() -> None:
    result = {"asset": "https://s/a.glb", "asset_type": "x" * 10**5, "metadata": {"a": "b" * 10**5}}
    status = read_status({"status": "FINISHED", "results": [result] * 10**5})
    assert len(status.results) == MOST_RESULTS
    assert len(status.results[0].asset_type) < 100
    assert status.results[0].metadata == {}
    with pytest.raises(AmbiguousSubmit):
        read_receipt({"task_id": "t" * 10**5})
