"""A budget held against the provider's own books: whatever happens, no more is billed than the cap."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.grade.asked_study import four_judges, write_asked_study
from tests.grade.asking import BROKEN_RULE, VIOLATION, openai_judge
from tests.provider.books import Rate
from tests.provider.reply import Answer, Dropped, Held, HttpError, Refusal, Reply, Request
from tests.provider.server import Provider
from venire.errors import PanelError
from venire.grade.ledger import Ledger
from venire.grade.options import GradingOptions
from venire.panel import LlmJudge, Price
from venire.running import run_one
from venire.stages import Outcome, Watcher
from venire.study import Study
from venire.verdict import Verdict

pytestmark = pytest.mark.usefixtures("keys")

RATE = Rate(input=2, output=10, cached_input=0.5)
PRICE = Price(input=2, output=10, cached_input=0.5)
RUNS = 120


def priced(provider: Provider, **fields: Any) -> LlmJudge:
    provider.books.rate = RATE
    return openai_judge(provider, price=PRICE, **{"concurrency": 50, "max_tokens": 400, **fields})


def graded(study: Study, budget_usd: float | None) -> tuple[Outcome, list[Verdict]]:
    told: list[Verdict] = []
    watcher = Watcher(on_verdict=told.append)
    outcome = run_one(Study(study.folder), "grade", watcher, GradingOptions(budget_usd=budget_usd))
    return outcome, told


def billed(provider: Provider) -> float:
    return provider.books.delivered().usd + provider.books.undelivered().usd


def spent(study: Study) -> float:
    with Ledger.open(study.ledger) as ledger:
        return sum(spend.cost_usd for spend in ledger.spending())


@pytest.mark.parametrize("cap", [0.01, 0.05, 0.2])
def test_with_50_requests_in_flight_the_cap_is_not_passed_and_most_of_it_is_used(
    provider: Provider, tmp_path: Path, cap: float
) -> None:
    dice = random.Random(1)
    # Of 1,000 tokens in and up to 400 out: $0.002 to $0.006.
    provider.script = lambda request: Answer(VIOLATION, 1000, dice.randint(1, 400))
    provider.latency_s = (0.0, 0.02)
    study = write_asked_study(tmp_path / "study", [priced(provider)], RUNS)
    run_one(study, "collect")

    outcome, told = graded(study, cap)

    assert billed(provider) <= cap
    assert billed(provider) == pytest.approx(spent(study))
    # A request is set apart with about 3,000 tokens in and 400 out, $0.01 together.
    assert billed(provider) >= cap - 0.012
    assert outcome.exhausted is not None
    assert f"of the budget of ${cap:.2f} is spent" in outcome.exhausted
    assert {verdict.outcome for verdict in told} <= {"answered"}
    assert len(told) == len(provider.requests) < RUNS

    again, rest = graded(study, 10.0)
    assert again.exhausted is None
    assert len(told) + len(rest) == RUNS == len(provider.requests)


def test_four_judges_share_it(provider: Provider, tmp_path: Path) -> None:
    provider.books.rate = RATE
    judges = [
        judge.model_copy(update={"price": PRICE}) for judge in four_judges(provider, concurrency=12, max_tokens=300)
    ]
    study = write_asked_study(tmp_path / "study", judges, RUNS)
    run_one(study, "collect")

    graded(study, 0.2)

    assert 0.15 < billed(provider) <= 0.2
    assert len(Counter(request.model for request in provider.requests)) == 4


def test_faults_and_repairs_cost_what_they_cost_and_the_cap_holds(provider: Provider, tmp_path: Path) -> None:
    dice = random.Random(2)
    replies: list[Reply] = [
        Answer(VIOLATION),
        Answer(BROKEN_RULE),
        Answer("no JSON"),
        Refusal(),
        Dropped(),
        Held(),
        HttpError(500, retry_after="0"),
        HttpError(429, retry_after="0"),
    ]
    provider.script = lambda request: dice.choice(replies)
    study = write_asked_study(tmp_path / "study", [priced(provider, timeout_s=0.5, repairs=2)], RUNS)
    run_one(study, "collect")

    outcome, _ = graded(study, 0.12)

    assert outcome.exhausted is not None
    # What the provider billed and nobody was told of is covered by what was set apart for it.
    assert billed(provider) <= 0.12
    assert spent(study) == pytest.approx(provider.books.delivered().usd)


def test_a_rate_limit_costs_nothing(provider: Provider, tmp_path: Path) -> None:
    def script(request: Request) -> Reply:
        return HttpError(429, retry_after="0") if request.number % 2 else Answer(VIOLATION, 1000, 100)

    provider.script = script
    study = write_asked_study(tmp_path / "study", [priced(provider, concurrency=4)], 8)
    run_one(study, "collect")
    # 8 answers at $0.003; a request needs about $0.01 set apart, and many more than 8 are sent.
    outcome, told = graded(study, 0.04)
    assert (outcome.exhausted, len(told)) == (None, 8)
    assert billed(provider) == pytest.approx(0.024)


def test_a_judge_without_a_price_is_refused_before_anything_is_asked(provider: Provider, tmp_path: Path) -> None:
    judges = [priced(provider), openai_judge(provider, "mine", model="openai/of-my-own")]
    study = write_asked_study(tmp_path / "study", judges, 3)
    run_one(study, "collect")
    with pytest.raises(PanelError, match=r"that of 'mine' \(openai/of-my-own\) is not known") as caught:
        graded(study, 1.0)
    assert "price: {input: 2.00, output: 12.00}" in caught.value.hint
    assert provider.requests == []


def test_without_a_budget_it_is_asked_and_said_to_cost_who_knows_what(provider: Provider, tmp_path: Path) -> None:
    study = write_asked_study(tmp_path / "study", [openai_judge(provider, "mine", model="openai/of-my-own")], 3)
    run_one(study, "collect")
    said: list[str] = []
    watcher = Watcher()
    watcher.grading.say = said.append
    run_one(study, "grade", watcher)
    assert len(provider.requests) == 3
    assert said[0].startswith("the price of 'mine' (openai/of-my-own) is not known, so neither is what this run costs")


def test_the_replies_of_a_verdict_that_the_budget_cut_short_are_used_by_the_next_run(
    provider: Provider, tmp_path: Path
) -> None:
    """The first answer breaks a rule; the money for asking again is not there."""
    provider.script = lambda request: Answer(VIOLATION if request.is_repair else BROKEN_RULE, 1000, 400)
    study = write_asked_study(tmp_path / "study", [priced(provider, concurrency=1)], 1)
    run_one(study, "collect")

    outcome, told = graded(study, 0.012)
    assert outcome.exhausted is not None
    assert (told, len(provider.requests)) == ([], 1)

    again, told = graded(study, 1.0)
    assert again.exhausted is None
    assert [(verdict.outcome, verdict.repaired, verdict.attempts) for verdict in told] == [("answered", True, 2)]
    assert [request.is_repair for request in provider.requests] == [False, True]
