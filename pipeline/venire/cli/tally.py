"""Counting verdicts while they come: done, failed, how fast, for how much, and how long it will still take."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from venire.grade.progress import GradingProgress
from venire.verdict import Verdict

# A rate is that of the last minute, so that it tells how it goes now.
_RATE_OVER_S: Final = 60.0


@dataclass(frozen=True)
class Standing:
    """How one judge stands, or all.

    Attributes:
        total: how many verdicts this run is to bring; None where that is not known before.
        per_second: verdicts in the last minute; None before the first.
        usd: None where a price is not known.
        left_s: seconds, at that rate; None where total or rate is not known.
    """

    name: str
    done: int
    failed: int
    in_flight: int
    total: int | None
    per_second: float | None
    usd: float | None
    left_s: float | None


@dataclass
class _Judge:
    done: int = 0
    failed: int = 0
    usd: float | None = 0.0
    times: deque[float] = field(default_factory=deque)


class Tally:
    """What came so far; counted by one thread, looked at by another."""

    def __init__(self, progress: GradingProgress, clock: Callable[[], float] = time.monotonic) -> None:
        self._progress = progress
        self._clock = clock
        self._began = clock()
        self._judges: dict[str, _Judge] = {}
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Grading begins now: what was done before it says nothing of its speed."""
        self._began = self._clock()

    def count(self, verdict: Verdict) -> None:
        """Add a verdict."""
        with self._lock:
            judge = self._judges.setdefault(verdict.judge, _Judge())
            judge.done += 1
            judge.failed += verdict.outcome != "answered"
            # What was sent has a price, or an unknown one; rules and tables cost nothing.
            cost = verdict.cost_usd if verdict.attempts and verdict.input_tokens is not None else 0.0
            judge.usd = None if judge.usd is None or cost is None else judge.usd + cost
            judge.times.append(self._clock())

    def standings(self) -> list[Standing]:
        """Each judge, those with nothing done yet included."""
        with self._lock:
            names = list(dict.fromkeys([*self._judges, *self._progress.still_open]))
            return [self._standing(name) for name in names]

    def overall(self) -> Standing:
        """All judges together; the time left is that of the slowest."""
        each = self.standings()
        totals = [one.total if one.total is not None else one.done for one in each]
        rates = [one.per_second for one in each if one.per_second is not None]
        left = [one.left_s for one in each if one.total is not None and one.done < one.total]
        costs = [one.usd for one in each if one.usd is not None]
        return Standing(
            name="all",
            done=sum(one.done for one in each),
            failed=sum(one.failed for one in each),
            in_flight=sum(one.in_flight for one in each),
            total=sum(totals) if any(one.total is not None for one in each) else None,
            per_second=sum(rates) if rates else None,
            usd=sum(costs) if len(costs) == len(each) else None,
            left_s=None if None in left else max((one for one in left if one is not None), default=0.0),
        )

    def _standing(self, name: str) -> Standing:
        judge, now = self._judges.get(name, _Judge()), self._clock()
        while judge.times and judge.times[0] < now - _RATE_OVER_S:
            judge.times.popleft()
        over = min(_RATE_OVER_S, now - self._began)
        rate = len(judge.times) / over if judge.times and over > 0 else None
        total = self._progress.still_open.get(name)
        left = None if total is None or rate is None else max(0, total - judge.done) / rate
        in_flight = self._progress.in_flight[name]
        return Standing(name, judge.done, judge.failed, in_flight, total, rate, judge.usd, left)
