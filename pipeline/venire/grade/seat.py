"""A judge's seat: the questions that are open for it, those waiting, and why it was given up where it was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from venire.grade.asker import Asker
from venire.grade.attempt import VerdictKey
from venire.grade.ledger import Ledger
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
    """One judge at work: the questions waiting for it, and why it was given up."""

    asker: Asker
    ledger: Ledger
    on_verdict: Callable[[Verdict], None]
    rubric_hash: str
    prompt_hash: str
    stop: JudgeStop | None = None
    judge_hash: str = field(init=False)
    _taken: set[tuple[str, int]] = field(init=False)
    _waiting: asyncio.Queue[Question | None] = field(init=False)

    def __post_init__(self) -> None:
        judge = self.asker.judge
        self.judge_hash = judge_hash(judge)
        self._taken = self.ledger.settled(self.judge_hash, self.rubric_hash, self.prompt_hash)
        self._waiting = asyncio.Queue(judge.concurrency)

    def take(self, transcript: Transcript) -> list[VerdictKey]:
        """The repeats that are open for a transcript; each is given out once, though the transcript come twice."""
        if self.stop is not None:
            return []
        judge, identity = self.asker.judge, transcript.id
        open_repeats = [repeat for repeat in range(judge.repeats) if (identity, repeat) not in self._taken]
        self._taken.update((identity, repeat) for repeat in open_repeats)
        hashes = (self.judge_hash, self.rubric_hash, self.prompt_hash)
        return [VerdictKey(identity, judge.id, *hashes, repeat) for repeat in open_repeats]

    async def put(self, question: Question) -> None:
        """Add a question; waits while as many are waiting as the judge takes at once."""
        await self._waiting.put(question)

    async def close(self) -> None:
        """Let the workers end when nothing is left."""
        for _ in range(self.asker.judge.concurrency):
            await self._waiting.put(None)

    async def work(self) -> None:
        """Ask what is waiting, one question after the other, until the seat is closed."""
        while (question := await self._waiting.get()) is not None:
            if self.stop is not None:
                continue
            asked = await ask(question, self.asker, self.ledger)
            self.ledger.record([asked.verdict])
            self.on_verdict(asked.verdict)
            if asked.stops_judge is not None:
                self.stop = JudgeStop(self.asker.judge.id, asked.stops_judge)
