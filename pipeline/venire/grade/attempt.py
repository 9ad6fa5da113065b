"""An attempt: one request to a provider and what came of it, kept whether it brought an answer or not."""

from dataclasses import dataclass
from typing import Literal

# replied: with content, which may still break the rubric. failed: an error that the provider or the network made.
# cancelled: we broke it off ourselves; the provider may have billed it.
AttemptOutcome = Literal["replied", "refused", "truncated", "too_long", "failed", "cancelled"]


@dataclass(frozen=True)
class VerdictKey:
    """What a verdict answers: the transcript, or a step of it, and the exact question by the hashes of its parts."""

    transcript_id: str
    judge: str
    judge_hash: str
    rubric_hash: str
    prompt_hash: str
    repeat: int = 0
    step: int | None = None


@dataclass(frozen=True)
class Attempt:
    """One request.

    Attributes:
        number: from 1, over all runs that asked for this verdict.
        repair: whether the request showed the judge an earlier answer that broke the rubric.
        started_at: UTC, ISO 8601.
        seconds: from the request to the end of its reply.
        error_class, error: of a failure; the text is free of API keys.
        http_status: where the provider gave one; litellm shows a dropped connection as 500.
        finish_reason: why the model stopped, in OpenAI's words.
        input_tokens, output_tokens, cached_input_tokens: as billed for this request alone; None where nothing was
            reported. Input includes what was cached, output includes reasoning.
        cost_usd: of this request alone; None where the price or the tokens are unknown.
        window: which piece of a long transcript the request was about, from 0.
        batch: our name of the batch that it was part of, at half the price; None where it was made on its own.
        response: the reply as JSON text in the form of OpenAI's chat completion; None where there was none.
    """

    key: VerdictKey
    number: int
    repair: bool
    started_at: str
    seconds: float
    outcome: AttemptOutcome
    error_class: str | None = None
    error: str | None = None
    http_status: int | None = None
    finish_reason: str | None = None
    served_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_input_tokens: int | None = None
    cost_usd: float | None = None
    response: str | None = None
    window: int = 0
    batch: str | None = None
