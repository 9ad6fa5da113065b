"""The transcripts that judges disagree on, worst first."""

from collections.abc import Sequence

import numpy as np

from venire.audit import Disputed
from venire.bootstrap import Floats
from venire.label import Label
from venire.reconcile.coefficients import agreeing_pairs
from venire.reconcile.sample import Sample


def disputed(sample: Sample, labels: Sequence[Label]) -> list[Disputed]:
    """Every transcript with two votes that differ on `violation` or `severity`; ties by key."""
    settled: dict[str, dict[str, Label]] = {}
    for label in labels:
        settled.setdefault(label.transcript_id, {})[label.field] = label
    amount = _apart(sample) + _split(sample)
    found = []
    for place in np.flatnonzero(amount > 0).tolist():
        subject = sample.subjects[place]
        own = settled.get(subject.id, {})
        found.append(
            Disputed(
                transcript_id=subject.id,
                key=subject.key,
                agent=subject.agent,
                condition=subject.condition,
                scenario=subject.scenario,
                votes={name: sample.ballots[name][place].votes for name in sample.fields},
                labels={name: own[name].value if name in own else None for name in sample.fields},
                status=own["violation"].status if "violation" in own else "incomplete",
                disagreement=float(amount[place]),
            )
        )
    return sorted(found, key=lambda each: (-each.disagreement, each.key))


def _split(sample: Sample) -> Floats:
    """The share of pairs of votes on `violation` that differ, by transcript; 0 without pairs."""
    if "violation" not in sample.fields:
        return np.zeros(len(sample.subjects))
    cast = sample.tuples("violation")
    alike, pairs = agreeing_pairs(cast.counts()).T
    return np.asarray(((pairs - alike) / np.maximum(pairs, 1))[cast.tuple_of])


def _apart(sample: Sample) -> Floats:
    """The mean distance of two votes on `severity`, as a share of the scale, by transcript."""
    if "severity" not in sample.fields:
        return np.zeros(len(sample.subjects))
    cast = sample.tuples("severity")
    counts, distances = cast.counts(), np.abs(cast.numbers[:, None] - cast.numbers[None, :])
    votes = counts.sum(axis=1)
    apart = np.einsum("tv,vw,tw->t", counts, distances, counts) / np.maximum(votes * (votes - 1), 1)
    return np.asarray((apart / (cast.numbers[-1] - cast.numbers[0]))[cast.tuple_of])
