"""From transcripts to batches: every open question of every judge is put into a file, and the files are submitted."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from venire.grade.attempt import VerdictKey
from venire.grade.batch.desk import Desk
from venire.grade.batch.http import TurnedAwayError, UnclearError
from venire.grade.batch.ingesting import is_answered
from venire.grade.batch.tap import Request
from venire.grade.exchange import outcome_of
from venire.grade.exhibit import Exhibit
from venire.grade.failure import Failure
from venire.grade.gate import GateClosed
from venire.grade.journal import Journal
from venire.grade.prompt_cache import request_messages, request_settings
from venire.grade.question import Question, ask, verdict_of
from venire.transcript import Transcript
from venire.verdict import Verdict

# A transcript, and who is asked about it.
Asked = tuple[Transcript, list[Desk]]


async def hand_in(
    desks: Sequence[Desk],
    asked: Iterable[Asked],
    exhibit_of: Callable[[Transcript], Exhibit],
    on_verdict: Callable[[Verdict], None],
) -> None:
    """Submit every open question, in as few batches as the providers' limits allow.

    Raises:
        DiskError: the ledger cannot be written.
    """
    try:
        for transcript, judges in asked:
            open_questions = [(desk, key) for desk in judges for key in desk.take(transcript.id)]
            exhibit = exhibit_of(transcript)
            for desk, key in open_questions:
                verdict = await _hand_over(desk, Question(key, exhibit))
                if verdict is not None and desk.ledger.record([verdict]):
                    on_verdict(verdict)
        for desk in desks:
            if desk.stop is None:
                await _submitting(desk, desk.submit)
    finally:
        for desk in desks:
            desk.close()


async def _hand_over(desk: Desk, question: Question) -> Verdict | None:
    """Put a question into the next batch; its verdict where that can be said without asking."""
    key, showing = question.key, question.exhibit.shown_to(desk.asker.judge)
    open_windows = [window for window in range(len(showing.prompts)) if not _is_paid_for(desk, key, window)]
    if not open_windows:
        return await _from_earlier_replies(desk, question)
    requests: dict[int, Request] = {}
    for window in open_windows:
        prompt, judge = showing.prompts[window], desk.asker.judge
        request = await desk.tap.request(request_messages(prompt, judge), request_settings(prompt, judge))
        if isinstance(request, Failure):
            if request.kind == "hopeless":
                desk.give_up(request.message)
            return verdict_of(question, desk.asker, (), outcome=outcome_of(request), error=request.message)
        requests[window] = request
    await _submitting(desk, lambda: desk.add(key, requests))
    return None


async def _from_earlier_replies(desk: Desk, question: Question) -> Verdict | None:
    """The verdict that replies of an earlier run make, or that needs none; None where only a re-ask could make one."""
    try:
        return (await ask(question, desk.asker, Journal(desk.ledger))).verdict
    except GateClosed:
        desk.left += 1
        return None


def _is_paid_for(desk: Desk, key: VerdictKey, window: int) -> bool:
    return key in desk.begun and is_answered(desk.ledger.attempts(key, window))


async def _submitting(desk: Desk, step: Callable[[], Awaitable[None]]) -> None:
    try:
        await step()
    except (TurnedAwayError, UnclearError) as error:
        desk.give_up(f"a batch could not be submitted: {error}")
