"""A table of the card, and how figures read in it."""

from dataclasses import dataclass
from typing import Final

from venire.agreement import Interval

NOTHING: Final = "–"


@dataclass(frozen=True)
class Table:
    """A table: each row has a cell for every heading."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grouped(count: int) -> str:
    """`3,800`."""
    return f"{count:,}"


def percent(share: float | None) -> str:
    """`21.2 %`."""
    return NOTHING if share is None else f"{100 * share:.1f} %"


def decimal(value: float | None, digits: int = 2) -> str:
    """`0.783` at three digits."""
    return NOTHING if value is None else f"{value:.{digits}f}"


def percent_interval(interval: Interval | None) -> str:
    """` (14.0 to 29.1)`, or nothing."""
    return "" if interval is None else f" ({100 * interval.low:.1f} to {100 * interval.high:.1f})"


def decimal_interval(interval: Interval | None) -> str:
    """` (1.05 to 1.62)`, or nothing."""
    return "" if interval is None else f" ({interval.low:.2f} to {interval.high:.2f})"


def counts(numbers: dict[str, int]) -> str:
    """`answered 38, refused 2`."""
    return ", ".join(f"{name} {count:,}" for name, count in numbers.items() if count) or NOTHING
