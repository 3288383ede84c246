"""What became of the credits of jobs."""

import time
from decimal import Decimal

import pytest

from addon.jobs.actions import retry
from addon.jobs.charges import Charge, ChargeStatus, Sum, charge_of, month_start, sum_of
from addon.jobs.job import Failure, Job
from addon.jobs.states import State
from addon.service.answers import Wallet
from addon.service.errors import Charged
from tests.jobs.world import IN_PROGRESS, PENDING, RAPID, WALLET, World
from tests.service.scripted_server import Answer, json_answer


def failed(reason: str = "no luck") -> Answer:
    return json_answer({"status": "FAILED", "progress": 0, "failure_reason": reason, "results": []})


def balances(world: World, before: str, *after: str) -> None:
    """What was known of the balance, and what the service says of it from now on."""
    world.store.save_wallet(world.server.address, Wallet(Decimal(before), 3))
    answers = [json_answer({"balance": one, "rate_limit": 3}) for one in after]
    world.server.on("GET", WALLET, *answers)


def sent(world: World) -> Job:
    job = world.add()
    world.status(PENDING)
    return world.until(job, State.PENDING)


def test_nothing_is_charged_before_it_is_sent(world: World) -> None:
    assert charge_of(world.add()) == Charge(ChargeStatus.NOTHING, 35)


def test_the_price_stands_for_what_the_balance_does_not_tell(world: World) -> None:
    assert charge_of(sent(world)) == Charge(ChargeStatus.SPENT, 35)


def test_the_balance_before_and_after_tells_what_was_taken(world: World) -> None:
    balances(world, "100.00", "60.00")
    assert charge_of(sent(world)) == Charge(ChargeStatus.SPENT, 40, measured=True)


@pytest.mark.parametrize("after", ["100.00", "500.00"])
def test_a_balance_that_did_not_fall_tells_nothing(world: World, after: str) -> None:
    balances(world, "100.00", after)
    assert charge_of(sent(world)) == Charge(ChargeStatus.SPENT, 35)


def test_an_old_balance_tells_nothing(world: World) -> None:
    balances(world, "100.00", "60.00")
    world.clock.time += 3600
    assert not charge_of(sent(world)).measured


@pytest.mark.parametrize(("ago", "measured"), [(30.0, False), (300.0, True)])
def test_nor_does_one_while_another_order_was_on_its_way(
    world: World, ago: float, measured: bool
) -> None:
    account = world.runner.context.account
    # By whatever program of the user's: they share what is known of the account.
    world.store.take_submit_slot(account, 3, world.clock.time - ago)
    balances(world, "100.00", "60.00")
    assert charge_of(sent(world)).measured is measured


def test_nor_does_one_that_another_job_has_changed_as_well(world: World) -> None:
    balances(world, "100.00", "65.00", "30.00")
    first = sent(world)
    assert charge_of(first).measured
    world.store.save_wallet(world.server.address, Wallet(Decimal("100.00"), 3))
    world.status(failed())
    world.until(first, State.FAILED)
    world.server.on("POST", RAPID, json_answer({"task_id": "t-2"}, 201))
    world.status(IN_PROGRESS, task_id="t-2")
    # As if the balance had been looked at before the first one was refunded.
    with world.store._transaction():
        world.store._db.execute("UPDATE wallets SET seen_at = seen_at - 600")
    assert not charge_of(world.until(world.add(), State.RUNNING)).measured


def test_what_failed_at_the_service_is_refunded(world: World) -> None:
    job = sent(world)
    world.status(failed())
    assert charge_of(world.until(job, State.FAILED)) == Charge(ChargeStatus.REFUNDED, 35)


def test_what_was_refused_cost_nothing(world: World) -> None:
    world.server.on("POST", RAPID, json_answer({"error": "no", "error_code": "x"}, 400))
    assert charge_of(world.until(world.add(), State.FAILED)).fate is ChargeStatus.NOTHING


def test_without_an_answer_it_is_unknown_also_when_given_up(world: World) -> None:
    world.server.on("POST", RAPID, Answer(200, b"<html>"))
    job = world.until(world.add(), State.UNKNOWN)
    assert charge_of(job) == Charge(ChargeStatus.UNKNOWN, 35)
    given_up = world.store.change(job.id, State.ABANDONED)
    assert charge_of(given_up) == Charge(ChargeStatus.UNKNOWN, 35)


def test_sent_again_it_is_measured_anew(world: World) -> None:
    balances(world, "100.00", "60.00")
    job = sent(world)
    world.status(failed())
    again = retry(world.store, world.until(job, State.FAILED))
    assert (again.charged, charge_of(again).fate) == (None, ChargeStatus.NOTHING)


def test_what_is_taken_off_the_list_still_counts(world: World) -> None:
    kept = sent(world)
    world.status(failed())
    world.until(kept, State.FAILED)
    world.store.take_off_list(kept.id)
    never_sent = world.add()
    world.store.take_off_list(never_sent.id)
    assert world.store.all() == []
    start = month_start(world.clock.time)
    month = world.store.charges_since(world.server.address, start)
    assert month == Sum(spent=0, refunded=35, unknown=0)
    assert world.store.charges_since("https://elsewhere.example", start) == Sum()


def test_the_sum_is_that_of_the_jobs(world: World) -> None:
    jobs = [world.add() for _ in range(6)]
    for number, job in enumerate(jobs):
        world.store.change(job.id, State.SUBMITTING, submitted_at=world.clock.time)
        if number:
            world.store.change(job.id, State.PENDING, task_id=str(number), charged=number)
    refunded = Failure("task_failed", "It failed.", charged=Charged.REFUNDED)
    world.store.change(jobs[4].id, State.FAILED, failure=refunded)
    lost = Failure("answer_lost", "No answer.", charged=Charged.UNKNOWN)
    world.store.change(jobs[5].id, State.FAILED, failure=lost)
    summed = sum_of(world.store.all())
    assert world.store.charges_since(jobs[0].service_address, 0.0) == summed
    assert summed == Sum(spent=1 + 2 + 3, refunded=4, unknown=5)


def test_the_month_begins_at_midnight_of_its_first_day() -> None:
    start = month_start(time.mktime((2026, 3, 31, 23, 59, 59, 0, 0, -1)))
    assert time.localtime(start)[:6] == (2026, 3, 1, 0, 0, 0)
    assert month_start(start) == start
