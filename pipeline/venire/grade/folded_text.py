"""A text with white space and escapes folded away, which remembers where each character came from."""

import re
from typing import Final

from venire.grade.rewritten_text import RewrittenText

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


class FoldedText(RewrittenText):
    """One text, folded: runs of white space are one space, escapes are what they stand for, quotes are straight.

    Attributes:
        text: the folded text.
    """

    def __init__(self, original: str) -> None:
        super().__init__(original, _FOLDED, _meaning)


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
