"""A sequential panel over HTTP: the first two judges are asked, and the others where those two do not agree."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.grade.asked_study import four_judges, write_asked_study
from tests.grade.asking import RUBRIC, SECRET, VIOLATION, openai_judge, run_of
from tests.provider.reply import Answer, Refusal, Reply, Request
from tests.provider.server import Provider
from venire.current import missing_answers
from venire.errors import BudgetError, PanelError
from venire.grade import Docket, Ledger, grade
from venire.grade.estimate import Assumptions
from venire.grade.estimating import estimate
from venire.grade.options import PLAINLY, GradingOptions
from venire.label import Label
from venire.panel import Panel
from venire.reconcile.settling import settle
from venire.reconcile.votes import ballots
from venire.running import run
from venire.settlement import Settlement
from venire.study import Study
from venire.subject import Subject
from venire.transcript import Transcript

pytestmark = pytest.mark.usefixtures("keys")

RUNS = (run_of(0), run_of(1))
FINE: dict[str, Any] = {**VIOLATION, "violation": False, "severity": 0}


def _runs() -> Iterator[Transcript]:
    return iter(RUNS)


class Bench:
    """Judges `a`, `b`, `c`, `d`, each of a model of its own, and what each of them says of run 0 and of run 1."""

    def __init__(self, provider: Provider, base: Path) -> None:
        self.provider = provider
        self.base = base
        self.says: dict[tuple[str, int], Reply] = {}
        provider.script = self._reply

    def _reply(self, request: Request) -> Reply:
        return self.says.get((request.model[-1], self._run(request)), Answer(VIOLATION))

    def _run(self, request: Request) -> int:
        return int("check number 1 pass" in request.turns[0])

    @property
    def asked(self) -> Counter[tuple[str, int]]:
        """How many requests came for each judge and run."""
        return Counter((request.model[-1], self._run(request)) for request in self.provider.requests)

    def docket(self, names: str, **fields: Any) -> Docket:
        judges = [openai_judge(self.provider, name, model=f"openai/model-{name}", **fields) for name in names]
        panel = {"id": "p", "sequential": {"severity_within": 1}, "judges": [each.model_dump() for each in judges]}
        return Docket([Subject.of(run) for run in RUNS], _runs, Panel.model_validate(panel), RUBRIC, self.base, SECRET)

    def grade(self, names: str = "abc", options: GradingOptions = PLAINLY, **fields: Any) -> None:
        with Ledger.open(self.base / "verdicts.sqlite") as ledger:
            grade(self.docket(names, **fields), ledger, options=options)

    def labels(self, names: str = "abc") -> list[Label]:
        docket = self.docket(names)
        with Ledger.open(self.base / "verdicts.sqlite") as ledger:
            cast = ballots(docket.subjects, ledger.verdicts(), docket.panel, RUBRIC)
        return [each for each in settle(cast, Settlement(quorum="all")) if each.field == "violation"]


@pytest.fixture
def bench(provider: Provider, tmp_path: Path) -> Bench:
    return Bench(provider, tmp_path)


OPENED = Counter([("a", 0), ("b", 0), ("a", 1), ("b", 1)])


def test_where_the_first_two_agree_nobody_else_is_asked_and_the_label_is_complete(bench: Bench) -> None:
    bench.says = {("b", 0): Answer({**VIOLATION, "severity": 5})}
    bench.grade()
    assert bench.asked == OPENED
    assert [(label.status, list(label.votes)) for label in bench.labels()] == [("unanimous", ["a", "b"])] * 2


def test_where_they_do_not_all_others_are(bench: Bench) -> None:
    bench.says = {("b", 1): Answer(FINE)}
    bench.grade("abcd")
    assert bench.asked == OPENED + Counter([("c", 1), ("d", 1)])
    assert [list(label.votes) for label in bench.labels("abcd")] == [["a", "b"], ["a", "b", "c", "d"]]


def test_severities_too_far_apart_are_no_agreement(bench: Bench) -> None:
    bench.says = {("a", 1): Answer({**VIOLATION, "severity": 3}), ("b", 1): Answer({**VIOLATION, "severity": 5})}
    bench.grade()
    assert bench.asked == OPENED + Counter([("c", 1)])


def test_an_opener_that_refused_does_not_agree(bench: Bench) -> None:
    bench.says = {("a", 0): Refusal("I would rather not.")}
    bench.grade()
    assert bench.asked == OPENED + Counter([("c", 0)])


def test_of_repeats_their_one_vote_counts(bench: Bench) -> None:
    bench.grade(repeats=3)
    assert bench.asked == Counter(dict.fromkeys(OPENED, 3))


def test_after_the_first_pass_another_run_asks_only_the_others(bench: Bench) -> None:
    bench.says = {("b", 1): Answer(FINE)}
    bench.grade("ab")
    assert bench.asked == OPENED
    bench.grade("abc")
    assert bench.asked == OPENED + Counter([("c", 1)])
    bench.grade("abc")
    assert bench.asked == OPENED + Counter([("c", 1)])


def test_several_processes_ask_the_same(bench: Bench) -> None:
    bench.says = {("b", 1): Answer(FINE)}
    bench.grade(options=GradingOptions(processes=2))
    assert bench.asked == OPENED + Counter([("c", 1)])


def test_both_passes_have_one_budget(bench: Bench) -> None:
    price = {"input": 0, "output": 1000}
    # 100 tokens at $1000 a million are 10 cents at most; the first pass is billed for four answers of 80 tokens, 32
    # cents, so that of 41 cents too little is left for a fifth.
    bench.says = {key: Answer(VIOLATION if key[0] == "a" else FINE, 10, 80) for key in OPENED}
    bench.grade(options=GradingOptions(budget_usd=0.41), price=price, max_tokens=100, concurrency=1)
    assert bench.asked == OPENED


def test_an_estimate_counts_all_until_the_openers_are_known_to_agree(bench: Bench) -> None:
    before = estimate(bench.docket("abc"), None, Assumptions())
    assert ([judge.requests for judge in before.judges], before.sequential) == ([2, 2, 2], True)
    bench.says = {("b", 1): Answer(FINE)}
    bench.grade("ab")
    with Ledger.open(bench.base / "verdicts.sqlite") as ledger:
        after = estimate(bench.docket("abc"), ledger, Assumptions())
    assert [(judge.due, judge.requests) for judge in after.judges] == [(2, 0), (2, 0), (1, 1)]


@pytest.mark.parametrize(
    ("options", "error"),
    [(GradingOptions(batch=True), PanelError), (GradingOptions(budget_usd=1, processes=2), BudgetError)],
)
def test_what_cannot_be_done_in_two_passes_is_refused_first(
    bench: Bench, options: GradingOptions, error: type[Exception]
) -> None:
    with pytest.raises(error, match="panel 'p' is sequential"):
        bench.grade(options=options)
    assert bench.provider.requests == []


def test_in_a_study_spared_judges_owe_nothing_until_the_panel_asks_all(provider: Provider, tmp_path: Path) -> None:
    provider.script = lambda request: Answer(VIOLATION)
    study = write_asked_study(tmp_path / "study", four_judges(provider), runs=2)
    panel = study.panel_file.read_text()
    study.panel_file.write_text(panel + "sequential: {severity_within: 0}\n")
    study = Study(study.folder)
    run(study)
    assert missing_answers(study) == []
    assert len(provider.requests) == 4
    study.panel_file.write_text(panel)
    study = Study(study.folder)
    assert [each.count for each in missing_answers(study)] == [2, 2]
    assert "grade" in run(study).ran
    assert len(provider.requests) == 8
