"""Which question a judge is asked: what makes it another question, and what does not."""

from pathlib import Path
from typing import Any

import pytest

from tests.grade.asking import RUBRIC
from venire.errors import PanelError, VerdictSourceError
from venire.grade.identity import JudgeIdentity, judge_identity, panel_identities
from venire.panel import Panel

LLM = {"id": "a", "kind": "llm", "model": "openai/gpt-5.5"}
RULES = {"id": "a", "kind": "rules", "rules": "strict"}
RECORDED = {"id": "a", "kind": "recorded", "table": ["votes.csv"]}


def identity(base: Path, judge: dict[str, Any], **changes: Any) -> JudgeIdentity:
    member = {"id": "member", "kind": "rules", "rules": "lenient"}
    panel = Panel.model_validate({"id": "p", "judges": [{**judge, **changes}, member]})
    return judge_identity(panel.judges[0], RUBRIC, base)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with a table of recorded verdicts."""
    (tmp_path / "votes.csv").write_text("transcript,judge\n")
    return tmp_path


@pytest.mark.parametrize("judge", [LLM, RULES, RECORDED])
def test_the_same_judge_on_the_same_rubric_is_the_same_question(base: Path, judge: dict[str, Any]) -> None:
    assert identity(base, judge) == identity(base, dict(reversed(judge.items())))


@pytest.mark.parametrize(
    "change",
    [
        {"model": "openai/gpt-5.6"},
        {"temperature": 0.0},
        {"max_tokens": 100},
        {"parameters": {"reasoning_effort": "low"}},
        {"api_base": "http://localhost:8000/v1"},
        {"context_tokens": 1000},
        {"repairs": 0},
        {"id": "b"},
    ],
)
def test_what_decides_an_answer_makes_another_question(base: Path, change: dict[str, Any]) -> None:
    assert identity(base, LLM, **change).question != identity(base, LLM).question


@pytest.mark.parametrize(
    "change",
    [
        {"concurrency": 1},
        {"timeout_s": 5},
        {"tries": 1},
        {"repeats": 3},
        {"price": {"input": 1, "output": 2}},
        {"family": "gpt"},
        {"agent": "gpt-5.5"},
        {"voting": False},
        {"api_key_env": "OTHER_KEY"},
    ],
)
def test_what_only_paces_prices_or_files_the_answer_does_not(base: Path, change: dict[str, Any]) -> None:
    assert identity(base, LLM, **change).question == identity(base, LLM).question


def test_another_rule_set_or_another_rubric_is_another_question(base: Path) -> None:
    one = identity(base, RULES)
    assert identity(base, RULES, rules="lenient").question != one.question
    panel = Panel.model_validate({"id": "p", "judges": [RULES]})
    other = RUBRIC.model_copy(update={"version": RUBRIC.version + 1})
    assert judge_identity(panel.judges[0], other, base).question != one.question


def test_recorded_verdicts_are_known_by_their_content_and_not_by_the_name_of_the_file(base: Path) -> None:
    one = identity(base, RECORDED)
    (base / "moved.csv").write_bytes((base / "votes.csv").read_bytes())
    assert identity(base, RECORDED, table=["moved.csv"]) == one
    (base / "votes.csv").write_text("transcript,judge\nx,a\n")
    assert identity(base, RECORDED) != one
    assert identity(base, RECORDED, derive={"violation": "severity >= 4"}) != identity(base, RECORDED)


def test_a_table_that_is_not_there_is_named(base: Path) -> None:
    with pytest.raises(VerdictSourceError, match=r"judge 'a': .*gone\.csv does not exist"):
        identity(base, RECORDED, table=["gone.csv"])


def test_an_unknown_rule_set_is_named(base: Path) -> None:
    with pytest.raises(PanelError, match="stern"):
        identity(base, RULES, rules="stern")


def test_only_language_models_read_a_prompt(base: Path) -> None:
    assert identity(base, LLM).prompt_hash
    assert identity(base, RULES).prompt_hash == identity(base, RECORDED).prompt_hash == ""


def test_a_panel_has_an_identity_for_each_judge(base: Path) -> None:
    panel = Panel.model_validate({"id": "p", "judges": [LLM, {**RULES, "id": "b"}]})
    found = panel_identities(panel, RUBRIC, base)
    assert {name: each.judge for name, each in found.items()} == {"a": "a", "b": "b"}
