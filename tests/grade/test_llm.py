"""Language models as judges, asked over real HTTP."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.grade.asking import (
    BROKEN_RULE,
    NO_QUOTE,
    RUBRIC,
    SECRET,
    VIOLATED,
    VIOLATION,
    anthropic_judge,
    ask_one,
    grade,
    openai_judge,
    run_of,
    verdicts_in,
)
from tests.provider.reply import (
    Answer,
    Dripped,
    Dropped,
    Garbage,
    Held,
    HttpError,
    Refusal,
    Reply,
    in_turn,
    overloaded,
    rate_limited,
)
from tests.provider.server import Provider
from venire.errors import DiskError, MissingKeyError, RubricError
from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.ledger import Ledger
from venire.grade.llm import grade_with_llm, run_llm_judges
from venire.grade.prompt import prompt_hash
from venire.grade.terms import Terms
from venire.panel import LlmJudge, Price, judge_hash
from venire.transcript import Transcript
from venire.verdict import Evidence, Verdict

pytestmark = pytest.mark.usefixtures("keys")

JudgeOf = Callable[..., LlmJudge]
BOTH = pytest.mark.parametrize("judge_of", [openai_judge, anthropic_judge], ids=["openai", "anthropic"])


@BOTH
def test_an_answer_becomes_a_verdict_with_everything_known_about_it(
    provider: Provider, path: Path, judge_of: JudgeOf
) -> None:
    provider.script = in_turn(Answer(VIOLATION, 1200, 80, cached_tokens=200, served_model="served-20260101"))
    judge = judge_of(provider, price=Price(input=2, output=10, cached_input=0.5))

    verdict = ask_one(judge, path)

    assert verdict.outcome == "answered"
    assert verdict.answer == {"violation": True, "awareness": "aware", "severity": 4}
    assert verdict.rationale == "It deleted the log."
    # The judge cited message 1; the words are in message 2, whose text is "I know ...\nbash\ncommand: rm audit.log".
    (evidence,) = verdict.evidence
    assert (evidence.message, evidence.match) == (2, "exact")
    assert (verdict.judge_hash, verdict.rubric_hash, verdict.prompt_hash) == (
        judge_hash(judge),
        RUBRIC.hash,
        prompt_hash(),
    )
    assert (verdict.requested_model, verdict.served_model) == (judge.model, "served-20260101")
    assert (verdict.input_tokens, verdict.output_tokens, verdict.cached_input_tokens) == (1200, 80, 200)
    # 1000 new input tokens at $2, 200 cached at $0.50, 80 out at $10, per million: 0.0020 + 0.0001 + 0.0008
    assert verdict.cost_usd == pytest.approx(0.0029)
    assert (verdict.attempts, verdict.repaired, verdict.error) == (1, False, None)
    assert verdict.latency_s is not None


def test_openai_is_sent_a_strict_schema_and_the_panels_parameters(provider: Provider, path: Path) -> None:
    ask_one(openai_judge(provider, max_tokens=777, parameters={"reasoning_effort": "low"}), path)

    body = provider.requests[0].body
    assert body["max_completion_tokens"] == 777
    assert body["reasoning_effort"] == "low"
    assert "temperature" not in body
    sent = body["response_format"]["json_schema"]
    assert sent["strict"] is True
    for part in (sent["schema"], sent["schema"]["$defs"]["Evidence"]):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
    assert list(sent["schema"]["properties"]) == ["rationale", "evidence", "violation", "awareness", "severity"]


def test_anthropic_is_sent_native_structured_output_for_a_model_that_litellm_knows(
    provider: Provider, path: Path
) -> None:
    ask_one(anthropic_judge(provider), path)

    assert "tools" not in provider.requests[0].body
    assert provider.requests[0].schema is not None
    assert provider.requests[0].key == "sk-ant-planted-0002"


def test_anthropic_is_sent_a_forced_tool_for_a_model_that_litellm_does_not_know(provider: Provider, path: Path) -> None:
    verdict = ask_one(anthropic_judge(provider, model="anthropic/claude-unheard-of"), path)

    assert provider.requests[0].body["tool_choice"]["type"] == "tool"
    assert verdict.outcome == "answered"
    assert verdict.cost_usd is None


def test_the_transcript_goes_out_as_it_is_braces_and_all(provider: Provider, path: Path) -> None:
    hostile = run_of().model_copy(update={"id": "0" * 64})
    braces = hostile.messages[1].model_copy(update={"content": "{{ 7 * 7 }} {% for x in y %} {# note #}"})
    hostile = hostile.model_copy(update={"messages": (braces,)})

    ask_one(openai_judge(provider), path, hostile)

    assert "{{ 7 * 7 }} {% for x in y %} {# note #}" in provider.requests[0].turns[0]


@BOTH
def test_a_refusal_is_asked_once_and_is_no_answer(provider: Provider, path: Path, judge_of: JudgeOf) -> None:
    provider.script = in_turn(Refusal())

    verdict = ask_one(judge_of(provider, repairs=3), path)

    assert (verdict.outcome, verdict.answer) == ("refused", {})
    assert len(provider.requests) == 1
    assert verdict.input_tokens == 1000


@BOTH
def test_an_answer_that_is_cut_off_is_truncated_and_not_asked_again(
    provider: Provider, path: Path, judge_of: JudgeOf
) -> None:
    provider.script = in_turn(Answer('{"rationale": "It del', finish="length"))

    verdict = ask_one(judge_of(provider, repairs=3), path)

    assert verdict.outcome == "truncated"
    assert "max_tokens" in (verdict.error or "")
    assert len(provider.requests) == 1


@BOTH
@pytest.mark.parametrize(
    "wrong",
    [
        Answer("I would say it is fine."),
        Answer(""),
        Answer({"verdict": "guilty"}),
        Answer({**VIOLATION, "severity": 9}),
        Answer(BROKEN_RULE),
        Answer(NO_QUOTE),
    ],
    ids=["no JSON", "empty", "wrong schema", "out of range", "broken rule", "violation without a quote"],
)
def test_an_answer_that_breaks_the_rubric_is_asked_for_again_and_marked(
    provider: Provider, path: Path, judge_of: JudgeOf, wrong: Reply
) -> None:
    provider.script = in_turn(wrong, VIOLATED)

    verdict = ask_one(judge_of(provider, repairs=1), path)

    assert (verdict.outcome, verdict.repaired, verdict.attempts) == ("answered", True, 2)
    assert [request.is_repair for request in provider.requests] == [False, True]
    # Both were paid for.
    assert (verdict.input_tokens, verdict.output_tokens) == (2000, 200)


def test_the_judge_is_told_which_rule_its_answer_broke(provider: Provider, path: Path) -> None:
    provider.script = in_turn(Answer(BROKEN_RULE), VIOLATED)

    ask_one(openai_judge(provider), path)

    assert "what is grave is a violation" in provider.requests[1].turns[-1]


@pytest.mark.parametrize("repairs", [0, 2])
def test_an_answer_that_stays_wrong_is_invalid(provider: Provider, path: Path, repairs: int) -> None:
    provider.script = in_turn(Answer(BROKEN_RULE))

    verdict = ask_one(openai_judge(provider, repairs=repairs), path)

    assert (verdict.outcome, verdict.answer, verdict.repaired) == ("invalid", {}, False)
    assert "what is grave is a violation" in (verdict.error or "")
    assert len(provider.requests) == repairs + 1


@BOTH
@pytest.mark.parametrize(
    "fault",
    [
        rate_limited("0"),
        rate_limited("Wed, 21 Oct 2015 07:28:00 GMT"),
        HttpError(429, "You exceeded your current quota. Please retry in 0.01s.", "RESOURCE_EXHAUSTED"),
        HttpError(500, retry_after="0"),
        HttpError(503, retry_after="0"),
        overloaded(),
        Garbage(),
        Garbage("<html>Bad gateway</html>", "text/html"),
        Dropped(),
    ],
    ids=["429", "429 with a date", "429 with a time in words", "500", "503", "529", "cut JSON", "HTML", "dropped"],
)
def test_a_fault_that_may_pass_is_tried_again(provider: Provider, path: Path, judge_of: JudgeOf, fault: Reply) -> None:
    provider.script = in_turn(fault, VIOLATED)

    verdict = ask_one(judge_of(provider), path)

    assert (verdict.outcome, verdict.attempts, verdict.repaired) == ("answered", 2, False)
    assert verdict.input_tokens == 1000


@BOTH
@pytest.mark.parametrize("slow", [Held(), Dripped()], ids=["held", "dripped"])
def test_a_reply_that_does_not_come_in_time_is_given_up(
    provider: Provider, path: Path, judge_of: JudgeOf, slow: Reply
) -> None:
    provider.script = in_turn(slow, VIOLATED)

    verdict = ask_one(judge_of(provider, timeout_s=0.3), path)

    assert (verdict.outcome, verdict.attempts) == ("answered", 2)


def test_faults_that_stay_end_in_an_error_which_the_next_run_asks_for_again(provider: Provider, path: Path) -> None:
    provider.script = in_turn(HttpError(500, "down for repairs", retry_after="0"))
    judge = openai_judge(provider, tries=3)

    verdict = ask_one(judge, path)

    assert (verdict.outcome, verdict.attempts, verdict.cost_usd) == ("error", 3, None)
    assert "down for repairs" in (verdict.error or "")
    assert len(provider.requests) == 3

    provider.script = in_turn(VIOLATED)
    again = ask_one(judge, path)
    assert (again.outcome, again.attempts) == ("answered", 4)


def test_a_provider_that_asks_for_an_hour_is_not_waited_for(provider: Provider, path: Path) -> None:
    provider.script = in_turn(rate_limited("3600"))

    assert ask_one(openai_judge(provider), path).outcome == "error"
    assert len(provider.requests) == 1


@BOTH
def test_a_prompt_that_the_provider_calls_too_long(provider: Provider, path: Path, judge_of: JudgeOf) -> None:
    provider.script = in_turn(HttpError(400, "prompt is too long: 250000 tokens > 200000 maximum", "invalid_request"))

    assert ask_one(judge_of(provider), path).outcome == "too_long"
    assert len(provider.requests) == 1


def test_a_prompt_longer_than_the_judge_takes_is_not_sent(provider: Provider, path: Path) -> None:
    verdict = ask_one(openai_judge(provider, context_tokens=100), path)

    assert (verdict.outcome, verdict.attempts) == ("too_long", 0)
    assert provider.requests == []


def test_a_request_that_the_provider_rejects_is_an_error_and_the_others_go_on(provider: Provider, path: Path) -> None:
    provider.script = in_turn(HttpError(400, "malformed", "invalid_request_error"), VIOLATED)

    stops = grade([openai_judge(provider, concurrency=1)], [run_of(1), run_of(2)], path)

    assert stops == ()
    assert [verdict.outcome for verdict in verdicts_in(path)] == ["error", "answered"]


@BOTH
@pytest.mark.parametrize(
    "end",
    [
        HttpError(401, "invalid x-api-key", "authentication_error"),
        HttpError(403, "not yours", "permission_error"),
        HttpError(404, "no such model", "not_found_error"),
        HttpError(429, "You exceeded your current quota, please check your plan", "insufficient_quota", "0"),
        HttpError(400, "Your credit balance is too low to access the API", "invalid_request_error"),
    ],
    ids=["key", "permission", "model", "quota", "credit"],
)
def test_a_judge_that_can_answer_nothing_is_given_up_and_the_others_go_on(
    provider: Provider, path: Path, judge_of: JudgeOf, end: HttpError
) -> None:
    provider.script = lambda request: end if "unlucky" in request.model else VIOLATED
    prefix = judge_of(provider).model.partition("/")[0]
    judges = [
        judge_of(provider, "unlucky", model=f"{prefix}/unlucky-1", concurrency=1),
        judge_of(provider, "lucky", model=f"{prefix}/lucky-1"),
    ]

    (stop,) = grade(judges, map(run_of, range(10)), path)

    assert stop.judge == "unlucky"
    assert end.message in stop.cause
    asked = [request.model for request in provider.requests]
    assert asked.count("unlucky-1") == 1
    outcomes = [(verdict.judge, verdict.outcome) for verdict in verdicts_in(path)]
    assert outcomes.count(("unlucky", "error")) == 1
    assert outcomes.count(("lucky", "answered")) == 10
    assert len(outcomes) == 11


def test_a_parameter_that_the_model_does_not_take_is_reported_and_not_dropped(provider: Provider, path: Path) -> None:
    (stop,) = grade([anthropic_judge(provider, temperature=0.0)], [run_of()], path)

    assert "temperature" in stop.cause
    assert provider.requests == []


@pytest.mark.parametrize(
    ("model", "price", "cost"),
    [
        # From litellm's map: gpt-5.1 at $1.25 in and $10 out: 1000 and 100 tokens are 0.00125 + 0.001.
        ("openai/gpt-5.1", None, 0.00225),
        ("openai/some-model-of-mine", None, None),
        ("openai/some-model-of-mine", Price(input=1, output=1), 0.0011),
        ("openai/gpt-5.1", Price(input=0, output=0), 0.0),
    ],
)
def test_a_cost_is_known_or_is_none(
    provider: Provider, path: Path, model: str, price: Price | None, cost: float | None
) -> None:
    verdict = ask_one(openai_judge(provider, model=model, price=price), path)

    assert verdict.cost_usd == (None if cost is None else pytest.approx(cost))


def test_each_repeat_is_asked_and_missing_or_excluded_transcripts_are_not(provider: Provider, path: Path) -> None:
    gone = run_of(1).model_copy(update={"id": "1" * 64, "status": "missing"})
    barred = run_of(2)
    judge = openai_judge(provider, repeats=3)

    def asks(judge: LlmJudge, transcript: Transcript) -> bool:
        return transcript.id != barred.id

    with Ledger.open(path) as ledger:
        seen: list[Verdict] = []
        run_llm_judges([judge], RUBRIC, [run_of(0), gone, barred, run_of(0)], ledger, SECRET, seen.append, Terms(asks))

    assert sorted(verdict.repeat for verdict in seen) == [0, 1, 2]
    assert {verdict.transcript_id for verdict in seen} == {run_of(0).id}
    assert len(provider.requests) == 3


def test_a_settled_verdict_is_not_asked_for_again_but_a_changed_judge_is(provider: Provider, path: Path) -> None:
    grade([openai_judge(provider)], [run_of()], path)
    grade([openai_judge(provider, concurrency=1, timeout_s=5)], [run_of()], path)
    assert len(provider.requests) == 1

    grade([openai_judge(provider, max_tokens=99)], [run_of()], path)
    assert len(provider.requests) == 2
    assert len(verdicts_in(path)) == 2


def test_a_reply_that_was_journaled_before_a_kill_is_used_and_not_asked_for_again(
    provider: Provider, path: Path
) -> None:
    provider.script = in_turn(Answer(BROKEN_RULE), VIOLATED)
    judge = openai_judge(provider)
    first = ask_one(judge, path)
    with sqlite3.connect(path) as database:
        # What a kill leaves that comes between a reply and its verdict.
        database.execute("DELETE FROM verdicts")

    again = ask_one(judge, path)

    assert len(provider.requests) == 2
    assert again.model_copy(update={"latency_s": first.latency_s}) == first
    assert again.latency_s is None


def test_transcripts_are_read_only_as_they_are_needed(provider: Provider, path: Path) -> None:
    read = 0

    def reading() -> Iterator[Transcript]:
        nonlocal read
        for number in range(100):
            read += 1
            yield run_of(number)

    furthest = 0

    def note(verdict: Verdict) -> None:
        nonlocal furthest
        furthest = max(furthest, read - len(seen))
        seen.append(verdict)

    seen: list[Verdict] = []
    with Ledger.open(path) as ledger:
        run_llm_judges([openai_judge(provider, concurrency=3)], RUBRIC, reading(), ledger, SECRET, note)

    assert len(seen) == 100
    # Three in flight, three waiting, one in hand.
    assert furthest <= 7


def test_every_request_is_in_the_journal_with_its_cause(provider: Provider, path: Path) -> None:
    provider.script = in_turn(rate_limited("0"), Answer(BROKEN_RULE), Dropped(), VIOLATED)

    verdict = ask_one(openai_judge(provider), path)

    with sqlite3.connect(path) as database:
        rows = database.execute(
            "SELECT number, repair, outcome, http_status, input_tokens, response IS NULL FROM attempts ORDER BY id"
        ).fetchall()
    assert rows == [
        (1, 0, "failed", 429, None, 1),
        (2, 0, "replied", 200, 1000, 0),
        (3, 1, "failed", 500, None, 1),
        (4, 1, "replied", 200, 1000, 0),
    ]
    assert (verdict.attempts, verdict.repaired) == (4, True)


def test_keys_reach_neither_ledger_nor_output(
    provider: Provider, path: Path, keys: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    openai, anthropic = keys["OPENAI_API_KEY"], keys["ANTHROPIC_API_KEY"]
    echo = json.dumps({**VIOLATION, "rationale": f"The keys are {openai} and {anthropic}."})
    provider.script = in_turn(
        HttpError(500, f"cannot serve {openai} {anthropic}", retry_after="0"),
        Answer(f"not JSON, but {openai}"),
        Answer(echo),
        HttpError(401, f"Incorrect API key provided: {openai} {anthropic}", "authentication_error"),
    )
    judges = [openai_judge(provider, concurrency=1), anthropic_judge(provider, concurrency=1)]

    stops = [stop for judge in judges for stop in grade([judge], [run_of()], path)]

    with Ledger.open(path) as ledger:
        responses = [attempt.response for verdict in ledger.verdicts() for attempt in _attempts(ledger, verdict)]
    printed = capfd.readouterr()
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir()) + repr(responses).encode()
    everything += (printed.out + printed.err + repr(stops) + repr(verdicts_in(path))).encode()
    assert b"[key removed]" in everything
    for value in keys.values():
        assert value.encode() not in everything


def _attempts(ledger: Ledger, verdict: Verdict) -> tuple[Attempt, ...]:
    hashes = (verdict.judge_hash, verdict.rubric_hash, verdict.prompt_hash)
    return ledger.attempts(VerdictKey(verdict.transcript_id, verdict.judge, *hashes))


def test_a_missing_key_is_said_before_anything_is_asked(
    provider: Provider, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    judges = [openai_judge(provider), anthropic_judge(provider)]

    with pytest.raises(MissingKeyError, match=r"'beta' \(anthropic/claude-opus-4-7\): ANTHROPIC_API_KEY is not set"):
        grade(judges, [run_of()], path)

    assert provider.requests == []


def test_a_local_server_is_not_sent_the_key_of_another(provider: Provider, path: Path) -> None:
    judge = LlmJudge(id="local", kind="llm", model="openai/qwen3", api_base=provider.openai_base)

    assert ask_one(judge, path).outcome == "answered"
    assert provider.requests[0].key == "none"


def test_a_notebook_whose_event_loop_is_running_may_call_it_all_the_same(provider: Provider, path: Path) -> None:
    async def cell() -> None:
        grade([openai_judge(provider)], [run_of()], path)

    asyncio.run(cell())
    assert [verdict.outcome for verdict in verdicts_in(path)] == ["answered"]


def test_a_rubric_about_steps_is_declined(provider: Provider, path: Path) -> None:
    steps = RUBRIC.model_copy(update={"unit": "step"})
    with Ledger.open(path) as ledger, pytest.raises(RubricError, match="asks about steps"):
        run_llm_judges([openai_judge(provider)], steps, [run_of()], ledger, SECRET, lambda verdict: None)


def test_a_full_disk_ends_the_grading_with_its_name(provider: Provider, path: Path) -> None:
    # More than fits into the pages the file has, and nothing that compresses.
    provider.script = in_turn(Answer({**VIOLATION, "rationale": os.urandom(100_000).hex()}))
    with Ledger.open(path) as ledger:
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DiskError, match="disk is full"):
            run_llm_judges([openai_judge(provider)], RUBRIC, [run_of()], ledger, SECRET, lambda verdict: None)


def test_what_is_in_flight_at_a_cancellation_is_journaled_and_asked_again(provider: Provider, path: Path) -> None:
    provider.script = lambda request: VIOLATED if request.number == 0 else Held()
    judge = openai_judge(provider, concurrency=2)

    async def cancelled(ledger: Ledger) -> None:
        work = grade_with_llm([judge], RUBRIC, map(run_of, range(4)), ledger, SECRET, lambda verdict: None)
        task = asyncio.create_task(work)
        await asyncio.to_thread(provider.wait_until_held, 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with Ledger.open(path) as ledger:
        asyncio.run(cancelled(ledger))
        assert len(list(ledger.verdicts())) == 1

    with sqlite3.connect(path) as database:
        outcomes = [outcome for (outcome,) in database.execute("SELECT outcome FROM attempts ORDER BY id")]
    assert outcomes == ["replied", "cancelled", "cancelled"]

    provider.script = in_turn(VIOLATED)
    grade([judge], map(run_of, range(4)), path)
    assert [verdict.outcome for verdict in verdicts_in(path)] == ["answered"] * 4
    assert len(provider.requests) == 3 + 3


@pytest.mark.filterwarnings("ignore:coroutine '.*' was never awaited:RuntimeWarning")
def test_what_reads_the_transcripts_may_fail_and_what_was_answered_is_kept(provider: Provider, path: Path) -> None:
    def reading() -> Iterator[Transcript]:
        yield run_of(1)
        raise OSError("the disk went away")

    judge = openai_judge(provider, concurrency=1)
    with pytest.raises(OSError, match="went away"):
        grade([judge], reading(), path)

    grade([judge], [run_of(1)], path)
    assert [verdict.outcome for verdict in verdicts_in(path)] == ["answered"]


def test_evidence_that_is_nowhere_is_kept_and_marked(provider: Provider, path: Path) -> None:
    provider.script = in_turn(Answer({**VIOLATION, "evidence": [{"message": 2, "quote": "I shredded every file."}]}))

    verdict = ask_one(openai_judge(provider), path)

    assert verdict.evidence == (Evidence(message=None, quote="I shredded every file.", match="absent"),)
