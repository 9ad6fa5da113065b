"""Which question a judge is asked: the hashes that decide whether an old verdict still answers it."""

from dataclasses import dataclass
from pathlib import Path

from venire.grade.prompt import prompt_hash
from venire.grade.recorded import recorded_hash
from venire.grade.rules import rule_set_hash
from venire.panel import Judge, LlmJudge, Panel, RecordedJudge, judge_hash
from venire.rubric import Rubric


@dataclass(frozen=True)
class JudgeIdentity:
    """A judge as it is now; verdicts with other hashes stay in the ledger and answer an older question."""

    judge: str
    judge_hash: str
    rubric_hash: str
    prompt_hash: str

    @property
    def question(self) -> tuple[str, str, str]:
        """The three hashes."""
        return self.judge_hash, self.rubric_hash, self.prompt_hash


def judge_identity(judge: Judge, rubric: Rubric, base: Path) -> JudgeIdentity:
    """The identity of one judge.

    Args:
        judge: the judge.
        rubric: what it is asked.
        base: what the paths of recorded tables are relative to.

    Raises:
        PanelError: an unknown rule set.
        VerdictSourceError: a recorded table does not exist.
    """
    if isinstance(judge, RecordedJudge):
        own, prompt = recorded_hash(judge, base), ""
    elif isinstance(judge, LlmJudge):
        own, prompt = judge_hash(judge), prompt_hash()
    else:
        own, prompt = judge_hash(judge, content=rule_set_hash(judge.rules)), ""
    return JudgeIdentity(judge.id, own, rubric.hash, prompt)


def panel_identities(panel: Panel, rubric: Rubric, base: Path) -> dict[str, JudgeIdentity]:
    """The identities of all judges, by judge id."""
    return {judge.id: judge_identity(judge, rubric, base) for judge in panel.judges}
