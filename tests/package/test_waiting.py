"""``tests/patience.py`` itself: generous, more so on a busy machine, and still an end."""

import os
from types import SimpleNamespace

import pytest

from tests import patience
from tests.patience import GENEROUS, VARIABLE, Deadline, load, seconds, until


@pytest.fixture(autouse=True)
def _own_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(patience, "cores", lambda: 2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that only sleeping moves."""
    hands = SimpleNamespace(now=0.0)

    def sleep(pause: float) -> None:
        hands.now += pause

    hands.monotonic, hands.sleep = lambda: hands.now, sleep
    monkeypatch.setattr(patience, "time", hands)
    return hands


def busy_with(monkeypatch: pytest.MonkeyPatch, threads: float) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (threads, 0.0, 0.0))


@pytest.mark.parametrize(("threads", "factor"), [(0.1, 1), (2, 1), (4, 2), (40, 20)])
def test_the_load_of_each_core_counts(
    monkeypatch: pytest.MonkeyPatch, threads: float, factor: float
) -> None:
    busy_with(monkeypatch, threads)
    assert seconds(10) == 10 * GENEROUS * factor


def test_the_variable_multiplies(monkeypatch: pytest.MonkeyPatch) -> None:
    busy_with(monkeypatch, 4)
    monkeypatch.setenv(VARIABLE, "3")
    assert seconds(10) == 10 * GENEROUS * 2 * 3


def test_where_nobody_counts_the_machine_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getloadavg")
    assert load() == 1


def test_a_hang_ends_and_says_what_was_missing(
    monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace
) -> None:
    busy_with(monkeypatch, 0)
    with pytest.raises(AssertionError, match=r"still not there: the answer.*usually within 5 s"):
        until(lambda: None, usual=5, what=lambda: "the answer")
    assert clock.now == pytest.approx(5 * GENEROUS, abs=1)


def test_what_comes_late_on_a_busy_machine_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace
) -> None:
    """The machine gets busy during the wait, and is idle again before it ends."""
    late = 5 * GENEROUS * 9

    def look() -> str:
        busy_with(monkeypatch, 20 if 10 < clock.now < 15 else 0)
        return "the answer" if clock.now > late else ""

    assert until(look, usual=5) == "the answer"


def test_a_deadline_that_has_passed(
    monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace
) -> None:
    busy_with(monkeypatch, 0)
    deadline = Deadline(5)
    clock.now += 5 * GENEROUS - 1
    assert not deadline.passed
    deadline.check("nothing")
    clock.now += 2
    assert deadline.passed


def test_the_limit_of_each_test_is_as_patient(pytestconfig: pytest.Config) -> None:
    usual = float(pytestconfig.getini("timeout"))
    limit = pytestconfig.getoption("timeout")
    given = any(str(word).startswith("--timeout") for word in pytestconfig.invocation_params.args)
    assert given or limit >= GENEROUS * usual
    assert pytestconfig._env_timeout == limit  # type: ignore[attr-defined]
