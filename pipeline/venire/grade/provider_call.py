"""The requests behind one verdict: what stands between instructor, which parses and re-asks, and litellm, which sends.

Here, and nowhere else, requests get their time limit, are tried again, are seen to be refused or cut off, and are
journaled before anything depends on them. The retries of the libraries are off.
"""

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Literal

from venire.grade.asker import Asker
from venire.grade.attempt import Attempt, AttemptOutcome, VerdictKey
from venire.grade.failure import Failure, FailureKind, classify
from venire.grade.ledger import Ledger
from venire.grade.litellm_import import import_litellm
from venire.grade.price import cost_usd, tokens_of
from venire.grade.reply import ending, finish_reason, read_reply
from venire.verdict import Outcome

_FIRST_WAIT_S: Final = 1.0
_LONGEST_BACKOFF_S: Final = 60.0
# A provider that asks for more is not waited for; the verdict is an error, which the next run asks for again.
_LONGEST_RETRY_AFTER_S: Final = 600.0

_OUTCOMES: Final[dict[FailureKind, Literal["too_long", "refused"]]] = {"too_long": "too_long", "refused": "refused"}


class CallEnded(Exception):  # noqa: N818 - an outcome, not an error
    """No answer will come of this call.

    Attributes:
        outcome: of the verdict.
        stops_judge: whether every other call of this judge would end in the same way.
    """

    def __init__(self, outcome: Outcome, message: str, *, stops_judge: bool = False) -> None:
        super().__init__(message)
        self.outcome: Outcome = outcome
        self.stops_judge = stops_judge


class ProviderCall:
    """The requests for one verdict, those of earlier runs included.

    A reply that an earlier run journaled without coming to a verdict is used again in its place in the sequence
    before anything is sent, so that nothing which was answered is asked twice.

    Attributes:
        attempts: every request so far, in order.
        sent: how many of them this run made.
        asks: how often instructor asked; more than once means that an answer was asked for again.
    """

    def __init__(self, asker: Asker, key: VerdictKey, ledger: Ledger) -> None:
        self._asker = asker
        self._key = key
        self._ledger = ledger
        self.attempts = list(ledger.attempts(key))
        self.sent = 0
        self.asks = 0
        self._journaled = deque(attempt.response for attempt in self.attempts if attempt.response is not None)

    async def complete(self, *, messages: list[dict[str, Any]], **_: Any) -> Any:
        """One reply with content, in litellm's form. This is what instructor calls.

        Raises:
            CallEnded: there is none to be had.
            DiskError: the attempt could not be journaled.
        """
        self.asks += 1
        response = read_reply(self._journaled.popleft()) if self._journaled else await self._try(messages)
        end = ending(response)
        if end.outcome != "replied":
            raise CallEnded(end.outcome, end.cause)
        return response

    async def _try(self, messages: list[dict[str, Any]]) -> Any:
        """Send until there is a reply, waiting between the tries."""
        for number in range(1, self._asker.judge.tries + 1):
            result = await self._send(messages)
            if not isinstance(result, Failure):
                return result
            if result.kind != "transient":
                outcome: Outcome = _OUTCOMES.get(result.kind, "error")
                raise CallEnded(outcome, result.message, stops_judge=result.kind == "hopeless")
            if number == self._asker.judge.tries or (result.retry_after_s or 0) > _LONGEST_RETRY_AFTER_S:
                break
            await asyncio.sleep(_wait_s(number, result.retry_after_s))
        raise CallEnded("error", f"{result.message} (given up after try {number})")

    async def _send(self, messages: list[dict[str, Any]]) -> Any:
        """Make one request and journal it; the reply, or the failure."""
        start = _Start(datetime.now(UTC).isoformat(), time.monotonic())
        limit = self._asker.judge.timeout_s
        try:
            # litellm's own limit is for each read, which a reply that comes in drops never meets.
            async with asyncio.timeout(limit):
                response = await import_litellm().acompletion(messages=messages, **self._asker.settings())
        except asyncio.CancelledError:
            self._journal(start, "cancelled")
            raise
        except Exception as error:
            failure = self._asker.scrubbed(classify(error, limit))
            self._journal_failure(start, failure)
            return failure
        response = self._asker.scrubbed_reply(response)
        self._journal_reply(start, response)
        return response

    def _journal_failure(self, start: "_Start", failure: Failure) -> None:
        outcome: AttemptOutcome = _OUTCOMES.get(failure.kind, "failed")
        error = {"error_class": failure.error_class, "error": failure.message, "http_status": failure.status}
        self._journal(start, outcome, **error)

    def _journal_reply(self, start: "_Start", response: Any) -> None:
        tokens = tokens_of(response)
        self._journal(
            start,
            ending(response).outcome,
            http_status=HTTPStatus.OK,
            finish_reason=finish_reason(response),
            served_model=response.model,
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cached_input_tokens=tokens.cached_input,
            cost_usd=cost_usd(self._asker.judge, response),
            response=response.model_dump_json(),
        )

    def _journal(self, start: "_Start", outcome: AttemptOutcome, **known: Any) -> None:
        number, seconds = len(self.attempts) + 1, time.monotonic() - start.clock
        attempt = Attempt(self._key, number, self.asks > 1, start.at, seconds, outcome, **known)
        self._ledger.journal(attempt)
        self.attempts.append(attempt)
        self.sent += 1


@dataclass(frozen=True)
class _Start:
    at: str
    clock: float


def _wait_s(number: int, retry_after_s: float | None) -> float:
    """Seconds before the next try: what the provider asks for, else up to 1, 2, 4 ... 60, at random (full jitter).

    See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    # Jitter spreads many calls over time; it is no secret.
    if retry_after_s is not None:
        return retry_after_s + random.uniform(0, retry_after_s / 10)  # noqa: S311
    return random.uniform(0, min(_LONGEST_BACKOFF_S, _FIRST_WAIT_S * 2 ** (number - 1)))  # noqa: S311
