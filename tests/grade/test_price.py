"""Prices: by the judge's own, else by litellm's map, else unknown, and never zero for want of knowing."""

from typing import Any

import pytest

from venire.grade.litellm_import import import_litellm
from venire.grade.price import Tokens, cost_usd, is_priced, tokens_of
from venire.panel import LlmJudge, Price


def reply(input_tokens: int, output_tokens: int, cached: int = 0, model: str = "served") -> Any:
    usage = {
        "prompt_tokens": input_tokens,
        "completion_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}
    return import_litellm().ModelResponse(id="1", model=model, choices=[choice], usage=usage)


def judge(model: str, price: Price | None = None) -> LlmJudge:
    return LlmJudge(id="j", kind="llm", model=model, price=price)


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("openai/gpt-5.1", True),
        ("gpt-5.1", True),
        ("anthropic/claude-opus-4-7", True),
        ("gemini/gemini-3.1-pro-preview", True),
        ("openai/gpt-nobody-has-made", False),
        ("hosted_vllm/gpt-5.1", False),
        ("hosted_vllm/qwen3", False),
    ],
)
def test_only_the_model_of_that_provider_has_its_price(model: str, known: bool) -> None:
    assert is_priced(model) is known


def test_the_judges_own_price_counts_before_the_map() -> None:
    # 900 x 2 + 100 x 0.5 + 50 x 10 = 2350 dollars per million
    own = Price(input=2, output=10, cached_input=0.5)
    assert cost_usd(judge("openai/gpt-5.1", own), reply(1000, 50, 100)) == pytest.approx(0.00235)
    # Without a price of its own, cached input costs what input does: 1000 x 2 + 50 x 10
    assert cost_usd(judge("x/y", Price(input=2, output=10)), reply(1000, 50, 100)) == pytest.approx(0.0025)


def test_the_map_prices_the_model_that_was_asked_for() -> None:
    # $1.25, $0.125 cached and $10 per million: 900 x 1.25 + 100 x 0.125 + 50 x 10 = 1637.5
    assert cost_usd(judge("openai/gpt-5.1"), reply(1000, 50, 100, "gpt-5.1-2025-11-13")) == pytest.approx(0.0016375)


def test_an_unknown_model_costs_an_unknown_amount() -> None:
    assert cost_usd(judge("openai/gpt-nobody-has-made"), reply(1000, 50, model="gpt-5.1")) is None


def test_without_tokens_there_is_no_cost() -> None:
    silent = reply(0, 0)
    assert tokens_of(silent) == Tokens()
    assert cost_usd(judge("openai/gpt-5.1"), silent) is None
