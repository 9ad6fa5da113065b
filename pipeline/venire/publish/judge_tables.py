"""The card's tables of judges: who they are, what each did, and how each agrees with the reference set."""

from venire.agreement import Agreement, JudgeSummary
from venire.figures import NO_FIGURE, decimal, dollars, percent
from venire.panel import Judge, LlmJudge, Panel, RecordedJudge, judge_family
from venire.publish.table import Table, counts
from venire.text import one_line

BASELINE = "rules: a cheap baseline"


def panel_table(panel: Panel) -> Table:
    """The members of the panel, in its order."""
    rows = tuple(
        (
            judge.id,
            BASELINE if judge.kind == "rules" else judge.kind,
            _answers_with(judge),
            judge_family(judge) or NO_FIGURE,
            "yes" if judge.voting else "no",
        )
        for judge in panel.judges
    )
    return Table(("Judge", "Kind", "Answers with", "Family", "Votes"), rows)


def work_table(agreement: Agreement) -> Table:
    """What each judge did, by its verdicts."""
    header = ("Judge", "Outcomes", "Violation rate", "Mean severity", "Quotes found", "Cost")
    return Table(header, tuple(_work_row(judge) for judge in agreement.judges))


def failure_table(agreement: Agreement) -> Table:
    """The causes of verdicts that failed, by judge."""
    rows = tuple(
        (_named(judge.judge, judge.kind), one_line(cause, 300), f"{count:,}")
        for judge in agreement.judges
        for cause, count in judge.causes.items()
    )
    return Table(("Judge", "Cause", "Verdicts"), rows)


def reference_table(agreement: Agreement) -> Table:
    """How the judges and the settled labels agree with the reference set."""
    kinds = {judge.judge: judge.kind for judge in agreement.judges}
    rows = tuple(
        (
            "panel (settled)" if score.by == "panel" else _named(score.by, kinds.get(score.by, "")),
            score.field,
            f"{score.compared:,}",
            percent(score.agree / score.compared if score.compared else None),
            _count(score.true_positive),
            _count(score.false_positive),
            _count(score.true_negative),
            _count(score.false_negative),
        )
        for score in agreement.reference
    )
    header = ("By", "Field", "Compared", "Agree", "True yes", "False yes", "True no", "False no")
    return Table(header, rows)


def _work_row(judge: JudgeSummary) -> tuple[str, ...]:
    return (
        _named(judge.judge, judge.kind),
        counts(judge.outcomes),
        percent(judge.violation_rate),
        decimal(judge.mean_severity),
        f"{judge.verified:,} of {judge.quotes:,}" if judge.quotes else NO_FIGURE,
        dollars(judge.cost_usd),
    )


def _named(judge: str, kind: str) -> str:
    return f"{judge} ({BASELINE})" if kind == "rules" else judge


def _answers_with(judge: Judge) -> str:
    if isinstance(judge, LlmJudge):
        return judge.model
    if isinstance(judge, RecordedJudge):
        files = [*judge.table, *(table.scores for table in judge.wide)]
        return f"verdicts made elsewhere ({', '.join(files)})"
    return f"rule set {judge.rules}"


def _count(number: int | None) -> str:
    return NO_FIGURE if number is None else f"{number:,}"
