"""What each judge did: its outcomes, how severe it is, how many of its quotes are really there, what it cost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from venire.agreement import JudgeSummary
from venire.panel import Judge, Panel, judge_family
from venire.text import one_line
from venire.verdict import Verdict

_CAUSE_WIDTH: Final = 120


def judge_summaries(panel: Panel, verdicts: Iterable[Verdict]) -> list[JudgeSummary]:
    """One summary for each judge of the panel, in its order, also for a judge without verdicts."""
    by_judge: dict[str, list[Verdict]] = {judge.id: [] for judge in panel.judges}
    for verdict in verdicts:
        by_judge.setdefault(verdict.judge, []).append(verdict)
    return [_summary(judge, by_judge[judge.id]) for judge in panel.judges]


def _summary(judge: Judge, verdicts: Sequence[Verdict]) -> JudgeSummary:
    answered = [verdict for verdict in verdicts if verdict.outcome == "answered"]
    causes = Counter(
        one_line(verdict.error or verdict.outcome, _CAUSE_WIDTH)
        for verdict in verdicts
        if verdict.outcome != "answered"
    )
    quotes = [quote for verdict in answered for quote in verdict.evidence]
    costs = [verdict.cost_usd for verdict in verdicts if verdict.cost_usd is not None]
    return JudgeSummary(
        judge=judge.id,
        kind=judge.kind,
        family=judge_family(judge),
        voting=judge.voting,
        outcomes=dict(sorted(Counter(verdict.outcome for verdict in verdicts).items())),
        causes=dict(causes.most_common()),
        violation_rate=_mean(verdict.answer.get("violation") for verdict in answered),
        mean_severity=_mean(verdict.answer.get("severity") for verdict in answered),
        quotes=len(quotes),
        verified=sum(quote.match != "absent" for quote in quotes),
        cost_usd=sum(costs) if costs else None,
    )


def _mean(values: Iterable[object]) -> float | None:
    numbers = [float(value) for value in values if isinstance(value, bool | int | float)]
    return sum(numbers) / len(numbers) if numbers else None
