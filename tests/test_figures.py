import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.agreement import Interval
from venire.figures import (
    NO_FIGURE,
    alpha_text,
    decimal,
    dollars,
    number_in,
    percent,
    percent_interval,
    percent_of,
    reliability,
    value_text,
)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (298 / 950, "31.4 %"),
        # Halves go to the even digit, as in the published table: 28.75 -> 28.8, 21.25 -> 21.2.
        (23 / 80, "28.8 %"),
        (17 / 80, "21.2 %"),
        # One in ten thousand is not none, and all but one are not all.
        (1 / 10_000, "<0.1 %"),
        (9_999 / 10_000, ">99.9 %"),
        (None, NO_FIGURE),
    ],
)
def test_shares_are_percentages_with_one_digit(share: float | None, expected: str) -> None:
    assert percent(share) == expected


def test_counts_and_intervals() -> None:
    assert percent_of(24, 79) == "24 of 79 (30.4 %)"
    assert percent_of(0, 0) == "0 of 0"
    assert percent_interval(Interval(low=0.2, high=0.3875)) == "20.0–38.8 %"
    assert percent_interval(None) == NO_FIGURE


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [
        (0.8, "reliable"),
        (0.7999, "tentative"),
        (0.667, "tentative"),
        (0.6669, "not to be relied on"),
        (-0.2, "not to be relied on"),
    ],
)
def test_the_thresholds_of_alpha(alpha: float, expected: str) -> None:
    assert reliability(alpha) == expected


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [(0.7834, "0.783"), (0.8, "0.800"), (0.7996, "0.7996"), (0.66698, "0.66698"), (None, NO_FIGURE)],
)
def test_an_alpha_is_not_rounded_over_a_threshold(alpha: float | None, expected: str) -> None:
    assert alpha_text(alpha) == expected


@given(st.floats(min_value=-1, max_value=1).filter(lambda alpha: min(abs(alpha - 0.8), abs(alpha - 0.667)) > 1e-7))
def test_a_written_alpha_reads_as_the_alpha_does(alpha: float) -> None:
    assert reliability(float(alpha_text(alpha))) == reliability(alpha)


@given(st.floats(min_value=0, max_value=1))
def test_a_written_share_is_within_half_a_digit(share: float) -> None:
    written = percent(share)
    if written[0] not in "<>":
        assert math.isclose(float(written.removesuffix(" %")), 100 * share, abs_tol=0.05 + 1e-9)


def test_values_are_written_as_a_reader_expects() -> None:
    assert [value_text(value) for value in (True, False, 3.0, 2.5, 4, "aware")] == [
        "yes",
        "no",
        "3",
        "2.5",
        "4",
        "aware",
    ]
    assert (decimal(1.005), decimal(None)) == ("1.00", NO_FIGURE)
    assert (dollars(12.3), dollars(None)) == ("$12.30", "unknown")
    assert (number_in("2.5"), number_in("contested"), number_in("nan")) == (2.5, None, None)
