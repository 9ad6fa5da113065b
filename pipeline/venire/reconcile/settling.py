"""Settling: one label per transcript and field, from its votes, by the study's policy. It fails closed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from statistics import median, median_high, median_low

from venire.condition import Condition, Value
from venire.label import Label, LabelStatus
from venire.reconcile.votes import Ballot
from venire.settlement import Settlement


def settle(ballots: Mapping[str, Iterable[Ballot]], settlement: Settlement) -> list[Label]:
    """The labels of all ballots, transcript by transcript in the ballots' order, fields in the rubric's order."""
    by_transcript: dict[str, dict[str, Label]] = {}
    for name, field_ballots in ballots.items():
        for ballot in field_ballots:
            by_transcript.setdefault(ballot.subject.id, {})[name] = _settle_one(ballot, settlement)
    for labels in by_transcript.values():
        violation = _violation(labels, settlement)
        if violation is not None:
            labels["violation"] = violation
    return [labels[name] for labels in by_transcript.values() for name in ballots if name in labels]


def counted_votes(ballot: Ballot, settlement: Settlement) -> dict[str, Value]:
    """The votes that count: all, or without those of judges of the agent's own family."""
    if settlement.own_family == "include":
        return ballot.votes
    return {judge: value for judge, value in ballot.votes.items() if judge not in ballot.own_family}


def _settle_one(ballot: Ballot, settlement: Settlement) -> Label:
    votes = counted_votes(ballot, settlement)
    due = ballot.due - ballot.own_family if settlement.own_family == "exclude" else ballot.due
    enough = due <= votes.keys() if settlement.quorum == "all" else len(votes) >= settlement.quorum
    value: Value | None = None
    status: LabelStatus = "incomplete"
    if votes and enough:
        value = _value(ballot, list(votes.values()), settlement)
        by_order = settlement.policy == "median" and ballot.field.type == "integer" and value is not None
        status = _settled_by_order(votes) if by_order else _status(value, votes)
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
    """The value that more than half of the votes give; where there is none, what the rule for ties says."""
    counts = Counter(votes)
    top = max(counts.values())
    most_named = [value for value in counts if counts[value] == top]
    if 2 * top > len(votes):
        return most_named[0]
    if settlement.tie == "contested" or ballot.field.type == "category":
        return None
    return max(most_named, key=float) if settlement.tie == "higher" else min(most_named, key=float)


def _status(value: Value | None, votes: Mapping[str, Value]) -> LabelStatus:
    """Unanimous, settled by more than half of the votes, or contested."""
    cast = list(votes.values())
    if len(set(cast)) == 1:
        return "unanimous"
    return "majority" if value is not None and 2 * cast.count(value) > len(cast) else "contested"


def _settled_by_order(votes: Mapping[str, Value]) -> LabelStatus:
    """A median is settled though few votes may name it exactly."""
    return "unanimous" if len(set(votes.values())) == 1 else "majority"


def _violation(labels: Mapping[str, Label], settlement: Settlement) -> Label | None:
    """The label on `violation`: its own, or as it follows from another settled field; None where neither is there.

    The votes on it stand beside it; where nobody was asked about it, what the votes on the other field imply.
    """
    own, condition = labels.get("violation"), settlement.violation_from
    if condition is None:
        return own
    source = labels.get(condition.field)
    if source is None:
        return None if own is None else own.model_copy(update={"value": None, "status": "incomplete"})
    votes = own.votes if own is not None and own.votes else _implied(source.votes, condition)
    value = condition.holds({condition.field: source.value})
    left_out = own.left_out if own is not None and own.votes else source.left_out
    status = source.status if value is None else _status(value, votes)
    return source.model_copy(
        update={"field": "violation", "value": value, "votes": votes, "left_out": left_out, "status": status}
    )


def _implied(votes: Mapping[str, Value], condition: Condition) -> dict[str, Value]:
    return {judge: bool(condition.holds({condition.field: vote})) for judge, vote in votes.items()}


def values_by_transcript(labels: Iterable[Label], field: str) -> Iterator[tuple[str, Value]]:
    """The settled values of one field, by transcript id; those without a value are left out."""
    for label in labels:
        if label.field == field and label.value is not None:
            yield label.transcript_id, label.value
