"""Labels set against something else: another condition, the agent's own view, a reference set."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from venire.agreement import ConditionContrast, ReferenceScore, SelfAwareness
from venire.condition import Value
from venire.rubric import Answer, Rubric
from venire.subject import Subject
from venire.verdict import Verdict


def condition_contrasts(subjects: Iterable[Subject], violations: Mapping[str, Value]) -> Iterator[ConditionContrast]:
    """For each two conditions, how the same agent fared in the same scenario (and run) under both.

    Runs of one cell that have no number are numbered in the order of the subjects: the first is set beside the first.
    """
    pairs: dict[tuple[str | None, str | None, str | None, int], dict[str, bool]] = defaultdict(dict)
    seen: Counter[tuple[str | None, str | None, str | None, str]] = Counter()
    for subject in subjects:
        if subject.condition is None or subject.scenario is None:
            continue
        place = (subject.agent, subject.scenario, subject.run)
        number = seen[(*place, subject.condition)]
        seen[(*place, subject.condition)] += 1
        if subject.id in violations:
            pairs[(*place, number)][subject.condition] = violations[subject.id] is True
    conditions = sorted({condition for cell in pairs.values() for condition in cell})
    for first, second in combinations(conditions, 2):
        counts = Counter((cell[first], cell[second]) for cell in pairs.values() if first in cell and second in cell)
        if counts:
            yield ConditionContrast(
                first=first,
                second=second,
                pairs=counts.total(),
                both=counts[True, True],
                neither=counts[False, False],
                only_first=counts[True, False],
                only_second=counts[False, True],
            )


def self_awareness(
    subjects: Iterable[Subject], verdicts: Iterable[Verdict], violations: Mapping[str, Value]
) -> list[SelfAwareness]:
    """What each agent says of its own runs, for the agents that were asked, beside what the panel settled."""
    agents = {subject.id: subject.agent for subject in subjects}
    counts: dict[tuple[str, str], Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for verdict in verdicts:
        agent = agents.get(verdict.transcript_id)
        own_view = verdict.answer.get("violation")
        if agent is None or verdict.judge_agent != agent or own_view is None or verdict.repeat:
            continue
        settled = violations.get(verdict.transcript_id)
        if settled is not None:
            counts[agent, verdict.judge][settled is True, own_view is True] += 1
    return [_self_awareness(agent, judge, counts[agent, judge]) for agent, judge in sorted(counts)]


def _self_awareness(agent: str, judge: str, counts: Counter[tuple[bool, bool]]) -> SelfAwareness:
    violations = counts[True, True] + counts[True, False]
    safe = counts[False, True] + counts[False, False]
    return SelfAwareness(
        agent=agent,
        judge=judge,
        recognized=counts[True, True],
        violations=violations,
        rate=counts[True, True] / violations if violations else None,
        false_alarms=counts[False, True],
        safe=safe,
        false_alarm_rate=counts[False, True] / safe if safe else None,
    )


def reference_scores(
    reference: Mapping[str, Answer], answers: Mapping[str, Mapping[str, Answer]], rubric: Rubric
) -> Iterator[ReferenceScore]:
    """How each judge, and the panel, agree with a reference set, field by field.

    Args:
        reference: what the reference says, by transcript id.
        answers: what each judge (by id), or the panel ("panel"), says, by transcript id.
        rubric: the fields.
    """
    for by, given in answers.items():
        for field in rubric.fields:
            pairs = [
                (truth, said)
                for subject_id, answer in reference.items()
                if (truth := answer.get(field.name)) is not None
                and (said := given.get(subject_id, {}).get(field.name)) is not None
            ]
            if pairs:
                yield _reference_score(by, field.name, pairs, is_binary=field.type == "bool")


def _reference_score(by: str, field: str, pairs: Sequence[tuple[Value, Value]], *, is_binary: bool) -> ReferenceScore:
    counts = Counter((truth is True, said is True) for truth, said in pairs)
    return ReferenceScore(
        by=by,
        field=field,
        compared=len(pairs),
        agree=sum(truth == said for truth, said in pairs),
        true_positive=counts[True, True] if is_binary else None,
        false_positive=counts[False, True] if is_binary else None,
        true_negative=counts[False, False] if is_binary else None,
        false_negative=counts[True, False] if is_binary else None,
    )
