"""Messages in the shape of OpenAI's chat API, and the usual variants of it, as our messages."""

import json
from typing import Any, Final

from venire.transcript import (
    Content,
    ContentOther,
    ContentReasoning,
    ContentText,
    Message,
    MessageMetadata,
    Origin,
    Role,
    ToolCall,
    ToolError,
)

# `developer` is OpenAI's newer name of the system role; `function` the older one of the tool role.
_ROLES: Final[dict[str, Role]] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}
_ORIGINS: Final[dict[Role, Origin]] = {"system": "harness", "user": "human", "assistant": "model", "tool": "tool"}
_KNOWN: Final = frozenset(
    {"role", "content", "tool_calls", "function_call", "tool_call_id", "name", "reasoning", "reasoning_content",
     "reasoning_details", "refusal", "id", "model", "error", "timestamp", "origin", "exit_code", "truncated"}
)  # fmt: skip
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


class NotAMessageError(Exception):
    """One entry of the list is not a message.

    Attributes:
        index: its place, from 0.
    """

    def __init__(self, index: int, cause: str) -> None:
        super().__init__(f"message {index}: {cause}")
        self.index = index
        self.cause = cause


def read_messages(items: list[Any]) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    """The messages, and notes on what could not be kept.

    Raises:
        NotAMessageError: an entry without a known role, or of a shape nothing can be made of.
    """
    if not items:
        raise NotAMessageError(0, "the list of messages is empty")
    items, losses = _without_surrogates(items)
    messages: list[Message] = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise NotAMessageError(index, f"expected an object, found {type(item).__name__}")
        try:
            messages.append(_message(item))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotAMessageError(index, str(error)) from error
    return tuple(messages), losses


def _without_surrogates(items: list[Any]) -> tuple[list[Any], tuple[str, ...]]:
    """Lone surrogates replaced: UTF-8 cannot hold them, so neither Parquet nor a provider takes them."""
    text = json.dumps(items, ensure_ascii=False)
    if text.isascii() or not any(0xD800 <= ord(character) < 0xE000 for character in set(text)):
        return items, ()
    return json.loads(text.translate(_SURROGATES)), ("lone surrogates replaced by U+FFFD",)


def _message(item: dict[str, Any]) -> Message:
    name = item.get("role")
    role = _ROLES.get(name) if isinstance(name, str) else None
    if role is None:
        raise ValueError(f"unknown role {name!r}; known: {', '.join(_ROLES)}")
    calls, raw_arguments = _calls(item)
    rest = {key: value for key, value in item.items() if key not in _KNOWN}
    if name != role:
        rest["role"] = name
    return Message(
        role=role,
        content=_content(item),
        id=_text(item, "id"),
        model=_text(item, "model"),
        tool_calls=calls or None,
        tool_call_id=_text(item, "tool_call_id"),
        function=_text(item, "name") if role == "tool" else None,
        error=_error(item.get("error")),
        metadata=MessageMetadata(
            origin=item.get("origin") or _ORIGINS[role],
            exit_code=item.get("exit_code"),
            truncated=item.get("truncated"),
            timestamp=_text(item, "timestamp"),
            raw_arguments=raw_arguments or None,
            raw=rest or None,
        ),
    )


def _text(item: dict[str, Any], name: str) -> str | None:
    value = item.get(name)
    return None if value is None else str(value)


def _error(value: object) -> ToolError | None:
    if not value:
        return None
    if isinstance(value, dict):
        return ToolError(type=str(value.get("type", "unknown")), message=str(value.get("message", value)))
    return ToolError(type="unknown", message=str(value))


def _content(item: dict[str, Any]) -> str | tuple[Content, ...]:
    content = item.get("content")
    reasoning = _reasoning(item)
    if isinstance(content, str | None) and not reasoning and not item.get("refusal"):
        return content or ""
    parts: list[Content] = list(reasoning)
    if isinstance(content, str):
        parts += [ContentText(type="text", text=content)] if content else []
    elif isinstance(content, list):
        parts += [_part(part) for part in content]
    elif content is not None:
        raise ValueError(f"'content' must be a text or a list of parts, not {type(content).__name__}")
    if item.get("refusal"):
        parts.append(ContentText.model_validate({"type": "text", "text": str(item["refusal"]), "refusal": True}))
    return tuple(parts)


def _part(part: Any) -> Content:
    if isinstance(part, str):
        return ContentText(type="text", text=part)
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        raise ValueError("a part of 'content' must be an object with a 'type'")
    if part["type"] == "text":
        return ContentText.model_validate(part)
    if part["type"] == "reasoning":
        return ContentReasoning.model_validate(part)
    return ContentOther.model_validate(part)


def _reasoning(item: dict[str, Any]) -> list[Content]:
    """The reasoning from whichever of the non-standard fields holds it; the details tell more than the flat text."""
    details = item.get("reasoning_details")
    if isinstance(details, list) and details:
        return [_reasoning_detail(detail) for detail in details if isinstance(detail, dict)]
    text = item.get("reasoning_content") or item.get("reasoning")
    return [ContentReasoning(type="reasoning", reasoning=str(text))] if text else []


def _reasoning_detail(detail: dict[str, Any]) -> Content:
    if "data" in detail:
        return ContentReasoning(type="reasoning", reasoning=str(detail["data"]), redacted=True)
    text = detail.get("text") or detail.get("summary") or ""
    return ContentReasoning(type="reasoning", reasoning=str(text), signature=detail.get("signature"))


def _calls(item: dict[str, Any]) -> tuple[tuple[ToolCall, ...], dict[str, str]]:
    """The calls, and the text of arguments that are no JSON object, by call id."""
    items = list(item.get("tool_calls") or ())
    if item.get("function_call"):
        items.append({"id": "function_call", "function": item["function_call"]})
    calls: list[ToolCall] = []
    raw_arguments: dict[str, str] = {}
    for number, call in enumerate(items):
        function = call.get("function") or {}
        call_id = str(call.get("id") or f"call-{number}")
        arguments, problem = _arguments(function.get("arguments"))
        if problem:
            raw_arguments[call_id] = str(function.get("arguments"))
        name = str(function.get("name") or call.get("name") or "unknown")
        calls.append(ToolCall(id=call_id, function=name, arguments=arguments, parse_error=problem))
    return tuple(calls), raw_arguments


def _arguments(value: object) -> tuple[dict[str, Any], str | None]:
    if value is None or value == "":
        return {}, None
    if isinstance(value, dict):
        return value, None
    if not isinstance(value, str):
        return {}, "not a JSON object"
    try:
        parsed = json.loads(value)
    except ValueError as error:
        return {}, f"not JSON: {error}"
    return (parsed, None) if isinstance(parsed, dict) else ({}, "not a JSON object")
