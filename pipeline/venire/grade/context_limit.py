"""How many tokens a judge's model takes: as the panel says, or as litellm's own table says, or a cautious default."""

from typing import Final

from venire.grade.litellm_import import import_litellm
from venire.panel import LlmJudge

DEFAULT_CONTEXT_TOKENS: Final = 128_000


def context_limit(judge: LlmJudge) -> int:
    """Tokens of prompt and answer together."""
    if judge.context_tokens is not None:
        return judge.context_tokens
    table = import_litellm().model_cost
    provider, slash, name = judge.model.partition("/")
    entry = table.get(judge.model)
    if entry is None and slash:
        entry = table.get(name)
        # `hosted_vllm/gpt-5.1` is not OpenAI's.
        entry = entry if entry is not None and entry.get("litellm_provider") == provider else None
    known = (entry or {}).get("max_input_tokens")
    return known if isinstance(known, int) and known > 0 else DEFAULT_CONTEXT_TOKENS
