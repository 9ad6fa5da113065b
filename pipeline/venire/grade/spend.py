"""What was asked of a judge and paid for so far, failed attempts included."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spend:
    """All attempts of one judge as it was defined, over all runs.

    Attributes:
        judge_hash: of its definition then.
        attempts: requests of any outcome.
        failed: those that brought no reply at all.
        replies: those that brought content, batches aside.
        input_tokens, output_tokens, cached_input_tokens: as reported; input includes what was cached.
        cost_usd: of the attempts whose price is known.
        unpriced: how many attempts have tokens and no known price.
        reply_output_tokens, reply_seconds: sums over the replies.
    """

    judge: str
    judge_hash: str
    attempts: int
    failed: int
    replies: int
    input_tokens: int
    output_tokens: int
    cached_input_tokens: int
    cost_usd: float
    unpriced: int
    reply_output_tokens: int
    reply_seconds: float
