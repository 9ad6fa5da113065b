"""A provider with a limit, and judges that ask it as fast as a gate lets them, all in simulated time."""

import asyncio
import random
from dataclasses import dataclass, field

from tests.grade.simulated_time import simulate
from venire.grade.gate import Gate


@dataclass
class LimitedProvider:
    """Admits a number of requests a second, or so many at once; the others get 429.

    Attributes:
        burst: how many it admits at once after a pause.
        at_once: how many it works on at the same time.
        latency_s: between these numbers of seconds, at random.
        refusal_s: how long a 429 takes.
    """

    per_second: float = 1e9
    burst: float = 1e9
    at_once: int = 1_000_000
    latency_s: tuple[float, float] = (0.5, 1.5)
    refusal_s: float = 0.02
    retry_after_s: float | None = 1.0
    answered_at: list[float] = field(default_factory=list)
    refused_at: list[float] = field(default_factory=list)
    most_at_once: int = 0
    _level: float = field(init=False)
    _at: float = 0.0
    _busy: int = 0
    _dice: random.Random = field(default_factory=lambda: random.Random(0))

    def __post_init__(self) -> None:
        self._level = self.burst

    async def ask(self) -> bool:
        """Whether there was an answer; False for 429."""
        now = asyncio.get_running_loop().time()
        self._level = min(self.burst, self._level + (now - self._at) * self.per_second)
        self._at = now
        if self._level < 1 or self._busy >= self.at_once:
            await asyncio.sleep(self.refusal_s)
            self.refused_at.append(asyncio.get_running_loop().time())
            return False
        self._level -= 1
        self._busy += 1
        self.most_at_once = max(self.most_at_once, self._busy)
        await asyncio.sleep(self._dice.uniform(*self.latency_s))
        self._busy -= 1
        self.answered_at.append(asyncio.get_running_loop().time())
        return True

    def per_second_after(self, start_s: float, end_s: float) -> float:
        """Answers a second between two times."""
        return sum(start_s <= at < end_s for at in self.answered_at) / (end_s - start_s)

    @property
    def refused_share(self) -> float:
        """The share of calls answered 429."""
        return len(self.refused_at) / (len(self.refused_at) + len(self.answered_at))


def ask_for(seconds: float, provider: LimitedProvider, gate: Gate, workers: int = 400) -> None:
    """Let that many workers ask without a break for that long."""

    async def worker() -> None:
        while True:
            again = False
            while not await _ask_once(provider, gate, again):
                again = True

    async def all_of_them() -> None:
        tasks = [asyncio.create_task(worker()) for _ in range(workers)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    simulate(all_of_them())


async def _ask_once(provider: LimitedProvider, gate: Gate, again: bool) -> bool:
    with await gate.enter(again=again) as slot:
        if answered := await provider.ask():
            slot.answered(None)
        else:
            slot.throttled(provider.retry_after_s)
    if not answered and provider.retry_after_s is None:
        await gate.rest(random.Random(len(provider.refused_at)).uniform(0, 1))
    return answered
