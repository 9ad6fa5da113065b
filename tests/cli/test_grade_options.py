"""`venire grade` and `venire run` with a budget, and how they end where answers are missing."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import venire, venire_process
from tests.grade.asked_study import KEYS, run_number, write_asked_study, write_panel
from tests.grade.asking import BROKEN_RULE, VIOLATION, openai_judge
from tests.provider.from_schema import answer_from_schema
from tests.provider.reply import Answer, HttpError, Refusal, Reply, Request
from tests.provider.server import Provider
from venire.panel import LlmJudge, Price
from venire.study import Study

pytestmark = pytest.mark.usefixtures("keys")

# Dearer than any model, so that a few questions use up the smallest budget.
DEAR = Price(input=100, output=100)


def judge(provider: Provider, name: str = "alpha", **fields: Any) -> LlmJudge:
    values: dict[str, Any] = {"max_tokens": 400, "tries": 1, "repairs": 0, "concurrency": 2, "price": DEAR}
    return openai_judge(provider, name, **{**values, **fields})


@pytest.fixture
def study(provider: Provider, tmp_path: Path) -> Study:
    """Ten transcripts, collected, and one judge."""
    study = write_asked_study(tmp_path / "study", [judge(provider)], 10)
    assert venire("collect", study.folder, "-q").exit_code == 0
    return study


class TestBudget:
    def test_it_ends_with_4_says_what_is_spent_and_how_to_go_on(self, provider: Provider, study: Study) -> None:
        # $0.1 and $0.01 each
        provider.script = lambda request: Answer(VIOLATION, 1000, 100)
        ended = venire("grade", study.folder, "--budget", "0.6")
        asked = len(provider.requests)
        assert ended.exit_code == 4
        assert 0 < asked < 10
        assert f"Note: judge 'alpha' lacks {10 - asked} of 10 answers: {10 - asked} not asked" in ended.err
        assert f"venire: {10 - asked} answers are missing" in ended.err
        assert f"${asked * 0.11:.4f} of the budget of $0.60 is spent, and the next request may cost $" in ended.err
        assert f"Run `venire run {study.folder} --budget USD` again with more money" in ended.err
        assert "grade      stale   (it did not finish)" in venire("status", study.folder).out

        assert venire("run", study.folder, "--budget", "50").exit_code == 0
        assert len(provider.requests) == 10

    def test_what_is_spent_is_shown_failed_requests_included(self, provider: Provider, study: Study) -> None:
        def script(request: Request) -> Reply:
            return Refusal() if run_number(request) == 3 else Answer(VIOLATION, 1000, 100, cached_tokens=400)

        provider.script = script
        said = venire("grade", study.folder).out
        provider.script = lambda request: HttpError(500)
        write_panel(study.folder, [judge(provider, repeats=2)])
        assert venire("grade", study.folder, "-q").exit_code == 4
        again = venire("status", study.folder).out
        # 9 x $0.11 and a refusal of 1,000 and 10 tokens; then ten failures, which cost nothing.
        assert said.splitlines()[-1].split() == ["alpha", "10", "0", "10,000", "3,600", "910", "$1.09"]
        row = next(line for line in again.splitlines() if line.startswith("alpha"))
        assert row.split() == ["alpha", "20", "10", "10,000", "3,600", "910", "$1.09"]

    def test_without_a_known_price_it_is_refused_and_without_a_budget_it_is_said(
        self, provider: Provider, study: Study
    ) -> None:
        write_panel(study.folder, [judge(provider, model="openai/of-my-own", price=None)])
        ended = venire("grade", study.folder, "--budget", "5")
        assert (ended.exit_code, provider.received) == (3, 0)
        assert "'alpha' (openai/of-my-own) is not known" in ended.err
        assert "price: {input: 2.00, output: 12.00}" in ended.err

        ended = venire("grade", study.folder)
        assert ended.exit_code == 0
        assert "Note: the price of 'alpha' (openai/of-my-own) is not known" in ended.err
        assert "The cost of 10 requests is not in it: the price was not known." in ended.out

    @pytest.mark.parametrize("budget", ["0", "-1", "much"])
    def test_a_budget_is_money(self, study: Study, budget: str) -> None:
        assert venire("grade", study.folder, "--budget", budget).exit_code == 2


class TestMissingAnswers:
    def test_each_judges_failures_are_listed_with_counts_and_causes(self, provider: Provider, study: Study) -> None:
        def script(request: Request) -> Reply:
            replies: dict[int, Reply] = {0: Refusal(), 1: Refusal(), 2: Answer(BROKEN_RULE), 3: HttpError(500, "down")}
            return replies.get(run_number(request), answer_from_schema(request))

        provider.script = script
        ended = venire("grade", study.folder)
        assert ended.exit_code == 4
        listed = [line for line in ended.err.splitlines() if line.startswith("Note: ")]
        assert listed[0].startswith("Note: judge 'alpha' lacks 4 of 10 answers: 2 refused, 1 ")
        assert "Note:   2 refused: the model refused: I cannot help with that." in listed
        assert any(line.startswith("Note:   1 invalid: ") for line in listed)
        assert any(line.startswith("Note:   1 error: ") and "down" in line for line in listed)
        assert "Run `venire run" in ended.err

        # Only the error is asked again; what is settled stays missing, and the status stays the same.
        provider.script = answer_from_schema
        again = venire("grade", study.folder)
        assert len(provider.requests) == 11
        assert again.exit_code == 4
        assert "3 answers are missing" in again.err
        assert "see Outcomes in docs/judges.md" in again.err

    def test_run_says_so_again_where_nothing_is_left_to_be_done(self, provider: Provider, study: Study) -> None:
        provider.script = lambda request: Refusal() if run_number(request) == 0 else answer_from_schema(request)
        for _ in range(2):
            ended = venire("run", study.folder)
            assert ended.exit_code == 4
            assert "Note: judge 'alpha' lacks 1 of 10 answers: 1 refused" in ended.err
        assert "Nothing was out of date." in ended.out
        # The stages that ask nobody end well.
        assert venire("reconcile", study.folder).exit_code == 0

    def test_a_judge_given_up_is_named_and_what_it_was_not_asked_is_counted(
        self, provider: Provider, study: Study
    ) -> None:
        provider.script = lambda request: HttpError(401, "no such key", "authentication_error")
        ended = venire("grade", study.folder)
        assert ended.exit_code == 4
        assert "Note: judge 'alpha' was not asked any further" in ended.err
        assert "judge 'alpha' lacks 10 of 10 answers" in ended.err

    def test_quiet_leaves_the_error_alone(self, provider: Provider, study: Study) -> None:
        provider.script = lambda request: Refusal()
        ended = venire("grade", study.folder, "-q")
        assert (ended.exit_code, ended.out) == (4, "")
        assert ended.err.splitlines()[0].startswith("venire: 10 answers are missing")
        assert len(ended.err.splitlines()) == 2

    def test_causes_cannot_write_to_the_terminal(self, provider: Provider, study: Study) -> None:
        provider.script = lambda request: Refusal("\x1b[2Jgone\x07")
        ended = venire("grade", study.folder)
        assert "\x1b" not in ended.err
        assert "\x07" not in ended.err


class TestProcesses:
    def test_several_ask_each_question_once(self, provider: Provider, study: Study) -> None:
        ended = venire_process("grade", study.folder, "--processes", "2", environ=KEYS)
        assert ended.exit_code == 0, ended.err
        assert ended.out.startswith("10 verdicts, 0 of them failures")
        assert sorted(map(run_number, provider.requests)) == list(range(10))
        assert [path.name for path in study.folder.glob("verdicts*.sqlite")] == ["verdicts.sqlite"]

    def test_they_divide_the_budget(self, provider: Provider, study: Study) -> None:
        provider.script = lambda request: Answer(VIOLATION, 1000, 100)
        ended = venire_process("grade", study.folder, "--processes", "2", "--budget", "1.2", environ=KEYS)
        assert ended.exit_code == 4
        assert "In one of 2 processes, which share it equally, $" in ended.err
        assert "of the budget of $0.60 is spent" in ended.err
        # $0.11 each
        assert 0.11 * len(provider.requests) <= 1.2
        assert 0 < len(provider.requests) < 10


class TestBatch:
    def test_the_whole_batch_must_fit_into_the_budget(self, provider: Provider, study: Study) -> None:
        ended = venire("grade", study.folder, "--batch", "--budget", "0.6")
        assert (ended.exit_code, provider.received) == (3, 0)
        assert "the questions that would go into batches may cost $" in ended.err
        assert "leave out --batch" in ended.err

    def test_who_has_no_batches_is_asked_one_by_one_and_the_rest_costs_half(
        self, provider: Provider, tmp_path: Path
    ) -> None:
        provider.script = lambda request: Answer(VIOLATION, 1000, 100)
        provider.openai_batches.looks = 0
        gemini = judge(provider, "gemini", model="gemini/gemini-2.5-pro", api_base=provider.gemini_base)
        gemini = gemini.model_copy(update={"api_key_env": "GEMINI_API_KEY"})
        study = write_asked_study(tmp_path / "mixed", [judge(provider), gemini], 4)
        venire("collect", study.folder, "-q")
        ended = venire("grade", study.folder, "--batch", "--budget", "50")
        assert ended.exit_code == 0, ended.err
        spent = {line.split()[0]: line.split()[-1] for line in ended.out.splitlines()[3:]}
        # Four answers at $0.11, and four for half of that.
        assert spent == {"gemini": "$0.44", "alpha": "$0.22", "in": "$0.66"}
        assert "a batch of 4 questions is in" in ended.err
