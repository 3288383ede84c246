"""Sixty rows of all sorts with planned trouble: under the service's limit, and with it lifted."""

import math
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from addon.batch.folder import BatchFolder
from addon.batch.inputs import read_inputs
from addon.batch.order_store import BatchStore, OrderStore
from addon.batch.processing import Processor
from addon.batch.report import write_report
from addon.batch.rows import BadRow, Checker, Row
from addon.batch.run import MOST_QUEUED, BatchRun
from addon.jobs.factory import make_runner
from addon.jobs.store import Store
from addon.service.stopping import Stop
from addon.service.throttle import MARGIN, WINDOW
from tests.batch.conftest import Batch, write_csv, write_model, write_picture
from tests.patience import Deadline, seconds
from tests.sandboxes import Sandboxes

LIMIT = 3
ROWS = 60
LONGEST = 150.0
SLACK = 1.0
PAUSE = 0.005
"""Real seconds between two looks at what is under way."""

COUNTS = {"volume": 28, "convert": 16, "repair": 6, "remove-bg": 5, "tencent-rapid": 1, "tripo": 1}
BAD = (("volume", "", "", "", ""), ("polish", "", "m0.glb", "", ""), ("tripo", "", "", "", ""))

FAULTS = (
    {"name": "submit-dropped", "skip": 4},
    {"name": "submit-lost", "skip": 9},
    {"name": "submit-429", "skip": 14, "value": 20},
    {"name": "status-500", "skip": 12, "times": 2},
    {"name": "status-dropped", "skip": 20},
    {"name": "task-failed", "skip": 5, "times": 2},
    {"name": "download-cut", "skip": 3, "value": 100},
    {"name": "download-403", "skip": 6},
    {"name": "download-500", "skip": 2},
)
LOST, FAILED = 2, 2
"""A connection that breaks while an order is sent leaves open, too, whether it was taken."""
PRICE_OF_THE_LOST = 20
REFUSED = 1
"""Submissions that took a place under the limit and had to be made again."""


@dataclass(slots=True)
class ManualClock:
    """Moved by the test, never ahead of the sandbox's."""

    value: float

    def now(self) -> float:
        return self.value


def write_list(folder: Path) -> Path:
    """Every row is another order: no two have the same model or picture."""
    rows: list[tuple[str, ...]] = []
    for operation, count in COUNTS.items():
        for _ in range(count):
            number = len(rows)
            picture = model = prompt = ""
            if operation == "remove-bg":
                picture = write_picture(folder / f"p{number}.png", number).name
            elif operation in {"tencent-rapid", "tripo"}:
                prompt = "a ball"
            else:
                model = write_model(folder / f"m{number}.glb", 1 + number / 100).name
            rows.append((operation, f"row {number}", model, picture, prompt))
    rows[10:10], rows[30:30], rows[50:50] = [BAD[0]], [BAD[1]], [BAD[2]]
    assert len(rows) == ROWS
    columns = ("operation", "name", "model_file", "image", "prompt")
    return write_csv(folder / "list.csv", columns, *rows)


def is_taken(store: Store) -> bool:
    """Whether somebody holds a job: from the moment it is taken, before its step has begun."""
    held = store._db.execute("SELECT count(*) FROM jobs WHERE owner IS NOT NULL").fetchone()
    return bool(held[0])


def run_through(batch: Batch, clock: ManualClock, run: BatchRun, store: Store) -> None:
    """Run in a thread and let time jump to what is due next whenever nothing is under way."""
    thread = threading.Thread(target=run.run)
    thread.start()
    deadline = Deadline(LONGEST)
    try:
        while thread.is_alive():
            deadline.check("the end of the batch")
            with store.as_one():  # no job is taken while time jumps
                pause = run.runner.seconds_until_due()
                if 0 < pause < math.inf and not is_taken(store) and not run.busy():
                    batch.control("POST", "clock", {"seconds": pause})
                    clock.value += pause
            run.nudge()
            time.sleep(PAUSE)
    finally:
        run.stop()
        thread.join(seconds(30))


@pytest.mark.parametrize("limited", [True, False])
def test_sixty_rows(sandboxes: Sandboxes, tmp_path: Path, limited: bool) -> None:
    limit = LIMIT if limited else 1000
    batch = Batch(tmp_path, sandboxes.start(rate_limit=limit, rate_window=WINDOW))
    for fault in FAULTS:
        batch.control("POST", "faults", fault)
    clock = ManualClock(time.time())
    checked = Checker().check(read_inputs([str(write_list(tmp_path))], tmp_path, {}))
    good = [row for row in checked if isinstance(row, Row)]
    bad = [row for row in checked if isinstance(row, BadRow)]
    assert [row.place for row in bad] == ["list.csv:12", "list.csv:32", "list.csv:52"]

    folder = BatchFolder(batch.out)
    store = BatchStore(folder, Store(tmp_path / "home" / "jobs.sqlite"), clock)
    order_store = OrderStore(store, folder, batch.sandbox.address)
    stop = Stop()
    runner = make_runner(
        store,
        address=batch.sandbox.address,
        key=batch.sandbox.key,
        user_agent="test",
        clock=clock,
        stop=stop,
    )
    line: list[int] = []
    run = BatchRun(folder, good, order_store, runner, Processor(folder, None, stop))
    run.watcher = lambda _: line.append(order_store.queued())
    with folder.lock():
        run_through(batch, clock, run, store)
    document = write_report(
        folder,
        run.statuses(),
        bad,
        service=batch.sandbox.address,
        started_at=0,
        ended_at=1,
        say=pytest.fail,
    )

    assert document["totals"]["finished"] == len(good) - FAILED - LOST
    assert document["totals"]["failed"] == FAILED + LOST
    assert document["totals"]["bad"] == len(BAD)
    # Of the two without an answer one was taken.
    assert sum(batch.spent()) - document["totals"]["spent_credits"] == PRICE_OF_THE_LOST
    assert document["totals"]["unclear_credits"] == LOST * PRICE_OF_THE_LOST
    requests = batch.control("GET", "log")["requests"]
    posts = [entry for entry in requests if entry["method"] == "POST"]
    assert len(posts) == len(good) + REFUSED
    assert sum(entry["status"] == 429 for entry in posts) == REFUSED
    codes = [row["error"]["code"] for row in document["rows"] if row["status"] == "failed"]
    assert sorted(codes) == ["answer_lost"] * LOST + ["task_failed"] * FAILED
    if limited:
        assert max(line) <= MOST_QUEUED + REFUSED
        assert_no_idle_gap(run)


def assert_no_idle_gap(run: BatchRun) -> None:
    """Each submission but the first three comes as soon as the limit allows."""
    sent = sorted(s.jobs[0].submitted_at or 0.0 for s in run.statuses())
    most = WINDOW + MARGIN + SLACK
    gaps = [later - earlier for earlier, later in zip(sent, sent[LIMIT:], strict=False)]
    assert min(gaps) >= WINDOW
    # One that was refused takes a place under the limit and has the others wait.
    assert sum(gap > most for gap in gaps) <= LIMIT * REFUSED
    places = len(sent) + REFUSED
    assert sent[-1] - sent[0] <= (places // LIMIT + 1) * most
