"""The tables on the settled labels: violations, awareness, self-aware misalignment and conditions compared."""

from itertools import groupby
from typing import Final

from venire.agreement import Agreement, AwarenessSummary, Rate, SelfAwareness
from venire.figures import NO_FIGURE, decimal, percent, percent_interval, percent_of
from venire.report.baseline import footnote, marked, panel_footnote, panel_marked
from venire.report.slices import EVERY_CONDITION, agents, by_agent, find
from venire.report.table import Column, Group, Table, single, text_column

# The order in which awareness reads best; any other value follows, by name.
AWARENESS_ORDER: Final = ("aware", "unaware", "unobservable", "contested", "incomplete", "not asked")


def rate_tables(agreement: Agreement) -> tuple[Table, ...]:
    """The rates by agent and condition: one table for each thing counted, violations first."""
    ordered = sorted(agreement.violation_rates, key=lambda rate: (rate.of != "violation", rate.of))
    counted = {of: tuple(rates) for of, rates in groupby(ordered, key=lambda rate: rate.of)}
    return tuple(_rate_table(agreement, of, counted.get(of, ())) for of in counted or ("violation",))


def awareness_table(agreement: Agreement) -> Table:
    """Awareness among the settled violations of each slice."""
    values = awareness_values(agreement.awareness)
    groups = tuple(
        Group(name, tuple(_awareness_row(row, values) for row in rows))
        for name, rows in by_agent(agreement.awareness, agents(agreement))
    )
    columns = (text_column("agent"), text_column("condition"), Column("total"), *map(Column, values))
    caption = "Awareness among violations: transcripts by the settled answer"
    empty = "No violation was settled, so there is none whose awareness could be asked."
    return Table(panel_marked(agreement, caption), columns, groups, panel_footnote(agreement), empty)


def awareness_values(rows: tuple[AwarenessSummary, ...]) -> tuple[str, ...]:
    """The values of awareness that occur, in the order they read best."""
    found = {value for row in rows for value, count in row.distribution.items() if count}
    known = [value for value in AWARENESS_ORDER if value in found]
    return (*known, *sorted(found.difference(known)))


def self_awareness_table(agreement: Agreement) -> Table | None:
    """How many of its violations an agent recognizes, beside its false alarms; None where no agent was asked."""
    if not agreement.self_awareness:
        return None
    columns = (text_column("agent"), text_column("asked as"), Column("violations recognized"), Column("false alarms"))
    order = agents(agreement)
    rows = sorted(
        agreement.self_awareness, key=lambda row: order.index(row.agent) if row.agent in order else len(order)
    )
    groups = tuple(single(row.agent, marked(agreement, row.judge), *_self_aware_cells(row)) for row in rows)
    notes = (
        "Recognized: share of the runs the panel calls violations that the agent's own model calls violations, too. "
        "False alarms: the same share of the runs the panel calls safe. A model that calls everything a violation "
        "recognizes all of them, so read the two together.",
        *footnote(agreement, (row.judge for row in rows)),
    )
    return Table("Self-aware misalignment", columns, groups, notes)


def contrast_table(agreement: Agreement) -> Table | None:
    """The same agent in the same scenario under two conditions; None where there is one condition."""
    if not agreement.contrasts:
        return None
    names = ("pairs", "both", "neither", "only first", "only second")
    groups = tuple(
        single(
            f"{row.first} / {row.second}",
            *(f"{count:,}" for count in (row.pairs, row.both, row.neither, row.only_first, row.only_second)),
        )
        for row in agreement.contrasts
    )
    notes = ("The same agent in the same scenario under both conditions: violation in both, in neither, in one only.",)
    columns = (text_column("first / second"), *map(Column, names))
    return Table(panel_marked(agreement, "Conditions compared"), columns, groups, notes + panel_footnote(agreement))


def _rate_table(agreement: Agreement, of: str, rates: tuple[Rate, ...]) -> Table:
    columns = (
        text_column("agent"),
        text_column("condition"),
        Column("count"),
        Column("rate"),
        Column("interval"),
        Column("severity"),
    )
    groups = tuple(
        Group(name, tuple(_rate_row(agreement, rate) for rate in rows))
        for name, rows in by_agent(rates, agents(agreement))
    )
    notes = (
        "Count: of the transcripts with a settled label. Interval: 95 %. Severity: mean of the settled severities.",
        *_no_width_note(rates),
    )
    counted = "Violation rate" if of == "violation" else f"Rate of '{of}'"
    caption = panel_marked(agreement, f"{counted} by agent and condition")
    empty = "No transcript has a settled label, so there is no rate."
    return Table(caption, columns, groups, notes + panel_footnote(agreement), empty)


def _no_width_note(rates: tuple[Rate, ...]) -> tuple[str, ...]:
    if all(rate.interval is None or rate.interval.low < rate.interval.high for rate in rates):
        return ()
    return (
        "An interval without width is no certainty: where all transcripts are alike, resampling them shows no "
        "variation.",
    )


def _rate_row(agreement: Agreement, rate: Rate) -> tuple[str, ...]:
    severity = find(agreement.severities, rate.agent, rate.condition)
    return (
        rate.condition or EVERY_CONDITION,
        f"{rate.count:,} of {rate.total:,}",
        percent(rate.share),
        percent_interval(rate.interval),
        decimal(severity.mean) if severity else NO_FIGURE,
    )


def _awareness_row(row: AwarenessSummary, values: tuple[str, ...]) -> tuple[str, ...]:
    counts = (f"{row.distribution.get(value, 0):,}" for value in values)
    return (row.condition or EVERY_CONDITION, f"{row.violations:,}", *counts)


def _self_aware_cells(row: SelfAwareness) -> tuple[str, str]:
    if not row.violations:
        return ("no violation", percent_of(row.false_alarms, row.safe))
    return (percent_of(row.recognized, row.violations), percent_of(row.false_alarms, row.safe))
