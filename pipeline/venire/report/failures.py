"""What was missing or failed: transcripts, verdicts with their causes, labels."""

from typing import Final

from venire.agreement import Agreement, JudgeSummary
from venire.report.baseline import footnote, marked
from venire.report.table import Column, Group, Row, Table, single, text_column

# Causes of one judge's failures; messages that name a request are all different.
_MOST_CAUSES: Final = 10


def failure_table(agreement: Agreement) -> Table:
    """What was missing or failed: transcripts, verdicts with their causes, labels."""
    found = agreement.coverage
    groups = [
        single("transcripts", f"{count:,}", what)
        for count, what in (
            (found.missing, "missing: a cell of the study without a transcript"),
            (found.transcripts - found.with_messages - found.missing, "without messages"),
        )
        if count > 0
    ]
    groups += [
        Group(marked(agreement, judge.judge), _failure_rows(judge)) for judge in agreement.judges if failures(judge)
    ]
    labels: tuple[Row, ...] = (
        (f"{found.labels_contested:,}", "contested: the votes give no settlement"),
        (f"{found.labels_incomplete:,}", "incomplete: too few votes"),
    )
    if any(row[0] != "0" for row in labels):
        groups.append(Group("violation labels", tuple(row for row in labels if row[0] != "0")))
    columns = (text_column("what"), Column("how many"), text_column("why"))
    marks = footnote(agreement, (judge.judge for judge in agreement.judges if failures(judge)))
    empty = "Nothing was missing and nothing failed."
    return Table("Missing or failed", columns, tuple(groups), marks, empty)


def failures(judge: JudgeSummary) -> dict[str, int]:
    """How many of a judge's verdicts are no votes, by outcome."""
    return {outcome: count for outcome, count in judge.outcomes.items() if outcome != "answered" and count}


def _failure_rows(judge: JudgeSummary) -> tuple[Row, ...]:
    outcomes = tuple((f"{count:,}", f"outcome: {outcome}") for outcome, count in failures(judge).items())
    listed = list(judge.causes.items())[:_MOST_CAUSES]
    causes = tuple((f"{count:,}", f"cause: {cause}") for cause, count in listed)
    if rest := sum(judge.causes.values()) - sum(count for _, count in listed):
        causes += ((f"{rest:,}", f"other causes, {len(judge.causes) - len(listed):,} of them"),)
    return outcomes + causes
