"""Votes: what each judge of the panel says of each transcript, field by field."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from venire.condition import Value
from venire.panel import Panel, judge_family
from venire.rubric import Rubric, RubricField
from venire.subject import Subject
from venire.verdict import Verdict


@dataclass(frozen=True)
class Ballot:
    """The votes on one field of one transcript.

    Attributes:
        votes: value by judge, in the panel's order.
        own_family: the judges of the panel that are of the agent's own family.
        due: the judges whose vote is expected: those who answered the field somewhere, and those who failed everywhere.
    """

    subject: Subject
    field: RubricField
    votes: dict[str, Value]
    own_family: frozenset[str]
    due: frozenset[str]


def ballots(
    subjects: Iterable[Subject], verdicts: Iterable[Verdict], panel: Panel, rubric: Rubric
) -> dict[str, list[Ballot]]:
    """All ballots by field name, in the order of the subjects; missing transcripts have none.

    A judge that was asked several times has one vote: what more than half of its answers say, or the median of an
    integer; where there is none, it has no vote. A judge that the panel bars from its own family has none there,
    either. A field that no judge was asked about has no ballots.
    """
    families = {judge.id: judge_family(judge) for judge in panel.voting()}
    answers: dict[str, dict[str, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        if verdict.is_vote and verdict.judge in families:
            answers[verdict.transcript_id][verdict.judge].append(verdict)
    present = [subject for subject in subjects if not subject.missing]
    return {field.name: list(_field_ballots(field, present, answers, families, panel)) for field in rubric.fields}


def _field_ballots(
    field: RubricField,
    subjects: list[Subject],
    answers: Mapping[str, Mapping[str, list[Verdict]]],
    families: Mapping[str, str | None],
    panel: Panel,
) -> Iterable[Ballot]:
    # A judge that answers other fields but never this one was not asked about it.
    asked = {
        judge
        for judge in families
        if any(
            verdict.answer.get(field.name) is not None for votes in answers.values() for verdict in votes.get(judge, ())
        )
        or not any(votes.get(judge) for votes in answers.values())
    }
    if not any(judge in votes for votes in answers.values() for judge in asked):
        return
    for subject in subjects:
        own = frozenset(j for j, family in families.items() if family is not None and family == subject.family)
        barred = own if panel.own_family == "forbid" else frozenset()
        votes = {}
        for judge in families:
            if judge in barred:
                continue
            value = _one_vote(field, answers.get(subject.id, {}).get(judge, []))
            if value is not None:
                votes[judge] = value
        yield Ballot(subject=subject, field=field, votes=votes, own_family=own, due=frozenset(asked - barred))


def _one_vote(field: RubricField, verdicts: list[Verdict]) -> Value | None:
    values = [value for verdict in verdicts if (value := verdict.answer.get(field.name)) is not None]
    if len(values) <= 1:
        return values[0] if values else None
    if field.type == "integer":
        middle = median(float(value) for value in values)
        return int(middle) if middle.is_integer() else middle
    value, count = Counter(values).most_common(1)[0]
    return value if 2 * count > len(values) else None
