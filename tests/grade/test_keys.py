"""Keys: found where the provider's are usually kept, missed before any call, and taken out of every text."""

from typing import Any

import pytest

from venire.errors import MissingKeyError
from venire.grade.keys import NO_KEY, Scrubber, api_key, check_keys, key_variable
from venire.panel import LlmJudge


def judge(model: str, **fields: Any) -> LlmJudge:
    return LlmJudge(id=fields.pop("id", "j"), kind="llm", model=model, **fields)


@pytest.mark.parametrize(
    ("model", "variable"),
    [
        ("openai/gpt-5.5", "OPENAI_API_KEY"),
        ("gpt-5.5", "OPENAI_API_KEY"),
        ("o3-mini", "OPENAI_API_KEY"),
        ("anthropic/claude-opus-4-7", "ANTHROPIC_API_KEY"),
        ("claude-opus-4-7", "ANTHROPIC_API_KEY"),
        ("gemini/gemini-3.1-pro-preview", "GEMINI_API_KEY"),
        ("xai/grok-4.20", "XAI_API_KEY"),
        ("openrouter/meta-llama/llama-4", "OPENROUTER_API_KEY"),
        ("ollama/qwen3", None),
        ("hosted_vllm/qwen3", None),
        ("bedrock/anthropic.claude", None),
    ],
)
def test_the_variable_follows_from_the_provider(model: str, variable: str | None) -> None:
    assert key_variable(judge(model)) == variable


def test_a_server_of_openais_format_needs_a_key_only_where_one_is_named() -> None:
    local = {"model": "openai/qwen3", "api_base": "http://localhost:8000/v1"}
    assert key_variable(judge(**local)) is None
    assert key_variable(judge(**local, api_key_env="none")) is None
    assert key_variable(judge(**local, api_key_env="LAB_KEY")) == "LAB_KEY"
    assert key_variable(judge("anthropic/claude", api_base="http://localhost")) == "ANTHROPIC_API_KEY"


def test_a_server_without_a_key_is_sent_a_placeholder_and_never_a_key_meant_for_another() -> None:
    environ = {"OPENAI_API_KEY": "sk-openai"}
    assert api_key(judge("openai/gpt-5.5"), environ) == "sk-openai"
    assert api_key(judge("openai/qwen3", api_base="http://localhost"), environ) == NO_KEY
    assert api_key(judge("anthropic/x", api_key_env="none"), environ) == NO_KEY
    assert api_key(judge("ollama/qwen3"), environ) == NO_KEY


def test_credentials_of_other_kinds_are_left_for_litellm_to_find() -> None:
    assert api_key(judge("bedrock/anthropic.claude"), {}) is None


def test_every_missing_key_is_named_with_judge_model_and_variable() -> None:
    judges = [
        judge("anthropic/claude-opus-4-7", id="opus"),
        judge("openai/gpt-5.5", id="gpt"),
        judge("ollama/qwen3", id="local"),
        judge("openai/x", id="lab", api_key_env="LAB_KEY"),
    ]
    with pytest.raises(MissingKeyError) as caught:
        check_keys(judges, {"OPENAI_API_KEY": "sk-1", "LAB_KEY": ""})
    message = str(caught.value)
    assert "judge 'opus' (anthropic/claude-opus-4-7): ANTHROPIC_API_KEY is not set" in message
    assert "judge 'lab' (openai/x): LAB_KEY is not set" in message
    assert "'gpt'" not in message
    assert "'local'" not in message
    assert "export ANTHROPIC_API_KEY=... LAB_KEY=..." in caught.value.hint


def test_nothing_is_said_where_every_key_is_there() -> None:
    check_keys([judge("openai/gpt-5.5")], {"OPENAI_API_KEY": "sk-1"})


def test_keys_are_taken_out_of_a_text() -> None:
    judges = [judge("openai/x", api_key_env="MY_SERVER")]
    scrubber = Scrubber(
        judges, {"MY_SERVER": "abcdef-12345", "AWS_SECRET_ACCESS_KEY": 'with"quote', "HOME": "/home/me"}
    )
    text = r'abcdef-12345, with"quote and with\"quote at /home/me'
    assert scrubber.scrub(text) == "[key removed], [key removed] and [key removed] at /home/me"


def test_a_longer_key_that_begins_like_a_shorter_one_goes_whole() -> None:
    scrubber = Scrubber([], {"A_KEY": "12345678", "B_KEY": "12345678-abcdef"})
    assert scrubber.scrub("12345678-abcdef") == "[key removed]"


def test_a_placeholder_is_no_secret() -> None:
    assert Scrubber([], {"LOCAL_API_KEY": "EMPTY"}).scrub("the list is EMPTY") == "the list is EMPTY"
    assert Scrubber([], {}).scrub("anything") == "anything"
