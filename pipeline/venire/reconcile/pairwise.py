"""How each two judges agree on each field."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np

from venire.audit import Estimate, Pairwise
from venire.bootstrap import Floats
from venire.reconcile.alphas import base_rate
from venire.reconcile.coefficients import joint, kappa, weights
from venire.reconcile.resampling import estimate
from venire.reconcile.sample import Sample
from venire.reconcile.tuples import MISSING, Tuples

# 66 pairs: more are no table that anyone reads, and 200 judges make 19,900.
MOST_JUDGES: Final = 12

_NO_ITEMS: Final = "no transcript has votes of both"
_ONE_VALUE: Final = "each of the two gives one and the same value everywhere, so chance alone would agree fully"
_NONE_OF_IT: Final = "neither gives this value on any transcript that both voted on"


def paired_judges(sample: Sample) -> tuple[str, ...]:
    """The judges that are compared by pair: all, or of a large panel those with the most votes, in its order."""
    votes = dict.fromkeys(sample.judges, 0)
    for name in sample.fields:
        for ballot in sample.ballots[name]:
            for judge in ballot.votes:
                votes[judge] += 1
    chosen = set(sorted(sample.judges, key=lambda judge: -votes[judge])[:MOST_JUDGES])
    return tuple(judge for judge in sample.judges if judge in chosen)


def pairwise(sample: Sample) -> Iterator[Pairwise]:
    """Every pair of judges on every field, in the panel's order."""
    judges = paired_judges(sample)
    for name in sample.fields:
        cast = sample.tuples(name)
        places = [cast.judges.index(judge) for judge in judges]
        for first, second in combinations(places, 2):
            yield _pair(sample, cast, first, second)


def _pair(sample: Sample, cast: Tuples, first: int, second: int) -> Pairwise:
    size = len(cast.values)
    one, other = cast.ratings[:, first], cast.ratings[:, second]
    table = sample.resampling.table(cast.tuple_of, joint(one, other, size))
    point, replicates = sample.resampling.figures(table, lambda sums: _figures(sums, cast))
    items = int(table.sum())
    both = ((one != MISSING) & (other != MISSING))[cast.tuple_of]

    def figure(place: int, why: str) -> Estimate:
        return estimate(point[place], replicates[:, place], why if items else _NO_ITEMS)

    ordered, binary = cast.level != "nominal", cast.field.type == "bool"
    return Pairwise(
        field=cast.field.name,
        level=cast.level,
        first=cast.judges[first],
        second=cast.judges[second],
        items=items,
        kappa=figure(0, _ONE_VALUE),
        percent_agreement=figure(1, _NO_ITEMS),
        weighted_kappa=figure(2, _ONE_VALUE) if ordered else None,
        mean_absolute_difference=figure(3, _NO_ITEMS) if ordered else None,
        positive_agreement=figure(4, _NONE_OF_IT) if binary else None,
        negative_agreement=figure(5, _NONE_OF_IT) if binary else None,
        first_base_rate=base_rate(cast, both, [first]),
        second_base_rate=base_rate(cast, both, [second]),
    )


def _figures(tables: Floats, cast: Tuples) -> Floats:
    """Kappa, percent, weighted kappa, mean absolute difference, positive and negative agreement of each replicate."""
    size = len(cast.values)
    square = tables.reshape(-1, size, size)
    total = square.sum(axis=(1, 2))
    apart = np.abs(cast.numbers[:, None] - cast.numbers[None, :])
    specific = 2 * np.diagonal(square, axis1=1, axis2=2) / (square.sum(axis=2) + square.sum(axis=1))
    return np.column_stack(
        [
            kappa(tables, weights(cast.numbers, "nominal")),
            np.trace(square, axis1=1, axis2=2) / total,
            kappa(tables, weights(cast.numbers, "ordinal")),
            (square * apart).sum(axis=(1, 2)) / total,
            specific[:, -1],
            specific[:, 0],
        ]
    )
