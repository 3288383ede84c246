"""Files of other places, results and pictures given as addresses: every hop is checked."""

from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from addon.service.downloads import Downloader
from addon.service.errors import DownloadFailed, InputUnreadable
from addon.service.images import ImageReader
from tests.service.scripted_server import Answer, ScriptedServer

ELSEWHERE = "https://pictures.example/a.png"
UNSAFE = ("http://pictures.example/a.png", "ftp://pictures.example/a.png", "file:///etc/passwd")


class Elsewhere(BaseAdapter):
    """Another host, which cannot be reached from a test: it redirects all that asks."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self._to = to

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        assert "Authorization" not in request.headers
        response = requests.Response()
        response.status_code = 302
        response.headers["Location"] = self._to
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        pass


def session_to(where: str) -> requests.Session:
    session = requests.Session()
    session.mount("https://", Elsewhere(where))
    return session


def read_picture(session: requests.Session, folder: Path, address: str) -> None:
    del folder
    ImageReader(user_agent="test", session=session)(address)


def download(session: requests.Session, folder: Path, address: str) -> None:
    Downloader(address, user_agent="test", session=session).fetch(address, folder, "a")


@pytest.mark.parametrize("fetch", [read_picture, download])
@pytest.mark.parametrize(
    "where",
    [
        pytest.param(
            UNSAFE[0],
            marks=pytest.mark.attack(
                "A picture or result that redirects to plain http", "Refused in words"
            ),
        ),
        pytest.param(
            UNSAFE[1],
            marks=pytest.mark.attack(
                "A picture or result that redirects to ftp", "Refused in words"
            ),
        ),
        pytest.param(
            UNSAFE[2],
            marks=pytest.mark.attack(
                "A picture or result that redirects to a file of this machine", "Refused in words"
            ),
        ),
        pytest.param(
            ELSEWHERE,
            marks=pytest.mark.attack(
                "A picture or result that redirects in a circle", "Ended in words"
            ),
        ),
    ],
)
def test_a_hop_to_an_unsafe_place_is_not_made(fetch: Any, where: str, tmp_path: Path) -> None:
    with pytest.raises((InputUnreadable, DownloadFailed), match="not safe"):
        fetch(session_to(where), tmp_path, ELSEWHERE)


@pytest.mark.attack(
    "A picture or result elsewhere redirects to this machine",
    "Refused; nothing on this machine is asked",
)
@pytest.mark.parametrize("fetch", [read_picture, download])
def test_nobody_elsewhere_leads_to_this_machine(
    fetch: Any, server: ScriptedServer, tmp_path: Path
) -> None:
    with pytest.raises((InputUnreadable, DownloadFailed), match="not safe"):
        fetch(session_to(server.address + "/a.png"), tmp_path, ELSEWHERE)
    assert server.asked == []


@pytest.mark.attack(
    "A service on this machine redirects to plain http elsewhere", "Refused in words"
)
@pytest.mark.parametrize("fetch", [read_picture, download])
def test_a_hop_from_this_machine_to_an_unsafe_place_is_not_made(
    fetch: Any, server: ScriptedServer, tmp_path: Path
) -> None:
    server.on("GET", "/a.png", Answer(302, headers={"Location": UNSAFE[0]}))
    with pytest.raises((InputUnreadable, DownloadFailed), match="not safe"):
        fetch(requests.Session(), tmp_path, server.address + "/a.png")


@pytest.mark.attack(
    "A picture or result elsewhere redirects into this machine's network, written in any way",
    "Refused; nobody there is asked",
)
@pytest.mark.parametrize("fetch", [read_picture, download])
@pytest.mark.parametrize(
    "host",
    [
        "localhost.", "deep.localhost", "127.1", "0x7f.0.0.1", "[::]", "[::ffff:127.0.0.1]", "0",
        "169.254.169.254", "[fe80::1]", "[::ffff:10.0.0.1]", "10.0.0.1", "172.16.9.9", "100.64.0.1",
    ],
)  # fmt: skip
def test_no_hop_leads_inwards(fetch: Any, host: str, tmp_path: Path) -> None:
    with pytest.raises((InputUnreadable, DownloadFailed), match="not safe"):
        fetch(session_to(f"https://{host}/a.png"), tmp_path, ELSEWHERE)
