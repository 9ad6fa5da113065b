"""What providers are sent so that their prompt caches are of use; seen on the wire."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.grade.asking import SECRET, VIOLATED, anthropic_judge, grade, openai_judge, run_of
from tests.grade.showing import judge_of, shown
from tests.provider.reply import in_turn, rate_limited
from tests.provider.server import Provider
from venire.grade.prompt import fence_nonce
from venire.grade.prompt_cache import request_messages, request_settings
from venire.panel import LlmJudge

pytestmark = pytest.mark.usefixtures("keys")


def test_anthropic_is_told_to_cache_up_to_the_end_of_the_record(provider: Provider, path: Path) -> None:
    grade([anthropic_judge(provider, repeats=2)], [run_of()], path)

    for request in provider.requests:
        (message,) = request.body["messages"]
        record, questionnaire = message["content"]
        assert record["cache_control"] == {"type": "ephemeral"}
        assert record["text"].endswith(f"⟦end of record {fence_nonce(run_of().id, SECRET)}⟧\n")
        assert questionnaire["text"].startswith("\nThe record has ended")
        assert "cache_control" not in questionnaire
    one, two = (request.body["messages"] for request in provider.requests)
    assert one == two


@pytest.mark.parametrize("fields", [{"repeats": 1}, {"repeats": 2, "prompt_cache": False}])
def test_anthropic_is_not_told_to_write_what_nobody_will_read(
    provider: Provider, path: Path, fields: dict[str, Any]
) -> None:
    grade([anthropic_judge(provider, **fields)], [run_of()], path)
    assert "cache_control" not in json.dumps(provider.requests[0].body)


def test_openai_is_given_one_key_for_each_transcript(provider: Provider, path: Path) -> None:
    grade([openai_judge(provider, repeats=2, concurrency=1)], [run_of(1), run_of(2)], path)
    keys = [request.body["prompt_cache_key"] for request in provider.requests]
    expected = [f"venire-{fence_nonce(run_of(number).id, SECRET)}" for number in (1, 1, 2, 2)]
    assert sorted(keys) == sorted(expected)


def test_a_request_that_is_tried_again_keeps_its_key(provider: Provider, path: Path) -> None:
    provider.script = in_turn(rate_limited("0"), VIOLATED)
    grade([openai_judge(provider)], [run_of()], path)
    one, two = (request.body["prompt_cache_key"] for request in provider.requests)
    assert one == two


@pytest.mark.parametrize(
    "judge",
    [
        judge_of(prompt_cache=False),
        # Speaks the format, and may refuse what it does not know.
        judge_of(model="openai/Qwen/Qwen3-32B", api_base="http://localhost:8000/v1"),
        judge_of(model="gemini/gemini-2.5-pro", repeats=2),
    ],
)
def test_others_are_sent_nothing_of_the_kind(judge: LlmJudge) -> None:
    (prompt,) = shown(run_of(), judge).prompts
    assert request_settings(prompt, judge) == {}
    assert request_messages(prompt, judge) == [
        {"role": "system", "content": prompt.system},
        {"role": "user", "content": prompt.user},
    ]


def test_the_blocks_together_are_the_same_text() -> None:
    judge = judge_of(model="anthropic/claude-opus-4-7", repeats=2)
    (prompt,) = shown(run_of(), judge).prompts
    content = request_messages(prompt, judge)[1]["content"]
    assert "".join(block["text"] for block in content) == prompt.user
