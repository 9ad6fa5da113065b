"""The words of a message that a judge sees and may quote: one definition for the prompt and for the check of quotes."""

from dataclasses import dataclass
from typing import Literal

from venire.hashing import canonical_json
from venire.text import is_blank
from venire.transcript import Message, ToolCall


@dataclass(frozen=True)
class Section:
    """One part of a message, with its words unchanged."""

    kind: Literal["reasoning", "text", "call", "tool error"]
    text: str


def sections(message: Message) -> tuple[Section, ...]:
    """The parts of a message in the order in which a judge sees them; blank ones are left out.

    Reasoning that can be read; the text; each call as the function's name on one line, then each argument as
    `name: value`, a text as it is and any other value as JSON (or the raw text of arguments that could not be
    parsed); the error of a tool.
    """
    raw = message.metadata.raw_arguments or {}
    parts = [Section("reasoning", message.reasoning()), Section("text", message.text())]
    parts += [Section("call", _call_text(call, raw.get(call.id))) for call in message.calls()]
    if message.error is not None:
        parts.append(Section("tool error", f"{message.error.type}: {message.error.message}"))
    return tuple(part for part in parts if not is_blank(part.text))


def quotable_text(message: Message) -> str:
    """The text that the spans of evidence refer to: the message's sections, a line break between any two."""
    return "\n".join(part.text for part in sections(message))


def _call_text(call: ToolCall, raw: str | None) -> str:
    arguments = [raw] if raw is not None and not call.arguments else []
    arguments += [
        f"{name}: {value if isinstance(value, str) else canonical_json(value).decode()}"
        for name, value in call.arguments.items()
    ]
    return "\n".join([call.function, *arguments])
