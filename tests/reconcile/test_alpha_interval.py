"""Alpha with its interval from an array of votes."""

import numpy as np
import pytest

from tests.reconcile.published import HAYES_KRIPPENDORFF_2007, codes
from venire.reconcile.alpha_interval import alpha_interval
from venire.reconcile.coefficients import alpha, coincidences
from venire.reconcile.tuples import value_counts


def test_tuples_with_weights_give_what_drawing_the_transcripts_themselves_gives() -> None:
    # An ordinary bootstrap of the 40 articles, drawn one by one; its percentiles and ours differ by chance only.
    ratings, numbers = codes(HAYES_KRIPPENDORFF_2007)
    generator = np.random.default_rng(1)
    drawn = []
    for _ in range(4000):
        resample = ratings[generator.integers(len(ratings), size=len(ratings))]
        matrix = coincidences(value_counts(resample, len(numbers))).sum(axis=0, keepdims=True)
        drawn.append(float(alpha(matrix, numbers, "ordinal")[0]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    found = alpha_interval(ratings, numbers, "ordinal", replicates=20_000, seed=2)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.012)
    assert f"{found.value:.4f}" == "0.7598"


def test_clusters_of_one_have_the_interval_of_single_transcripts() -> None:
    ratings, numbers = codes(HAYES_KRIPPENDORFF_2007)
    singly = alpha_interval(ratings, numbers, "ordinal", replicates=20_000, seed=2)
    clusters = alpha_interval(ratings, numbers, "ordinal", replicates=20_000, seed=2, clusters=range(len(ratings)))
    assert clusters.value == singly.value
    assert (clusters.low, clusters.high) == pytest.approx((singly.low, singly.high), abs=0.01)


def test_the_order_of_judges_does_not_matter() -> None:
    ratings, numbers = codes(HAYES_KRIPPENDORFF_2007)
    one = alpha_interval(ratings, numbers, "ordinal", replicates=500, seed=2)
    assert alpha_interval(ratings[:, ::-1], numbers, "ordinal", replicates=500, seed=2) == one


def test_votes_without_variation_have_a_reason() -> None:
    found = alpha_interval(np.zeros((9, 3), dtype=np.int8), np.arange(6.0), "ordinal", replicates=100, seed=1)
    assert found.value is None
    assert found.undefined
