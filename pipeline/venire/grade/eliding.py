"""Leaving out the middle of large tool outputs of a record that does not fit: the largest first, no more than needed.

The words of the agent, of the system prompt and of users are never left out, nor is a tool's error.
"""

from collections.abc import Sequence
from typing import Final

from venire.grade.measured import MeasuredEntry, total_tokens
from venire.grade.record import NOTHING, Span

# What stays of an output at least, half of it from its beginning and half from its end.
KEPT_CHARS: Final = 4000
# A cut that saves less is not worth its mark.
_SHORTEST_CUT: Final = 100


def elide(measured: Sequence[MeasuredEntry], room: int) -> dict[int, Span]:
    """What to leave out of which entry, so that the record comes to at most `room` tokens.

    All outputs longer than a common length are cut to it: the longest at which the record fits. Where it does not fit
    even with `KEPT_CHARS` of each, they are cut to that.

    Returns:
        spans by index of the entry; empty where everything fits.
    """
    if total_tokens(measured, {}) <= room:
        return {}
    shortest, longest = KEPT_CHARS, max((len(each.entry.output) for each in measured), default=0)
    # Bisection: `shortest` is cut enough, or is all that may be cut; `longest` is not.
    while longest - shortest > 1:
        length = (shortest + longest) // 2
        if total_tokens(measured, _cut_to(length, measured)) <= room:
            shortest = length
        else:
            longest = length
    return _cut_to(shortest, measured)


def _cut_to(length: int, measured: Sequence[MeasuredEntry]) -> dict[int, Span]:
    cuts = {each.entry.index: _middle(each.entry.output, length) for each in measured if each.entry.is_output}
    return {index: cut for index, cut in cuts.items() if cut}


def _middle(output: Span, length: int) -> Span:
    """What lies between the first and the last half of `length` characters."""
    if len(output) < length + _SHORTEST_CUT:
        return NOTHING
    return Span(output.start + length // 2, output.end - (length - length // 2))
