"""A sequential panel: two judges open, and the other language models are asked only where the two do not agree.

The openers are the first two voting judges of kind `llm`, in the panel's order, that the panel does not bar from the
agent's family. A judge whose vote the settling policy alone leaves out is asked all the same, unlike in the plans of
`venire.reconcile.planner`: a panel knows nothing of settling.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from venire.condition import Value
from venire.panel import Judge, Panel
from venire.rubric import Rubric
from venire.subject import Subject
from venire.transcript import Transcript
from venire.verdict import Verdict
from venire.vote import one_vote

_OPENERS: Final = 2


def openers(panel: Panel, agent_family: str | None) -> tuple[str, ...]:
    """The ids of the judges that are asked first about agents of a family."""
    waiting = (judge.id for judge in panel.judges if _takes_turns(judge) and not panel.bars(judge, agent_family))
    return tuple(islice(waiting, _OPENERS))


def agreed(panel: Panel, rubric: Rubric, subjects: Iterable[Subject], verdicts: Iterable[Verdict]) -> frozenset[str]:
    """The transcripts on which the openers agree, by id; none where the panel is not sequential.

    Args:
        panel: who is asked.
        rubric: what is asked.
        subjects: the transcripts.
        verdicts: those that count now; what is no answer, and who is no opener, changes nothing.
    """
    if panel.sequential is None:
        return frozenset()
    answers: dict[str, dict[str, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        if verdict.outcome == "answered":
            answers[verdict.transcript_id][verdict.judge].append(verdict)
    return frozenset(
        subject.id
        for subject in subjects
        if subject.id in answers
        and not further_needed(
            rubric,
            {judge: answers[subject.id].get(judge, []) for judge in openers(panel, subject.family)},
            panel.sequential.severity_within,
        )
    )


def further_needed(rubric: Rubric, answers: Mapping[str, Sequence[Verdict]], severity_within: int) -> bool:
    """Whether the other judges are to be asked; so they are wherever an opener has no vote.

    Args:
        rubric: whose fields `violation` and `severity` decide; a rubric without `violation` always needs all judges.
        answers: what each opener answered, repeat by repeat.
        severity_within: how far apart two severities may be that still agree.
    """
    votes = {
        field.name: [one_vote(field, own) for own in answers.values()]
        for field in rubric.fields
        if field.name in ("violation", "severity")
    }
    violations = votes.get("violation", [])
    if len(violations) < _OPENERS or None in violations or len(set(violations)) > 1:
        return True
    return "severity" in votes and not _near(votes["severity"], severity_within)


def is_spared(judge: Judge, panel: Panel, subject: Subject | Transcript, agreed_on: frozenset[str]) -> bool:
    """Whether a judge is not asked about a transcript because the openers agree on it.

    Args:
        judge: of the panel.
        panel: who is asked.
        subject: the transcript.
        agreed_on: what `agreed` gives.
    """
    return subject.id in agreed_on and _takes_turns(judge) and judge.id not in openers(panel, subject.family)


def _takes_turns(judge: Judge) -> bool:
    # Rules and recorded verdicts cost nothing, and a judge without a vote is there to be measured.
    return judge.kind == "llm" and judge.voting


def _near(severities: Sequence[Value | None], within: int) -> bool:
    known = [float(severity) for severity in severities if severity is not None]
    return len(known) == len(severities) and max(known) - min(known) <= within
