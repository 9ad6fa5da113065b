"""Heat maps of how each two judges agree, one for each field."""

from dataclasses import dataclass
from typing import Final

from venire.audit import Audit, Pairwise
from venire.figures import NO_FIGURE
from venire.report.audit_figures import UNDEFINED, coefficient, with_interval

# Judges side by side that a page has room for; the table has every pair.
MOST_JUDGES: Final = 16
# Shades in the style sheet, heat-0 to heat-10: tenths of kappa, chance agreement and below being the lightest.
_SHADES: Final = 10


@dataclass(frozen=True)
class Cell:
    """One pair: what stands in it, its shade as a style class, and what it says in words."""

    text: str
    shade: str
    label: str


@dataclass(frozen=True)
class HeatMap:
    """A square of judges.

    Attributes:
        title: the field and coefficient.
        judges: the names of rows and columns.
        rows: a row of cells for each judge.
        note: how to read it.
    """

    title: str
    judges: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str


def heat_maps(audit: Audit) -> tuple[HeatMap, ...]:
    """One heat map for each field that two judges or more have voted on."""
    fields = dict.fromkeys(row.field for row in audit.pairwise)
    return tuple(_map(field, [row for row in audit.pairwise if row.field == field]) for field in fields)


def _map(field: str, pairs: list[Pairwise]) -> HeatMap:
    every = tuple(dict.fromkeys(judge for pair in pairs for judge in (pair.first, pair.second)))
    judges = every[:MOST_JUDGES]
    found = {frozenset((pair.first, pair.second)): pair for pair in pairs}
    rows = tuple(tuple(_cell(found.get(frozenset((first, second)))) for second in judges) for first in judges)
    kind = "Cohen's kappa" if pairs[0].weighted_kappa is None else "Cohen's kappa, quadratic weights"
    more = f" Shown are the first {MOST_JUDGES} of {len(every)} judges." if len(every) > MOST_JUDGES else ""
    return HeatMap(
        f"{field.capitalize()}: {kind}",
        judges,
        rows,
        f"The stronger the color, the more agreement; 0 is what chance would give.{more}",
    )


def _cell(pair: Pairwise | None) -> Cell:
    if pair is None:
        return Cell(NO_FIGURE, "none", "")
    kappa = pair.weighted_kappa or pair.kappa
    said = f"{pair.first} and {pair.second}: {with_interval(kappa, coefficient)}, {pair.items:,} transcripts"
    if kappa.value is None:
        return Cell(UNDEFINED, "none", f"{said}: {kappa.undefined}")
    return Cell(f"{kappa.value:.2f}", f"heat-{round(_SHADES * min(max(kappa.value, 0.0), 1.0))}", said)
