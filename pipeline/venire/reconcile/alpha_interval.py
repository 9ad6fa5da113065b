"""Alpha and its interval of votes given as an array, for a million transcripts as for a hundred."""

from collections.abc import Hashable, Sequence

import numpy as np

from venire.audit import Estimate
from venire.bootstrap import Floats
from venire.reconcile.coefficients import AnyLevel, alpha, coincidences
from venire.reconcile.resampling import Resampling, estimate
from venire.reconcile.tuples import Codes, collapse, collapse_counted, value_counts


def alpha_interval(
    codes: Codes,
    numbers: Floats,
    level: AnyLevel,
    *,
    replicates: int,
    seed: int,
    clusters: Sequence[Hashable] | None = None,
) -> Estimate:
    """Krippendorff's alpha with its percentile interval.

    Args:
        codes: places in `numbers`, shape (transcripts, judges); -1 is a vote not given.
        numbers: the values as numbers, in order.
        level: the level of measurement.
        replicates: how many.
        seed: of the random numbers.
        clusters: that of each transcript, to be drawn whole; single transcripts are drawn if not given.
    """
    if clusters is None:
        ratings, sizes = collapse_counted(codes)
        # Alpha does not ask who gave a vote, so that tuples which differ only in that are one.
        ratings, sizes = collapse_counted(np.sort(ratings, axis=1), sizes)
        kinds = np.arange(len(ratings))
        resampling = Resampling.of_items(kinds, sizes, replicates, seed)
        table = resampling.table(kinds, coincidences(value_counts(ratings, len(numbers))) * sizes[:, None])
    else:
        ratings, tuple_of = collapse(codes)
        resampling = Resampling.of_clusters(clusters, replicates, seed)
        table = resampling.table(tuple_of, coincidences(value_counts(ratings, len(numbers))))
    point, found = resampling.figures(table, lambda sums: alpha(sums, numbers, level)[:, None])
    return estimate(point[0], found[:, 0], "the votes that can be compared do not vary, or there are none")
