"""Windows: a record too long for one prompt, in overlapping parts that end where messages end.

The system prompt and the task are in every window, so that each can be judged by itself; every other character of the
record is in at least one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from venire.grade.measured import MARK_TOKENS, Block, MeasuredEntry, total_tokens
from venire.grade.record import NOTHING, Entry, Span
from venire.transcript import Transcript

# Of a window: what the system prompt and the task may take, and what it shares with the window before it.
_CONTEXT_SHARE: Final = 1 / 4
_OVERLAP_SHARE: Final = 1 / 8


@dataclass(frozen=True)
class Piece:
    """An entry of the record, or the part of it that a window shows."""

    entry: int
    span: Span


@dataclass(frozen=True)
class Window:
    """What one prompt shows.

    Attributes:
        pieces: in the order of the record.
        first, last: the entries that this window is about, besides the system prompt and the task.
    """

    pieces: tuple[Piece, ...]
    first: int
    last: int


def context_entries(transcript: Transcript) -> tuple[int, ...]:
    """The indices of the system prompt, before any turn of the agent, and of the task, the first message of a user."""
    roles = [message.role for message in transcript.messages]
    before = roles.index("assistant") if "assistant" in roles else len(roles)
    task = [roles.index("user")] if "user" in roles else []
    return tuple(sorted({*(index for index in range(before) if roles[index] == "system"), *task}))


def split(
    measured: Sequence[MeasuredEntry], left_out: Mapping[int, Span], context: Sequence[int], room: int
) -> tuple[Window, ...]:
    """The record in windows of at most `room` tokens each.

    Args:
        measured: all entries, in order.
        left_out: what is left out of which entry.
        context: the entries that every window shows: whole where they take up to a quarter of the room, else their
            beginnings, and then they are divided among the windows like all others, too.
        room: tokens of a window, marks included.
    """
    if total_tokens(measured, left_out) <= room:
        everything = tuple(Piece(each.entry.index, Span(0, len(each.entry.text))) for each in measured)
        return (Window(everything, 0, len(measured) - 1),)
    shared = _context(measured, context, int(room * _CONTEXT_SHARE))
    whole = {piece.entry for piece in shared if len(piece.span) == len(measured[piece.entry].entry.text)}
    room -= sum(measured[piece.entry].measured.tokens(0, piece.span.end) + MARK_TOKENS for piece in shared)
    blocks = [
        block
        for each in measured
        if each.entry.index not in whole
        for block in each.blocks(left_out.get(each.entry.index, NOTHING))
    ]
    return tuple(_window(part, shared) for part in _parts(blocks, room))


def show(window: Window, entries: Sequence[Entry], left_out: Mapping[int, Span]) -> str:
    """The window's part of the record."""
    return "\n".join(
        entries[piece.entry].show(piece.span, left_out.get(piece.entry, NOTHING)) for piece in window.pieces
    )


def _context(measured: Sequence[MeasuredEntry], context: Sequence[int], room: int) -> tuple[Piece, ...]:
    chosen = [measured[index] for index in context]
    if sum(each.tokens() for each in chosen) <= room:
        return tuple(Piece(each.entry.index, Span(0, len(each.entry.text))) for each in chosen)
    return tuple(Piece(each.entry.index, _beginning(each, room // len(chosen) - MARK_TOKENS)) for each in chosen)


def _beginning(each: MeasuredEntry, room: int) -> Span:
    end = 0
    for block in each.blocks():
        if each.measured.tokens(0, block.span.end) > room:
            break
        end = block.span.end
    return Span(0, end)


def _parts(blocks: Sequence[Block], room: int) -> list[Sequence[Block]]:
    """The blocks in overlapping runs, each of at most `room` tokens."""
    parts: list[Sequence[Block]] = []
    start = 0
    while start < len(blocks):
        end = _end(blocks, start, room)
        parts.append(blocks[start:end])
        start = len(blocks) if end == len(blocks) else _next_start(blocks, start, end, int(room * _OVERLAP_SHARE))
    return parts


def _end(blocks: Sequence[Block], start: int, room: int) -> int:
    """Where a run ends that begins at `start`: at a message's end, unless that would leave half of the room unused."""
    used, border, end = 0, start, start
    while end < len(blocks):
        opens = end == start or _opens(blocks, end)
        if opens and end > start and used > room / 2:
            border = end
        used += blocks[end].tokens + (MARK_TOKENS if opens else 0)
        if used > room and end > start:
            return border if border > start else end
        end += 1
    return end


def _next_start(blocks: Sequence[Block], start: int, end: int, overlap: int) -> int:
    """Where the run after that from `start` to `end` begins: before its end, and at a message's beginning if it can."""
    first, used = end, 0
    while first - 1 > start and used + blocks[first - 1].tokens + MARK_TOKENS <= overlap:
        first -= 1
        used += blocks[first].tokens
    return next((index for index in range(first, end) if _opens(blocks, index)), first)


def _opens(blocks: Sequence[Block], index: int) -> bool:
    """Whether a message begins with this block."""
    return index == 0 or blocks[index].entry != blocks[index - 1].entry


def _window(blocks: Sequence[Block], shared: Sequence[Piece]) -> Window:
    own: dict[int, Span] = {}
    for block in blocks:
        begun = own.get(block.entry, block.span)
        own[block.entry] = Span(begun.start, block.span.end)
    # A beginning that the window shows anyway is not shown twice.
    besides = [piece for piece in shared if piece.entry not in own or own[piece.entry].start > 0]
    pieces = [*besides, *(Piece(entry, span) for entry, span in own.items())]
    pieces.sort(key=lambda piece: (piece.entry, piece.span.start))
    return Window(tuple(pieces), blocks[0].entry, blocks[-1].entry)
