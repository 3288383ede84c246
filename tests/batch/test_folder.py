"""The batch's folder: one at a time, and no file that is half written."""

import subprocess
import sys
from pathlib import Path

import pytest

from addon.batch.folder import BatchFolder, read_json, write_json
from addon.jobs.asset_catalogs import (
    CATALOG_FILE,
    add_catalog,
    catalog_id,
    catalog_path,
    write_catalogs,
)
from addon.jobs.file_locks import FilesBusy
from scripts.build import ROOT
from tests.patience import seconds

HOLD = """
import sys, pathlib
from addon.batch.folder import BatchFolder
with BatchFolder(pathlib.Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.fault("A batch is killed that holds its folder", "The next one may start at once")
def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().split() == [b"held"]
        with pytest.raises(FilesBusy) as caught, BatchFolder(tmp_path).lock():
            pass
        assert f"process {other.pid}" in str(caught.value)
        other.kill()
        other.wait(seconds(10))
        with BatchFolder(tmp_path).lock():
            pass


@pytest.mark.fault("A batch's document is cut off", "It counts as none")
def test_a_damaged_document_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    assert read_json(path) is None
    write_json(path, {"name": "椅"})
    assert read_json(path) == {"name": "椅"}
    path.write_bytes(path.read_bytes()[:-5])
    assert read_json(path) is None
    assert [found.name for found in path.parent.iterdir()] == ["b.json"]


def test_catalogues_are_added_and_none_is_lost(tmp_path: Path) -> None:
    write_catalogs(tmp_path, ["Props/Chairs"])
    file = tmp_path / CATALOG_FILE
    own = "11111111-2222-3333-4444-555555555555:Mine:Mine"
    file.write_text(file.read_text() + own + "\n")
    write_catalogs(tmp_path, ["Props/Chairs", "", "Plants"])
    lines = file.read_text().splitlines()
    assert own in lines
    assert [line for line in lines if "Props" in line] == [
        f"{catalog_id('Props')}:Props:Props",
        f"{catalog_id('Props/Chairs')}:Props/Chairs:Props-Chairs",
    ]
    assert f"{catalog_id('Plants')}:Plants:Plants" in lines
    assert lines.count("VERSION 1") == 1


def test_a_catalogue_made_by_hand_keeps_its_id(tmp_path: Path) -> None:
    own = "0a1b2c3d-0000-4000-8000-00000000cafe"
    (tmp_path / CATALOG_FILE).write_text(f"VERSION 1\n\n{own}:Props:Props\n", encoding="utf-8")
    assert add_catalog(tmp_path, "Props") == own
    assert add_catalog(tmp_path, "Props/Lamps") == catalog_id("Props/Lamps")
    assert add_catalog(tmp_path, "") == ""
    lines = (tmp_path / CATALOG_FILE).read_text("utf-8").splitlines()
    assert [line for line in lines if ":Props:" in line] == [f"{own}:Props:Props"]


def test_a_catalogue_is_written_as_people_write_it() -> None:
    assert catalog_path(" Props / Lamps: brass /") == "Props/Lamps- brass"
    assert catalog_path(" / ") == ""
