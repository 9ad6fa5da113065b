"""Ctrl-C while judges are asked: the first lets what is in flight come to its end, the second breaks it off."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Interrupts:
    """What was heard so far."""

    count: int = 0


@contextmanager
def interrupts(drain: Callable[[], None], break_off: Callable[[], object]) -> Iterator[Interrupts]:
    """Call `drain` at the first Ctrl-C in the block and `break_off` at every further one.

    In a thread that is not the main one, Ctrl-C reaches nobody, and nothing is done.
    """
    heard = Interrupts()

    def interrupted() -> None:
        heard.count += 1
        if heard.count == 1:
            drain()
        else:
            break_off()

    if threading.current_thread() is not threading.main_thread():
        yield heard
        return
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        yield heard
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
