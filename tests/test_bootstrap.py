"""Clusters are drawn whole, and intervals follow from the draws."""

import numpy as np
import pytest

from venire.bootstrap import cluster_weights, ratio_interval


def test_each_replicate_draws_as_many_clusters_as_there_are() -> None:
    weights = cluster_weights(clusters=7, replicates=500, seed=1)
    assert weights.shape == (500, 7)
    assert (weights.sum(axis=1) == 7).all()
    assert np.array_equal(weights, cluster_weights(7, 500, 1))
    assert not np.array_equal(weights, cluster_weights(7, 500, 2))


def test_the_interval_holds_the_middle_95_percent_of_the_ratios() -> None:
    # Two clusters of 10: 0 and 10 violations. A replicate draws (2,0), (1,1) or (0,2): rates 0, 0.5, 1.
    weights = np.array([[2.0, 0.0]] * 10 + [[1.0, 1.0]] * 80 + [[0.0, 2.0]] * 10)
    assert ratio_interval(np.array([0.0, 10.0]), np.array([10.0, 10.0]), weights) == (0.0, 1.0)
    # With 2 % at each end, less than 2.5 %, the percentiles lie within the middle.
    weights = np.array([[2.0, 0.0]] * 2 + [[1.0, 1.0]] * 96 + [[0.0, 2.0]] * 2)
    assert ratio_interval(np.array([0.0, 10.0]), np.array([10.0, 10.0]), weights) == (0.5, 0.5)


def test_big_clusters_count_by_their_size() -> None:
    # (3 + 1) / (30 + 1) where both are drawn once.
    interval = ratio_interval(np.array([3.0, 1.0]), np.array([30.0, 1.0]), np.array([[1.0, 1.0]]))
    assert interval == pytest.approx((4 / 31, 4 / 31))


def test_a_replicate_with_nothing_in_it_is_left_out() -> None:
    weights = np.array([[0.0, 0.0, 3.0], [1.0, 1.0, 1.0]])
    assert ratio_interval(np.array([1.0, 0.0, 0.0]), np.array([1.0, 1.0, 0.0]), weights) == (0.5, 0.5)


@pytest.mark.parametrize("denominators", [[0.0, 0.0], [5.0, 0.0]])
def test_with_fewer_than_two_clusters_nothing_can_vary(denominators: list[float]) -> None:
    weights = cluster_weights(2, 100, 1)
    assert ratio_interval(np.array([1.0, 0.0]), np.array(denominators), weights) is None


def test_the_interval_is_wider_where_clusters_are_alike_within() -> None:
    # 40 transcripts, half of them violations: alternating in 40 clusters of one, or alike within 4 clusters of ten.
    apart = ratio_interval(np.tile([0.0, 1.0], 20), np.ones(40), cluster_weights(40, 4000, 3))
    alike = ratio_interval(np.array([0.0, 10.0, 0.0, 10.0]), np.full(4, 10.0), cluster_weights(4, 4000, 3))
    assert apart is not None
    assert alike is not None
    assert alike[1] - alike[0] > 2 * (apart[1] - apart[0])
