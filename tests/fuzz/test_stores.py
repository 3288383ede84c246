"""Files of our own that others may have damaged, or a newer version written."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from addon.batch.folder import BatchFolder
from addon.batch.order_store import BatchStore
from addon.catalog import build_request
from addon.jobs import rows, slips
from addon.jobs.clock import SystemClock
from addon.jobs.job import Job
from addon.jobs.origin import BatchPlace, Origin
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker.settings import WorkerSettings
from tests.fuzz.bounds import outcome, own_folder, searched
from tests.fuzz.damage import json_texts, leaves

ADDRESS = "https://api.example.org"
NAMES = (
    "code", "message", "hint", "charged", "template", "parts", "path", "asset_type", "metadata",
    "index", "contents", "left_out", "blender_version", "collection", "triangles", "dimensions",
    "figures", "preview", "blend", "to", "settings", "opened", "sent", "chain", "placement",
    "order", "asset", "id", "objects", "origin", "matrix", "scale", "point", "size", "spot",
    "prompt", "job", "task", "operation", "address", "folder", "submitted_at", "done", "files",
)  # fmt: skip
WORDS: tuple[object, ...] = (
    "{x}",
    "{",
    "{0}",
    "{x:>999}",
    "/srv/a.glb",
    "../a.glb",
    "a\0b",
    "1",
    [1, 2, 3],
    {},
    "NO",
)
texts = json_texts(st.sampled_from(NAMES), st.sampled_from(WORDS))
SET = {
    "values": 'UPDATE jobs SET "values" = ? WHERE id = ?',
    "failure": "UPDATE jobs SET failure = ? WHERE id = ?",
    "files": "UPDATE jobs SET files = ? WHERE id = ?",
    "prepared": "UPDATE jobs SET prepared = ? WHERE id = ?",
    "origin": "UPDATE jobs SET origin = ? WHERE id = ?",
    "export": "UPDATE jobs SET export = ? WHERE id = ?",
}
"""The columns of JSON, and how each is set."""


@contextmanager
def store_of_two() -> Iterator[tuple[Store, Job, Job]]:
    with own_folder() as folder:
        store = Store(folder / "jobs.sqlite", durable=False)
        try:
            store._db.execute("PRAGMA synchronous = OFF")
            yield store, add(store, folder), add(store, folder)
        finally:
            store.close()


def add(store: Store, folder: Path, origin: Origin | None = None) -> Job:
    return store.add(
        build_request("tencent-rapid", {"prompt": "a chair"}),
        name="a chair",
        estimate=35,
        service_address=ADDRESS,
        folder=folder / "assets" / "chair" / "source",
        origin=origin,
    )


@given(
    st.dictionaries(st.sampled_from(sorted(SET)), texts | st.text(max_size=12), min_size=1),
    st.sampled_from((*State, "SOLD")),
)
@example({"files": "[" * 100_000}, State.READY)
@searched(40)
def test_a_row_is_read_or_counted_and_in_nobodys_way(columns: dict[str, str], state: str) -> None:
    with store_of_two() as (store, whole, odd):
        store._db.execute("UPDATE jobs SET state = ? WHERE id = ?", (str(state), odd.id))
        for name, text in columns.items():
            stored = text.encode("utf-8", "replace").decode()
            store._db.execute(SET[name], (stored, odd.id))
        listed = outcome(store.all)
        assert whole.id in {job.id for job in listed}
        assert odd.id in {job.id for job in listed} | store.unreadable
        for job in listed:
            repr(job).encode()
            for file in job.files:
                assert isinstance(file.asset_type, str)
                assert isinstance(dict(file.metadata), dict)
            if job.failure is not None:
                assert isinstance(job.failure.message, str)
        outcome(lambda: store.placeable(["x"], "y"))
        outcome(lambda: store.results(text="a", limit=5))
        outcome(lambda: store.charges_since(ADDRESS, 0.0))
        claimed = outcome(lambda: store.claim_due("me", 1e10, ADDRESS, True, 5))
        assert whole.id in {job.id for job in claimed}


slip_texts = texts | st.fixed_dictionaries(
    dict.fromkeys(("job", "submitted_at", "operation", "address", "folder", "task"), leaves)
).map(json.dumps)


@given(st.lists(slip_texts | st.text(max_size=5), min_size=1, max_size=2))
@example(
    ['{"job":"a","submitted_at":1,"operation":"b","address":"c","folder":"/d","task":"\\ud800"}']
)
@example(["[" * 100_000])
@searched(40)
def test_receipts_that_are_left_never_stop_the_runner(written: list[str]) -> None:
    with store_of_two() as (store, whole, other):
        folder = slips._folder(store.path)
        folder.mkdir()
        for number, text in enumerate(written):
            (folder / f"{number}.json").write_bytes(text.encode("utf-8", "replace"))
        outcome(lambda: slips.settle(store))
        jobs = outcome(store.everything)
        assert {whole.id, other.id} <= {job.id for job in jobs}
        assert not store.unreadable
        for job in jobs:
            assert job.task_id != ""


@given(texts, st.dictionaries(st.sampled_from(rows.COLUMNS), leaves | texts))
@example('{"jobs":' * 20_000, {})
@searched(40)
def test_a_batch_begins_whatever_its_receipts_say(text: str, changes: dict[str, Any]) -> None:
    with own_folder() as place:
        folder = BatchFolder(Path(place))
        store = BatchStore(folder, None, SystemClock())
        job = add(store, place, Origin(batch=BatchPlace("order-1", "chair")))
        store.record_submitted(job, "t-1", next_at=0.0)
        store.close()
        (document,) = json.loads(folder.paid("chair").read_text())["jobs"].values()
        (folder.asset("table")).mkdir(parents=True)
        folder.paid("table").write_text(text)
        (folder.asset("lamp")).mkdir(parents=True)
        folder.paid("lamp").write_text(json.dumps({"jobs": {"x": document | changes}}))
        folder.store.unlink()
        again = outcome(lambda: BatchStore(folder, None, SystemClock()))
        try:
            found = again.all(-1)
            assert {one.task_id for one in found} >= {"t-1"}
            assert not again.unreadable
            for one in found:
                for file in one.files:
                    assert file.path.resolve().is_relative_to(folder.root.resolve())
        finally:
            again.close()


@given(st.dictionaries(st.sampled_from(("store", "log_file", "key", "address", "x")), leaves))
@searched(20)
def test_settings_are_taken_or_refused(message: dict[str, Any]) -> None:
    outcome(lambda: WorkerSettings.from_json(message), TypeError, KeyError)


def test_a_store_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    assert "cannot be opened" in str(outcome(lambda: Store(path), Exception))
    assert sqlite3.sqlite_version
