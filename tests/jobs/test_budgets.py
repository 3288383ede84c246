"""The budget of an order: what was really charged decides whether the rest of it is sent."""

from decimal import Decimal

import pytest

from addon.jobs import alternatives
from addon.jobs.actions import retry_order
from addon.jobs.charges import ChargeStatus, charge_of
from addon.jobs.job import OVER_BUDGET, STEP_FAILED, Job
from addon.jobs.origin import Alternative, Origin
from addon.jobs.planner import PREVIOUS, Plan, Step, make_plan, plan_one, store_plan
from addon.jobs.states import State
from addon.service.answers import Wallet
from tests.jobs.world import PENDING, RAPID, WALLET, World, glb
from tests.service.scripted_server import json_answer

OPTIMIZE = "/v1/tools/optimize/"
RAPID_PRICE, OPTIMIZE_PRICE = 35, 10


def chain() -> Plan:
    plan = make_plan(
        [
            Step("tencent-rapid", {"prompt": "a chair"}),
            Step("optimize", {"model_file": PREVIOUS}),
        ]
    )
    assert [job.credits for job in plan.jobs] == [RAPID_PRICE, OPTIMIZE_PRICE]
    return plan


def queue(world: World, plan: Plan, budget: int | None, **origin: object) -> list[Job]:
    return store_plan(
        world.store,
        plan,
        name="a chair",
        service_address=world.server.address,
        folder=world.folder / "results",
        origin=Origin(budget=budget, **origin),  # type: ignore[arg-type]  # of a test
    )


def balances(world: World, before: int, *after: int) -> None:
    """What is known of the balance, and what it is after each order."""
    world.store.save_wallet(world.server.address, Wallet(Decimal(before), 3))
    answers = [json_answer({"balance": f"{one}.00", "rate_limit": 3}) for one in after]
    world.server.on("GET", WALLET, *answers)


def orders(world: World) -> list[str]:
    return [asked.path for asked in world.server.asked if asked.method == "POST"]


def serve(world: World) -> None:
    """The first step makes a model, the second is taken."""
    world.status(world.finished(("a.glb", "3D_MODEL")))
    world.serve("a.glb", glb())
    world.server.on("POST", OPTIMIZE, json_answer({"task_id": "t-2"}, 201))
    world.status(PENDING, task_id="t-2")


def test_what_was_expected_is_sent_as_without_a_budget(world: World) -> None:
    serve(world)
    balances(world, 500, 500 - RAPID_PRICE, 500 - RAPID_PRICE - OPTIMIZE_PRICE)
    first, second = queue(world, chain(), RAPID_PRICE + OPTIMIZE_PRICE)
    world.until(second, State.PENDING)
    charges = [charge_of(world.store.get(job.id)) for job in (first, second)]
    assert [(charge.credits, charge.measured) for charge in charges] == [
        (RAPID_PRICE, True),
        (OPTIMIZE_PRICE, True),
    ]


@pytest.mark.fault(
    "The service charges more for the first of several steps than was expected",
    "Beyond the budget of the order nothing more is sent; the rest can be ordered later",
)
def test_nothing_is_sent_that_the_charge_leaves_no_room_for(world: World) -> None:
    serve(world)
    balances(world, 500, 440, 430)  # 60 in place of 35
    first, second = queue(world, chain(), RAPID_PRICE + OPTIMIZE_PRICE)
    stopped = world.until(second, State.FAILED)
    assert orders(world) == [RAPID]
    assert stopped.failure is not None
    assert stopped.failure.code == OVER_BUDGET
    assert "has taken 60 of a budget of 45 credits" in stopped.failure.message
    assert stopped.failure.credits == "Nothing was charged."
    made = world.until(first, State.READY)
    assert (charge_of(made).credits, charge_of(stopped).fate) == (60, ChargeStatus.NOTHING)
    retry_order(world.store, stopped)
    sent = world.until(second, State.PENDING)
    assert orders(world) == [RAPID, OPTIMIZE]
    assert (charge_of(sent).credits, charge_of(world.store.get(first.id)).credits) == (10, 60)


def test_what_follows_what_was_not_sent_goes_on_with_it(world: World) -> None:
    plan = make_plan([*chain().steps, Step("repair", {"model_file": PREVIOUS})])
    serve(world)
    balances(world, 500, 300)
    _, second, third = queue(world, plan, plan.credits)
    world.until(second, State.FAILED)
    followed = world.until(third, State.FAILED)
    assert followed.failure is not None
    assert followed.failure.code == STEP_FAILED
    retry_order(world.store, world.store.get(second.id))
    again = world.store.get(third.id)
    assert (again.state, again.origin.budget) == (State.QUEUED, None)


def variations(world: World, count: int, budget: int) -> list[Job]:
    plans = [plan_one("tencent-rapid", {"prompt": "a chair"}) for _ in range(count)]
    place = alternatives.place_of(plans)
    return [queue(world, plan, budget, alternative=place)[-1] for plan in plans]


def test_results_of_one_wish_share_the_budget_and_go_one_by_one(world: World) -> None:
    """Two are charged more than was expected; what is left is too little for the third."""
    task_ids = [json_answer({"task_id": f"t-{number}"}, 201) for number in (1, 2, 3)]
    world.server.on("POST", RAPID, *task_ids)
    for number in (1, 2, 3):
        world.status(PENDING, task_id=f"t-{number}")
    balances(world, 500, 440, 400, 365)
    jobs = variations(world, 3, 3 * RAPID_PRICE)
    world.run(300)
    found = [world.store.get(job.id) for job in jobs]
    assert [job.state for job in found] == [State.PENDING, State.PENDING, State.FAILED]
    assert [charge_of(job).credits for job in found[:2]] == [60, 40]
    assert len(orders(world)) == 2


@pytest.mark.fault(
    "The program is killed while a step of an order with a budget is being sent",
    "It is never sent twice, and counts as charged until that is known",
)
def test_a_step_that_may_have_been_charged_counts_and_is_not_sent_again(world: World) -> None:
    first, second = variations(world, 2, 2 * RAPID_PRICE)
    world.store.change(first.id, State.SUBMITTING, submitted_at=world.clock.now())
    world.runner = world.new_runner()  # after a kill: nobody waits for the answer any more
    world.run(1000)
    assert world.store.get(first.id).state is State.UNKNOWN
    assert world.store.get(second.id).task_id == "t-1"
    assert orders(world) == [RAPID]
    (third,) = variations(world, 1, RAPID_PRICE)
    lost = world.store.get(first.id)
    place = Alternative((lost.id, third.id))
    for job in (lost, third):
        world.store.note_origin(
            job.id, Origin(chain=job.origin.chain, alternative=place, budget=69)
        )
    world.until(third, State.FAILED)
    assert orders(world) == [RAPID]


@pytest.mark.fault(
    "Blender is killed while a paid step of a recipe is being sent",
    "The step before is kept; the step is never sent twice, and the user decides",
)
@pytest.mark.parametrize("budget", [None, 1000])
def test_a_kill_in_the_middle_of_a_recipe_pays_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, budget: int | None
) -> None:
    serve(world)
    first, second = queue(world, chain(), budget, then={"lods": [0.5]})
    service = world.runner.context.service
    send = service.submit

    def send_and_die(wire: object) -> object:
        answer = send(wire)
        if world.store.get(first.id).files:
            raise SystemExit
        return answer

    monkeypatch.setattr(service, "submit", send_and_die)
    with pytest.raises(SystemExit):
        world.until(second, State.PENDING)
    assert world.store.get(second.id).state is State.SUBMITTING
    world.runner = world.new_runner()
    world.run(3000)
    assert orders(world) == [RAPID, OPTIMIZE]
    found = world.store.get(second.id)
    assert found.state is State.UNKNOWN
    assert found.origin.then == {"lods": [0.5]}
    kept = world.store.get(first.id)
    assert (kept.state, len(kept.files)) == (State.READY, 1)
