"""A batch's folder that was moved, to another system too, is the same batch."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from addon.batch.folder import BatchFolder
from addon.batch.order_store import BatchStore
from addon.jobs.clock import SystemClock
from tests.batch.conftest import Batch
from tests.batch.test_receipts import lose

WINDOWS = "C:\\Users\\me\\out"


@pytest.mark.fault(
    "A batch's folder was moved, or copied from Windows", "It goes on there; nothing is paid again"
)
def test_it_goes_on_where_it_is(batch: Batch, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.run("list.csv")
    before = batch.report()["rows"]
    there = batch.folder / "elsewhere"
    shutil.move(batch.out, there)
    write_as_windows(there, batch.out)
    monkeypatch.setattr(Batch, "out", there)
    batch.control("DELETE", "log")
    batch.run("list.csv")
    assert batch.report()["rows"] == before
    lose(there)  # the receipts alone say as much
    batch.run("list.csv")
    assert batch.report()["rows"] == before
    asked = [request["path"] for request in batch.control("GET", "log")["requests"]]
    assert [path for path in asked if "wallet" not in path] == []
    with closing(BatchStore(BatchFolder(there), None, SystemClock())) as store:
        files = [file for job in store.all() for file in job.files]
    assert files
    assert all(file.path.is_relative_to(there) and file.path.is_file() for file in files)


def write_as_windows(folder: Path, before: Path) -> None:
    """Have the batch's files say what they would if it had been made on Windows."""
    with closing(sqlite3.connect(folder / "batch.sqlite")) as store, store:
        for job, home, files in store.execute("SELECT id, folder, files FROM jobs").fetchall():
            told = [as_windows(file, str(before), WINDOWS) for file in json.loads(files)]
            here = home.replace(str(before), WINDOWS).replace("/", "\\")
            changed = (here, json.dumps(told), job)
            store.execute("UPDATE jobs SET folder = ?, files = ? WHERE id = ?", changed)
    for paid in folder.glob("assets/*/paid.json"):
        document = json.loads(paid.read_text("utf-8"))
        for entry in document["jobs"].values():
            told = json.loads(entry["files"])
            assert all("\\" not in file["path"] for file in told)
            entry["files"] = json.dumps([as_windows(file, "", "") for file in told])
        paid.write_text(json.dumps(document), "utf-8")


def as_windows(file: dict[str, Any], before: str, there: str) -> dict[str, Any]:
    """The entry of a file with the paths of Windows."""
    paths = [file["path"], *file["contents"]]
    first, *others = (path.replace(before, there).replace("/", "\\") for path in paths)
    return {**file, "path": first, "contents": others}
