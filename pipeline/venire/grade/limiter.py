"""A limit on how much goes out over time, of requests or of tokens, kept by the generic cell rate algorithm.

GCRA (ITU-T I.371, annex A) remembers one number, the time at which all that was granted is paid for. The limiter does
not look at the clock itself and never sleeps: `venire.grade.gate` does both.
"""

from typing import Final, Self

_MINUTE_S: Final = 60.0
# How much may go out at once, as seconds of the rate: providers that say "per minute" count by shorter spans.
_BURST_S: Final = 0.1


class Limiter:
    """One limit.

    In no span of `t` seconds is more granted than `max(burst, the largest cost) + rate * t`. What costs more than the
    burst is granted when all before it is paid for, so that nothing waits for ever.
    """

    def __init__(self, rate: float) -> None:
        """A limit of `rate` units per second."""
        self._paid_at = float("-inf")
        self.rate = rate

    @classmethod
    def per_minute(cls, units: float) -> Self:
        """A limit of so many units per minute."""
        return cls(units / _MINUTE_S)

    @property
    def burst(self) -> float:
        """Units that may be granted at once."""
        return max(1.0, self.rate * _BURST_S)

    def wait_s(self, now: float, cost: float) -> float:
        """Seconds until that much could be granted; 0 where it could be at once."""
        slack_s = (self.burst - min(cost, self.burst)) / self.rate
        return max(0.0, self._paid_at - slack_s - now)

    def take(self, now: float, cost: float) -> None:
        """Grant that much; the caller has seen that it need not wait."""
        self._paid_at = max(self._paid_at, now) + cost / self.rate

    def correct(self, excess: float) -> None:
        """Add what a grant cost more than was taken for it, or give back, if negative, what it cost less."""
        self._paid_at += excess / self.rate
