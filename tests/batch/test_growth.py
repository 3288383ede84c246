"""A change in a batch costs the same however many rows the list has; and none is missed."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from addon.batch.folder import BatchFolder
from addon.batch.lists import Entry
from addon.batch.newest_jobs import NewestJobs
from addon.batch.order_store import BatchStore, OrderStore
from addon.batch.processing import Processor
from addon.batch.rows import Checker, Row
from addon.batch.run import BatchRun, RowStatus, Stage
from addon.catalog import build_request
from addon.jobs import rows
from addon.jobs.clock import SystemClock
from addon.jobs.factory import make_runner
from addon.jobs.job import Job
from addon.jobs.origin import BatchPlace, Origin
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.service.stopping import Stop
from tests.jobs.counting import Work, counted

ADDRESS = "http://127.0.0.1:9"
"""Nobody answers there, and nobody is asked."""


def run_of(folder: Path, count: int) -> BatchRun:
    """A batch of that many rows, of which all are fetched but the last ten."""
    cells = [
        {"operation": "tencent-rapid", "prompt": f"chair {number}", "name": f"C{number}"}
        for number in range(count)
    ]
    entries = [Entry(Path("list.csv"), line, cell) for line, cell in enumerate(cells, 2)]
    good = [row for row in Checker().check(entries) if isinstance(row, Row)]
    home = BatchFolder(folder)
    store = BatchStore(home, None, SystemClock())
    store._db.execute("PRAGMA synchronous = OFF")
    order_store = OrderStore(store, home, ADDRESS)
    with store.as_one():
        for row in good:
            assert order_store.order_next(row)
    store._db.execute(
        "UPDATE jobs SET state = 'READY', task_id = 't' || rowid WHERE rowid <= ?", (count - 10,)
    )
    stop = Stop()
    runner = make_runner(store, address=ADDRESS, key="k", user_agent="test", stop=stop)
    return BatchRun(home, good, order_store, runner, Processor(home, None, stop))


def work_after_a_change(run: BatchRun) -> tuple[Work, list[RowStatus]]:
    """What a look costs after one order was sent, and what it tells."""
    told: list[list[RowStatus]] = []
    run.watcher = lambda changed: told.append(list(changed))
    store = run.order_store.store
    with ThreadPoolExecutor(1) as pool:
        while True:
            run._look(pool)
            if not run.busy() and not told[-1]:
                break
        assert len(run._standings) == len(run.rows)
        job = run.order_store.jobs(run.rows[-1])[0]
        store.change(job.id, State.SUBMITTING)
        with counted(store, rows) as work:
            run._look(pool)
    return work, told[-1]


def test_a_change_costs_the_same_in_a_long_list(tmp_path: Path) -> None:
    works = []
    for count in (20, 200):
        work, told = work_after_a_change(run_of(tmp_path / str(count), count))
        assert [(status.row.number, status.stage) for status in told] == [(count, Stage.SENDING)]
        works.append(work)
    assert works[0].jobs == 1
    assert works[1].is_no_more_than(works[0]), works


@pytest.mark.parametrize("seed", range(3))
def test_the_newest_job_of_every_order_is_always_known(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    store, other = (Store(tmp_path / "jobs.sqlite", durable=False) for _ in range(2))
    for database in (store, other):
        database._db.execute("PRAGMA synchronous = OFF")
    newest = NewestJobs(store, ADDRESS)
    before: dict[str, Job] = {}
    for step in range(120):
        change_something(chance.choice([store, other]), chance)
        if step % 3:
            continue
        expected = {
            job.origin.batch.order: job
            for job in reversed(Store(store.path, durable=False).all(-1))
            if job.origin.batch is not None and job.service_address == ADDRESS
        }
        assert dict(newest.current()) == expected
        in_line = {State.QUEUED, State.SUBMITTING}
        assert newest.in_line() == {k: j for k, j in expected.items() if j.state in in_line}
        changed = {key for key in {*before, *expected} if before.get(key) != expected.get(key)}
        assert newest.take_news() >= changed
        before = expected
    store.close()
    other.close()


def change_something(store: Store, chance: random.Random) -> None:
    """Order, change, move to another order, or take away, by chance."""
    jobs = store.everything()
    order = chance.choice("abcdef")
    if len(jobs) < 4 or chance.random() < 0.3:
        store.add(
            build_request("tencent-rapid", {"prompt": "a chair"}),
            name="a chair",
            estimate=35,
            service_address=chance.choice([ADDRESS, ADDRESS, "http://127.0.0.1:8"]),
            folder=store.path.parent,
            origin=Origin(batch=BatchPlace(order, "chair")) if chance.random() < 0.9 else None,
        )
        return
    job = chance.choice(jobs)
    if chance.random() < 0.2:
        store._db.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
    elif chance.random() < 0.3:
        store.note_origin(job.id, Origin(batch=BatchPlace(order, "chair")))
    else:
        store._update(job.id, {"state": chance.choice([*State]), "listed": chance.random() < 0.9})
