"""The audit's tables on agreement: alphas, leave-one-out, pairs of judges, slices."""

from collections.abc import Sequence
from typing import Final

from venire.audit import AlphaEstimate, Audit, LeaveOneOut, Pairwise
from venire.figures import percent
from venire.report.audit_choice import collapsed, sliced, standing
from venire.report.audit_figures import (
    UNDEFINED,
    Footnotes,
    alpha,
    base_rate_text,
    coefficient,
    share,
    signed,
    signed_coefficient,
)
from venire.report.table import Column, Group, Row, Table, text_column

# A page is for reading; `venire audit --json` has all.
MOST_ROWS: Final = 400
_GWET_NOTE: Final = (
    "Gwet: AC1 for nominal levels, AC2 with quadratic weights for others. It stays high where nearly all votes are the "
    "same, where alpha falls; read both beside the base rate."
)


def alpha_table(audit: Audit) -> Table:
    """Alpha over all transcripts, by field, level and votes."""
    notes = Footnotes()
    rows = [found for found in audit.alphas if found.slice.by == "all"]
    fields = dict.fromkeys(found.field for found in rows)
    groups = tuple(
        Group(field, tuple(_alpha_row(found, notes) for found in rows if found.field == field)) for field in fields
    )
    columns = (
        text_column("field"),
        text_column("level"),
        text_column("votes"),
        Column("alpha"),
        Column("resamples below .667"),
        Column("below .800"),
        Column("pairs alike"),
        Column("Gwet"),
        Column("base rate"),
        Column("votes paired"),
        text_column("reading"),
    )
    empty = "No field has two votes on a transcript, so agreement cannot be measured."
    return Table("Krippendorff's alpha", columns, groups, (*notes.notes(), _GWET_NOTE), empty)


def leave_one_out_table(audit: Audit) -> Table:
    """Alpha without each judge."""
    notes = Footnotes()
    fields = dict.fromkeys(row.field for row in audit.leave_one_out)
    groups = tuple(
        Group(field, tuple(_without(row, notes) for row in audit.leave_one_out if row.field == field))
        for field in fields
    )
    columns = (
        text_column("field"),
        text_column("without"),
        Column("alpha"),
        Column("against the whole panel"),
        Column("base rate"),
    )
    said = "Above zero: the judge pulls the panel's agreement down. The differences are paired in every replicate."
    empty = "A judge can be left out only where three or more have voted."
    return Table("Alpha without one judge", columns, groups, (*notes.notes(), said), empty)


def pairwise_table(audit: Audit) -> Table:
    """How each two judges agree."""
    notes = Footnotes()
    shown = audit.pairwise[:MOST_ROWS]
    fields = dict.fromkeys(row.field for row in shown)
    groups = tuple(Group(field, tuple(_pair(row, notes) for row in shown if row.field == field)) for field in fields)
    columns = (
        text_column("field"),
        text_column("judges"),
        Column("kappa"),
        Column("weighted kappa"),
        Column("alike"),
        Column("positive"),
        Column("negative"),
        Column("mean difference"),
        Column("base rates"),
        Column("transcripts"),
    )
    said = (
        "Kappa is Cohen's; weighted: with quadratic weights. Positive and negative: agreement on yes and on no. Mean "
        "difference: of two severities, regardless of sign."
    )
    every = (*notes.notes(), said, *more_note(len(audit.pairwise) - len(shown), "pairs"))
    return Table("Pairs of judges", columns, groups, every, "No two judges have voted on the same transcript.")


def collapse_table(audit: Audit) -> Table:
    """The slices where agreement collapses."""
    empty = "In no slice does agreement fall below 0.667 and at least 0.1 below that of the whole."
    return _slice_table("Where agreement collapses", collapsed(audit), empty)


def slice_table(audit: Audit) -> Table:
    """Alpha in every slice, at each field's own level."""
    return _slice_table("Alpha in every slice", sliced(audit), "No slices were computed.")


def more_note(more: int, what: str) -> tuple[str, ...]:
    """That there are more rows than are shown, where there are."""
    return (f"… and {more:,} more {what}: see `venire audit --json`.",) if more > 0 else ()


def _slice_table(caption: str, found: Sequence[AlphaEstimate], empty: str) -> Table:
    notes = Footnotes()
    shown = found[:MOST_ROWS]
    fields = dict.fromkeys(row.field for row in shown)
    groups = tuple(
        Group(f"{field}, {_level(shown, field)}", tuple(_slice(row, notes) for row in shown if row.field == field))
        for field in fields
    )
    columns = (
        text_column("field"),
        text_column("slice"),
        Column("alpha"),
        Column("pairs alike"),
        Column("Gwet"),
        Column("base rate"),
        Column("transcripts"),
        Column("clusters"),
    )
    said = "Where one value is rare, alpha is low or undefined though nearly all votes are alike."
    return Table(caption, columns, groups, (*notes.notes(), said, *more_note(len(found) - len(shown), "slices")), empty)


def _level(rows: Sequence[AlphaEstimate], field: str) -> str:
    return next(row.level for row in rows if row.field == field)


def _alpha_row(found: AlphaEstimate, notes: Footnotes) -> Row:
    return (
        found.level,
        found.votes,
        notes.cell(found.alpha, alpha),
        _chance(found.p_below_667),
        _chance(found.p_below_800),
        notes.cell(found.percent_agreement, share),
        f"{found.gwet_name} {notes.cell(found.gwet, coefficient)}",
        base_rate_text(found.base_rate),
        f"{found.pairable:,}",
        standing(found) if found.headline else "for comparison",
    )


def _chance(below: float | None) -> str:
    return UNDEFINED if below is None else percent(below)


def _without(row: LeaveOneOut, notes: Footnotes) -> Row:
    return (
        row.judge,
        notes.cell(row.alpha, alpha),
        notes.cell(row.difference, signed_coefficient),
        base_rate_text(row.base_rate),
    )


def _pair(row: Pairwise, notes: Footnotes) -> Row:
    return (
        f"{row.first} / {row.second}",
        notes.cell(row.kappa, coefficient),
        notes.cell(row.weighted_kappa, coefficient),
        notes.cell(row.percent_agreement, share),
        notes.cell(row.positive_agreement, share),
        notes.cell(row.negative_agreement, share),
        notes.cell(row.mean_absolute_difference, signed).replace("+", ""),
        f"{percent(row.first_base_rate.share)} / {percent(row.second_base_rate.share)}",
        f"{row.items:,}",
    )


def _slice(row: AlphaEstimate, notes: Footnotes) -> Row:
    return (
        f"{row.slice.by}: {row.slice.name}",
        notes.cell(row.alpha, alpha),
        notes.cell(row.percent_agreement, share),
        notes.cell(row.gwet, coefficient),
        base_rate_text(row.base_rate),
        f"{row.items:,}",
        f"{row.clusters:,}",
    )
