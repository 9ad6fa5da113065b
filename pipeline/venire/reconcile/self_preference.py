"""Self-preference: whether a judge is milder on agents of its own family than other judges are, by differences.

A judge that is milder than the others everywhere does not favor its own. What counts is how much milder (or graver) it
is on its own family than on agents of no judge's family: the difference of the two differences.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from venire.audit import SelfPreference
from venire.bootstrap import Floats
from venire.reconcile.judge_statistics import agents_of_no_judge
from venire.reconcile.resampling import estimate
from venire.reconcile.sample import Sample

# With fewer transcripts on either side, one odd transcript would decide.
FEWEST_ITEMS: Final = 10
# The others' mean on the judge's own agents, as a share of the scale: below it (or above its mirror image) a judge that
# is milder (or graver) than the others has hardly any room to show it.
FLOOR: Final = 0.1

_FIELDS: Final = ("severity", "violation")


def self_preferences(sample: Sample) -> Iterator[SelfPreference]:
    """Every voting judge that has a family, on severity and on violation."""
    for judge, family in sample.families.items():
        for field in _FIELDS:
            if family is not None and field in sample.fields:
                yield _self_preference(sample, judge, family, field)


def _self_preference(sample: Sample, judge: str, family: str, field: str) -> SelfPreference:
    own = np.array([subject.family == family for subject in sample.subjects], dtype=np.bool_)
    gap, others = _gap(sample, field, judge, family)
    compared = ~np.isnan(gap)
    own, elsewhere = own & compared, agents_of_no_judge(sample) & compared
    values = np.column_stack([np.where(own, gap, 0), own, np.where(elsewhere, gap, 0), elsewhere])
    table = sample.resampling.table(sample.each, np.nan_to_num(values))
    point, replicates = sample.resampling.figures(table, _differences)
    why_not = _why_not(sample, family, int(own.sum()), int(elsewhere.sum()))
    level = float(others[own].mean()) if own.any() else None
    estimates = [estimate(point[place], replicates[:, place], "there are no such transcripts") for place in range(3)]
    if why_not:
        estimates[0] = estimate(np.nan, replicates[:, 0], f"not identified: {why_not}")
    return SelfPreference(
        judge=judge,
        family=family,
        field=field,
        estimate=estimates[0],
        own_gap=estimates[1],
        elsewhere_gap=estimates[2],
        own_items=int(own.sum()),
        elsewhere_items=int(elsewhere.sum()),
        identified=not why_not,
        why_not=why_not,
        floor_effect=level is not None and _near_an_end(sample, field, level),
        own_level=level,
    )


def _gap(sample: Sample, field: str, judge: str, family: str) -> tuple[Floats, Floats]:
    """The judge's vote less the mean of judges of other families, and that mean, over the transcripts."""
    cast = sample.tuples(field)
    votes = cast.votes()
    others = votes[:, [place for place, name in enumerate(cast.judges) if sample.families[name] != family]]
    count = (~np.isnan(others)).sum(axis=1)
    average = np.where(count > 0, np.nansum(others, axis=1) / np.maximum(count, 1), np.nan)
    gap = votes[:, cast.judges.index(judge)] - average
    return gap[cast.tuple_of], average[cast.tuple_of]


def _differences(sums: Floats) -> Floats:
    own, elsewhere = sums[:, 0] / sums[:, 1], sums[:, 2] / sums[:, 3]
    return np.column_stack([own - elsewhere, own, elsewhere])


def _near_an_end(sample: Sample, field: str, level: float) -> bool:
    numbers = sample.tuples(field).numbers
    return not FLOOR <= (level - numbers[0]) / (numbers[-1] - numbers[0]) <= 1 - FLOOR


def _why_not(sample: Sample, family: str, own: int, elsewhere: int) -> str:
    if not any(other != family for other in sample.families.values()):
        return "no judge of another family stands beside it"
    if not any(subject.family == family for subject in sample.subjects):
        return f"no agent is of the family '{family}'"
    if own < FEWEST_ITEMS:
        return (
            f"only {own} transcripts of its own family have its vote and one of another family "
            f"({FEWEST_ITEMS} are needed)"
        )
    if elsewhere < FEWEST_ITEMS:
        return (
            f"only {elsewhere} transcripts of agents of no judge's family have its vote and another "
            f"({FEWEST_ITEMS} are needed)"
        )
    return ""
