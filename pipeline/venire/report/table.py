"""A table of the report, before it is drawn: the terminal and the page show the same ones."""

from dataclasses import dataclass
from typing import Literal

Row = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column; figures are set to the right, so that their digits stand below each other."""

    name: str
    align: Literal["left", "right"] = "right"


@dataclass(frozen=True)
class Group:
    """Rows that belong together under one name, such as those of an agent; each row lacks the first column."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        caption: what it shows.
        columns: the first is that of the groups' names.
        groups: in the order shown.
        notes: what a reader must know to read it.
        empty: what to say where there is no group.
    """

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
    empty: str = "Nothing to show."


def text_column(name: str) -> Column:
    """A column of words."""
    return Column(name, align="left")


def single(name: str, *cells: str) -> Group:
    """A group of one row."""
    return Group(name, (cells,))
