import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.service.names import MAX_LENGTH, RESERVED, free_path, give_name, safe_name


@pytest.mark.attack("Any text at all as the name of a result", "One harmless part of a path")
@given(st.text())
def test_any_text_becomes_one_harmless_path_component(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name) <= MAX_LENGTH + len("file-")
    assert name.isascii()
    assert not set(name) & set('/\\:*?"<>| \0')
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert name.split(".")[0].lower() not in RESERVED


@given(st.text())
def test_a_safe_name_stays_as_it_is(text: str) -> None:
    assert safe_name(safe_name(text)) == safe_name(text)


def test_names_stay_readable() -> None:
    assert safe_name("3f2a-tencent-rapid") == "3f2a-tencent-rapid"
    assert safe_name("../../etc/passwd") == "etc-passwd"
    assert safe_name("CON.txt") == "file-CON.txt"
    assert safe_name("äöü") == "file"


def test_a_free_path_is_never_one_that_exists(tmp_path: Path) -> None:
    assert free_path(tmp_path, "a", ".glb").name == "a.glb"
    (tmp_path / "a.glb").touch()
    (tmp_path / "a-2.glb").mkdir()
    assert free_path(tmp_path, "a", ".glb").name == "a-3.glb"


@pytest.mark.posix("Windows lets nobody but administrators make links")
def test_a_link_to_nowhere_takes_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.glb").symlink_to(tmp_path / "nowhere")
    assert free_path(tmp_path, "a", ".glb").name == "a-2.glb"


def no_links(*_names: object) -> None:
    raise PermissionError


@pytest.mark.parametrize("links", [True, False])
def test_of_several_that_take_one_name_each_gets_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    threads = 8
    begin = Barrier(threads)

    def add(number: int) -> None:
        part = tmp_path / f"{number}.part"
        part.write_text(str(number))
        begin.wait()
        assert give_name(part, tmp_path, "a", ".blend").read_text() == str(number)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(add, range(threads)))
    expected = {"a.blend", *(f"a-{number}.blend" for number in range(2, threads + 1))}
    assert {path.name for path in tmp_path.iterdir()} == expected
