"""What of a study's records counts now: the ledger also keeps answers to older questions."""

from venire.panel import judge_family
from venire.reference import read_reference
from venire.rubric import Answer
from venire.study import Study
from venire.subject import ids_by_name
from venire.transcript_table import read_subjects
from venire.verdict import Verdict


def current_verdicts(study: Study) -> list[Verdict]:
    """The verdicts by the panel's judges as they are defined now, on the rubric as it is written now.

    What the panel says of a judge beside its question (family, agent, whether it votes) is taken from the panel.
    Ordered by transcript, judge and repeat.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    from venire.grade.identity import JudgeIdentity, panel_identities
    from venire.grade.ledger import Ledger

    if not study.ledger.exists():
        return []
    identities = set(panel_identities(study.panel, study.rubric, study.panel_file.parent).values())
    said_of = {
        judge.id: {"judge_family": judge_family(judge), "judge_agent": judge.agent, "voting": judge.voting}
        for judge in study.panel.judges
    }
    known = {subject.id for subject in read_subjects(study.transcripts)}
    with Ledger.open(study.ledger) as ledger:
        current = [
            verdict.model_copy(update=said_of[verdict.judge])
            for verdict in ledger.verdicts()
            if verdict.transcript_id in known
            and JudgeIdentity(verdict.judge, verdict.judge_hash, verdict.rubric_hash, verdict.prompt_hash) in identities
        ]
    return sorted(
        current, key=lambda verdict: (verdict.transcript_id, verdict.judge, verdict.repeat, verdict.step or 0)
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
