"""Krippendorff's alpha of one field, from the `krippendorff` package, with the cases it leaves undefined explained.

Source: Krippendorff, Content Analysis: An Introduction to Its Methodology (4th ed., 2019), chapter 12.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from venire.agreement import Alpha
from venire.condition import Value
from venire.reconcile.votes import Ballot
from venire.rubric import Level, RubricField

Votes = Literal["all", "own family excluded"]

# At which levels a field is measured besides its own, so that figures published at another level can be compared.
LEVELS: Final[dict[Level, tuple[Level, ...]]] = {
    "nominal": ("nominal",),
    "ordinal": ("ordinal", "interval", "nominal"),
    "interval": ("interval", "ordinal", "nominal"),
}


def field_alphas(field: RubricField, ballots: Sequence[Ballot], judges: Sequence[str], votes: Votes) -> list[Alpha]:
    """Alpha of a field at its own level, then at the others that apply.

    Args:
        field: the field.
        ballots: its ballots; one is an item.
        judges: the voting judges, in order.
        votes: whether the votes on agents of the judge's own family are in.
    """
    matrix = rating_matrix(field, ballots, judges, votes)
    rated = matrix[:, (~np.isnan(matrix)).any(axis=0)]
    return [_alpha(field, rated, level, votes) for level in LEVELS[field.level]]


def rating_matrix(
    field: RubricField, ballots: Sequence[Ballot], judges: Sequence[str], votes: Votes
) -> NDArray[np.float64]:
    """Votes as numbers, shape (judges, items): a category is its place in the rubric; a vote not given is nan."""
    codes: Mapping[Value, float] = {value: float(place) for place, value in enumerate(field.values())}
    matrix = np.full((len(judges), len(ballots)), np.nan)
    for column, ballot in enumerate(ballots):
        for row, judge in enumerate(judges):
            if judge in ballot.votes and not (votes == "own family excluded" and judge in ballot.own_family):
                value = ballot.votes[judge]
                matrix[row, column] = float(value) if field.type == "integer" else codes[value]
    return matrix


def _alpha(field: RubricField, matrix: NDArray[np.float64], level: Level, votes: Votes) -> Alpha:
    raters = (~np.isnan(matrix)).sum(axis=0)
    pairable = int(raters[raters >= 2].sum())
    undefined = _undefined(matrix, raters)
    return Alpha(
        field=field.name,
        level=level,
        headline=level == field.level,
        votes=votes,
        judges=int((~np.isnan(matrix)).any(axis=1).sum()),
        items=matrix.shape[1],
        pairable=pairable,
        value=None if undefined else krippendorff_alpha(matrix, level),
        undefined=undefined,
        percent_agreement=_percent_agreement(matrix) if pairable else None,
    )


def _undefined(matrix: NDArray[np.float64], raters: NDArray[np.int_]) -> str:
    paired = matrix[:, raters >= 2] if matrix.size else matrix
    values = paired[~np.isnan(paired)]
    if values.size == 0:
        return "no transcript has two votes, so there is nothing to compare"
    if np.unique(values).size == 1:
        return "every vote is the same, so chance agreement cannot be told from real agreement"
    return ""


def krippendorff_alpha(matrix: NDArray[np.float64], level: Level) -> float:
    """The package's alpha of votes, shape (judges, items), nan where not given; two values or more must occur."""
    import krippendorff

    return float(krippendorff.alpha(reliability_data=matrix, level_of_measurement=level))


def _percent_agreement(matrix: NDArray[np.float64]) -> float:
    """The share of pairs of votes on the same item that are alike."""
    alike = pairs = 0
    for first in range(matrix.shape[0]):
        for second in range(first + 1, matrix.shape[0]):
            both = ~np.isnan(matrix[first]) & ~np.isnan(matrix[second])
            pairs += int(both.sum())
            alike += int((matrix[first][both] == matrix[second][both]).sum())
    return alike / pairs
