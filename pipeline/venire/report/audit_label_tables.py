"""The audit's tables on labels: settling policies, smaller panels, conditions and generations."""

from collections.abc import Sequence
from typing import Final

from venire.audit import Audit, ChangedLabel, Contrast, Generations, PlannerRow, PolicyComparison
from venire.condition import Value
from venire.figures import value_text
from venire.report.audit_agreement_tables import MOST_ROWS, more_note
from venire.report.audit_choice import frontier
from venire.report.audit_figures import Footnotes, points, share, signed
from venire.report.table import Column, Group, Row, Table, single, text_column

EVERY_AGENT: Final = "all agents"
_PLANNER_COLUMNS: Final = (
    text_column("judges, in order"),
    text_column("how"),
    Column("calls"),
    Column("violation unchanged"),
    Column("severity unchanged"),
)
_HOW: Final = (
    "Shares are of the whole panel's calls and labels. Early stop: the first two are asked, and the others "
    "only where these differ on violation, or by more than 1 in severity. Tried on the transcripts that all judges "
    "voted on: how a panel would do elsewhere is not known."
)


def policy_table(audit: Audit) -> Table:
    """Settling policies side by side."""
    notes = Footnotes()
    groups = tuple(single(_policy_name(policy), *_policy(policy, notes)) for policy in audit.policies)
    columns = (
        text_column("policy"),
        Column("settled"),
        Column("unsettled"),
        Column("violation rate"),
        Column("labels that change"),
        Column("share"),
        Column("to violation"),
        Column("from violation"),
    )
    said = "Changed: against the study's own policy, a label lost or won included."
    sensitivity = (
        "Dawid and Skene's model takes the judges' errors as independent and is too sure where they are not: a "
        "sensitivity analysis, never a headline.",
    )
    every = (
        *notes.notes(),
        said,
        *(sensitivity if any(policy.sensitivity_analysis for policy in audit.policies) else ()),
    )
    return Table("Settling policies side by side", columns, groups, every, "No other policy was tried.")


def changed_table(audit: Audit) -> Table | None:
    """Which labels change under which policy; None where none does."""
    changed = [policy for policy in audit.policies if policy.labels]
    if not changed:
        return None
    groups = tuple(Group(policy.policy, _changed_rows(policy.labels)) for policy in changed)
    columns = (text_column("policy"), text_column("transcript"), text_column("by the study"), text_column("by it"))
    return Table("Which labels change", columns, groups)


def frontier_table(audit: Audit) -> Table:
    """The smaller or sequential panels that no other beats."""
    empty = "A planner needs two voting judges or more, and transcripts that all of them voted on."
    return _planner("Smaller panels that no other beats", frontier(audit.planner), empty)


def planner_table(audit: Audit) -> Table:
    """Every panel that was tried."""
    return _planner("Every panel that was tried", audit.planner, "No other panel was tried.")


def contrast_table(audit: Audit) -> Table | None:
    """Conditions compared pair by pair; None without pairs."""
    if not audit.contrasts:
        return None
    notes = Footnotes()
    groups = tuple(single(row.agent or EVERY_AGENT, *_contrast(row, notes)) for row in audit.contrasts)
    columns = (
        text_column("agent"),
        text_column("first / second"),
        Column("pairs"),
        Column("both"),
        Column("neither"),
        Column("only first"),
        Column("only second"),
        Column("second less first"),
    )
    return Table("Conditions, paired", columns, groups, notes.notes())


def generation_table(audit: Audit) -> Table | None:
    """Successors against their predecessors; None without any."""
    if not audit.generations:
        return None
    notes = Footnotes()
    groups = tuple(single(row.family, *_generation(row, notes)) for row in audit.generations)
    columns = (
        text_column("family"),
        text_column("predecessor / successor"),
        Column("pairs"),
        Column("both"),
        Column("neither"),
        Column("only predecessor"),
        Column("only successor"),
        Column("violation, successor less predecessor"),
        Column("severity"),
    )
    return Table("Generations of a family, paired", columns, groups, notes.notes())


def _policy_name(policy: PolicyComparison) -> str:
    return f"{policy.policy} (the study's own)" if policy.own else policy.policy


def _policy(policy: PolicyComparison, notes: Footnotes) -> Row:
    return (
        f"{policy.settled:,}",
        f"{policy.unsettled:,}",
        notes.cell(policy.violation_rate, share),
        f"{policy.changed:,}",
        notes.cell(policy.changed_share, share),
        f"{policy.to_violation:,}",
        f"{policy.from_violation:,}",
    )


def _changed_rows(labels: Sequence[ChangedLabel]) -> tuple[Row, ...]:
    rows = tuple((label.key, _value(label.before), _value(label.after)) for label in labels[:MOST_ROWS])
    return (*rows, *((note, "", "") for note in more_note(len(labels) - len(rows), "labels")))


def _value(value: Value | None) -> str:
    return "not settled" if value is None else value_text(value)


def _planner(caption: str, rows: Sequence[PlannerRow], empty: str) -> Table:
    notes = Footnotes()
    groups = tuple(single(", ".join(row.judges), *_plan(row, notes)) for row in rows[:MOST_ROWS])
    every = (*notes.notes(), _HOW, *more_note(len(rows) - len(groups), "panels"))
    return Table(caption, _PLANNER_COLUMNS, groups, every, empty)


def _plan(row: PlannerRow, notes: Footnotes) -> Row:
    return (
        "early stop" if row.sequential else "all at once",
        notes.cell(row.calls, share),
        notes.cell(row.violation_unchanged, share),
        notes.cell(row.severity_unchanged, share),
    )


def _contrast(row: Contrast, notes: Footnotes) -> Row:
    counts = (row.pairs, row.both, row.neither, row.only_first, row.only_second)
    return (f"{row.first} / {row.second}", *(f"{count:,}" for count in counts), notes.cell(row.difference, points))


def _generation(row: Generations, notes: Footnotes) -> Row:
    counts = (row.pairs, row.both, row.neither, row.only_predecessor, row.only_successor)
    return (
        f"{row.predecessor} / {row.successor}",
        *(f"{count:,}" for count in counts),
        notes.cell(row.difference, points),
        notes.cell(row.severity_difference, signed),
    )
