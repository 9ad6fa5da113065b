"""One of several processes that ask judges: its part of the transcripts, a ledger of its own, and what it reports."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from venire.errors import GradingInterruptedError, VenireError
from venire.grade.budget import Budget
from venire.grade.gates import share_of
from venire.grade.ledger import Ledger
from venire.grade.seat import JudgeStop
from venire.grade.terms import Terms, ask_every_judge
from venire.panel import LlmJudge, ProviderLimit
from venire.rubric import Rubric
from venire.transcript import Transcript
from venire.verdict import Verdict

_HASH_DIGITS = 8


@dataclass(frozen=True)
class Job:
    """What is asked, in a form that goes into another process: its functions are functions of modules or partials.

    Attributes:
        transcripts: starts a pass over all of them; each process makes one and leaves out what is not its part.
        asks: whether a judge is to be asked about a transcript.
        limits, budget_usd: of the whole run.
    """

    judges: tuple[LlmJudge, ...]
    rubric: Rubric
    transcripts: Callable[[], Iterator[Transcript]]
    secret: bytes
    asks: Callable[[LlmJudge, Transcript], bool] = ask_every_judge
    limits: tuple[ProviderLimit, ...] = ()
    budget_usd: float | None = None


@dataclass(frozen=True)
class Shard:
    """Which part of a job this is, and where its ledger is."""

    number: int
    count: int
    path: Path

    def holds(self, transcript: Transcript) -> bool:
        """Whether a transcript is in this part; that depends on nothing but its id."""
        return int(transcript.id[:_HASH_DIGITS], 16) % self.count == self.number

    def judges(self, job: Job) -> list[LlmJudge]:
        """The judges with an equal part of their `concurrency`, rounded down, but at least 1."""
        shares = [max(1, judge.concurrency // self.count) for judge in job.judges]
        return [
            judge.model_copy(update={"concurrency": share}) for judge, share in zip(job.judges, shares, strict=True)
        ]

    def terms(self, job: Job, earlier: Ledger) -> Terms:
        """An equal part of the limits and of the budget."""
        budget = None if job.budget_usd is None else Budget(job.budget_usd / self.count)
        return Terms(job.asks, [share_of(limit, self.count) for limit in job.limits], budget, earlier)


@dataclass(frozen=True)
class Ready:
    """The process can be interrupted from now on."""


@dataclass(frozen=True)
class News:
    """A verdict is in the process's ledger; and how many questions each of its judges is at."""

    verdict: Verdict
    in_flight: Counter[str]


@dataclass(frozen=True)
class End:
    """The process has done what it could.

    Attributes:
        exhausted: why its budget allowed no more; None where it did.
        interrupted: whether it was told to stop, and did after what was in flight had ended.
        failure: what broke it off, and what to do about it.
    """

    stops: tuple[JudgeStop, ...] = ()
    exhausted: str | None = None
    interrupted: bool = False
    failure: VenireError | None = None


def work_on(shard: Shard, job: Job, ledger_path: Path, parent: Connection) -> None:
    """Ask everything in a shard. What a new process runs."""
    # Ctrl-C goes to the parent alone, which tells each process once.
    os.setpgid(0, 0)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    parent.send(Ready())
    try:
        parent.send(_asked(shard, job, ledger_path, parent))
    except GradingInterruptedError:
        parent.send(End(interrupted=True))
    except KeyboardInterrupt:
        parent.send(End(interrupted=True))
    except VenireError as error:
        parent.send(End(failure=error))


def _asked(shard: Shard, job: Job, ledger_path: Path, parent: Connection) -> End:
    from venire.grade.llm import run_llm_judges

    with Ledger.open(ledger_path) as earlier, Ledger.open(shard.path) as ledger:
        ledger.keep_others_out()
        terms = shard.terms(job, earlier)
        stops = run_llm_judges(
            shard.judges(job),
            job.rubric,
            filter(shard.holds, job.transcripts()),
            ledger,
            job.secret,
            lambda verdict: parent.send(News(verdict, Counter(terms.in_flight))),
            terms,
        )
    return End(stops, terms.budget.exhausted if terms.budget is not None else None)


def _end_with(parent: Connection) -> None:
    """End at once when the parent has: a new run may want the ledger."""
    try:
        parent.recv()
    except (EOFError, OSError):
        os._exit(1)
