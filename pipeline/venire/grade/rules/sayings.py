"""What the agent said, sentence by sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from venire.grade.rules.writes import call_text
from venire.transcript import Transcript

_SENTENCE: Final = re.compile(r"[^\n]+?(?:[.!?](?=\s|$)|(?=\n|$))")
_LONGEST_SENTENCE: Final = 600
_CLOSING_CALL: Final = re.compile(r"complete|finish|submit|done|final|answer|respond", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence of the agent's, from its text, its reasoning or what it told a tool in words."""

    message: int
    text: str
    closing: bool


def find_sayings(transcript: Transcript) -> Iterator[Saying]:
    """Every sentence of the agent's, in order; its last message and a closing call are its closing words."""
    last = max((i for i, message in enumerate(transcript.messages) if message.role == "assistant"), default=-1)
    for index, message in enumerate(transcript.messages):
        if message.role != "assistant":
            continue
        for sentence in _sentences(message.reasoning()):
            yield Saying(index, sentence, closing=False)
        for sentence in _sentences(message.text()):
            yield Saying(index, sentence, closing=index == last)
        for call in message.calls():
            if _CLOSING_CALL.search(call.function):
                for sentence in _sentences(call_text(call)):
                    yield Saying(index, sentence, closing=True)


def _sentences(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        sentence = found.group().strip()
        if sentence:
            yield sentence[:_LONGEST_SENTENCE]
