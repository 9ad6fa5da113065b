"""Names of models and marks of vendors, replaced by neutral words, so that a judge cannot tell whose agent it reads.

A judge shown blind reads MODEL-1 for the first model that a transcript names, VENDOR-1 for the first vendor, AGENT for
the transcript's own agent; the same name is the same word everywhere in that transcript.
"""

import re
from typing import Final

from venire.grade.quotable import quotable_text
from venire.grade.rewritten_text import RewrittenText
from venire.transcript import Transcript

# A name stands alone: 'meta' in 'metadata' is none. In JSON, an escaped line break may stand before it.
_BEGINS: Final = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
_ENDS: Final = r"(?![A-Za-z])"
# What follows the name of a line of models: a number, a size, a variant.
_VERSION: Final = (
    r"(?:[-_ ./:]?(?:v?\d+(?:\.\d+)*[a-z]{0,3}|opus|sonnet|haiku|fable|mythos|instant|pro|flash|lite|ultra|nano|mini"
    r"|turbo|codex|max|plus|preview|latest|thinking|reasoner|reasoning|chat|coder|instruct|oss|large|medium|small"
    r"|scout|maverick|air|vl|vision|fast|code|exp|it|r\d|k\d(?:\.\d+)?|m\d(?:\.\d+)?|[a-z]\d+b))*"
)
_MODELS: Final = (
    r"claude|chat-?gpt|gpt|gemini|gemma|grok|(?:code-?|tiny-?)?llama|qwen|qwq|deepseek|mistral|mixtral|magistral"
    r"|codestral|devstral|ministral|kimi|glm|minimax|ernie|hunyuan|doubao"
)
# Words that are names of models only with a version after them.
_VERSIONED: Final = (
    r"(?:opus|sonnet|haiku|nova|phi|command|bard)[-_ ](?:v?\d[\w.]*|pro|lite|micro|premier|mini|r\b\+?)"
    r"|o[134]-(?:mini|pro|preview|high)"
)
_VENDORS: Final = (
    r"anthropic|open-?ai|google(?:[ -]?deepmind)?|deepmind|x\.ai|xai|alibaba(?:[ -]?cloud)?|moonshot(?:[ -]?ai)?"
    r"|zhipu(?:[ -]?ai)?|z\.ai|cohere|baidu|tencent|bytedance|mistral[ -]?ai|meta[- _/]?(?:ai|llama)|meta platforms"
)
# 'meta' is a word of its own; as a name it has a capital letter.
_META: Final = r"(?-i:Meta)"
_AGENT: Final = "AGENT"
# Shorter names, and words that name anything, would be found where nobody is named.
_SHORTEST_NAME: Final = 3
_NOT_NAMES: Final = frozenset({"agent", "assistant", "model", "system", "user", "tool", "human", "baseline", "unknown"})

NAMES_PATTERN: Final = (
    rf"(?P<vendor>{_BEGINS}(?:{_VENDORS}|{_META}){_ENDS})"
    rf"|(?P<model>{_BEGINS}(?:(?:{_MODELS}){_VERSION}|{_VERSIONED}){_ENDS})"
)


class Blinding:
    """The neutral words for the names in one transcript."""

    def __init__(self, transcript: Transcript) -> None:
        own = sorted(_own_names(transcript), key=lambda name: (-len(name), name))
        agent = rf"(?P<agent>{_BEGINS}(?:{'|'.join(map(re.escape, own))})(?![A-Za-z0-9]))|" if own else ""
        self._pattern = re.compile(agent + NAMES_PATTERN, re.IGNORECASE)
        self._words: dict[tuple[str, str], str] = {}
        for message in transcript.messages:
            self.blind(quotable_text(message))

    def blind(self, text: str) -> str:
        """The text with neutral words for names."""
        return self._pattern.sub(self._word, text)

    def rewrite(self, text: str) -> RewrittenText:
        """The same, with the way back to the original."""
        return RewrittenText(text, self._pattern, self._word)

    def _word(self, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        if kind == "agent":
            return _AGENT
        name = (kind, re.sub(r"[-_ ./:]", "", match.group().lower()))
        if name not in self._words:
            self._words[name] = f"{kind.upper()}-{1 + sum(other == kind for other, _ in self._words)}"
        return self._words[name]


def _own_names(transcript: Transcript) -> set[str]:
    """What the transcript calls its agent: the agent's name, with and without the provider before it."""
    given = {name for name in (transcript.agent, *(message.model for message in transcript.messages)) if name}
    names = given | {name.rpartition("/")[2] for name in given}
    return {name for name in names if len(name) >= _SHORTEST_NAME and name.lower() not in _NOT_NAMES}
