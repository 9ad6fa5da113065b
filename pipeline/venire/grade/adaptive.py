"""How many requests at once, and how many a second, a provider takes: found out from its answers.

Two valves stand in a row. `AdaptiveConcurrency` is that of inspect_ai (`inspect_ai.util._concurrency`): it starts at
20, doubles after each round of answers in which it was full, and after the first 429 grows by 5 % a round.
`AdaptiveRate` is there because most limits are of requests over time: against such a limit the number in flight alone
swings, since latencies do. It starts at 20 a second and doubles every second. The first 429 halves it, and it doubles
on; every further one makes its rate the new top, and it goes on from 85 % of that along the cubic of RFC 9438 (CUBIC):
back up fast, flat near the top, then faster.

Only the valve that held requests back grows, and only that one shrinks on a 429. Nothing but a 429 shrinks one, and
that once: a 429 to a request which was sent before the last shrinking says nothing about what is sent since. That takes
the place of a cool-down of fixed length.

Why both, by simulation (tests/grade/test_gate.py has its final form): against 60 requests a second, concurrency alone
got from 6 to 60 of them and up to 15 % of its calls answered 429, worst where the provider admits no bursts; both
valves got 54 to 60 and at most 1 %. Where 429s come as late as answers do, they got 50 and up to 10 % in the first
minute.
"""

from typing import Final

_START_PLACES: Final = 20
_DOUBLING: Final = 2.0
_GROWTH: Final = 1.05
_SHRUNK_PLACES: Final = 0.8

_START_RATE: Final = 20.0
_DOUBLING_S: Final = 1.0
_MOST_DOUBLINGS: Final = 20.0
_SHRUNK_RATE: Final = 0.85
_PLATEAU_S: Final = 30.0
_LEAST_RATE: Final = 1 / 60
# The first 429 may be due to a jam of requests at the start; then doubling goes on from half the rate.
_FORGIVEN: Final = 1
_FORGIVEN_RATE: Final = 0.5


class AdaptiveConcurrency:
    """How many requests at once."""

    def __init__(self, most: int) -> None:
        """A valve that never opens further than `most`."""
        self._most = most
        self._limit = float(min(_START_PLACES, most))
        self._factor = _DOUBLING
        self._shrunk_at = float("-inf")
        self._new_round()

    @property
    def places(self) -> int:
        """Requests that may be in flight now; at least 1."""
        return int(self._limit)

    def held_back(self) -> None:
        """A request had to wait for a place."""
        self._was_full = True

    def answered(self, sent_at: float) -> None:
        """A request that was sent at that time was answered; as many answers as there are places are a round."""
        if sent_at <= self._shrunk_at:
            return
        self._answers += 1
        if self._answers < self.places:
            return
        if self._was_full:
            self._limit = min(self._most, max(self._limit + 1, self._limit * self._factor))
        self._new_round()

    def throttled(self, sent_at: float, now: float) -> None:
        """A request that was sent at that time was answered 429."""
        if sent_at <= self._shrunk_at:
            return
        self._shrunk_at = now
        self._factor = _GROWTH
        self._limit = max(1.0, self._limit * _SHRUNK_PLACES)
        self._new_round()

    def _new_round(self) -> None:
        self._answers = 0
        self._was_full = False


class AdaptiveRate:
    """How many requests a second."""

    def __init__(self) -> None:
        self._start = _START_RATE
        self._shrinkings = 0
        self._top: float | None = None
        self._shrunk_at = float("-inf")
        # Only time in which it held requests back counts: otherwise nothing is learned from there being no 429.
        self._held_s = 0.0
        self._granted_at = float("-inf")

    @property
    def per_second(self) -> float:
        """Requests that may be sent each second now."""
        if self._top is None:
            return self._start * 2 ** min(_MOST_DOUBLINGS, self._held_s / _DOUBLING_S)
        return self._top * (1 + (1 - _SHRUNK_RATE) * (self._held_s / _PLATEAU_S - 1) ** 3)

    def granted(self, now: float, *, held_back: bool) -> None:
        """A request is sent; `held_back` if it had to wait for the rate."""
        if held_back:
            self._held_s += min(now - self._granted_at, max(1.0, 1 / self.per_second))
        self._granted_at = now

    def throttled(self, sent_at: float, rate: float, now: float) -> None:
        """A request that was sent at that time, when that was the rate, was answered 429."""
        if sent_at <= self._shrunk_at:
            return
        self._shrunk_at = now
        self._shrinkings += 1
        self._held_s = 0.0
        if self._shrinkings <= _FORGIVEN:
            self._start = max(_LEAST_RATE, rate * _FORGIVEN_RATE)
        else:
            self._top = max(_LEAST_RATE, rate)
