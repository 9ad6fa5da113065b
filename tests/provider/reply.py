"""What the provider double answers to one request: an answer, or one of the ways in which providers fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

WireFormat = Literal["openai", "anthropic", "gemini"]


@dataclass(frozen=True)
class Request:
    """One request as the double received it.

    Attributes:
        wire: the format it came in.
        model: the model's name on the wire.
        system: the system prompt.
        turns: the texts of the other messages, in order.
        schema: the JSON schema of the answer, however the request carried it; None where it carried none.
        body: the whole JSON body.
        key: the API key that came with it.
        number: how many requests the double had received before.
    """

    wire: WireFormat
    model: str
    system: str
    turns: tuple[str, ...]
    schema: dict[str, Any] | None
    body: dict[str, Any]
    key: str
    number: int

    @property
    def is_repair(self) -> bool:
        """Whether the request shows the model an earlier answer of its own."""
        return len(self.turns) > 1


@dataclass(frozen=True)
class Answer:
    """A reply with content: an object is sent as JSON, a text as it is.

    Attributes:
        input_tokens: all of the prompt, what was read from a cache or written to it included.
        cached_tokens: read from the provider's cache.
        written_tokens: written to it, which Anthropic's format reports.
        finish: why the model stopped, in OpenAI's words: `stop` or `length`.
        served_model: the model that the reply names; the requested one if not given.
    """

    content: dict[str, Any] | str
    input_tokens: int = 1000
    output_tokens: int = 100
    cached_tokens: int = 0
    written_tokens: int = 0
    finish: Literal["stop", "length"] = "stop"
    served_model: str | None = None


@dataclass(frozen=True)
class Refusal:
    """The model declines, in the form of the wire format; the tokens are billed."""

    text: str = "I cannot help with that."
    input_tokens: int = 1000
    output_tokens: int = 10


@dataclass(frozen=True)
class HttpError:
    """An error status with a body in the form of the wire format."""

    status: int
    message: str = "something is wrong"
    kind: str = "server_error"
    retry_after: str | None = None


@dataclass(frozen=True)
class Garbage:
    """Status 200 with a body that is not what it says it is; the lost answer is billed."""

    body: str = '{"id": "chatcmpl-1", "choices": [{"mess'
    content_type: str = "application/json"
    lost: Answer = Answer("")


@dataclass(frozen=True)
class Dropped:
    """The connection is closed without a reply; the lost answer is billed."""

    lost: Answer = Answer("")


@dataclass(frozen=True)
class Held:
    """No reply comes until the double is released or closed."""

    lost: Answer = Answer("")


@dataclass(frozen=True)
class Dripped:
    """A reply of one blank after another, which never ends: no single read takes long."""

    lost: Answer = Answer("")


@dataclass(frozen=True)
class Expired:
    """In a batch: the request was not come to in time, and costs nothing."""


@dataclass(frozen=True)
class Forgotten:
    """In a batch: no result speaks of the request."""


Reply = Answer | Refusal | HttpError | Garbage | Dropped | Held | Dripped | Expired | Forgotten
Script = Callable[[Request], Reply]


def rate_limited(retry_after: str | None = "0") -> HttpError:
    """Too many requests for now."""
    return HttpError(429, "Rate limit reached for requests", "rate_limit_error", retry_after)


def overloaded() -> HttpError:
    """Anthropic's own status for a server with too much to do."""
    return HttpError(529, "Overloaded", "overloaded_error", "0")


def in_turn(*replies: Reply) -> Script:
    """Each reply once, in order, whoever asks; the last one stays."""

    def script(request: Request) -> Reply:
        return replies[min(request.number, len(replies) - 1)]

    return script
