"""API keys: which environment variable a judge's key is in, whether it is there, and how none is ever written down."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Final

from venire.errors import MissingKeyError
from venire.panel import LlmJudge

# What a server that needs no key is sent, so that litellm does not send it a key meant for another.
NO_KEY: Final = "none"

_VARIABLES: Final = {
    "anthropic": "ANTHROPIC_API_KEY",
    "cerebras": "CEREBRAS_API_KEY",
    "cohere": "COHERE_API_KEY",
    "dashscope": "DASHSCOPE_API_KEY",
    "deepinfra": "DEEPINFRA_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "fireworks_ai": "FIREWORKS_API_KEY",
    "gemini": "GEMINI_API_KEY",
    "groq": "GROQ_API_KEY",
    "minimax": "MINIMAX_API_KEY",
    "mistral": "MISTRAL_API_KEY",
    "moonshot": "MOONSHOT_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "perplexity": "PERPLEXITYAI_API_KEY",
    "together_ai": "TOGETHERAI_API_KEY",
    "xai": "XAI_API_KEY",
    "zai": "ZAI_API_KEY",
}
_LOCAL: Final = frozenset({"hosted_vllm", "llamafile", "lm_studio", "ollama", "ollama_chat"})
# litellm takes these names without a provider before them.
_BARE_NAMES: Final = (("openai", r"gpt-|o[1-9]\b|chatgpt"), ("anthropic", r"claude-"))

_CREDENTIAL_NAME: Final = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$", re.IGNORECASE)
# What is shorter is a placeholder, such as EMPTY, and may stand in any text.
_SHORTEST_SECRET: Final = 8
_REMOVED: Final = "[key removed]"


def key_variable(judge: LlmJudge) -> str | None:
    """The environment variable that holds the judge's key.

    None where no key is needed, or where the provider is one whose credentials litellm finds in ways of its own.
    A server of OpenAI's format that is not OpenAI's needs a key only where `api_key_env` names it.
    """
    if judge.api_key_env is not None:
        return None if judge.api_key_env == "none" else judge.api_key_env
    provider = provider_of(judge.model)
    if provider in _LOCAL or (provider == "openai" and judge.api_base is not None):
        return None
    return _VARIABLES.get(provider)


def api_key(judge: LlmJudge, environ: Mapping[str, str]) -> str | None:
    """What to send as the judge's key; None where litellm must find the credentials itself."""
    variable = key_variable(judge)
    if variable is not None:
        return environ[variable].strip()
    finds_itself = judge.api_key_env is None and provider_of(judge.model) not in {*_LOCAL, *_VARIABLES}
    return None if finds_itself else NO_KEY


def check_keys(judges: Iterable[LlmJudge], environ: Mapping[str, str] = os.environ) -> None:
    """See that every judge has its key, before anything is asked.

    Raises:
        MissingKeyError: a key is missing; the message names every such judge, its model and the variable to set.
    """
    needed = [(judge, variable) for judge in judges if (variable := key_variable(judge))]
    missing = [(judge, variable) for judge, variable in needed if not environ.get(variable, "").strip()]
    if missing:
        lines = [f"judge '{judge.id}' ({judge.model}): {variable} is not set" for judge, variable in missing]
        example = " ".join(f"{variable}=..." for variable in sorted({variable for _, variable in missing}))
        raise MissingKeyError(
            "no API key for " + "; ".join(lines),
            hint=f"export {example}, or say `api_key_env: none` for a server that needs no key.",
        )


class Scrubber:
    """Takes API keys out of texts: those of the judges, and whatever else in the environment looks like a secret."""

    def __init__(self, judges: Iterable[LlmJudge], environ: Mapping[str, str]) -> None:
        names = {name for name in environ if _CREDENTIAL_NAME.search(name)}
        names |= {variable for judge in judges if (variable := key_variable(judge)) is not None}
        values = {environ.get(name, "").strip() for name in names}
        values |= {json.dumps(value)[1:-1] for value in values}
        longest_first = sorted((value for value in values if len(value) >= _SHORTEST_SECRET), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def scrub(self, text: str) -> str:
        """The text with a mark in the place of each key."""
        return text if self._secrets is None else self._secrets.sub(_REMOVED, text)


def provider_of(model: str) -> str:
    """The provider in litellm's name for a model; empty where it names none."""
    prefix, slash, _ = model.partition("/")
    if slash:
        return prefix
    return next((provider for provider, pattern in _BARE_NAMES if re.match(pattern, model)), "")
