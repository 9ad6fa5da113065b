"""OpenAI's chat completions, as far as judges use them."""

from typing import Any

from tests.provider.reply import Answer, HttpError, Refusal, Request


def read(body: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, Any] | None]:
    """The system prompt, the other turns, and the schema of the answer."""
    messages = body["messages"]
    system = "\n".join(text_of(message["content"]) for message in messages if message["role"] == "system")
    turns = tuple(text_of(message["content"]) for message in messages if message["role"] != "system")
    return system, turns, body.get("response_format", {}).get("json_schema", {}).get("schema")


def answer(request: Request, answer: Answer, text: str) -> dict[str, Any]:
    """The body of a successful reply."""
    message = {"content": text, "refusal": None}
    return _completion(answer.served_model or request.model, message, answer.finish, answer)


def refusal(request: Request, refusal: Refusal) -> dict[str, Any]:
    """A refusal has a field of its own."""
    billed = Answer("", refusal.input_tokens, refusal.output_tokens)
    return _completion(request.model, {"content": None, "refusal": refusal.text}, "stop", billed)


def error(error: HttpError) -> dict[str, Any]:
    """The body of an error status."""
    return {"error": {"message": error.message, "type": error.kind, "param": None, "code": error.kind}}


def text_of(content: str | list[dict[str, Any]] | None) -> str:
    """The text of a message, whole or in parts."""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content or [])


def _completion(model: str, message: dict[str, Any], finish: str, billed: Answer) -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
    usage = {
        "prompt_tokens": billed.input_tokens,
        "completion_tokens": billed.output_tokens,
        "total_tokens": billed.input_tokens + billed.output_tokens,
        "prompt_tokens_details": {"cached_tokens": billed.cached_tokens},
    }
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": model}
    return {**head, "choices": [choice], "usage": usage}
