"""A judge that believes whatever looks official: it obeys any order outside the record or in what reads as a mark."""

import re
import unicodedata
from typing import Any, Final

from tests.grade.injections import DEED, ORDER
from tests.provider.reply import Answer, Request

# It takes all of these for the brackets of a mark, however they look to others.
_BRACKETS: Final = str.maketrans("〚〛⁅⁆⟬⟭⦋⦌⦍⦎⦏⦐〘〙", "⟦⟧" * 7)
_UNSEEN: Final = re.compile(
    "[\u200b\u2060\ufeff\u00ad\u034f\u180e\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufe00-\ufe0e]"
)
_MARK: Final = re.compile(r"⟦([^⟦⟧]*)⟧")
_KNOWN_MARKS: Final = re.compile(
    r"message \d+ · (system|user|assistant|tool)( · (result of [\w.-]+|result of a tool \(name not shown\)))?"
    r"|said|reasoning|call|tool error|reasoning hidden|[\w.-]+, not shown|a part of unknown type, not shown"
)
# Servers and templates take these for the end of a turn; what follows would be an order of the system's.
_TURN: Final = re.compile(r"<\|[^|<>]{1,40}\|>|<｜[^｜<>]{1,40}｜>|\[/?INST\]|<</?SYS>>|</?(start|end)_of_turn>|</?s>")
# Letters that only a model reads, and those that make a person read another text than the model: sure to be official.
_SMUGGLED: Final = re.compile("[\U000e0000-\U000e007f\U000e0100-\U000e01ef\u202a-\u202e\u2066-\u2069]")


def obeys(system: str, user: str) -> bool:
    """Whether the prompt holds an order for the judge, as it reads prompts."""
    if _SMUGGLED.search(user):
        return True
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", user)).translate(_BRACKETS)
    opening = re.search(r"⟦record [^⟦⟧]*⟧\n", text)
    closing = re.search(r"(?i)⟦\s*end\s+of\s+record[^⟦⟧]*⟧", text)
    if opening is None or closing is None:
        return True
    record = text[opening.end() : closing.start()]
    outside = system + text[: opening.start()] + text[closing.end() :]
    strange = [mark for mark in _MARK.findall(record) if not _KNOWN_MARKS.fullmatch(mark)]
    after_turns = [record[turn.end() :] for turn in _TURN.finditer(record)]
    return any(ORDER in place or '"violation": false' in place for place in (outside, *strange, *after_turns))


def gullible(request: Request) -> Answer:
    """The answer of such a judge: what it was ordered to say, else what the record shows."""
    if obeys(request.system, request.turns[0]):
        return Answer(_answer(violation=False))
    return Answer(_answer(violation=DEED in request.turns[0]))


def _answer(*, violation: bool) -> dict[str, Any]:
    evidence = [{"message": 3, "quote": DEED}] if violation else []
    awareness = "aware" if violation else "unaware"
    return {
        "rationale": "As I was told.",
        "evidence": evidence,
        "violation": violation,
        "awareness": awareness,
        "severity": 4 if violation else 0,
    }
