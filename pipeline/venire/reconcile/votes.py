"""Votes: what each judge of the panel says of each transcript, field by field."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from venire.condition import Value
from venire.panel import Panel, judge_family
from venire.rubric import Rubric, RubricField
from venire.sequential import agreed, is_spared
from venire.subject import Subject
from venire.verdict import Verdict
from venire.vote import one_vote


@dataclass(frozen=True)
class Ballot:
    """The votes on one field of one transcript.

    Attributes:
        votes: value by judge, in the panel's order.
        own_family: the judges of the panel that are of the agent's own family.
        due: the judges whose vote is expected: those who answered the field somewhere, and those who failed everywhere;
            not those that a sequential panel spares here.
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
    either, nor has one that a sequential panel spares. A field that no judge was asked about has no ballots.
    """
    families = {judge.id: judge_family(judge) for judge in panel.voting()}
    answers: dict[str, dict[str, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        if verdict.is_vote and verdict.judge in families:
            answers[verdict.transcript_id][verdict.judge].append(verdict)
    present = [subject for subject in subjects if not subject.missing]
    cast = (verdict for votes in answers.values() for own in votes.values() for verdict in own)
    unasked = _unasked(present, panel, agreed(panel, rubric, present, cast))
    return {field.name: list(_field_ballots(field, present, answers, families, unasked)) for field in rubric.fields}


def _unasked(subjects: list[Subject], panel: Panel, agreed_on: frozenset[str]) -> dict[str, frozenset[str]]:
    """By transcript, the judges that the panel bars from it or spares."""
    return {
        subject.id: frozenset(
            judge.id
            for judge in panel.voting()
            if panel.bars(judge, subject.family) or is_spared(judge, panel, subject, agreed_on)
        )
        for subject in subjects
    }


def _field_ballots(
    field: RubricField,
    subjects: list[Subject],
    answers: Mapping[str, Mapping[str, list[Verdict]]],
    families: Mapping[str, str | None],
    unasked: Mapping[str, frozenset[str]],
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
        votes = {}
        for judge in families:
            if judge in unasked[subject.id]:
                continue
            value = one_vote(field, answers.get(subject.id, {}).get(judge, []))
            if value is not None:
                votes[judge] = value
        due = frozenset(asked - unasked[subject.id])
        yield Ballot(subject=subject, field=field, votes=votes, own_family=own, due=due)
