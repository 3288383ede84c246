"""What is asked of the job list all the time costs the same however long its history is."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from addon.catalog import build_request
from addon.jobs import chains, rows
from addon.jobs.charges import Sum, sum_of
from addon.jobs.job import Failure, Job, Prepared, ResultFile
from addon.jobs.origin import ChainPlace, OpenFile, Origin
from addon.jobs.rows import COLUMNS, encode
from addon.jobs.schema import StoreBusy
from addon.jobs.states import ACTIVE, State
from addon.jobs.store import Store
from addon.service.errors import Charged
from scripts.bench import history
from tests.jobs.counting import Work, counted
from tests.jobs.test_store import bring_back
from tests.jobs.world import EPOCH, HandClock

ADDRESS = "https://api.example"
SHORT, LONG = 420, 21 * 420
"""The pattern of ``history`` repeats: what is newest is alike in both."""
ACTIVE_JOBS = 5
BEFORE_CHANGES = 5
"""The version of the last list that kept no record of changes."""
MONTH = 30 * history.DAY


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """A short list and a long one."""
    made = []
    for finished in (SHORT, LONG):
        path = tmp_path_factory.mktemp("lists") / "jobs.sqlite"
        history.fill(path, finished, active=ACTIVE_JOBS, address=ADDRESS, now=EPOCH)
        store = Store(path, clock=HandClock(), durable=False)
        # The list was cleared now and then: but for the oldest jobs nothing that is done is listed.
        store._db.execute(
            "UPDATE jobs SET listed = 0 WHERE rowid > 200 AND task_id IS NOT NULL"
            " AND state NOT IN ('RUNNING')"
        )
        made.append(store)
    yield made[0], made[1]
    for store in made:
        store.close()


ASKED: dict[str, Callable[[Store], Any]] = {
    "those under way": Store.active,
    "the newest": lambda store: store.all(50),
    "those to be placed": lambda store: store.placeable(["an opening"], "/elsewhere.blend"),
    "a page of results": lambda store: store.results(limit=8),
    "a page of some results": lambda store: store.results(limit=8, among=["tencent-pro"]),
    "whether results changed": Store.results_version,
    "the credits of the month": lambda store: store.charges_since(ADDRESS, EPOCH - MONTH),
    "whether anything changed": Store.newest_change,
    "an order": lambda store: store.order_of(store.active()[0]),
    "a task": lambda store: store.find_task(ADDRESS, "task-7"),
    "a refund": lambda store: store.any_refund_since(ADDRESS, EPOCH - 900),
    "when the next is due": lambda store: store.next_due(ADDRESS, True),
    "what is due": lambda store: store.claim_due("me", EPOCH, ADDRESS, True, 2),
}
"""What the sidebar asks at every look, and a runner at every step."""


def work_after_a_change(store: Store, ask: Callable[[Store], Any]) -> Work:
    """What is done to answer after one job has changed, by somebody who had asked before."""
    known = [ask(store), store.active()]
    other = Store(store.path, clock=HandClock(), durable=False)
    other.change(other.active()[0].id, State.RUNNING, progress=len(known))
    other.close()
    with counted(store, rows) as work:
        ask(store)
    return work


@pytest.mark.parametrize("what", ASKED)
def test_no_answer_takes_more_of_a_long_history(lists: tuple[Store, Store], what: str) -> None:
    short, long = (work_after_a_change(store, ASKED[what]) for store in lists)
    assert long.is_no_more_than(short), (long, short)


def test_only_what_has_changed_is_read_again(lists: tuple[Store, Store]) -> None:
    store = lists[1]
    before = store.all(50)
    with counted(store, rows) as work:
        again = store.all(50)
    assert work.jobs == 0
    assert all(one is other for one, other in zip(before, again, strict=True))
    work = work_after_a_change(store, lambda one: one.all(50))
    assert work.jobs == 1


def test_working_on_a_job_for_others_to_leave_alone_is_no_change(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite", clock=HandClock())
    job = add(store)
    before = store.newest_change()
    assert store.claim_due("me", EPOCH, ADDRESS, True, 1)
    store.renew("me", EPOCH, [job.id])
    store.release(job.id, "me")
    assert store.newest_change() == before
    store.close()


def add(store: Store, **changes: Any) -> Job:
    return store.add(
        build_request("tencent-rapid", {"prompt": "a chair"}),
        name="a chair",
        estimate=35,
        service_address=ADDRESS,
        folder=store.path.parent,
        **changes,
    )


ANOTHER: dict[str, Any] = {
    "operation": "repair",
    "values": {"prompt": "a table"},
    "mode": None,
    "name": "a table",
    "state": State.FAILED,
    "service_address": "https://elsewhere.example",
    "folder": Path("/elsewhere"),
    "task_id": "t-9",
    "failure": Failure("c", "m", "h", Charged.REFUNDED),
    "files": (ResultFile(Path("/r/b.glb"), "3D_MODEL"),),
    "prepared": Prepared(Path("/r/b.blend"), (4, 2, 0), "C", 1, (1.0, 1.0, 1.0)),
    "origin": Origin(OpenFile("/b.blend", "b"), chain=ChainPlace("c")),
    "wants_prepared": True,
    "keeps_place": True,
    "export": None,
    "save_as": Path("/r/saved.glb"),
    "listed": False,
}
"""What a field is changed to; others to a number."""


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "id"])
def test_whatever_anybody_writes_is_seen(tmp_path: Path, column: str) -> None:
    store = Store(tmp_path / "jobs.sqlite", clock=HandClock())
    job = add(store)
    kept, before = store.everything(), store.newest_change()
    assert kept == [job]
    written = encode(column, ANOTHER.get(column, 7))
    with sqlite3.connect(store.path) as raw:
        raw.execute(f'UPDATE jobs SET "{column}" = ?', (written,))  # noqa: S608 - our own names
    raw.close()
    assert store.newest_change() > before
    (now,) = store.everything()
    assert now is not job
    assert encode(column, getattr(now, column)) == written
    store.close()


def test_what_is_taken_back_was_never_known(tmp_path: Path) -> None:
    store, other = (Store(tmp_path / "jobs.sqlite", durable=False) for _ in range(2))
    job = add(store)
    kept = store.all()

    def name(words: str) -> None:
        with store.as_one():
            store.change(job.id, State.SUBMITTING, name=words, submitted_at=EPOCH)
            store.change(job.id, State.PENDING, task_id="t")
            kept.extend(store.all())
            assert kept[-1].name == words
            assert store.charges_since(ADDRESS, EPOCH) == Sum(spent=35)
            raise StoreBusy("busy")

    for words in ("a vase", "a lamp"):
        with suppress(StoreBusy):
            name(words)
        assert [one.name for one in store.all()] == ["a chair"]
        assert store.charges_since(ADDRESS, EPOCH) == Sum()
    other.change(job.id, State.QUEUED, name="a table")  # a number that was taken back is given anew
    assert [one.name for one in store.all()] == ["a table"]
    store.close()
    other.close()


class Walk:
    """Somebody who does all kinds of things to a list, by chance."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.clock = HandClock()
        store._clock = self.clock

    def go(self) -> None:
        """Do one thing."""
        self.clock.time += self.chance.choice([0.0, 1.0, 3600.0])
        jobs = self.store.everything()
        if len(jobs) < 4 or self.chance.random() < 0.2:
            place = ChainPlace(self.chance.choice("pq"), last=self.chance.random() < 0.5)
            file = OpenFile(self.chance.choice(["/a.blend", "/b.blend"]), self.chance.choice("xy"))
            chain = self.chance.choice([None, place])
            add(self.store, origin=Origin(file, chain=chain))
            return
        job = self.chance.choice(jobs)
        if self.chance.random() < 0.1:
            removable = {State.QUEUED, State.FAILED, State.PLACED, State.READY}
            if job.state in removable:
                if self.chance.random() < 0.5:
                    self.store.remove(job.id, expected=job.state)
                else:
                    self.store.take_off_list(job.id)
            return
        self._change(job)

    def _change(self, job: Job) -> None:
        state = self.chance.choice([*State])
        files = self.chance.choice([(), ANOTHER["files"]])
        changes: dict[str, Any] = {
            "name": self.chance.choice(["a chair", "a table"]),
            "files": files,
            "prepared": self.chance.choice([None, ANOTHER["prepared"]]),
            "failure": self.chance.choice([None, None, ANOTHER["failure"]]),
            "submitted_at": self.chance.choice([None, self.clock.time]),
            "task_id": self.chance.choice([None, "t"]),
            "listed": self.chance.random() < 0.9,
            "operation": self.chance.choice(["tencent-rapid", "repair"]),
        }
        with self.store.as_one():
            self.store._update(job.id, {"state": state, **changes})


def results_among(jobs: list[Job], among: list[str] | None, text: str) -> list[Job]:
    """What ``Store.results`` has to find, by looking at every job."""
    return [
        job
        for job in reversed(jobs)
        if job.state in {State.READY, State.PLACED}
        and job.files
        and not chains.is_in_between(job)
        and (among is None or job.operation in among)
        and text in f"{job.name} {job.values['prompt']}"
    ]


def assert_as_in_the_table(store: Store) -> None:
    """Every list and every sum is what is to be found by looking at every job."""
    fresh = Store(store.path, durable=False)
    jobs = fresh.everything()
    fresh.close()
    listed = [job for job in jobs if job.listed]
    assert store.everything() == jobs
    assert store.all(6) == listed[::-1][:6]
    assert store.active() == [job for job in jobs if job.state in ACTIVE]
    waiting = [
        job
        for job in listed
        if job.state is State.READY and job.prepared and not job.failure and job.origin.file
    ]
    assert store.placeable(["x"], "/a.blend") == [
        job
        for job in waiting
        if job.origin.file and (job.origin.file.opened, job.origin.file.blend) != ("y", "/b.blend")
    ]
    for among in (None, ["repair"]):
        for text in ("", "table"):
            found = results_among(jobs, among, text)
            page = store.results(text=text, among=among, limit=2, offset=1)
            assert page == (found[1:3], len(found))
    month = [job for job in jobs if job.submitted_at and job.submitted_at >= EPOCH + 7200.0]
    assert store.charges_since(ADDRESS, EPOCH + 7200.0) == sum_of(month)
    for job in jobs[:3]:
        chain = chains.chain_of(job)
        assert store.order_of(job) == [
            one for one in jobs if (chains.chain_of(one) == chain if chain else one == job)
        ]


@pytest.mark.parametrize("seed", range(4))
def test_lists_and_sums_are_always_what_the_table_says(tmp_path: Path, seed: int) -> None:
    store, other = (Store(tmp_path / "jobs.sqlite", durable=False) for _ in range(2))
    store._db.execute("PRAGMA synchronous = OFF")
    other._db.execute("PRAGMA synchronous = OFF")
    walks = [Walk(store, seed), Walk(other, seed + 100)]
    kept = []
    version: tuple[int, list[Job]] = (0, [])
    for step in range(60):
        walks[step % 3 == 0].go()
        if step % 2:
            with store.look() if step % 4 == 1 else nullcontext():
                assert_as_in_the_table(store)
            kept = [store.everything(), store.all()]
            results = store.results(limit=99)[0]
            if store.results_version() == version[0]:
                assert results == version[1]
            version = (store.results_version(), results)
    assert kept[0]
    store.close()
    other.close()


def test_a_list_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    store = Store(path, durable=False)
    store._db.execute("PRAGMA synchronous = OFF")
    walk = Walk(store, 7)
    for _ in range(60):
        walk.go()
    jobs = store.everything()
    store.close()
    bring_back(path, BEFORE_CHANGES)
    store = Store(path, durable=False)
    assert store.everything() == jobs
    assert_as_in_the_table(store)
    walk.store = store
    for _ in range(9):
        walk.go()
    assert_as_in_the_table(store)
    store.close()
