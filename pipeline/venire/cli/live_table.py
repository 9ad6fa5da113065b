"""The table that shows on a terminal how grading goes: a row for each judge, and one for all."""

from typing import TYPE_CHECKING, Final

from venire.cli.tally import Standing, Tally
from venire.cli.wording import duration, money
from venire.figures import NO_FIGURE
from venire.text import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table

_HEADINGS: Final = ("judge", "done", "of", "failed", "in flight", "a second", "spent", "left")
_REDRAWS_PER_SECOND: Final = 4


def live_table(tally: Tally, console: "Console") -> "Live":
    """The table, drawn again and again until it is stopped."""
    from rich.live import Live

    return Live(get_renderable=lambda: progress_table(tally), console=console, refresh_per_second=_REDRAWS_PER_SECOND)


def progress_table(tally: Tally) -> "Table":
    """How it stands now."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading == "judge" else "right", no_wrap=True)
    each = tally.standings()
    for standing in [*each, tally.overall()] if len(each) > 1 else each:
        # Text, so that no name is taken for markup.
        table.add_row(*map(Text, _cells(standing)))
    return table


def _cells(standing: Standing) -> tuple[str, ...]:
    return (
        visible(standing.name),
        f"{standing.done:,}",
        NO_FIGURE if standing.total is None else f"{standing.total:,}",
        f"{standing.failed:,}",
        f"{standing.in_flight:,}",
        NO_FIGURE if standing.per_second is None else f"{standing.per_second:,.1f}",
        money(standing.usd),
        NO_FIGURE if standing.left_s is None else duration(standing.left_s),
    )
