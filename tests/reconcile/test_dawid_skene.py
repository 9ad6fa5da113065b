"""Dawid and Skene's model."""

import numpy as np
import pytest

from tests.reconcile.oracle_data import CROWD
from venire.reconcile.dawid_skene import violation_chances

VOTES = np.where(np.array(CROWD) < 0, np.nan, np.array(CROWD, dtype=np.float64))

# From crowd-kit 1.4.2, 500 steps, on the first twelve of 60 transcripts; made by benchmarks/oracle_figures.py.
FROZEN = (
    0.030019, 0.000979, 0.00673, 0.005841, 0.000979, 0.039026, 0.961651, 0.993391, 0.015261, 0.00286, 0.756919, 0.004457
)  # fmt: skip


def test_it_is_that_of_crowd_kit() -> None:
    assert violation_chances(VOTES, np.ones(60))[:12] == pytest.approx(FROZEN, abs=1e-4)


def test_a_count_is_as_good_as_copies() -> None:
    distinct, place, counts = np.unique(np.array(CROWD), axis=0, return_inverse=True, return_counts=True)
    votes = np.where(distinct < 0, np.nan, distinct.astype(np.float64))
    chances = violation_chances(votes, counts.astype(np.float64))
    assert chances[place.reshape(-1)] == pytest.approx(violation_chances(VOTES, np.ones(60)), abs=1e-6)


def test_without_votes_there_is_no_chance() -> None:
    chances = violation_chances(np.array([[np.nan, np.nan], [1, 1], [0, 0]]), np.ones(3))
    assert np.isnan(chances[0])
    assert chances[1:].tolist() == pytest.approx([1, 0], abs=1e-6)
