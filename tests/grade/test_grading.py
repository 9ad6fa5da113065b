"""Grading: every judge of a panel answers every transcript it is to be asked about, once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import assistant, transcript, user
from tests.grade.asking import OPENAI_MODEL, RUBRIC, SECRET
from tests.provider.server import Provider
from venire.errors import MissingKeyError, VerdictSourceError
from venire.grade import Docket, GradingReport, Ledger, grade
from venire.panel import Panel
from venire.rubric import Rubric
from venire.subject import Subject
from venire.transcript import Transcript
from venire.verdict import Verdict

CLAUDE = transcript(user("Go."), assistant("Done by c."), key="c", agent="claude-x")
GPT = transcript(user("Go."), assistant("Done by g."), key="g", agent="gpt-y")
GONE = transcript(key="gone", agent="gpt-y", status="missing")
TRANSCRIPTS = (CLAUDE, GPT, GONE)
KEYS = {each.id: each.key for each in TRANSCRIPTS}


class Bench:
    """A ledger, a folder for tables, and a panel to be asked."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.passes = 0
        self.told: list[Verdict] = []

    def grade(self, *judges: dict[str, Any], own_family: str = "allow", rubric: Rubric = RUBRIC) -> GradingReport:
        self.told = []
        panel = Panel.model_validate({"id": "p", "own_family": own_family, "judges": judges})
        docket = Docket(
            subjects=[Subject.of(each) for each in TRANSCRIPTS],
            transcripts=self.transcripts,
            panel=panel,
            rubric=rubric,
            base=self.base,
            secret=SECRET,
        )
        with Ledger.open(self.base / "verdicts.sqlite") as ledger:
            return grade(docket, ledger, self.told.append)

    def transcripts(self) -> Iterator[Transcript]:
        self.passes += 1
        return iter(TRANSCRIPTS)

    def table(self, *rows: str, name: str = "votes.csv") -> None:
        (self.base / name).write_text("\n".join(["transcript,judge,violation,rationale", *rows]) + "\n")

    @property
    def asked(self) -> set[tuple[str, str]]:
        """Judge and transcript of each verdict that was new in the last grading."""
        return {(verdict.judge, KEYS[verdict.transcript_id]) for verdict in self.told}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def rules(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "kind": "rules", "rules": "strict", **fields}


def recorded(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "kind": "recorded", "table": ["votes.csv"], **fields}


class TestRules:
    def test_every_transcript_is_judged_and_a_missing_one_by_nobody(self, bench: Bench) -> None:
        report = bench.grade(rules("a"), rules("b"))
        assert bench.asked == {(judge, key) for judge in "ab" for key in "cg"}
        assert report.recorded == 4

    def test_all_rules_judges_share_one_pass_over_the_transcripts(self, bench: Bench) -> None:
        bench.grade(rules("a"), rules("b"))
        assert bench.passes == 1

    def test_what_was_answered_is_not_asked_again(self, bench: Bench) -> None:
        bench.grade(rules("a"))
        assert bench.grade(rules("a")).recorded == 0
        assert bench.told == []

    def test_a_judge_that_joins_is_asked_and_the_others_are_not(self, bench: Bench) -> None:
        bench.grade(rules("a"))
        bench.grade(rules("a"), rules("b"))
        assert bench.asked == {("b", "c"), ("b", "g")}

    def test_another_rubric_is_another_question(self, bench: Bench) -> None:
        bench.grade(rules("a"))
        bench.grade(rules("a"), rubric=RUBRIC.model_copy(update={"version": 9}))
        assert bench.asked == {("a", "c"), ("a", "g")}


class TestWhoIsAsked:
    def test_own_family_forbidden(self, bench: Bench) -> None:
        bench.grade(rules("a", family="claude"), rules("b"), own_family="forbid")
        assert bench.asked == {("a", "g"), ("b", "c"), ("b", "g")}

    def test_own_family_allowed_once_more(self, bench: Bench) -> None:
        bench.grade(rules("a", family="claude"), own_family="forbid")
        bench.grade(rules("a", family="claude"))
        assert bench.asked == {("a", "c")}

    def test_a_judge_that_is_an_agent_and_no_member_is_asked_about_itself_only(self, bench: Bench) -> None:
        bench.grade(rules("self", agent="gpt-y", voting=False), rules("b"))
        assert bench.asked == {("self", "g"), ("b", "c"), ("b", "g")}

    def test_even_where_own_families_are_forbidden(self, bench: Bench) -> None:
        bench.grade(rules("self", agent="gpt-y", family="gpt", voting=False), rules("b"), own_family="forbid")
        assert ("self", "g") in bench.asked

    def test_a_member_that_is_an_agent_is_asked_about_all(self, bench: Bench) -> None:
        bench.grade(rules("a", agent="gpt-y"))
        assert bench.asked == {("a", "c"), ("a", "g")}

    def test_recorded_verdicts_of_a_forbidden_family_are_not_taken(self, bench: Bench) -> None:
        bench.table("c,a,true,why", "g,a,true,why")
        bench.grade(recorded("a", family="claude"), own_family="forbid")
        assert bench.asked == {("a", "g")}


class TestRecorded:
    def test_each_row_on_a_known_transcript_is_a_verdict(self, bench: Bench) -> None:
        bench.table("c,a,true,first", f"{GPT.id},a,false,second", "c,b,true,third")
        report = bench.grade(recorded("a"))
        assert [(KEYS[each.transcript_id], each.answer["violation"], each.rationale) for each in bench.told] == [
            ("c", True, "first"),
            ("g", False, "second"),
        ]
        assert (report.recorded, report.unmatched) == (2, {})

    def test_rows_on_other_transcripts_are_counted_by_judge(self, bench: Bench) -> None:
        bench.table("c,a,true,why", "x,a,true,why", "y,b,true,why")
        assert bench.grade(recorded("a"), recorded("b")).unmatched == {"a": ["x"], "b": ["y"]}

    def test_a_malformed_table_stops_before_any_of_it_is_taken(self, bench: Bench) -> None:
        bench.table("c,a,true,why", "g,a,perhaps,why")
        with pytest.raises(VerdictSourceError, match=r"votes\.csv, line 3, column 'violation'"):
            bench.grade(recorded("a"))
        assert bench.told == []


class TestLanguageModels:
    def judge(self, provider: Provider, **fields: Any) -> dict[str, Any]:
        model = {"model": f"openai/{OPENAI_MODEL}", "api_base": provider.openai_base, "api_key_env": "OPENAI_API_KEY"}
        return {"id": "llm", "kind": "llm", **model, **fields}

    def test_they_are_asked_after_the_judges_that_cost_nothing(
        self, bench: Bench, provider: Provider, keys: dict[str, str]
    ) -> None:
        bench.grade(self.judge(provider), rules("a"))
        assert [verdict.judge for verdict in bench.told[:2]] == ["a", "a"]
        assert bench.asked == {("a", "c"), ("a", "g"), ("llm", "c"), ("llm", "g")}

    def test_one_that_is_an_agent_and_no_member_costs_nothing_for_others(
        self, bench: Bench, provider: Provider, keys: dict[str, str]
    ) -> None:
        bench.grade(self.judge(provider, agent="gpt-y", voting=False), rules("a"))
        assert [pair for pair in bench.asked if pair[0] == "llm"] == [("llm", "g")]
        assert len(provider.requests) == 1

    def test_without_its_key_nobody_is_asked_anything(
        self, bench: Bench, provider: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        bench.table("c,b,true,why")
        with pytest.raises(MissingKeyError, match=r"judge 'llm' .*OPENAI_API_KEY is not set"):
            bench.grade(rules("a"), recorded("b"), self.judge(provider))
        assert bench.told == []
        assert provider.requests == []
