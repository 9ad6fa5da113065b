"""A panel names its judges; what decides a judge's answers is in its hash and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from venire.errors import PanelError
from venire.panel import LlmJudge, Panel, RecordedJudge, judge_family, judge_hash, read_panel
from venire.yaml_model import parse_yaml_model


def panel(text: str) -> Panel:
    return parse_yaml_model(text, Panel, PanelError, "p.yaml")


@pytest.mark.parametrize(
    ("judges", "message"),
    [
        ("[]", "judges: the list is empty"),
        ("[{id: a, kind: rules, rules: x}, {id: a, kind: rules, rules: y}]", "two judges are called 'a'"),
        ("[{id: a, kind: rules, rules: x, voting: false}]", "no judge of the panel votes"),
        ("[{id: panel, kind: rules, rules: x}]", "no judge may be called 'panel'"),
        ("[{id: a b, kind: rules, rules: x}]", "judges[1].id: String should match pattern"),
        ("[{id: a, kind: oracle}]", "judges[1]: unknown kind 'oracle'; known: rules, recorded, llm"),
        ("[{id: a, kind: recorded}]", "judge 'a': give either 'wide' or 'table'"),
        ("[{id: a, kind: recorded, table: [t.csv], wide: [{scores: s.csv}]}]", "give either 'wide' or 'table'"),
        ("[{id: a, kind: llm, model: m, parameters: {temperature: 0}}]", "'temperature' does not go under parameters"),
        ("[{id: a, kind: llm, model: m, parameters: {api_key: k}}]", "'api_key' does not go under parameters"),
        ("[{id: a, kind: llm, model: m, repeats: 0}]", "judges[1].repeats: Input should be greater than or equal to 1"),
    ],
)
def test_a_panel_that_cannot_be_used_is_refused_with_the_reason(judges: str, message: str) -> None:
    with pytest.raises(PanelError) as caught:
        panel(f"id: p\njudges: {judges}\n")
    assert message in str(caught.value)


def test_a_panel_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "id: p\njudges:\n  - {id: a, kind: rules, rules: strict}\n  - {id: b, kind: llm, model: m, voting: false}\n"
    )
    read = read_panel(tmp_path / "p.yaml")
    assert [judge.id for judge in read.judges] == ["a", "b"]
    assert [judge.id for judge in read.voting()] == ["a"]


JUDGE = LlmJudge(id="a", kind="llm", model="anthropic/claude-opus-4-7")


@pytest.mark.parametrize(
    "change",
    [
        {"concurrency": 2},
        {"timeout_s": 5},
        {"tries": 1},
        {"price": {"input": 1, "output": 1}},
        {"repeats": 3},
        {"family": "claude"},
        {"voting": False},
        {"api_key_env": "MY_KEY"},
    ],
)
def test_pace_and_price_do_not_change_what_is_asked(change: dict[str, Any]) -> None:
    assert judge_hash(LlmJudge.model_validate({**JUDGE.model_dump(), **change})) == judge_hash(JUDGE)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "anthropic/claude-opus-4-6"},
        {"temperature": 0},
        {"max_tokens": 100},
        {"parameters": {"reasoning_effort": "low"}},
        {"api_base": "http://localhost"},
        {"repairs": 0},
    ],
)
def test_what_can_change_an_answer_changes_the_hash(change: dict[str, Any]) -> None:
    assert judge_hash(LlmJudge.model_validate({**JUDGE.model_dump(), **change})) != judge_hash(JUDGE)


def test_a_recorded_judge_is_its_tables_content_and_not_their_place() -> None:
    here = RecordedJudge(id="a", kind="recorded", table=("here.csv",))
    there = RecordedJudge(id="a", kind="recorded", table=("there.csv",))
    assert judge_hash(here, content="x") == judge_hash(there, content="x") != judge_hash(here, content="y")


def test_the_family_is_the_one_given_or_the_one_of_the_models_name() -> None:
    assert judge_family(JUDGE) == "claude"
    assert judge_family(JUDGE.model_copy(update={"family": "own"})) == "own"
    assert judge_family(RecordedJudge(id="claude", kind="recorded", table=("t.csv",))) is None


def test_only_a_member_is_barred_from_its_own_family_and_only_where_the_panel_says_so() -> None:
    outsider = JUDGE.model_copy(update={"id": "b", "voting": False})
    forbids = Panel(id="p", own_family="forbid", judges=(JUDGE, outsider))
    allows = Panel(id="p", judges=(JUDGE,))
    assert forbids.bars(JUDGE, "claude")
    assert not forbids.bars(JUDGE, "gpt")
    assert not forbids.bars(JUDGE, None)
    assert not forbids.bars(outsider, "claude")
    assert not allows.bars(JUDGE, "claude")
