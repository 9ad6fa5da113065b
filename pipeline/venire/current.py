"""What of a study's records counts now: the ledger also keeps answers to older questions."""

from venire.panel import Judge, LlmJudge, Panel, judge_family
from venire.reference import read_reference
from venire.rubric import Answer
from venire.study import Study
from venire.subject import ids_by_name
from venire.transcript_table import read_subjects
from venire.verdict import Verdict


def current_verdicts(study: Study) -> list[Verdict]:
    """The verdicts by the panel's judges as they are defined now, on the rubric as it is written now.

    Left out is also what the panel asked for before and would not now: of an own family that is forbidden since, of
    repeats above their number. What the panel says of a judge beside its question (family, agent, whether it votes) is
    taken from the panel. Ordered by transcript, judge and repeat.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    from venire.grade.identity import JudgeIdentity, panel_identities
    from venire.grade.ledger import Ledger

    if not study.ledger.exists():
        return []
    identities = set(panel_identities(study.panel, study.rubric, study.panel_file.parent).values())
    judges = {judge.id: judge for judge in study.panel.judges}
    families = {subject.id: subject.family for subject in read_subjects(study.transcripts)}
    with Ledger.open(study.ledger) as ledger:
        current = [
            _as_said_now(verdict, judges[verdict.judge])
            for verdict in ledger.verdicts()
            if verdict.transcript_id in families
            and JudgeIdentity(verdict.judge, verdict.judge_hash, verdict.rubric_hash, verdict.prompt_hash) in identities
            and _would_be_asked(verdict, judges[verdict.judge], study.panel, families[verdict.transcript_id])
        ]
    return sorted(
        current, key=lambda verdict: (verdict.transcript_id, verdict.judge, verdict.repeat, verdict.step or 0)
    )


def _would_be_asked(verdict: Verdict, judge: Judge, panel: Panel, agent_family: str | None) -> bool:
    in_number = not isinstance(judge, LlmJudge) or verdict.repeat < judge.repeats
    return in_number and not panel.bars(judge, agent_family)


def _as_said_now(verdict: Verdict, judge: Judge) -> Verdict:
    return verdict.model_copy(
        update={"judge_family": judge_family(judge), "judge_agent": judge.agent, "voting": judge.voting}
    )


def reference_answers(study: Study) -> dict[str, Answer]:
    """What the study's reference set says, by transcript id; empty without one.

    Raises:
        StudyError: the file is missing or malformed.
    """
    if study.settings.reference is None:
        return {}
    ids = ids_by_name(read_subjects(study.transcripts))
    return read_reference(study.folder / study.settings.reference.path, study.rubric, ids)
