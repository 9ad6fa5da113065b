"""What one request cost, from the tokens that the provider reported."""

from dataclasses import dataclass
from typing import Any, Final

from venire.grade.litellm_import import import_litellm
from venire.panel import LlmJudge, Price

_MILLION: Final = 1_000_000


@dataclass(frozen=True)
class Tokens:
    """Tokens of one request; None where the provider reported none. Input includes what was cached."""

    input: int | None = None
    output: int | None = None
    cached_input: int | None = None


def tokens_of(response: Any) -> Tokens:
    """The tokens of a reply in litellm's form."""
    usage = getattr(response, "usage", None)
    # litellm fills in zeros where a server reports nothing; no prompt has zero tokens.
    if usage is None or not usage.prompt_tokens:
        return Tokens()
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None)
    return Tokens(usage.prompt_tokens, usage.completion_tokens, cached)


def cost_usd(judge: LlmJudge, response: Any) -> float | None:
    """US dollars for one reply: by the judge's own price, else by litellm's price map; None where neither knows.

    litellm prices a model that it does not know at zero, so it is asked only about those it knows.
    """
    tokens = tokens_of(response)
    if tokens.input is None or tokens.output is None:
        return None
    if judge.price is not None:
        return _at(judge.price, tokens.input, tokens.output, tokens.cached_input or 0)
    if not is_priced(judge.model):
        return None
    return float(import_litellm().completion_cost(completion_response=response, model=judge.model))


def is_priced(model: str) -> bool:
    """Whether litellm's price map has this model of this provider."""
    prices = import_litellm().model_cost
    provider, slash, name = model.partition("/")
    entry = prices.get(model)
    if entry is None and slash:
        entry = prices.get(name)
        # `hosted_vllm/gpt-5.1` is not OpenAI's.
        entry = entry if entry is not None and entry.get("litellm_provider") == provider else None
    return entry is not None and entry.get("input_cost_per_token") is not None


def _at(price: Price, input_tokens: int, output_tokens: int, cached: int) -> float:
    cached_price = price.input if price.cached_input is None else price.cached_input
    dollars = (input_tokens - cached) * price.input + cached * cached_price + output_tokens * price.output
    return dollars / _MILLION
