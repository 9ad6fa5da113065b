"""The two wire formats: OpenAI's chat completions and Anthropic's messages, as far as judges use them."""

import json
from typing import Any

from tests.provider.reply import Answer, HttpError, Refusal, Request, WireFormat


def read_request(wire: WireFormat, body: dict[str, Any], key: str, number: int) -> Request:
    """The request in a form that does not depend on the wire format."""
    messages = body["messages"]
    if wire == "openai":
        system = "\n".join(_text(message["content"]) for message in messages if message["role"] == "system")
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    else:
        system, schema = _text(body.get("system", "")), _anthropic_schema(body)
    turns = tuple(_text(message["content"]) for message in messages if message["role"] != "system")
    return Request(wire, body["model"], system, turns, schema, body, key, number)


def answer_body(request: Request, answer: Answer) -> dict[str, Any]:
    """The body of a successful reply."""
    text = answer.content if isinstance(answer.content, str) else json.dumps(answer.content)
    model = answer.served_model or request.model
    if request.wire == "openai":
        return _completion(model, {"content": text, "refusal": None}, answer.finish, _openai_usage(answer))
    block: dict[str, Any] = {"type": "text", "text": text}
    if request.body.get("tools") and isinstance(answer.content, dict):
        block = {"type": "tool_use", "id": "toolu_1", "name": request.body["tools"][0]["name"], "input": answer.content}
    stop = {"length": "max_tokens", "stop": "tool_use" if block["type"] == "tool_use" else "end_turn"}[answer.finish]
    return _message(model, [block], stop, _anthropic_usage(answer))


def refusal_body(request: Request, refusal: Refusal) -> dict[str, Any]:
    """The body of a refusal: OpenAI has a field for it, Anthropic a stop reason."""
    billed = Answer("", refusal.input_tokens, refusal.output_tokens)
    if request.wire == "openai":
        return _completion(request.model, {"content": None, "refusal": refusal.text}, "stop", _openai_usage(billed))
    return _message(request.model, [], "refusal", _anthropic_usage(billed))


def error_body(wire: WireFormat, error: HttpError) -> dict[str, Any]:
    """The body of an error status."""
    if wire == "openai":
        return {"error": {"message": error.message, "type": error.kind, "param": None, "code": error.kind}}
    return {"type": "error", "error": {"type": error.kind, "message": error.message}}


def _anthropic_schema(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of native structured output, or that of the tool which stands in for it."""
    output = body.get("output_format") or body.get("output_config", {}).get("format")
    if output:
        schema: dict[str, Any] = output["schema"]
        return schema
    tools: list[dict[str, Any]] = body.get("tools") or []
    return tools[0]["input_schema"] if tools else None


def _text(content: str | list[dict[str, Any]] | None) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content or [])


def _completion(model: str, message: dict[str, Any], finish: str, usage: dict[str, Any]) -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": model}
    return {**head, "choices": [choice], "usage": usage}


def _message(model: str, content: list[dict[str, Any]], stop: str, usage: dict[str, int]) -> dict[str, Any]:
    head = {"id": "msg_1", "type": "message", "role": "assistant", "model": model}
    return {**head, "content": content, "stop_reason": stop, "stop_sequence": None, "usage": usage}


def _openai_usage(answer: Answer) -> dict[str, Any]:
    return {
        "prompt_tokens": answer.input_tokens,
        "completion_tokens": answer.output_tokens,
        "total_tokens": answer.input_tokens + answer.output_tokens,
        "prompt_tokens_details": {"cached_tokens": answer.cached_tokens},
    }


def _anthropic_usage(answer: Answer) -> dict[str, int]:
    """Anthropic counts what it read from its cache apart from the other input."""
    return {
        "input_tokens": answer.input_tokens - answer.cached_tokens,
        "cache_read_input_tokens": answer.cached_tokens,
        "cache_creation_input_tokens": 0,
        "output_tokens": answer.output_tokens,
    }
