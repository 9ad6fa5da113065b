"""Writing to the ledger while judges are asked: in one thread of its own, all that is waiting in one commit.

So the event loop never waits for the disk, and a slow disk gets few large commits instead of many small ones.
"""

import asyncio
import queue
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.ledger import Ledger
from venire.verdict import Verdict

_END: Final = None
# A commit costs as much as ten rows do, so it waits a little for others.
_LINGER_S: Final = 0.005


@dataclass(frozen=True)
class _Entry:
    """One row to be written, and who waits for it."""

    row: Attempt | Verdict
    written: asyncio.Future[None] | None


class Journal:
    """Writes to a ledger; use it in a `with` block inside a running event loop.

    Attributes:
        ledger: where rows go.
        earlier: the ledger that holds what earlier runs left; the same one, unless several processes write.
    """

    def __init__(self, ledger: Ledger, earlier: Ledger | None = None) -> None:
        self.ledger = ledger
        self.earlier = ledger if earlier is None else earlier
        # So that no question waits for the disk but those that were begun before.
        self._begun = self.earlier.begun()
        self._loop = asyncio.get_running_loop()
        self._entries: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="ledger", daemon=True)

    def attempts(self, key: VerdictKey, window: int = 0) -> tuple[Attempt, ...]:
        """What earlier runs sent for this verdict and this window."""
        return self.earlier.attempts(key, window) if key in self._begun else ()

    async def record(self, row: Attempt | Verdict) -> None:
        """Write one attempt or verdict; it is on the disk when this returns.

        Raises:
            DiskError: the disk is full.
        """
        written = self._loop.create_future()
        self._entries.put(_Entry(row, written))
        await written

    def note(self, attempt: Attempt) -> None:
        """Write one attempt soon: at the latest when the journal is closed."""
        self._entries.put(_Entry(attempt, None))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entries.put(_END)
        self._thread.join()

    def _write_all(self) -> None:
        at_end = False
        while not at_end:
            waiting = [self._entries.get()]
            time.sleep(_LINGER_S)
            while not self._entries.empty():
                waiting.append(self._entries.get())
            entries = [entry for entry in waiting if entry is not None]
            at_end = len(entries) < len(waiting)
            self._commit(entries)

    def _commit(self, entries: list[_Entry]) -> None:
        attempts = [entry.row for entry in entries if isinstance(entry.row, Attempt)]
        verdicts = [entry.row for entry in entries if isinstance(entry.row, Verdict)]
        failure: Exception | None = None
        try:
            self.ledger.write(attempts, verdicts)
        except Exception as error:
            failure = error
        waited_for = [entry.written for entry in entries if entry.written is not None]
        self._loop.call_soon_threadsafe(_tell, waited_for, failure)


def _tell(waiting: list[asyncio.Future[None]], failure: Exception | None) -> None:
    for written in waiting:
        if written.done():
            continue
        if failure is None:
            written.set_result(None)
        else:
            written.set_exception(failure)
