"""What a panel says of the machine it was used on stays there."""

import pytest

from tests.publish.contents import PANEL
from venire.panel import LlmJudge, Panel, RecordedJudge
from venire.publish.public_panel import public_panel


def panel_with(**fields: object) -> Panel:
    judge = {"id": "reader", "kind": "llm", "model": "openai/gpt-5.5", **fields}
    return Panel.model_validate({"id": "p", "judges": [judge]})


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ("https://user:secret@api.example.com:8443/v1?key=secret", "https://api.example.com:8443/v1"),
        ("http://localhost:8000/v1", "http://private.invalid"),
        ("http://127.0.0.1:8000/v1", "http://private.invalid"),
        ("http://10.1.2.3/v1", "http://private.invalid"),
        ("http://gpu-7.internal/v1", "http://private.invalid"),
        ("http://[broken", "http://private.invalid"),
        (None, None),
    ],
)
def test_only_public_servers_are_named(address: str | None, public: str | None) -> None:
    (judge,) = public_panel(panel_with(api_base=address)).judges

    assert isinstance(judge, LlmJudge)
    assert judge.api_base == public


def test_values_that_may_be_keys_are_removed_at_any_depth() -> None:
    parameters = {"reasoning_effort": "low", "thinking_tokens": 9, "extra_body": [{"api_key": "s"}, {"top_k": 1}]}
    (judge,) = public_panel(panel_with(parameters={**parameters, "extra_headers": {"X": "s"}})).judges

    assert isinstance(judge, LlmJudge)
    assert judge.parameters == {
        "reasoning_effort": "low",
        "thinking_tokens": 9,
        "extra_body": [{"api_key": "removed"}, {"top_k": 1}],
        "extra_headers": "removed",
    }


def test_recorded_tables_keep_their_file_names() -> None:
    judge = public_panel(PANEL).judges[2]

    assert isinstance(judge, RecordedJudge)
    assert (judge.wide[0].scores, judge.wide[0].reasons) == ("scores.csv", "reasons.csv")


def test_tables_of_long_form_keep_their_file_names() -> None:
    judge = {"id": "a", "kind": "recorded", "table": ["/home/x/a.csv", "b.jsonl"]}
    (public,) = public_panel(Panel.model_validate({"id": "p", "judges": [judge]})).judges

    assert isinstance(public, RecordedJudge)
    assert public.table == ("a.csv", "b.jsonl")


def test_the_limits_of_an_account_are_left_out() -> None:
    judge = {"id": "j", "kind": "llm", "model": "openai/x", "api_base": "http://10.0.0.5:8000/v1"}
    limit = {"provider": "http://10.0.0.5:8000/v1", "in_flight": 4}
    panel = Panel.model_validate({"id": "p", "judges": [judge], "limits": [limit]})
    assert "10.0.0.5" not in public_panel(panel).model_dump_json()
