"""The catalogues of an asset library, when several add to them at once."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from addon.jobs import asset_catalogs
from addon.jobs.asset_catalogs import CATALOG_FILE, add_catalog, catalog_id, write_catalogs
from addon.jobs.file_locks import alone_with
from scripts.build import ROOT
from tests.patience import seconds

BUSY = os.strerror(errno.EBUSY)
PROCESSES = 3
EACH = 15
ADD = """
import pathlib, sys
from addon.jobs.asset_catalogs import add_catalog
from addon.service import whole_files
from tests.patience import seconds
whole_files.may_wait()
library, name, each = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("begins", flush=True)
sys.stdin.read()
for number in range(each):
    add_catalog(library, f"{name}/{number}", patience=seconds(20))
"""


@pytest.mark.fault(
    "Several programs add catalogs to one asset library at once", "None of them is lost"
)
def test_none_is_lost_where_several_add_at_once(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, str(tmp_path), f"From {number}", str(EACH)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(PROCESSES)
    ]
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline().split() == [b"begins"]
    for one in processes:
        assert one.stdin is not None
        one.stdin.close()
    ended = [one.wait(seconds(60)) for one in processes]
    for one in processes:
        assert one.stdout is not None
        one.stdout.close()
    assert ended == [0] * PROCESSES
    found = (tmp_path / CATALOG_FILE).read_text("utf-8")
    for name in [f"From {number}" for number in range(PROCESSES)]:
        for path in [name, *(f"{name}/{number}" for number in range(EACH))]:
            assert found.count(f"{catalog_id(path)}:{path}:") == 1, path
    assert [path.name for path in tmp_path.iterdir()] == [CATALOG_FILE]


@pytest.mark.fault(
    "Somebody on another machine adds a catalog at the same moment", "Both are there"
)
def test_what_another_machine_adds_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalogs(tmp_path, ["Props"])
    file = tmp_path / CATALOG_FILE
    own = "11111111-2222-3333-4444-555555555555:Mine:Mine"
    added: list[str] = []

    def meanwhile(path: str) -> str:
        if not added:
            added.append(own)
            file.write_text(file.read_text("utf-8") + own + "\n", encoding="utf-8")
        return catalog_id(path)

    monkeypatch.setattr(asset_catalogs, "catalog_id", meanwhile)
    write_catalogs(tmp_path, ["Plants"])
    lines = file.read_text("utf-8").splitlines()
    assert own in lines
    assert f"{catalog_id('Plants')}:Plants:Plants" in lines
    assert f"{catalog_id('Props')}:Props:Props" in lines


def test_a_file_held_for_long_is_told(tmp_path: Path) -> None:
    with alone_with(tmp_path, CATALOG_FILE), pytest.raises(OSError, match=BUSY):
        add_catalog(tmp_path, "Props", patience=0.05)
    assert not list(tmp_path.iterdir())
    assert add_catalog(tmp_path, "Props") == catalog_id("Props")


def test_bytes_that_are_no_text_stay(tmp_path: Path) -> None:
    own = b"11111111-2222-3333-4444-555555555555:M\xf6bel:M\xf6bel"
    (tmp_path / CATALOG_FILE).write_bytes(b"VERSION 1\n\n" + own + b"\n")
    add_catalog(tmp_path, "Props")
    assert own in (tmp_path / CATALOG_FILE).read_bytes().splitlines()


def test_a_window_waits_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(_seconds: float) -> None:
        pytest.fail("it would stand still")

    monkeypatch.setattr("time.sleep", sleep)
    with alone_with(tmp_path, CATALOG_FILE), pytest.raises(OSError, match=BUSY):
        add_catalog(tmp_path, "Props", patience=0.0)
    assert add_catalog(tmp_path, "Props", patience=0.0) == catalog_id("Props")
