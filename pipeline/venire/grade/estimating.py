"""Estimating: what can be counted before a request is sent is counted; the rest is measured, or said to be assumed."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from venire.grade.docket import Docket, due_repeats
from venire.grade.estimate import Assumptions, Estimate, JudgeEstimate, plus, total_usd
from venire.grade.exhibit import Exhibit
from venire.grade.keys import provider_of
from venire.grade.ledger import Ledger
from venire.grade.passes import agreed_so_far
from venire.grade.price import Tokens, list_price, request_usd, worst_case_usd
from venire.grade.prompt import Prompt, prompt_hash
from venire.grade.spend import Spend
from venire.grade.tokens import count_tokens, token_margin
from venire.panel import LlmJudge, ProviderLimit, judge_family, judge_hash

# From so many replies on, a judge's own mean says more than an assumption.
_ENOUGH_REPLIES: Final = 20
_MINUTE_S: Final = 60.0


def estimate(docket: Docket, ledger: Ledger | None, assumptions: Assumptions) -> Estimate:
    """What grading would take; nothing is sent and nothing is written.

    The transcripts are read and their prompts made as they would be, and counted. Of a sequential panel all judges are
    counted, but where the openers are known to agree.

    Args:
        docket: what is to be graded.
        ledger: what was answered; None where nothing was.
        assumptions: for judges that have answered too little to be measured.
    """
    judges = docket.llm_judges()
    spends = ledger.spending() if ledger is not None else ()
    found = {judge.id: _begin(judge, spends, assumptions) for judge in judges}
    agreed_on = agreed_so_far(docket, ledger)
    still_open = {judge.id: _open_questions(judge, docket, ledger, agreed_on, found[judge.id]) for judge in judges}
    for transcript in docket.transcripts() if any(still_open.values()) else ():
        exhibit = Exhibit(transcript, docket.rubric, docket.secret)
        for judge in judges:
            # A transcript that comes twice is asked about once.
            if count := still_open[judge.id].pop(transcript.id, 0):
                _add(found[judge.id], judge, exhibit, count)
    for judge in judges:
        rounds = math.ceil(found[judge.id].requests / judge.concurrency)
        found[judge.id].seconds = rounds * found[judge.id].seconds_each
    seconds = _seconds(judges, found, docket.panel.limits)
    return Estimate(assumptions, tuple(found.values()), seconds, sequential=docket.panel.sequential is not None)


def request_tokens(prompt: Prompt, judge: LlmJudge) -> int:
    """Tokens that a judge's model makes of a request at most; the schema says again what the questionnaire says."""
    counted = prompt.tokens + count_tokens(prompt.questionnaire)
    return math.ceil(counted * token_margin(judge_family(judge)))


def _open_questions(
    judge: LlmJudge, docket: Docket, ledger: Ledger | None, agreed_on: frozenset[str], found: JudgeEstimate
) -> Counter[str]:
    """How many answers are open on each transcript."""
    due = due_repeats(judge, docket.panel, docket.subjects, agreed_on)
    question = (judge_hash(judge), docket.rubric.hash, prompt_hash())
    # What is in a batch is on its way, and is not asked for again either.
    taken = ledger.settled(*question) | ledger.in_batches(*question) if ledger is not None else set()
    found.due, found.settled = len(due), len(due & taken)
    return Counter(identity for identity, _ in due - taken)


def _begin(judge: LlmJudge, spends: Iterable[Spend], assumptions: Assumptions) -> JudgeEstimate:
    """Nothing counted yet; the length of answers and the time of requests are measured or assumed."""
    identity = judge_hash(judge)
    own = next((spend for spend in spends if (spend.judge, spend.judge_hash) == (judge.id, identity)), None)
    if own is not None and own.replies >= _ENOUGH_REPLIES:
        tokens, seconds, measured = round(own.reply_output_tokens / own.replies), own.reply_seconds / own.replies, True
    else:
        tokens, seconds, measured = min(assumptions.output_tokens, judge.max_tokens), assumptions.seconds, False
    return JudgeEstimate(judge.id, judge.model, tokens, seconds, measured, list_price(judge))


def _add(found: JudgeEstimate, judge: LlmJudge, exhibit: Exhibit, questions: int) -> None:
    """Count the open questions about one transcript."""
    showing = exhibit.shown_to(judge)
    if not showing.prompts:
        found.too_long += questions
        return
    for prompt in showing.prompts:
        tokens = request_tokens(prompt, judge)
        found.requests += questions
        found.input_tokens += questions * tokens
        found.output_tokens += questions * found.output_each
        usd = request_usd(judge, Tokens(tokens, found.output_each))
        found.usd = plus(found.usd, usd, questions)
        found.once_usd = plus(found.once_usd, worst_case_usd(judge, tokens, judge.max_tokens), questions)
        found.worst_usd = plus(found.worst_usd, _worst_usd(judge, tokens), questions)


def _worst_usd(judge: LlmJudge, input_tokens: int) -> float | None:
    """Of one window: each repair and re-check shows the model the answers before it, and may be as long again."""
    asks = (1 + judge.repairs) * (1 + judge.recheck_evidence)
    costs = [
        worst_case_usd(judge, input_tokens + number * judge.max_tokens, judge.max_tokens) for number in range(asks)
    ]
    return total_usd(costs)


def _seconds(judges: Sequence[LlmJudge], found: Mapping[str, JudgeEstimate], limits: Sequence[ProviderLimit]) -> float:
    """All judges at work at once, none faster than its provider allows."""
    times = [each.seconds for each in found.values()]
    for limit in limits:
        under = [found[judge.id] for judge in judges if _limit_of(judge, limits) is limit]
        requests = sum(each.requests for each in under)
        tokens = sum(each.input_tokens + each.output_tokens for each in under)
        if limit.requests_per_minute is not None:
            times.append(_MINUTE_S * requests / limit.requests_per_minute)
        if limit.tokens_per_minute is not None:
            times.append(_MINUTE_S * tokens / limit.tokens_per_minute)
        if limit.in_flight is not None:
            times.append(sum(each.requests * each.seconds_each for each in under) / limit.in_flight)
    return max(times, default=0.0)


def _limit_of(judge: LlmJudge, limits: Iterable[ProviderLimit]) -> ProviderLimit | None:
    """As `venire.grade.gates` has it: a limit for the server's address goes before one for the provider."""
    by_name = {limit.provider: limit for limit in limits}
    return by_name.get(judge.api_base or "", by_name.get(provider_of(judge.model)))
