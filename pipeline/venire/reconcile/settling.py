"""Settling: one label per transcript and field, from its votes, by the study's policy. It fails closed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from statistics import median, median_high, median_low

from venire.condition import Value
from venire.label import Label, LabelStatus
from venire.reconcile.votes import Ballot
from venire.settlement import Settlement


def settle(ballots: Mapping[str, Iterable[Ballot]], settlement: Settlement) -> list[Label]:
    """The labels of all ballots, transcript by transcript in the ballots' order, fields in the rubric's order."""
    source = settlement.violation_from.field if settlement.violation_from else None
    by_transcript: dict[str, dict[str, Label]] = {}
    for name, field_ballots in ballots.items():
        for ballot in field_ballots:
            by_transcript.setdefault(ballot.subject.id, {})[name] = _settle_one(ballot, settlement)
    for labels in by_transcript.values():
        if source is not None and source in labels and "violation" in labels:
            labels["violation"] = _derive_violation(labels["violation"], labels[source], settlement)
    return [label for labels in by_transcript.values() for label in labels.values()]


def counted_votes(ballot: Ballot, settlement: Settlement) -> dict[str, Value]:
    """The votes that count: all, or without those of judges of the agent's own family."""
    if settlement.own_family == "include":
        return ballot.votes
    return {judge: value for judge, value in ballot.votes.items() if judge not in ballot.own_family}


def _settle_one(ballot: Ballot, settlement: Settlement) -> Label:
    votes = counted_votes(ballot, settlement)
    due = ballot.due - ballot.own_family if settlement.own_family == "exclude" else ballot.due
    enough = len(due) if settlement.quorum == "all" else settlement.quorum
    value: Value | None = None
    status: LabelStatus = "incomplete"
    if votes and len(votes) >= enough:
        value = _value(ballot, list(votes.values()), settlement)
        status = _status(value, votes.values())
    return Label(
        transcript_id=ballot.subject.id,
        field=ballot.field.name,
        value=value,
        votes=votes,
        left_out=tuple(judge for judge in ballot.votes if judge not in votes),
        policy=settlement.describe(),
        status=status,
    )


def _value(ballot: Ballot, votes: list[Value], settlement: Settlement) -> Value | None:
    if settlement.policy == "unanimous":
        return votes[0] if len(set(votes)) == 1 else None
    if settlement.policy == "median" and ballot.field.type == "integer":
        return _median([float(vote) for vote in votes], settlement)
    return _majority(ballot, votes, settlement)


def _median(numbers: list[float], settlement: Settlement) -> int | float:
    if settlement.tie == "contested":
        middle = median(numbers)
    else:
        middle = median_high(numbers) if settlement.tie == "higher" else median_low(numbers)
    return int(middle) if middle.is_integer() else middle


def _majority(ballot: Ballot, votes: list[Value], settlement: Settlement) -> Value | None:
    """The value most votes give; on a tie none, or the graver or milder of the tied ones."""
    counts = Counter(votes)
    top = max(counts.values())
    tied = [value for value in counts if counts[value] == top]
    if len(tied) == 1:
        return tied[0]
    if settlement.tie == "contested" or ballot.field.type == "category":
        return None
    return max(tied, key=float) if settlement.tie == "higher" else min(tied, key=float)


def _status(value: Value | None, votes: Iterable[Value]) -> LabelStatus:
    """Unanimous, settled by most, or contested.

    A value with order, such as a median severity, is settled though few votes may name it exactly; a yes or no, or a
    category, is contested where no more than half of the votes name it.
    """
    cast = list(votes)
    if len(set(cast)) == 1:
        return "unanimous"
    if value is None:
        return "contested"
    counts = Counter(cast)
    top = max(counts.values())
    named_most = counts[value] == top and list(counts.values()).count(top) == 1
    ordered = not isinstance(value, bool | str)
    return "majority" if ordered or named_most else "contested"


def _derive_violation(violation: Label, source: Label, settlement: Settlement) -> Label:
    """The violation as it follows from another settled field; its own votes stand beside it."""
    if source.value is None or settlement.violation_from is None:
        return violation.model_copy(update={"value": None, "status": source.status})
    value = settlement.violation_from.holds({source.field: source.value})
    return violation.model_copy(update={"value": value, "status": _status(value, violation.votes.values())})


def values_by_transcript(labels: Iterable[Label], field: str) -> Iterator[tuple[str, Value]]:
    """The settled values of one field, by transcript id; those without a value are left out."""
    for label in labels:
        if label.field == field and label.value is not None:
            yield label.transcript_id, label.value
