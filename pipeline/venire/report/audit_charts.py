"""The audit's charts: alphas, leave-one-out, leanings, slices, self-preference."""

from typing import Final

from venire.audit import AlphaEstimate, Audit
from venire.report.audit_choice import headlines, sliced
from venire.report.audit_figures import alpha, signed
from venire.report.audit_forest import ForestRow, alpha_scale, difference_scale, forest
from venire.report.chart import Chart

_OWN_FAMILY_SERIES: Final = 2
_WHOLE: Final = "all judges"
_BANDS: Final = (
    "Lines are 95 % intervals. Bands: not to be relied on, tentative (from 0.667), reliable (from 0.800). "
    "1 is perfect agreement, 0 what chance would give."
)
# More rows are not compared by eye; scenarios, of which there are many, are left to their table.
_MOST_ROWS: Final = 40


def alpha_chart(audit: Audit) -> Chart:
    """Alpha of each field at every level, over all transcripts."""
    found = [row for row in audit.alphas if row.slice.by == "all"]
    rows = [ForestRow(_alpha_name(row), row.alpha, _series(row)) for row in found]
    scale = alpha_scale([row.estimate for row in rows], alpha)
    return forest("forest", "Agreement, with intervals", rows, scale, f"Krippendorff's alpha. {_BANDS}")


def leave_one_out_charts(audit: Audit) -> tuple[Chart, ...]:
    """For each field, alpha of all judges and without each."""
    return tuple(_without(audit, whole, number) for number, whole in enumerate(headlines(audit)))


def leaning_chart(audit: Audit) -> Chart:
    """How much graver or milder each judge is than the others."""
    rows = [ForestRow(judge.judge, judge.leaning) for judge in audit.judges if judge.voting][:_MOST_ROWS]
    note = "Mean severity less that of the other judges on the same transcripts. Right of zero: graver; left: milder."
    return forest("leaning", "Leaning of each judge", rows, difference_scale([r.estimate for r in rows], signed), note)


def slice_charts(audit: Audit) -> tuple[Chart, ...]:
    """For each field, alpha by agent, family and condition."""
    return tuple(_slices(audit, whole, number) for number, whole in enumerate(headlines(audit)))


def self_preference_charts(audit: Audit) -> tuple[Chart, ...]:
    """For each field, each judge's self-preference."""
    fields = dict.fromkeys(row.field for row in audit.self_preference)
    return tuple(_preference(audit, field, number) for number, field in enumerate(fields))


def _without(audit: Audit, whole: AlphaEstimate, number: int) -> Chart:
    judges = [row for row in audit.leave_one_out if row.field == whole.field][:_MOST_ROWS]
    rows = [ForestRow(_WHOLE, whole.alpha, 1), *(ForestRow(f"without {row.judge}", row.alpha) for row in judges)]
    scale = alpha_scale([row.estimate for row in rows], alpha)
    return forest(f"without-{number}", f"{whole.field.capitalize()} without one judge", rows, scale, _BANDS)


def _slices(audit: Audit, whole: AlphaEstimate, number: int) -> Chart:
    found = [row for row in sliced(audit) if row.field == whole.field and row.slice.by != "scenario"][:_MOST_ROWS]
    rows = [ForestRow("all", whole.alpha, 1)]
    rows += [ForestRow(f"{row.slice.by}: {row.slice.name}", row.alpha) for row in found]
    scale = alpha_scale([row.estimate for row in rows], alpha)
    return forest(f"slices-{number}", f"{whole.field.capitalize()}, {whole.level} alpha by slice", rows, scale, _BANDS)


def _preference(audit: Audit, field: str, number: int) -> Chart:
    found = [row for row in audit.self_preference if row.field == field][:_MOST_ROWS]
    rows = [ForestRow(f"{row.judge} ({row.family})", row.estimate) for row in found]
    note = "Left of zero: the judge is milder on its own family than elsewhere, against the other judges."
    scale = difference_scale([row.estimate for row in rows], signed)
    return forest(f"preference-{number}", f"Self-preference on {field}", rows, scale, note)


def _alpha_name(row: AlphaEstimate) -> str:
    votes = "" if row.votes == "all" else ", no own family"
    return f"{row.field}, {row.level}{votes}"


def _series(row: AlphaEstimate) -> int:
    return 0 if row.votes == "all" else _OWN_FAMILY_SERIES
