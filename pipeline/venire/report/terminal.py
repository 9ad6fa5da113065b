"""Prints what was measured: the reading first, then the tables, at any width and into a pipe."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from venire.agreement import Agreement
from venire.report.contested import contested_caption
from venire.report.reading import baseline_sentence, interval_sentence, reading
from venire.report.summary import summary_tables
from venire.report.table import Group, Table
from venire.text import one_line, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as DrawnTable
    from rich.text import Text

# Names up to this share of the width stay on one line; longer ones are folded so that the figures have room.
_WIDEST_NAME: Final = 0.35
# A width that no table reaches, to ask how wide one would like to be.
_UNBOUND: Final = 100_000

# How an interval follows its figure in a cell.
_INTERVAL: Final = " ["

_LIKENESS: Final = str.maketrans({"–": "-", "…": "..."})


def print_summary(agreement: Agreement, console: "Console") -> None:
    """Print the reading and every table of a study.

    Names and causes come from outside: they are printed as text, never as markup or terminal codes.

    Args:
        agreement: what was measured.
        console: where to print; colors and boxes follow what it can show.
    """
    sentences = (*reading(agreement), baseline_sentence(agreement), interval_sentence(agreement))
    for number, sentence in enumerate(filter(None, sentences)):
        console.print(plain(sentence, console, "" if number else "bold"))
    for table in summary_tables(agreement):
        print_table(table, console)
    if agreement.contested:
        console.print()
        console.print(plain(f"{contested_caption(agreement)}: see the page for the votes side by side.", console))


def print_table(table: Table, console: "Console") -> None:
    """Print one table below a blank line, with its caption and notes."""
    console.print()
    console.print(plain(table.caption, console, "bold"))
    console.print(_draw(table, console) if table.groups else plain(table.empty, console))
    for note in table.notes if table.groups else ():
        console.print(plain(note, console, "dim"))


def _draw(table: Table, console: "Console") -> "DrawnTable":
    """The table with a blank more between the columns, or intervals below their figures, as the width allows."""
    for padding in (1, 0):
        drawn = _lay_out(table, console, padding)
        if console.measure(drawn, options=console.options.update(max_width=_UNBOUND)).maximum <= console.width:
            return drawn
    return _lay_out(_intervals_below(table), console, 0)


def _intervals_below(table: Table) -> Table:
    """The table with each interval on a line of its own."""
    groups = (
        Group(group.name, tuple(tuple(cell.replace(_INTERVAL, "\n[") for cell in row) for row in group.rows))
        for group in table.groups
    )
    return replace(table, groups=tuple(groups))


def _lay_out(table: Table, console: "Console", padding: int) -> "DrawnTable":
    from rich import box
    from rich.table import Table as DrawnTable

    drawn = DrawnTable(box=box.SIMPLE_HEAD, padding=(0, padding, 0, 0), pad_edge=False, show_edge=False)
    longest = max(len(group.name) for group in table.groups)
    for number, column in enumerate(table.columns):
        figures = column.align == "right"
        keep = (figures and not _has_intervals(table, number)) or (
            number == 0 and longest <= console.width * _WIDEST_NAME
        )
        heading = plain(column.name.replace(" ", "\n") if figures else column.name, console)
        drawn.add_column(heading, justify=column.align, overflow="fold", no_wrap=keep)
    for group in table.groups:
        for number, row in enumerate(group.rows):
            # A name is shown once, as a heading of the rows that follow.
            cells = (group.name if number == 0 else "", *row)
            drawn.add_row(*(plain(cell, console) for cell in cells))
    return drawn


def _has_intervals(table: Table, number: int) -> bool:
    """Whether a column holds figures with intervals: long ones, which had better be folded than cut."""
    return number > 0 and any("[" in row[number - 1] for group in table.groups for row in group.rows)


def plain(words: str, console: "Console", style: str = "") -> "Text":
    """The words as text without markup or terminal codes, that the console's encoding can hold."""
    from rich.text import Text

    shown = visible("\n".join(one_line(line, width=len(line)) for line in words.split("\n")))
    return Text(_encodable(shown, console.encoding), style=style)


def _encodable(words: str, encoding: str) -> str:
    """The words, with what an old encoding cannot hold replaced by its likeness, or by its number."""
    try:
        words.encode(encoding)
    except UnicodeEncodeError:
        return words.translate(_LIKENESS).encode(encoding, errors="backslashreplace").decode(encoding)
    return words
