import io
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.service.downloads import MAX_BYTES, Downloader
from addon.service.errors import Damaged, DownloadFailed, LinkExpired
from tests.patience import seconds
from tests.service.scripted_server import Answer, Asked, ScriptedServer


def glb(size: int = 5000) -> bytes:
    body = bytes(index % 251 for index in range(size - 12))
    return b"glTF" + struct.pack("<II", 2, size) + body


def packed(name: str = "model.obj") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "v 0 0 0\n" * 50)
    return stream.getvalue()


def fetch(
    server: ScriptedServer, folder: Path, *, path: str = "/a.glb", max_bytes: int = MAX_BYTES
) -> Path:
    downloader = Downloader(
        server.address,
        connect_timeout=seconds(2),
        read_timeout=seconds(2),
        user_agent="test/1",
        max_bytes=max_bytes,
    )
    return downloader.fetch(f"{server.address}{path}?X-Amz-Signature=secret", folder, "t-chair")


def ranged(data: bytes, etag: str = '"v1"') -> Callable[[Asked], Answer]:
    """A storage that knows ranges and answers the whole file if the validator does not match."""

    def answer(asked: Asked) -> Answer:
        wanted = asked.headers.get("Range")
        if wanted is None or asked.headers.get("If-Range", etag) != etag:
            return Answer(200, data, {"ETag": etag})
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(data):
            return Answer(416)
        span = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}", "ETag": etag}
        return Answer(206, data[start:], span)

    return answer


def test_a_download(server: ScriptedServer, tmp_path: Path) -> None:
    server.on("GET", "/a.glb", Answer(200, glb()))
    path = fetch(server, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "t-chair.glb"
    assert path.read_bytes() == glb()
    assert [entry.name for entry in path.parent.iterdir()] == ["t-chair.glb"]
    assert "Authorization" not in server.asked[0].headers


@pytest.mark.attack(
    "A password for the storage's host in .netrc, and a redirect", "No hop is shown it"
)
def test_netrc_adds_no_key(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.on("GET", "/moved", Answer(302, headers={"Location": "/a.glb"}))
    server.on("GET", "/a.glb", Answer(200, glb()))
    fetch(server, tmp_path, path="/moved")
    assert all("Authorization" not in asked.headers for asked in server.asked)


@pytest.mark.fault("A download is cut off", "It goes on where it stopped")
def test_a_cut_download_goes_on_where_it_stopped(server: ScriptedServer, tmp_path: Path) -> None:
    data = glb(2_000_000)
    cut = Answer(200, data[:600_000], {"ETag": '"v1"'}, length=len(data))
    server.on("GET", "/a.glb", cut, ranged(data))
    with pytest.raises(DownloadFailed) as caught:
        fetch(server, tmp_path)
    assert caught.value.retry
    have = (tmp_path / "t-chair.part").stat().st_size
    assert 0 < have <= 600_000
    assert fetch(server, tmp_path).read_bytes() == data
    assert server.asked[1].headers["Range"] == f"bytes={have}-"
    assert server.asked[1].headers["If-Range"] == '"v1"'


@pytest.mark.fault(
    "A file changes while its download is cut off", "Fetched from its start; no mixture of both"
)
def test_a_changed_file_starts_over(server: ScriptedServer, tmp_path: Path) -> None:
    old, new = glb(100_000), glb(90_000)
    server.on(
        "GET",
        "/a.glb",
        Answer(200, old[:60_000], {"ETag": '"old"'}, length=len(old)),
        ranged(new, '"new"'),
    )
    with pytest.raises(DownloadFailed):
        fetch(server, tmp_path)
    assert fetch(server, tmp_path).read_bytes() == new


@pytest.mark.fault("The storage goes on at a wrong place", "Fetched from its start")
def test_a_range_of_another_place_starts_over(server: ScriptedServer, tmp_path: Path) -> None:
    data = glb(100_000)
    server.on(
        "GET",
        "/a.glb",
        Answer(200, data[:60_000], length=len(data)),
        Answer(206, data[10:], {"Content-Range": f"bytes 10-99999/{len(data)}"}),
        Answer(200, data),
    )
    for _ in range(2):
        with pytest.raises(DownloadFailed):
            fetch(server, tmp_path)
    assert fetch(server, tmp_path).read_bytes() == data


@pytest.mark.fault("The storage cannot go on where it stopped", "Fetched from its start")
def test_a_storage_without_ranges_sends_everything_again(
    server: ScriptedServer, tmp_path: Path
) -> None:
    data = glb(100_000)
    server.on("GET", "/a.glb", Answer(200, data[:60_000], length=len(data)), Answer(200, data))
    with pytest.raises(DownloadFailed):
        fetch(server, tmp_path)
    assert fetch(server, tmp_path).read_bytes() == data


@pytest.mark.fault("The storage refuses to go on (416)", "Fetched from its start")
def test_an_unsatisfiable_range_starts_over(server: ScriptedServer, tmp_path: Path) -> None:
    data = glb(100_000)
    server.on(
        "GET",
        "/a.glb",
        Answer(200, data[:60_000], length=len(data)),
        Answer(416),
        Answer(200, data),
    )
    for _ in range(2):
        with pytest.raises(DownloadFailed):
            fetch(server, tmp_path)
    assert fetch(server, tmp_path).read_bytes() == data


def test_a_complete_part_file_is_not_fetched_again(server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "t-chair.part").write_bytes(glb())
    (tmp_path / "t-chair.part.json").write_text('{"validator": "", "total": 5000}')
    assert fetch(server, tmp_path).read_bytes() == glb()
    assert server.asked == []


@pytest.mark.fault("A result's link is not accepted: 400, 403, 404", "Known to have expired")
@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_link_that_is_no_longer_accepted(
    server: ScriptedServer, tmp_path: Path, status: int
) -> None:
    server.on("GET", "/a.glb", Answer(status, b"<Error><Code>AccessDenied</Code></Error>"))
    with pytest.raises(LinkExpired):
        fetch(server, tmp_path)


DAMAGED = [
    (glb(500)[:-9], "damaged", ".glb"),
    (packed()[:-30], "ZIP file is damaged", ".zip"),
    (b"no glTF at all, but called so", "called .glb", ".glb"),
]


@pytest.mark.parametrize(("data", "words", "suffix"), DAMAGED)
def test_the_same_damage_twice_is_the_result(
    server: ScriptedServer, tmp_path: Path, data: bytes, words: str, suffix: str
) -> None:
    server.on("GET", "/a.glb", Answer(200, data))
    kept = tmp_path / f"t-chair-damaged{suffix}"
    for retry in (True, False, False):
        with pytest.raises(Damaged, match=words) as caught:
            fetch(server, tmp_path)
        assert caught.value.retry == retry
        assert (str(kept) in caught.value.hint) == (not retry)
        assert kept.read_bytes() == data
        assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize(("data", "words", "suffix"), DAMAGED)
def test_damage_on_the_way_is_mended(
    server: ScriptedServer, tmp_path: Path, data: bytes, words: str, suffix: str
) -> None:
    answers = (data, data[:-1] + b"#", glb())
    server.on("GET", "/a.glb", *(Answer(200, answer) for answer in answers))
    for _ in range(2):
        with pytest.raises(Damaged, match=words) as caught:
            fetch(server, tmp_path)
        assert caught.value.retry
    assert fetch(server, tmp_path).read_bytes() == glb()


def test_what_is_there_already_is_found(server: ScriptedServer, tmp_path: Path) -> None:
    server.on("GET", "/a.glb", Answer(200, glb()))
    first = fetch(server, tmp_path)
    assert fetch(server, tmp_path) == first
    assert list(tmp_path.iterdir()) == [first]
    first.write_bytes(glb(600))
    assert fetch(server, tmp_path) != first
    assert first.read_bytes() == glb(600)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(
            Answer(200, b""),
            "empty",
            marks=pytest.mark.fault("A result is empty", "Not kept; fetched again later"),
        ),
        pytest.param(
            Answer(200, b"<!DOCTYPE html><title>Login</title>"),
            "web page",
            marks=pytest.mark.fault(
                "A login page in place of a result", "Not kept; fetched again later"
            ),
        ),
        pytest.param(
            Answer(500),
            "HTTP 500",
            marks=pytest.mark.fault("500 in place of a result", "Not kept; fetched again later"),
        ),
        pytest.param(
            Answer(drop=True),
            "broke",
            marks=pytest.mark.fault(
                "The connection breaks before a result", "Not kept; fetched again later"
            ),
        ),
    ],
)
def test_what_is_not_the_result_is_not_kept(
    server: ScriptedServer, tmp_path: Path, answer: Answer, words: str
) -> None:
    server.on("GET", "/a.glb", answer)
    with pytest.raises(DownloadFailed, match=words) as caught:
        fetch(server, tmp_path)
    assert caught.value.retry
    assert list(tmp_path.iterdir()) == []


@pytest.mark.attack(
    "A result that is called .exe or something else than it is",
    "Its bytes decide; what is unknown is called .bin",
)
@pytest.mark.parametrize(
    ("data", "path", "suffix"),
    [
        (glb(), "/a.zip", ".glb"),
        (b"Kaydara FBX Binary  \x00\x1a\x00" + b"\0" * 50, "/a.glb", ".fbx"),
        (packed(), "/a.glb", ".zip"),
        (packed(), "/a.usdz", ".usdz"),
        (packed(), "/a.3mf", ".3mf"),
        (b"solid cube\nfacet normal 0 0 1\n", "/a", ".stl"),
        (b"\0" * 80 + struct.pack("<I", 2) + b"\0" * 100, "/a", ".stl"),
        (b"\x89PNG\r\n\x1a\n....", "/a.jpg", ".png"),
        (b"\xff\xd8\xff\xe0....", "/a", ".jpg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "/a", ".webp"),
        (b"GIF89a...", "/a", ".gif"),
        (b"\0\0\0\x18ftypmp42", "/a", ".mp4"),
        (b"\x1a\x45\xdf\xa3....", "/a", ".webm"),
        (b"ply\nformat ascii 1.0\n", "/a", ".ply"),
        (b"# made by\nv 0 0 0\n", "/a.obj", ".obj"),
        (b"something else", "/a.exe", ".bin"),
    ],
)
def test_the_bytes_decide_the_suffix(
    server: ScriptedServer, tmp_path: Path, data: bytes, path: str, suffix: str
) -> None:
    server.on("GET", path, Answer(200, data))
    assert fetch(server, tmp_path, path=path).suffix == suffix


@pytest.mark.fault(
    "A file of the user's has a result's name", "It stays; the result gets another name"
)
def test_an_existing_file_is_not_overwritten(server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "t-chair.glb").write_text("mine")
    server.on("GET", "/a.glb", Answer(200, glb()))
    assert fetch(server, tmp_path).name == "t-chair-2.glb"
    assert (tmp_path / "t-chair.glb").read_text() == "mine"


@pytest.mark.attack("A result without an end, and one larger than it says", "Given up at the limit")
@pytest.mark.parametrize("length", [-1, None])
def test_a_result_beyond_the_limit_is_given_up(
    server: ScriptedServer, tmp_path: Path, length: int | None
) -> None:
    server.on("GET", "/a.glb", Answer(200, glb(900_000), length=length))
    with pytest.raises(DownloadFailed, match="limit") as caught:
        fetch(server, tmp_path, max_bytes=300_000)
    assert not caught.value.retry


@pytest.mark.fault("The disk has no room for a result", "Said before it is full")
def test_a_full_disk_is_found_before_it_is_full(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: real._replace(free=1_000))
    server.on("GET", "/a.glb", Answer(200, glb()))
    with pytest.raises(DownloadFailed, match="disk is full"):
        fetch(server, tmp_path)


@pytest.mark.fault("A file stands where the folder for results should be", "Said in words")
def test_a_folder_that_cannot_be_written(server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DownloadFailed, match="could not be written"):
        fetch(server, tmp_path / "file" / "below")


@pytest.mark.attack("A result's link by plain http to another host", "Refused in words")
@pytest.mark.attack("A result's link to a file of this machine", "Refused in words")
@pytest.mark.attack("A storage on this machine that redirects to plain http", "Refused in words")
def test_links_to_unsafe_places_are_refused(server: ScriptedServer, tmp_path: Path) -> None:
    downloader = Downloader(server.address, user_agent="test/1")
    with pytest.raises(DownloadFailed, match="https"):
        downloader.fetch("http://example.org/a.glb", tmp_path, "t")
    with pytest.raises(DownloadFailed, match="https"):
        downloader.fetch("file:///etc/passwd", tmp_path, "t")
    server.on("GET", "/a.glb", Answer(302, headers={"Location": "http://example.org/a.glb"}))
    with pytest.raises(DownloadFailed, match="not safe"):
        fetch(server, tmp_path)


NEAR = [
    pytest.param(
        "{0}",
        marks=pytest.mark.attack(
            "A result's link that leads to this machine", "Refused; nothing is asked or written"
        ),
    ),
    pytest.param(
        "https://[::1]/a.glb",
        marks=pytest.mark.attack(
            "The same in the sixth version of addresses", "Refused; nothing is asked or written"
        ),
    ),
    pytest.param(
        "https://169.254.169.254/latest/meta-data",
        marks=pytest.mark.attack(
            "A result's link to a link-local address, where clouds keep secrets",
            "Refused; nothing is asked or written",
        ),
    ),
    pytest.param(
        "https://192.168.0.1/a.glb",
        marks=pytest.mark.attack(
            "A result's link into the user's own network", "Refused; nothing is asked or written"
        ),
    ),
    pytest.param(
        "https://2130706433/a.glb",
        marks=pytest.mark.attack(
            "A result's link to this machine as a number", "Refused; nothing is asked or written"
        ),
    ),
    pytest.param(
        "https://someone:secret@127.0.0.1/a.glb",
        marks=pytest.mark.attack(
            "A result's link to this machine with a password in it",
            "Refused; nothing is asked or written",
        ),
    ),
]


@pytest.mark.parametrize("link", NEAR)
def test_a_service_elsewhere_gives_out_no_links_to_this_machine(
    server: ScriptedServer, tmp_path: Path, link: str
) -> None:
    with pytest.raises(DownloadFailed, match="not safe") as caught:
        Downloader("https://api.example", user_agent="t").fetch(
            link.format(f"{server.address}/a.glb"), tmp_path, "t"
        )
    assert not caught.value.retry
    assert list(tmp_path.iterdir()) == []
    assert server.asked == []


@pytest.mark.attack(
    "A result's link with a user name and a password in it", "Fetched without either"
)
def test_a_link_with_a_password_sends_none(server: ScriptedServer, tmp_path: Path) -> None:
    link = server.address.replace("//", "//someone:secret@") + "/a.glb"
    server.on("GET", "/a.glb", Answer(302, headers={"Location": link.replace("a.glb", "b.glb")}))
    server.on("GET", "/b.glb", Answer(200, glb()))
    downloader = Downloader(
        server.address, connect_timeout=seconds(2), read_timeout=seconds(2), user_agent="t"
    )
    assert downloader.fetch(link, tmp_path, "t").read_bytes() == glb()
    assert [asked.path for asked in server.asked] == ["/a.glb", "/b.glb"]
    assert all("Authorization" not in asked.headers for asked in server.asked)


def test_progress_is_told_and_may_stop_the_download(server: ScriptedServer, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))
        if done > 0:
            raise Enough

    server.on("GET", "/a.glb", Answer(200, glb(900_000)))
    with pytest.raises(Enough):
        Downloader(server.address, user_agent="t").fetch(
            f"{server.address}/a.glb", tmp_path, "t", progress
        )
    assert told[0] == (0, 900_000)
    assert (tmp_path / "t.part").exists()
