"""The list of contested labels: worst first, with the votes side by side."""

from typing import Final

from venire.agreement import Agreement, Contested
from venire.condition import Value
from venire.figures import NO_FIGURE, value_text
from venire.report.baseline import footnote, marked
from venire.report.table import Column, Group, Table, single, text_column
from venire.text import plural

# As many as a page can be read through; labels.parquet has all.
MOST_SHOWN: Final = 200
# More judges than this do not fit side by side: their votes are listed in one cell.
_MOST_COLUMNS: Final = 8
# Labels without a settlement before those that a majority settled.
_STATUS_ORDER: Final = ("contested", "incomplete", "majority")
_STATUS_WORDS: Final = {"majority": "settled by a majority"}


def contested_table(agreement: Agreement) -> Table:
    """The first labels of the list, the least settled and the farthest apart first."""
    rows = sorted(agreement.contested, key=_worst_first)[:MOST_SHOWN]
    judges = tuple(dict.fromkeys(judge for row in rows for judge in row.votes))
    beside = 0 < len(judges) <= _MOST_COLUMNS
    names = tuple(marked(agreement, judge) for judge in judges)
    columns = (
        text_column("transcript"),
        text_column("field"),
        text_column("status"),
        *(map(Column, names) if beside else (text_column("votes"),)),
    )
    groups = tuple(_group(agreement, row, judges if beside else ()) for row in rows)
    more = len(agreement.contested) - len(rows)
    notes = (f"… and {more:,} more, in labels.parquet.",) if more else ()
    empty = "No label is contested or incomplete."
    return Table(contested_caption(agreement), columns, groups, notes + footnote(agreement, judges), empty)


def contested_caption(agreement: Agreement) -> str:
    """What the list holds, such as `12 labels, contested or incomplete`."""
    if not agreement.contested:
        return "Contested or incomplete labels"
    found = sorted({row.status for row in agreement.contested}, key=_rank)
    what = " or ".join(_STATUS_WORDS.get(status, status) for status in found)
    return f"{plural(len(agreement.contested), 'label')}, {what}"


def _group(agreement: Agreement, row: Contested, judges: tuple[str, ...]) -> Group:
    cells = tuple(_vote(row.votes.get(judge)) for judge in judges)
    if not judges:
        cells = (", ".join(f"{marked(agreement, judge)} {value_text(v)}" for judge, v in row.votes.items()),)
    return single(row.key, row.field, row.status, *cells)


def _vote(value: Value | None) -> str:
    return NO_FIGURE if value is None else value_text(value)


def _worst_first(row: Contested) -> tuple[int, float]:
    return (_rank(row.status), -_spread(row))


def _rank(status: str) -> int:
    return _STATUS_ORDER.index(status) if status in _STATUS_ORDER else len(_STATUS_ORDER)


def _spread(row: Contested) -> float:
    """How far apart the votes are: the range of numbers, or how many different answers there are beyond the first."""
    votes = list(row.votes.values())
    numbers = [vote for vote in votes if isinstance(vote, int | float) and not isinstance(vote, bool)]
    if numbers and len(numbers) == len(votes):
        return float(max(numbers) - min(numbers))
    return float(len(set(map(str, votes))) - 1)
