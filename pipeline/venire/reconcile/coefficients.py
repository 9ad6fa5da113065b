"""Coefficients of agreement from sums of counts, for many replicates at once.

Sources: Krippendorff, Content Analysis (4th ed., 2019), chapter 12, and "Computing Krippendorff's Alpha-Reliability"
(2011): alpha. Cohen (1960, 1968): kappa and weighted kappa. Gwet, Br. J. Math. Stat. Psychol. 61 (2008), 29-48: AC1,
AC2. Cicchetti & Feinstein (1990): positive and negative agreement.
"""

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from venire.bootstrap import Floats

AnyLevel = Literal["nominal", "ordinal", "interval", "ratio"]
# Disagreement expected by chance, as a share of the largest possible, below which there is none but for rounding.
_NONE: Final = 1e-12


def coincidences(counts: Floats) -> Floats:
    """What one transcript of each kind adds to the matrix of coincidences.

    o_cv = n_c (n_v - [c = v]) / (m - 1) for the m >= 2 votes of a transcript; a single vote is compared with nothing.

    Args:
        counts: votes of each value, shape (kinds, values).

    Returns:
        Shape (kinds, values * values).
    """
    votes = counts.sum(axis=1)
    paired = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(counts.shape[1])
    paired[:, diagonal, diagonal] -= counts
    shared = np.where(votes >= 2, 1.0 / np.maximum(votes - 1, 1), 0.0)
    return (paired * shared[:, None, None]).reshape(len(counts), -1)


def alpha(matrices: Floats, numbers: Floats, level: AnyLevel) -> Floats:
    """Krippendorff's alpha; nan where votes do not vary or none can be compared.

    The ordinal metric is that of the data at hand: the distance of two values is the number of (resampled) votes from
    the middle of the one to the middle of the other.

    Args:
        matrices: coincidences, shape (replicates, values * values).
        numbers: the values as numbers, in order, shape (values,).
        level: the level of measurement.
    """
    size = len(numbers)
    square = matrices.reshape(-1, size, size)
    totals = square.sum(axis=2)
    grand = totals.sum(axis=1)
    metric = _metric(numbers, totals, level)
    observed, expected, largest = np.zeros(len(square)), np.zeros(len(square)), np.zeros(len(square))
    for first in range(size):
        for second in range(first + 1, size):
            distance = metric(first, second)
            observed += square[:, first, second] * distance
            expected += totals[:, first] * totals[:, second] * distance
            largest = np.maximum(largest, distance)
    with np.errstate(divide="ignore", invalid="ignore"):
        varied = expected > _NONE * largest * grand**2
        return np.where(varied, 1.0 - (grand - 1) * observed / expected, np.nan)


def _metric(numbers: Floats, totals: Floats, level: AnyLevel) -> Callable[[int, int], Floats]:
    """The squared distance of two values, by their places, in every replicate."""
    ones = np.ones(len(totals))
    if level == "nominal":
        return lambda first, second: ones
    if level == "interval":
        return lambda first, second: ones * (numbers[first] - numbers[second]) ** 2
    if level == "ratio":
        return lambda first, second: ones * _relative(numbers[first], numbers[second]) ** 2
    middles = np.cumsum(totals, axis=1) - totals / 2
    distances: Callable[[int, int], Floats] = lambda first, second: (middles[:, first] - middles[:, second]) ** 2  # noqa: E731
    return distances


def _relative(first: float, second: float) -> float:
    return (first - second) / (first + second) if first + second else 0.0


def agreeing_pairs(counts: Floats) -> Floats:
    """Pairs of votes alike, and all pairs, of a transcript of each kind; shape (kinds, 2)."""
    votes = counts.sum(axis=1)
    return np.stack([(counts * (counts - 1)).sum(axis=1), votes * (votes - 1)], axis=1)


def weights(numbers: Floats, level: AnyLevel) -> Floats:
    """How far two values agree, from 0 to 1: all or nothing for a nominal field, quadratic for others."""
    if level == "nominal":
        return np.eye(len(numbers))
    span = numbers.max() - numbers.min()
    return np.asarray(1 - ((numbers[:, None] - numbers[None, :]) / span) ** 2)


def gwet_parts(counts: Floats, agreement: Floats) -> Floats:
    """What one transcript of each kind adds to the sums that `gwet` takes.

    Columns: the observed agreement among its votes, 1 if it has two or more, the share of each value among its
    votes, 1 if it has any; shape (kinds, values + 3).
    """
    votes = counts.sum(axis=1)
    alike = (counts * (counts @ agreement - 1)).sum(axis=1)
    observed = np.where(votes >= 2, alike / np.maximum(votes * (votes - 1), 1), 0.0)
    shares = counts / np.maximum(votes, 1)[:, None]
    return np.column_stack([observed, votes >= 2, shares, votes >= 1]).astype(np.float64)


def gwet(sums: Floats, agreement: Floats) -> Floats:
    """Gwet's AC1 (with all-or-nothing weights) or AC2, for several judges and votes missing; nan without pairs."""
    size = len(agreement)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = sums[:, 0] / sums[:, 1]
        shares = sums[:, 2:-1] / sums[:, -1:]
        chance = agreement.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum(axis=1)
        return np.where(sums[:, 1] > 0, (observed - chance) / (1 - chance), np.nan)


def joint(first: NDArray[np.integer], second: NDArray[np.integer], values: int) -> Floats:
    """The cell of the table of two judges that each kind of transcript falls in; shape (kinds, values * values)."""
    cells = np.zeros((len(first), values * values))
    both = np.flatnonzero((first >= 0) & (second >= 0))
    cells[both, first[both].astype(np.intp) * values + second[both]] = 1
    return cells


def kappa(tables: Floats, agreement: Floats) -> Floats:
    """Cohen's kappa, weighted by `agreement`; nan where chance alone would agree fully, or without transcripts.

    Args:
        tables: of two judges, shape (replicates, values * values).
        agreement: how far two values agree, shape (values, values).
    """
    size = len(agreement)
    square = tables.reshape(-1, size, size)
    total = square.sum(axis=(1, 2))
    rows, columns = square.sum(axis=2), square.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        missed = (square * (1 - agreement)).sum(axis=(1, 2)) / total
        by_chance = np.einsum("bi,ij,bj->b", rows, 1 - agreement, columns) / total**2
        return np.where(by_chance > _NONE, 1 - missed / by_chance, np.nan)
