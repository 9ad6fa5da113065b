"""How the command line writes money, time and tables of them."""

from collections.abc import Sequence

from venire.figures import dollars

_MINUTE_S = 60
_HOUR_S = 3600


def money(usd: float | None) -> str:
    """US dollars to the cent, and small sums to a hundredth of it; `unknown` where no price is known."""
    return f"${usd:.4f}" if usd is not None and 0 < usd < 0.1 else dollars(usd)


def duration(seconds: float) -> str:
    """`8 s`, `12 min`, `3.4 h`: as exact as an estimate is."""
    if seconds < 1.5 * _MINUTE_S:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE_S:.0f} min" if seconds < 1.5 * _HOUR_S else f"{seconds / _HOUR_S:.1f} h"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines of text: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
