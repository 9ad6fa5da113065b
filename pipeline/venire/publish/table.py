"""A table of the card."""

from dataclasses import dataclass

from venire.figures import NO_FIGURE


@dataclass(frozen=True)
class Table:
    """A table: each row has a cell for every heading."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grouped(count: int) -> str:
    """`3,800`."""
    return f"{count:,}"


def counts(numbers: dict[str, int]) -> str:
    """`answered 38, refused 2`."""
    return ", ".join(f"{name} {count:,}" for name, count in numbers.items() if count) or NO_FIGURE
