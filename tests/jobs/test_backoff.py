from hypothesis import given
from hypothesis import strategies as st

from addon.jobs.backoff import Pace

PACE = Pace()
CONVERT, PRO = (10.0, 15.0), (180.0, 360.0)


def middle() -> float:
    return 0.5


def test_short_tasks_are_looked_at_more_often() -> None:
    assert PACE.until_poll(0, CONVERT, middle) == PACE.until_poll(0, PRO, middle) == 5.0
    assert PACE.until_poll(30, CONVERT, middle) == 5.0
    assert PACE.until_poll(30, PRO, middle) == 20.0


@given(st.integers(0, 10**6), st.floats(0, 10**5), st.floats(0, 1))
def test_waits_stay_within_bounds(count: int, longest: float, random: float) -> None:
    poll = PACE.until_poll(count, (0.0, longest), lambda: random)
    retry = PACE.until_retry(count, lambda: random)
    assert 0.9 * PACE.min_poll <= poll <= 1.1 * PACE.max_poll
    assert 0.9 * PACE.retry_first <= retry <= 1.1 * PACE.retry_max


def test_a_quick_pace_for_a_quick_service() -> None:
    quick = Pace(min_poll=0.1, max_poll=0.3)
    assert quick.until_poll(50, PRO, middle) == 0.3
