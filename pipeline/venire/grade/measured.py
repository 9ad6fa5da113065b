"""What the messages of a record weigh: the tokens of each as it is shown, block by block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

from venire.grade.record import NOTHING, Entry, Span
from venire.grade.tokens import MeasuredText

# Small enough for one block of the strangest characters to fit into the smallest window.
_BLOCK_CHARS: Final = 200
# The mark above a message, and those where a part of it begins or ends.
MARK_TOKENS: Final = 60


@dataclass(frozen=True)
class Block:
    """A stretch of one message that is never divided."""

    entry: int
    span: Span
    tokens: int


@dataclass(frozen=True)
class MeasuredEntry:
    """An entry of the record with the tokens of its text."""

    entry: Entry
    measured: MeasuredText

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Measure an entry."""
        return cls(entry, MeasuredText.of(entry.text, _BLOCK_CHARS))

    def tokens(self, left_out: Span = NOTHING) -> int:
        """Tokens of the entry when it is shown whole but for what is left out."""
        return MARK_TOKENS + sum(block.tokens for block in self.blocks(left_out)) if left_out else self._whole()

    def blocks(self, left_out: Span = NOTHING) -> Iterator[Block]:
        """The entry in blocks; one that is empty is still one block, for it has a mark that is shown."""
        length = len(self.entry.text)
        ends = {0, length, *self.measured.ends, *((left_out.start, left_out.end) if left_out else ())}
        found = False
        for start, end in pairwise(sorted(ends)):
            if not left_out or end <= left_out.start or start >= left_out.end:
                found = True
                yield Block(self.entry.index, Span(start, end), self.measured.tokens(start, end))
        if not found:
            yield Block(self.entry.index, NOTHING, 0)

    def _whole(self) -> int:
        return MARK_TOKENS + self.measured.tokens(0, len(self.entry.text))


def total_tokens(measured: Sequence[MeasuredEntry], left_out: Mapping[int, Span]) -> int:
    """Tokens of the whole record."""
    return sum(each.tokens(left_out.get(each.entry.index, NOTHING)) for each in measured)
