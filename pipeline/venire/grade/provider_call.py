"""The requests behind one verdict: what stands between instructor, which parses and re-asks, and litellm, which sends.

Here, and nowhere else, requests wait for their turn, are paid for, get their time limit, are tried again, are seen to
be refused or cut off, and are journaled before anything depends on them. The retries of the libraries are off.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from venire.grade.asker import Asker
from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.backoff import backoff_s
from venire.grade.budget import Reservation
from venire.grade.deadline import Deadline
from venire.grade.exchange import Exchange, Stopwatch, exchange, outcome_of
from venire.grade.failure import Failure
from venire.grade.gate import Slot
from venire.grade.journal import Journal
from venire.grade.reply import ending, read_reply
from venire.verdict import Outcome


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


@dataclass(frozen=True)
class Sending:
    """How the requests of one call are sent.

    Attributes:
        window: which piece of a long transcript they are about, from 0.
        deadline: of the verdict; all its calls share one.
        settings: what goes into these requests besides the judge's own settings.
    """

    window: int
    deadline: Deadline
    settings: Mapping[str, Any]


class ProviderCall:
    """The requests for one window of one verdict, those of earlier runs included.

    A reply that an earlier run journaled without coming to a verdict is used again in its place in the sequence
    before anything is sent, so that nothing which was answered is asked twice.

    Attributes:
        attempts: every request so far, in order.
        sent: how many of them this run made.
        asks: how often instructor asked; more than once means that an answer was asked for again.
    """

    def __init__(self, asker: Asker, key: VerdictKey, journal: Journal, sending: Sending) -> None:
        self._asker = asker
        self._key = key
        self._journal = journal
        self._sending = sending
        self.attempts = list(journal.attempts(key, sending.window))
        self.sent = 0
        self.asks = 0
        self._journaled = deque(attempt.response for attempt in self.attempts if attempt.response is not None)

    async def complete(self, *, messages: list[dict[str, Any]], **_: Any) -> Any:
        """One reply with content, in litellm's form. This is what instructor calls.

        Raises:
            CallEnded: there is none to be had.
            BudgetExhausted: there is no money for the next request.
            GateClosed: nothing more is sent.
            DiskError: the attempt could not be journaled.
        """
        self.asks += 1
        response = read_reply(self._journaled.popleft()) if self._journaled else await self._try(messages)
        end = ending(response)
        if end.outcome != "replied":
            raise CallEnded(end.outcome, end.cause)
        return response

    async def _try(self, messages: list[dict[str, Any]]) -> Any:
        """Send until there is a reply, waiting between the tries.

        A 429 says that the provider is fine and we are too fast. So it does not count as a try: nothing but the
        verdict's deadline ends it.
        """
        faults = rate_limits = 0
        while True:
            exchanged = await self._send(messages)
            failure = exchanged.failure
            if failure is None:
                return exchanged.reply
            if failure.kind != "transient":
                raise CallEnded(outcome_of(failure), failure.message, stops_judge=failure.kind == "hopeless")
            rate_limits, faults = (rate_limits + 1, faults) if failure.is_rate_limit else (0, faults + 1)
            if faults == self._asker.judge.tries:
                raise CallEnded("error", f"{failure.message} (given up after try {faults})")
            await self._rest(failure, rate_limits or faults)

    async def _rest(self, failure: Failure, failures: int) -> None:
        """Wait before the next try, if the deadline leaves time for it."""
        gate, left_s = self._asker.gate, self._sending.deadline.left_s()
        # After a 429 that says how long to wait, the gate lets nobody through for that long.
        waits_at_gate = failure.is_rate_limit and failure.retry_after_s is not None
        wait_s = 0.0 if waits_at_gate else backoff_s(failures, failure.retry_after_s)
        if left_s is not None and left_s <= max(wait_s, gate.paused_s()):
            raise self._too_late(failure)
        await gate.rest(wait_s)

    async def _send(self, messages: list[dict[str, Any]]) -> Exchange:
        """Make one request when its turn has come and there is money for it."""
        deadline, cost = self._sending.deadline, self._asker.worst_case(messages)
        try:
            async with asyncio.timeout(deadline.left_s()):
                slot = await self._asker.gate.enter(cost.tokens, again=deadline.is_running)
        except TimeoutError:
            raise self._too_late(None) from None
        with slot, await self._asker.reserve(cost) as payment:
            deadline.start()
            exchanged = await self._exchange(messages)
            _settle(exchanged, slot, payment)
        return exchanged

    async def _exchange(self, messages: list[dict[str, Any]]) -> Exchange:
        """Make one request and journal it."""
        left_s = self._sending.deadline.left_s()
        limit_s = self._asker.judge.timeout_s if left_s is None else min(self._asker.judge.timeout_s, left_s)
        watch = Stopwatch.start()
        try:
            exchanged = await exchange(self._asker, messages, self._sending.settings, limit_s, watch)
        except asyncio.CancelledError:
            self._journal.note(self._attempt(watch.stop("cancelled")))
            raise
        attempt = self._attempt(exchanged)
        await self._journal.record(attempt)
        self.attempts.append(attempt)
        self.sent += 1
        return exchanged

    def _attempt(self, exchanged: Exchange) -> Attempt:
        number, window = len(self.attempts) + 1, self._sending.window
        return Attempt(self._key, number, repair=self.asks > 1, window=window, **exchanged.fields())

    def _too_late(self, failure: Failure | None) -> CallEnded:
        last = self.attempts[-1].error if failure is None and self.attempts else failure and failure.message
        cause = f"; the last request: {last}" if last else ""
        return CallEnded("error", f"no answer within deadline_s, {self._sending.deadline.seconds:g} s{cause}")


def _settle(exchanged: Exchange, slot: Slot, payment: Reservation | None) -> None:
    """Tell the gate and the budget what a request took."""
    failure, tokens = exchanged.failure, exchanged.tokens
    if failure is None:
        slot.answered(None if tokens.input is None else tokens.input + (tokens.output or 0))
    elif failure.is_rate_limit:
        slot.throttled(failure.retry_after_s)
    if payment is not None and (failure is None or failure.is_unbilled):
        payment.settle(0.0 if failure is not None else exchanged.cost_usd)
