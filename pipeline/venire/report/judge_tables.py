"""The tables on the judges: agreement, votes, and scores against a reference set."""

from collections import Counter
from typing import Final

from venire.agreement import Agreement, Alpha, JudgeSummary, ReferenceScore
from venire.figures import NO_FIGURE, alpha_text, decimal, dollars, percent, percent_of, reliability
from venire.report.baseline import footnote, marked, panel_footnote, panel_marked
from venire.report.failures import failures
from venire.report.reading import why_undefined
from venire.report.table import Column, Group, Row, Table, single, text_column

# How `ReferenceScore.by` names the settled labels.
PANEL: Final = "panel"
_VOTES: Final = {"all": "all", "own family excluded": "no own family"}
_NOT_VOTING: Final = "+"


def alpha_table(agreement: Agreement) -> Table:
    """Krippendorff's alpha of each field with its level, the field's own level first."""
    columns = (
        text_column("field"),
        text_column("level"),
        text_column("votes"),
        Column("alpha"),
        Column("pairs alike"),
        Column("votes paired"),
        text_column("reading"),
    )
    fields = tuple(dict.fromkeys(alpha.field for alpha in agreement.alphas))
    groups = tuple(Group(field, tuple(_alpha_row(alpha) for alpha in alphas_of(agreement, field))) for field in fields)
    notes = (
        *_own_family_note(agreement),
        "The first level of a field is its own; any other is given for comparison with published figures only.",
        "Reading (Krippendorff 2004): 0.800 or more is reliable, 0.667 to 0.800 tentative, less not to be relied on.",
        *panel_footnote(agreement),
    )
    empty = "No field has two votes on a transcript, so agreement cannot be measured."
    caption = panel_marked(agreement, "Agreement of the judges: Krippendorff's alpha")
    return Table(caption, columns, groups, notes, empty)


def alphas_of(agreement: Agreement, field: str) -> list[Alpha]:
    """The alphas of one field, its own level first."""
    found = [alpha for alpha in agreement.alphas if alpha.field == field]
    return sorted(found, key=lambda alpha: (not alpha.headline, alpha.level, alpha.votes))


def judge_table(agreement: Agreement) -> Table:
    """What each judge did: votes, failures by outcome, leaning, quotes found, cost."""
    columns = (
        text_column("judge"),
        Column("votes"),
        Column("failed"),
        Column("violation rate"),
        Column("severity"),
        Column("quotes found"),
        Column("cost"),
    )
    groups = tuple(single(_judge_name(agreement, judge), *_judge_cells(judge)) for judge in agreement.judges)
    silent = any(not judge.voting for judge in agreement.judges)
    notes = (
        *_failed_note(agreement),
        *((f"{_NOT_VOTING} Asked, but no member of the panel: its answers are no votes.",) if silent else ()),
        *footnote(agreement, (judge.judge for judge in agreement.judges)),
    )
    return Table("Votes by judge", columns, groups, notes, "No judge has answered yet.")


def reference_table(agreement: Agreement) -> Table | None:
    """How judges and settled labels agree with the reference set; None where there is none."""
    if not agreement.reference:
        return None
    columns = (
        text_column("by"),
        text_column("field"),
        Column("agrees"),
        Column("true yes"),
        Column("false yes"),
        Column("true no"),
        Column("false no"),
    )
    by = tuple(dict.fromkeys(score.by for score in agreement.reference))
    groups = tuple(
        Group(_scored_name(agreement, name), tuple(_score_row(s) for s in agreement.reference if s.by == name))
        for name in by
    )
    marks = footnote(agreement, by) or (panel_footnote(agreement) if PANEL in by else ())
    name = agreement.reference_name or "the reference set"
    notes = ("Panel: the settled labels. True and false, yes and no: for fields that are answered yes or no.",)
    return Table(f"Scored against {name}", columns, groups, notes + marks)


def _alpha_row(alpha: Alpha) -> Row:
    reading = f"undefined: {why_undefined(alpha)}"
    if alpha.value is not None:
        reading = reliability(alpha.value)
    return (
        alpha.level,
        _VOTES[alpha.votes],
        "undefined" if alpha.value is None else alpha_text(alpha.value),
        percent(alpha.percent_agreement),
        f"{alpha.pairable:,}",
        reading,
    )


def _own_family_note(agreement: Agreement) -> tuple[str, ...]:
    if all(alpha.votes == "all" for alpha in agreement.alphas):
        return ()
    return ("No own family: without the votes on agents of the judge's own model family.",)


def _failed_note(agreement: Agreement) -> tuple[str, ...]:
    outcomes: Counter[str] = Counter()
    for judge in agreement.judges:
        outcomes.update(failures(judge))
    if not outcomes:
        return ()
    by_outcome = ", ".join(f"{outcome} {count:,}" for outcome, count in outcomes.most_common())
    return (f"Failed by outcome: {by_outcome}. A failure is no vote; 'Missing or failed' has each judge's causes.",)


def _judge_name(agreement: Agreement, judge: JudgeSummary) -> str:
    return marked(agreement, judge.judge) + ("" if judge.voting else _NOT_VOTING)


def _judge_cells(judge: JudgeSummary) -> Row:
    return (
        f"{judge.outcomes.get('answered', 0):,}",
        f"{sum(failures(judge).values()):,}",
        percent(judge.violation_rate),
        decimal(judge.mean_severity),
        f"{judge.verified:,}/{judge.quotes:,}" if judge.quotes else "none given",
        dollars(judge.cost_usd),
    )


def _scored_name(agreement: Agreement, by: str) -> str:
    return panel_marked(agreement, by) if by == PANEL else marked(agreement, by)


def _score_row(score: ReferenceScore) -> Row:
    confusion = (score.true_positive, score.false_positive, score.true_negative, score.false_negative)
    counts = (NO_FIGURE if count is None else f"{count:,}" for count in confusion)
    return (score.field, percent_of(score.agree, score.compared), *counts)
