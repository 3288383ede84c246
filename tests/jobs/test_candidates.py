"""Rounds of candidates: how many orders, what each asks for, and which jobs belong together."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from addon.catalog import Group, InvalidRequest, Mode, Operation, Value, get, operations
from addon.catalog.encoders import job_of
from addon.jobs import alternatives, candidates, seeds
from addon.jobs.job import Job, ResultFile
from addon.jobs.origin import Origin
from addon.jobs.planner import PREVIOUS, Plan, Step, make_plan, plan_one, store_plan
from addon.jobs.states import State
from addon.jobs.store import Store

ENGINES = [one for one in operations(Group.IMAGE) if Mode.TEXT in one.modes]
CHAIR: Final[dict[str, Value]] = {"prompt": "a red chair"}


@pytest.mark.parametrize("number", range(candidates.FEWEST, candidates.MOST + 1))
@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_a_round_has_as_many_pictures_as_were_asked_for(engine: Operation, number: int) -> None:
    """In as few orders as the engine takes, each of which it accepts."""
    made = candidates.round_values(engine, Mode.TEXT, CHAIR, number, small=True)
    plans = [plan_one(engine.name, values, Mode.TEXT) for values in made]
    count = engine.count_field
    assert count is not None
    assert sum(whole(plan.last.request.values[count.name]) for plan in plans) == number
    assert len(plans) == -(-number // int(count.maximum or 1))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_the_smallest_pictures_cost_least(engine: Operation) -> None:
    (values,) = candidates.round_values(engine, Mode.TEXT, CHAIR, 2, small=True)
    assert plan_one(engine.name, values).credits == 2 * engine.price_range()[0]


def whole(value: Value) -> int:
    assert isinstance(value, int)
    return value


def test_a_seed_goes_on_over_the_orders_of_a_round() -> None:
    seedream = get("image-seedream")
    given: dict[str, Value] = {**CHAIR, "seed": 10}
    made = candidates.round_values(seedream, Mode.TEXT, given, 8, small=False)
    used = [
        range(whole(one["seed"]), whole(one["seed"]) + whole(one["num_images"])) for one in made
    ]
    assert used[0].start == 10
    assert all(before.stop == after.start for before, after in pairwise(used))
    without = candidates.round_values(seedream, Mode.TEXT, CHAIR, 8, small=False)
    assert all("seed" not in one for one in without)


def test_an_engine_without_a_count_is_asked_once_for_each() -> None:
    assert candidates.shares(get("tencent-rapid"), 3) == [1, 1, 1]


def stored(store: Store, plans: list[Plan], folder: Path) -> list[Job]:
    origin = Origin(alternative=alternatives.place_of(plans))
    with store.as_one():
        return [
            store_plan(
                store,
                plan,
                name="a red chair",
                service_address="http://127.0.0.1:9",
                folder=folder,
                origin=origin,
            )[-1]
            for plan in plans
        ]


def test_the_jobs_of_a_round_are_found_together_again(tmp_path: Path) -> None:
    store, flash = Store(tmp_path / "jobs.sqlite"), get("image-gemini25flash")
    made = candidates.round_values(flash, Mode.TEXT, CHAIR, 7, small=False)
    first = stored(store, [plan_one(flash.name, values) for values in made], tmp_path)
    (second,) = stored(store, [plan_one(flash.name, CHAIR)], tmp_path)
    stored(store, [plan_one("tencent-rapid", CHAIR)], tmp_path)
    found = candidates.rounds(store.all())
    assert [[job.id for job in jobs] for jobs in found.values()] == [
        [second.id],
        [job.id for job in first],
    ]
    assert [candidates.ordered_pictures(job) for job in first] == [4, 3]


def test_a_picture_is_cut_out_and_goes_on_in_one_order() -> None:
    steps = [Step("remove-bg", {"image": "a.png"}), Step("trellis", {"image": PREVIOUS})]
    plan = make_plan(steps)
    cut, model = plan.jobs
    assert job_of(model.request.values["image"]) == cut.id
    alone = plan_one("remove-bg", {"image": "a.png"}), plan_one("trellis", {"image": "a.png"})
    assert plan.credits == sum(one.credits for one in alone)


def test_a_model_does_not_go_on_as_a_picture() -> None:
    steps = [Step("trellis", {"image": "a.png"}), Step("trellis", {"image": PREVIOUS})]
    with pytest.raises(InvalidRequest, match="which is no picture"):
        make_plan(steps)


def test_seeds_that_were_sent_or_told_are_known(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    (job,) = stored(store, [plan_one("image-seedream", CHAIR)], tmp_path)
    assert seeds.known(job) == {}
    for state in ("SUBMITTING", "PENDING", "DOWNLOADING"):
        store.change(job.id, State(state))
    told = ResultFile(tmp_path / "a.png", "IMAGE", {"used_seed": "77"})
    job = store.change(job.id, State("READY"), files=(told,))
    assert seeds.known(job) == {"seed": 77}
    (sent,) = stored(store, [plan_one("image-seedream", {**CHAIR, "seed": 5})], tmp_path)
    assert seeds.known(sent) == {"seed": 5}
    # Of an engine with several seeds nobody can say which one a strange name means.
    picture = {"image": "a.png"}
    (other,) = stored(store, [plan_one("tripo-p1", {**picture, "model_seed": 3})], tmp_path)
    assert seeds.known(other) == {"model_seed": 3}
