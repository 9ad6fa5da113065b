"""One question to one judge: a transcript, asked about whole or in windows, becomes a verdict."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from venire.errors import VenireError
from venire.grade.asker import Asker
from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.budget import BudgetExhausted
from venire.grade.deadline import Deadline
from venire.grade.evidence import verify
from venire.grade.exhibit import Exhibit
from venire.grade.gate import GateClosed
from venire.grade.instructor_import import import_instructor
from venire.grade.journal import Journal
from venire.grade.merging import Finding, merge
from venire.grade.prompt import RECHECK, Prompt
from venire.grade.prompt_cache import request_messages, request_settings
from venire.grade.provider_call import CallEnded, ProviderCall, Sending
from venire.panel import judge_family
from venire.text import one_line
from venire.verdict import Verdict

_CAUSE_WIDTH = 500
_LONG_CHARS = 200_000


@dataclass(frozen=True)
class Question:
    """What is put to a judge."""

    key: VerdictKey
    exhibit: Exhibit


@dataclass(frozen=True)
class Asked:
    """What came of a question.

    Attributes:
        stops_judge: why no question of this judge can be answered; None where others may be.
    """

    verdict: Verdict
    stops_judge: str | None = None


async def ask(question: Question, asker: Asker, journal: Journal) -> Asked:
    """Ask the judge until there is an outcome. Every request is in the journal; the verdict is not yet.

    The windows of a long transcript are asked about one after the other.

    Raises:
        BudgetExhausted: there is no money for the next request.
        GateClosed: nothing more is sent.
        DiskError: the ledger cannot be written.
    """
    showing = question.exhibit.shown_to(asker.judge)
    if showing.too_long:
        return Asked(verdict_of(question, asker, (), outcome="too_long", error=showing.too_long))
    started, deadline = time.monotonic(), Deadline(asker.judge.deadline_s)
    findings: list[Finding] = []
    calls: list[ProviderCall] = []
    stop: str | None = None
    for window, prompt in enumerate(showing.prompts):
        sent = Sending(window, deadline, request_settings(prompt, asker.judge))
        call = ProviderCall(asker, question.key, journal, sent)
        calls.append(call)
        try:
            findings.append(await _Window(question.exhibit, prompt, asker, call).find())
        except CallEnded as end:
            findings.append(Finding(end.outcome, {}, error=str(end)))
            if end.stops_judge:
                stop = str(end)
                break
    findings += [Finding("error", {}, error="not asked")] * (len(showing.prompts) - len(findings))
    found = merge(findings, asker.form.rubric)
    # Where every reply was in the journal already, how long they took is not known.
    latency_s = time.monotonic() - started if any(call.sent for call in calls) else None
    about = {"windows": len(showing.prompts), "elided_chars": showing.elided_chars, "latency_s": latency_s}
    attempts = [attempt for call in calls for attempt in call.attempts]
    return Asked(verdict_of(question, asker, attempts, **about, **found.__dict__), stop)


@dataclass(frozen=True)
class _Window:
    """One prompt on its way to an answer."""

    exhibit: Exhibit
    prompt: Prompt
    asker: Asker
    call: ProviderCall

    async def find(self) -> Finding:
        """The judge's answer, with its quotes looked for in the transcript.

        Raises:
            CallEnded: there is none.
        """
        messages = request_messages(self.prompt, self.asker.judge)
        answer = await self._answer(messages)
        finding = await self._finding(answer)
        if not (finding.unsupported and self.asker.judge.recheck_evidence):
            return finding
        given = {"role": "assistant", "content": answer.model_dump_json()}
        try:
            return await self._finding(await self._answer([*messages, given, {"role": "user", "content": RECHECK}]))
        except CallEnded:
            # The first answer was given all the same.
            return finding

    async def _answer(self, messages: list[dict[str, Any]]) -> Any:
        """An answer that fits the rubric, asked for again as often as the judge's `repairs` allows.

        Raises:
            CallEnded: there is none.
        """
        instructor = import_instructor()
        from instructor.core import InstructorRetryException

        client = instructor.from_litellm(self.call.complete, mode=instructor.Mode.JSON_SCHEMA, async_client=True)
        try:
            # Never with `context=`: instructor would then render the transcript as a template.
            return await client.create(
                response_model=self.asker.form.model,
                model=self.asker.judge.model,
                messages=messages,
                max_retries=self.asker.judge.repairs,
            )
        except InstructorRetryException as failure:
            cause = failure.__cause__
            if isinstance(cause, CallEnded | VenireError | BudgetExhausted | GateClosed):
                raise cause from None
            raise CallEnded("invalid", one_line(str(cause), _CAUSE_WIDTH)) from None

    async def _finding(self, answer: Any) -> Finding:
        answered = self.asker.form.read(answer)
        blinding = self.exhibit.blinding(self.asker.judge)
        looked_for = (answered.claims, self.exhibit.transcript, blinding)
        # Looking for similar words in a long transcript takes longer than other requests should wait.
        is_long = len(self.prompt.record) > _LONG_CHARS and bool(answered.claims)
        evidence = await asyncio.to_thread(verify, *looked_for) if is_long else verify(*looked_for)
        is_supported = answered.values["violation"] is not True or any(each.match != "absent" for each in evidence)
        return Finding(
            "answered",
            answered.values,
            answered.rationale,
            evidence,
            repaired=self.call.asks > 1,
            unsupported=not is_supported,
        )


def verdict_of(question: Question, asker: Asker, attempts: Sequence[Attempt], **fields: Any) -> Verdict:
    """The verdict on a question, with what all its attempts took."""
    key, judge = question.key, asker.judge
    served = [attempt.served_model for attempt in attempts if attempt.served_model is not None]
    return Verdict(
        transcript_id=key.transcript_id,
        judge=key.judge,
        judge_kind=judge.kind,
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
