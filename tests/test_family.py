"""A model's family is read from its name, as agents, judges and litellm write it."""

import pytest

from venire.family import family_of


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("Claude-Opus-4.7", "claude"),
        ("anthropic/claude-sonnet-4-5", "claude"),
        ("GPT-5.5", "gpt"),
        ("openai/o3-mini", "gpt"),
        ("gpt-oss-120b", "gpt-oss"),
        ("openai/gpt-oss-20b", "gpt-oss"),
        ("Gemini-3.1-Pro-Preview", "gemini"),
        ("gemma-3-27b", "gemma"),
        ("xai/grok-4.20", "grok"),
        ("Llama-4-Maverick", "llama"),
        ("Qwen3.6-27B", "qwen"),
        ("Kimi-K2.6", "kimi"),
        ("GLM-5.1", "glm"),
        ("Minimax-M2.7", "minimax"),
        ("deepseek-chat", "deepseek"),
        # A server of one's own that speaks OpenAI's format.
        ("openai/Qwen/Qwen3-32B", "qwen"),
    ],
)
def test_the_family_of_a_known_line(model: str, family: str) -> None:
    assert family_of(model) == family


def test_gpt_oss_is_not_gpt_so_that_gpt_may_judge_it() -> None:
    assert family_of("gpt-oss-20b") != family_of("GPT-5.5")


@pytest.mark.parametrize("model", [None, "", "aster-1", "my-model", "openai/my-model"])
def test_an_unknown_family_is_nobodys(model: str | None) -> None:
    assert family_of(model) is None
