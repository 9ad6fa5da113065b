"""Several processes that ask judges, for when one core is the limit; each has a ledger of its own, merged at the end.

Transcripts are divided by their ids. Every process gets an equal part of each limit: of a judge's `concurrency`, of
what the panel says of providers, and of the budget. A part that one process leaves unused is not given to another.

The ledgers `verdicts.shard-<k>.sqlite` stand beside the study's own. They are removed when what they hold is committed
there; those that a killed run left are merged by the next one before it asks anything.
"""

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType

from venire.errors import EnvironmentNotReadyError, GradingInterruptedError
from venire.grade.ledger import Ledger
from venire.grade.seat import JudgeStop
from venire.grade.shard import End, Job, News, Ready, Shard, work_on
from venire.grade.terms import tell_nobody
from venire.verdict import Verdict


@dataclass(frozen=True)
class Watch:
    """Who is told what while processes ask.

    Attributes:
        on_verdict: called with each verdict after it is in the ledger of its process.
        in_flight: kept up to date: by judge, the questions that are being asked.
        on_interrupt: called at the first Ctrl-C, with how many questions are in flight and are waited for.
    """

    on_verdict: Callable[[Verdict], None] = lambda verdict: None
    in_flight: Counter[str] = field(default_factory=Counter)
    on_interrupt: Callable[[int], None] = tell_nobody


@dataclass(frozen=True)
class Sharded:
    """What came of it.

    Attributes:
        stops: the judges that were given up, as `run_llm_judges` returns them.
        exhausted: why the budget allows no more; None where it does.
    """

    stops: tuple[JudgeStop, ...] = ()
    exhausted: str | None = None


@dataclass
class _Worker:
    """One process, and what it has said so far."""

    process: SpawnProcess
    pipe: Connection
    is_ready: bool = False
    interrupts: int = 0
    in_flight: Counter[str] = field(default_factory=Counter)
    end: End | None = None

    def interrupt(self) -> None:
        """Tell it to stop; a process that cannot listen yet is told when it can."""
        self.interrupts += 1
        if self.is_ready and self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGINT)


def run_in_processes(processes: int, job: Job, ledger: Ledger, watch: Watch) -> Sharded:
    """Ask everything in a job that the ledger has no settled verdict on, in several processes.

    Raises:
        GradingInterruptedError: Ctrl-C; what was in flight came to its end first and is recorded.
        KeyboardInterrupt: Ctrl-C again; what was in flight was broken off.
        EnvironmentNotReadyError: a process was killed; what it recorded is kept.
        VenireError: what ended a process, as `grade_with_llm` raises it.
    """
    merge_shards(ledger)
    context = multiprocessing.get_context("spawn")
    workers = []
    for number in range(processes):
        shard = Shard(number, processes, _shard_path(ledger.path, number))
        pipe, far_end = context.Pipe()
        process = context.Process(target=work_on, args=(shard, job, ledger.path, far_end), daemon=True)
        process.start()
        far_end.close()
        workers.append(_Worker(process, pipe))
    try:
        with _interrupts_passed_on(workers, watch):
            _listen(workers, watch)
    finally:
        for worker in workers:
            # The end of the pipe is what ends a process that is still at work.
            worker.pipe.close()
            worker.process.join()
        merge_shards(ledger)
    return _result(workers)


def merge_shards(ledger: Ledger) -> int:
    """Take what processes wrote into the ledger, and remove their ledgers; how many there were.

    Raises:
        LedgerError: a process of an earlier run is still writing to one, or one is damaged.
        DiskError: the disk is full; the ledger is as it was, and so are theirs.
    """
    paths = sorted(ledger.path.parent.glob(_shard_path(ledger.path, "*").name))
    for path in paths:
        ledger.absorb(path)
        for suffix in ("-wal", "-shm", ""):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    return len(paths)


def _shard_path(ledger: Path, number: int | str) -> Path:
    return ledger.with_name(f"{ledger.stem}.shard-{number}{ledger.suffix}")


def _listen(workers: list[_Worker], watch: Watch) -> None:
    """Hear what the processes say until all have ended."""
    open_pipes = {worker.pipe: worker for worker in workers}
    while open_pipes:
        for pipe in wait(list(open_pipes)):
            assert isinstance(pipe, Connection)  # noqa: S101 - what `wait` was given
            try:
                _hear(open_pipes[pipe], pipe.recv(), watch)
            except (EOFError, OSError):
                del open_pipes[pipe]


def _hear(worker: _Worker, said: Ready | News | End, watch: Watch) -> None:
    if isinstance(said, Ready):
        worker.is_ready = True
        told, worker.interrupts = worker.interrupts, 0
        for _ in range(told):
            worker.interrupt()
    elif isinstance(said, End):
        worker.end = said
        watch.in_flight.subtract(worker.in_flight)
    else:
        watch.in_flight.subtract(worker.in_flight)
        watch.in_flight.update(said.in_flight)
        worker.in_flight = said.in_flight
        watch.on_verdict(said.verdict)


@contextmanager
def _interrupts_passed_on(workers: list[_Worker], watch: Watch) -> Iterator[None]:
    """Tell the processes of each Ctrl-C; in a thread that is not the main one, it reaches nobody."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupted(number: int, frame: FrameType | None) -> None:
        is_first = not any(worker.interrupts for worker in workers)
        for worker in workers:
            worker.interrupt()
        if is_first:
            watch.on_interrupt(watch.in_flight.total())

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _result(workers: list[_Worker]) -> Sharded:
    ends = [worker.end for worker in workers if worker.end is not None]
    if any(worker.interrupts > 1 for worker in workers):
        raise KeyboardInterrupt
    for end in ends:
        if end.failure is not None:
            raise end.failure
    if len(ends) < len(workers):
        raise EnvironmentNotReadyError(
            "a process that asked judges was killed; perhaps memory ran out",
            hint="What it recorded is kept. Run the same command again, with fewer processes if that was it.",
        )
    if any(end.interrupted for end in ends):
        raise GradingInterruptedError(
            "interrupted; every request that was in flight has been waited for and recorded",
            hint="Run the same command again to go on: what has an answer is not asked again.",
        )
    stops = {stop.judge: stop for end in ends for stop in end.stops}
    exhausted = [end.exhausted for end in ends if end.exhausted is not None]
    return Sharded(tuple(stops.values()), exhausted[0] if exhausted else None)
