"""A judge's seat: the questions that are open for it, those waiting, and why it was given up where it was."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from venire.grade.asker import Asker
from venire.grade.attempt import VerdictKey
from venire.grade.budget import BudgetExhausted
from venire.grade.gate import GateClosed
from venire.grade.journal import Journal
from venire.grade.question import Question, ask
from venire.panel import judge_hash
from venire.transcript import Transcript
from venire.verdict import Verdict


@dataclass(frozen=True)
class JudgeStop:
    """A judge that was given up: no question of it could be answered.

    Attributes:
        judge: its id.
        cause: what the provider said, free of API keys.
    """

    judge: str
    cause: str


@dataclass
class Seat:
    """One judge at work: the questions waiting for it, and why it was given up.

    Attributes:
        in_flight: kept up to date: by judge, the questions that are being asked.
        is_closed: whether nothing more is asked, because the run was interrupted or its budget is spent; what is
            waiting then stays open for the next run.
    """

    asker: Asker
    journal: Journal
    on_verdict: Callable[[Verdict], None]
    rubric_hash: str
    prompt_hash: str
    in_flight: Counter[str] = field(default_factory=Counter)
    stop: JudgeStop | None = None
    is_closed: bool = False
    judge_hash: str = field(init=False)
    _taken: set[tuple[str, int]] = field(init=False)
    _waiting: asyncio.Queue[Question | None] = field(init=False)

    def __post_init__(self) -> None:
        judge = self.asker.judge
        self.judge_hash = judge_hash(judge)
        hashes = (self.judge_hash, self.rubric_hash, self.prompt_hash)
        self._taken = self.journal.earlier.settled(*hashes) | self.journal.earlier.in_batches(*hashes)
        self._waiting = asyncio.Queue(judge.concurrency)

    @property
    def asks_no_more(self) -> bool:
        """Whether no further question is of use."""
        return self.is_closed or self.stop is not None

    def take(self, transcript: Transcript) -> list[VerdictKey]:
        """The repeats that are open for a transcript; each is given out once, though the transcript come twice."""
        if self.asks_no_more:
            return []
        judge, identity = self.asker.judge, transcript.id
        open_repeats = [repeat for repeat in range(judge.repeats) if (identity, repeat) not in self._taken]
        self._taken.update((identity, repeat) for repeat in open_repeats)
        hashes = (self.judge_hash, self.rubric_hash, self.prompt_hash)
        return [VerdictKey(identity, judge.id, *hashes, repeat) for repeat in open_repeats]

    async def put(self, question: Question) -> None:
        """Add a question; waits while as many are waiting as the judge takes at once."""
        await self._waiting.put(question)

    async def finish(self) -> None:
        """Let the workers end when nothing is left."""
        for _ in range(self.asker.judge.concurrency):
            await self._waiting.put(None)

    def close(self) -> None:
        """Ask nothing more; what is in flight is waited for."""
        self.is_closed = True
        self.asker.gate.close()

    async def work(self) -> None:
        """Ask what is waiting, one question after the other, until the seat is finished."""
        while (question := await self._waiting.get()) is not None:
            if self.asks_no_more:
                continue
            self.in_flight[self.asker.judge.id] += 1
            try:
                asked = await ask(question, self.asker, self.journal)
            except (GateClosed, BudgetExhausted):
                # The question stays open; what was paid for is in the journal.
                self.is_closed = True
                continue
            finally:
                self.in_flight[self.asker.judge.id] -= 1
            await self.journal.record(asked.verdict)
            self.on_verdict(asked.verdict)
            if asked.stops_judge is not None:
                self.stop = JudgeStop(self.asker.judge.id, asked.stops_judge)
