"""The sandbox differs from its contract in one point at a time, and the live check says where."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.live_check.conftest import Check
from tests.live_check.service_in_between import WALLET, Passing, Plant, between
from tests.sandbox.front import FAST, Front, running

PICTURE = "image-gemini25flash"
PAID = ("--yes", "--budget", "100", "--only", PICTURE)
PNG_AS_PAGE = b"<!DOCTYPE html><html><body>Sign in</body></html>"


def in_status(edit: Callable[[Any], object]) -> Plant:
    """Change the status answers."""

    def plant(passing: Passing) -> None:
        if passing.is_status:
            passing.change(edit)

    return plant


def at_first(**changes: Any) -> Plant:
    """Answer the first look at a task as if it were under way, and that with changes."""
    looks: list[Passing] = []

    def plant(passing: Passing) -> None:
        if passing.is_status and not looks:
            looks.append(passing)
            under_way = {"status": "IN_PROGRESS", "progress": 1, "results": []}
            passing.change(lambda status: status.update(under_way | changes))

    return plant


def in_result(**changes: Any) -> Plant:
    """Change the entries of results; ``...`` takes a field away."""

    def edit(document: Any) -> None:
        for result in document["results"]:
            result.update(changes)
            for name in [name for name, value in changes.items() if value is ...]:
                del result[name]

    return in_status(edit)


def in_receipt(edit: Callable[[Any], object]) -> Plant:
    def plant(passing: Passing) -> None:
        if passing.is_receipt:
            passing.change(edit)

    return plant


def in_wallet(edit: Callable[[Any], object]) -> Plant:
    def plant(passing: Passing) -> None:
        if passing.path == WALLET and passing.status == 200:
            passing.change(edit)

    return plant


def on_file(**changes: Any) -> Plant:
    def plant(passing: Passing) -> None:
        if passing.is_file:
            vars(passing).update(changes)

    return plant


def refuses(status: int, document: Any) -> Plant:
    def plant(passing: Passing) -> None:
        if passing.status >= 400:
            passing.replace(document, status)

    return plant


def elsewhere(passing: Passing) -> None:
    if passing.method == "GET" and passing.path == WALLET:
        passing.status = 302
        passing.headers["Location"] = "https://login.example.com/sso?next=secret"


def dearer() -> Plant:
    """Each order takes two credits more than it should."""
    orders = []

    def plant(passing: Passing) -> None:
        orders.extend([1] if passing.is_receipt else [])
        if passing.path == WALLET and passing.status == 200:
            passing.change(
                lambda wallet: wallet.update(
                    balance=f"{float(wallet['balance']) - 2 * len(orders):.2f}"
                )
            )

    return plant


def fails(document: Any) -> None:
    document.update(status="FAILED", failure_reason="The engine gave up.", results=[])


@dataclass(frozen=True)
class Case:
    """What is planted, and what has to be found."""

    plant: Plant
    kind: str
    where: str
    arguments: tuple[str, ...] = PAID


FREE = ("--yes", "--budget", "0", "--only")
BALANCE, UNKNOWN = (*FREE, "balance"), (*FREE, "unknown-task")
NO_KEY, REFUSED = (*FREE, "no-key"), (*FREE, "refused:tools/convert")
RIGHT_401 = {"error": "No key.", "error_code": "INVALID_API_KEY"}

CASES = {
    "receipt: unknown field": Case(
        in_receipt(lambda r: r.update(queue=3)), "unknown field", "receipt.queue"
    ),
    "receipt: missing field": Case(
        in_receipt(lambda r: r.pop("created_at")), "missing field", "receipt.created_at"
    ),
    "receipt: no time": Case(
        in_receipt(lambda r: r.update(created_at="yesterday")), "value", "receipt.created_at"
    ),
    "status: unknown field": Case(
        in_status(lambda s: s.update(eta=4)), "unknown field", "status.eta"
    ),
    "status: missing field": Case(
        in_status(lambda s: s.pop("failure_reason")), "missing field", "status.failure_reason"
    ),
    "status: other type": Case(
        in_status(lambda s: s.update(progress="50%")), "type", "status.progress"
    ),
    "status: progress as a fraction": Case(
        in_status(lambda s: s.update(progress=s["progress"] / 100)), "type", "status.progress"
    ),
    "status: unknown state": Case(at_first(status="UPLOADING"), "value", "status.status"),
    "status: results too early": Case(
        at_first(results=[{"asset": None, "asset_type": "IMAGE", "metadata": None}]),
        "value",
        "status.results while IN_PROGRESS",
    ),
    "result: unknown field": Case(
        in_result(thumbnail="https://x.example/1"), "unknown field", "result.thumbnail"
    ),
    "result: missing field": Case(in_result(metadata=...), "missing field", "result.metadata"),
    "result: other type of result": Case(
        in_result(asset_type="3D_MODEL"), "result type", "result 1"
    ),
    "result: unknown type of result": Case(
        in_result(asset_type="VIDEO"), "value", "result.asset_type"
    ),
    "result: no file": Case(in_result(asset=None), "null asset", "result 1.asset"),
    "result: none": Case(in_status(lambda s: s.update(results=[])), "no result", "results"),
    "result: link in the open": Case(
        in_result(asset="http://files.example.com/1.png"), "link", "file IMAGE"
    ),
    "task fails, not refunded": Case(in_status(fails), "price", "after a refund"),
    "file: other content type": Case(
        on_file(headers={"Content-Type": "text/html; charset=utf-8"}), "content type", "file IMAGE"
    ),
    "file: something else": Case(on_file(body=PNG_AS_PAGE), "file", "file IMAGE"),
    "file: refused": Case(on_file(status=403), "status code", "file IMAGE"),
    "price: dearer": Case(dearer(), "price", "at the end"),
    "price: the balance does not move": Case(
        in_wallet(lambda w: w.update(balance="500.00")), "price", "at the end"
    ),
    "wallet: other type": Case(
        in_wallet(lambda w: w.update(balance=float(w["balance"]))),
        "type",
        "balance.balance",
        BALANCE,
    ),
    "wallet: other form": Case(
        in_wallet(lambda w: w.update(balance="1,000")), "value", "balance.balance", BALANCE
    ),
    "wallet: no rate limit": Case(
        in_wallet(lambda w: w.pop("rate_limit")), "missing field", "balance.rate_limit", BALANCE
    ),
    "redirect": Case(elsewhere, "redirect", "balance", BALANCE),
    "error: other body": Case(
        refuses(404, {"message": "Gone."}), "error body", "unknown-task", UNKNOWN
    ),
    "error: other type": Case(refuses(404, {"detail": 7}), "error body", "unknown-task", UNKNOWN),
    "error: not JSON": Case(refuses(404, "Not found"), "form", "unknown-task", UNKNOWN),
    "error: other status": Case(
        refuses(410, {"detail": "Gone."}), "status code", "unknown-task", UNKNOWN
    ),
    "error: other code": Case(
        refuses(401, RIGHT_401 | {"error_code": "NO_AUTH"}), "error code", "no-key", NO_KEY
    ),
    "error: unknown field": Case(
        refuses(401, RIGHT_401 | {"hint": "x"}), "error body", "no-key", NO_KEY
    ),
    "error: a path that is gone": Case(
        refuses(404, {"detail": "Not found."}), "status code", "refused:tools/convert", REFUSED
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_finds(name: str, front: Front, check: Check) -> None:
    case = CASES[name]
    with between(front, case.plant) as service:
        checked = check(service.address, *case.arguments)
    assert (case.kind, case.where) in checked.differences()
    assert checked.code == 1
    assert case.where in checked.said


@pytest.mark.parametrize(
    "body",
    [
        {"error": "No model.", "error_code": "validation_failed"},
        {"error": "No model.", "error_code": "VALIDATION_FAILED", "details": {"x": ["y"]}},
        {"detail": "No model."},
        {"model_url": ["This field is required."], "non_field_errors": ["No model."]},
    ],
)
def test_each_shape_that_an_error_may_have(body: Any, front: Front, check: Check) -> None:
    with between(front, refuses(400, body)) as service:
        checked = check(service.address, *REFUSED)
    assert (checked.code, checked.differences()) == (0, [])


def test_a_file_that_moved(front: Front, check: Check) -> None:
    def move(passing: Passing) -> None:
        if passing.is_file:
            passing.status = 302
            passing.headers["Location"] = f"{front.storage}{passing.path}?{passing.query}"

    with between(front, move) as service:
        checked = check(service.address, *PAID)
    assert checked.differences() == [("redirect", "file IMAGE")]


def test_a_file_on_a_machine_that_is_not_there(front: Front, check: Check) -> None:
    """It is looked at by the next run."""
    with between(front, in_result(asset="http://127.0.0.1:1/1.png")) as service:
        checked = check(service.address, *PAID)
        assert checked.code == 3
        assert len(service.paid()) == 1
    assert "its file is looked at later" in checked.said


def limited(**more: Any) -> AbstractContextManager[Front]:
    """A front that takes two submissions a minute."""
    return running(behaviour=FAST.model_copy(update={"rate_limit": 2, **more}))


TOO_MANY = (*FREE, "too-many-requests")


def test_the_limit_of_submissions(check: Check) -> None:
    with limited() as front:
        checked = check(front.address, *TOO_MANY)
    assert (checked.code, checked.differences()) == (0, [])
    assert checked.report["steps"][0]["seen"] == ["HTTP 429 has the shape service"]


def test_the_limit_without_its_header_and_for_reading_too(check: Check) -> None:
    def plant(passing: Passing) -> None:
        if passing.path == WALLET and any(one.status == 429 for one in service.passed):
            passing.replace({"error": "Request was throttled.", "error_code": "RATE_LIMITED"}, 429)

    with limited(retry_after=False) as front, between(front, plant) as service:
        checked = check(service.address, *TOO_MANY)
    assert set(checked.differences()) == {
        ("header", "too-many-requests.Retry-After"),
        ("status code", "reading while submissions are refused"),
    }


def test_a_limit_that_is_not_there(front: Front, check: Check) -> None:
    with between(front, in_wallet(lambda wallet: wallet.update(rate_limit=2))) as service:
        checked = check(service.address, *TOO_MANY)
    assert checked.differences() == [("status code", "too-many-requests")]
