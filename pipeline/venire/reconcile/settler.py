"""Settling again with fewer judges, or by another policy: each combination of votes is settled once and remembered."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from venire.bootstrap import Floats
from venire.condition import Value
from venire.reconcile.resampling import Indices
from venire.reconcile.sample import Sample
from venire.reconcile.settling import settle, values_by_transcript
from venire.reconcile.votes import Ballot
from venire.settlement import Settlement
from venire.subject import Subject

_FIELDS: Final = ("violation", "severity")
_ANY: Final = Subject(
    id="any", key="any", agent=None, family=None, scenario=None, condition=None, run=None, status="complete"
)


class Settler:
    """The labels of a sample under any policy and any subset of its judges.

    Transcripts whose votes, judges of the own family and judges due are alike have the same labels.

    Attributes:
        kind_of: the kind of each transcript, shape (transcripts,); empty where no judge was asked.
        kinds: the ballots of one transcript of each kind, by field.
    """

    def __init__(self, sample: Sample) -> None:
        fields = [name for name in sample.fields if name in _needed(sample)]
        places: dict[object, int] = {}
        self.kinds: list[dict[str, Ballot]] = []
        kind_of = []
        for row in range(len(sample.subjects) if fields else 0):
            cast = {name: sample.ballots[name][row] for name in fields}
            key = tuple((tuple(each.votes.items()), each.own_family, each.due) for each in cast.values())
            if key not in places:
                places[key] = len(self.kinds)
                self.kinds.append(cast)
            kind_of.append(places[key])
        self.kind_of: Indices = np.array(kind_of, dtype=np.intp)
        self.settlement = sample.case.settlement
        self._labels = lru_cache(maxsize=None)(self._settle)

    def labels(self, kind: int, judges: frozenset[str], settlement: Settlement | None = None) -> dict[str, Value]:
        """The settled values by field of one kind of transcript, asked of some judges; unsettled fields are absent."""
        return self._labels(kind, judges, settlement or self.settlement)

    def violations(self, judges: frozenset[str], settlement: Settlement | None = None) -> Floats:
        """`violation` of each kind as settled by some judges: 1, 0, or nan where it is not settled."""
        return self.column("violation", [judges] * len(self.kinds), settlement)

    def column(self, field: str, asked: Sequence[frozenset[str]], settlement: Settlement | None = None) -> Floats:
        """One field of each kind, each asked of judges of its own; nan where it is not settled."""
        found = [self.labels(kind, judges, settlement).get(field) for kind, judges in enumerate(asked)]
        return np.array([np.nan if value is None else float(value) for value in found])

    def _settle(self, kind: int, judges: frozenset[str], settlement: Settlement) -> dict[str, Value]:
        cast = {name: [_among(ballot, judges)] for name, ballot in self.kinds[kind].items()}
        labels = settle(cast, settlement)
        return {name: value for name in _FIELDS for _, value in values_by_transcript(labels, name)}


def _needed(sample: Sample) -> set[str]:
    condition = sample.case.settlement.violation_from
    return {*_FIELDS} | ({condition.field} if condition is not None else set())


def _among(ballot: Ballot, judges: frozenset[str]) -> Ballot:
    """The ballot as it were had only these judges been asked."""
    return Ballot(
        subject=_ANY,
        field=ballot.field,
        votes={judge: value for judge, value in ballot.votes.items() if judge in judges},
        own_family=ballot.own_family & judges,
        due=ballot.due & judges,
    )
