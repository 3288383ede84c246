"""However often and wherever a runner dies, nothing is paid twice and no task is lost."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addon.catalog import build_request
from addon.jobs.job import Prepared
from addon.jobs.runner import Runner
from addon.jobs.runner_deps import RunnerDeps
from addon.jobs.states import State
from addon.jobs.store import LEASE_SECONDS, Store
from addon.service.answers import Asset, Submitted, TaskState, TaskStatus, Wallet
from addon.service.errors import AmbiguousSubmit, NetworkError, RateLimited, ServerError
from tests.jobs.world import HandClock
from tests.windows.limits import on_windows

ADDRESS = "https://api.example"
WRITES = ("change", "record_submitted", "take_submit_slot", "claim_due", "release")
FEWER = 10 if on_windows() else 1
"""A job list is made for each life of a worker, and making files takes Wine long."""
CALLS = ("submit", "status", "fetch", "prepare")


class Crash(BaseException):
    """The process dies."""


@dataclass
class CrashPoints:
    """Kills at the given steps, either just before a step takes effect or just after."""

    at: set[int]
    step: int = 0

    def wrap(self, target: object, names: tuple[str, ...]) -> Any:
        return _Mortal(target, names, self)

    def pass_by(self) -> None:
        self.step += 1
        if self.step in self.at:
            raise Crash


class _Mortal:
    def __init__(self, target: object, names: tuple[str, ...], points: CrashPoints) -> None:
        self._target = target
        self._names = names
        self._points = points

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name not in self._names:
            return found

        def dying(*args: Any, **named: Any) -> Any:
            self._points.pass_by()
            result = found(*args, **named)
            self._points.pass_by()
            return result

        return dying


@dataclass
class Till:
    """The service: takes orders, counts what it took, and answers as the test wants."""

    answers: Iterator[str]
    address: str = ADDRESS
    paid: list[str] = field(default_factory=list)
    looks: int = 0

    def wallet(self) -> Wallet:
        raise ServerError("no wallet here")

    def submit(self, wire: object) -> Submitted:
        del wire
        match next(self.answers):
            case "never sent":
                raise NetworkError("no connection", never_sent=True)
            case "too many":
                raise RateLimited("wait", retry_after=5)
            case "lost":
                self.paid.append(f"t-{len(self.paid)}")
                raise AmbiguousSubmit("gone")
            case _:
                self.paid.append(f"t-{len(self.paid)}")
                return Submitted(self.paid[-1])

    def status(self, task_id: str) -> TaskStatus:
        assert task_id in self.paid
        self.looks += 1
        if self.looks < 3:
            return TaskStatus(TaskState.IN_PROGRESS, 10, None, ())
        results = (Asset("https://s/a.glb", "3D_MODEL"),)
        return TaskStatus(TaskState.FINISHED, 100, None, results)

    def fetch(self, url: str, folder: Path, stem: str, progress: object = None) -> Path:
        del url, progress
        folder.mkdir(exist_ok=True)
        path = folder / f"{stem}.glb"
        path.write_bytes(b"glTF")
        return path

    def expect(self, job: object) -> None:
        del job

    def prepare(self, job: object, files: object, to: Path, before: object) -> Prepared:
        del job, files, before
        return Prepared(to, (4, 2, 0), "c", 1, (1.0, 1.0, 1.0))


@contextmanager
def store_of(clock: HandClock) -> Iterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "jobs.sqlite", durable=False, clock=clock)
        yield store, Path(folder)
        store.close()


def runner_of(
    store: Store, till: Till, clock: HandClock, points: CrashPoints, owner: str
) -> Runner:
    mortal = points.wrap(till, CALLS)
    return Runner(
        RunnerDeps(
            store=cast("Store", points.wrap(store, WRITES)),
            service=mortal,
            fetcher=mortal,
            read_image=str,
            clock=clock,
            owner=owner,
            account="a",
            jitter=lambda: 0.5,
            preparer=mortal,
        )
    )


def live_through(store: Store, till: Till, clock: HandClock, points: CrashPoints) -> None:
    """Let runners follow each other until nothing is left to do."""
    for life in itertools.count():
        runner = runner_of(store, till, clock, points, f"life-{life}")
        try:
            while store.active():
                wait = runner.tick()
                clock.time += 0 if wait == float("inf") else wait
        except Crash:
            clock.time += LEASE_SECONDS + 1
        else:
            return
        assert life < 60


SUBMIT_ANSWERS = st.lists(st.sampled_from(["never sent", "too many", "lost", "taken"]), max_size=5)


@pytest.mark.fault(
    "The worker is killed at any step of a job, again and again",
    "Paid once at most; the task is followed to its end",
)
@settings(max_examples=150 // FEWER, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(1, 80), max_size=6), SUBMIT_ANSWERS)
def test_one_order_is_paid_at_most_once(at: set[int], answers: list[str]) -> None:
    clock = HandClock()
    till = Till(itertools.chain(answers, itertools.repeat("taken")))
    with store_of(clock) as (store, folder):
        request = build_request("tencent-rapid", {"prompt": "a chair"})
        store.add(
            request,
            name="n",
            estimate=35,
            service_address=ADDRESS,
            folder=folder / "results",
            wants_prepared=True,
        )
        live_through(store, till, clock, CrashPoints(at))
        (job,) = store.all()
    assert len(till.paid) <= 1
    if job.state is State.UNKNOWN:
        assert job.task_id is None
    else:
        # A preparation that is killed three times is given up; its files stay.
        assert job.state is State.READY or (job.state is State.FAILED and job.files)
        assert [job.task_id] == till.paid


@pytest.mark.fault(
    "The worker is killed while an unanswered order is sent again",
    "Paid once for each time the user sent it",
)
@settings(max_examples=100 // FEWER, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(1, 60), max_size=4), SUBMIT_ANSWERS)
def test_a_user_who_sends_again_pays_once_for_each_time(at: set[int], answers: list[str]) -> None:
    clock = HandClock()
    till = Till(itertools.chain(answers, itertools.repeat("taken")))
    sent_by_user = 1
    with store_of(clock) as (store, folder):
        request = build_request("tencent-rapid", {"prompt": "a chair"})
        job = store.add(
            request, name="n", estimate=35, service_address=ADDRESS, folder=folder / "results"
        )
        points = CrashPoints(at)
        live_through(store, till, clock, points)
        while store.get(job.id).state is State.UNKNOWN:
            store.change(job.id, State.QUEUED, next_at=0.0)
            sent_by_user += 1
            live_through(store, till, clock, points)
        done = store.get(job.id)
    assert len(till.paid) <= sent_by_user
    assert done.state is State.READY
    assert done.task_id == till.paid[-1]
