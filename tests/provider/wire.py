"""The wire formats that the double speaks, each in a module of its own."""

import json
from typing import Any, Protocol

from tests.provider import wire_anthropic, wire_gemini, wire_openai
from tests.provider.reply import Answer, HttpError, Refusal, Request, WireFormat


class Wire(Protocol):
    """What each of these modules has."""

    def read(self, body: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, Any] | None]:
        """The system prompt, the other turns, and the schema of the answer."""

    def answer(self, request: Request, answer: Answer, text: str) -> dict[str, Any]:
        """The body of a successful reply."""

    def refusal(self, request: Request, refusal: Refusal) -> dict[str, Any]:
        """The body of a refusal."""

    def error(self, error: HttpError) -> dict[str, Any]:
        """The body of an error status."""


_WIRES: dict[WireFormat, Wire] = {"openai": wire_openai, "anthropic": wire_anthropic, "gemini": wire_gemini}


def read_request(wire: WireFormat, body: dict[str, Any], key: str, number: int, model: str | None = None) -> Request:
    """The request in a form that does not depend on the wire format.

    Args:
        wire: the format.
        body: as it was sent.
        key: that came with it.
        number: how many requests came before.
        model: where the address names it and not the body.
    """
    system, turns, schema = _WIRES[wire].read(body)
    return Request(wire, model or body["model"], system, turns, schema, body, key, number)


def answer_body(request: Request, answer: Answer) -> dict[str, Any]:
    """The body of a successful reply."""
    text = answer.content if isinstance(answer.content, str) else json.dumps(answer.content)
    return _WIRES[request.wire].answer(request, answer, text)


def refusal_body(request: Request, refusal: Refusal) -> dict[str, Any]:
    """The body of a refusal: OpenAI has a field for it, Anthropic and Gemini a reason for stopping."""
    return _WIRES[request.wire].refusal(request, refusal)


def error_body(wire: WireFormat, error: HttpError) -> dict[str, Any]:
    """The body of an error status."""
    return _WIRES[wire].error(error)
