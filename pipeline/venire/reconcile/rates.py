"""Rates and means of settled labels with cluster-bootstrap intervals."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from venire.agreement import AwarenessSummary, Interval, Rate, SeveritySummary
from venire.bootstrap import Floats, cluster_weights, ratio_interval
from venire.condition import Value
from venire.label import Label
from venire.reconcile.slices import Slice
from venire.settlement import Bootstrap
from venire.subject import Subject


class Clusters:
    """The clusters of a study and one weight matrix for all intervals, so that they can be compared.

    A transcript without a scenario is a cluster of its own.
    """

    def __init__(self, subjects: Iterable[Subject], bootstrap: Bootstrap) -> None:
        name: Callable[[Subject], tuple[str, str]] = (
            (lambda subject: ("scenario", subject.scenario) if subject.scenario else ("transcript", subject.id))
            if bootstrap.cluster == "scenario"
            else (lambda subject: ("transcript", subject.id))
        )
        names = {subject.id: name(subject) for subject in subjects}
        places = {cluster: place for place, cluster in enumerate(sorted(set(names.values())))}
        self._place = {subject_id: places[cluster] for subject_id, cluster in names.items()}
        self._count = len(places)
        self._weights = cluster_weights(self._count, bootstrap.replicates, bootstrap.seed) if places else None

    def interval(self, values: Mapping[str, float]) -> Interval | None:
        """The interval of the mean of some values, given by transcript id; None where too few clusters have any."""
        if self._weights is None or not values:
            return None
        sums, counts = self._sums(values)
        bounds = ratio_interval(sums, counts, self._weights)
        return None if bounds is None else Interval(low=bounds[0], high=bounds[1])

    def _sums(self, values: Mapping[str, float]) -> tuple[Floats, Floats]:
        sums, counts = np.zeros(self._count), np.zeros(self._count)
        for subject_id, value in values.items():
            sums[self._place[subject_id]] += value
            counts[self._place[subject_id]] += 1
        return sums, counts


def violation_rate(part: Slice, violations: Mapping[str, Value], clusters: Clusters) -> Rate:
    """The share of settled violations among the settled labels of a slice."""
    values = {subject.id: float(violations[subject.id]) for subject in part.subjects if subject.id in violations}
    count = int(sum(values.values()))
    return Rate(
        of="violation",
        agent=part.agent,
        condition=part.condition,
        count=count,
        total=len(values),
        share=count / len(values) if values else None,
        interval=clusters.interval(values),
    )


def severity_summary(part: Slice, severities: Mapping[str, Value], clusters: Clusters) -> SeveritySummary:
    """Mean and distribution of the settled severities of a slice."""
    values = {subject.id: float(severities[subject.id]) for subject in part.subjects if subject.id in severities}
    counts = Counter(values.values())
    return SeveritySummary(
        agent=part.agent,
        condition=part.condition,
        total=len(values),
        mean=sum(values.values()) / len(values) if values else None,
        interval=clusters.interval(values),
        distribution={f"{value:g}": counts[value] for value in sorted(counts)},
    )


def awareness_summary(part: Slice, violations: Mapping[str, Value], awareness: Mapping[str, Label]) -> AwarenessSummary:
    """Awareness among the settled violations of a slice."""
    broken = [subject.id for subject in part.subjects if violations.get(subject.id) is True]
    counts = Counter(_awareness_word(awareness.get(subject_id)) for subject_id in broken)
    return AwarenessSummary(
        agent=part.agent, condition=part.condition, violations=len(broken), distribution=dict(sorted(counts.items()))
    )


def _awareness_word(label: Label | None) -> str:
    if label is None:
        return "not asked"
    return str(label.value) if label.value is not None else label.status
