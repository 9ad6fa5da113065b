"""How figures are written for people: on the page, the terminal and the card; and the thresholds they are read by."""

import math
from decimal import Decimal
from typing import Final, Literal

from venire.agreement import Interval
from venire.condition import Value

# Krippendorff, Content Analysis (2004), p. 241: rely on variables with alpha of .800 or more; between .667 and .800
# draw tentative conclusions only; below that, none.
RELIABLE: Final = 0.8
TENTATIVE: Final = 0.667

# What stands where there is no figure; a reason stands beside it.
NO_FIGURE: Final = "–"

# Three digits, because the lower threshold has three.
_ALPHA_DIGITS: Final = 3
_MOST_ALPHA_DIGITS: Final = 8
# A share is written in percent with one digit: a set of 1,000 transcripts resolves no more.
_SMALLEST_SHARE: Final = 0.0005

Reliability = Literal["reliable", "tentative", "not to be relied on"]


def reliability(alpha: float) -> Reliability:
    """What an alpha allows, by the two thresholds; decided on the unrounded figure."""
    if alpha >= RELIABLE:
        return "reliable"
    return "tentative" if alpha >= TENTATIVE else "not to be relied on"


def alpha_text(alpha: float | None) -> str:
    """An alpha with three digits, or as many as it takes not to be rounded over a threshold that it misses."""
    if alpha is None:
        return NO_FIGURE
    for digits in range(_ALPHA_DIGITS, _MOST_ALPHA_DIGITS):
        if reliability(round(alpha, digits)) == reliability(alpha):
            return f"{alpha:.{digits}f}"
    return f"{alpha:.{_MOST_ALPHA_DIGITS}f}"


def percent(share: float | None) -> str:
    """A share in percent with one digit; what is not quite none or all is not rounded to it."""
    if share is None:
        return NO_FIGURE
    if 0 < share < _SMALLEST_SHARE:
        return "<0.1 %"
    if 1 - _SMALLEST_SHARE <= share < 1:
        return ">99.9 %"
    return f"{_hundredfold(share)} %"


def percent_of(count: int, total: int) -> str:
    """`24 of 79 (30.4 %)`, or `0 of 0`."""
    share = f" ({percent(count / total)})" if total else ""
    return f"{count:,} of {total:,}{share}"


def percent_interval(interval: Interval | None) -> str:
    """An interval of shares in percent."""
    return NO_FIGURE if interval is None else f"{_hundredfold(interval.low)}–{_hundredfold(interval.high)} %"


def decimal(value: float | None) -> str:
    """A mean with two digits."""
    return NO_FIGURE if value is None else f"{value:.2f}"


def dollars(cost: float | None) -> str:
    """A cost in US dollars, to the cent; `unknown` where no price is known."""
    return "unknown" if cost is None else f"${cost:,.2f}"


def value_text(value: Value) -> str:
    """A vote's value as a reader expects it: yes and no, and whole numbers without a point."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def number_in(text: str) -> float | None:
    """The number a distribution's key stands for; None where it is a word."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _hundredfold(share: float) -> str:
    # In decimals, because 100 * 0.2875 is a little less than 28.75 and would be written as 28.7.
    return f"{100 * Decimal(repr(share)):.1f}"
