"""litellm understands the double, and the double litellm, in all three wire formats."""

import asyncio
from typing import Any

import pytest

from tests.provider.fixtures import provider
from tests.provider.reply import Answer, HttpError, Refusal, in_turn, rate_limited
from tests.provider.server import Provider
from venire.grade.litellm_import import import_litellm
from venire.grade.price import tokens_of
from venire.grade.reply import ending

__all__ = ["provider"]

SCHEMA = {
    "type": "object",
    "properties": {"guilty": {"type": "boolean"}},
    "required": ["guilty"],
    "additionalProperties": False,
}
MODELS = ["openai/gpt-5.1", "anthropic/claude-opus-4-7", "gemini/gemini-2.5-pro"]
# Formats that litellm falls back to for models that it does not know: a forced tool, and a schema in the prompt.
UNKNOWN = ["anthropic/claude-unheard-of", "gemini/gemini-unheard-of"]


@pytest.mark.parametrize("model", MODELS + UNKNOWN)
def test_a_request_is_read_and_its_answer_comes_back_with_its_tokens(provider: Provider, model: str) -> None:
    provider.script = in_turn(Answer({"guilty": True}, 1200, 80, cached_tokens=300, served_model="served"))

    response = _complete(provider, model)

    (request,) = provider.requests
    assert request.model == model.partition("/")[2]
    assert request.key == "key-0001"
    assert request.schema is not None
    assert list(request.schema["properties"]) == ["guilty"]
    assert request.turns[0].startswith("Judge this.") or "Judge this." in request.turns[0]
    assert "You judge." in request.system + request.turns[0]
    assert "true" in response.choices[0].message.content
    assert response.model == "served"
    tokens = tokens_of(response)
    assert (tokens.input, tokens.output, tokens.cached_input) == (1200, 80, 300)


def test_anthropic_says_what_was_written_to_its_cache(provider: Provider) -> None:
    provider.script = in_turn(Answer({"guilty": True}, 1200, 80, cached_tokens=300, written_tokens=500))

    usage = _complete(provider, "anthropic/claude-opus-4-7").usage

    assert (usage.prompt_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens) == (1200, 500, 300)


def test_gemini_is_sent_a_json_schema_for_a_model_that_litellm_knows(provider: Provider) -> None:
    _complete(provider, "gemini/gemini-2.5-pro")

    settings = provider.requests[0].body["generationConfig"]
    assert settings["response_mime_type"] == "application/json"
    assert settings["response_json_schema"] == SCHEMA


@pytest.mark.parametrize("model", MODELS)
def test_a_refusal_is_seen_as_one(provider: Provider, model: str) -> None:
    provider.script = in_turn(Refusal(input_tokens=700, output_tokens=3))

    response = _complete(provider, model)

    assert ending(response).outcome == "refused"
    assert tokens_of(response).input == 700


@pytest.mark.parametrize("model", MODELS)
def test_an_answer_that_was_cut_off_is_seen_as_one(provider: Provider, model: str) -> None:
    provider.script = in_turn(Answer('{"guilty', finish="length"))

    assert ending(_complete(provider, model)).outcome == "truncated"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("error", "seen_as"),
    [
        (rate_limited("7"), "RateLimitError"),
        (HttpError(401, "wrong key", "authentication_error"), "AuthenticationError"),
        (HttpError(500), "InternalServerError"),
    ],
)
def test_an_error_has_its_class(provider: Provider, model: str, error: HttpError, seen_as: str) -> None:
    provider.script = in_turn(error)
    litellm = import_litellm()

    with pytest.raises(getattr(litellm, seen_as)):
        _complete(provider, model)


def _complete(provider: Provider, model: str) -> Any:
    bases = {"openai": provider.openai_base, "anthropic": provider.anthropic_base, "gemini": provider.gemini_base}

    async def complete() -> Any:
        try:
            return await import_litellm().acompletion(
                model=model,
                messages=[{"role": "system", "content": "You judge."}, {"role": "user", "content": "Judge this."}],
                api_base=bases[model.partition("/")[0]],
                api_key="key-0001",
                max_tokens=100,
                max_retries=0,
                num_retries=0,
                timeout=30,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "Verdict", "strict": True, "schema": SCHEMA},
                },
            )
        finally:
            await import_litellm().close_litellm_async_clients()

    return asyncio.run(complete())
