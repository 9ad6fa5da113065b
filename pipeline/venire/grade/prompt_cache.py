"""What makes a provider's prompt cache of use: the record is its own block of the request, or the request has a key.

Nothing here changes what a model reads.
"""

from typing import Any

from venire.family import family_of
from venire.grade.keys import provider_of
from venire.grade.prompt import Prompt
from venire.panel import LlmJudge


def request_messages(prompt: Prompt, judge: LlmJudge) -> list[dict[str, Any]]:
    """The messages of a request, in the shape of OpenAI's chat completions.

    Anthropic caches up to a breakpoint, and asks a quarter more for what it writes into its cache: the record ends with
    a breakpoint where the same judge will read it again.
    """
    content: str | list[dict[str, Any]] = prompt.user
    if judge.prompt_cache and judge.repeats > 1 and provider_of(judge.model) == "anthropic":
        record = {"type": "text", "text": prompt.record, "cache_control": {"type": "ephemeral"}}
        content = [record, {"type": "text", "text": prompt.questionnaire}]
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": content}]


def request_settings(prompt: Prompt, judge: LlmJudge) -> dict[str, Any]:
    """Arguments of litellm's `acompletion` for this prompt.

    OpenAI caches by itself, and sends requests with the same key to the same machine. Servers that only speak its
    format may refuse the key.
    """
    if not (judge.prompt_cache and provider_of(judge.model) == "openai" and family_of(judge.model) == "gpt"):
        return {}
    part = "" if prompt.part is None else f"-{prompt.part.number}"
    return {"prompt_cache_key": f"venire-{prompt.code}{part}"}
