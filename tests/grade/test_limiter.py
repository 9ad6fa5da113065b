"""A limiter: no window ever holds more than the burst and the rate allow, and nothing waits for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.grade.limiter import Limiter

RATES = st.floats(0.05, 500)
# Seconds until the next one comes, and what it costs.
ARRIVALS = st.lists(st.tuples(st.floats(0, 20), st.floats(0.1, 3000)), min_size=1, max_size=40)


def granted(limiter: Limiter, arrivals: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """When each was granted, first come first served, and what it cost."""
    grants = []
    arrived = free = 0.0
    for gap, cost in arrivals:
        arrived += gap
        now = max(arrived, free)
        while (wait := limiter.wait_s(now, cost)) > 0:
            now += wait + 1e-9
        limiter.take(now, cost)
        free = now
        grants.append((now, cost))
    return grants


@given(RATES, ARRIVALS)
def test_no_window_holds_more_than_burst_and_rate_allow(rate: float, arrivals: list[tuple[float, float]]) -> None:
    limiter = Limiter(rate)
    grants = granted(limiter, arrivals)

    most_at_once = max(limiter.burst, *(cost for _, cost in grants), 0)
    for first in range(len(grants)):
        for last in range(first, len(grants)):
            span = grants[last][0] - grants[first][0]
            total = sum(cost for _, cost in grants[first : last + 1])
            assert total <= (most_at_once + rate * span) * (1 + 1e-6) + 1e-3


@given(RATES, ARRIVALS)
def test_nothing_waits_longer_than_it_takes_to_pay_for_what_came_before(
    rate: float, arrivals: list[tuple[float, float]]
) -> None:
    grants = granted(Limiter(rate), arrivals)

    arrived = paid = 0.0
    for (gap, cost), (at, _) in zip(arrivals, grants, strict=True):
        arrived += gap
        assert at <= max(arrived, paid) + 1e-3
        paid = max(paid, at) + cost / rate


@given(RATES, st.floats(1, 3000), st.floats(0, 1))
def test_what_a_grant_did_not_take_is_given_back(rate: float, cost: float, share: float) -> None:
    corrected, exact = Limiter(rate), Limiter(rate)
    corrected.take(0.0, cost)
    corrected.correct(cost * share - cost)
    exact.take(0.0, cost * share)

    assert corrected.wait_s(0.0, 5) == pytest.approx(exact.wait_s(0.0, 5), abs=1e-6)


def test_the_first_goes_at_once_and_the_next_when_it_is_paid_for() -> None:
    limiter = Limiter.per_minute(60)
    assert limiter.wait_s(100.0, 1) == 0
    limiter.take(100.0, 1)
    # One a second, and no burst above one.
    assert limiter.wait_s(100.0, 1) == pytest.approx(1.0)
    assert limiter.wait_s(100.75, 1) == pytest.approx(0.25)


def test_what_costs_more_than_a_minute_allows_goes_when_all_before_it_is_paid_for() -> None:
    limiter = Limiter.per_minute(600)
    assert limiter.wait_s(0.0, 5000) == 0
    limiter.take(0.0, 5000)
    # 5000 at 10 a second.
    assert limiter.wait_s(0.0, 5000) == pytest.approx(500)
