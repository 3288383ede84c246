import gzip
import socket
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from addon.catalog import WireRequest
from addon.service.client import WALLET_PATHS, Client
from addon.service.errors import (
    AmbiguousSubmit,
    BadAddress,
    BadKey,
    Charged,
    InputUnreadable,
    InsufficientCredits,
    NetworkError,
    NoSuchAddress,
    RateLimited,
    Redirected,
    ServerError,
    ServiceError,
    UnexpectedAnswer,
)
from addon.service.limits import MAX_ANSWER_BYTES
from tests.patience import seconds, until
from tests.service.scripted_server import Answer, ScriptedServer, json_answer

KEY = "a-key-for-tests"
POST_PATH = "/v1/3d-models/tencent/generate/rapid/"
STATUS_PATH = "/v1/generation-request/t-1/status/"
PROMPT = WireRequest(POST_PATH, {"prompt": "a chair"}, None, {})


def client_of(address: str, *, read_timeout: float | None = None) -> Client:
    return Client(
        address,
        KEY,
        connect_timeout=seconds(2),
        read_timeout=seconds(5) if read_timeout is None else read_timeout,
        user_agent="studio3d-test/1",
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_a_submission(server: ScriptedServer) -> None:
    server.on("POST", POST_PATH, json_answer({"task_id": "t-1", "created_at": "now"}, 201))
    receipt = client_of(server.address).submit(PROMPT)
    assert (receipt.task_id, receipt.created_at) == ("t-1", "now")
    (asked,) = server.asked
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.headers["User-Agent"] == "studio3d-test/1"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.body == b'{"prompt": "a chair"}'


def test_a_local_file_goes_as_a_multipart_part(server: ScriptedServer, tmp_path: Path) -> None:
    model = tmp_path / "chair.glb"
    model.write_bytes(b"glTF-bytes")
    server.on("POST", "/v1/tools/convert/", json_answer({"task_id": "t-1"}))
    wire = WireRequest(
        "/v1/tools/convert/", None, {"output_format": "fbx"}, {"model_file": str(model)}
    )
    client_of(server.address).submit(wire)
    (asked,) = server.asked
    assert asked.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="output_format"\r\n\r\nfbx\r\n' in asked.body
    assert b'name="model_file"; filename="chair.glb"' in asked.body
    assert b"Content-Type: model/gltf-binary\r\n\r\nglTF-bytes\r\n" in asked.body


def test_a_form_without_a_file_is_multipart_too(server: ScriptedServer) -> None:
    server.on("POST", "/v1/tools/convert/", json_answer({"task_id": "t-1"}))
    wire = WireRequest("/v1/tools/convert/", None, {"model_url": "https://a/b.glb"}, {})
    client_of(server.address).submit(wire)
    assert server.asked[0].headers["Content-Type"].startswith("multipart/form-data")


def test_a_missing_file_is_found_before_anything_is_sent(
    server: ScriptedServer, tmp_path: Path
) -> None:
    wire = WireRequest("/v1/tools/convert/", None, {}, {"model_file": str(tmp_path / "no.glb")})
    with pytest.raises(InputUnreadable, match=r"no\.glb"):
        client_of(server.address).submit(wire)
    assert server.asked == []


@pytest.mark.fault(
    "The connection to the service is refused", "Known as never sent; nothing was charged"
)
def test_refused_connection_was_never_sent() -> None:
    with pytest.raises(NetworkError) as caught:
        client_of(f"http://127.0.0.1:{free_port()}").submit(PROMPT)
    assert caught.value.never_sent
    assert caught.value.charged is Charged.NO


@pytest.mark.fault("The service does not speak TLS", "Nothing is sent to it")
def test_failed_encryption_was_never_sent(server: ScriptedServer) -> None:
    with pytest.raises(NetworkError) as caught:
        client_of(server.address.replace("http:", "https:")).submit(PROMPT)
    assert caught.value.never_sent
    assert server.asked == []


@pytest.mark.fault("The connection is reset in the middle of an upload", "Known as never sent")
def test_a_connection_cut_while_sending_was_never_sent() -> None:
    """The server resets after the first bytes of a large body: it cannot have understood it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def cut() -> None:
            connection, _ = listening.accept()
            connection.recv(1024)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.close()

        cutter = threading.Thread(target=cut)
        cutter.start()
        big = WireRequest(POST_PATH, {"image": "x" * 40_000_000}, None, {})
        with pytest.raises(NetworkError) as caught:
            client_of(f"http://127.0.0.1:{listening.getsockname()[1]}").submit(big)
        cutter.join(seconds(5))
    assert caught.value.never_sent


@pytest.mark.fault("The connection is closed without an answer", "Not sent again; called unknown")
def test_a_connection_that_breaks_after_sending_loses_the_answer(server: ScriptedServer) -> None:
    server.on("POST", POST_PATH, Answer(drop=True))
    with pytest.raises(AmbiguousSubmit) as caught:
        client_of(server.address).submit(PROMPT)
    assert caught.value.charged is Charged.UNKNOWN
    assert server.count("POST") == 1


@pytest.mark.fault(
    "The service never answers an order", "Not sent again; called unknown after the wait"
)
def test_an_answer_that_does_not_come_in_time_is_lost(server: ScriptedServer) -> None:
    hold = threading.Event()
    server.on("POST", POST_PATH, Answer(wait=hold, drop=True))
    with pytest.raises(AmbiguousSubmit, match="did not answer in time"):
        client_of(server.address, read_timeout=0.2).submit(PROMPT)
    # The server may only now come to reading what was sent.
    until(lambda: server.count("POST"), what="the request at the server")
    hold.set()
    assert server.count("POST") == 1


@pytest.mark.fault(
    "Pages, halves and empty bodies in answer to an order", "Not sent again; called unknown"
)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(502, b"<html>bad gateway</html>"),
        Answer(503, headers={"Retry-After": "1"}),
        json_answer({"created_at": "now"}, 201),
        json_answer({"task_id": None}),
        json_answer({"task_id": "  "}),
        Answer(200, b"<html>"),
        Answer(200, b"half of it", length=50),
        Answer(204),
    ],
)
def test_an_answer_that_may_hide_a_paid_task(server: ScriptedServer, answer: Answer) -> None:
    server.on("POST", POST_PATH, answer)
    with pytest.raises(AmbiguousSubmit) as caught:
        client_of(server.address).submit(PROMPT)
    assert caught.value.charged is Charged.UNKNOWN
    assert server.count("POST") == 1


@pytest.mark.attack(
    "An order is redirected to another host, in four ways", "Not followed; that host sees nothing"
)
def test_a_redirect_of_a_submission_is_not_followed(
    server: ScriptedServer, storage: ScriptedServer
) -> None:
    for status in (301, 302, 307, 308):
        server.on("POST", POST_PATH, Answer(status, headers={"Location": storage.address + "/x"}))
        with pytest.raises(Redirected):
            client_of(server.address).submit(PROMPT)
    assert storage.asked == []


def test_too_many_submissions(server: ScriptedServer) -> None:
    server.on("POST", POST_PATH, json_answer({"error": "throttled"}, 429, **{"Retry-After": "9"}))
    with pytest.raises(RateLimited) as caught:
        client_of(server.address).submit(PROMPT)
    assert caught.value.retry_after == 9.0


def test_credits_that_do_not_suffice(server: ScriptedServer) -> None:
    body = {"error": "Insufficient credits", "error_code": "INSUFFICIENT_CREDITS"}
    server.on("POST", POST_PATH, json_answer(body, 402))
    with pytest.raises(InsufficientCredits) as caught:
        client_of(server.address).submit(PROMPT)
    assert caught.value.charged is Charged.NO


def test_the_wallet_is_also_found_under_its_old_path(server: ScriptedServer) -> None:
    server.on("GET", WALLET_PATHS[1], json_answer({"balance": "12.50", "rate_limit": 3}))
    wallet = client_of(server.address).wallet()
    assert wallet.balance == Decimal("12.50")
    assert [asked.path for asked in server.asked] == list(WALLET_PATHS)


def test_a_reading_follows_redirects_on_the_same_host(server: ScriptedServer) -> None:
    server.on("GET", STATUS_PATH, Answer(302, headers={"Location": "/elsewhere/"}))
    server.on("GET", "/elsewhere/", json_answer({"status": "PENDING"}))
    assert client_of(server.address).status("t-1").results == ()


@pytest.mark.attack(
    "A question is redirected to another host", "Not followed; that host sees no key"
)
def test_the_key_is_not_carried_to_another_host(
    server: ScriptedServer, storage: ScriptedServer
) -> None:
    server.on("GET", STATUS_PATH, Answer(302, headers={"Location": storage.address + "/x/"}))
    with pytest.raises(Redirected):
        client_of(server.address).status("t-1")
    assert storage.asked == []


@pytest.mark.attack("Redirects in a circle", "Ended in words")
def test_a_circle_of_redirects_ends(server: ScriptedServer) -> None:
    server.on("GET", STATUS_PATH, Answer(302, headers={"Location": STATUS_PATH}))
    with pytest.raises(Redirected):
        client_of(server.address).status("t-1")


@pytest.mark.fault(
    "The connection breaks, or 503, at a question", "Said; nothing is taken to be charged"
)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [(Answer(drop=True), NetworkError), (Answer(503), ServerError)],
)
def test_trouble_while_reading(
    server: ScriptedServer, answer: Answer, kind: type[ServiceError]
) -> None:
    server.on("GET", STATUS_PATH, answer)
    with pytest.raises(kind):
        client_of(server.address).status("t-1")


@pytest.mark.attack("A password for the service's host in .netrc", "The key is sent in its place")
def test_netrc_does_not_replace_the_key(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("GET", STATUS_PATH, json_answer({"status": "PENDING"}))
    server.on("POST", POST_PATH, json_answer({"task_id": "t-1"}))
    client = client_of(server.address)
    client.status("t-1")
    client.submit(PROMPT)
    assert {asked.headers["Authorization"] for asked in server.asked} == {f"Bearer {KEY}"}


@pytest.mark.attack("A task id with ../ in it", "It stays one part of the address")
def test_a_task_id_cannot_change_the_path(server: ScriptedServer) -> None:
    with pytest.raises(ServiceError):
        client_of(server.address).status("../../account")
    assert server.asked[0].path == "/v1/generation-request/..%2F..%2Faccount/status/"


@pytest.mark.attack(
    "A key with a line break, a service by plain http", "Refused before anything is sent"
)
def test_no_client_for_an_unsafe_address_or_key() -> None:
    with pytest.raises(BadAddress):
        client_of("http://example.org")
    with pytest.raises(BadKey):
        Client("https://example.org", "a\nkey", user_agent="t")


@pytest.mark.fault(
    "Eleven odd statuses in answer to an order", "Called unknown: it may have been taken"
)
@pytest.mark.parametrize("status", [303, 304, 408, 409, 418, 423, 425, 451, 500, 503, 520])
@pytest.mark.parametrize("code", ["X", "RATE_LIMITED", "INSUFFICIENT_CREDITS"])
def test_only_what_says_that_it_was_not_taken_is_a_refusal(
    server: ScriptedServer, status: int, code: str
) -> None:
    if code == "INSUFFICIENT_CREDITS" and status < 500:
        code = "X"
    server.on("POST", POST_PATH, json_answer({"error": "no", "error_code": code}, status))
    with pytest.raises(AmbiguousSubmit) as caught:
        client_of(server.address).submit(PROMPT)
    assert caught.value.charged is Charged.UNKNOWN
    assert server.count("POST") == 1


@pytest.mark.attack(
    "The service repeats the key in errors and reasons", "It is masked in what is told"
)
def test_our_key_does_not_come_back_in_what_is_said(server: ScriptedServer) -> None:
    said = json_answer({"error": f"bad header: Bearer {KEY}", "x": [f"{KEY} is no key"]}, 400)
    server.on("POST", POST_PATH, said)
    server.on("GET", STATUS_PATH, said, json_answer({"status": "FAILED", "failure_reason": KEY}))
    client = client_of(server.address)
    for ask in (lambda: client.submit(PROMPT), lambda: client.status("t-1")):
        with pytest.raises(ServiceError) as caught:
            ask()
        assert KEY not in caught.value.message
        assert "***" in caught.value.message
    assert client.status("t-1").failure_reason == "***"


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(
            False,
            marks=pytest.mark.attack("An answer without an end", "Given up at the limit; said"),
        ),
        pytest.param(
            True,
            marks=pytest.mark.attack(
                "An answer that unpacks to far more (a gzip bomb)", "Given up at the limit; said"
            ),
        ),
    ],
)
def test_an_answer_without_end_is_none(server: ScriptedServer, packed: bool) -> None:
    endless = b" " * (MAX_ANSWER_BYTES + 1)
    headers = {"Content-Encoding": "gzip"} if packed else {}
    answer = Answer(201, gzip.compress(endless) if packed else endless, headers)
    server.on("POST", POST_PATH, answer)
    server.on("GET", STATUS_PATH, answer)
    with pytest.raises(AmbiguousSubmit):
        client_of(server.address).submit(PROMPT)
    with pytest.raises(NetworkError):
        client_of(server.address).status("t-1")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"task_id": 1}', b"\xff"])
def test_a_receipt_that_cannot_be_read_leaves_it_open(server: ScriptedServer, body: bytes) -> None:
    server.on("POST", POST_PATH, Answer(201, body))
    server.on("GET", WALLET_PATHS[0], Answer(200, body), Answer(500, body))
    with pytest.raises(AmbiguousSubmit):
        client_of(server.address).submit(PROMPT)
    with pytest.raises(UnexpectedAnswer):
        client_of(server.address).wallet()
    with pytest.raises(ServerError):
        client_of(server.address).wallet()


@pytest.mark.attack("Progress of NaN, results that are a number", "Read as far as it goes")
@pytest.mark.parametrize(
    ("answer", "progress", "results"),
    [
        ('{"status": "IN_PROGRESS", "progress": NaN}', 0, 0),
        ('{"status": "IN_PROGRESS", "progress": 1e999, "results": 5}', 0, 0),
        ('{"status": "IN_PROGRESS", "progress": "50", "results": {"asset": "x"}}', 0, 0),
        ('{"status": "FINISHED", "progress": -3, "results": [null, 1, {"asset": null}]}', 0, 1),
    ],
)
def test_an_odd_status_is_read_as_far_as_it_goes(
    server: ScriptedServer, answer: str, progress: int, results: int
) -> None:
    server.on("GET", STATUS_PATH, Answer(200, answer.encode()))
    status = client_of(server.address).status("t-1")
    assert (status.progress, len(status.results)) == (progress, results)


@pytest.mark.attack(
    "A proxy is set for everything, a service runs on this machine",
    "The key does not go to the proxy",
)
def test_no_proxy_is_sent_what_stays_on_this_machine(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would travel there unencrypted, the key with it."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://user:secret@127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server.on("GET", WALLET_PATHS[0], json_answer({"balance": "5"}))
    assert client_of(server.address).wallet().balance == Decimal(5)


@pytest.mark.fault(
    "The service's address is that of something else", "Said, with the setting to check"
)
def test_an_address_of_something_else_is_named_as_the_trouble(server: ScriptedServer) -> None:
    with pytest.raises(NoSuchAddress, match="does not tell a balance") as caught:
        client_of(server.address).wallet()
    assert "Check the service address" in caught.value.hint
