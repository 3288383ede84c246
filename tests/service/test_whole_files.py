"""Files that another program has open, as Windows has it: for a moment, or for longer."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from addon.catalog.messages import Message
from addon.service import whole_files
from addon.service.whole_files import InUse

DENIED, SHARED = 5, 32


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A process in which nobody works; the pauses it made, which take no time here."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    whole_files.may_wait()
    yield made
    whole_files._pauses.clear()


def refuse(number: int, times: int) -> Callable[..., None]:
    """What the system does that many times before it does as it is told."""
    left = [times]
    real = os.replace

    def replace(self: Path, to: Path) -> None:
        if left[0]:
            left[0] -= 1
            error = PermissionError(errno.EACCES, "Access is denied", str(self))
            error.winerror = number  # type: ignore[attr-defined,unused-ignore]
            raise error
        real(self, to)

    return replace


@pytest.mark.fault(
    "On Windows a virus scanner or a cloud's copier looks at a file that is to be replaced",
    "It is replaced a moment later",
)
@pytest.mark.parametrize("number", [DENIED, SHARED])
def test_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: list[float], number: int
) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refuse(number, 4))
    whole_files.write(tmp_path / "a.json", b"new", sync=True)
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert waiting == sorted(waiting)
    assert len(waiting) == 4


@pytest.mark.fault(
    "On Windows another program keeps a file open that is to be replaced",
    "The old file stays whole; it is said that it is to be closed there",
)
@pytest.mark.parametrize("number", [DENIED, SHARED])
def test_what_stays_open_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: list[float], number: int
) -> None:
    (tmp_path / "report.html").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refuse(number, 100))
    with pytest.raises(InUse) as caught:
        whole_files.write(tmp_path / "report.html", b"new")
    assert (tmp_path / "report.html").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert 1 < sum(waiting) < 5
    said = "report.html is open in another program: close it there"
    assert str(caught.value) == caught.value.strerror == said
    whole = Message("It was not written: {reason}.", reason=caught.value)
    assert isinstance(whole.parts["reason"], Message)  # which has a translation of its own


def test_a_process_in_which_people_work_never_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", refuse(SHARED, 1))
    monkeypatch.setattr(time, "sleep", pytest.fail)
    with pytest.raises(InUse):
        whole_files.write(tmp_path / "a.json", b"new")


@pytest.mark.parametrize("number", [None, 19])
def test_what_is_refused_for_good_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: list[float], number: int
) -> None:
    monkeypatch.setattr(Path, "replace", refuse(number, 1))
    with pytest.raises(PermissionError) as caught:
        whole_files.write(tmp_path / "a.json", b"new")
    assert not isinstance(caught.value, InUse)
    assert waiting == []


def test_a_folder_in_its_place_is_no_program(tmp_path: Path, waiting: list[float]) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        whole_files.write(tmp_path / "a", b"new")
    assert waiting == []


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path, texts = tmp_path / "a.json", [b"a" * 50_000, b"b" * 90_000]
    whole_files.write(path, texts[0])
    whole_files.may_wait()
    ended = threading.Event()
    seen: list[bytes] = []

    def look() -> None:
        while not ended.is_set():
            seen.append(whole_files.read(path))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(200):
            whole_files.write(path, texts[number % 2])
    finally:
        ended.set()
        reader.join()
        whole_files._pauses.clear()
    assert set(seen) <= set(texts)
    assert seen
