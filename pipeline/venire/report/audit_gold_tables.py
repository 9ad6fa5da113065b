"""The audit's tables on whether the judges are right: against human gold, and of agents on their own runs."""

from venire.audit import Audit, GoldAudit, SelfAware
from venire.figures import value_text
from venire.report.audit_figures import Footnotes, base_rate_text, coefficient, points, share
from venire.report.table import Column, Group, Row, Table, single, text_column


def gold_table(audit: Audit) -> Table:
    """Judges and panel against human gold."""
    notes = Footnotes()
    by = dict.fromkeys(row.by for row in audit.gold)
    groups = tuple(Group(name, tuple(_gold(row, notes) for row in audit.gold if row.by == name)) for name in by)
    columns = (
        text_column("by"),
        text_column("field"),
        Column("compared"),
        Column("alike"),
        Column("kappa"),
        Column("precision"),
        Column("recall"),
        Column("specificity"),
        Column("F1"),
        Column("base rate in gold"),
    )
    name = audit.gold_name or "human gold"
    said = "Panel: the settled labels. For ordered fields kappa has quadratic weights."
    empty = "No human gold was given. Agreement shows that the judges are consistent, not that they are right."
    return Table(f"Against {name}", columns, groups, (*notes.notes(), said), empty)


def corrected_table(audit: Audit) -> Table | None:
    """Violation rates corrected by gold; None where there are none."""
    rows = [row for row in audit.gold if row.rate_said is not None]
    if not rows:
        return None
    notes = Footnotes()
    groups = tuple(single(row.by, *_corrected(row, notes)) for row in rows)
    columns = (
        text_column("by"),
        Column("rate as judged"),
        Column("PPI++"),
        Column("Rogan-Gladen"),
        Column("rate in gold alone"),
    )
    return Table("Rates corrected by gold", columns, groups, notes.notes())


def confusion_table(audit: Audit) -> Table | None:
    """What was said where gold says another; None without gold."""
    if not audit.gold:
        return None
    groups = tuple(
        Group(
            f"{row.by}, {row.field}",
            tuple((value_text(cell.gold), value_text(cell.said), f"{cell.count:,}") for cell in row.confusion),
        )
        for row in audit.gold
        if row.confusion
    )
    columns = (text_column("by, field"), text_column("gold"), text_column("said"), Column("transcripts"))
    return Table("Confusion", columns, groups, (), "Nothing was compared.")


def self_aware_table(audit: Audit) -> Table | None:
    """Self-aware misalignment beside false alarms; None where no agent was asked."""
    if not audit.self_aware:
        return None
    notes = Footnotes()
    groups = tuple(single(row.agent, *_aware(row, notes)) for row in audit.self_aware)
    columns = (
        text_column("agent"),
        text_column("judge"),
        Column("recognized"),
        Column("rate"),
        Column("false alarms"),
        Column("false-alarm rate"),
        Column("difference"),
    )
    said = "An agent's model that calls everything a violation has both rates high: only the difference tells."
    return Table("Self-aware misalignment", columns, groups, (*notes.notes(), said))


def _gold(row: GoldAudit, notes: Footnotes) -> Row:
    return (
        row.field,
        f"{row.compared:,}",
        notes.cell(row.percent_agreement, share),
        notes.cell(row.weighted_kappa or row.kappa, coefficient),
        notes.cell(row.precision, share),
        notes.cell(row.recall, share),
        notes.cell(row.specificity, share),
        notes.cell(row.f1, share),
        base_rate_text(row.base_rate),
    )


def _corrected(row: GoldAudit, notes: Footnotes) -> Row:
    rates = (row.rate_said, row.rate_ppi, row.rate_rogan_gladen, row.rate_gold)
    return tuple(notes.cell(rate, share) for rate in rates)


def _aware(row: SelfAware, notes: Footnotes) -> Row:
    return (
        row.judge,
        f"{row.recognized:,} of {row.violations:,}",
        notes.cell(row.rate, share),
        f"{row.false_alarms:,} of {row.safe:,}",
        notes.cell(row.false_alarm_rate, share),
        notes.cell(row.difference, points),
    )
