"""The event loop in which judges are asked, set up for many requests at once."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from venire.grade.litellm_import import import_litellm

Result = TypeVar("Result")

# litellm alone is 400,000 objects; walking over them at every collection stops everything for a fifth of a second.
_GC_THRESHOLDS: Final = (50_000, 20, 100)


def run_in_loop(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a coroutine to its end in a loop of its own, also where one is running already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run(work)
    # A loop cannot be entered twice; this thread waits while another has its own.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, work).result()


def _run(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    import_litellm()
    with _imports_left_alone(), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work())


@contextmanager
def _imports_left_alone() -> Iterator[None]:
    """Keep the garbage collector off everything that exists already."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The loop of uvloop where it is installed: it takes a tenth less of a core."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
