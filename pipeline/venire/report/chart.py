"""A chart of the report: a drawing with its legend, and the layout that all charts share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from venire.report import svg
from venire.text import one_line

# Pixels. A row is its label, then one lane for each mark or bar.
LABEL_HEIGHT: Final = 18.0
LANE_HEIGHT: Final = 15.0
ROW_GAP: Final = 8.0
AXIS_HEIGHT: Final = 20.0
# Characters: what stands beside the figure on the narrowest phone. Tables and descriptions have the whole name.
_LONGEST_LABEL: Final = 34


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a sample of the mark, as SVG, and what it stands for."""

    swatch: str
    meaning: str


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        title: what it shows.
        drawing: the SVG; empty where there is nothing to draw.
        legend: what its colors and shapes stand for.
        note: how to read it, or why there is nothing to draw.
    """

    title: str
    drawing: str
    legend: tuple[Key, ...] = ()
    note: str = ""


def row_height(lanes: int) -> float:
    """The height of a row with that many lanes."""
    return LABEL_HEIGHT + lanes * LANE_HEIGHT + ROW_GAP


def row_label(top: float, name: str, figure: str) -> list[str]:
    """The line above a row's lanes: its name, and the figure it stands for."""
    label = one_line(name, _LONGEST_LABEL)
    return [svg.text(label, 0, top + 12, "label"), svg.text(figure, 100, top + 12, "figure", "end")]


def lane_middle(top: float, lane: int) -> float:
    """The vertical middle of a lane of the row that starts at `top`."""
    return top + LABEL_HEIGHT + (lane + 0.5) * LANE_HEIGHT


def axis(ticks: Iterable[tuple[float, str]], height: float) -> list[str]:
    """Grid lines with their labels below; a tick is its place in percent and its label."""
    pieces: list[str] = []
    for place, label in ticks:
        pieces.append(svg.line(place, place, 0, height, "grid"))
        # The outermost labels stay inside the drawing.
        pieces.append(
            svg.text(label, place, height + 15, "tick", "start" if place < 5 else "end" if place > 95 else "middle")
        )
    return pieces
