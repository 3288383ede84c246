"""The report can be shown to anybody."""

import pytest

from scripts.live_checks.findings import clean, described
from tests.live_check.conftest import Check
from tests.live_check.service_in_between import Passing, between
from tests.sandbox.front import KEY, Front

MAIL, ACCOUNT = "artist@studio.example", "acct_1N2b3C4d5E"
UUID = "0b9e1c1e-7a5e-4c55-9d0e-3f5d6b8f1a2b"


@pytest.mark.attack(
    "The service repeats key, account and mail in every answer to the check",
    "None of it is in the check's report",
)
def test_nothing_secret_is_written(front: Front, check: Check) -> None:
    """A service that tells everything it knows, in every place it has."""
    link = (
        f"https://{'9' * 32}.r2.storage.example/{UUID}/f.png?X-Amz-Signature=topsecret&mail={MAIL}"
    )

    def tell(passing: Passing) -> None:
        everything = f"{passing.sent_key} of {MAIL} ({ACCOUNT}, {UUID}, 1234567) at {link}"
        if passing.status >= 400:
            passing.replace({"error": everything, "user": everything}, 418)
        elif passing.is_status:
            passing.change(lambda s: s.update(status=everything, failure_reason=7, owner=MAIL))
            passing.status = 400
        elif passing.is_receipt:
            passing.change(lambda r: r.update(created_at=everything, account=ACCOUNT))

    with between(front, tell) as service:
        arguments = ("--yes", "--budget", "5", "--only", "image-gemini25flash", "--only", "*-key")
        checked = check(service.address, *arguments, "--only", "unknown-task")
    assert checked.code == 1
    assert len(checked.differences()) >= 5
    text = checked.files()
    for secret in (KEY, MAIL, "studio.example", ACCOUNT, UUID, "1234567", "topsecret", "9" * 32):
        assert secret not in text
    task = service.paid()[0].body.decode().split('"')[3]
    assert task not in text


@pytest.mark.attack("The check fetches a result from the storage", "The key is not shown to it")
def test_the_key_goes_to_no_other_host(front: Front, check: Check) -> None:
    with between(front) as service:
        check(service.address, "--yes", "--budget", "5", "--only", "image-gemini25flash")
    files = [one for one in service.passed if one.is_file]
    assert files
    assert {one.sent_key for one in files} == {""}


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Bearer abc.def", "Bearer ***"),
        ("the key k-1 is wrong", "the key *** is wrong"),
        ("write to a.b+c@d-e.co.uk!", "write to ***!"),
        ("a%40b.com", "***"),
        (f"user {UUID}", "user ***"),
        (f"user {UUID.replace('-', '')}", "user ***"),
        ("account 90210 of 3", "account *** of 3"),
        ("HTTP 404, 35 credits, 2026-03-01", "HTTP 404, 35 credits, 2026-03-01"),
        ("asset_type is 3D_MODEL", "asset_type is 3D_MODEL"),
        (
            "see https://u:p@a.b.c.example/users/7/f.glb?sig=x&e=1#z now",
            "see https://….c.example/….glb?e&sig now",
        ),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    assert clean(text, "k-1") == cleaned


def test_an_address_on_this_machine() -> None:
    assert described("http://127.0.0.1:80/a/b.zip?s=1") == "http://127.0.0.1:80/….zip?s"
