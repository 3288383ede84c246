"""A batch orders no more once answers do not come; what an earlier run left does not count."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from addon.batch.run import LOST_IN_A_ROW, BatchRun
from addon.jobs.job import Failure
from addon.jobs.states import State
from tests.batch.test_growth import run_of

NO_ANSWER = Failure("answer_lost", "No answer came.", "")


def anew(run: BatchRun) -> BatchRun:
    """Another run of the same batch."""
    return BatchRun(run.folder, run.rows, run.order_store, run.runner, run.processor)


def look(run: BatchRun) -> None:
    with ThreadPoolExecutor(1) as pool:
        run._look(pool)


def lose(run: BatchRun, *, given_up: bool = True) -> None:
    """As many orders as end a run are sent; ``given_up``: no answer came in time."""
    store = run.order_store.store
    for row in run.rows[-LOST_IN_A_ROW:]:
        (job,) = run.order_store.jobs(row)
        if job.state is State.QUEUED:
            store.change(job.id, State.SUBMITTING)
        if given_up:
            store.change(job.id, State.UNKNOWN, failure=NO_ANSWER)


def test_answers_that_do_not_come_end_the_orders(tmp_path: Path) -> None:
    run = run_of(tmp_path, 20)
    look(run)
    assert run._halt is None
    lose(run)
    look(run)
    assert run._halt == NO_ANSWER


@pytest.mark.fault(
    "A batch is killed while several orders are being sent",
    "The next run goes on with the others",
)
@pytest.mark.parametrize("given_up", [False, True])
def test_what_a_killed_run_was_sending_ends_no_orders(tmp_path: Path, given_up: bool) -> None:
    killed = run_of(tmp_path, 20)
    lose(killed, given_up=given_up)
    run = anew(killed)
    look(run)
    if not given_up:  # the runner finds that nobody waits for them any more
        lose(run)
        look(run)
    assert run._halt is None


@pytest.mark.fault(
    "An order is sent while a batch takes back what it has not sent yet",
    "It stays in the list with what became of it: it may be paid",
)
@pytest.mark.parametrize("became", [State.UNKNOWN, State.FAILED, State.PENDING])
def test_what_is_sent_meanwhile_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, became: State
) -> None:
    run = run_of(tmp_path, 20)
    store = run.order_store.store
    (sent,) = run.order_store.jobs(run.rows[-1])
    remove = store.remove

    def a_moment_later(job_id: str, **given: Any) -> None:
        if job_id == sent.id:
            store.change(job_id, State.SUBMITTING)
            store.change(job_id, became, failure=NO_ANSWER)
        remove(job_id, **given)

    monkeypatch.setattr(store, "remove", a_moment_later)
    run.order_store.take_back_unsent()
    assert [job.state for job in run.order_store.jobs(run.rows[-1])] == [became]
    assert run.order_store.jobs(run.rows[-2]) == []
