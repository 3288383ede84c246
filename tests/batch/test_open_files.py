"""Files of a batch that somebody looks at while it runs, on a system that then lets none write."""

from pathlib import Path

import pytest

from tests.batch.conftest import Batch
from tests.open_elsewhere import open_elsewhere

SAID = "is open in another program: close it there"


@pytest.mark.fault(
    "The report is open in a browser or a spreadsheet on Windows",
    "The batch ends as it would; it is said which file to close",
)
def test_an_open_report_fails_nothing(batch: Batch, tools: Path) -> None:
    first = batch.run("list.csv")
    report, page = batch.out / "report.json", batch.out / "report.html"
    page.write_text("old")
    with open_elsewhere(page):
        again = batch.run("list.csv")
    assert (again.code, again.document["rows"]) == (first.code, first.document["rows"])
    assert f"report.html {SAID}. It is the one of an earlier run" in again.words
    assert "report.json is open" not in again.words
    assert page.read_text() == "old"
    before = report.read_bytes()
    with open_elsewhere(report):
        batch.run("list.csv")
    assert report.read_bytes() == before
    assert "Box" in page.read_text(encoding="utf-8")
    assert {path.name for path in batch.out.iterdir()} >= {"report.json", "report.html"}
    assert list(batch.out.rglob("*.part")) == []


@pytest.mark.fault(
    "What was made of a row is open in another program on Windows, so that it cannot be noted",
    "The row is good all the same",
)
def test_an_open_record_fails_no_row(batch: Batch, tools: Path) -> None:
    batch.run("list.csv")
    record = next(batch.out.glob("assets/*/asset.json"))
    record.write_text("{}")
    with open_elsewhere(record):
        batch.run("list.csv")
    assert batch.statuses() == ["finished", "bad", "finished"]
    (row,) = (row for row in batch.report()["rows"] if row.get("asset") == record.parent.name)
    assert f"asset.json {SAID}." in row["warnings"][-1]


def test_an_open_order_fails_its_own_row_and_is_said(batch: Batch, tools: Path) -> None:
    batch.run("list.csv")
    paid = len(batch.spent())
    order = next(batch.out.glob("assets/*/order.json"))
    written = order.read_bytes()
    with open_elsewhere(order):
        batch.run("list.csv")
    assert batch.statuses() == ["finished", "bad", "finished"]
    order.write_text("{}")
    with open_elsewhere(order):
        done = batch.run("list.csv")
    assert sorted(batch.statuses()) == ["bad", "failed", "finished"]
    (failed,) = (row for row in batch.report()["rows"] if row["status"] == "failed")
    assert failed["error"]["message"] == f"order.json {SAID}."
    assert done.code == 1
    batch.run("list.csv")
    assert batch.statuses() == ["finished", "bad", "finished"]
    assert order.read_bytes() == written
    assert len(batch.spent()) == paid
