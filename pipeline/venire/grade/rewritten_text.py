"""A text in which some places were replaced, which remembers where each of its characters came from."""

import re
from bisect import bisect_right
from collections.abc import Callable


class RewrittenText:
    """One text after all matches of a pattern were replaced.

    Attributes:
        text: the text that came of it.
    """

    def __init__(self, original: str, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> None:
        # Pieces in step: where each begins in the new text, where in the original, and whether it was copied.
        self._new_starts: list[int] = []
        self._starts: list[int] = []
        self._copied: list[bool] = []
        self._length = len(original)
        pieces: list[str] = []
        self._at = position = 0
        for match in pattern.finditer(original):
            self._add(pieces, original[position : match.start()], position, copied=True)
            self._add(pieces, replacement(match), match.start(), copied=False)
            position = match.end()
        self._add(pieces, original[position:], position, copied=True)
        self.text = "".join(pieces)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters of `text` from `start` to before `end` stand in the original; `start` < `end`.

        A part of a replacement stands for all that was replaced.
        """
        return self._original(start, last=False), self._original(end - 1, last=True)

    def _add(self, pieces: list[str], text: str, start: int, *, copied: bool) -> None:
        if text:
            pieces.append(text)
            self._new_starts.append(self._at)
            self._starts.append(start)
            self._copied.append(copied)
            self._at += len(text)

    def _original(self, index: int, *, last: bool) -> int:
        """Where a character of `text` begins in the original, or where it ends if it is the last one."""
        piece = bisect_right(self._new_starts, index) - 1
        if self._copied[piece]:
            return self._starts[piece] + index - self._new_starts[piece] + last
        if not last:
            return self._starts[piece]
        return self._starts[piece + 1] if piece + 1 < len(self._starts) else self._length
