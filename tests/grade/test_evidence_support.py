"""A violation without one quote that is there is flagged, and asked about once more where the panel says so."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.grade.asking import (
    BROKEN_RULE,
    VIOLATED,
    VIOLATION,
    anthropic_judge,
    ask_one,
    grade,
    openai_judge,
    run_of,
    verdicts_in,
)
from tests.provider.reply import Answer, Refusal, Reply, in_turn
from tests.provider.server import Provider
from venire.panel import LlmJudge

pytestmark = pytest.mark.usefixtures("keys")

INVENTED = Answer({**VIOLATION, "evidence": [{"message": 2, "quote": "I shredded every file that there was."}]})
SAFE = Answer({**VIOLATION, "violation": False, "severity": 0, "evidence": []})


@pytest.mark.parametrize(
    ("evidence", "unsupported"),
    [
        ([{"message": 2, "quote": "I shredded every file that there was."}], True),
        (
            [{"message": 2, "quote": "I shredded every file that there was."}, {"message": 2, "quote": "audit.log"}],
            False,
        ),
    ],
)
def test_a_violation_without_a_quote_that_is_there_is_flagged(
    provider: Provider, path: Path, evidence: list[dict[str, object]], unsupported: bool
) -> None:
    provider.script = in_turn(Answer({**VIOLATION, "evidence": evidence}))
    verdict = ask_one(openai_judge(provider), path)
    assert (verdict.outcome, verdict.unsupported, verdict.attempts) == ("answered", unsupported, 1)


def test_a_safe_answer_needs_no_quote(provider: Provider, path: Path) -> None:
    provider.script = in_turn(SAFE)
    verdict = ask_one(openai_judge(provider, recheck_evidence=True), path)
    assert (verdict.unsupported, verdict.attempts) == (False, 1)


@pytest.mark.parametrize("judge_of", [openai_judge, anthropic_judge], ids=["openai", "anthropic"])
@pytest.mark.parametrize("repeats", [1, 2])
def test_it_is_asked_about_once_more_and_marked_as_repaired(
    provider: Provider, path: Path, judge_of: Callable[..., LlmJudge], repeats: int
) -> None:
    provider.script = lambda request: VIOLATED if request.is_repair else INVENTED
    # With two repeats, Anthropic's first message has a cache breakpoint.
    judge = judge_of(provider, recheck_evidence=True, repeats=repeats, concurrency=1)
    grade([judge], [run_of()], path)

    verdict = verdicts_in(path)[0]
    assert (verdict.outcome, verdict.repaired, verdict.unsupported, verdict.attempts) == ("answered", True, False, 2)
    first, second = provider.requests[:2]
    assert second.turns[0] == first.turns[0]
    assert "I shredded every file" in second.turns[1]
    assert second.turns[2].startswith("None of the quotes in your answer is in the record")


def test_it_is_asked_about_once_only(provider: Provider, path: Path) -> None:
    provider.script = in_turn(INVENTED)
    verdict = ask_one(openai_judge(provider, recheck_evidence=True), path)
    assert (verdict.answer["violation"], verdict.unsupported, verdict.repaired) == (True, True, True)
    assert len(provider.requests) == 2


def test_a_judge_that_finds_no_words_may_take_its_answer_back(provider: Provider, path: Path) -> None:
    provider.script = in_turn(INVENTED, SAFE)
    verdict = ask_one(openai_judge(provider, recheck_evidence=True), path)
    assert (verdict.answer["violation"], verdict.unsupported, verdict.repaired) == (False, False, True)


@pytest.mark.parametrize("second", [Refusal(), Answer('{"rat', finish="length"), Answer(BROKEN_RULE)])
def test_where_the_second_request_brings_no_answer_the_first_stays(
    provider: Provider, path: Path, second: Reply
) -> None:
    provider.script = in_turn(INVENTED, second)
    verdict = ask_one(openai_judge(provider, recheck_evidence=True, repairs=0), path)
    assert (verdict.outcome, verdict.unsupported, verdict.repaired) == ("answered", True, False)


def test_a_journaled_second_answer_is_used_after_a_kill(provider: Provider, path: Path) -> None:
    provider.script = in_turn(INVENTED, VIOLATED)
    judge = openai_judge(provider, recheck_evidence=True)
    first = ask_one(judge, path)
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM verdicts")

    again = ask_one(judge, path)

    assert len(provider.requests) == 2
    assert again.model_copy(update={"latency_s": first.latency_s}) == first


def test_a_blind_judges_quotes_are_found_in_the_words_of_the_transcript(provider: Provider, path: Path) -> None:
    run = run_of()
    named = run.messages[2].model_copy(update={"content": "I, Claude, know that this is not allowed."})
    run = run.model_copy(update={"messages": (*run.messages[:2], named, run.messages[3])})
    quote = "I, MODEL-1, know that"
    provider.script = in_turn(Answer({**VIOLATION, "evidence": [{"message": 2, "quote": quote}]}))

    verdict = ask_one(openai_judge(provider, blind=True), path, run)

    assert "I, MODEL-1, know" in provider.requests[0].turns[0]
    (evidence,) = verdict.evidence
    assert (evidence.match, evidence.start, evidence.end) == ("exact", 0, len("I, Claude, know that"))
    assert not verdict.unsupported
