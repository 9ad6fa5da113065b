"""The chart of violation rates: agents below each other, a mark and an interval for each condition."""

from typing import Final

from venire.agreement import Agreement, Rate
from venire.figures import percent, percent_interval
from venire.report import svg
from venire.report.chart import AXIS_HEIGHT, LANE_HEIGHT, Chart, Key, axis, lane_middle, row_height, row_label
from venire.report.slices import agents, conditions, find, violations

# As many conditions as there are shapes; more would not be told apart, and the table has them.
_MOST_CONDITIONS: Final = len(svg.SHAPES)
# The axis ends at the first of these that holds every interval; a quarter of each is a whole percent.
_AXIS_ENDS: Final = (0.2, 0.4, 0.6, 0.8, 1.0)

Lanes = tuple[str | None, ...]


def rate_chart(agreement: Agreement) -> Chart:
    """Violation rate by agent and condition with 95 % intervals."""
    title = "Violation rate by agent"
    rates = violations(agreement)
    names = agents(agreement)
    if all(rate.share is None for rate in rates) or not names:
        return Chart(title, "", note="No agent has a transcript with a settled label, so there is no rate to draw.")
    found = conditions(rates)
    lanes: Lanes = found if 0 < len(found) <= _MOST_CONDITIONS else (None,)
    end = _axis_end(rates)
    tall = row_height(len(lanes))
    rows = [piece for number, name in enumerate(names) for piece in _row(rates, name, lanes, number * tall, end)]
    height = tall * len(names)
    ticks = [(25.0 * step, percent_tick(end * step / 4)) for step in range(5)]
    drawing = svg.drawing("rate", title, _describe(rates, names), height + AXIS_HEIGHT, [*axis(ticks, height), *rows])
    return Chart(title, drawing, _legend(lanes), _note(found))


def percent_tick(share: float) -> str:
    """A whole percentage for an axis."""
    return f"{100 * share:.0f} %"


def _row(rates: tuple[Rate, ...], agent: str, lanes: Lanes, top: float, end: float) -> list[str]:
    overall = find(rates, agent)
    figure = f"{percent(overall.share)} of {overall.total:,}" if overall and overall.total else "no settled label"
    pieces = row_label(top, agent, figure)
    for lane, condition in enumerate(lanes):
        rate = find(rates, agent, condition)
        if rate is not None and rate.share is not None:
            pieces += _dot(rate, rate.share, lane, lane_middle(top, lane), end)
    return pieces


def _dot(rate: Rate, share: float, lane: int, y: float, end: float) -> list[str]:
    label = f"{rate.agent}, {rate.condition or 'all'}: {percent(share)} ({rate.count:,} of {rate.total:,})"
    interval = []
    if rate.interval is not None:
        label += f", interval {percent_interval(rate.interval)}"
        left, right = 100 * rate.interval.low / end, 100 * rate.interval.high / end
        # A lane of its own to point at: a thin line is hard to hit.
        interval = [svg.line(left, right, y, y, f"interval series-{lane}")]
    target = svg.bar(0, 100, y - LANE_HEIGHT / 2, LANE_HEIGHT, "target", label)
    return [target, *interval, svg.mark(100 * share / end, y, lane, f"mark series-{lane}", label)]


def _axis_end(rates: tuple[Rate, ...]) -> float:
    highest = max((rate.interval.high if rate.interval else rate.share or 0.0 for rate in rates), default=1.0)
    return next((end for end in _AXIS_ENDS if highest <= end), 1.0)


def _legend(lanes: Lanes) -> tuple[Key, ...]:
    return tuple(
        Key(svg.swatch(svg.SHAPES[lane], f"mark series-{lane}"), condition or "all conditions")
        for lane, condition in enumerate(lanes)
    )


def _note(found: tuple[str, ...]) -> str:
    note = "Lines are 95 % intervals. The figure at the right is over all conditions."
    if len(found) <= _MOST_CONDITIONS:
        return note
    return f"{note} {len(found)} conditions are too many to draw; the table below has each."


def _describe(rates: tuple[Rate, ...], names: tuple[str, ...]) -> str:
    overall = ((name, find(rates, name)) for name in names)
    return "; ".join(f"{name} {percent(rate.share if rate else None)}" for name, rate in overall)
