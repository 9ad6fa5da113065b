"""What is to be graded, by whom, and how many answers of each judge that makes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from venire.panel import Judge, LlmJudge, Panel
from venire.rubric import Rubric
from venire.sequential import is_spared
from venire.subject import Subject
from venire.transcript import Transcript


@dataclass(frozen=True)
class Docket:
    """What is to be graded, by whom, and how.

    Attributes:
        subjects: the transcripts without their messages.
        transcripts: starts a new pass over the transcripts; missing ones are passed over.
        base: what the paths of recorded tables are relative to.
        secret: from which the fences around transcripts in prompts are derived.
    """

    subjects: list[Subject]
    transcripts: Callable[[], Iterator[Transcript]]
    panel: Panel
    rubric: Rubric
    base: Path
    secret: bytes

    def llm_judges(self) -> list[LlmJudge]:
        """The judges that cost money, in the panel's order."""
        return [judge for judge in self.panel.judges if isinstance(judge, LlmJudge)]


def may_judge(judge: Judge, panel: Panel, subject: Subject | Transcript) -> bool:
    """Whether a judge is asked about a transcript.

    A missing transcript is put to nobody, an agent's run not to a member that the panel bars from its family, and
    another agent's run not to a judge that is an agent and no member.
    """
    if subject.status == "missing" or panel.bars(judge, subject.family):
        return False
    return judge.voting or judge.agent in (None, subject.agent)


def due_repeats(
    judge: LlmJudge, panel: Panel, subjects: list[Subject], agreed_on: frozenset[str] = frozenset()
) -> set[tuple[str, int]]:
    """The answers that a judge is to give: the transcript and the repeat of each.

    Args:
        judge: of the panel.
        panel: who is asked.
        subjects: the transcripts.
        agreed_on: those on which the openers of a sequential panel agree, by id.
    """
    asked = {
        subject.id
        for subject in subjects
        if may_judge(judge, panel, subject) and not is_spared(judge, panel, subject, agreed_on)
    }
    return {(identity, repeat) for identity in asked for repeat in range(judge.repeats)}
