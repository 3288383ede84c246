"""Several results of one wish on the command line: one price, one yes, one group."""

import pytest

from tests.cli.conftest import CommandLine

QUICK = ("--poll-interval", "0.1")
CHAIR = ("tencent-rapid", "--prompt", "a chair")
TWO_AND_TWO = (*CHAIR, "--engines", "tripo", "--variations", "2")
"""Costs 2 x 35 + 2 x 40 credits."""


def test_all_are_priced_agreed_on_and_sent_together(cli: CommandLine) -> None:
    assert cli.run("estimate", *TWO_AND_TWO).document["estimated_credits"] == 150
    refused = cli.run(*TWO_AND_TWO)
    assert (refused.code, refused.document["error"]["code"]) == (2, "not_confirmed")
    assert "about 150 credits in all" in refused.document["error"]["message"]
    dear = cli.run(*TWO_AND_TWO, "--yes", "--max-credits", "149")
    assert (dear.code, dear.document["error"]["code"]) == (4, "over_max_credits")
    assert cli.submissions() == 0
    done = cli.run(*TWO_AND_TWO, "--yes", "--max-credits", "150")
    assert (done.code, done.document["estimated_credits"]) == (0, 150)
    results = done.document["results"]
    assert [one["name"] for one in results] == [
        "a chair (Hunyuan Rapid) 1",
        "a chair (Hunyuan Rapid) 2",
        "a chair (Tripo) 1",
        "a chair (Tripo) 2",
    ]
    assert len({one["task_id"] for one in results}) == cli.submissions() == 4
    listed = cli.run("jobs").document["jobs"]
    assert {job["group"] for job in listed} == {done.document["group"]}
    assert done.document["group"] in {one["job"] for one in results}


@pytest.mark.parametrize("answer", ["y\n", "n\n"])
def test_on_a_terminal_it_asks_once(cli: CommandLine, answer: str) -> None:
    cli.on_terminal, cli.answers = True, answer
    code, _, words = cli.printed(*CHAIR, "--variations", "3")
    assert words.count("Order all of them?") == 1
    assert (code, cli.submissions()) == ((0, 3) if answer == "y\n" else (2, 0))


@pytest.mark.fault(
    "One of the engines that are compared fails",
    "It says so in its place; the others come, and what each was charged stands with it",
)
def test_one_that_fails_keeps_no_other_from_coming(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    done = cli.run(*CHAIR, "--variations", "2", "--yes", "--wait", "--output-dir", "o", *QUICK)
    assert done.code == 5
    statuses = {one["status"]: one for one in done.document["results"]}
    assert set(statuses) == {"FAILED", "FINISHED"}
    assert "refunds" in statuses["FAILED"]["error"]["credits"]
    assert statuses["FAILED"]["name"] in done.words
    assert statuses["FINISHED"]["files"]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (
            ("tencent-rapid", "--prompt", "a", "--engines", "trellis"),
            'TRELLIS.2 has no field "prompt"',
        ),
        (
            (*CHAIR, "--enable-geometry", "--engines", "tripo"),
            'Tripo has no field "enable_geometry"',
        ),
        ((*CHAIR, "--engines", "repair"), "Repair makes nothing that could be compared"),
        ((*CHAIR, "--engines", "trippo"), "Did you mean"),
        ((*CHAIR, "--engines", " , "), "empty"),
        ((*CHAIR, "--variations", "5"), "the most is 4"),
        ((*CHAIR, "--variations", "2", "--output", "chair.glb"), "--output is for one result"),
        ((*CHAIR, "--variations", "2", "--wait", "--open"), "--open is for one result"),
        (("repair", "--model-file", "a.glb", "--variations", "2"), "no option --variations"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_compared_sends_nothing(
    cli: CommandLine, order: tuple[str, ...], words: str
) -> None:
    done = cli.run(*order, "--yes")
    assert done.code == 2
    assert words in done.document["error"]["message"]
    assert cli.submissions() == 0


def test_a_switch_means_the_same_on_every_engine(cli: CommandLine) -> None:
    """With textures: 55 credits of the one, 40 of the other, whichever is named first."""
    one = cli.run("estimate", *CHAIR, "--enable-pbr", "--engines", "tripo")
    other = cli.run("estimate", "tripo", *CHAIR[1:], "--enable-pbr", "--engines", "tencent-rapid")
    assert one.document["estimated_credits"] == other.document["estimated_credits"] == 95
