import json
import multiprocessing
import sqlite3
import stat
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from addon.catalog import Mode, build_request
from addon.catalog.messages import Message
from addon.jobs.errors import IllegalTransition, LeaseLost, UnknownJob
from addon.jobs.job import Failure, Job, Prepared, ResultFile
from addon.jobs.origin import Origin, Placement, Spot
from addon.jobs.rows import COLUMNS
from addon.jobs.schema import MIGRATIONS, StoreBusy, StoreUnusable
from addon.jobs.states import State
from addon.jobs.store import LEASE_SECONDS, Store
from addon.service.answers import Wallet
from addon.service.errors import Charged
from tests.jobs.world import EPOCH, HandClock, World

BEFORE_TYPED_CHARGES = 4
ADDRESS = "https://api.example"


def make(path: Path, clock: HandClock | None = None) -> Store:
    return Store(path, clock=clock or HandClock())


def add(store: Store, folder: Path, address: str = ADDRESS) -> Job:
    return store.add(
        build_request("tencent-rapid", {"prompt": "a chair"}),
        name="a chair",
        estimate=35,
        service_address=address,
        folder=folder,
    )


def test_a_job_comes_back_as_it_was_written(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path / "results")
    written: dict[str, Any] = {
        "task_id": "t-1",
        "failure": Failure("code", "message", "hint", Charged.REFUNDED),
        "files": (ResultFile(Path("/r/a.zip"), "ARCHIVE", {"n": [1]}, 1, (Path("/r/a/b.obj"),)),),
        "prepared": Prepared(
            Path("/r/a.blend"),
            (4, 3, 2),
            "Chair",
            12,
            (1.0, 2.0, 3.5),
            left_out=(Message("The texture {name} is missing.", name="a.png"),),
        ),
        "bytes_total": 7,
    }
    changed = store.change(job.id, State.QUEUED, **written)
    assert changed == replace(job, **written)
    store.close()
    again = make(tmp_path / "s.sqlite").get(job.id)
    assert again == changed
    assert again.prepared is not None
    (words,) = again.prepared.left_out
    assert isinstance(words, Message)  # to be said in the interface's language


@pytest.mark.fault(
    "The job list is busy in the middle of an order of several jobs",
    "All of them are queued or none is",
)
def test_jobs_of_one_order_are_queued_together_or_not_at_all(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    other = Store(tmp_path / "s.sqlite", durable=False)

    def add_two() -> None:
        with store.as_one():
            add(store, tmp_path / "a")
            assert other.all() == []  # nobody may send it yet
            add(store, tmp_path / "b")
            raise StoreBusy("busy")

    with pytest.raises(StoreBusy):
        add_two()
    assert store.all() == []
    with store.as_one():
        wanted = {add(store, tmp_path / "a").id, add(store, tmp_path / "b").id}
    assert {job.id for job in other.all()} == wanted


def test_the_request_comes_back_and_local_files_are_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    request = build_request(
        "tencent-pro",
        {
            "model": "3.0",
            "multi_view_images": {"front": "f.png", "left": "https://a.example/l.png"},
        },
    )
    with_file = make(tmp_path / "s.sqlite").add(
        request, name="n", estimate=1, service_address=ADDRESS, folder=Path("results")
    )
    found = make(tmp_path / "s.sqlite").get(with_file.id)
    assert found.folder == tmp_path / "results"
    assert found.request.mode is Mode.MULTI_VIEW
    views = found.request.values["multi_view_images"]
    assert views == {"front": str(tmp_path / "f.png"), "left": "https://a.example/l.png"}
    assert {**found.request.values, "multi_view_images": 0} == {
        **request.values,
        "multi_view_images": 0,
    }


def test_newest_first_and_a_limit(tmp_path: Path) -> None:
    clock = HandClock()
    store = make(tmp_path / "s.sqlite", clock)
    jobs = []
    for _ in range(3):
        jobs.append(add(store, tmp_path))
        clock.time += 1
    assert [job.id for job in store.all(2)] == [jobs[2].id, jobs[1].id]
    store.change(jobs[0].id, State.ABANDONED)
    assert [job.id for job in store.active()] == [jobs[1].id, jobs[2].id]


def test_only_allowed_changes(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    with pytest.raises(IllegalTransition):
        store.change(job.id, State.READY)
    with pytest.raises(IllegalTransition):
        store.change(job.id, State.ABANDONED, expected=State.UNKNOWN)
    with pytest.raises(TypeError, match="created_at"):
        store.change(job.id, State.QUEUED, created_at=1.0)
    with pytest.raises(TypeError, match="nonsense"):
        store.change(job.id, State.QUEUED, nonsense=1)
    with pytest.raises(UnknownJob):
        store.change("none", State.QUEUED)
    assert store.get(job.id) == job


def test_jobs_under_way_cannot_be_removed(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    store.change(job.id, State.SUBMITTING)
    with pytest.raises(IllegalTransition):
        store.remove(job.id, expected=State.SUBMITTING)
    store.change(job.id, State.FAILED)
    store.remove(job.id, expected=State.FAILED)
    with pytest.raises(UnknownJob):
        store.get(job.id)


@pytest.mark.parametrize("now", [State.FAILED, State.UNKNOWN])
def test_what_was_sent_since_it_was_looked_at_is_not_removed(tmp_path: Path, now: State) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    store.change(job.id, State.SUBMITTING)
    store.change(job.id, now)
    with pytest.raises(IllegalTransition, match="no longer QUEUED"):
        store.remove(job.id, expected=job.state)
    assert store.get(job.id).state is now


def test_anyones_writing_is_noticed(tmp_path: Path) -> None:
    mine, other = make(tmp_path / "s.sqlite"), make(tmp_path / "s.sqlite")
    before = mine.data_version()
    assert mine.data_version() == before
    job = add(other, tmp_path)
    after = mine.data_version()
    assert after != before
    mine.change(job.id, State.ABANDONED)
    assert mine.data_version() not in {before, after}


@pytest.mark.fault("Two workers want the same job", "One of them gets it")
def test_a_claimed_job_is_nobody_elses(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    assert store.claim_due("other", EPOCH, "https://b.example", True, 5) == []
    assert [j.id for j in store.claim_due("me", EPOCH, ADDRESS, True, 5)] == [job.id]
    assert store.claim_due("me", EPOCH, ADDRESS, True, 5) == []
    assert store.next_due(ADDRESS, True) == EPOCH + LEASE_SECONDS
    with pytest.raises(LeaseLost):
        store.change(job.id, State.SUBMITTING, owner="other")
    store.release(job.id, "other")
    assert store.claim_due("other", EPOCH, ADDRESS, True, 5) == []
    store.release(job.id, "me")
    assert len(store.claim_due("other", EPOCH, ADDRESS, True, 5)) == 1


def test_another_spot_takes_the_job_from_nobody(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    store.claim_due("me", EPOCH, ADDRESS, True, 5)
    moved = Origin(placement=Placement(spot=Spot((1.0, 2.0, 3.0), (1.0, 1.0, 1.0))))
    store.note_origin(job.id, moved)
    assert store.change(job.id, State.SUBMITTING, owner="me").origin == moved


@pytest.mark.fault(
    "A worker hangs and comes back when another has its job", "What it writes is refused"
)
def test_a_lease_ends_unless_it_is_renewed(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    store.claim_due("me", EPOCH, ADDRESS, True, 5)
    store.renew("me", EPOCH + 50, [job.id])
    assert store.claim_due("other", EPOCH + LEASE_SECONDS, ADDRESS, True, 5) == []
    taken = store.claim_due("other", EPOCH + 50 + LEASE_SECONDS, ADDRESS, True, 5)
    with pytest.raises(LeaseLost):
        store.change(taken[0].id, State.SUBMITTING, owner="me")


def test_a_users_decision_takes_the_job_from_its_runner(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    store.claim_due("me", EPOCH, ADDRESS, True, 5)
    store.change(job.id, State.ABANDONED)
    with pytest.raises(LeaseLost):
        store.change(job.id, State.SUBMITTING, owner="me")


def test_what_is_given_out_offline_and_without_a_preparer(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    queued, preparing = add(store, tmp_path), add(store, tmp_path)
    path = (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.PREPARING)
    for state in path:
        store.change(preparing.id, state)

    def claimed(*, can_prepare: bool, online: bool) -> set[str]:
        jobs = store.claim_due("me", EPOCH, ADDRESS, can_prepare, 5, online=online)
        for job in jobs:
            store.release(job.id, "me")
        return {job.id for job in jobs}

    assert claimed(can_prepare=True, online=True) == {queued.id, preparing.id}
    assert claimed(can_prepare=False, online=True) == {queued.id}
    assert claimed(can_prepare=True, online=False) == {preparing.id}
    assert claimed(can_prepare=False, online=False) == set()
    assert store.next_due(ADDRESS, False, online=False) is None


def test_submissions_are_counted_per_account(tmp_path: Path) -> None:
    one, two = make(tmp_path / "s.sqlite"), make(tmp_path / "s.sqlite")
    assert [one.take_submit_slot("a", 3, EPOCH + i) for i in range(3)] == [0.0, 0.0, 0.0]
    assert two.take_submit_slot("a", 3, EPOCH + 10) == pytest.approx(50.5)
    assert two.submit_wait("a", 3, EPOCH + 10) == pytest.approx(50.5)
    assert two.take_submit_slot("b", 3, EPOCH + 10) == 0.0
    assert two.take_submit_slot("a", 3, EPOCH + 61) == 0.0
    one.pause_submits("b", EPOCH + 40)
    assert two.take_submit_slot("b", 3, EPOCH + 10) == pytest.approx(30)
    assert two.take_submit_slot("b", 3, EPOCH + 40) == 0.0


def test_the_wallet_and_why_there_is_none(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    assert store.wallet(ADDRESS) is None
    store.save_wallet(ADDRESS, Wallet(Decimal("99.50"), 5))
    note = store.wallet(ADDRESS)
    assert note is not None
    assert (note.wallet, note.seen_at, note.failure) == (Wallet(Decimal("99.50"), 5), EPOCH, None)
    failure = Failure("invalid_api_key", Message("{host} says no.", host="Here"), "Look.")
    store.save_wallet(ADDRESS, None, failure)
    note = store.wallet(ADDRESS)
    assert note is not None
    assert (note.wallet, note.failure) == (None, failure)
    assert note.failure is not None
    assert isinstance(note.failure.message, Message)


@pytest.mark.fault("The answer to an order comes when it was given up", "The job has its task")
def test_a_late_answer_settles_an_unknown_job(world: World) -> None:
    job = world.add()
    sent = world.store.change(job.id, State.SUBMITTING, submitted_at=EPOCH)
    world.store.change(job.id, State.UNKNOWN)
    late = world.store.record_submitted(sent, "t-9", next_at=EPOCH)
    assert (late.id, late.state, late.task_id) == (job.id, State.PENDING, "t-9")


@pytest.mark.fault(
    "The answer to an order comes when it waits to be sent again", "It is not sent again"
)
def test_a_late_answer_spares_sending_again(world: World) -> None:
    job = world.add()
    sent = world.store.change(job.id, State.SUBMITTING, submitted_at=EPOCH)
    world.store.change(job.id, State.UNKNOWN)
    world.store.change(job.id, State.QUEUED)
    late = world.store.record_submitted(sent, "t-9", next_at=EPOCH)
    assert (late.id, late.state) == (job.id, State.PENDING)


@pytest.mark.fault(
    "The answer to an order comes after it was sent again", "Both tasks are followed"
)
def test_a_late_answer_after_sending_again_becomes_a_job_of_its_own(world: World) -> None:
    job = world.add()
    first = world.store.change(job.id, State.SUBMITTING, submitted_at=EPOCH)
    world.store.change(job.id, State.UNKNOWN)
    world.store.change(job.id, State.QUEUED)
    second = world.store.change(job.id, State.SUBMITTING, submitted_at=EPOCH + 90)
    late = world.store.record_submitted(first, "t-first", next_at=EPOCH)
    world.store.record_submitted(second, "t-second", next_at=EPOCH)
    assert late.id != job.id
    assert {j.task_id: j.state for j in world.store.all()} == {
        "t-first": State.PENDING,
        "t-second": State.PENDING,
    }


@pytest.mark.fault(
    "The answer to an order comes after its job was removed", "Its task is kept as a job"
)
def test_a_late_answer_of_a_job_given_up_or_removed_is_kept(world: World) -> None:
    given_up, removed = world.add(), world.add()
    sent = []
    for job in (given_up, removed):
        sent.append(world.store.change(job.id, State.SUBMITTING, submitted_at=EPOCH))
        world.store.change(job.id, State.UNKNOWN)
        world.store.change(job.id, State.ABANDONED)
    world.store.remove(removed.id, expected=State.ABANDONED)
    kept = world.store.record_submitted(sent[0], "t-1", next_at=EPOCH)
    again = world.store.record_submitted(sent[1], "t-2", next_at=EPOCH)
    assert (kept.state, kept.task_id) == (State.ABANDONED, "t-1")
    assert (again.state, again.task_id) == (State.PENDING, "t-2")
    found = world.store.find_task(world.server.address, "t-2")
    assert found == again


@pytest.mark.posix("Windows has lists of rights; the user's own folder is closed to others")
def test_only_the_user_can_read_the_store(tmp_path: Path) -> None:
    path = tmp_path / "own" / "s.sqlite"
    make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_commits_before_a_payment_are_durable(tmp_path: Path) -> None:
    full, normal = Store(tmp_path / "s.sqlite"), Store(tmp_path / "s.sqlite", durable=False)
    for store, level in ((full, 2), (normal, 1)):
        assert store._db.execute("PRAGMA synchronous").fetchone()[0] == level
        assert store._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


@pytest.mark.fault("The job list is of a newer version", "Said, and left alone")
def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    make(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(StoreUnusable, match="newer version"):
        make(path)


def bring_back(path: Path, version: int) -> None:
    """Let a closed store be one of that version, with its jobs as that version kept them."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    with sqlite3.connect(path) as db:
        kept = db.execute(f"SELECT {names} FROM jobs").fetchall()  # noqa: S608 - our own names
    db.close()
    path.unlink()
    with sqlite3.connect(path) as db:
        for script in MIGRATIONS[:version]:
            db.executescript(script)
        marks = ", ".join("?" * len(COLUMNS))
        db.executemany(f"INSERT INTO jobs ({names}) VALUES ({marks})", kept)  # noqa: S608
        db.execute(f"PRAGMA user_version = {version}")
    db.close()


OLD_CREDITS = {
    "Nothing was charged.": Charged.NO,
    "The service refunds the credits.": Charged.REFUNDED,
    "The credits for this job were spent.": Charged.SPENT,
    "The job itself goes on at the service; its credits were taken when it was sent.": (
        Charged.GOES_ON
    ),
    "Whether credits were charged is not known: check the balance.": Charged.UNKNOWN,
    "": None,
}
"""What a failure said of the credits when that was a sentence, and what was meant."""


def test_what_failures_said_of_the_credits_is_kept_from_older_stores(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    store = make(path)
    ids = {said: add(store, tmp_path / "results").id for said in OLD_CREDITS}
    store.close()
    bring_back(path, BEFORE_TYPED_CHARGES)
    with sqlite3.connect(path) as db:
        for said, job_id in ids.items():
            old = {"code": "c", "message": "m", "hint": "h", "credits": said}
            db.execute("UPDATE jobs SET failure = ? WHERE id = ?", (json.dumps(old), job_id))
    db.close()
    store = make(path)
    for said, job_id in ids.items():
        assert store.get(job_id).failure == Failure("c", "m", "h", OLD_CREDITS[said])


@pytest.mark.fault("The job list is no database any more", "Said with its path, and left alone")
def test_a_file_that_is_no_store_is_said_clearly(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreUnusable, match=r"s\.sqlite"):
        make(path)
    assert path.read_bytes().startswith(b"not a database")


def claim_all(path: Path, owner: str) -> list[str]:
    store = make(path)
    taken = [job.id for _ in range(40) for job in store.claim_due(owner, EPOCH, ADDRESS, True, 1)]
    slots = sum(store.take_submit_slot("a", 3, EPOCH) == 0.0 for _ in range(5))
    store.close()
    return [*taken, *(["slot"] * slots)]


@pytest.mark.fault(
    "Several workers share a job list",
    "Each job has one worker; the limit of orders is kept by all",
)
def test_many_processes_share_jobs_and_slots_without_overlap(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    store = make(path)
    jobs = {add(store, tmp_path).id for _ in range(20)}
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        taken = pool.starmap(claim_all, [(path, f"p{index}") for index in range(3)])
    together = [job for one in taken for job in one]
    assert together.count("slot") == 3
    claimed = [job for job in together if job != "slot"]
    assert sorted(claimed) == sorted(jobs)


@pytest.mark.fault(
    "The disk is full when the job list is written",
    "Nothing is changed; it goes on when there is room",
)
def test_a_full_disk_is_reported_and_got_over(tmp_path: Path) -> None:
    store = make(tmp_path / "s.sqlite")
    job = add(store, tmp_path)
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.change(job.id, State.QUEUED, name="x" * 1_000_000)
    store._db.execute("PRAGMA max_page_count = 100000")
    assert store.change(job.id, State.ABANDONED).state is State.ABANDONED


@pytest.mark.fault(
    "The job list is busy when a button is clicked", "Said at once; nothing was changed"
)
def test_an_interface_does_not_wait_for_a_busy_list_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    runner, interface = make(path), Store(path, durable=False)
    job = add(runner, tmp_path)
    with runner._transaction(), pytest.raises(StoreBusy, match="nothing was changed"):
        interface.change(job.id, State.ABANDONED)
    assert interface.get(job.id).state is State.QUEUED
    assert interface.change(job.id, State.ABANDONED).state is State.ABANDONED
