"""What one request cost by the tokens that the provider reported, and what it may cost at most before it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from venire.errors import PanelError
from venire.grade.litellm_import import import_litellm
from venire.panel import LlmJudge, Price

_MILLION: Final = 1_000_000
# Large enough to be exact in floating point, small enough for the price of a short prompt.
_PROBE_TOKENS: Final = 1000


@dataclass(frozen=True)
class Tokens:
    """Tokens of one request; None where the provider reported none.

    Attributes:
        input: all of the prompt, what was read from a cache or written to it included.
        output: all of the answer, reasoning included.
        cached_input: read from the provider's cache.
        cache_write: written to the provider's cache, which Anthropic bills higher than other input.
    """

    input: int | None = None
    output: int | None = None
    cached_input: int | None = None
    cache_write: int | None = None


def tokens_of(response: Any) -> Tokens:
    """The tokens of a reply in litellm's form."""
    usage = getattr(response, "usage", None)
    # litellm fills in zeros where a server reports nothing; no prompt has zero tokens.
    if usage is None or not usage.prompt_tokens:
        return Tokens()
    details = getattr(usage, "prompt_tokens_details", None)
    cached, written = getattr(details, "cached_tokens", None), getattr(details, "cache_creation_tokens", None)
    return Tokens(usage.prompt_tokens, usage.completion_tokens, cached, written)


def cost_usd(judge: LlmJudge, response: Any) -> float | None:
    """US dollars for one reply: by the judge's own price, else by litellm's price map; None where neither knows.

    litellm prices a model that it does not know at zero, so it is asked only about those it knows.
    """
    tokens = tokens_of(response)
    if tokens.input is None or tokens.output is None:
        return None
    if judge.price is not None:
        return request_usd(judge, tokens)
    if not is_priced(judge.model):
        return None
    try:
        return float(import_litellm().completion_cost(completion_response=response, model=judge.model))
    except Exception:
        # The reply is paid for and must be kept, whatever litellm finds strange in it.
        return request_usd(judge, tokens)


def request_usd(judge: LlmJudge, tokens: Tokens) -> float | None:
    """US dollars for a request with these tokens; None where the price is not known."""
    if judge.price is not None:
        return _at(judge.price, tokens)
    if not is_priced(judge.model):
        return None
    # litellm takes the higher price of long prompts, and of a tier that the request asks for, into account.
    tier = judge.parameters.get("service_tier")
    prompt, answer = import_litellm().cost_per_token(
        model=judge.model,
        prompt_tokens=tokens.input or 0,
        completion_tokens=tokens.output or 0,
        cache_read_input_tokens=tokens.cached_input or 0,
        cache_creation_input_tokens=tokens.cache_write or 0,
        service_tier=tier if isinstance(tier, str) else None,
    )
    return float(prompt + answer)


def worst_case_usd(judge: LlmJudge, input_tokens: int, max_tokens: int) -> float | None:
    """US dollars that one request may cost at most: the longest answer, and all input at its highest price.

    Args:
        judge: who is asked.
        input_tokens: of the prompt, counted on the safe side.
        max_tokens: the longest answer, reasoning included.

    Returns:
        None where the price is not known.
    """
    plain = request_usd(judge, Tokens(input_tokens, max_tokens))
    written = request_usd(judge, Tokens(input_tokens, max_tokens, cache_write=input_tokens))
    return None if plain is None or written is None else max(plain, written)


def list_price(judge: LlmJudge) -> Price | None:
    """The judge's price for short prompts, per million tokens; None where it is not known."""
    if judge.price is not None:
        return judge.price
    kinds = (
        Tokens(input=_PROBE_TOKENS),
        Tokens(output=_PROBE_TOKENS),
        Tokens(input=_PROBE_TOKENS, cached_input=_PROBE_TOKENS),
        Tokens(input=_PROBE_TOKENS, cache_write=_PROBE_TOKENS),
    )
    found = [request_usd(judge, tokens) for tokens in kinds]
    rates = [round(usd * _MILLION / _PROBE_TOKENS, 6) for usd in found if usd is not None]
    if len(rates) < len(kinds):
        return None
    return Price(input=rates[0], output=rates[1], cached_input=rates[2], cache_write=rates[3])


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


def unpriced(judges: Iterable[LlmJudge]) -> tuple[LlmJudge, ...]:
    """The judges whose price is not known."""
    return tuple(judge for judge in judges if judge.price is None and not is_priced(judge.model))


def check_prices(judges: Iterable[LlmJudge]) -> None:
    """See that the price of every judge is known, as a budget needs it.

    Raises:
        PanelError: one is not; the message names every such judge.
    """
    unknown = unpriced(judges)
    if unknown:
        names = ", ".join(f"'{judge.id}' ({judge.model})" for judge in unknown)
        raise PanelError(
            f"a budget needs the price of every judge, and that of {names} is not known",
            hint="Give it in the panel file, in US dollars per million tokens: price: {input: 2.00, output: 12.00}",
        )


def _at(price: Price, tokens: Tokens) -> float:
    cached, written = tokens.cached_input or 0, tokens.cache_write or 0
    cached_price = price.input if price.cached_input is None else price.cached_input
    written_price = price.input if price.cache_write is None else price.cache_write
    plain = (tokens.input or 0) - cached - written
    dollars = plain * price.input + cached * cached_price + written * written_price
    return (dollars + (tokens.output or 0) * price.output) / _MILLION
