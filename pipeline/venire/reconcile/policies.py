"""Settling policies side by side: how much of the labels hangs on the policy."""

from collections.abc import Iterator

import numpy as np

from venire.audit import ChangedLabel, PolicyComparison
from venire.bootstrap import Floats
from venire.reconcile.dawid_skene import violation_chances
from venire.reconcile.judge_statistics import mean
from venire.reconcile.sample import Sample
from venire.reconcile.settler import Settler
from venire.settlement import Settlement

DAWID_SKENE = "Dawid-Skene, sensitivity analysis"


def policies(sample: Sample, settler: Settler) -> Iterator[PolicyComparison]:
    """The study's own policy, then others, then Dawid and Skene's model; none without votes on `violation`."""
    if not settler.kinds:
        return
    everyone = frozenset(sample.judges)
    own = settler.violations(everyone)[settler.kind_of]
    yield _comparison(sample, sample.case.settlement.describe(), own, own, own=True)
    for settlement in _others(sample):
        labels = settler.violations(everyone, settlement)[settler.kind_of]
        yield _comparison(sample, settlement.describe(), own, labels)
    if "violation" in sample.fields:
        yield _comparison(sample, DAWID_SKENE, own, _dawid_skene(sample), sensitivity_analysis=True)


def _others(sample: Sample) -> list[Settlement]:
    """The other policies, with the study's own rules on families, quorum and, for the median, threshold."""
    own = sample.case.settlement
    direct = {"violation_from": None} if "violation" in sample.fields else {}
    ties = ("contested", "higher", "lower")
    found = [own.model_copy(update={"policy": "majority", "tie": tie, **direct}) for tie in ties]
    if own.violation_from is not None:
        found.append(own.model_copy(update={"policy": "median", "tie": "contested"}))
    found.append(own.model_copy(update={"policy": "unanimous", "tie": "contested", **direct}))
    other_family = "include" if own.own_family == "exclude" else "exclude"
    if any(ballot.own_family for name in sample.fields for ballot in sample.ballots[name]):
        found.append(own.model_copy(update={"own_family": other_family}))
    return [settlement for place, settlement in enumerate(found) if settlement not in (own, *found[:place])]


def _dawid_skene(sample: Sample) -> Floats:
    excluded = sample.case.settlement.own_family == "exclude"
    cast = sample.tuples("violation", "own family excluded" if excluded else "all")
    counts = np.bincount(cast.tuple_of, minlength=len(cast.ratings)).astype(np.float64)
    chances = violation_chances(cast.votes(), counts)
    return np.where(np.isnan(chances), np.nan, (chances >= 0.5).astype(np.float64))[cast.tuple_of]


def _comparison(
    sample: Sample, policy: str, before: Floats, after: Floats, *, own: bool = False, sensitivity_analysis: bool = False
) -> PolicyComparison:
    changed = ~((before == after) | (np.isnan(before) & np.isnan(after)))
    return PolicyComparison(
        policy=policy,
        own=own,
        sensitivity_analysis=sensitivity_analysis,
        settled=int((~np.isnan(after)).sum()),
        unsettled=int(np.isnan(after).sum()),
        violation_rate=mean(sample, after, "the policy settles no label"),
        changed=int(changed.sum()),
        changed_share=mean(sample, changed.astype(np.float64), "there are no labels"),
        to_violation=int((changed & (after == 1)).sum()),
        from_violation=int((changed & (before == 1)).sum()),
        labels=tuple(
            ChangedLabel(
                transcript_id=sample.subjects[place].id,
                key=sample.subjects[place].key,
                before=_label(before[place]),
                after=_label(after[place]),
            )
            for place in np.flatnonzero(changed)
        ),
    )


def _label(value: float) -> bool | None:
    return None if np.isnan(value) else bool(value)
