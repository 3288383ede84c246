"""Several results of one wish: their seeds, their price, their names, and what is chosen."""

from pathlib import Path

import pytest

from addon.catalog import Kind, Value, get, operations
from addon.jobs import alternatives
from addon.jobs.job import Job
from addon.jobs.origin import Origin
from addon.jobs.planner import Plan, plan_one, store_plan
from addon.jobs.store import Store


def plans(*engines: str) -> list[Plan]:
    return [plan_one(engine, {"prompt": "a red chair"}) for engine in engines]


def queued(store: Store, orders: list[Plan], folder: Path) -> list[Job]:
    place = alternatives.place_of(orders)
    return [
        store_plan(
            store,
            plan,
            name="a red chair",
            service_address="http://127.0.0.1:9",
            folder=folder,
            origin=Origin(alternative=place),
        )[-1]
        for plan in orders
    ]


def test_every_seed_of_the_catalogue_is_known_as_one() -> None:
    for operation in operations():
        for field in operation.fields:
            is_named = field.kind is Kind.INTEGER and field.name.split("_")[-1] == "seed"
            assert field.is_seed == is_named, (operation.name, field.name)


def test_seeds_that_are_set_differ_and_nothing_else_does() -> None:
    trellis = get("trellis")
    given: dict[str, Value] = {"image": "a.png", "seed": 7}
    made = [alternatives.varied(trellis, given, number) for number in range(3)]
    assert made == [{"image": "a.png", "seed": 7 + number} for number in range(3)]
    assert alternatives.varied(trellis, {"image": "a.png"}, 3) == {"image": "a.png"}


def test_the_price_is_that_of_all_and_says_what_each_costs() -> None:
    rapid, tripo = get("tencent-rapid"), get("tripo")
    chair = plans("tencent-rapid", "tripo")
    one, other = (plan.estimate for plan in chair)
    alike = alternatives.estimate_together([(rapid, one)] * 3)
    assert (alike.total, str(alike.words())) == (3 * one.total, f"{one.total} credits x 3")
    both = alternatives.estimate_together([(rapid, one), (rapid, one), (tripo, other)])
    assert both.total == 2 * one.total + other.total
    assert rapid.label in str(both.words())
    assert tripo.label in str(both.words())


def test_one_of_unknown_price_makes_the_sum_unknown() -> None:
    tripo = get("tripo")
    unknown = plan_one("tripo", {"prompt": "a chair", "version": "3.9"}).estimate
    known = plans("tripo")[0].estimate
    assert not alternatives.estimate_together([(tripo, known), (tripo, unknown)]).is_known


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["Tripo"], ["a chair"]),
        (["Tripo", "Tripo"], ["a chair 1", "a chair 2"]),
        (["Tripo", "Rapid"], ["a chair (Tripo)", "a chair (Rapid)"]),
        (
            ["Tripo", "Tripo", "Rapid"],
            ["a chair (Tripo) 1", "a chair (Tripo) 2", "a chair (Rapid)"],
        ),
    ],
)
def test_each_has_a_name_that_says_which_it_is(labels: list[str], names: list[str]) -> None:
    assert alternatives.names_of("a chair", labels) == names


def test_what_is_chosen_is_written_down_for_all(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    jobs = queued(store, plans("tencent-rapid", "tencent-rapid", "tripo"), tmp_path)
    assert all(map(alternatives.is_open, jobs))
    assert [one.id for one in alternatives.siblings(store, jobs[1])] == [job.id for job in jobs]
    assert {one.id for one in alternatives.keep(store, jobs[1])} == {jobs[0].id, jobs[2].id}
    now = [store.get(job.id) for job in jobs]
    assert [alternatives.is_dropped(job) for job in now] == [True, False, True]
    assert not any(map(alternatives.is_open, now))
    assert alternatives.to_choose(now, {jobs[1].id}) == set()
    # Undo has brought the first back.
    back = {jobs[0].id, jobs[1].id}
    assert alternatives.to_choose(now, back) == back
    alternatives.take_as_well(store, now[0])
    assert alternatives.to_choose([store.get(job.id) for job in jobs], back) == set()
    store.close()
    again = Store(tmp_path / "jobs.sqlite")
    alternatives.keep_all(again, again.get(jobs[0].id))
    assert not any(alternatives.is_dropped(again.get(job.id)) for job in jobs)


def test_a_single_order_is_no_choice(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    (job,) = queued(store, plans("tencent-rapid"), tmp_path)
    assert job.origin.alternative is None
    assert not alternatives.is_open(job)
    assert alternatives.keep(store, job) == []
