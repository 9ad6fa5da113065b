"""Coefficients of agreement: published tables, arithmetic by hand, and the `krippendorff` package as an oracle."""

from typing import cast, get_args

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.reconcile.oracle_data import PAIR
from tests.reconcile.published import (
    HAYES_KRIPPENDORFF_2007,
    HAYES_KRIPPENDORFF_2007_ALPHAS,
    KRIPPENDORFF_2011,
    KRIPPENDORFF_2011_ALPHAS,
    codes,
)
from venire.reconcile.coefficients import (
    AnyLevel,
    agreeing_pairs,
    alpha,
    coincidences,
    gwet,
    gwet_parts,
    joint,
    kappa,
    weights,
)
from venire.reconcile.tuples import value_counts

LEVELS: tuple[AnyLevel, ...] = get_args(AnyLevel)


def alpha_of(ratings: NDArray[np.int16], numbers: NDArray[np.float64], level: AnyLevel) -> float:
    matrix = coincidences(value_counts(ratings, len(numbers))).sum(axis=0, keepdims=True)
    return float(alpha(matrix, numbers, level)[0])


def gwet_of(ratings: NDArray[np.int16], numbers: NDArray[np.float64], level: AnyLevel) -> float:
    agreement = weights(numbers, level)
    sums = gwet_parts(value_counts(ratings, len(numbers)), agreement).sum(axis=0, keepdims=True)
    return float(gwet(sums, agreement)[0])


class TestPublishedAlphas:
    @pytest.mark.parametrize(("level", "published"), KRIPPENDORFF_2011_ALPHAS.items())
    def test_krippendorff_2011(self, level: str, published: str) -> None:
        # Nominal by hand: 40 values can be paired; the diagonal 7 + 10 + 8 + 4 + 3 is 32 of them; the totals are 9,
        # 13, 10, 5, 3, whose squares sum to 384. 1 - (40 - 1) * (40 - 32) / (40^2 - 384) = 1 - 312 / 1216 = .7434.
        ratings, numbers = codes(KRIPPENDORFF_2011)
        assert f"{alpha_of(ratings, numbers, cast('AnyLevel', level)):.3f}" == published

    @pytest.mark.parametrize(("level", "published"), HAYES_KRIPPENDORFF_2007_ALPHAS.items())
    def test_hayes_and_krippendorff_2007(self, level: str, published: str) -> None:
        ratings, numbers = codes(HAYES_KRIPPENDORFF_2007)
        assert f"{alpha_of(ratings, numbers, cast('AnyLevel', level)):.4f}" == published

    def test_the_paper_counts_159_values_in_239_pairs(self) -> None:
        ratings, numbers = codes(HAYES_KRIPPENDORFF_2007)
        counts = value_counts(ratings, len(numbers))
        assert counts[counts.sum(axis=1) >= 2].sum() == 159
        assert agreeing_pairs(counts)[:, 1].sum() / 2 == 239

    def test_the_diagonal_that_the_paper_prints(self) -> None:
        ratings, _ = codes(KRIPPENDORFF_2011)
        matrix = coincidences(value_counts(ratings, 5)).sum(axis=0).reshape(5, 5)
        assert np.diag(matrix) == pytest.approx([7, 10, 8, 4, 3])
        assert matrix.sum(axis=0) == pytest.approx([9, 13, 10, 5, 3])


TABLES = st.integers(2, 6).flatmap(
    lambda judges: st.lists(st.lists(st.integers(-1, 5), min_size=judges, max_size=judges), min_size=1, max_size=30)
)


@given(TABLES, st.sampled_from(LEVELS), st.sampled_from([(0, 1, 2, 3, 4, 5), (1, 2, 4, 7, 8, 30)]))
def test_alpha_is_that_of_the_package_on_any_table(
    rows: list[list[int]], level: AnyLevel, scale: tuple[int, ...]
) -> None:
    ratings, numbers = np.array(rows, dtype=np.int16), np.array(scale, dtype=np.float64)
    own = alpha_of(ratings, numbers, level)
    paired = ratings[(ratings >= 0).sum(axis=1) >= 2]
    if len(np.unique(paired[paired >= 0])) < 2:
        assert np.isnan(own)
        return
    votes = np.where(ratings < 0, np.nan, numbers[ratings]).T
    package = krippendorff.alpha(reliability_data=votes, level_of_measurement=level)
    assert own == pytest.approx(package, abs=1e-9)


@given(TABLES, st.integers(2, 5))
def test_a_weight_is_as_good_as_a_copy(rows: list[list[int]], times: int) -> None:
    ratings, numbers = np.array(rows, dtype=np.int16), np.arange(6.0)
    sums = coincidences(value_counts(ratings, 6)).sum(axis=0, keepdims=True)
    for level in LEVELS:
        copied = alpha_of(np.repeat(ratings, times, axis=0), numbers, level)
        assert float(alpha(times * sums, numbers, level)[0]) == pytest.approx(copied, abs=1e-9, nan_ok=True)


class TestGwet:
    def test_ac1_by_hand(self) -> None:
        # Two judges, four transcripts: yes-yes, yes-yes, yes-yes, yes-no. Agreement 3/4. Shares: yes 7/8, no 1/8.
        # Chance: 1 / (2 - 1) * (7/8 * 1/8 + 1/8 * 7/8) = 14/64. AC1 = (.75 - .21875) / (1 - .21875) = .68.
        ratings = np.array([[1, 1], [1, 1], [1, 1], [1, 0]], dtype=np.int16)
        assert gwet_of(ratings, np.arange(2.0), "nominal") == pytest.approx(0.68)

    def test_where_all_votes_are_alike_it_is_one_while_alpha_is_undefined(self) -> None:
        ratings = np.zeros((5, 3), dtype=np.int16)
        assert gwet_of(ratings, np.arange(2.0), "nominal") == 1.0
        assert np.isnan(alpha_of(ratings, np.arange(2.0), "nominal"))

    # From irrCAC 0.4.4, made by benchmarks/oracle_figures.py.
    @pytest.mark.parametrize(
        ("rows", "level", "frozen"),
        [
            (KRIPPENDORFF_2011, "nominal", 0.77544407),
            (KRIPPENDORFF_2011, "interval", 0.91400072),
            (HAYES_KRIPPENDORFF_2007, "nominal", 0.50934924),
            (HAYES_KRIPPENDORFF_2007, "interval", 0.84764423),
        ],
    )
    def test_it_is_that_of_irrcac(self, rows: tuple[str, ...], level: AnyLevel, frozen: float) -> None:
        ratings, numbers = codes(rows)
        assert gwet_of(ratings, numbers, level) == pytest.approx(frozen, abs=1e-8)


class TestKappa:
    # Cohen (1960)-style table of two judges: rows the first's values, columns the second's.
    TABLE = np.array([[20.0, 5.0, 1.0], [4.0, 15.0, 6.0], [2.0, 3.0, 14.0]])

    def test_by_hand(self) -> None:
        # 70 transcripts, 49 alike: .7. Rows 26, 25, 19; columns 26, 23, 21; by chance
        # (676 + 575 + 399) / 4900 = .336735. Kappa = (.7 - .336735) / (1 - .336735) = .547692.
        value = kappa(self.TABLE.reshape(1, -1), weights(np.arange(3.0), "nominal"))[0]
        assert value == pytest.approx(0.547692, abs=1e-6)

    def test_quadratic_by_hand(self) -> None:
        # Squared distances seen: (5 + 4 + 6 + 3) * 1 + (1 + 2) * 4 = 30. By chance, over 70:
        # 26*23 + 25*26 + 25*21 + 19*23 = 2210, and 4 * (26*21 + 19*26) = 4160; 6370 / 70 = 91. 1 - 30/91 = .670330.
        value = kappa(self.TABLE.reshape(1, -1), weights(np.arange(3.0), "ordinal"))[0]
        assert value == pytest.approx(0.670330, abs=1e-6)

    # From scikit-learn 1.9 and statsmodels 0.15, which agree; made by benchmarks/oracle_figures.py.
    @pytest.mark.parametrize(("level", "frozen"), [("nominal", 0.517426273458445), ("ordinal", 0.3125259228535877)])
    def test_it_is_that_of_scikit_learn_and_statsmodels(self, level: AnyLevel, frozen: float) -> None:
        cells = joint(np.array(PAIR[0]), np.array(PAIR[1]), 6).sum(axis=0, keepdims=True)
        assert kappa(cells, weights(np.arange(6.0), level))[0] == pytest.approx(frozen, abs=1e-12)

    def test_it_is_undefined_where_chance_alone_agrees_fully(self) -> None:
        cells = joint(np.array([0, 0]), np.array([0, 0]), 2).sum(axis=0, keepdims=True)
        assert np.isnan(kappa(cells, weights(np.arange(2.0), "nominal"))[0])

    def test_a_vote_not_given_makes_no_pair(self) -> None:
        assert joint(np.array([0, -1, 1]), np.array([1, 1, -1]), 2).sum(axis=0).tolist() == [0, 1, 0, 0]
