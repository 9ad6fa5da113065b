"""Grading: have every judge of a panel answer every transcript it has not answered yet."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from venire.grade.docket import Docket, may_judge
from venire.grade.identity import judge_identity
from venire.grade.keys import check_keys
from venire.grade.ledger import Ledger
from venire.grade.options import PLAINLY, GradingOptions
from venire.grade.passes import check_passes
from venire.grade.price import check_prices
from venire.grade.progress import GradingProgress
from venire.grade.recorded import import_recorded
from venire.grade.rules import judge_all_by_rules
from venire.panel import Judge, RecordedJudge, RulesJudge
from venire.subject import ids_by_name
from venire.verdict import Verdict

_BATCH: Final = 512

Kind = TypeVar("Kind", bound=Judge)


@dataclass
class GradingReport:
    """What grading gave.

    Attributes:
        recorded: how many verdicts are new in the ledger.
        unmatched: by recorded judge, the keys in its tables that name no transcript.
        stopped: by judge that was not asked any further, why.
        exhausted: why the budget let nothing more be asked; None where it did, or where there was none.
    """

    recorded: int = 0
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    exhausted: str | None = None


def grade(
    docket: Docket,
    ledger: Ledger,
    on_verdict: Callable[[Verdict], None] = lambda verdict: None,
    options: GradingOptions = PLAINLY,
    progress: GradingProgress | None = None,
) -> GradingReport:
    """Ask every judge what it has not answered yet; answers go to the ledger as they come.

    The judges that cost nothing answer first.

    Args:
        docket: what is to be graded.
        ledger: what was answered, and will be.
        on_verdict: called with each verdict that is new.
        options: how this run is done.
        progress: kept up to date, to be looked at while it runs.

    Raises:
        VerdictSourceError: a table of recorded verdicts is missing or malformed.
        MissingKeyError: an `llm` judge has no API key; nothing was asked then.
        PanelError: there is a budget, and the price of a judge is not known, or a sequential panel was to be asked in
            batches; nothing was asked then.
        BudgetError: there is a budget, and a batch could cost more, or several processes would share it over the passes
            of a sequential panel; nothing was asked then.
        DiskError: the ledger cannot be written.
    """
    llm_judges = docket.llm_judges()
    if llm_judges:
        check_passes(docket.panel, options)
        check_keys(llm_judges, os.environ)
        if options.budget_usd is not None:
            check_prices(llm_judges)
    report = GradingReport()
    _import_recorded(docket, ledger, on_verdict, report)
    _judge_by_rules(docket, ledger, on_verdict, report)
    if llm_judges:
        from venire.grade.dispatch import ask_llm_judges

        asked = ask_llm_judges(docket, ledger, on_verdict, options, progress or GradingProgress())
        report.stopped, report.exhausted = asked.stopped, asked.exhausted
    return report


def _of_kind(judges: Iterable[Judge], kind: type[Kind]) -> list[Kind]:
    return [judge for judge in judges if isinstance(judge, kind)]


def _import_recorded(
    docket: Docket, ledger: Ledger, on_verdict: Callable[[Verdict], None], report: GradingReport
) -> None:
    ids = ids_by_name(docket.subjects)
    subjects = {subject.id: subject for subject in docket.subjects}
    for judge in _of_kind(docket.panel.judges, RecordedJudge):
        imported = import_recorded(judge, docket.rubric, docket.base, ids)
        known = _settled(ledger, judge, docket)
        new = [
            verdict
            for verdict in imported.verdicts
            if (verdict.transcript_id, verdict.repeat) not in known
            and not docket.panel.bars(judge, subjects[verdict.transcript_id].family)
        ]
        _record(ledger, new, on_verdict, report)
        if imported.unmatched:
            report.unmatched[judge.id] = imported.unmatched


def _judge_by_rules(
    docket: Docket, ledger: Ledger, on_verdict: Callable[[Verdict], None], report: GradingReport
) -> None:
    judges = _of_kind(docket.panel.judges, RulesJudge)
    known = {judge.id: _settled(ledger, judge, docket) for judge in judges}
    batch: list[Verdict] = []
    for transcript in docket.transcripts() if judges else ():
        asked = [
            judge
            for judge in judges
            if (transcript.id, 0) not in known[judge.id] and may_judge(judge, docket.panel, transcript)
        ]
        batch.extend(judge_all_by_rules(asked, docket.rubric, transcript))
        if len(batch) >= _BATCH:
            _record(ledger, batch, on_verdict, report)
            batch = []
    _record(ledger, batch, on_verdict, report)


def _record(
    ledger: Ledger, verdicts: list[Verdict], on_verdict: Callable[[Verdict], None], report: GradingReport
) -> None:
    report.recorded += ledger.record(verdicts)
    for verdict in verdicts:
        on_verdict(verdict)


def _settled(ledger: Ledger, judge: Judge, docket: Docket) -> set[tuple[str, int]]:
    return ledger.settled(*judge_identity(judge, docket.rubric, docket.base).question)
