"""Files that another program has open, as Windows has it: for a moment, or for longer."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.catalog.messages import Message
from addon.service import whole_files
from addon.service.whole_files import InUse
from tests.open_elsewhere import DENIED, SHARED, not_deleting, open_elsewhere, refusing

LOOK_EVERY = 0.001
UNTOLD = None
"""Some calls hand on no number."""


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A process in which nobody works; the pauses it made, which take no time here."""
    made: list[float] = []
    sleep, here = time.sleep, threading.current_thread()

    def pause(seconds: float) -> None:
        if threading.current_thread() is here:
            made.append(seconds)
        else:  # what another test left behind
            sleep(seconds)

    monkeypatch.setattr(time, "sleep", pause)
    whole_files.may_wait()
    yield made
    whole_files._pauses.clear()


@pytest.mark.fault(
    "On Windows a virus scanner or a cloud's copier looks at a file that is to be replaced",
    "It is replaced a moment later",
)
@pytest.mark.parametrize("number", [DENIED, SHARED, UNTOLD])
def test_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: list[float], number: int | None
) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    held = refusing(os.replace, {tmp_path / "a.json"}, number, times=4)
    monkeypatch.setattr(Path, "replace", held)
    whole_files.write(tmp_path / "a.json", b"new", sync=True)
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert waiting == sorted(waiting)
    assert len(waiting) == 4


@pytest.mark.fault(
    "On Windows another program keeps a file open that is to be replaced",
    "The old file stays whole; it is said that it is to be closed there",
)
def test_what_stays_open_is_said(tmp_path: Path, waiting: list[float]) -> None:
    (tmp_path / "report.html").write_bytes(b"old")
    with open_elsewhere(tmp_path / "report.html"), pytest.raises(InUse) as caught:
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
    monkeypatch.setattr(time, "sleep", pytest.fail)
    (tmp_path / "a.json").write_bytes(b"old")
    with open_elsewhere(tmp_path / "a.json"), pytest.raises(InUse):
        whole_files.write(tmp_path / "a.json", b"new")


def test_what_is_refused_for_good_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: list[float]
) -> None:
    held = refusing(os.replace, {tmp_path / "a.json"}, 19)  # it cannot be written at all
    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PermissionError) as caught:
        whole_files.write(tmp_path / "a.json", b"new")
    assert not isinstance(caught.value, InUse)
    assert waiting == []


def test_what_rights_do_not_allow_is_no_other_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: list[float]
) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refusing(os.replace, {tmp_path / "a.json"}, DENIED))
    with pytest.raises(PermissionError) as caught:
        whole_files.write(tmp_path / "a.json", b"new")
    assert not isinstance(caught.value, InUse)


def test_a_folder_in_its_place_is_no_program(tmp_path: Path, waiting: list[float]) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        whole_files.write(tmp_path / "a", b"new")
    assert waiting == []


def test_what_is_open_for_a_moment_is_deleted_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: list[float]
) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(b"old")
    monkeypatch.setattr(Path, "unlink", not_deleting({tmp_path / "a.json"}, times=3))
    whole_files.remove(tmp_path / "a.json")
    assert len(waiting) == 3
    whole_files.remove(tmp_path / "a.json")  # gone already
    whole_files.discard_folder(tmp_path)
    assert not tmp_path.exists()


def test_what_stays_open_is_said_or_left(tmp_path: Path, waiting: list[float]) -> None:
    for name in ("key", "other"):
        (tmp_path / name).write_bytes(b"old")
    with open_elsewhere(tmp_path / "key"):
        with pytest.raises(InUse) as caught:
            whole_files.remove(tmp_path / "key")
        whole_files.discard(tmp_path / "key")
    assert str(caught.value) == "key is open in another program: close it there"
    assert (tmp_path / "key").read_bytes() == b"old"
    whole_files.discard(tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path, texts = tmp_path / "a.json", [b"a" * 50_000, b"b" * 90_000]
    whole_files.write(path, texts[0])
    whole_files.may_wait()
    ended = threading.Event()
    seen: list[bytes] = []

    def look() -> None:
        while not ended.is_set():
            seen.append(whole_files.read(path))
            time.sleep(LOOK_EVERY)  # on Windows each look is in the writer's way

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(100):
            whole_files.write(path, texts[number % 2])
    finally:
        ended.set()
        reader.join()
        whole_files._pauses.clear()
    assert set(seen) <= set(texts)
    assert seen
