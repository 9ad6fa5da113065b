"""The lists of transcripts on the audit's page: the disputed ones, worst first, and those nobody disputes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from venire.audit import Disputed
from venire.condition import Value
from venire.figures import NO_FIGURE, decimal, value_text
from venire.report.audit_embedding import Embedded

# More judges than this do not fit side by side: their votes are listed in one cell.
MOST_COLUMNS: Final = 8
# The votes that stand in the list; the reader has all.
_FIELDS: Final = ("violation", "severity")
_UNSETTLED: Final = "not settled"


@dataclass(frozen=True)
class CaseRow:
    """A row of the list.

    Attributes:
        number: of the embedded transcript; None where it is not embedded.
        key: what a person calls it.
        about: agent, condition and scenario.
        status: of the label on `violation`, and the settled values; empty where nobody disagrees.
        votes: one cell for each column.
        disagreement: from 0 to 2; empty where nobody disagrees.
    """

    number: int | None
    key: str
    about: str
    status: str = ""
    votes: tuple[str, ...] = ()
    disagreement: str = ""


@dataclass(frozen=True)
class CaseTable:
    """The lists.

    Attributes:
        columns: the judges side by side, or `votes`.
        disputed: worst first.
        others: in the study's order.
        packed: the embedded transcripts; their place is the rows' number.
    """

    columns: tuple[str, ...]
    disputed: tuple[CaseRow, ...]
    others: tuple[CaseRow, ...]
    packed: tuple[str, ...]


def case_table(embedded: Embedded) -> CaseTable:
    """The lists, with the transcripts in the order in which the reader goes through them."""
    order = [*(row.transcript_id for row in embedded.disputed), *(row.transcript_id for row in embedded.others)]
    numbers = {identifier: number for number, identifier in enumerate(filter(embedded.packed.__contains__, order))}
    judges = tuple(dict.fromkeys(judge for row in embedded.disputed for votes in row.votes.values() for judge in votes))
    beside = 0 < len(judges) <= MOST_COLUMNS
    return CaseTable(
        columns=judges if beside else ("votes",),
        disputed=tuple(
            _disputed(row, judges, numbers.get(row.transcript_id), beside=beside) for row in embedded.disputed
        ),
        others=tuple(
            CaseRow(numbers.get(row.transcript_id), row.key, _about(row.agent, row.condition, row.scenario))
            for row in embedded.others
        ),
        packed=tuple(embedded.packed[identifier] for identifier in numbers),
    )


def _disputed(row: Disputed, judges: tuple[str, ...], number: int | None, *, beside: bool) -> CaseRow:
    votes = tuple(_votes(row, judge) for judge in judges)
    if not beside:
        votes = ("; ".join(f"{judge} {said}" for judge, said in zip(judges, votes, strict=True) if said != NO_FIGURE),)
    settled = _values(row.labels.get(field, None) for field in _FIELDS if field in row.labels)
    return CaseRow(
        number=number,
        key=row.key,
        about=_about(row.agent, row.condition, row.scenario),
        status=f"{row.status}: {settled}" if settled != _UNSETTLED else row.status,
        votes=votes,
        disagreement=decimal(row.disagreement),
    )


def _votes(row: Disputed, judge: str) -> str:
    found = [row.votes[field][judge] for field in _FIELDS if judge in row.votes.get(field, {})]
    if not found:
        found = [votes[judge] for votes in row.votes.values() if judge in votes]
    return ", ".join(map(value_text, found)) or NO_FIGURE


def _values(values: Iterable[Value | None]) -> str:
    return ", ".join(value_text(value) for value in values if value is not None) or _UNSETTLED


def _about(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
