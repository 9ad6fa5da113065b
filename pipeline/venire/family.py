"""Which family a model belongs to, by its name: the lineage that a judge and an agent may share.

A family is a line of models from one vendor that succeed one another (Claude, GPT, Gemini). Open-weight lines that a
vendor keeps apart are families of their own: gpt-oss is not GPT, as ODCV-Bench's published self-exclusion has it.
"""

import re
from typing import Final

# The first pattern that is found in the name decides, so the narrower stands before the wider.
_FAMILIES: Final = (
    ("gpt-oss", r"gpt[-_ ]?oss"),
    ("claude", r"claude|anthropic"),
    ("gemini", r"gemini"),
    ("gemma", r"gemma"),
    ("gpt", r"\bgpt|chatgpt|\bo[134](?:\b|-)|openai"),
    ("grok", r"grok"),
    ("llama", r"llama"),
    ("qwen", r"qwen|qwq"),
    ("deepseek", r"deepseek"),
    ("mistral", r"mistral|mixtral|magistral|codestral|devstral"),
    ("kimi", r"kimi|moonshot"),
    ("glm", r"\bglm|zhipu"),
    ("minimax", r"minimax"),
    ("command", r"command-|cohere"),
    ("nova", r"\bnova-"),
    ("phi", r"\bphi-"),
)


def family_of(model: str | None) -> str | None:
    """The family of a model, or None where the name is unknown: an unknown family is nobody's own."""
    if not model:
        return None
    # In litellm's names, any server that speaks OpenAI's format is `openai/`, whatever it serves.
    name = model.lower().removeprefix("openai/")
    return next((family for family, pattern in _FAMILIES if re.search(pattern, name)), None)
