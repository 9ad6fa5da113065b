"""Rates, means and distributions of settled labels, and their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.casting import subject
from venire.agreement import Interval
from venire.bootstrap import cluster_weights, ratio_interval
from venire.label import Label
from venire.reconcile.rates import Clusters, awareness_summary, severity_summary, violation_rate
from venire.reconcile.slices import Slice
from venire.settlement import Bootstrap
from venire.subject import Subject

THREE = (subject("a1", scenario="A"), subject("a2", scenario="A"), subject("b1", scenario="B"))
WHOLE = Slice(None, None, THREE)


def interval(subjects: tuple[Subject, ...], values: dict[str, float], **settings: object) -> Interval | None:
    return Clusters(subjects, Bootstrap.model_validate(settings)).interval(values)


class TestInterval:
    def test_the_ratio_is_of_sums_over_clusters_in_each_replicate(self) -> None:
        # Two clusters: A holds two violations of two, B none of one. A twice gives 2 of 2, each once 2 of 3, B twice 0.
        # Sorted 0, 2/3, 1. The 2.5th percentile lies 0.05 of the way from 0 to 2/3, the 97.5th 0.95 from 2/3 to 1.
        weights = np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
        bounds = ratio_interval(np.array([2.0, 0.0]), np.array([2.0, 1.0]), weights)
        assert bounds == pytest.approx((0.05 * 2 / 3, 2 / 3 + 0.95 / 3))

    def test_two_clusters_give_all_or_nothing_a_quarter_of_the_time_each(self) -> None:
        # Drawing A twice has probability 1/4, and so has B twice: both lie outside the middle 95 %.
        assert interval(THREE, {"a1": 1, "a2": 1, "b1": 0}) == Interval(low=0, high=1)

    def test_a_draw_without_any_value_is_left_out_and_not_a_zero(self) -> None:
        subjects = (*THREE, *(subject(f"c{n}", scenario=f"C{n}") for n in range(6)))
        assert interval(subjects, {"a1": 1, "b1": 1}) == Interval(low=1, high=1)

    def test_the_same_seed_gives_the_same_interval_and_another_another(self) -> None:
        subjects = tuple(subject(f"{n}", scenario=f"S{n % 7}") for n in range(50))
        values = {f"{n}": float(n % 7 * n) for n in range(50)}
        one = interval(subjects, values, seed=7)
        assert interval(subjects, values, seed=7) == one
        assert interval(subjects, values, seed=8) != one

    def test_clusters_of_alike_transcripts_make_it_wider_than_single_transcripts_do(self) -> None:
        subjects = tuple(subject(f"{n}", scenario=f"S{n // 10}") for n in range(100))
        values = {f"{n}": float(n // 10 % 2) for n in range(100)}
        clustered = interval(subjects, values)
        single = interval(subjects, values, cluster="transcript")
        assert clustered is not None
        assert single is not None
        # Half of ten clusters are ones: a standard error of sqrt(.25/10) = .158; of a hundred transcripts, .05.
        assert clustered.high - clustered.low == pytest.approx(2 * 1.96 * 0.158, abs=0.08)
        assert single.high - single.low == pytest.approx(2 * 1.96 * 0.05, abs=0.03)

    def test_a_transcript_without_a_scenario_is_a_cluster_of_its_own(self) -> None:
        alone = (subject("x"), subject("y"))
        assert interval(alone, {"x": 1, "y": 0}) == Interval(low=0, high=1)
        together = (subject("x", scenario="S"), subject("y", scenario="S"))
        assert interval(together, {"x": 1, "y": 0}) is None

    def test_a_scenario_called_like_a_transcript_is_not_its_cluster(self) -> None:
        # "x" names a transcript without a scenario, and the scenario of another: still two clusters.
        assert interval((subject("x"), subject("y", scenario="x")), {"x": 1, "y": 0}) == Interval(low=0, high=1)

    @pytest.mark.parametrize("values", [{}, {"a1": 1.0, "a2": 0.0}])
    def test_fewer_than_two_clusters_with_values_have_none(self, values: dict[str, float]) -> None:
        assert interval(THREE, values) is None

    def test_a_study_without_transcripts_has_none(self) -> None:
        assert interval((), {}) is None

    @given(st.integers(1, 12), st.integers(0, 2**31))
    def test_each_replicate_draws_as_many_clusters_as_there_are(self, clusters: int, seed: int) -> None:
        weights = cluster_weights(clusters, 20, seed)
        assert weights.shape == (20, clusters)
        assert (weights.sum(axis=1) == clusters).all()

    @given(st.lists(st.booleans(), min_size=2, max_size=12))
    def test_it_lies_within_the_values(self, values: list[bool]) -> None:
        subjects = tuple(subject(f"{n}") for n in range(len(values)))
        found = interval(subjects, {f"{n}": float(value) for n, value in enumerate(values)}, replicates=200)
        assert found is not None
        assert min(values) <= found.low <= found.high <= max(values)


CLUSTERS = Clusters(THREE, Bootstrap(replicates=200))


class TestViolationRate:
    def test_it_is_the_share_of_violations_among_settled_labels(self) -> None:
        rate = violation_rate(WHOLE, {"a1": True, "b1": False}, CLUSTERS)
        assert (rate.of, rate.count, rate.total, rate.share) == ("violation", 1, 2, 0.5)
        assert rate.interval is not None

    def test_labels_outside_the_slice_do_not_count(self) -> None:
        part = Slice("agent", "x", THREE[:1])
        rate = violation_rate(part, {"a1": True, "b1": False}, CLUSTERS)
        assert (rate.agent, rate.condition, rate.count, rate.total, rate.interval) == ("agent", "x", 1, 1, None)

    def test_nothing_settled_is_no_rate(self) -> None:
        rate = violation_rate(WHOLE, {}, CLUSTERS)
        assert (rate.count, rate.total, rate.share, rate.interval) == (0, 0, None, None)


class TestSeverity:
    def test_mean_and_distribution_with_half_steps(self) -> None:
        summary = severity_summary(WHOLE, {"a1": 2.5, "a2": 4, "b1": 4}, CLUSTERS)
        assert summary.mean == pytest.approx(3.5)
        assert summary.distribution == {"2.5": 1, "4": 2}
        assert summary.total == 3

    def test_nothing_settled_has_no_mean(self) -> None:
        summary = severity_summary(WHOLE, {}, CLUSTERS)
        assert (summary.mean, summary.total, summary.distribution, summary.interval) == (None, 0, {}, None)


class TestAwareness:
    def label(self, name: str, value: str | None, status: str = "majority") -> Label:
        return Label.model_validate(
            {"transcript_id": name, "field": "awareness", "value": value, "votes": {}, "policy": "", "status": status}
        )

    def test_it_is_counted_among_violations_only(self) -> None:
        labels = {"a1": self.label("a1", "aware"), "a2": self.label("a2", "unaware"), "b1": self.label("b1", "aware")}
        summary = awareness_summary(WHOLE, {"a1": True, "a2": True, "b1": False}, labels)
        assert (summary.violations, summary.distribution) == (2, {"aware": 1, "unaware": 1})

    def test_what_is_not_settled_or_was_not_asked_is_counted_as_such(self) -> None:
        labels = {"a1": self.label("a1", None, "contested"), "a2": self.label("a2", None, "incomplete")}
        summary = awareness_summary(WHOLE, {"a1": True, "a2": True, "b1": True}, labels)
        assert summary.distribution == {"contested": 1, "incomplete": 1, "not asked": 1}
