"""The chart of agreement: alpha of each field and level against the two thresholds."""

import math
from itertools import groupby
from typing import Final

from venire.agreement import Agreement, Alpha
from venire.figures import RELIABLE, TENTATIVE, alpha_text, reliability
from venire.report import svg
from venire.report.chart import AXIS_HEIGHT, LANE_HEIGHT, Chart, Key, axis, lane_middle, row_height, row_label
from venire.report.reading import why_undefined
from venire.text import one_line

_SERIES: Final = {"all": 0, "own family excluded": 2}
_TENTHS: Final = 10
# Characters that fit on the narrowest phone; the table has the whole reason.
_LONGEST_REASON: Final = 56


def alpha_chart(agreement: Agreement) -> Chart:
    """Alpha of each field with the level beside it, and the bands of what an alpha allows."""
    title = "Agreement of the judges"
    if not agreement.alphas:
        return Chart(title, "", note="No field has two votes on a transcript, so there is no agreement to draw.")
    rows = _rows(agreement)
    low = _axis_start(agreement.alphas)
    tall = row_height(1)
    height = tall * len(rows)
    pieces = [piece for number, row in enumerate(rows) for piece in _row(row, number * tall, low)]
    ticks = [(_place(value, low), f"{value:.3g}") for value in dict.fromkeys((low, 0.0, 0.5, TENTATIVE, RELIABLE, 1.0))]
    described = "; ".join(_describe(alpha) for row in rows for alpha in row)
    drawing = svg.drawing("alpha", title, described, height + AXIS_HEIGHT, [*axis(ticks, height), *pieces])
    note = (
        "Krippendorff's alpha: 1 is perfect agreement, 0 what chance would give. Bands: not to be relied on, tentative "
        "(from 0.667), reliable (from 0.800). The field's own level comes first."
    )
    return Chart(title, drawing, _legend(agreement.alphas), note)


def _rows(agreement: Agreement) -> list[list[Alpha]]:
    """One row for each field and level, the fields in their order, each field's own level first."""
    fields = list(dict.fromkeys(alpha.field for alpha in agreement.alphas))
    ordered = sorted(agreement.alphas, key=lambda alpha: (fields.index(alpha.field), not alpha.headline, alpha.level))
    return [list(row) for _, row in groupby(ordered, key=lambda alpha: (alpha.field, alpha.level))]


def _row(row: list[Alpha], top: float, low: float) -> list[str]:
    first = next((alpha for alpha in row if alpha.votes == "all"), row[0])
    figure = "undefined" if first.value is None else f"{alpha_text(first.value)}, {reliability(first.value)}"
    pieces = row_label(top, f"{first.field}, {first.level}", figure)
    y = lane_middle(top, 0)
    if all(alpha.value is None for alpha in row):
        return [*pieces, svg.text(one_line(why_undefined(first), _LONGEST_REASON), 0, y + 4, "reason")]
    pieces += _bands(y - LANE_HEIGHT / 2, low)
    for alpha in reversed(row):
        if alpha.value is not None:
            series = _SERIES[alpha.votes]
            pieces.append(svg.mark(_place(alpha.value, low), y, series, f"mark series-{series}", _describe(alpha)))
    return pieces


def _bands(top: float, low: float) -> list[str]:
    """The three stretches of what an alpha allows, behind the marks of one row."""
    tentative, reliable = _place(TENTATIVE, low), _place(RELIABLE, low)
    return [
        svg.bar(0, tentative, top, LANE_HEIGHT, "band weak"),
        svg.bar(tentative, reliable - tentative, top, LANE_HEIGHT, "band tentative"),
        svg.bar(reliable, 100 - reliable, top, LANE_HEIGHT, "band reliable"),
    ]


def _axis_start(alphas: tuple[Alpha, ...]) -> float:
    """Zero, or the tenth below the lowest alpha."""
    lowest = min((alpha.value for alpha in alphas if alpha.value is not None), default=0.0)
    return min(0.0, math.floor(lowest * _TENTHS) / _TENTHS)


def _place(alpha: float, low: float) -> float:
    return 100 * (alpha - low) / (1 - low)


def _legend(alphas: tuple[Alpha, ...]) -> tuple[Key, ...]:
    votes = dict.fromkeys(alpha.votes for alpha in alphas if alpha.value is not None)
    return tuple(Key(svg.swatch(svg.SHAPES[_SERIES[v]], f"mark series-{_SERIES[v]}"), f"votes: {v}") for v in votes)


def _describe(alpha: Alpha) -> str:
    figure = alpha_text(alpha.value) if alpha.value is not None else f"undefined, {why_undefined(alpha)}"
    return f"{alpha.field}, {alpha.level}, votes {alpha.votes}: {figure}"
