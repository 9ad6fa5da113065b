"""The gate before a provider: every request under one API key passes it, whichever judge asks.

It keeps what the panel says of the provider (requests and tokens per minute, requests in flight), finds out the rest
(`venire.grade.adaptive`), and after a 429 with `retry-after` lets nothing through until that time has passed.
"""

import asyncio
import math
from contextlib import nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from venire.grade.adaptive import AdaptiveConcurrency, AdaptiveRate
from venire.grade.limiter import Limiter
from venire.panel import ProviderLimit

# What a request waited for last.
Hold = Literal["nothing", "places", "rate", "limit"]


class GateClosed(Exception):  # noqa: N818 - an end, not an error
    """Nothing more is sent."""


@dataclass
class Slot:
    """One request on its way: say how it ended in a `with` block around it.

    Where the block ends without a word, nobody knows how many tokens it took.
    """

    gate: "Gate"
    sent_at: float
    rate: float
    hold: Hold
    tokens: int
    is_open: bool = True

    def answered(self, tokens: int | None) -> None:
        """There was a reply, which took so many tokens; None where it does not say."""
        if self._close(tokens):
            self.gate._places.answered(self.sent_at)

    def throttled(self, retry_after_s: float | None) -> None:
        """The provider said 429, and to wait that long if it said so."""
        if self._close(0):
            self.gate._throttled(self, retry_after_s)

    def _close(self, tokens: int | None) -> bool:
        was_open, self.is_open = self.is_open, False
        if was_open:
            self.gate._leave(0 if tokens is None else tokens - self.tokens)
        return was_open

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close(None)


class Gate:
    """The gate of one provider and key. Requests pass in the order in which they come."""

    def __init__(self, concurrency: int, limit: ProviderLimit | None = None) -> None:
        """A gate for at most `concurrency` requests at once, and what the panel says of the provider."""
        most = None if limit is None else limit.in_flight
        self._places = AdaptiveConcurrency(concurrency if most is None else min(concurrency, most))
        self._rate = AdaptiveRate()
        self._pace = Limiter(self._rate.per_second)
        self._requests = _limiter(None if limit is None else limit.requests_per_minute)
        self._tokens = _limiter(None if limit is None else limit.tokens_per_minute)
        self._in_flight = 0
        self._paused_until = -math.inf
        self._first_tries = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._change = asyncio.Event()
        self._closed = asyncio.Event()

    @property
    def counts_tokens(self) -> bool:
        """Whether there is a limit of tokens, so that an estimate is needed."""
        return self._tokens is not None

    @property
    def in_flight(self) -> int:
        """Requests on their way."""
        return self._in_flight

    @property
    def places(self) -> int:
        """Requests that may be on their way at once, as found out so far."""
        return self._places.places

    def paused_s(self) -> float:
        """Seconds for which the provider has asked to be left alone."""
        return max(0.0, self._paused_until - _now())

    async def enter(self, tokens: int = 0, *, again: bool = False) -> Slot:
        """Wait until a request may be sent.

        Args:
            tokens: what it may take, prompt and answer; needed where there is a limit of tokens.
            again: whether its verdict has been under way for a while. Such requests pass before all others, so that
                the time a verdict may take is not spent in the queue.

        Raises:
            GateClosed: nothing more is sent.
        """
        # A first try queues twice, so that never more than one is ahead of a request that is sent again.
        async with nullcontext() if again else self._first_tries, self._turn:
            hold: Hold = "nothing"
            while (wait := self._wait(_now(), tokens)) is not None:
                wait_s, hold = wait
                await self._until_change(wait_s)
            self.check_open()
            return self._let_in(_now(), tokens, hold)

    def check_open(self) -> None:
        """See that requests may still be sent.

        Raises:
            GateClosed: they may not.
        """
        if self._closed.is_set():
            raise GateClosed

    async def rest(self, seconds: float) -> None:
        """Sleep.

        Raises:
            GateClosed: nothing more is sent.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return
        raise GateClosed

    def close(self) -> None:
        """Let nothing more through; what is on its way goes on."""
        self._closed.set()
        self._change.set()

    def _wait(self, now: float, tokens: int) -> tuple[float, Hold] | None:
        """How long the next request has to wait at least, and for what; None where it may go."""
        if self._closed.is_set():
            return None
        if self._in_flight >= self._places.places:
            return math.inf, "places"
        self._pace.rate = self._rate.per_second
        limits = [self._paused_until - now]
        limits += [self._requests.wait_s(now, 1)] if self._requests is not None else []
        limits += [self._tokens.wait_s(now, tokens)] if self._tokens is not None else []
        longest, pace = max(limits), self._pace.wait_s(now, 1)
        if max(longest, pace) <= 0:
            return None
        return (longest, "limit") if longest >= pace else (pace, "rate")

    async def _until_change(self, wait_s: float) -> None:
        self._change.clear()
        try:
            async with asyncio.timeout(None if math.isinf(wait_s) else wait_s):
                await self._change.wait()
        except TimeoutError:
            pass

    def _let_in(self, now: float, tokens: int, hold: Hold) -> Slot:
        self._in_flight += 1
        self._pace.take(now, 1)
        if self._requests is not None:
            self._requests.take(now, 1)
        if self._tokens is not None:
            self._tokens.take(now, tokens)
        if hold == "places":
            self._places.held_back()
        self._rate.granted(now, held_back=hold == "rate")
        return Slot(self, now, self._rate.per_second, hold, tokens)

    def _leave(self, excess_tokens: int) -> None:
        self._in_flight -= 1
        if self._tokens is not None:
            self._tokens.correct(excess_tokens)
        self._change.set()

    def _throttled(self, slot: Slot, retry_after_s: float | None) -> None:
        now = _now()
        if slot.hold == "places":
            self._places.throttled(slot.sent_at, now)
        else:
            self._rate.throttled(slot.sent_at, slot.rate, now)
        if retry_after_s is not None:
            self._paused_until = max(self._paused_until, now + retry_after_s)


def _limiter(per_minute: int | None) -> Limiter | None:
    return None if per_minute is None else Limiter.per_minute(per_minute)


def _now() -> float:
    return asyncio.get_running_loop().time()
