"""Resampling: one matrix of weights, from which every figure of an audit and its interval are computed together.

Every figure is a function of sums over transcripts. The sums are kept for each unit of resampling (a cluster, or the
transcripts that are alike), so that a replicate is one row of weights times the table of sums. As all figures share
the rows, differences between them are paired in every replicate.
Source: Davison & Hinkley, Bootstrap Methods and their Application (1997), sections 2.4 and 3.8.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from venire.audit import Estimate
from venire.bootstrap import PERCENTILES, Floats, cluster_weights

Indices = NDArray[np.intp]
# Sums of each column, shape (replicates, columns) -> the figures, shape (replicates, figures); nan where undefined.
Statistic = Callable[[Floats], Floats]

# Numbers that a block of replicates may hold at once: 32 MB.
_BLOCK_NUMBERS: Final = 4_000_000
# Numbers are counted in a table of all that could occur, unless so many times more could occur than there are.
_SPARSE: Final = 50
# OpenBLAS starts threads for products of more multiplications than this; on a busy machine they wait for each other ten
# times longer than they compute.
_ONE_THREAD: Final = 2**18
_FEWEST_AT_ONCE: Final = 64
# From so many on, units that add the same to every sum are looked for, and drawn together.
_MANY_UNITS: Final = 100
_MOST_IN_16_BITS: Final = 2**16 - 1

ONE_CLUSTER: Final = "all of it comes from one cluster, so that there is nothing to resample"
# A figure that rests on one cluster is the same in every replicate that draws it, and undefined in the others, which
# are a quarter of them or more: an interval without width. One that often has no variation is no better off.
_MOST_UNDEFINED: Final = 0.2


class Resampling:
    """Units of resampling and how often each is drawn in each replicate.

    Attributes:
        unit_of: the unit of each transcript, shape (transcripts,).
        units: how many there are.
    """

    def __init__(self, unit_of: Indices, drawn: NDArray[np.unsignedinteger[Any]], sizes: Floats) -> None:
        self.unit_of = unit_of
        self.units = len(sizes)
        # One row for each unit, so that some of the units can be taken without walking through all of them.
        self._drawn = drawn
        self._sizes = sizes

    @property
    def weights(self) -> NDArray[np.unsignedinteger[Any]]:
        """How often each unit is drawn, shape (replicates, units); a unit of transcripts alike counts each of them."""
        return self._drawn.T

    @classmethod
    def of_clusters(cls, clusters: Sequence[Hashable], replicates: int, seed: int) -> Self:
        """Whole clusters are drawn; `clusters` names that of each transcript."""
        places = {name: place for place, name in enumerate(sorted(set(clusters), key=repr))}
        unit_of = np.array([places[name] for name in clusters], dtype=np.intp)
        weights = cluster_weights(len(places), replicates, seed) if places else np.zeros((replicates, 0), np.uint8)
        return cls(unit_of, np.ascontiguousarray(weights.T), np.ones(len(places)))

    @classmethod
    def of_items(cls, kinds: Indices, sizes: Floats, replicates: int, seed: int) -> Self:
        """Single transcripts are drawn; those of one kind are alike in all that is computed, so they are one unit.

        Drawing n transcripts with replacement is drawing from a multinomial distribution over the kinds.

        Args:
            kinds: the kind of each transcript (or of each kind itself, where `sizes` says how many there are).
            sizes: how many transcripts each kind has.
            replicates: how many.
            seed: of the random numbers.
        """
        total = int(sizes.sum())
        drawn = np.empty((len(sizes), replicates), dtype=np.uint16 if total <= _MOST_IN_16_BITS else np.uint32)
        generator = np.random.default_rng(seed)
        block = max(1, _BLOCK_NUMBERS // max(1, len(sizes)))
        for start in range(0, replicates if total else 0, block):
            part = drawn[:, start : start + block]
            part[:] = generator.multinomial(total, sizes / total, size=part.shape[1]).T
        return cls(kinds, drawn, sizes.astype(np.float64))

    @classmethod
    def sharing(cls, other: Self, unit_of: Indices) -> Self:
        """The same units drawn the same way, for other things that belong to them, such as pairs of transcripts."""
        return cls(unit_of, other._drawn, other._sizes)

    def table(self, place: Indices, values: Floats, chosen: NDArray[np.bool_] | None = None) -> Floats:
        """The sums of each unit.

        Args:
            place: which row of `values` each transcript has, shape (transcripts,).
            values: shape (rows, columns).
            chosen: the transcripts to add up; all if not given.

        Returns:
            Shape (units, columns).
        """
        unit, row = (self.unit_of, place) if chosen is None else (self.unit_of[chosen], place[chosen])
        pairs, counts = _counted(unit * len(values) + row, self.units * len(values))
        summed = np.zeros((self.units, values.shape[1]))
        if len(pairs):
            units = pairs // len(values)
            starts = np.flatnonzero(np.diff(units, prepend=-1))
            summed[units[starts]] = np.add.reduceat(values[pairs % len(values)] * counts[:, None], starts, axis=0)
        return summed

    def replicate(self, table: Floats, statistic: Statistic) -> Floats:
        """The figures in every replicate, shape (replicates, figures)."""
        rows, groups = _alike(table / self._sizes[:, None])
        replicates = self._drawn.shape[1]
        block = max(1, _BLOCK_NUMBERS // max(1, table.shape[1], len(groups)))
        parts = [
            statistic(_product(rows, self._draws(groups, slice(start, start + block))).T)
            for start in range(0, replicates, block)
        ]
        return np.concatenate(parts)

    def _draws(self, groups: Sequence[Indices], replicates: slice) -> Floats:
        """How often the units of each group are drawn together; shape (groups, replicates)."""
        if all(len(group) == 1 for group in groups):
            return self._drawn[[group[0] for group in groups], replicates].astype(np.float64)
        starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
        drawn = self._drawn[np.concatenate(groups), replicates]
        return np.add.reduceat(drawn, starts, axis=0, dtype=np.uint32).astype(np.float64)

    def transcripts(self, units: Indices) -> int:
        """How many transcripts or clusters can be drawn of some units."""
        return int(self._sizes[units].sum())

    def filled(self, table: Floats) -> int:
        """How many transcripts or clusters could be drawn that have anything in the table."""
        return int(self._sizes[(table != 0).any(axis=1)].sum())

    def figures(self, table: Floats, statistic: Statistic) -> tuple[Floats, Floats]:
        """The figures on the data as they are, shape (figures,), and in every replicate.

        With one cluster or none the replicates are an array without rows.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            point = statistic(table.sum(axis=0)[None, :])[0]
            few = self.filled(table) < 2 or bool(np.isnan(point).all())
            return point, np.empty((0, len(point))) if few else self.replicate(table, statistic)

    def ratio(self, place: Indices, values: Floats, why_undefined: str) -> Estimate:
        """A mean: the first column's sum over the second's, where `values` has these two columns."""
        point, replicates = self.figures(self.table(place, values), ratio)
        return estimate(point[0], replicates[:, 0], why_undefined)


def ratio(sums: Floats) -> Floats:
    """The first column over the second; nan where the second is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(sums[:, 1] != 0, sums[:, 0] / sums[:, 1], np.nan)
    return share[:, None]


def estimate(point: float, replicates: Floats, why_undefined: str) -> Estimate:
    """A figure with its percentile interval.

    Args:
        point: on the data as they are; nan where undefined.
        replicates: shape (replicates,); nan where undefined; empty where there was nothing to resample.
        why_undefined: said where the figure is undefined.
    """
    if np.isnan(point):
        return Estimate(value=None, undefined=why_undefined)
    if len(replicates) == 0:
        return Estimate(value=float(point), undefined=f"no interval: {ONE_CLUSTER}")
    defined = replicates[~np.isnan(replicates)]
    lost = 1 - len(defined) / len(replicates)
    if lost > _MOST_UNDEFINED:
        reason = f"no interval: in {lost:.0%} of the replicates it is undefined"
        return Estimate(value=float(point), undefined=reason, undefined_replicates=lost)
    low, high = np.percentile(defined, PERCENTILES)
    return Estimate(value=float(point), low=float(low), high=float(high), undefined_replicates=lost)


def _alike(table: Floats) -> tuple[Floats, list[Indices]]:
    """The distinct rows of a table that are not all zeros, and the units that have each."""
    filled = np.flatnonzero(table.any(axis=1))
    if len(filled) < _MANY_UNITS:
        return table[filled], [np.array([unit]) for unit in filled]
    rows, place = np.unique(table[filled], axis=0, return_inverse=True)
    order = np.argsort(place.reshape(-1), kind="stable")
    counts = np.bincount(place.reshape(-1))
    return rows, np.split(filled[order], np.cumsum(counts)[:-1])


def _product(rows: Floats, draws: Floats) -> Floats:
    """The sums of each column in each replicate, shape (columns, replicates), in pieces that one thread computes."""
    result = np.empty((rows.shape[1], draws.shape[1]))
    columns = np.ascontiguousarray(rows.T)
    piece = max(_FEWEST_AT_ONCE, _ONE_THREAD // max(1, rows.size))
    for start in range(0, draws.shape[1], piece):
        result[:, start : start + piece] = columns @ draws[:, start : start + piece]
    return result


def _counted(pairs: Indices, possible: int) -> tuple[Indices, Indices]:
    """The numbers that occur, in order, and how often each does."""
    if possible <= _SPARSE * max(len(pairs), _FEWEST_AT_ONCE):
        counts = np.bincount(pairs, minlength=possible)
        found = np.flatnonzero(counts)
        return found, counts[found]
    return np.unique(pairs, return_counts=True)
