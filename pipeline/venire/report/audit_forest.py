"""Forest plots: estimates below each other, each with its interval, on one scale."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from venire.audit import Estimate
from venire.figures import RELIABLE, TENTATIVE
from venire.report import svg
from venire.report.audit_figures import with_interval
from venire.report.chart import AXIS_HEIGHT, LANE_HEIGHT, Chart, axis, lane_middle, row_height, row_label
from venire.text import one_line

_TENTHS: Final = 10
# Characters that fit on the narrowest phone; the table has the whole reason.
_LONGEST_REASON: Final = 56


@dataclass(frozen=True)
class ForestRow:
    """One estimate by name; rows of another series have another shape and color."""

    name: str
    estimate: Estimate
    series: int = 0


@dataclass(frozen=True)
class Scale:
    """What the plot's axis holds.

    Attributes:
        low: the value at its left end.
        high: the value at its right end.
        ticks: values that are written below it.
        reference: a value that a line is drawn at; None for the bands of what an alpha allows.
        write: writes a value.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    reference: float | None
    write: Callable[[float], str]

    def place(self, value: float) -> float:
        """Where a value stands, in percent of the width; what is beyond an end stands at it."""
        return 100 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


def alpha_scale(estimates: Sequence[Estimate], write: Callable[[float], str]) -> Scale:
    """From zero, or the tenth below the lowest bound, to one, with both thresholds."""
    lowest = min((_lowest(estimate) for estimate in estimates if estimate.value is not None), default=0.0)
    low = min(0.0, max(-1.0, math.floor(lowest * _TENTHS) / _TENTHS))
    ticks = tuple(dict.fromkeys((low, *((0.0,) if low < -0.15 or low == 0 else ()), TENTATIVE, RELIABLE, 1.0)))
    return Scale(low, 1.0, ticks, None, write)


def difference_scale(estimates: Sequence[Estimate], write: Callable[[float], str]) -> Scale:
    """As far to either side of zero as the farthest bound."""
    bounds = [abs(bound) for found in estimates for bound in (found.value, found.low, found.high) if bound is not None]
    end = next((step for step in (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if max(bounds, default=0.0) <= step), None)
    end = end if end is not None else math.ceil(max(bounds))
    return Scale(-end, end, (-end, -end / 2, 0.0, end / 2, end), 0.0, write)


def forest(identifier: str, title: str, rows: Sequence[ForestRow], scale: Scale, note: str) -> Chart:
    """The plot.

    Args:
        identifier: unique in the page.
        title: what it shows.
        rows: from top to bottom; a row without a value says why.
        scale: of the axis.
        note: how to read it.
    """
    if not rows:
        return Chart(title, "", note="Nothing to draw: no figure of this kind was computed.")
    tall = row_height(1)
    height = tall * len(rows)
    pieces = [piece for number, row in enumerate(rows) for piece in _row(row, number * tall, scale)]
    ticks = [(scale.place(value), f"{value:.3g}") for value in scale.ticks]
    described = "; ".join(_describe(row, scale) for row in rows)
    drawing = svg.drawing(identifier, title, described, height + AXIS_HEIGHT, [*axis(ticks, height), *pieces])
    return Chart(title, drawing, note=note)


def _row(row: ForestRow, top: float, scale: Scale) -> list[str]:
    y = lane_middle(top, 0)
    value = row.estimate.value
    pieces = row_label(top, row.name, with_interval(row.estimate, scale.write))
    if value is None:
        return [*pieces, svg.text(one_line(row.estimate.undefined, _LONGEST_REASON), 0, y + 4, "reason")]
    label = _describe(row, scale)
    pieces += _bands(y - LANE_HEIGHT / 2, scale) if scale.reference is None else _reference(y, scale, scale.reference)
    pieces.append(svg.bar(0, 100, y - LANE_HEIGHT / 2, LANE_HEIGHT, "target", label))
    if row.estimate.low is not None and row.estimate.high is not None:
        left, right = scale.place(row.estimate.low), scale.place(row.estimate.high)
        pieces.append(svg.line(left, right, y, y, f"interval strong series-{row.series}"))
    pieces.append(svg.mark(scale.place(value), y, row.series, f"mark series-{row.series}", label))
    return pieces


def _bands(top: float, scale: Scale) -> list[str]:
    """The three stretches of what an alpha allows."""
    tentative, reliable = scale.place(TENTATIVE), scale.place(RELIABLE)
    return [
        svg.bar(0, tentative, top, LANE_HEIGHT, "band weak"),
        svg.bar(tentative, reliable - tentative, top, LANE_HEIGHT, "band tentative"),
        svg.bar(reliable, 100 - reliable, top, LANE_HEIGHT, "band reliable"),
    ]


def _reference(y: float, scale: Scale, value: float) -> list[str]:
    place = scale.place(value)
    return [svg.line(place, place, y - LANE_HEIGHT / 2, y + LANE_HEIGHT / 2, "zero")]


def _describe(row: ForestRow, scale: Scale) -> str:
    reason = f", {row.estimate.undefined}" if row.estimate.value is None and row.estimate.undefined else ""
    return f"{row.name}: {with_interval(row.estimate, scale.write)}{reason}"


def _lowest(estimate: Estimate) -> float:
    bounds = [bound for bound in (estimate.value, estimate.low) if bound is not None]
    return min(bounds, default=0.0)
