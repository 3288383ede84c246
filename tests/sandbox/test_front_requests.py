"""The front's manners: key, slash, methods, throttle, wallet, error shapes."""

import pytest

from scripts.sandbox.clock import Clock
from scripts.sandbox.options import Behaviour
from scripts.sandbox.throttle import Throttle
from tests.sandbox.front import CONVERT, RAPID, TRELLIS, Front, running


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "INVALID_API_KEY"),
        ("wrong", "INVALID_API_KEY"),
        ("expired-key", "API_KEY_EXPIRED"),
        ("revoked-key", "API_KEY_REVOKED"),
    ],
)
def test_bad_keys_are_told_apart(front: Front, key: str | None, code: str) -> None:
    answer = front.get("/account/user/wallet/", key=key)
    assert (answer.status_code, answer.json()["error_code"]) == (401, code)


def test_codes_can_be_lower_case(front: Front) -> None:
    front.behave(lower_case_codes=True)
    assert front.get("/account/user/wallet/", key=None).json()["error_code"] == "invalid_api_key"


def test_wallet_has_a_string_balance_and_the_rate_limit(front: Front) -> None:
    front.control("POST", "balance", {"balance": 150})
    answer = front.get("/account/user/wallet/")
    assert answer.json() == {"balance": "150.00", "rate_limit": 1000}


def test_the_old_wallet_path_is_gone_unless_switched_on(front: Front) -> None:
    assert front.get("/user/wallet/").json() == {"detail": "Not found."}
    front.behave(old_wallet_path=True)
    assert front.get("/user/wallet/").json()["rate_limit"] == 1000


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_missing_slash_is_an_error_and_no_redirect(front: Front, method: str) -> None:
    answer = front.request(method, RAPID.rstrip("/"), json={"prompt": "x"}, allow_redirects=False)
    assert answer.status_code == 400
    assert "slash" in answer.json()["error"]


def test_unknown_paths_and_methods(front: Front) -> None:
    assert front.post("/v1/generate/", {"prompt": "x"}).status_code == 404
    assert front.get(RAPID).json() == {"detail": 'Method "GET" not allowed.'}


def test_a_body_of_another_type_is_415(front: Front) -> None:
    form = front.post(TRELLIS, files={"image": ("a.png", b"")})
    plain = front.post(RAPID, data=b'{"prompt": "x"}')
    assert (form.status_code, plain.status_code) == (415, 415)
    assert "Unsupported media type" in form.json()["detail"]


def test_a_body_above_the_limit_is_413(front: Front) -> None:
    answer = front.post(
        CONVERT, data={"output_format": "obj"}, files={"model_file": ("a.glb", bytes(400_000))}
    )
    assert answer.status_code == 413
    assert "<html>" in answer.text


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (
            "service",
            {
                "error": "prompt: This field may not be blank.",
                "error_code": "VALIDATION_FAILED",
                "details": {"prompt": ["This field may not be blank."]},
            },
        ),
        ("detail", {"detail": "prompt: This field may not be blank."}),
        ("fields", {"prompt": ["This field may not be blank."]}),
    ],
)
def test_three_shapes_of_a_400(front: Front, shape: str, expected: object) -> None:
    front.behave(error_shape=shape)
    answer = front.post(RAPID, {"prompt": ""})
    assert (answer.status_code, answer.json()) == (400, expected)


def test_broken_json_is_a_400(front: Front) -> None:
    answer = front.post(RAPID, data=b'{"prompt":', headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "Invalid JSON" in answer.json()["error"]


def test_only_posts_are_throttled(front: Front) -> None:
    front.behave(rate_limit=2)
    front.submit()
    assert front.post(RAPID, {}).status_code == 400
    refused = front.post(RAPID, {"prompt": "x"})
    assert refused.status_code == 429
    seconds = int(refused.headers["Retry-After"])
    assert 0 < seconds <= 60
    assert refused.json() == {
        "error": f"Request was throttled. Expected available in {seconds} seconds.",
        "error_code": "RATE_LIMITED",
    }
    assert front.get("/account/user/wallet/").status_code == 200


def test_a_throttled_post_costs_nothing(front: Front) -> None:
    front.behave(rate_limit=0)
    before = front.balance()
    assert front.post(RAPID, {"prompt": "x"}).status_code == 429
    assert front.balance() == before


def test_the_throttle_has_three_switches(front: Front) -> None:
    front.behave(rate_limit=0, throttle_text_key="detail", retry_after=False, throttle_reads=True)
    answer = front.get("/account/user/wallet/")
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    assert list(answer.json()) == ["detail"]


def test_the_window_rolls() -> None:
    clock = Clock()
    throttle = Throttle(Behaviour(rate_limit=2, rate_window=60), clock)
    assert throttle.admit("a") == 0.0
    clock.advance(40)
    assert throttle.admit("a") == 0.0
    assert throttle.admit("a") == pytest.approx(20, abs=0.5)
    assert throttle.admit("b") == 0.0
    clock.advance(21)
    assert throttle.admit("a") == 0.0
    assert throttle.admit("a") == pytest.approx(39, abs=0.5)


def test_a_kind_without_an_engine_is_an_honest_501() -> None:
    with running(engines={}) as bare:
        answer = bare.post(RAPID, {"prompt": "x"})
        assert (answer.status_code, answer.json()["error_code"]) == (501, "NOT_IMPLEMENTED")
        assert bare.balance() == "10000.00"
