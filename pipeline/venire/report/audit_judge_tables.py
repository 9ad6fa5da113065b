"""The audit's tables on single judges: leaning, errors against the others, repeats, self-preference."""

from venire.audit import Audit, JudgeAudit, NoiseCeiling, RepeatAudit, SelfPreference
from venire.report.audit_figures import (
    Footnotes,
    alpha,
    base_rate_text,
    coefficient,
    share,
    share_text,
    signed,
)
from venire.report.audit_preference import FLOOR_CAVEAT, SELF_PREFERENCE_CAVEAT, self_preference_text
from venire.report.baseline import FOOTNOTE, MARK
from venire.report.table import Column, Group, Row, Table, single, text_column


def judge_table(audit: Audit) -> Table:
    """Each judge held against the others."""
    notes = Footnotes()
    groups = tuple(single(_name(judge), *_judge(judge, notes)) for judge in audit.judges)
    columns = (
        text_column("judge"),
        Column("votes"),
        Column("leaning"),
        Column("leaning elsewhere"),
        Column("violation rate"),
        Column("sensitivity"),
        Column("specificity"),
        Column("refused"),
        Column("failed"),
        Column("quotes found"),
    )
    said = (
        "Leaning: mean severity less that of the other judges on the same transcripts; above zero the judge is the "
        "graver; elsewhere: on agents of no judge's family. Sensitivity and specificity: against the label that the "
        "other judges settle. Failed: every verdict "
        "that is no answer, refusals included. Quotes found: those that are in the transcript."
    )
    statements = (f"{judge.judge}: {judge.statement}" for judge in audit.judges if judge.statement)
    rules = (FOOTNOTE,) if any(judge.kind == "rules" for judge in audit.judges) else ()
    outside = ("+ Asked, but no member of the panel.",) if any(not judge.voting for judge in audit.judges) else ()
    every = (*statements, *notes.notes(), said, *outside, *rules)
    return Table("Each judge against the others", columns, groups, every, "No judge has answered yet.")


def self_preference_table(audit: Audit) -> Table:
    """Whether judges favor their own family."""
    notes = Footnotes()
    fields = dict.fromkeys(row.field for row in audit.self_preference)
    groups = tuple(
        Group(field, tuple(_preference(row, notes) for row in audit.self_preference if row.field == field))
        for field in fields
    )
    columns = (
        text_column("field"),
        text_column("judge"),
        Column("self-preference"),
        Column("gap on its own family"),
        Column("gap elsewhere"),
        Column("own transcripts"),
        Column("elsewhere"),
        text_column("reading"),
    )
    empty = "No judge belongs to a model family, so there is no own family to prefer."
    floor = (FLOOR_CAVEAT,) if any(row.floor_effect for row in audit.self_preference) else ()
    return Table("Self-preference", columns, groups, (*notes.notes(), SELF_PREFERENCE_CAVEAT, *floor), empty)


def repeat_table(audit: Audit) -> Table:
    """How judges that were asked several times agree with themselves."""
    notes = Footnotes()
    groups = tuple(single(row.judge, *_repeat(row, notes)) for row in audit.repeats)
    columns = (
        text_column("judge"),
        text_column("field"),
        Column("test-retest alpha"),
        Column("answers that flip"),
        Column("base rate"),
        Column("repeats"),
        Column("transcripts"),
    )
    empty = "No judge was asked twice about the same transcript, so nothing can be said about a judge's own noise."
    return Table("Repeats", columns, groups, notes.notes(), empty)


def ceiling_table(audit: Audit) -> Table | None:
    """How far judges as noisy as these could agree at most; None without repeats."""
    if not audit.noise_ceilings:
        return None
    notes = Footnotes()
    groups = tuple(single(row.field, *_ceiling(row, notes)) for row in audit.noise_ceilings)
    columns = (text_column("field"), Column("noise ceiling"), Column("alpha"), text_column("judges"))
    said = "Judges that agree with themselves only so far cannot agree with each other further than the ceiling."
    return Table("Noise ceiling", columns, groups, (*notes.notes(), said))


def _name(judge: JudgeAudit) -> str:
    return judge.judge + (MARK if judge.kind == "rules" else "") + ("" if judge.voting else "+")


def _judge(judge: JudgeAudit, notes: Footnotes) -> Row:
    return (
        f"{judge.votes:,}",
        notes.cell(judge.leaning, signed),
        notes.cell(judge.leaning_elsewhere, signed),
        notes.cell(judge.violation_rate, share),
        notes.cell(judge.sensitivity, share),
        notes.cell(judge.specificity, share),
        share_text(judge.refusals),
        share_text(judge.failures),
        share_text(judge.quotes_verified) if judge.quotes_verified.total else "none given",
    )


def _preference(row: SelfPreference, notes: Footnotes) -> Row:
    return (
        row.judge,
        notes.cell(row.estimate, signed),
        notes.cell(row.own_gap, signed),
        notes.cell(row.elsewhere_gap, signed),
        f"{row.own_items:,}",
        f"{row.elsewhere_items:,}",
        self_preference_text(row),
    )


def _repeat(row: RepeatAudit, notes: Footnotes) -> Row:
    return (
        f"{row.field}, {row.level}",
        notes.cell(row.alpha, alpha),
        notes.cell(row.flip_rate, share),
        base_rate_text(row.base_rate),
        f"{row.repeats:,}",
        f"{row.items:,}",
    )


def _ceiling(row: NoiseCeiling, notes: Footnotes) -> Row:
    return (notes.cell(row.ceiling, coefficient), notes.cell(row.alpha, alpha), ", ".join(row.judges))
