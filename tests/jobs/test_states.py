import re

from addon.jobs.states import ACTIVE, ENDED, TRANSITIONS, WAITING, State
from scripts.build import ROOT


def reachable(start: State) -> set[State]:
    seen = {start}
    while new := {after for state in seen for after in TRANSITIONS[state]} - seen:
        seen |= new
    return seen


def test_every_state_has_its_place() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set(State) == ACTIVE | WAITING | ENDED
    assert len(ACTIVE) + len(WAITING) + len(ENDED) == len(State)


def test_every_state_can_be_reached_and_every_active_one_can_end_well() -> None:
    assert reachable(State.QUEUED) == set(State)
    assert all(State.PLACED in reachable(state) for state in ACTIVE)


def test_what_was_sent_goes_back_to_the_queue_only_by_way_of_an_answer_or_the_user() -> None:
    back = {state for state in State if State.QUEUED in TRANSITIONS[state]}
    assert back == {State.EXPORTING, State.SUBMITTING, State.UNKNOWN, State.FAILED}


def test_the_table_in_the_documentation_is_this_one() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z]+)` \| .+ \| (yes)? *\| (.*) \|$", text, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(State)
    assert {name for name, active, _ in rows if active} == ACTIVE
    for name, _, after in rows:
        assert set(re.findall("[A-Z]+", after)) == TRANSITIONS[State(name)], name
