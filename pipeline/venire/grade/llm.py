"""Language models as judges: every open question of a panel is asked, some at a time, and each verdict is kept."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Final

from venire.errors import GradingInterruptedError, RubricError
from venire.grade.answer_form import AnswerForm
from venire.grade.asker import Asker
from venire.grade.engine_loop import run_in_loop
from venire.grade.exhibit import Exhibit
from venire.grade.gates import gates_for
from venire.grade.interrupts import interrupts
from venire.grade.journal import Journal
from venire.grade.keys import check_keys
from venire.grade.ledger import Ledger
from venire.grade.litellm_import import import_litellm
from venire.grade.prompt import prompt_hash
from venire.grade.question import Question
from venire.grade.seat import JudgeStop, Seat
from venire.grade.terms import Terms
from venire.panel import LlmJudge
from venire.rubric import Rubric
from venire.transcript import Transcript
from venire.verdict import Verdict

PLAIN_TERMS: Final = Terms()


async def grade_with_llm(
    judges: Sequence[LlmJudge],
    rubric: Rubric,
    transcripts: Iterable[Transcript],
    ledger: Ledger,
    secret: bytes,
    on_verdict: Callable[[Verdict], None],
    terms: Terms = PLAIN_TERMS,
) -> tuple[JudgeStop, ...]:
    """Ask each judge about each transcript that it has no settled verdict on, and record what comes of it.

    Transcripts are read as they are needed: at most twice the largest `concurrency` of a judge are held. A missing
    transcript is passed over. Cancelled or killed, it leaves every reply in the ledger's journal; the next run takes it
    up from there. So it does where the budget is spent, which `terms.budget` then says.

    Args:
        judges: any number; each has its own limit of requests in flight.
        rubric: the question.
        transcripts: read once, in order.
        ledger: where verdicts go; it says what need not be asked again.
        secret: the study's own random bytes; see `venire.grade.prompt`.
        on_verdict: called with each verdict after it is in the ledger.
        terms: what holds for all judges together.

    Returns:
        the judges that were given up because their key, their permission, their credit or the name of their model was
        refused, or a parameter of theirs is not supported. The question that met this has an error for a verdict, the
        judge's further ones none; all are asked in the next run.

    Raises:
        MissingKeyError: a judge has no API key; nothing was asked.
        RubricError: the rubric is about steps, which language models are not asked about yet.
        GradingInterruptedError: Ctrl-C; what was in flight came to its end first and is recorded.
        KeyboardInterrupt: Ctrl-C again; what was in flight was broken off.
        DiskError: the ledger cannot be written; nothing more was asked.
    """
    if rubric.unit != "transcript":
        raise RubricError(f"rubric '{rubric.id}' asks about steps; judges of kind llm grade whole transcripts only")
    check_keys(judges)
    gates = gates_for(judges, terms.limits)
    askers = Asker.for_each(judges, AnswerForm.of(rubric), os.environ, gates, terms.budget)
    with Journal(ledger, terms.earlier) as journal:
        seats = [Seat(asker, journal, on_verdict, rubric.hash, prompt_hash(), terms.in_flight) for asker in askers]
        try:
            await _ask_all(
                seats, _hand_out(transcripts, seats, lambda each: Exhibit(each, rubric, secret), terms), terms
            )
        finally:
            await import_litellm().close_litellm_async_clients()
    return tuple(seat.stop for seat in seats if seat.stop is not None)


def run_llm_judges(
    judges: Sequence[LlmJudge],
    rubric: Rubric,
    transcripts: Iterable[Transcript],
    ledger: Ledger,
    secret: bytes,
    on_verdict: Callable[[Verdict], None],
    terms: Terms = PLAIN_TERMS,
) -> tuple[JudgeStop, ...]:
    """`grade_with_llm` for callers that are not coroutines, in a notebook, too."""
    return run_in_loop(lambda: grade_with_llm(judges, rubric, transcripts, ledger, secret, on_verdict, terms))


async def _ask_all(seats: Sequence[Seat], handing_out: Coroutine[Any, Any, None], terms: Terms) -> None:
    """Let every seat work until all is asked, or Ctrl-C ends it."""

    def drain() -> None:
        for seat in seats:
            seat.close()
        terms.on_interrupt(sum(gate.in_flight for gate in {seat.asker.gate for seat in seats}))

    with interrupts(drain, _canceller()) as heard:
        try:
            async with asyncio.TaskGroup() as group:
                for seat in seats:
                    for _ in range(seat.asker.judge.concurrency):
                        group.create_task(seat.work())
                group.create_task(handing_out)
        except BaseExceptionGroup as failures:
            raise _first(failures) from failures
        except asyncio.CancelledError:
            if heard.count > 1:
                raise KeyboardInterrupt from None
            raise
        if heard.count:
            raise GradingInterruptedError(
                "interrupted; every request that was in flight has been waited for and recorded",
                hint="Run the same command again to go on: what has an answer is not asked again.",
            )


def _canceller() -> Callable[[], object]:
    task = asyncio.current_task()
    return (lambda: None) if task is None else task.cancel


async def _hand_out(
    transcripts: Iterable[Transcript],
    seats: Sequence[Seat],
    exhibit_of: Callable[[Transcript], Exhibit],
    terms: Terms,
) -> None:
    """Give every open question to its judge, no faster than the slowest judge answers."""
    for transcript in transcripts:
        if all(seat.asks_no_more for seat in seats):
            break
        if transcript.status == "missing":
            continue
        asked = [seat for seat in seats if terms.asks(seat.asker.judge, transcript)]
        given = [(seat, key) for seat in asked for key in seat.take(transcript)]
        if given:
            exhibit = exhibit_of(transcript)
            for seat, key in given:
                await seat.put(Question(key, exhibit))
        # Where nothing was open, let the judges work all the same.
        await asyncio.sleep(0)
    for seat in seats:
        await seat.finish()


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first failure itself, without the groups around it."""
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
