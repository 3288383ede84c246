from hypothesis import given
from hypothesis import strategies as st

from addon.service.throttle import MARGIN, WINDOW, wait_for_slot

TIMES = st.lists(st.floats(0, 1000), max_size=12)
LIMITS = st.integers(1, 6)


def within(times: list[float], at: float) -> int:
    return sum(at - WINDOW < time <= at for time in times)


def test_three_a_minute() -> None:
    assert wait_for_slot([], 100.0) == 0.0
    assert wait_for_slot([90.0, 95.0], 100.0) == 0.0
    assert wait_for_slot([50.0, 90.0, 95.0], 100.0) == 10.0 + MARGIN
    assert wait_for_slot([39.0, 50.0, 90.0], 100.0) == 0.0


@given(TIMES, LIMITS)
def test_after_the_wait_the_limit_holds(times: list[float], limit: int) -> None:
    now = 1000.0
    wait = wait_for_slot(times, now, limit)
    assert 0.0 <= wait <= WINDOW + MARGIN
    assert within(times, now + wait) < limit
    if wait > 0:
        assert within(times, now) >= limit


@given(st.lists(st.floats(0, 30), min_size=1, max_size=30), LIMITS)
def test_no_window_ever_holds_more_than_the_limit(gaps: list[float], limit: int) -> None:
    now, sent = 0.0, list[float]()
    for gap in gaps:
        now += gap
        now += wait_for_slot(sent, now, limit)
        sent.append(now)
    assert all(within(sent, at) <= limit for at in sent)


@given(TIMES)
def test_a_clock_that_was_set_back_delays_by_one_window_at_most(times: list[float]) -> None:
    assert wait_for_slot(times, 0.0, 3) <= WINDOW + MARGIN


@given(TIMES)
def test_a_limit_that_makes_no_sense_counts_as_one(times: list[float]) -> None:
    assert wait_for_slot(times, 500.0, 0) == wait_for_slot(times, 500.0, 1)
