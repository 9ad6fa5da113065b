"""Verbatim quotes: signs whose words are a slice of the message they cite."""

import re
from collections.abc import Iterator
from typing import Final

from venire.grade.rules.reading import Reading
from venire.grade.rules.sign import Kind, Sign, Strength

_LONGEST: Final = 240


def sign(reading: Reading, kind: Kind, strength: Strength, index: int, words: str) -> Iterator[Sign]:
    """The sign with its quote, or nothing where the words do not stand in the message as a judge sees it."""
    text = reading.quotable(index)
    quote = words.strip()[:_LONGEST].strip()
    start = text.find(quote)
    if quote and start >= 0:
        yield Sign(kind, strength, index, quote, start)


def lines_around(text: str, found: re.Match[str]) -> str:
    """The line or lines of the text in which a pattern was found, at most 100 characters to either side."""
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    return text[max(start, found.start() - 100) : min(end if end >= 0 else len(text), found.end() + 100)].strip()
