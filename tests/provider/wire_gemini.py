"""Gemini's generateContent, as far as judges use it."""

import ast
import re
from typing import Any, Final

from tests.provider.reply import Answer, HttpError, Refusal, Request
from tests.provider.wire_openai import text_of

# How litellm puts the schema to models that it does not know: at the end of the prompt, as Python writes it.
_SCHEMA_IN_PROMPT: Final = re.compile(r"Use this JSON schema: \s*```json \s*(\{.*\})\s*```\s*\Z", re.DOTALL)
_STATUSES: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def read(body: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, Any] | None]:
    """The system prompt, the other turns, and the schema of the answer."""
    turns = tuple(text_of(turn["parts"]) for turn in body["contents"])
    settings = body.get("generationConfig", {})
    schema = settings.get("response_json_schema") or settings.get("responseJsonSchema") or _schema_in_prompt(turns)
    return text_of(body.get("system_instruction", {}).get("parts")), turns, schema


def answer(request: Request, answer: Answer, text: str) -> dict[str, Any]:
    """The body of a successful reply."""
    finish = {"length": "MAX_TOKENS", "stop": "STOP"}[answer.finish]
    candidate = {"index": 0, "finishReason": finish, "content": {"role": "model", "parts": [{"text": text}]}}
    return _response(answer.served_model or request.model, candidate, answer)


def refusal(request: Request, refusal: Refusal) -> dict[str, Any]:
    """A refusal is a candidate without content, stopped for safety."""
    billed = Answer("", refusal.input_tokens, refusal.output_tokens)
    return _response(request.model, {"index": 0, "finishReason": "SAFETY"}, billed)


def error(error: HttpError) -> dict[str, Any]:
    """The body of an error status."""
    status = _STATUSES.get(error.status, "UNKNOWN")
    return {"error": {"code": error.status, "message": error.message, "status": status}}


def _schema_in_prompt(turns: tuple[str, ...]) -> dict[str, Any] | None:
    found = _SCHEMA_IN_PROMPT.search(turns[-1]) if turns else None
    schema: dict[str, Any] | None = ast.literal_eval(found.group(1)) if found else None
    return schema


def _response(model: str, candidate: dict[str, Any], billed: Answer) -> dict[str, Any]:
    usage = {
        "promptTokenCount": billed.input_tokens,
        "cachedContentTokenCount": billed.cached_tokens,
        "candidatesTokenCount": billed.output_tokens,
        "totalTokenCount": billed.input_tokens + billed.output_tokens,
    }
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model, "responseId": "response-1"}
