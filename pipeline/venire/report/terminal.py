"""Prints what was measured: the reading first, then the tables, at any width and into a pipe."""

from typing import TYPE_CHECKING, Final

from venire.agreement import Agreement
from venire.report.contested import contested_caption
from venire.report.reading import baseline_sentence, interval_sentence, reading
from venire.report.summary import summary_tables
from venire.report.table import Table
from venire.text import one_line, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as DrawnTable
    from rich.text import Text

# Names up to this share of the width stay on one line; longer ones are folded so that the figures have room.
_WIDEST_NAME: Final = 0.35
# A width that no table reaches, to ask how wide one would like to be.
_UNBOUND: Final = 100_000

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
        console.print(_text(sentence, console, "" if number else "bold"))
    for table in summary_tables(agreement):
        console.print()
        console.print(_text(table.caption, console, "bold"))
        console.print(_draw(table, console) if table.groups else _text(table.empty, console))
        for note in table.notes if table.groups else ():
            console.print(_text(note, console, "dim"))
    if agreement.contested:
        console.print()
        console.print(_text(f"{contested_caption(agreement)}: see the page for the votes side by side.", console))


def _draw(table: Table, console: "Console") -> "DrawnTable":
    """The table with a blank more between the columns where the width allows it."""
    wide = _lay_out(table, console, padding=1)
    unbound = console.options.update(max_width=_UNBOUND)
    return wide if console.measure(wide, options=unbound).maximum <= console.width else _lay_out(table, console, 0)


def _lay_out(table: Table, console: "Console", padding: int) -> "DrawnTable":
    from rich import box
    from rich.table import Table as DrawnTable

    drawn = DrawnTable(box=box.SIMPLE_HEAD, padding=(0, padding, 0, 0), pad_edge=False, show_edge=False)
    longest = max(len(group.name) for group in table.groups)
    for number, column in enumerate(table.columns):
        figures = column.align == "right"
        keep = figures or (number == 0 and longest <= console.width * _WIDEST_NAME)
        heading = _text(column.name.replace(" ", "\n") if figures else column.name, console)
        drawn.add_column(heading, justify=column.align, overflow="fold", no_wrap=keep)
    for group in table.groups:
        for number, row in enumerate(group.rows):
            # A name is shown once, as a heading of the rows that follow.
            cells = (group.name if number == 0 else "", *row)
            drawn.add_row(*(_text(cell, console) for cell in cells))
    return drawn


def _text(words: str, console: "Console", style: str = "") -> "Text":
    """The words as plain text that the console's encoding can hold."""
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
