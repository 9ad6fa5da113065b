"""What a provider takes, found out from its answers: growth while it answers, one step back for each 429."""

import pytest

from venire.grade.adaptive import AdaptiveConcurrency, AdaptiveRate


def answer_a_round(valve: AdaptiveConcurrency, now: float, *, full: bool = True) -> None:
    if full:
        valve.held_back()
    for _ in range(valve.places):
        valve.answered(now)


def test_concurrency_doubles_after_each_full_round_up_to_the_most() -> None:
    valve = AdaptiveConcurrency(100)
    seen = [valve.places]
    for second in range(4):
        answer_a_round(valve, second)
        seen.append(valve.places)
    assert seen == [20, 40, 80, 100, 100]


def test_concurrency_does_not_grow_while_nobody_waits_for_a_place() -> None:
    valve = AdaptiveConcurrency(100)
    answer_a_round(valve, 0.0, full=False)
    assert valve.places == 20


def test_a_429_takes_a_fifth_and_growth_goes_on_by_a_twentieth() -> None:
    valve = AdaptiveConcurrency(1000)
    for _ in range(3):
        answer_a_round(valve, 0.0)
    assert valve.places == 160
    valve.throttled(sent_at=1.0, now=2.0)
    assert valve.places == 128
    answer_a_round(valve, 3.0)
    # 128 x 1.05
    assert valve.places == 134


def test_what_was_sent_before_the_last_429_says_nothing_about_what_is_sent_since() -> None:
    valve = AdaptiveConcurrency(1000)
    valve.throttled(sent_at=1.0, now=2.0)
    for _ in range(100):
        valve.throttled(sent_at=1.5, now=2.1)
        answer_a_round(valve, 1.5)
    assert valve.places == 16


def test_concurrency_never_closes() -> None:
    valve = AdaptiveConcurrency(5)
    for second in range(100):
        valve.throttled(sent_at=second, now=second + 0.5)
    assert valve.places == 1
    answer_a_round(valve, 1000.0)
    assert valve.places == 2


def hold_back(valve: AdaptiveRate, start: float, seconds: float) -> float:
    """Let requests be held back by the rate for a while; when that ends."""
    now = start
    valve.granted(now, held_back=False)
    while now < start + seconds:
        now += 0.1
        valve.granted(now, held_back=True)
    return now


def test_the_rate_doubles_each_second_in_which_it_held_requests_back() -> None:
    valve = AdaptiveRate()
    now = hold_back(valve, 0.0, 3.0)
    assert valve.per_second == pytest.approx(160, rel=0.1)
    for _ in range(1000):
        now += 1
        valve.granted(now, held_back=False)
    assert valve.per_second == pytest.approx(160, rel=0.1)


def test_the_first_429_halves_the_rate_and_it_doubles_on() -> None:
    valve = AdaptiveRate()
    valve.throttled(sent_at=1.0, rate=80.0, now=1.1)
    assert valve.per_second == 40
    hold_back(valve, 2.0, 1.0)
    assert valve.per_second == pytest.approx(80, rel=0.1)


def test_a_further_429_makes_its_rate_the_top_to_which_the_rate_returns() -> None:
    valve = AdaptiveRate()
    valve.throttled(sent_at=1.0, rate=80.0, now=1.1)
    valve.throttled(sent_at=2.0, rate=60.0, now=2.1)
    # Late news of the same jam.
    valve.throttled(sent_at=2.05, rate=60.0, now=2.2)
    assert valve.per_second == pytest.approx(0.85 * 60)

    now = hold_back(valve, 3.0, 30.0)
    assert valve.per_second == pytest.approx(60, rel=0.01)
    # A third of the time to the top once more: 60 x (1 + 0.15 / 27).
    hold_back(valve, now, 10.0)
    assert valve.per_second == pytest.approx(60.33, rel=0.01)


def test_the_rate_never_falls_to_nothing() -> None:
    valve = AdaptiveRate()
    for second in range(200):
        valve.throttled(sent_at=second, rate=valve.per_second, now=second + 0.5)
    assert valve.per_second >= 0.85 / 60
