"""A run of batches: what is open is handed in, what was handed in is waited for, what came back becomes verdicts."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from venire.errors import GradingInterruptedError, RubricError
from venire.grade.answer_form import AnswerForm
from venire.grade.asker import Asker
from venire.grade.batch.anthropic_batches import AnthropicBatches
from venire.grade.batch.desk import Desk
from venire.grade.batch.http import BatchHttp
from venire.grade.batch.ingesting import settle
from venire.grade.batch.interface import BatchInterface
from venire.grade.batch.openai_batches import OpenAIBatches
from venire.grade.batch.outgoing import hand_in
from venire.grade.batch.record import BatchFormat
from venire.grade.batch.saying import what_is_out
from venire.grade.batch.tap import Tap, batch_format
from venire.grade.batch.terms import BatchTerms
from venire.grade.batch.waiting import Watch
from venire.grade.engine_loop import run_in_loop
from venire.grade.exhibit import Exhibit
from venire.grade.failure import Failure
from venire.grade.gate import Gate
from venire.grade.interrupts import interrupts
from venire.grade.keys import check_keys
from venire.grade.ledger import Ledger
from venire.grade.prompt import prompt_hash
from venire.grade.seat import JudgeStop
from venire.panel import LlmJudge, judge_hash
from venire.rubric import Rubric
from venire.text import plural
from venire.transcript import Transcript
from venire.verdict import Verdict

if TYPE_CHECKING:
    import aiohttp

__all__ = ["BatchTerms", "has_batches", "run_batch_judges"]

_INTERFACES: Final[dict[BatchFormat, Callable[[BatchHttp], BatchInterface]]] = {
    "openai": OpenAIBatches,
    "anthropic": AnthropicBatches,
}
_LONGEST_PAUSE_S: Final = 300.0
_PAUSE_GROWTH: Final = 1.5


PLAIN_BATCH_TERMS: Final = BatchTerms()


def has_batches(judge: LlmJudge) -> bool:
    """Whether a judge's provider has a batch interface that venire speaks: OpenAI's format, or Anthropic's."""
    return batch_format(judge.model) is not None


def run_batch_judges(
    judges: Sequence[LlmJudge],
    rubric: Rubric,
    transcripts: Callable[[], Iterator[Transcript]],
    ledger: Ledger,
    secret: bytes,
    on_verdict: Callable[[Verdict], None],
    terms: BatchTerms = PLAIN_BATCH_TERMS,
) -> tuple[JudgeStop, ...]:
    """Have judges answer through their providers' batch interfaces; return when every batch has ended.

    Batches that an earlier run submitted are waited for, too, and nothing that is in one is asked a second time. The
    run may be broken off at any moment: the providers go on, and the next run takes up what they have. An answer that
    breaks the rubric stays invalid, as nobody can be asked again within a batch. A request that failed or expired
    makes an error, which the next run asks about again.

    Args:
        judges: those of `has_batches`; the others are given up.
        rubric: the question.
        transcripts: starts a new pass over the transcripts; there is one before batches are submitted, and one
            whenever batches have ended.
        ledger: where verdicts go; it says what need not be asked again, and which batches are open.
        secret: the study's own random bytes; see `venire.grade.prompt`.
        on_verdict: called with each verdict after it is in the ledger.
        terms: what holds for all judges.

    Returns:
        the judges that were given up, and why. What is in their batches is kept for the next run.

    Raises:
        MissingKeyError: a judge has no API key; nothing was asked.
        RubricError: the rubric is about steps.
        GradingInterruptedError: Ctrl-C.
        DiskError: the ledger cannot be written.
    """
    if rubric.unit != "transcript":
        raise RubricError(f"rubric '{rubric.id}' asks about steps; judges of kind llm grade whole transcripts only")
    check_keys(judges)
    run = _Run(judges, rubric, transcripts, ledger, secret, on_verdict, terms)
    return run_in_loop(run.uninterrupted)


@dataclass(frozen=True)
class _Run:
    judges: Sequence[LlmJudge]
    rubric: Rubric
    transcripts: Callable[[], Iterator[Transcript]]
    ledger: Ledger
    secret: bytes
    on_verdict: Callable[[Verdict], None]
    terms: BatchTerms

    async def uninterrupted(self) -> tuple[JudgeStop, ...]:
        """The whole run, ended by the first Ctrl-C: there is nothing of worth in flight."""
        work = asyncio.ensure_future(self.all())
        with interrupts(lambda: _cancel(work), lambda: _cancel(work)) as heard:
            try:
                return await work
            except asyncio.CancelledError:
                if not heard.count:
                    raise
        raise GradingInterruptedError(
            "interrupted; batches that were submitted go on at their providers",
            hint="Run the same command again to fetch their answers: nothing that is in a batch is asked again.",
        )

    async def all(self) -> tuple[JudgeStop, ...]:
        """Find what was lost, hand in what is open, wait for what is out."""
        import aiohttp

        async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
            desks, stops = [], []
            for asker in self._askers():
                opened = await self._open_desk(asker, session, stack)
                if isinstance(opened, JudgeStop):
                    stops.append(opened)
                else:
                    desks.append(opened)
            watches = [Watch(desk) for desk in desks]
            for watch in watches:
                await watch.find_lost()
                watch.desk.begin()
            await hand_in(desks, self._asked(desks), self._exhibit, self.on_verdict)
            for line in what_is_out(desks, self.ledger):
                self.terms.say(line)
            await self._wait(watches)
        return (*stops, *(desk.stop for desk in desks if desk.stop is not None))

    def _askers(self) -> tuple[Asker, ...]:
        gate = Gate(1)
        gate.close()
        gates = {judge.id: gate for judge in self.judges}
        return Asker.for_each(self.judges, AnswerForm.of(self.rubric), os.environ, gates)

    async def _open_desk(
        self, asker: Asker, session: "aiohttp.ClientSession", stack: AsyncExitStack
    ) -> Desk | JudgeStop:
        judge, form = asker.judge, batch_format(asker.judge.model)
        if form is None:
            return JudgeStop(judge.id, f"the provider of {judge.model} has no batch interface that venire speaks")
        tap = await stack.enter_async_context(Tap(asker, form))
        probe = await tap.request()
        if isinstance(probe, Failure):
            return JudgeStop(judge.id, probe.message)
        interface = _INTERFACES[form](BatchHttp(session, probe.base, probe.headers, asker.scrubber.scrub))
        hashes = (judge_hash(judge), self.rubric.hash, prompt_hash())
        return Desk(asker, form, tap, interface, self.ledger, hashes)

    def _asked(self, desks: Sequence[Desk]) -> Iterator[tuple[Transcript, list[Desk]]]:
        for transcript in self.transcripts():
            if transcript.status != "missing":
                yield transcript, [desk for desk in desks if self.terms.asks(desk.asker.judge, transcript)]

    def _exhibit(self, transcript: Transcript) -> Exhibit:
        return Exhibit(transcript, self.rubric, self.secret)

    async def _wait(self, watches: Sequence[Watch]) -> None:
        pause_s = self.terms.poll_s
        while True:
            ended = [each for found in await asyncio.gather(*(watch.ended() for watch in watches)) for each in found]
            if ended:
                await settle(ended, self.transcripts(), self._exhibit, self.on_verdict)
                for each in ended:
                    self.ledger.move_batch(each.batch.name, "ingested")
                    self.terms.say(f"{each.desk.name}: a batch of {plural(len(each.batch.members), 'question')} is in")
            if all(watch.is_over for watch in watches):
                return
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * _PAUSE_GROWTH, max(_LONGEST_PAUSE_S, self.terms.poll_s))


def _cancel(work: asyncio.Future[Any]) -> None:
    work.cancel()
