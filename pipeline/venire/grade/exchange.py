"""One request and what came of it: the only place where litellm is called."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Literal

from venire.grade.asker import Asker
from venire.grade.attempt import AttemptOutcome
from venire.grade.failure import Failure, FailureKind, classify
from venire.grade.litellm_import import import_litellm
from venire.grade.price import Tokens, cost_usd, tokens_of
from venire.grade.reply import ending, finish_reason
from venire.verdict import Outcome

_OUTCOMES: Final[dict[FailureKind, Literal["too_long", "refused"]]] = {"too_long": "too_long", "refused": "refused"}


_NO_TOKENS: Final = Tokens()


def outcome_of(failure: Failure) -> Outcome:
    """The outcome of a verdict that ends with this failure."""
    return _OUTCOMES.get(failure.kind, "error")


@dataclass(frozen=True)
class Exchange:
    """One request that came to an end.

    Attributes:
        started_at: UTC, ISO 8601.
        seconds: until its end.
        outcome: as the journal names it.
        reply: in litellm's form; None where there was none.
        text: the reply as JSON.
        failure: why not; None where there was one.
        tokens: as reported.
        cost_usd: None where the price or the tokens are unknown.
    """

    started_at: str
    seconds: float
    outcome: AttemptOutcome
    reply: Any = None
    text: str | None = None
    failure: Failure | None = None
    tokens: Tokens = _NO_TOKENS
    cost_usd: float | None = None

    def fields(self) -> dict[str, Any]:
        """What an attempt says of it."""
        said = {"started_at": self.started_at, "seconds": self.seconds, "outcome": self.outcome}
        if self.failure is not None:
            failure = self.failure
            said |= {"error_class": failure.error_class, "error": failure.message, "http_status": failure.status}
        if self.reply is not None:
            said |= {
                "http_status": HTTPStatus.OK,
                "finish_reason": finish_reason(self.reply),
                "served_model": self.reply.model,
                "input_tokens": self.tokens.input,
                "output_tokens": self.tokens.output,
                "cached_input_tokens": self.tokens.cached_input,
                "cost_usd": self.cost_usd,
                "response": self.text,
            }
        return said


@dataclass(frozen=True)
class Stopwatch:
    """Since when a request is under way."""

    started_at: str
    clock: float

    @classmethod
    def start(cls) -> "Stopwatch":
        """From now."""
        return cls(datetime.now(UTC).isoformat(), time.monotonic())

    def stop(self, outcome: AttemptOutcome, **known: Any) -> Exchange:
        """What it came to."""
        return Exchange(self.started_at, time.monotonic() - self.clock, outcome, **known)


async def exchange(
    asker: Asker, messages: list[dict[str, Any]], settings: Mapping[str, Any], limit_s: float, watch: Stopwatch
) -> Exchange:
    """Make one request, and wait for its reply for `limit_s` seconds at most."""
    try:
        # litellm's own limit is for each read, which a reply that comes in drops never meets.
        async with asyncio.timeout(limit_s):
            reply = await import_litellm().acompletion(messages=messages, **{**settings, **asker.settings})
    except Exception as error:
        failure = asker.scrubbed(classify(error, limit_s))
        return watch.stop(_OUTCOMES.get(failure.kind, "failed"), failure=failure)
    reply, text = asker.scrubbed_reply(reply)
    known = {"reply": reply, "text": text, "tokens": tokens_of(reply), "cost_usd": cost_usd(asker.judge, reply)}
    return watch.stop(ending(reply).outcome, **known)
