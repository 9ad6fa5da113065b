"""Anthropic's messages, as far as judges use them."""

from typing import Any

from tests.provider.reply import Answer, HttpError, Refusal, Request
from tests.provider.wire_openai import text_of


def read(body: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, Any] | None]:
    """The system prompt, the other turns, and the schema of the answer."""
    turns = tuple(text_of(message["content"]) for message in body["messages"] if message["role"] != "system")
    return text_of(body.get("system", "")), turns, _schema(body)


def answer(request: Request, answer: Answer, text: str) -> dict[str, Any]:
    """The body of a successful reply: a text, or a call of the tool that was forced."""
    block: dict[str, Any] = {"type": "text", "text": text}
    if request.body.get("tools") and isinstance(answer.content, dict):
        block = {"type": "tool_use", "id": "toolu_1", "name": request.body["tools"][0]["name"], "input": answer.content}
    stop = {"length": "max_tokens", "stop": "tool_use" if block["type"] == "tool_use" else "end_turn"}[answer.finish]
    return _message(answer.served_model or request.model, [block], stop, answer)


def refusal(request: Request, refusal: Refusal) -> dict[str, Any]:
    """A refusal is a reason for stopping."""
    return _message(request.model, [], "refusal", Answer("", refusal.input_tokens, refusal.output_tokens))


def error(error: HttpError) -> dict[str, Any]:
    """The body of an error status."""
    return {"type": "error", "error": {"type": error.kind, "message": error.message}}


def _schema(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of native structured output, or that of the tool which stands in for it."""
    output = body.get("output_format") or body.get("output_config", {}).get("format")
    if output:
        schema: dict[str, Any] = output["schema"]
        return schema
    tools: list[dict[str, Any]] = body.get("tools") or []
    return tools[0]["input_schema"] if tools else None


def _message(model: str, content: list[dict[str, Any]], stop: str, billed: Answer) -> dict[str, Any]:
    # Anthropic counts what it read from its cache or wrote to it apart from the other input.
    usage = {
        "input_tokens": billed.input_tokens - billed.cached_tokens - billed.written_tokens,
        "cache_read_input_tokens": billed.cached_tokens,
        "cache_creation_input_tokens": billed.written_tokens,
        "output_tokens": billed.output_tokens,
    }
    head = {"id": "msg_1", "type": "message", "role": "assistant", "model": model}
    return {**head, "content": content, "stop_reason": stop, "stop_sequence": None, "usage": usage}
