"""How the audit's estimates are written: the figure with its interval, and below the table why one is undefined."""

import string
from collections.abc import Callable
from typing import Final

from venire.audit import BaseRate, Estimate, Share
from venire.figures import NO_FIGURE, alpha_text, percent

UNDEFINED: Final = "undefined"
NO_BREAK: Final = "\u00a0"
# A share of replicates without the figure below this does not shape its interval.
_FEW_REPLICATES: Final = 0.01

_INAPPLICABLE: Final = f"{NO_FIGURE} Not a figure of such a field."

Writer = Callable[[float], str]


def coefficient(value: float) -> str:
    """A coefficient of agreement that has no thresholds, with three digits."""
    return f"{round(value, 3) + 0.0:.3f}"


def signed(value: float) -> str:
    """A difference with its sign, two digits."""
    return _with_sign(value, 2)


def signed_coefficient(value: float) -> str:
    """A difference of coefficients with its sign, three digits."""
    return _with_sign(value, 3)


def points(value: float) -> str:
    """A difference of shares in percentage points."""
    return f"{_with_sign(100 * value, 1)} pts"


def share(value: float) -> str:
    """A share in percent."""
    return percent(value)


def alpha(value: float) -> str:
    """An alpha, never rounded over a threshold."""
    return alpha_text(value)


def with_interval(estimate: Estimate, write: Writer) -> str:
    """`0.783 [0.723, 0.829]`; the figure alone where there is no interval, and `undefined` without a figure."""
    if estimate.value is None:
        return UNDEFINED
    if estimate.low is None or estimate.high is None:
        return write(estimate.value)
    # Where a line is too short, the interval goes to the next one whole; a terminal shows the spaces as any other.
    interval = f"[{_bound(estimate.low, write)}, {_bound(estimate.high, write)}]".replace(" ", NO_BREAK)
    return f"{write(estimate.value).replace(' ', NO_BREAK)} {interval}"


def in_words(estimate: Estimate, write: Writer) -> str:
    """`0.783 (95 % interval 0.723 to 0.829)`, for a sentence that stands alone."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return with_interval(estimate, write)
    return f"{write(estimate.value)} (95 % interval {_bound(estimate.low, write)} to {_bound(estimate.high, write)})"


def share_text(found: Share) -> str:
    """`2 of 40 (5.0 %)`, or `none of 0`."""
    return f"{found.count:,} of {found.total:,} ({percent(found.share)})" if found.total else "none of 0"


def base_rate_text(rate: BaseRate) -> str:
    """`yes 24.1 %`; empty votes give no figure."""
    return NO_FIGURE if rate.share is None else f"{rate.value} {percent(rate.share)}"


def clear_of_zero(estimate: Estimate) -> bool:
    """Whether there is an interval, and zero is not in it."""
    return estimate.low is not None and estimate.high is not None and (estimate.low > 0 or estimate.high < 0)


class Footnotes:
    """Collects, while a table's cells are written, why figures are undefined; each reason has a letter."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._inapplicable = False

    def cell(self, estimate: Estimate | None, write: Writer) -> str:
        """The figure with its interval, and the letter of what must be said of it."""
        if estimate is None:
            self._inapplicable = True
            return NO_FIGURE
        text = with_interval(estimate, write)
        reason = _reason(estimate)
        return f"{text} ({self._letter(reason)})" if reason else text

    def notes(self) -> tuple[str, ...]:
        """What the letters stand for."""
        lettered = tuple(f"({letter}) {reason}" for reason, letter in self._letters.items())
        return (*lettered, _INAPPLICABLE) if self._inapplicable else lettered

    def _letter(self, reason: str) -> str:
        return self._letters.setdefault(reason, _letter_name(len(self._letters)))


def _reason(estimate: Estimate) -> str:
    said = estimate.undefined.strip().rstrip(".")
    if estimate.value is None:
        return f"Undefined: {said or 'no reason was recorded'}."
    if estimate.low is None or estimate.high is None:
        return f"No interval: {said.removeprefix('no interval: ') or 'none was computed'}."
    if estimate.undefined_replicates > _FEW_REPLICATES:
        gone = percent(estimate.undefined_replicates)
        return f"Undefined in {gone} of the replicates; the interval is of the others."
    return ""


def _letter_name(number: int) -> str:
    rest, letter = divmod(number, len(string.ascii_lowercase))
    return (_letter_name(rest - 1) if rest else "") + string.ascii_lowercase[letter]


def _bound(value: float, write: Writer) -> str:
    return write(value).removesuffix(" pts").removesuffix(" %")


def _with_sign(value: float, digits: int) -> str:
    """The value with its sign; what is rounded to zero has none."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"
