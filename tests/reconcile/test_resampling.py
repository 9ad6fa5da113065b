"""Resampling: one matrix of weights; it gives what drawing transcripts one by one would give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.reconcile.resampling import ONE_CLUSTER, Resampling, estimate, ratio


def columns(values: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.column_stack([values, np.ones(len(values))])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), min_size=1, max_size=20))
def test_the_table_adds_up_each_cluster(items: list[tuple[str, int]]) -> None:
    names = [name for name, _ in items]
    values = np.arange(5.0)[:, None] ** 2
    table = Resampling.of_clusters(names, 10, 1).table(np.array([place for _, place in items]), values)
    expected = [sum(place**2 for name, place in items if name == cluster) for cluster in sorted(set(names))]
    assert table[:, 0].tolist() == expected


def test_each_replicate_draws_as_many_clusters_as_there_are() -> None:
    resampling = Resampling.of_clusters(list("aabbc"), 50, 1)
    assert resampling.weights.shape == (50, 3)
    assert set(resampling.weights.sum(axis=1).tolist()) == {3}


def test_a_replicate_is_the_statistic_of_the_clusters_it_drew() -> None:
    names, values = list("aabbc"), [1.0, 2.0, 3.0, 5.0, 8.0]
    resampling = Resampling.of_clusters(names, 50, 1)
    _, replicates = resampling.figures(resampling.table(np.arange(5), columns(values)), ratio)
    by_name = {"a": [1.0, 2.0], "b": [3.0, 5.0], "c": [8.0]}
    for drawn, figure in zip(resampling.weights, replicates[:, 0], strict=True):
        sample = [value for name, times in zip("abc", drawn, strict=True) for value in by_name[name] * int(times)]
        assert figure == pytest.approx(np.mean(sample))


def test_transcripts_alike_are_one_unit_and_draw_as_single_ones_do() -> None:
    # 300 times 0 and 100 times 1: the mean of a resample has the standard error sqrt(.25 * .75 / 400) = .02165.
    kinds = np.array([0] * 300 + [1] * 100)
    resampling = Resampling.of_items(kinds, np.array([300.0, 100.0]), 20_000, 7)
    found = resampling.ratio(kinds, columns([0.0, 1.0]), "")
    assert found.value == 0.25
    assert found.low == pytest.approx(0.25 - 1.96 * 0.02165, abs=0.003)
    assert found.high == pytest.approx(0.25 + 1.96 * 0.02165, abs=0.003)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    def interval(seed: int) -> tuple[float | None, float | None]:
        resampling = Resampling.of_clusters([str(place % 7) for place in range(50)], 200, seed)
        found = resampling.ratio(np.arange(50), columns([float(place) for place in range(50)]), "")
        return found.low, found.high

    assert interval(1) == interval(1)
    assert interval(1) != interval(2)


def test_one_cluster_has_a_figure_and_no_interval() -> None:
    found = Resampling.of_clusters(["a", "a"], 100, 1).ratio(np.arange(2), columns([1.0, 3.0]), "")
    assert (found.value, found.low, found.high) == (2.0, None, None)
    assert found.undefined == f"no interval: {ONE_CLUSTER}"


def test_without_values_there_is_a_reason_and_no_number() -> None:
    found = Resampling.of_clusters([], 100, 1).ratio(np.arange(0), np.zeros((0, 2)), "there is nothing")
    assert (found.value, found.undefined) == (None, "there is nothing")


def test_a_figure_that_rests_on_one_cluster_of_many_has_no_interval() -> None:
    values = np.array([[1.0, 1.0], *[[0.0, 0.0]] * 9])
    resampling = Resampling.of_clusters([str(place) for place in range(10)], 2000, 1)
    point, replicates = resampling.figures(
        resampling.table(np.arange(10), np.column_stack([values, np.ones(10)])), lambda sums: ratio(sums[:, :2])
    )
    found = estimate(point[0], replicates[:, 0], "")
    # A cluster of ten is missing from (9/10)^10 = 35 % of the replicates.
    assert (found.value, found.low) == (1.0, None)
    assert found.undefined_replicates == pytest.approx(0.35, abs=0.05)


def test_units_that_add_the_same_are_drawn_together_and_nothing_changes() -> None:
    # 300 clusters of four kinds: enough of them for alike ones to be merged; each replicate is still its own sum.
    values = np.arange(300) % 4.0
    resampling = Resampling.of_clusters(list(range(300)), 50, 1)
    _, replicates = resampling.figures(resampling.table(np.arange(300), columns(values.tolist())), ratio)
    drawn = resampling.weights[:, np.argsort(np.array(sorted(range(300), key=repr)))]
    assert replicates[:, 0] == pytest.approx(drawn @ values / 300)


def test_an_interval_over_a_few_defined_replicates_is_not_given() -> None:
    found = estimate(0.5, np.array([0.5, np.nan, np.nan, np.nan]), "")
    assert (found.value, found.low, found.undefined_replicates) == (0.5, None, 0.75)
    assert found.undefined == "no interval: in 75% of the replicates it is undefined"
