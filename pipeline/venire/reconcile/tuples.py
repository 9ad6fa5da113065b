"""Rating tuples: transcripts with the same votes of the same judges are one row, so that a million cost as few do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from venire.audit import Votes
from venire.bootstrap import Floats
from venire.condition import Value
from venire.reconcile.resampling import Indices
from venire.reconcile.votes import Ballot
from venire.rubric import Level, RubricField

Codes = NDArray[np.integer[Any]]

MISSING: Final = -1
# Rows are told apart by one number where it fits; else by sorting whole rows.
_MOST_KINDS: Final = 2**62
_MOST_COUNTED: Final = 20_000_000


@dataclass(frozen=True)
class Tuples:
    """The votes on one field, collapsed.

    Attributes:
        judges: in the panel's order; one is a column.
        values: the field's values in order; a vote is a place in it.
        numbers: the values as numbers, shape (values,); for a category its place.
        ratings: the distinct rows of votes, shape (tuples, judges); -1 is a vote not given.
        tuple_of: the row of each transcript, shape (transcripts,).
    """

    field: RubricField
    judges: tuple[str, ...]
    values: tuple[Value, ...]
    numbers: Floats
    ratings: Codes
    tuple_of: Indices

    @property
    def level(self) -> Level:
        """The field's level of measurement."""
        return self.field.level

    def counts(self, judges: Sequence[int] | None = None) -> Floats:
        """How many votes each value has in each tuple, of some judges or all; shape (tuples, values)."""
        return value_counts(self.ratings if judges is None else self.ratings[:, list(judges)], len(self.values))

    def votes(self) -> Floats:
        """The votes as numbers, nan where not given; shape (tuples, judges)."""
        return np.where(self.ratings == MISSING, np.nan, self.numbers[self.ratings])

    def column(self, judge: int, value: int) -> Floats:
        """1 where the judge gives the value, 0 where another, nan where it gave no vote; shape (tuples,)."""
        votes = self.ratings[:, judge]
        return np.where(votes == MISSING, np.nan, (votes == value).astype(np.float64))


def collapse(codes: Codes) -> tuple[Codes, Indices]:
    """The distinct rows of a table of votes, and which of them each row is.

    Args:
        codes: shape (rows, judges); -1 is a vote not given.
    """
    keys = _keys(codes)
    if keys is None:
        rows, inverse = np.unique(codes, axis=0, return_inverse=True)
        return rows, inverse.reshape(-1)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return codes[first], inverse.reshape(-1)


def collapse_counted(codes: Codes, counts: Floats | None = None) -> tuple[Codes, Floats]:
    """The distinct rows, and how many there are of each; a row stands for `counts` of them where given."""
    keys = _keys(codes)
    kinds = int(codes.max(initial=MISSING) + 2) ** codes.shape[1]
    if keys is not None and kinds <= _MOST_COUNTED:
        totals = np.bincount(keys, weights=counts, minlength=kinds)
        found = np.flatnonzero(totals)
        base = int(codes.max(initial=MISSING) + 2)
        powers = base ** np.arange(codes.shape[1])
        return (found[:, None] // powers % base + MISSING).astype(codes.dtype), totals[found].astype(np.float64)
    rows, place = collapse(codes)
    return rows, np.bincount(place, weights=counts, minlength=len(rows)).astype(np.float64)


def value_counts(ratings: Codes, values: int) -> Floats:
    """How many votes each value has in each row; shape (rows, values)."""
    counts = np.zeros((len(ratings), values))
    for column in ratings.T:
        given = np.flatnonzero(column != MISSING)
        counts[given, column[given]] += 1
    return counts


def tuples(field: RubricField, ballots: Sequence[Ballot], judges: Sequence[str], votes: Votes = "all") -> Tuples:
    """The votes on a field; a ballot is a transcript.

    Args:
        field: the field.
        ballots: its ballots.
        judges: the voting judges, in order.
        votes: whether the votes on agents of the judge's own family are in.
    """
    values = field_values(field, (value for ballot in ballots for value in ballot.votes.values()))
    code: Mapping[Value, int] = {value: place for place, value in enumerate(values)}
    place = {judge: column for column, judge in enumerate(judges)}
    codes = np.full((len(ballots), len(judges)), MISSING, dtype=np.int16)
    for row, ballot in enumerate(ballots):
        for judge, value in ballot.votes.items():
            if not (votes == "own family excluded" and judge in ballot.own_family):
                codes[row, place[judge]] = code[value]
    return of_codes(field, tuple(judges), values, codes)


def of_codes(field: RubricField, judges: tuple[str, ...], values: tuple[Value, ...], codes: Codes) -> Tuples:
    """The votes from their codes, shape (transcripts, judges)."""
    ratings, tuple_of = collapse(codes)
    numbers = [float(value) if field.type == "integer" else float(place) for place, value in enumerate(values)]
    return Tuples(field, judges, values, np.array(numbers), ratings, tuple_of)


def field_values(field: RubricField, votes: Any) -> tuple[Value, ...]:
    """The values of a field in order; the median of a judge's repeats can lie half-way between two."""
    if field.type != "integer":
        return field.values()
    return tuple(sorted({*field.values(), *votes}, key=float))


def _keys(codes: Codes) -> NDArray[np.int64] | None:
    """One number for each row; None where the rows have too many columns for one."""
    base = int(codes.max(initial=MISSING)) + 2
    if base ** codes.shape[1] > _MOST_KINDS:
        return None
    keys = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T[::-1]:
        keys *= base
        keys += column
        keys += 1
    return keys
