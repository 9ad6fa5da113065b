"""A provider's limit of requests: a bucket of tokens for each API key."""

import math
import time


class RateLimit:
    """So many requests a second over time, and so many at once after a pause."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def admit(self, key: str) -> int | None:
        """None where a request is let in now; else the whole seconds to say in `retry-after`."""
        now = time.monotonic()
        level, at = self._buckets.get(key, (float(self._burst), now))
        level = min(self._burst, level + (now - at) * self._per_second)
        admitted = level >= 1
        self._buckets[key] = (level - 1 if admitted else level, now)
        return None if admitted else math.ceil((1 - level) / self._per_second)
