"""Prices: by the judge's own, else by litellm's map, else unknown, and never zero for want of knowing."""

from typing import Any

import pytest

from venire.errors import PanelError
from venire.grade.litellm_import import import_litellm
from venire.grade.price import (
    Tokens,
    check_prices,
    cost_usd,
    is_priced,
    list_price,
    tokens_of,
    worst_case_usd,
)
from venire.panel import LlmJudge, Price


def reply(input_tokens: int, output_tokens: int, cached: int = 0, model: str = "served", *, written: int = 0) -> Any:
    usage = {
        "prompt_tokens": input_tokens,
        "completion_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
        "prompt_tokens_details": {"cached_tokens": cached, "cache_creation_tokens": written},
        "cache_creation_input_tokens": written,
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


def test_a_request_may_cost_at_most_its_longest_answer_and_its_dearest_input() -> None:
    # $1.25 in and $10 out per million: 1000 x 1.25 + 4096 x 10
    assert worst_case_usd(judge("openai/gpt-5.1"), 1000, 4096) == pytest.approx(0.04221)
    # Anthropic bills what it writes to its cache at $6.25, other input at $5, output at $25.
    assert worst_case_usd(judge("anthropic/claude-opus-4-7"), 1000, 1000) == pytest.approx(0.03125)
    # Gemini takes $4 and $18 instead of $2 and $12 for a prompt of more than 200,000 tokens.
    gemini = judge("gemini/gemini-3.1-pro-preview")
    assert worst_case_usd(gemini, 200_000, 1000) == pytest.approx(0.412)
    assert worst_case_usd(gemini, 300_000, 1000) == pytest.approx(1.218)
    own = Price(input=2, output=10, cached_input=0.5, cache_write=2.5)
    assert worst_case_usd(judge("x/y", own), 1000, 100) == pytest.approx(0.0035)
    assert worst_case_usd(judge("openai/gpt-nobody-has-made"), 1000, 100) is None


def test_a_tier_that_the_judge_asks_for_is_priced() -> None:
    hurried = LlmJudge(id="j", kind="llm", model="openai/gpt-5.1", parameters={"service_tier": "priority"})
    assert worst_case_usd(hurried, 1000, 0) == pytest.approx(0.0025)


@pytest.mark.parametrize("model", ["openai/gpt-5.1", "anthropic/claude-opus-4-7", "gemini/gemini-3.1-pro-preview"])
@pytest.mark.parametrize("size", [1000, 250_000])
def test_no_reply_costs_more_than_was_set_apart_for_it(model: str, size: int) -> None:
    for written in (0, size // 2, size):
        response = reply(size, 500, written=written)
        cost, worst = cost_usd(judge(model), response), worst_case_usd(judge(model), size, 500)
        assert cost is not None
        assert worst is not None
        assert cost <= worst + 1e-9


def test_what_was_written_to_a_cache_has_its_own_price() -> None:
    # 400 x 2 + 100 x 0.5 + 500 x 2.5 + 50 x 10 = 2600 dollars per million
    own = Price(input=2, output=10, cached_input=0.5, cache_write=2.5)
    assert cost_usd(judge("x/y", own), reply(1000, 50, 100, written=500)) == pytest.approx(0.0026)


def test_the_list_price_is_that_of_short_prompts() -> None:
    assert list_price(judge("gemini/gemini-3.1-pro-preview")) == Price(
        input=2, output=12, cached_input=0.2, cache_write=2
    )
    assert list_price(judge("anthropic/claude-opus-4-7")) == Price(
        input=5, output=25, cached_input=0.5, cache_write=6.25
    )
    assert list_price(judge("x/y", Price(input=1, output=2))) == Price(input=1, output=2)
    assert list_price(judge("openai/gpt-nobody-has-made")) is None


def test_a_budget_needs_every_price_and_names_all_that_it_lacks() -> None:
    check_prices([judge("openai/gpt-5.1"), judge("x/y", Price(input=0, output=0))])
    with pytest.raises(PanelError, match=r"'j' \(x/y\), 'j' \(openai/nobody\)") as caught:
        check_prices([judge("openai/gpt-5.1"), judge("x/y"), judge("openai/nobody")])
    assert "price: {input: 2.00, output: 12.00}" in caught.value.hint
