"""Language models as judges: every open question of a panel is asked, some at a time, and each verdict is kept."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from venire.errors import RubricError
from venire.grade.answer_form import AnswerForm
from venire.grade.asker import Asker
from venire.grade.keys import check_keys
from venire.grade.ledger import Ledger
from venire.grade.litellm_import import import_litellm
from venire.grade.prompt import Prompt, prompt_hash, render_prompt
from venire.grade.question import Question
from venire.grade.seat import JudgeStop, Seat
from venire.panel import LlmJudge
from venire.rubric import Rubric
from venire.transcript import Transcript
from venire.verdict import Verdict

Asks = Callable[[LlmJudge, Transcript], bool]


def ask_every_judge(judge: LlmJudge, transcript: Transcript) -> bool:
    """The panel's `own_family: allow`."""
    return True


async def grade_with_llm(
    judges: Sequence[LlmJudge],
    rubric: Rubric,
    transcripts: Iterable[Transcript],
    ledger: Ledger,
    secret: bytes,
    on_verdict: Callable[[Verdict], None],
    asks: Asks = ask_every_judge,
) -> tuple[JudgeStop, ...]:
    """Ask each judge about each transcript that it has no settled verdict on, and record what comes of it.

    Transcripts are read as they are needed: at most twice the largest `concurrency` of a judge are held. A missing
    transcript is passed over. Cancelled or killed, it leaves every reply in the ledger's journal; the next run takes it
    up from there.

    Args:
        judges: any number; each has its own limit of requests in flight.
        rubric: the question.
        transcripts: read once, in order.
        ledger: where verdicts go; it says what need not be asked again.
        secret: the study's own random bytes; see `venire.grade.prompt`.
        on_verdict: called with each verdict after it is in the ledger.
        asks: whether a judge is to be asked about a transcript.

    Returns:
        the judges that were given up because their key, their permission, their credit or the name of their model was
        refused, or a parameter of theirs is not supported. The question that met this has an error for a verdict, the
        judge's further ones none; all are asked in the next run.

    Raises:
        MissingKeyError: a judge has no API key; nothing was asked.
        RubricError: the rubric is about steps, which language models are not asked about yet.
        DiskError: the ledger cannot be written; nothing more was asked.
    """
    if rubric.unit != "transcript":
        raise RubricError(f"rubric '{rubric.id}' asks about steps; judges of kind llm grade whole transcripts only")
    check_keys(judges)
    import_litellm()
    hashes = (rubric.hash, prompt_hash())
    askers = Asker.for_each(judges, AnswerForm.of(rubric), os.environ)
    seats = [Seat(asker, ledger, on_verdict, *hashes) for asker in askers]
    try:
        async with asyncio.TaskGroup() as group:
            for seat in seats:
                for _ in range(seat.asker.judge.concurrency):
                    group.create_task(seat.work())
            group.create_task(_hand_out(transcripts, seats, lambda each: render_prompt(each, rubric, secret), asks))
    except BaseExceptionGroup as failures:
        raise _first(failures) from failures
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
    asks: Asks = ask_every_judge,
) -> tuple[JudgeStop, ...]:
    """`grade_with_llm` for callers that are not coroutines, in a notebook, too."""
    work = grade_with_llm(judges, rubric, transcripts, ledger, secret, on_verdict, asks)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    # A notebook has a loop already, which cannot be entered twice; this thread waits while another has its own.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _hand_out(
    transcripts: Iterable[Transcript], seats: Sequence[Seat], render: Callable[[Transcript], Prompt], asks: Asks
) -> None:
    """Give every open question to its judge, no faster than the slowest judge answers."""
    for transcript in transcripts:
        if all(seat.stop is not None for seat in seats):
            break
        if transcript.status == "missing":
            continue
        asked = [seat for seat in seats if asks(seat.asker.judge, transcript)]
        given = [(seat, key) for seat in asked for key in seat.take(transcript)]
        if given:
            prompt = render(transcript)
            for seat, key in given:
                await seat.put(Question(key, transcript, prompt))
        # Where nothing was open, let the judges work all the same.
        await asyncio.sleep(0)
    for seat in seats:
        await seat.close()


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first failure itself, without the groups around it."""
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
