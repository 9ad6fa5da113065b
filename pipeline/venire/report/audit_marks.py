"""Where the quotes of verdicts stand in the parts of a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from venire.report.audit_cases import Part
from venire.verdict import Evidence


@dataclass(frozen=True)
class Mark:
    """A stretch of one part that a quote is of.

    Attributes:
        start: the first character, in UTF-16 code units, which are what a browser counts.
        end: the character after the last.
        quote: the number of the quote in the transcript.
    """

    start: int
    end: int
    quote: int


def marks_of(parts: Sequence[Part], quotes: Sequence[tuple[int, Evidence]]) -> tuple[tuple[Mark, ...], ...]:
    """The marks of each part of one message.

    Args:
        parts: of the message, in order.
        quotes: the evidence found in this message, each with its number; a span may reach over several parts.
    """
    found: list[tuple[Mark, ...]] = []
    begin = 0
    for part in parts:
        end = begin + len(part.text)
        spans = ((number, _clipped(evidence, begin, end)) for number, evidence in quotes)
        found.append(tuple(_mark(part.text, span, number) for number, span in spans if span is not None))
        # One line break stands between two parts.
        begin = end + 1
    return tuple(found)


def _clipped(evidence: Evidence, begin: int, end: int) -> tuple[int, int] | None:
    """What of the span lies in the part that reaches from begin to end, counted from the part's start."""
    if evidence.start is None or evidence.end is None:
        return None
    start, stop = max(evidence.start, begin), min(evidence.end, end)
    return (start - begin, stop - begin) if start < stop else None


def _mark(text: str, span: tuple[int, int], quote: int) -> Mark:
    start = _code_units(text[: span[0]])
    return Mark(start, start + _code_units(text[span[0] : span[1]]), quote)


def _code_units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
