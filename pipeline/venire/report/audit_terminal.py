"""Prints an audit: the answer first, then why, at any width and into a pipe."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from venire.audit import Audit
from venire.report import audit_agreement_tables as agreeing
from venire.report import audit_judge_tables as judging
from venire.report.audit_label_tables import frontier_table, policy_table
from venire.report.audit_reading import QUESTION, answer, audit_reading, interval_sentence
from venire.report.table import Group, Row, Table
from venire.report.terminal import plain, print_table
from venire.text import plural

if TYPE_CHECKING:
    from rich.console import Console

# What of a long table a terminal has room for; the page and `--json` have all.
_MOST_ROWS: Final = 8
# How a footnote begins whose letter stands in a cell.
_LETTERED: Final = re.compile(r"\([a-z]+\) ")


def print_audit(audit: Audit, console: "Console") -> None:
    """Print the answer, the reading and the tables that it rests on.

    Names come from outside: they are printed as text, never as markup or terminal codes.

    Args:
        audit: what was found.
        console: where to print; colors and boxes follow what it can show.
    """
    console.print(plain(f"{QUESTION} {answer(audit)}", console, "bold"))
    for sentence in (*audit.statements, *audit_reading(audit), interval_sentence(audit)):
        console.print(plain(sentence, console))
    for table in _tables(audit):
        print_table(table, console)
    if audit.disputed:
        console.print()
        said = f"{plural(len(audit.disputed), 'transcript')} disputed, worst first on the page: {audit.disputed[0].key}"
        console.print(plain(said, console))


def _tables(audit: Audit) -> tuple[Table, ...]:
    alphas = _without(agreeing.alpha_table(audit), "pairs alike", "Gwet", "votes paired", "reading")
    pairs = _without(agreeing.pairwise_table(audit), "positive", "negative", "mean difference", "base rates")
    members = audit.model_copy(update={"judges": tuple(judge for judge in audit.judges if judge.voting)})
    judges = _without(
        judging.judge_table(members), "leaning elsewhere", "violation rate", "refused", "failed", "quotes found"
    )
    collapsed = _without(agreeing.collapse_table(audit), "Gwet", "clusters")
    return (
        alphas,
        _without(agreeing.leave_one_out_table(audit), "base rate"),
        pairs,
        judges,
        _first(collapsed),
        policy_table(audit),
        frontier_table(audit),
    )


def _first(table: Table) -> Table:
    """The first rows of each group, and how many more there are."""
    more = sum(max(0, len(group.rows) - _MOST_ROWS) for group in table.groups)
    groups = tuple(Group(group.name, group.rows[:_MOST_ROWS]) for group in table.groups)
    said = (f"… and {more:,} more on the page.",) if more else ()
    return replace(table, groups=groups, notes=(*table.notes, *said))


def _without(table: Table, *names: str) -> Table:
    """The table without some columns, and without the footnotes that only these needed."""
    kept = [number for number, column in enumerate(table.columns) if number == 0 or column.name not in names]
    groups = tuple(Group(group.name, tuple(_cells(row, kept) for row in group.rows)) for group in table.groups)
    cells = " ".join(cell for group in groups for row in group.rows for cell in row)
    notes = tuple(note for note in table.notes if not (found := _LETTERED.match(note)) or found[0].strip() in cells)
    return replace(table, columns=tuple(table.columns[number] for number in kept), groups=groups, notes=notes)


def _cells(row: Row, kept: list[int]) -> Row:
    """The kept cells of a row, which lacks the first column."""
    return tuple(row[number - 1] for number in kept if number)
