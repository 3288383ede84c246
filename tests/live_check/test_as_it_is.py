"""The sandbox as it is keeps the contract; and what each step is."""

from addon.catalog import operations
from scripts.live_checks.steps import Order, all_steps
from tests.live_check.conftest import Check
from tests.sandbox.front import Front
from tests.sandboxes import Sandboxes

SOME = ("convert", "tencent-rapid")
"""A model goes in as a file, and words; a model and an archive come out."""


def test_every_step(front: Front, check: Check) -> None:
    """What is sent is what the contract asks for; the results come from an engine for tests."""
    checked = check(front.address, "--yes", "--budget", "2000")
    assert (checked.code, checked.differences()) == (0, [])
    assert {step["outcome"] for step in checked.report["steps"]} == {
        "as expected",
        "not taken: 1000 submissions a minute are too many to try",
    }
    assert checked.report["credits_spent"] == str(sum(step.price for step in all_steps()))


def test_only_what_is_free_without_a_budget(front: Front, check: Check) -> None:
    checked = check(front.address, "--only", "*-key", "--only", "balance", typed="y\n")
    assert (checked.code, checked.differences()) == (0, [])
    assert "3 free steps" in checked.said
    assert checked.report["credits_spent"] == "0"


def test_the_work_of_the_sandbox(sandboxes: Sandboxes, check: Check) -> None:
    names = [word for name in SOME for word in ("--only", name)]
    checked = check(sandboxes.start().address, "--yes", "--budget", "100", *names)
    assert (checked.code, checked.differences()) == (0, [])
    assert {step["name"]: step["outcome"] for step in checked.report["steps"]} == dict.fromkeys(
        SOME, "as expected"
    )


def test_every_operation_has_a_step_and_none_is_dearer_than_need_be() -> None:
    orders = {step.name: step for step in all_steps() if isinstance(step, Order)}
    for operation in operations():
        assert orders[operation.name].price == operation.price_range()[0]


def test_the_cheapest_first_and_what_is_needed_before() -> None:
    steps = [step for step in all_steps() if isinstance(step, Order)]
    names = [step.name for step in steps]
    alone = [step.price for step in steps if not step.sources]
    assert alone == sorted(alone)
    for step in steps:
        assert all(names.index(source) < names.index(step.name) for source in step.sources.values())


def test_the_list_needs_no_key_and_no_service(check: Check) -> None:
    checked = check("http://127.0.0.1:9", "--list")
    assert checked.code == 0
    assert "tencent-rapid" in checked.said
    assert "  35 credits" in checked.said
    assert "(settles tencent-rapid: A, price: A)" in checked.said
