"""The storage server: signatures, ranges, no key, damage on demand."""

import pytest
import requests

from tests.patience import seconds
from tests.sandbox.front import Front

_SIZE = 10_004
_USUAL = 10


@pytest.fixture
def link(front: Front) -> str:
    return front.asset(front.submit())


def get(link: str, **headers: str) -> requests.Response:
    return requests.get(link, headers=headers, timeout=seconds(_USUAL))


def test_the_path_carries_the_true_extension(front: Front, link: str) -> None:
    assert link.startswith(front.storage + "/assets/")
    assert link.partition("?")[0].endswith(".glb")
    answer = get(link)
    assert answer.content[:4] == b"glTF"
    assert int(answer.headers["Content-Length"]) == len(answer.content) == _SIZE


def test_every_status_signs_anew(front: Front) -> None:
    task = front.submit()
    first, second = front.asset(task), front.asset(task)
    assert first != second
    assert (get(first).status_code, get(second).status_code) == (200, 200)


def test_an_authorization_header_is_a_400(front: Front, link: str) -> None:
    answer = get(link, Authorization="Bearer sandbox-key")
    assert answer.status_code == 400
    assert "<Error>" in answer.text


@pytest.mark.parametrize(
    ("old", "new"), [("Signature=", "Signature=0"), (".glb", ".zip"), ("?", "#")]
)
def test_a_changed_link_is_a_403(link: str, old: str, new: str) -> None:
    assert get(link.replace(old, new, 1)).status_code == 403


def test_a_link_ends_before_its_file(front: Front) -> None:
    task = front.submit()
    old = front.asset(task)
    front.control("POST", "clock", {"seconds": 3601})
    assert get(old).status_code == 403
    assert get(front.asset(task)).status_code == 200


def test_a_download_resumes(link: str) -> None:
    answer = get(link, Range="bytes=10000-")
    assert answer.status_code == 206
    assert answer.content == bytes(4)
    assert answer.headers["Content-Range"] == f"bytes 10000-10003/{_SIZE}"
    assert get(link, Range="bytes=10004-").status_code == 416


def test_a_cut_download_can_go_on(front: Front, link: str) -> None:
    front.arm("download-cut", value=1000)
    received: list[bytes] = []
    with (
        requests.get(link, stream=True, timeout=seconds(_USUAL)) as answer,
        pytest.raises(requests.exceptions.ChunkedEncodingError),
    ):
        received.extend(answer.iter_content(100))
    start = b"".join(received)
    assert len(start) == 1000
    rest = get(link, Range="bytes=1000-").content
    assert start + rest == get(link).content


@pytest.mark.parametrize(("fault", "start"), [("wrong-magic", 0), ("corrupt", _SIZE // 2)])
def test_damage_keeps_the_length(front: Front, link: str, fault: str, start: int) -> None:
    front.arm(f"download-{fault}")
    damaged, whole = get(link).content, get(link).content
    assert len(damaged) == len(whole)
    differing = [
        at for at, pair in enumerate(zip(damaged, whole, strict=True)) if len(set(pair)) > 1
    ]
    assert differing == list(range(start, start + 16))


@pytest.mark.parametrize("status", [403, 500, 503])
def test_refusals_on_demand(front: Front, link: str, status: int) -> None:
    front.arm(f"download-{status}", times=2)
    assert [get(link).status_code for _ in range(3)] == [status, status, 200]


def test_a_slow_download_arrives(front: Front, link: str) -> None:
    front.arm("download-slow", value=50_000)
    assert len(get(link).content) == _SIZE
