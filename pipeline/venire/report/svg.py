"""Small pieces of SVG: each function gives the text of one element, with everything in it escaped.

Horizontal places are percentages of the drawing's width, so that a drawing fills the column it stands in while its text
keeps its size; vertical places are pixels. Colors come from the page's style sheet, by class.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Final, Literal

from venire.text import visible

# Code points that XML does not allow and that `visible` leaves alone.
_NOT_XML: Final = re.compile("[\ufffe\uffff]")

# The shape tells marks apart where color does not: in print, and for readers who see few colors.
SHAPES: Final = (
    "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z",  # circle
    "M-4.5 -4.5H4.5V4.5H-4.5Z",  # square
    "M0 -6L6 0L0 6L-6 0Z",  # diamond
    "M0 -5.5L5.5 4.5H-5.5Z",  # triangle
)


def drawing(identifier: str, title: str, description: str, height: float, pieces: Iterable[str]) -> str:
    """A whole drawing, as wide as its surroundings.

    Args:
        identifier: unique in the page; the title and description are tied to the drawing by it.
        title: what the drawing shows.
        description: what it says, in words, for readers who do not see it.
        height: in pixels.
        pieces: the elements in it.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{height:g}" '
        f'aria-labelledby="{identifier}-title {identifier}-desc">'
        f'<title id="{identifier}-title">{words(title)}</title>'
        f'<desc id="{identifier}-desc">{words(description)}</desc>{"".join(pieces)}</svg>'
    )


def words(text: str) -> str:
    """Text that stands for nothing but itself."""
    return escape(_NOT_XML.sub("\ufffd", visible(text)))


def text(content: str, x: float, y: float, kind: str = "", anchor: Literal["start", "middle", "end"] = "start") -> str:
    """A line of text; `x` is where it starts, has its middle, or ends."""
    return f'<text x="{x:.2f}%" y="{y:g}" class="{kind}" text-anchor="{anchor}">{words(content)}</text>'


def line(left: float, right: float, top: float, bottom: float, kind: str) -> str:
    """A straight line."""
    return f'<line x1="{left:.2f}%" x2="{right:.2f}%" y1="{top:g}" y2="{bottom:g}" class="{kind}"/>'


def bar(left: float, width: float, top: float, height: float, kind: str, label: str = "") -> str:
    """A rectangle, with a label that shows when pointed at."""
    title = f"<title>{words(label)}</title>" if label else ""
    place = f'x="{left:.2f}%" width="{width:.2f}%" y="{top:g}" height="{height:g}"'
    return f'<rect {place} class="{kind}">{title}</rect>'


def mark(x: float, y: float, series: int, kind: str, label: str) -> str:
    """A data point; its shape is that of the series."""
    shape = SHAPES[series % len(SHAPES)]
    place = f'x="{x:.2f}%" y="{y:g}" overflow="visible"'
    return f'<svg {place}><path d="{shape}" class="{kind}"><title>{words(label)}</title></path></svg>'


def swatch(shape: str, kind: str) -> str:
    """A small sample of a color and shape, for a legend."""
    return (
        f'<svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true"><path d="{shape}" class="{kind}"/></svg>'
    )
