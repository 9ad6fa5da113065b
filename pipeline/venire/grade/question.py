"""One question to one judge: a transcript, asked about once, becomes a verdict."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from venire.errors import VenireError
from venire.grade.answer_form import Answered
from venire.grade.asker import Asker
from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.evidence import verify
from venire.grade.ledger import Ledger
from venire.grade.prompt import Prompt
from venire.grade.provider_call import CallEnded, ProviderCall
from venire.panel import judge_family
from venire.text import one_line
from venire.transcript import Transcript
from venire.verdict import Verdict

_CAUSE_WIDTH = 500


@dataclass(frozen=True)
class Question:
    """What is put to a judge."""

    key: VerdictKey
    transcript: Transcript
    prompt: Prompt


@dataclass(frozen=True)
class Asked:
    """What came of a question.

    Attributes:
        stops_judge: why no question of this judge can be answered; None where others may be.
    """

    verdict: Verdict
    stops_judge: str | None = None


async def ask(question: Question, asker: Asker, ledger: Ledger) -> Asked:
    """Ask the judge until there is an outcome. Every request is in the ledger's journal; the verdict is not yet.

    Raises:
        DiskError: the ledger cannot be written.
    """
    limit, tokens = asker.judge.context_tokens, question.prompt.estimated_tokens()
    if limit is not None and tokens > limit:
        cause = f"about {tokens:,} tokens (one for three bytes), and the judge takes {limit:,}"
        return Asked(_verdict(question, asker, (), outcome="too_long", error=cause))
    started = time.monotonic()
    call = ProviderCall(asker, question.key, ledger)
    try:
        answered = await _answer(question, asker, call)
        fields = _answer_fields(question, answered, call)
        stop = None
    except CallEnded as end:
        fields = {"outcome": end.outcome, "error": str(end)}
        stop = str(end) if end.stops_judge else None
    # Where every reply was in the journal already, how long they took is not known.
    latency_s = time.monotonic() - started if call.sent else None
    return Asked(_verdict(question, asker, call.attempts, latency_s=latency_s, **fields), stop)


async def _answer(question: Question, asker: Asker, call: ProviderCall) -> Answered:
    """The answer that fits the rubric, asked for again as often as the judge's `repairs` allows.

    Raises:
        CallEnded: there is none.
    """
    import instructor
    from instructor.core import InstructorRetryException

    client: Any = instructor.from_litellm(call.complete, mode=instructor.Mode.JSON_SCHEMA, async_client=True)
    try:
        # Never with `context=`: instructor would then render the transcript as a template.
        answer = await client.create(
            response_model=asker.form.model,
            model=asker.judge.model,
            messages=question.prompt.messages(),
            max_retries=asker.judge.repairs,
        )
    except InstructorRetryException as failure:
        cause = failure.__cause__
        if isinstance(cause, CallEnded | VenireError):
            raise cause from None
        raise CallEnded("invalid", one_line(str(cause), _CAUSE_WIDTH)) from None
    return asker.form.read(answer)


def _answer_fields(question: Question, answered: Answered, call: ProviderCall) -> dict[str, Any]:
    return {
        "outcome": "answered",
        "answer": answered.values,
        "rationale": answered.rationale,
        "evidence": verify(answered.claims, question.transcript),
        "repaired": call.asks > 1,
    }


def _verdict(question: Question, asker: Asker, attempts: Sequence[Attempt], **fields: Any) -> Verdict:
    key, judge = question.key, asker.judge
    served = [attempt.served_model for attempt in attempts if attempt.served_model is not None]
    return Verdict(
        transcript_id=key.transcript_id,
        judge=key.judge,
        judge_kind="llm",
        judge_family=judge_family(judge),
        judge_agent=judge.agent,
        voting=judge.voting,
        repeat=key.repeat,
        step=key.step,
        judge_hash=key.judge_hash,
        rubric_hash=key.rubric_hash,
        prompt_hash=key.prompt_hash,
        requested_model=judge.model,
        served_model=served[-1] if served else None,
        input_tokens=_sum([attempt.input_tokens for attempt in attempts]),
        output_tokens=_sum([attempt.output_tokens for attempt in attempts]),
        cached_input_tokens=_sum([attempt.cached_input_tokens for attempt in attempts]),
        cost_usd=_cost(attempts),
        attempts=len(attempts),
        **fields,
    )


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _cost(attempts: Sequence[Attempt]) -> float | None:
    """The cost of all attempts that reported tokens; None where one of them has no price, or none reported any."""
    billed = [attempt.cost_usd for attempt in attempts if attempt.input_tokens is not None]
    known = [cost for cost in billed if cost is not None]
    return sum(known) if billed and len(known) == len(billed) else None
