"""Tokens, counted offline before anything is sent.

The count is that of OpenAI's public encoding cl100k_base, whose table comes inside litellm; nothing is fetched. Other
tokenizers make more of the same text, by a factor that is set here on the safe side for each family of models.
"""

import os
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from venire.grade.escaping import escape

if TYPE_CHECKING:
    from tiktoken import Encoding

_ENCODING: Final = "cl100k_base"
# The encoder is given pieces: one run of a million letters would take it minutes, or more stack than there is.
_PIECE_CHARS: Final = 8192

# How many tokens the models of a family may make of what is one token here. Claude's newest tokenizer makes up to
# 1.35 times as many as its last one, which made about 1.2 times as many as this encoding.
_MARGINS: Final = {"gpt": 1.1, "gpt-oss": 1.1, "claude": 1.7}
_OTHER_MARGIN: Final = 1.4


def count_tokens(text: str) -> int:
    """Tokens of a text in cl100k_base; special tokens are text like any other. 1.5 MB take about 0.1 s."""
    encode = _encoding().encode_ordinary
    return sum(len(encode(text[start : start + _PIECE_CHARS])) for start in range(0, len(text), _PIECE_CHARS))


def token_margin(family: str | None) -> float:
    """Tokens that a model of that family makes at most for one token of `count_tokens`."""
    return _MARGINS.get(family or "", _OTHER_MARGIN)


@dataclass(frozen=True)
class MeasuredText:
    """The tokens of a text as a judge is shown it, block by block.

    Attributes:
        ends: where each block ends, in characters of the text.
        sums: the tokens up to the start of each block, and those of all.
    """

    ends: tuple[int, ...]
    sums: tuple[int, ...]

    @classmethod
    def of(cls, text: str, block_chars: int) -> Self:
        """Measure a text in blocks of at most that many characters, which end at a line break where there is one."""
        ends, sums, start = [], [0], 0
        while start < len(text):
            end = _block_end(text, start, block_chars)
            ends.append(end)
            sums.append(sums[-1] + count_tokens(escape(text[start:end])))
            start = end
        return cls(tuple(ends), tuple(sums))

    def tokens(self, start: int, end: int) -> int:
        """Tokens of the characters from `start` to before `end`, and of the rest of the blocks that they are in."""
        if start >= end:
            return 0
        return self.sums[bisect_left(self.ends, end) + 1] - self.sums[bisect_right(self.ends, start)]


def _block_end(text: str, start: int, block_chars: int) -> int:
    """Where the block that begins at `start` ends: after the last line break of its second half, if it has one."""
    end = start + block_chars
    if end >= len(text):
        return len(text)
    line_end = text.rfind("\n", start + block_chars // 2, end) + 1
    return line_end or end


@cache
def _encoding() -> "Encoding":
    import tiktoken

    # Where tiktoken looks before it would fetch anything; litellm sets the same when it is imported.
    os.environ["TIKTOKEN_CACHE_DIR"] = str(_package("litellm") / "litellm_core_utils" / "tokenizers")
    return tiktoken.get_encoding(_ENCODING)


def _package(name: str) -> Path:
    """Where a package is, without the seconds that importing it may take."""
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"No module named '{name}'", name=name)
    return Path(found.origin).parent
