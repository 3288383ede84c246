"""Trouble on demand, and what the log tells of it."""

import json
import socket
from urllib.parse import urlsplit

import pytest
import requests

from scripts.sandbox.faults import Fault, Faults, UnknownFault, parse
from tests.patience import seconds
from tests.sandbox.front import CONVERT, KEY, PRO, RAPID, Front, data_uri

_WALLET = "/account/user/wallet/"


def test_a_lost_answer_leaves_a_paid_task(front: Front) -> None:
    front.control("POST", "balance", {"balance": 100})
    front.arm("submit-lost")
    with pytest.raises(requests.ConnectionError):
        front.post(RAPID, {"prompt": "x"})
    assert front.balance() == "65.00"
    assert front.log()["requests"][0]["status"] is None


def test_a_dropped_request_leaves_nothing(front: Front) -> None:
    front.control("POST", "balance", {"balance": 100})
    front.arm("submit-dropped")
    with pytest.raises(requests.ConnectionError):
        front.post(RAPID, {"prompt": "x"})
    assert front.balance() == "100.00"


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("submit-429", b"429 TOO MANY REQUESTS"),
        ("submit-502", b"502 BAD GATEWAY"),
        ("submit-dropped", b""),
        ("submit-lost", b""),
    ],
)
def test_who_sends_slowly_sends_all_before_trouble_strikes(
    front: Front, fault: str, answer: bytes
) -> None:
    """Else the machine's speed decides whether a broken connection hides an order."""
    front.arm(fault)
    body = json.dumps({"prompt": "x"}).encode()
    address = urlsplit(front.address)
    head = (
        f"POST {RAPID} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(head.encode())
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):  # neither an answer nor an end
            connection.recv(1)
        connection.settimeout(seconds(5))
        for index in range(len(body)):
            connection.sendall(body[index : index + 1])
        with connection.makefile("rb") as stream:
            said = stream.read()
    assert answer in said.partition(b"\r\n")[0]
    assert bool(said) == bool(answer)


@pytest.mark.parametrize(
    ("what", "status", "is_html"),
    [
        ("500", 500, False),
        ("500-html", 500, True),
        ("502", 502, True),
        ("503", 503, True),
        ("504", 504, True),
        ("not-json", 200, True),
    ],
)
@pytest.mark.parametrize("stage", ["submit", "wallet"])
def test_server_trouble(front: Front, stage: str, what: str, status: int, is_html: bool) -> None:
    front.arm(f"{stage}-{what}")
    method, path = ("POST", RAPID) if stage == "submit" else ("GET", _WALLET)
    answer = front.request(method, path, json={"prompt": "x"})
    assert answer.status_code == status
    assert ("<html>" in answer.text) == is_html
    assert front.get(_WALLET).status_code == 200


def test_a_burst_of_429(front: Front) -> None:
    front.arm("status-429", value=7, times=2)
    path = f"/v1/generation-request/{front.submit()}/status/"
    answers = [front.get(path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"


def test_a_hung_server_accepts_and_never_answers(front: Front) -> None:
    front.arm("wallet-hang")
    with pytest.raises(requests.ReadTimeout):
        requests.get(
            front.address + _WALLET,
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=(seconds(5), 0.3),
        )


def test_a_stuck_task_never_finishes(front: Front) -> None:
    front.arm("task-stuck")
    stuck = front.submit()
    front.wait(front.submit())
    front.control("POST", "clock", {"seconds": 7200})
    assert front.status(stuck)["status"] == "IN_PROGRESS"


def test_a_failed_task_is_refunded(front: Front) -> None:
    before = front.balance()
    front.arm("task-failed")
    status = front.wait(front.submit())
    assert status["status"] == "FAILED"
    assert status["failure_reason"]
    assert front.balance() == before


@pytest.mark.parametrize(("fault", "has_reason"), [("asset-null", False), ("reason", True)])
def test_finished_without_an_asset(front: Front, fault: str, has_reason: bool) -> None:
    front.arm(f"task-{fault}")
    task = front.submit()
    front.wait(task)
    front.control("POST", "clock", {"seconds": 600})
    status = front.status(task)
    assert status["status"] == "FINISHED"
    assert [entry["asset"] for entry in status["results"]] == [None, None]
    assert bool(status["failure_reason"]) == has_reason


def test_faults_can_be_skipped_and_cleared(front: Front) -> None:
    front.arm("wallet-503", times=None, skip=1)
    assert [front.get(_WALLET).status_code for _ in range(3)] == [200, 503, 503]
    assert front.control("DELETE", "faults") == []
    assert front.get(_WALLET).status_code == 200


def test_faults_are_read_from_the_command_line() -> None:
    assert parse("download-cut=1000*2") == Fault("download-cut", 1000.0, 2)
    assert parse("status-500-html") == Fault("status-500-html", None, None)
    with pytest.raises(UnknownFault):
        parse("status-cut")
    faults = Faults([parse("submit-502*1")])
    assert faults.take("status") is None
    assert faults.take("submit") == Fault("submit-502")
    assert faults.take("submit") is None


def test_the_log_knows_fields_but_neither_key_nor_pictures(front: Front) -> None:
    front.submit(PRO, {"model": "3.0", "image": data_uri()})
    front.post(RAPID, {"negative_prompt": "x"})
    front.submit(CONVERT, data={"output_format": "obj"}, files={"model_file": ("a.glb", b"12")})
    image, wrong, upload = front.log()["requests"]
    assert image["fields"]["model"] == "3.0"
    assert image["fields"]["image"].startswith("<data URI of")
    assert (wrong["status"], wrong["fields"]) == (400, {"negative_prompt": "x"})
    assert upload["fields"]["model_file"] == "<file a.glb of 2 bytes>"
    assert image["has_auth"] is True
    assert KEY not in str(front.log())


def test_the_log_shows_a_key_sent_to_storage(front: Front) -> None:
    link = front.asset(front.submit())
    requests.get(link, timeout=seconds(5))
    requests.get(link, headers={"Authorization": "Bearer x"}, timeout=seconds(5))
    seen = [entry for entry in front.log()["requests"] if entry["server"] == "storage"]
    assert [entry["has_auth"] for entry in seen] == [False, True]
    assert "?" not in seen[0]["path"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", {"name": "submit-nonsense"}),
        ("faults", {"name": "submit-500", "often": 3}),
        ("clock", {"seconds": -1}),
        ("behaviour", {"asset_key": "url"}),
        ("behaviour", {"unknown": 1}),
        ("balance", {"balance": "much"}),
    ],
)
def test_the_controls_refuse_nonsense(front: Front, name: str, body: object) -> None:
    method = "PATCH" if name == "behaviour" else "POST"
    answer = requests.request(
        method, f"{front.address}/_sandbox/{name}", json=body, timeout=seconds(5)
    )
    assert answer.status_code == 400
    assert answer.json()["error"]
