"""A provider's reply in litellm's form: how it ended, and how it is kept and read again."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from venire.grade.litellm_import import import_litellm
from venire.text import one_line


@dataclass(frozen=True)
class Ending:
    """How a reply ended; `cause` says why where it brought no content."""

    outcome: Literal["replied", "refused", "truncated"]
    cause: str = ""


def ending(response: Any) -> Ending:
    """How a reply ended.

    OpenAI has a field for a refusal, the others a reason for stopping, which litellm calls content_filter.
    """
    choice = response.choices[0] if response.choices else None
    if choice is None:
        return Ending("replied")
    refusal = (getattr(choice.message, "provider_specific_fields", None) or {}).get("refusal")
    if refusal:
        return Ending("refused", f"the model refused: {one_line(refusal, 300)}")
    if choice.finish_reason == "content_filter":
        return Ending("refused", "the provider's filter or the model refused")
    if choice.finish_reason == "length":
        return Ending("truncated", "the answer was cut off at max_tokens")
    return Ending("replied")


def finish_reason(response: Any) -> str | None:
    """Why the model stopped, in OpenAI's words."""
    return response.choices[0].finish_reason if response.choices else None


def read_reply(text: str) -> Any:
    """The reply that `model_dump_json` wrote."""
    return import_litellm().ModelResponse(**json.loads(text))
