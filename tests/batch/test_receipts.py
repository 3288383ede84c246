"""The second record of what was paid: without the batch's job list nothing is paid for again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.batch.folder import PAID, BatchFolder
from addon.batch.order_store import BatchStore
from addon.catalog import build_request
from addon.jobs.clock import SystemClock
from addon.jobs.job import Job, ResultFile
from addon.jobs.origin import BatchPlace, Origin
from addon.jobs.states import State
from tests.batch.conftest import Batch
from tests.batch.test_run import files

LISTS = ("batch.sqlite", "batch.sqlite-wal", "batch.sqlite-shm")


def lose(out: Path) -> None:
    for name in LISTS:
        (out / name).unlink(missing_ok=True)


def damage(out: Path) -> None:
    lose(out)
    (out / LISTS[0]).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(
            lose,
            marks=pytest.mark.fault(
                "A finished batch's job list is deleted",
                "The files in the folder are believed; nothing is paid again",
            ),
        ),
        pytest.param(
            damage,
            marks=pytest.mark.fault(
                "A finished batch's job list is damaged, and renamed as advised",
                "The files in the folder are believed; nothing is paid again",
            ),
        ),
    ],
)
def test_without_its_list_a_finished_batch_costs_nothing(
    batch: Batch, tools: Path, spoil: Callable[[Path], None]
) -> None:
    batch.run("list.csv")
    paid, written, before = batch.spent(), files(batch.out), batch.report()["rows"]
    spoil(batch.out)
    if spoil is damage:
        refused = batch.run("list.csv")
        assert refused.document["error"]["code"] == "store_unusable"
        assert "rename" in refused.words
        (batch.out / LISTS[0]).rename(batch.out / "damaged.sqlite")
    assert batch.run("list.csv", "--check").document["still_to_pay"] == 0
    batch.control("DELETE", "log")
    done = batch.run("list.csv")
    assert done.code == batch_code(before)
    requests = batch.control("GET", "log")["requests"]
    assert [entry for entry in requests if entry["method"] == "POST"] == []
    assert batch.spent() == paid
    assert files(batch.out) == written
    assert [row["status"] for row in batch.report()["rows"]] == [row["status"] for row in before]


def batch_code(rows: list[dict[str, object]]) -> int:
    return 2 if any(row["status"] == "bad" for row in rows) else 0


@pytest.mark.fault(
    "A batch's job list and results are deleted", "Fetched again; nothing is paid twice"
)
def test_results_that_are_gone_as_well_are_fetched_again(batch: Batch, tools: Path) -> None:
    batch.run("list.csv")
    paid = batch.spent()
    gone = [path for path in batch.out.glob("assets/*/source/*") if path.is_file()]
    for path in gone:
        path.unlink()
    lose(batch.out)
    batch.run("list.csv")
    assert batch.spent() == paid
    assert all(path.is_file() for path in gone)


@pytest.fixture
def folder(tmp_path: Path) -> BatchFolder:
    return BatchFolder(tmp_path / "out")


def opened(folder: BatchFolder) -> BatchStore:
    return BatchStore(folder, None, SystemClock())


def ordered(folder: BatchFolder, store: BatchStore, key: str = "k1") -> Job:
    job = store.add(
        build_request("tencent-rapid", {"prompt": "a chair"}),
        name="Chair",
        estimate=35,
        service_address="https://api.example",
        folder=folder.source("chair-k1"),
        origin=Origin(batch=BatchPlace(key, "chair-k1")),
    )
    return store.change(job.id, State.SUBMITTING, submitted_at=5.0)


@pytest.mark.fault(
    "A batch's job list is deleted while tasks are under way",
    "They are followed; nothing is ordered again",
)
def test_a_task_under_way_is_asked_for_and_not_ordered_again(folder: BatchFolder) -> None:
    store = opened(folder)
    job = store.record_submitted(ordered(folder, store), "t-1", next_at=0.0)
    store.close()
    lose(folder.root)
    store = opened(folder)
    (found,) = store.everything()
    assert (found.id, found.task_id, found.state) == (job.id, "t-1", State.PENDING)
    assert found.origin == job.origin
    assert found.values == job.values
    assert found.submitted_at == 5.0
    assert [kept.id for kept in opened(folder).everything()] == [job.id]  # once, however often


def test_what_was_never_taken_is_not_noted(folder: BatchFolder) -> None:
    store = opened(folder)
    ordered(folder, store)
    assert not folder.paid("chair-k1").exists()


@pytest.mark.parametrize("is_there", [True, False])
def test_results_are_believed_if_their_files_are_there(folder: BatchFolder, is_there: bool) -> None:
    store = opened(folder)
    job = store.record_submitted(ordered(folder, store), "t-1", next_at=0.0)
    model = folder.source("chair-k1") / "a.glb"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"glTF")
    for state in (State.DOWNLOADING, State.READY):
        store.change(job.id, state, files=(ResultFile(model, "3D_MODEL", {}, 0),))
    before = store.get(job.id)
    store.close()
    lose(folder.root)
    moved = BatchFolder(folder.root.rename(folder.root.with_name("elsewhere")))
    if not is_there:
        (moved.source("chair-k1") / "a.glb").unlink()
    (found,) = opened(moved).everything()
    assert found.state is (State.READY if is_there else State.PENDING)
    assert [file.path for file in found.files] == (
        [moved.source("chair-k1") / "a.glb"] if is_there else []
    )
    assert found.finished_at == (before.finished_at if is_there else None)


@pytest.mark.fault("A batch's record of what was paid is damaged", "The job list counts")
@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"jobs": 5}', '{"jobs": {"x": 5}}', '{"jobs": {"x": {"id": 1}}}', "\0" * 99],
)
def test_a_record_that_cannot_be_read_is_left_out(folder: BatchFolder, text: str) -> None:
    store = opened(folder)
    store.record_submitted(ordered(folder, store), "t-1", next_at=0.0)
    store.close()
    folder.paid("chair-k1").write_text(text)
    store = opened(folder)
    assert [job.task_id for job in store.everything()] == ["t-1"]
    store.close()
    lose(folder.root)
    assert opened(folder).everything() == []


@pytest.mark.fault("One entry of a batch's record is damaged", "The others count")
def test_a_damaged_entry_does_not_take_the_others_along(folder: BatchFolder) -> None:
    store = opened(folder)
    for number in (1, 2):
        store.record_submitted(ordered(folder, store, f"k{number}"), f"t-{number}", next_at=0.0)
    path = folder.paid("chair-k1")
    document = json.loads(path.read_text("utf-8"))
    next(iter(document["jobs"].values()))["origin"] = "{"
    path.write_text(json.dumps(document), "utf-8")
    store.close()
    lose(folder.root)
    assert [job.task_id for job in opened(folder).everything()] == ["t-2"]


def test_a_half_written_receipt_of_a_killed_run_goes(folder: BatchFolder) -> None:
    left = folder.paid("chair").with_name(f"{PAID}.part")
    left.parent.mkdir(parents=True)
    left.write_text("{")
    with folder.lock():
        assert not left.exists()
