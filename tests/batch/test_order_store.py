"""The batch's own job list: its jobs are its own, the submit limit is everybody's."""

from pathlib import Path

import pytest

from addon.batch.folder import BatchFolder
from addon.batch.lists import Entry
from addon.batch.order_store import BatchStore, OrderStore, trouble
from addon.batch.report import write_report
from addon.batch.rows import Checker, Row
from addon.batch.run import RowStatus, Stage
from addon.catalog.encoders import result_of
from addon.jobs.charges import Sum
from addon.jobs.clock import SystemClock
from addon.jobs.job import Failure, ResultFile
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.service.errors import Charged
from tests.batch.conftest import write_model

ADDRESS = "http://127.0.0.1:9"
NOW = 1_800_000_000.0


@pytest.fixture
def shared(tmp_path: Path) -> Store:
    """The user's own store."""
    return Store(tmp_path / "home" / "jobs.sqlite")


@pytest.fixture
def order_store(tmp_path: Path, shared: Store) -> OrderStore:
    """An empty ledger."""
    folder = BatchFolder(tmp_path / "out")
    return OrderStore(BatchStore(folder, shared, SystemClock()), folder, ADDRESS)


def rows(*prompts: str) -> list[Row]:
    cells = [{"operation": "tencent-rapid", "prompt": prompt} for prompt in prompts]
    entries = [Entry(Path("list.csv"), line, row) for line, row in enumerate(cells, 2)]
    return [row for row in Checker().check(entries) if isinstance(row, Row)]


@pytest.mark.fault(
    "A batch and Blender order at the same time", "Together they keep the limit of orders"
)
def test_every_program_of_the_user_takes_from_the_same_limit(
    order_store: OrderStore, shared: Store
) -> None:
    assert order_store.store.take_submit_slot("account", 3, NOW) == 0
    assert shared.take_submit_slot("account", 3, NOW) == 0
    assert order_store.store.take_submit_slot("account", 3, NOW) == 0
    assert shared.take_submit_slot("account", 3, NOW + 1) > 50
    assert order_store.store.submit_wait("account", 3, NOW + 1) > 50
    shared.pause_submits("other", NOW + 9)
    assert order_store.store.submit_wait("other", 3, NOW) == 9


def test_the_jobs_are_the_batchs_own(order_store: OrderStore, shared: Store) -> None:
    (row,) = rows("a chair")
    assert order_store.order_next(row)
    assert not order_store.order_next(row)
    assert shared.all() == []
    assert [job.state for job in order_store.jobs(row)] == [State.QUEUED]
    assert order_store.unpaid([row]) == row.price == 35


def test_what_is_no_longer_on_the_list_is_not_sent(order_store: OrderStore) -> None:
    first, second, third = rows("one", "two", "three")
    for row in (first, second, third):
        order_store.order_next(row)
    (paid,) = order_store.jobs(second)
    order_store.store.change(paid.id, State.SUBMITTING)
    order_store.store.change(paid.id, State.PENDING, task_id="t")
    order_store.forget_unsent([first])
    assert [len(order_store.jobs(row)) for row in (first, second, third)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("failure", "task_id", "options", "becomes"),
    [
        (Failure("insufficient_credits", "", "", Charged.NO), None, {}, State.QUEUED),
        (Failure("download_failed", "", "", Charged.SPENT), "t", {}, State.PENDING),
        (Failure("task_failed", "", "", Charged.REFUNDED), "t", {}, State.FAILED),
        (
            Failure("task_failed", "", "", Charged.REFUNDED),
            "t",
            {"retry_failed": True},
            State.QUEUED,
        ),
    ],
)
def test_what_a_new_start_makes_of_a_failed_order(
    order_store: OrderStore,
    failure: Failure,
    task_id: str | None,
    options: dict[str, bool],
    becomes: State,
) -> None:
    (row,) = rows("a chair")
    order_store.order_next(row)
    (job,) = order_store.jobs(row)
    order_store.store.change(job.id, State.FAILED, failure=failure, task_id=task_id)
    assert trouble(row, order_store.jobs(row)) == failure
    order_store.go_on(**{"send_unknown": False, "retry_failed": False, **options})
    (again,) = order_store.jobs(row)
    assert again.state is becomes


@pytest.mark.parametrize(
    ("charged", "expected"),
    [
        (Charged.REFUNDED, Sum(refunded=40)),
        (Charged.UNKNOWN, Sum(unknown=40)),
        (Charged.SPENT, Sum(spent=40)),
    ],
)
def test_the_report_counts_credits_as_the_job_list_does(
    order_store: OrderStore, tmp_path: Path, charged: Charged, expected: Sum
) -> None:
    (row,) = rows("a chair")
    order_store.order_next(row)
    (job,) = order_store.jobs(row)
    failure = Failure("task_failed", "It failed.", charged=charged)
    order_store.store.change(job.id, State.SUBMITTING, submitted_at=1.0)
    order_store.store.change(job.id, State.PENDING, task_id="t", charged=40)
    order_store.store.change(job.id, State.FAILED, failure=failure)
    status = RowStatus(row, Stage.FAILED, tuple(order_store.jobs(row)), 0)
    folder = BatchFolder(tmp_path)
    document = write_report(
        folder, [status], [], service="", started_at=0, ended_at=1, say=pytest.fail
    )
    [said] = document["rows"]
    assert (said["spent_credits"], said["unclear_credits"]) == (expected.spent, expected.unknown)
    assert order_store.store.charges_since(job.service_address, 0.0) == expected


@pytest.mark.parametrize(("send", "becomes"), [(False, State.UNKNOWN), (True, State.QUEUED)])
def test_an_order_without_an_answer_waits_for_a_decision(
    order_store: OrderStore, send: bool, becomes: State
) -> None:
    (row,) = rows("a chair")
    order_store.order_next(row)
    (job,) = order_store.jobs(row)
    order_store.store.change(job.id, State.SUBMITTING)
    order_store.store.change(job.id, State.UNKNOWN)
    order_store.go_on(send_unknown=send, retry_failed=True)
    assert [job.state for job in order_store.jobs(row)] == [becomes]


@pytest.mark.fault("A batch is killed and started again at once", "Its rows go on without a wait")
def test_the_lease_of_a_process_that_was_killed_does_not_hold_a_row_up(
    order_store: OrderStore,
) -> None:
    (row,) = rows("a chair")
    order_store.order_next(row)
    now = SystemClock().now()
    (held,) = order_store.store.claim_due("killed", now, ADDRESS, False, 9)
    assert order_store.store.claim_due("next", now, ADDRESS, False, 9) == []
    order_store.go_on(send_unknown=False, retry_failed=False)
    assert [job.id for job in order_store.store.claim_due("next", now, ADDRESS, False, 9)] == [
        held.id
    ]


@pytest.mark.fault(
    "A batch is killed between a file and its note", "Fetched again; no file is there twice"
)
def test_what_was_fetched_but_not_written_down_makes_room_for_fetching_it_again(
    order_store: OrderStore,
) -> None:
    (row,) = rows("a chair")
    order_store.order_next(row)
    (job,) = order_store.jobs(row)
    job.folder.mkdir(parents=True)
    known = job.folder / "t-known.zip"
    content = job.folder / "t-known" / "chair.obj"
    for name in ("t-known.zip", "t-lost.glb", "t-next.part", "t-next.part.json"):
        (job.folder / name).write_bytes(b"")
    for name in ("t-known/chair.obj", "t-lost.part/chair.obj"):
        (job.folder / name).parent.mkdir()
        (job.folder / name).write_bytes(b"")
    for state in (State.SUBMITTING, State.PENDING, State.DOWNLOADING):
        order_store.store.change(job.id, state, task_id="t")
    file = ResultFile(known, "ARCHIVE", contents=(content,))
    order_store.store.change(job.id, State.DOWNLOADING, files=(file,))
    order_store.go_on(send_unknown=False, retry_failed=False)
    left = sorted(path.name for path in job.folder.rglob("*"))
    assert left == ["chair.obj", "t-known", "t-known.zip", "t-next.part", "t-next.part.json"]


def row_with_a_model_ahead(order_store: OrderStore, folder: Path) -> Row:
    """A row whose model got its address at NOW, and whose own order waits to be sent."""
    cells = {"operation": "topology", "file_url": write_model(folder / "m.glb").name}
    (row,) = Checker().check([Entry(folder / "list.csv", 2, cells)])
    assert isinstance(row, Row)
    assert order_store.order_next(row)
    (ahead,) = order_store.jobs(row)
    for state in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.READY):
        files = (ResultFile(folder / "there.glb", "3D_MODEL"),)
        order_store.store.change(ahead.id, state, task_id="t", files=files, finished_at=NOW)
    assert order_store.order_next(row)
    return row


@pytest.mark.fault(
    "The address of a model expires before its row is sent", "Made again, and its price is told"
)
@pytest.mark.parametrize(("hours", "made_again"), [(22, False), (25, True)])
def test_an_address_that_no_longer_works_is_made_again(
    order_store: OrderStore, tmp_path: Path, hours: int, made_again: bool
) -> None:
    row = row_with_a_model_ahead(order_store, tmp_path)
    ahead, waiting = order_store.jobs(row)
    assert waiting.values["file_url"] == result_of(ahead.id)
    price = order_store.unpaid([row])

    order_store.forget_expired([row], NOW + hours * 3600, retry_failed=False)
    assert order_store.unpaid([row]) == price + (row.orders[0].price if made_again else 0)
    assert order_store.order_next(row) is made_again
    assert (order_store.jobs(row)[0].id != ahead.id) is made_again
    assert order_store.store.get(ahead.id).task_id == "t"  # paid for, and not forgotten


@pytest.mark.parametrize("retry_failed", [False, True])
def test_a_refused_order_buys_no_new_address_unless_asked_to(
    order_store: OrderStore, tmp_path: Path, retry_failed: bool
) -> None:
    row = row_with_a_model_ahead(order_store, tmp_path)
    _, refused = order_store.jobs(row)
    failure = Failure("validation_failed", "The service refused the request.")
    order_store.store.change(refused.id, State.SUBMITTING)
    order_store.store.change(refused.id, State.FAILED, failure=failure)

    order_store.forget_expired([row], NOW + 25 * 3600, retry_failed=retry_failed)
    order_store.go_on(send_unknown=False, retry_failed=retry_failed)
    assert order_store.unpaid([row]) == (row.price if retry_failed else 0)
    assert order_store.order_next(row) is retry_failed
