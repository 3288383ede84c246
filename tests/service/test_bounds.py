import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from addon.catalog import WireRequest
from addon.service.bounds import Bounds, bounded, over_within
from addon.service.client import Client
from addon.service.downloads import Downloader
from addon.service.errors import AmbiguousSubmit, DownloadFailed, NetworkError
from addon.service.http import clock_difference, new_session
from addon.service.images import ImageReader
from addon.service.limits import MAX_ANSWER_BYTES
from addon.service.stopping import Stop, Stopped
from tests.patience import seconds
from tests.service.dripping import PAUSE, Dripping, dripping
from tests.service.scripted_server import Answer, ScriptedServer, json_answer

WAIT = 0.2
"""Seconds that the next bytes may take here; the servers pause for less."""
LONG = seconds(20)

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
BODY = b'{"status": "FAILED", "task_id": "t-1", "balance": "1.00"}'
WHOLE = HEAD + b"\r\n" + BODY
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PROMPT = WireRequest("/v1/x/", {"prompt": "a chair"}, None, {})

SLOW = {
    "head": Dripping(b"", WHOLE),
    "a line of the head": Dripping(HEAD + b"X-Long: ", b"x" * 60 + b"\r\n\r\n" + BODY),
    "body": Dripping(HEAD + b"\r\n", BODY),
    "chunks": Dripping(CHUNKED + b"39\r\n", BODY + b"\r\n0\r\n\r\n"),
    "a chunk's length": Dripping(CHUNKED, b"0" * 60 + b"39\r\n" + BODY + b"\r\n0\r\n\r\n"),
}


def client_of(address: str, *, wait: float = WAIT, stop: Stop | None = None) -> Client:
    return Client(address, "a-key-for-tests", read_timeout=wait, user_agent="test/1", stop=stop)


def fetch(address: str, folder: Path, *, wait: float = WAIT, stop: Stop | None = None) -> Path:
    downloader = Downloader(address, read_timeout=wait, user_agent="test/1", stop=stop)
    return downloader.fetch(f"{address}/a.bin", folder, "a")


@pytest.mark.fault(
    "The service sends one byte at a time.",
    "No answer is waited for longer than two minutes; an order is not sent a second time.",
)
@pytest.mark.parametrize("part", SLOW)
def test_no_answer_drips_for_ever(part: str) -> None:
    with dripping(SLOW[part]) as address:
        with pytest.raises(NetworkError, match="too slow"):
            client_of(address).status("t-1")
        with pytest.raises(AmbiguousSubmit, match="too slow"):
            client_of(address).submit(PROMPT)


def test_nor_does_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not while it is asked for the way through it, either."""
    with dripping(Dripping(b"", b"HTTP/1.1 200 Connection established\r\n\r\n" + b"x" * 60)) as at:
        monkeypatch.setenv("HTTPS_PROXY", at)
        with pytest.raises(NetworkError, match="too slow"):
            client_of("https://api.example").status("t-1")


def test_nor_does_a_clock() -> None:
    with dripping(SLOW["head"]) as address, pytest.raises(NetworkError, match="too slow"):
        clock_difference(address, 0.0, timeout=WAIT)


@pytest.mark.fault(
    "A file comes one byte at a time.",
    "It is given up after a minute below 1 KB a second, and goes on from there later.",
)
def test_a_file_has_a_least_speed(tmp_path: Path) -> None:
    with dripping(Dripping(HEAD + b"\r\n" + b"x" * 40_000, b"y" * 60)) as address:
        with pytest.raises(DownloadFailed, match="too slow"):
            fetch(address, tmp_path)
        assert (tmp_path / "a.part").stat().st_size > 0
        with pytest.raises(NetworkError, match="too slow"):
            ImageReader(read_timeout=WAIT, user_agent="test/1")(f"{address}/a.png")


def test_a_file_that_comes_fast_enough_may_take_long(tmp_path: Path) -> None:
    """Longer than any answer may: it is speed that counts."""
    content = bytes(40_000)
    head = HEAD + b"Content-Length: 40000\r\n\r\n"

    class Steady(Dripping):
        def serve(self, connection: Any) -> None:
            with connection:
                connection.recv(4096)
                connection.sendall(head)
                for start in range(0, 40_000, 2000):
                    connection.sendall(content[start : start + 2000])
                    time.sleep(2 * PAUSE)

    with dripping(Steady()) as address:
        assert fetch(address, tmp_path).read_bytes() == content


def test_an_upload_has_a_least_speed_too(tmp_path: Path) -> None:
    """Nothing was ordered then: not all of it has arrived."""
    model = tmp_path / "model.glb"
    model.write_bytes(bytes(20_000_000))
    with dripping(Dripping(hears_all=False)) as address, pytest.raises(NetworkError) as caught:
        client_of(address).submit(WireRequest("/v1/x/", None, {}, {"model": str(model)}))
    assert caught.value.never_sent


def test_what_is_not_worth_much_time_gets_little(tmp_path: Path) -> None:
    drip = Dripping(HEAD + b"\r\n", b"y" * 60)
    with (
        dripping(drip) as address,
        over_within(WAIT),
        pytest.raises(DownloadFailed, match="too slow"),
    ):
        fetch(address, tmp_path, wait=LONG)


def then(heard: Dripping, stop: threading.Event) -> None:
    """Stop as soon as it has heard us."""

    def wait() -> None:
        heard.heard.wait(LONG)
        stop.set()

    threading.Thread(target=wait).start()


@pytest.mark.parametrize("what", ["status", "file", "picture", "upload"])
def test_a_stop_ends_it_in_the_middle(what: str, tmp_path: Path) -> None:
    (tmp_path / "model.glb").write_bytes(bytes(20_000_000))
    stop = Stop()
    silent = Dripping(hears_all=False)
    acts: dict[str, Callable[[str], object]] = {
        "status": lambda at: client_of(at, wait=LONG, stop=stop).status("t-1"),
        "file": lambda at: fetch(at, tmp_path, wait=LONG, stop=stop),
        "picture": lambda at: ImageReader(user_agent="test/1", stop=stop)(f"{at}/a.png"),
        "upload": lambda at: client_of(at, wait=LONG, stop=stop).submit(
            WireRequest("/v1/x/", None, {}, {"model": str(tmp_path / "model.glb")})
        ),
    }
    with dripping(silent) as address:
        then(silent, stop)
        with pytest.raises(Stopped):
            acts[what](address)


def test_an_order_on_its_way_is_not_left_alone_before_it_has_to_be() -> None:
    stop = Stop()
    answering, silent = Dripping(WHOLE[:60], WHOLE[60:70]), Dripping()
    with dripping(answering) as address:
        then(answering, stop)
        with pytest.raises(AmbiguousSubmit, match="could not be read"):  # it was waited for
            client_of(address, wait=LONG, stop=stop).submit(PROMPT)
    stop.clear()
    with dripping(silent) as address:
        then(silent, stop.at_once)
        with pytest.raises(AmbiguousSubmit, match="not waited for"):
            client_of(address, wait=LONG, stop=stop).submit(PROMPT)


@pytest.mark.attack(
    "An answer grows without end when it is unpacked, or is packed several times.",
    "It is read up to 1 MB, then refused.",
)
@pytest.mark.parametrize("packing", ["gzip", "gzip, gzip", "br", "zstd"])
def test_what_grows_is_not_unpacked(packing: str, server: ScriptedServer, tmp_path: Path) -> None:
    bomb = gzip.compress(gzip.compress(bytes(MAX_ANSWER_BYTES * 40)))
    if packing == "gzip":
        bomb = gzip.decompress(bomb)
    answer = Answer(200, bomb, {"Content-Encoding": packing})
    server.on("GET", "/v1/generation-request/t-1/status/", answer)
    with pytest.raises(NetworkError):
        client_of(server.address).status("t-1")
    if packing != "gzip":  # as a file it may have 40 MB
        server.on("GET", "/a.bin", answer)
        with pytest.raises(DownloadFailed):
            fetch(server.address, tmp_path)


def test_a_redirect_s_own_words_are_not_read(server: ScriptedServer) -> None:
    path = "/v1/generation-request/t-1/status/"
    server.on("GET", path, Answer(302, bytes(MAX_ANSWER_BYTES + 1), {"Location": "/elsewhere"}))
    server.on("GET", "/elsewhere", json_answer({"status": "FAILED"}))
    with pytest.raises(NetworkError):
        client_of(server.address).status("t-1")


def test_nothing_is_asked_without_bounds(server: ScriptedServer) -> None:
    session = new_session("test/1")
    with pytest.raises(RuntimeError, match="without bounds"):
        session.get(server.address)
    with bounded(Bounds(LONG, Stop())):
        assert isinstance(session.get(server.address), requests.Response)
