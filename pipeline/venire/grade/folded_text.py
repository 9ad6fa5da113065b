"""A text with white space and escapes folded away, which remembers where each character came from."""

import re
from bisect import bisect_right
from typing import Final

# Judges read JSON inside JSON and quote it with more or fewer backslashes than it has, so any number will do.
_FOLDED: Final = re.compile(
    r"""(?P<space>(?:\s|\\+[nrt]|\\+u(?:00(?:09|0[a-dA-D]|1[c-fC-F]|20|85|[aA]0)|202[89]))+)
      | \\+u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\+u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
      | \\+u(?P<four>[0-9a-fA-F]{4})
      | \\+U(?P<eight>000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4})
      | \\+x(?P<two>[0-9a-fA-F]{2})
      | \\+(?P<mark>["'/]?)
      | (?P<quote>[“”„‟‘’‚‛])""",
    re.VERBOSE,
)
_STRAIGHT: Final = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")


class FoldedText:
    """One text, folded: runs of white space are one space, escapes are what they stand for, quotes are straight.

    Attributes:
        text: the folded text.
    """

    def __init__(self, original: str) -> None:
        # Pieces in step: where each begins in the folded text, where in the original, and whether it was copied.
        self._folded_starts: list[int] = []
        self._starts: list[int] = []
        self._copied: list[bool] = []
        self._length = len(original)
        pieces: list[str] = []
        self._at = position = 0
        for match in _FOLDED.finditer(original):
            self._add(pieces, original[position : match.start()], position, copied=True)
            self._add(pieces, _meaning(match), match.start(), copied=False)
            position = match.end()
        self._add(pieces, original[position:], position, copied=True)
        self.text = "".join(pieces)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from `start` to before `end` stand in the original; `start` < `end`."""
        return self._original(start, last=False), self._original(end - 1, last=True)

    def _add(self, pieces: list[str], text: str, start: int, *, copied: bool) -> None:
        if text:
            pieces.append(text)
            self._folded_starts.append(self._at)
            self._starts.append(start)
            self._copied.append(copied)
            self._at += len(text)

    def _original(self, index: int, *, last: bool) -> int:
        """Where a folded character begins in the original, or where it ends if it is the last one."""
        piece = bisect_right(self._folded_starts, index) - 1
        if self._copied[piece]:
            return self._starts[piece] + index - self._folded_starts[piece] + last
        if not last:
            return self._starts[piece]
        return self._starts[piece + 1] if piece + 1 < len(self._starts) else self._length


def _meaning(match: re.Match[str]) -> str:
    kind, value = match.lastgroup, match.group(match.lastgroup or 0)
    match kind:
        case "space":
            return " "
        case "low":
            pair = bytes.fromhex(match.group("high") + value)
            return pair.decode("utf-16-be")
        case "four" | "eight" | "two":
            return chr(int(value, 16)).translate(_STRAIGHT)
        case "quote":
            return value.translate(_STRAIGHT)
        case _:
            return value or "\\"
