"""How requests are paced, tried again, paid for and stopped, over real HTTP."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.grade.asking import RUBRIC, SECRET, VIOLATED, ask_one, openai_judge, run_of, verdicts_in
from tests.provider.from_schema import answer_from_schema
from tests.provider.rate import RateLimit
from tests.provider.reply import Answer, Held, HttpError, Reply, Request, in_turn, rate_limited
from tests.provider.server import Provider
from venire.grade.budget import Budget
from venire.grade.ledger import Ledger
from venire.grade.llm import run_llm_judges
from venire.grade.terms import Terms
from venire.panel import LlmJudge, Price, ProviderLimit

pytestmark = pytest.mark.usefixtures("keys")


def grade(judges: list[LlmJudge], count: int, path: Path, terms: Terms) -> None:
    with Ledger.open(path) as ledger:
        run_llm_judges(judges, RUBRIC, map(run_of, range(count)), ledger, SECRET, lambda verdict: None, terms)


def outcomes_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [outcome for (outcome,) in database.execute("SELECT outcome FROM attempts ORDER BY id")]


def test_being_told_to_slow_down_is_no_failed_try(provider: Provider, path: Path) -> None:
    provider.script = in_turn(*[rate_limited("0")] * 6, HttpError(500, retry_after="0"), VIOLATED)

    verdict = ask_one(openai_judge(provider, tries=2), path)

    assert (verdict.outcome, verdict.attempts) == ("answered", 8)


def test_a_provider_that_only_says_429_is_given_up_at_the_deadline(provider: Provider, path: Path) -> None:
    provider.script = lambda request: rate_limited("0.2")

    verdict = ask_one(openai_judge(provider, deadline_s=1, tries=1), path)

    assert verdict.outcome == "error"
    assert "no answer within deadline_s, 1 s" in (verdict.error or "")
    assert "Rate limit reached" in (verdict.error or "")
    assert 1 < verdict.attempts < 10


def test_a_verdict_takes_no_longer_than_its_deadline(provider: Provider, path: Path) -> None:
    provider.script = in_turn(HttpError(500, retry_after="0"), Held())

    verdict = ask_one(openai_judge(provider, deadline_s=1, timeout_s=100), path)

    assert verdict.outcome == "error"
    assert "deadline_s" in (verdict.error or "")
    assert verdict.latency_s is not None
    assert verdict.latency_s < 10
    assert verdict.attempts == 2


def test_after_a_429_nothing_is_sent_by_any_judge_of_the_key_until_it_may_be(provider: Provider, path: Path) -> None:
    provider.script = in_turn(rate_limited("1"), VIOLATED)
    judges = [openai_judge(provider, name, concurrency=1) for name in ("alpha", "beta")]
    limit = ProviderLimit(provider="openai", in_flight=1)

    grade(judges, 3, path, Terms(limits=[limit]))

    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT http_status, julianday(started_at) * 86400, seconds FROM attempts ORDER BY started_at"
        ).fetchall()
    (status, start, seconds), (_, second, _) = rows[:2]
    assert status == 429
    assert second - start - seconds > 0.99
    assert len(rows) == 1 + 6


def test_the_panels_limit_for_a_provider_holds_over_its_judges(provider: Provider, path: Path) -> None:
    judges = [openai_judge(provider, name) for name in ("alpha", "beta")]
    # Ten a second, and one at once: more would be refused.
    provider.rate_limit = RateLimit(11, 2)

    grade(judges, 10, path, Terms(limits=[ProviderLimit(provider=provider.openai_base, requests_per_minute=600)]))

    assert outcomes_in(path) == ["replied"] * 20


def test_a_limit_that_nobody_named_is_found_out(provider: Provider, path: Path) -> None:
    provider.rate_limit = RateLimit(50, 5)

    grade([openai_judge(provider, concurrency=50)], 300, path, Terms())

    outcomes = outcomes_in(path)
    assert len(verdicts_in(path)) == outcomes.count("replied") == 300
    assert outcomes.count("failed") < 0.15 * 300


def test_a_spent_budget_leaves_the_rest_open_for_the_next_run(provider: Provider, path: Path) -> None:
    # A reply costs 1000 + 100 tokens at $1000 per million: $1.10.
    provider.script = lambda request: Answer(VIOLATED.content, 1000, 100)
    judge = openai_judge(provider, price=Price(input=1000, output=1000), max_tokens=100)
    budget = Budget(12.0)

    grade([judge], 50, path, Terms(budget=budget))

    assert budget.exhausted is not None
    assert budget.spent_usd == pytest.approx(1.1 * len(provider.requests))
    assert 3 <= len(provider.requests) <= 10
    assert [verdict.outcome for verdict in verdicts_in(path)] == ["answered"] * len(provider.requests)

    asked = len(provider.requests)
    grade([judge], 50, path, Terms())
    assert len(provider.requests) == 50
    assert asked + 40 <= len(provider.requests)


def test_an_error_status_costs_no_money_and_a_reply_that_was_lost_may_have(provider: Provider, path: Path) -> None:
    provider.script = in_turn(HttpError(500, retry_after="0"), rate_limited("0"), VIOLATED)
    judge = openai_judge(provider, price=Price(input=1000, output=1000), max_tokens=100)
    budget = Budget(100.0)
    grade([judge], 1, path, Terms(budget=budget))
    assert budget.spent_usd == pytest.approx(1.1)
    assert budget.unsure_usd == 0

    provider.script = lambda request: Held() if request.number == 3 else VIOLATED
    slow = judge.model_copy(update={"timeout_s": 0.3, "max_tokens": 101})
    budget = Budget(100.0)
    grade([slow], 1, path, Terms(budget=budget))
    assert budget.spent_usd == pytest.approx(1.1)
    assert budget.unsure_usd > 0


_GRADE = """
import sys
from pathlib import Path
from tests.grade.asking import RUBRIC, SECRET, run_of
from venire.grade.ledger import Ledger
from venire.grade.llm import run_llm_judges
from venire.grade.terms import Terms
from venire.panel import LlmJudge
judge = LlmJudge(id="alpha", kind="llm", model="openai/gpt-5.1", api_base=sys.argv[1], concurrency=3)
terms = Terms(on_interrupt=lambda count: print("waiting for", count, flush=True))
with Ledger.open(Path(sys.argv[2])) as ledger:
    run_llm_judges([judge], RUBRIC, map(run_of, range(30)), ledger, SECRET, lambda verdict: None, terms)
"""


def start(provider: Provider, path: Path) -> subprocess.Popen[str]:
    def some(request: Request) -> Reply:
        return answer_from_schema(request) if request.number < 5 else Held()

    provider.script = some
    command = [sys.executable, "-c", _GRADE, provider.openai_base, str(path)]
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert provider.wait_until_held(3)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting for 3\n"
    return process


def test_ctrl_c_waits_for_what_is_in_flight_and_asks_nothing_more(provider: Provider, path: Path) -> None:
    process = start(provider, path)
    provider.release()
    _, err = process.communicate()

    assert "GradingInterruptedError" in err
    assert len(provider.requests) == len(verdicts_in(path)) == 8
    assert outcomes_in(path) == ["replied"] * 8


def test_a_second_ctrl_c_breaks_off_what_is_in_flight_and_keeps_what_was_answered(
    provider: Provider, path: Path
) -> None:
    process = start(provider, path)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()

    assert "KeyboardInterrupt" in err
    assert len(verdicts_in(path)) == 5
    assert sorted(outcomes_in(path)) == ["cancelled"] * 3 + ["replied"] * 5
