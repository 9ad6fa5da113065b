"""An event loop whose time is simulated: it never sleeps, and whatever is next happens at once."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class SimulatedLoop(asyncio.SelectorEventLoop):
    """A loop that moves its clock forward instead of waiting. Only for code that waits for nothing but time."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._poll = self._selector.select  # type: ignore[attr-defined]
        self._selector.select = self._skip  # type: ignore[attr-defined]

    def time(self) -> float:
        return self._now

    def _skip(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise RuntimeError("everything waits, and for no time")
        self._now += max(0.0, timeout)
        return self._poll(0)


def simulate(work: Coroutine[Any, Any, Result]) -> Result:
    """What the coroutine returns, in simulated time."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(work)
