"""Planning a panel: what fewer judges, or judges asked one after another, would have given on a graded study.

A sequential panel asks two judges and stops when they agree: the same answer on `violation`, and severities at most one
apart. Else it asks all others. A judge whose vote would not count, because the agent is of its own family, is not
asked; the next in the order is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Final

import numpy as np

from venire.audit import Estimate, PlannerRow
from venire.bootstrap import Floats
from venire.condition import Value
from venire.reconcile.resampling import estimate
from venire.reconcile.sample import Sample
from venire.reconcile.settler import Settler
from venire.reconcile.votes import Ballot

# Five judges have 31 subsets and 120 orders; eight would have 40,320 orders.
MOST_JUDGES: Final = 5
# How far apart two severities may be that still agree.
SEVERITY_APART: Final = 1

_NOTHING: Final = "no transcript has the votes of all judges"


@dataclass(frozen=True)
class _Plan:
    judges: tuple[str, ...]
    sequential: bool
    asked: tuple[frozenset[str], ...]


def planned_judges(sample: Sample, settler: Settler) -> tuple[str, ...]:
    """The judges that are planned with: all, or of a large panel those with the most votes, in its order."""
    votes = dict.fromkeys(sample.judges, 0)
    for kind in settler.kind_of:
        for judge in _voters(settler.kinds[kind]):
            votes[judge] += 1
    chosen = sorted((judge for judge in sample.judges if votes[judge]), key=lambda judge: -votes[judge])[:MOST_JUDGES]
    return tuple(judge for judge in sample.judges if judge in chosen)


def plans(sample: Sample, settler: Settler) -> list[PlannerRow]:
    """Every subset, and every order with early stopping, the fewest calls first; none for a single judge.

    Orders that ask the same judges about every transcript are given once.
    """
    judges = planned_judges(sample, settler)
    if len(judges) < 2:
        return []
    counting = [_counting(sample, cast) for cast in settler.kinds]
    complete = np.array([due <= _voters(cast) and bool(due) for due, cast in zip(counting, settler.kinds, strict=True)])
    found = list(_plans(judges, settler, counting))
    calls = np.array([[len(asked) for asked in plan.asked] for plan in found], dtype=np.float64).T
    whole = np.array([len(due) for due in counting], dtype=np.float64)
    same = {name: _unchanged(settler, found, counting, name) for name in ("violation", "severity")}
    columns = np.column_stack([complete, whole, calls, same["violation"], same["severity"]]) * complete[:, None]
    table = sample.resampling.table(settler.kind_of, columns.astype(np.float64))
    size = len(found)

    def shares(sums: Floats) -> Floats:
        return np.column_stack([sums[:, 2 : 2 + size] / sums[:, 1:2], sums[:, 2 + size :] / sums[:, :1]])

    point, replicates = sample.resampling.figures(table, shares)
    estimates = _estimates(point, replicates)
    has_severity = "severity" in sample.fields
    rows = [
        PlannerRow(
            judges=plan.judges,
            sequential=plan.sequential,
            items=int(complete[settler.kind_of].sum()),
            calls=estimates[place],
            violation_unchanged=estimates[size + place],
            severity_unchanged=estimates[2 * size + place] if has_severity else None,
        )
        for place, plan in enumerate(found)
    ]
    return sorted(rows, key=lambda row: (row.calls.value or 0.0, -(row.violation_unchanged.value or 0.0)))


def _plans(judges: Sequence[str], settler: Settler, counting: Sequence[frozenset[str]]) -> Iterator[_Plan]:
    for size in range(1, len(judges) + 1):
        for subset in combinations(judges, size):
            yield _Plan(subset, False, tuple(due & set(subset) for due in counting))
    seen = set()
    for order in permutations(judges) if len(judges) > 2 else ():
        asked = tuple(_in_order(order, due, cast) for due, cast in zip(counting, settler.kinds, strict=True))
        if asked not in seen:
            seen.add(asked)
            yield _Plan(order, True, asked)


def _in_order(order: Sequence[str], counting: frozenset[str], cast: dict[str, Ballot]) -> frozenset[str]:
    queue = [judge for judge in order if judge in counting]
    return frozenset(queue[:2] if _agree(cast, queue[:2]) else queue)


def _agree(cast: dict[str, Ballot], judges: Sequence[str]) -> bool:
    if len(judges) < 2:
        return False
    violations = [_vote(cast, "violation", judge) for judge in judges]
    severities = [_vote(cast, "severity", judge) for judge in judges]
    known = [float(severity) for severity in severities if severity is not None]
    near = len(known) < 2 or max(known) - min(known) <= SEVERITY_APART
    return len(set(violations)) == 1 and near


def _vote(cast: dict[str, Ballot], field: str, judge: str) -> Value | None:
    return cast[field].votes.get(judge) if field in cast else None


def _voters(cast: dict[str, Ballot]) -> frozenset[str]:
    """The judges that voted on every field they were asked about."""
    voters = {judge for ballot in cast.values() for judge in ballot.votes}
    return frozenset(
        judge for judge in voters if all(judge in each.votes for each in cast.values() if judge in each.due)
    )


def _counting(sample: Sample, cast: dict[str, Ballot]) -> frozenset[str]:
    """The judges whose votes are due and would count."""
    due = frozenset(judge for ballot in cast.values() for judge in ballot.due)
    own = frozenset(judge for ballot in cast.values() for judge in ballot.own_family)
    return due - own if sample.case.settlement.own_family == "exclude" else due


def _unchanged(settler: Settler, found: Sequence[_Plan], counting: Sequence[frozenset[str]], field: str) -> Floats:
    """1 where a plan's label on a field is the whole panel's, or both settle none; shape (kinds, plans)."""
    # A quorum of so many votes is one of the whole panel; fewer judges are asked here on purpose.
    settlement = settler.settlement.model_copy(update={"quorum": "all"})
    whole = settler.column(field, counting, settlement)
    labels = [settler.column(field, plan.asked, settlement) for plan in found]
    return np.array([(label == whole) | (np.isnan(label) & np.isnan(whole)) for label in labels], dtype=np.float64).T


def _estimates(point: Floats, replicates: Floats) -> list[Estimate]:
    return [estimate(value, replicates[:, place], _NOTHING) for place, value in enumerate(point)]
