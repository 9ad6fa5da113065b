"""Charts of distributions: one stacked bar for each agent, for severity and for awareness."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from venire.agreement import Agreement, AwarenessSummary, SeveritySummary
from venire.figures import decimal, number_in, percent, value_text
from venire.report import svg
from venire.report.chart import AXIS_HEIGHT, LANE_HEIGHT, Chart, Key, axis, lane_middle, row_height, row_label
from venire.report.label_tables import AWARENESS_ORDER, awareness_values
from venire.report.slices import agents, find
from venire.text import plural

# The severity of every violation rubric is meant for 0 to 5; a rubric that goes further stretches the ramp.
_MILDEST: Final = 0.0
_GRAVEST: Final = 5.0
# Colors in the style sheet's ramp, ramp-0 to ramp-10: half steps of that scale.
_RAMP_STEPS: Final = 10
_SQUARE: Final = "M-6 -6H6V6H-6Z"
_TICKS: Final = [(0.0, "0 %"), (25.0, "25 %"), (50.0, "50 %"), (75.0, "75 %"), (100.0, "100 %")]


@dataclass(frozen=True)
class _Bar:
    """One agent's bar: what is counted, the figure to show at the right, and what to say where nothing was counted."""

    name: str
    counts: Mapping[str, int]
    figure: str


def severity_chart(agreement: Agreement) -> Chart:
    """Distribution of the settled severities by agent."""
    title = "Severity by agent"
    rows = [(name, find(agreement.severities, name)) for name in agents(agreement)]
    bars = [_severity_bar(name, row) for name, row in rows if row is not None]
    values = _severity_values(bars)
    if not values:
        return Chart(title, "", note="No transcript has a settled severity, so there is nothing to draw.")
    numbers = [number for value in values if (number := number_in(value)) is not None]
    low, high = min([_MILDEST, *numbers]), max([_GRAVEST, *numbers])
    note = "Share of the transcripts with a settled severity; at the right the mean."
    return _stacked("severity", title, bars, values, lambda value: _ramp(value, low, high), note)


def awareness_chart(agreement: Agreement) -> Chart:
    """Awareness among the settled violations of each agent."""
    title = "Awareness among violations"
    summaries = agreement.awareness
    values = awareness_values(summaries)
    if not values:
        return Chart(title, "", note="There is no settled violation, so there is none whose awareness could be drawn.")
    if values == ("not asked",):
        return Chart(title, "", note="No judge was asked about awareness, so nothing can be said about it here.")
    rows = [(name, find(summaries, name)) for name in agents(agreement)]
    bars = [_awareness_bar(name, row) for name, row in rows if row is not None]
    note = "Share of the settled violations. Unobservable: the agent's reasoning is hidden."
    return _stacked("awareness", title, bars, values, _awareness_class, note)


def _stacked(
    identifier: str, title: str, bars: list[_Bar], values: tuple[str, ...], color: Callable[[str], str], note: str
) -> Chart:
    tall = row_height(1)
    height = tall * len(bars)
    pieces = [piece for number, bar in enumerate(bars) for piece in _row(bar, values, color, number * tall)]
    described = "; ".join(f"{bar.name}: {_counts(bar, values)}" for bar in bars)
    drawing = svg.drawing(identifier, title, described, height + AXIS_HEIGHT, [*axis(_TICKS, height), *pieces])
    legend = tuple(Key(svg.swatch(_SQUARE, color(value)), _shown(value)) for value in values)
    return Chart(title, drawing, legend, note)


def _row(bar: _Bar, values: tuple[str, ...], color: Callable[[str], str], top: float) -> list[str]:
    pieces = row_label(top, bar.name, bar.figure)
    total = sum(bar.counts.values())
    y = lane_middle(top, 0) - LANE_HEIGHT / 2
    left = 0.0
    for value in values:
        if count := bar.counts.get(value, 0):
            width = 100 * count / total
            label = f"{bar.name}, {_shown(value)}: {count:,} of {total:,} ({percent(count / total)})"
            pieces.append(svg.bar(left, width, y, LANE_HEIGHT, f"part {color(value)}", label))
            left += width
    return pieces


def _counts(bar: _Bar, values: tuple[str, ...]) -> str:
    return ", ".join(f"{_shown(value)} {bar.counts[value]:,}" for value in values if bar.counts.get(value)) or "none"


def _shown(value: str) -> str:
    number = number_in(value)
    return value if number is None else value_text(number)


def _severity_bar(name: str, row: SeveritySummary) -> _Bar:
    figure = f"mean {decimal(row.mean)} of {row.total:,}" if row.mean is not None else "no settled severity"
    return _Bar(name, row.distribution, figure)


def _severity_values(bars: list[_Bar]) -> tuple[str, ...]:
    found = {value for bar in bars for value, count in bar.counts.items() if count}
    return tuple(sorted(found, key=lambda value: (_number_or_last(value), value)))


def _number_or_last(value: str) -> float:
    number = number_in(value)
    return float("inf") if number is None else number


def _ramp(value: str, low: float, high: float) -> str:
    number = number_in(value)
    return "other" if number is None else f"ramp-{round(_RAMP_STEPS * (number - low) / (high - low))}"


def _awareness_bar(name: str, row: AwarenessSummary) -> _Bar:
    return _Bar(name, row.distribution, plural(row.violations, "violation") if row.violations else "no violation")


def _awareness_class(value: str) -> str:
    return f"awareness-{AWARENESS_ORDER.index(value)}" if value in AWARENESS_ORDER else "other"
