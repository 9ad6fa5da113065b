"""Passes: a sequential panel is asked in two, first its openers, then the others where those do not agree."""

from collections.abc import Iterator

from venire.errors import BudgetError, PanelError
from venire.grade.docket import Docket, may_judge
from venire.grade.identity import judge_identity
from venire.grade.ledger import Ledger
from venire.grade.options import GradingOptions
from venire.panel import LlmJudge, Panel
from venire.sequential import agreed, is_spared, openers
from venire.transcript import Transcript
from venire.verdict import Verdict


def check_passes(panel: Panel, options: GradingOptions) -> None:
    """Refuse what cannot be done in two passes.

    Raises:
        PanelError: batches, which would have to be waited for twice.
        BudgetError: a budget that several processes share, of which the second pass would not know what is left.
    """
    if panel.sequential is None:
        return
    if options.batch:
        raise PanelError(
            f"panel '{panel.id}' is sequential, and batches are handed in whole",
            hint="Leave out --batch, or take `sequential` out of the panel file.",
        )
    if options.processes > 1 and options.budget_usd is not None:
        raise BudgetError(
            f"panel '{panel.id}' is sequential, and a budget holds for both its passes in one process only",
            hint="Leave out --processes or --budget.",
        )


def agreed_so_far(docket: Docket, ledger: Ledger | None) -> frozenset[str]:
    """The transcripts on which the openers agree, by id, as the ledger has it."""
    if docket.panel.sequential is None or ledger is None:
        return frozenset()
    return agreed(docket.panel, docket.rubric, docket.subjects, _current(docket, ledger))


def asks_all(panel: Panel, judge: LlmJudge, transcript: Transcript) -> bool:
    """The only pass of a panel that is not sequential."""
    return may_judge(judge, panel, transcript)


def asks_first(panel: Panel, judge: LlmJudge, transcript: Transcript) -> bool:
    """The first pass: the openers, and all judges that take no turns."""
    return may_judge(judge, panel, transcript) and not is_spared(judge, panel, transcript, frozenset({transcript.id}))


def asks_then(panel: Panel, agreed_on: frozenset[str], judge: LlmJudge, transcript: Transcript) -> bool:
    """The second pass: the others, where the openers do not agree.

    An opener whose question stayed open in the first pass is not asked again at once.
    """
    if judge.id in openers(panel, transcript.family) or not judge.voting:
        return False
    return may_judge(judge, panel, transcript) and not is_spared(judge, panel, transcript, agreed_on)


def _current(docket: Docket, ledger: Ledger) -> Iterator[Verdict]:
    for judge in docket.llm_judges():
        question = judge_identity(judge, docket.rubric, docket.base).question
        for verdict in ledger.verdicts(judge.id):
            asked = (verdict.judge_hash, verdict.rubric_hash, verdict.prompt_hash)
            if asked == question and verdict.repeat < judge.repeats:
                yield verdict
