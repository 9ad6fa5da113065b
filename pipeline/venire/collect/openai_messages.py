"""Messages in the shape of OpenAI's chat API, and the usual variants of it, as our messages."""

import json
from typing import Any, Final

from pydantic import ValidationError

from venire.collect.plain_json import parse_arguments
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


class NotAMessageError(Exception):
    """One entry of the list is not a message.

    Attributes:
        index: its place, from 0.
    """

    def __init__(self, index: int, cause: str) -> None:
        super().__init__(f"message {index}: {cause}")
        self.index = index
        self.cause = cause


def read_messages(items: list[Any]) -> tuple[Message, ...]:
    """The messages of a list that `venire.collect.plain_json` read.

    Raises:
        NotAMessageError: an entry without a known role, or of a shape nothing can be made of.
    """
    if not items:
        raise NotAMessageError(0, "the list of messages is empty")
    messages: list[Message] = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise NotAMessageError(index, f"expected an object, found {type(item).__name__}")
        try:
            messages.append(_message(item))
        except ValidationError as error:
            raise NotAMessageError(index, _first_problem(error)) from error
        except ValueError as error:
            raise NotAMessageError(index, str(error)) from error
    return tuple(messages)


def _first_problem(error: ValidationError) -> str:
    detail = error.errors()[0]
    return f"'{'.'.join(str(part) for part in detail['loc'])}': {detail['msg']}"


def _message(item: dict[str, Any]) -> Message:
    name = item.get("role")
    role = _ROLES.get(name) if isinstance(name, str) else None
    if role is None:
        raise ValueError(f"unknown role {name!r}; known: {', '.join(_ROLES)}")
    calls, raw_arguments = _calls(item)
    rest = {key: value for key, value in item.items() if key not in _KNOWN}
    if name != role:
        rest["role"] = name
    if role != "tool" and item.get("name") is not None:
        rest["name"] = item["name"]
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
        parts.append(_refusal(item["refusal"]))
    return tuple(parts)


def _refusal(words: object) -> ContentText:
    return ContentText.model_validate({"type": "text", "text": str(words), "refusal": True})


def _part(part: Any) -> Content:
    if isinstance(part, str):
        return ContentText(type="text", text=part)
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        raise ValueError("a part of 'content' must be an object with a 'type'")
    if part["type"] == "refusal":
        return _refusal(part.get("refusal"))
    if part["type"] == "text":
        return ContentText.model_validate(part)
    if part["type"] == "reasoning":
        return ContentReasoning.model_validate(part)
    return ContentOther.model_validate(part)


def _reasoning(item: dict[str, Any]) -> list[Content]:
    """The reasoning from whichever of the non-standard fields holds it.

    Details tell more than the flat text, which repeats those of them that can be read.
    """
    details = item.get("reasoning_details")
    parts = [_reasoning_detail(detail) for detail in details] if isinstance(details, list) else []
    text = item.get("reasoning_content") or item.get("reasoning")
    if text and all(part.redacted for part in parts):
        parts.append(ContentReasoning(type="reasoning", reasoning=str(text)))
    return list(parts)


def _reasoning_detail(detail: object) -> ContentReasoning:
    if not isinstance(detail, dict):
        return ContentReasoning(type="reasoning", reasoning=str(detail))
    rest = {name: value for name, value in detail.items() if name not in ("type", "text", "summary", "data")}
    found = detail.get("data") or detail.get("text") or detail.get("summary") or ""
    return ContentReasoning.model_validate(
        {**rest, "type": "reasoning", "reasoning": str(found), "redacted": bool(detail.get("data"))}
    )


def _calls(item: dict[str, Any]) -> tuple[tuple[ToolCall, ...], dict[str, str]]:
    """The calls, and the text of arguments that are no JSON object, by call id."""
    items = item.get("tool_calls") or []
    if not isinstance(items, list) or not all(isinstance(call, dict) for call in items):
        raise ValueError("'tool_calls' must be a list of objects")
    if item.get("function_call"):
        items = [*items, {"id": "function_call", "function": item["function_call"]}]
    calls: list[ToolCall] = []
    raw_arguments: dict[str, str] = {}
    for number, call in enumerate(items):
        name, given = _function(call)
        call_id = str(call.get("id") or f"call-{number}")
        arguments, problem = _arguments(given)
        if problem:
            raw_arguments[call_id] = given if isinstance(given, str) else json.dumps(given)
        calls.append(ToolCall(id=call_id, function=name, arguments=arguments, parse_error=problem))
    return tuple(calls), raw_arguments


def _function(call: dict[str, Any]) -> tuple[str, object]:
    """The tool's name and its arguments: under `function` or `custom`, or beside the id as Inspect has them."""
    function = call.get("function") or call.get("custom") or call
    if not isinstance(function, dict):
        function = {"name": function, "arguments": call.get("arguments")}
    return str(function.get("name") or "unknown"), function.get("arguments", function.get("input"))


def _arguments(value: object) -> tuple[dict[str, Any], str | None]:
    if value is None or value == "":
        return {}, None
    if isinstance(value, dict):
        return value, None
    if not isinstance(value, str):
        return {}, "not a JSON object"
    return parse_arguments(value)
