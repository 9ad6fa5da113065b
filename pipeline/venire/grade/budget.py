"""A hard cap on what a run may spend: a request is sent only if all that is in flight could still be paid."""

import asyncio
import math
import threading
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

# What floating point leaves over when a reservation is given back is no money.
_ROUNDING_USD: Final = 1e-9


class BudgetExhausted(Exception):  # noqa: N818 - an end, not an error
    """The request may not be sent: with it, the run could spend more than its budget. Nothing more is sent."""


@dataclass
class _Waiter:
    usd: float
    loop: asyncio.AbstractEventLoop
    turn: asyncio.Future[None]
    has_money: bool = False


class Reservation:
    """Money set apart for one request until its cost is known.

    Use it in a `with` block around the request; where the block ends without `settle`, nobody knows what it cost.
    """

    def __init__(self, budget: "Budget", usd: float) -> None:
        self._budget = budget
        self._usd = usd
        self._is_open = True

    def settle(self, actual_usd: float | None) -> None:
        """Replace what was set apart by what the request cost.

        Args:
            actual_usd: 0.0 where the provider answered with an error, which nobody bills. None where nobody knows
                whether it was billed (broken off, no reply in time, a reply without usage): what was set apart then
                counts as spent.
        """
        if self._is_open:
            self._is_open = False
            self._budget._settle(self._usd, actual_usd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle(None)


class Budget:
    """The money of one run, in US dollars. Safe to be used by many tasks, and by several threads.

    The worst case of a request is set apart before it is sent. Where that does not fit beside what is in flight, the
    request waits until others are settled; where it does not fit beside what is spent already, the budget is exhausted
    for every request from then on.

    Attributes:
        cap_usd: what may be spent at most.
        spent_usd: what settled requests cost.
        unsure_usd: the worst case of requests of which nobody knows whether they were billed; it counts as spent.
        reserved_usd: the worst case of what is in flight.
        exhausted: why nothing more may be sent; None while there is money left.
    """

    def __init__(self, cap_usd: float) -> None:
        if not (math.isfinite(cap_usd) and cap_usd > 0):
            raise ValueError(f"a budget is a number of US dollars above zero, not {cap_usd}")
        self.cap_usd = cap_usd
        self.spent_usd = 0.0
        self.unsure_usd = 0.0
        self.reserved_usd = 0.0
        self.exhausted: str | None = None
        self._waiting: deque[_Waiter] = deque()
        self._lock = threading.Lock()

    async def reserve(self, usd: float | None) -> Reservation:
        """Set money apart for a request that costs at most `usd`; waits for its turn where others may give some back.

        Raises:
            BudgetExhausted: it does not fit, now or later; or the price is not known.
        """
        if usd is None:
            raise BudgetExhausted("a request of unknown price cannot be sent under a budget")
        with self._lock:
            waiter = self._queue(usd)
        if waiter is not None:
            try:
                await waiter.turn
            except asyncio.CancelledError:
                self._leave(waiter)
                raise
        return Reservation(self, usd)

    def _queue(self, usd: float) -> _Waiter | None:
        """Take the money, or a place in the queue for it; called with the lock held."""
        self._check(usd)
        if not self._waiting and self._fits(usd):
            self.reserved_usd += usd
            return None
        loop = asyncio.get_running_loop()
        waiter = _Waiter(usd, loop, loop.create_future())
        self._waiting.append(waiter)
        return waiter

    def _check(self, usd: float) -> None:
        gone = self.spent_usd + self.unsure_usd
        if self.exhausted is None and gone + usd > self.cap_usd + _ROUNDING_USD:
            self.exhausted = _cause(self, usd)
        if self.exhausted is not None:
            raise BudgetExhausted(self.exhausted)

    def _fits(self, usd: float) -> bool:
        return self.spent_usd + self.unsure_usd + self.reserved_usd + usd <= self.cap_usd + _ROUNDING_USD

    def _settle(self, reserved_usd: float, actual_usd: float | None) -> None:
        with self._lock:
            self.reserved_usd -= reserved_usd
            if actual_usd is None:
                self.unsure_usd += reserved_usd
            else:
                self.spent_usd += actual_usd
            self._let_in()

    def _let_in(self) -> None:
        """Give those at the head of the queue their turn, in order; called with the lock held."""
        while self._waiting:
            waiter = self._waiting[0]
            try:
                self._check(waiter.usd)
            except BudgetExhausted as end:
                self._waiting.popleft()
                waiter.loop.call_soon_threadsafe(_refuse, waiter.turn, str(end))
                continue
            if not self._fits(waiter.usd):
                break
            self._waiting.popleft()
            self.reserved_usd += waiter.usd
            waiter.has_money = True
            waiter.loop.call_soon_threadsafe(_admit, waiter.turn)

    def _leave(self, waiter: _Waiter) -> None:
        """Give back the place of a request that was broken off, or its money where it had got that already."""
        with self._lock:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            elif waiter.has_money:
                self.reserved_usd -= waiter.usd
            self._let_in()


def _cause(budget: Budget, usd: float) -> str:
    unsure = f", and perhaps ${budget.unsure_usd:,.4f} more" if budget.unsure_usd else ""
    return (
        f"${budget.spent_usd:,.4f} of the budget of ${budget.cap_usd:,.2f} is spent{unsure}, "
        f"and the next request may cost ${usd:,.4f}"
    )


def _admit(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)


def _refuse(turn: asyncio.Future[None], cause: str) -> None:
    if not turn.done():
        turn.set_exception(BudgetExhausted(cause))
