"""Escapes for the characters of a transcript that could disturb the reading of a prompt."""

import re
from typing import Final

# Tags that tokenizers of open models, or the templates around them, take for the start or the end of a turn.
_TURN_TAGS: Final = r"/?(?:s|bos|eos|pad|unk|start_of_turn|end_of_turn|turn\|?|\|?turn)>|</?SYS>>"
_TURN_BRACKETS: Final = r"/?(?:INST|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|SYSTEM_PROMPT|TOOL_CONTENT|THINK)\]"

ESCAPED: Final = re.compile(
    "["
    "⟦⟧〚〛⁅⁆⟬⟭⦋-⦐〘〙"  # our brackets, and those that look like them
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, but not tab, line feed and carriage return
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # shown as nothing at all
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # or changing direction
    "\ufe00-\ufe0e\U000e0100-\U000e01ef"  # variation selectors, all but that of emoji, which can carry hidden bytes
    "\ud800-\udfff"  # half of a character, which cannot be sent
    "\U000e0000-\U000e007f"  # invisible tags
    "]"
    "|\ufe0f(?=\ufe0f)"
    r"|<(?=[|｜][\w ./:▁-]{1,40}[|｜]>)"  # <|im_start|> and its like
    rf"|<(?={_TURN_TAGS})|\[(?={_TURN_BRACKETS})"
)


def escape(text: str) -> str:
    """The text with every character that could disturb the reading of the prompt shown as an escape."""
    return ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
