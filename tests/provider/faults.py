"""A seeded mix of everything that goes wrong with providers."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from tests.provider.from_schema import answer_from_schema
from tests.provider.reply import (
    Answer,
    Dripped,
    Dropped,
    Expired,
    Forgotten,
    Garbage,
    Held,
    HttpError,
    Refusal,
    Reply,
    Request,
    Script,
    overloaded,
    rate_limited,
)

FAULTS: Final[dict[str, Reply]] = {
    "429": rate_limited(),
    "500": HttpError(500, "Internal server error"),
    "529": overloaded(),
    "timeout": Held(),
    "slow drip": Dripped(),
    "dropped connection": Dropped(),
    "cut JSON": Garbage(),
    "wrong schema": Answer({"verdict": "guilty"}),
    "invalid JSON": Answer("I would say that it is a violation."),
    "refusal": Refusal(),
    "truncated": Answer('{"rationale": "It', finish="length"),
    "empty body": Garbage(""),
    "empty answer": Answer(""),
    "wrong content type": Garbage("<html><body>Welcome to our gateway.</body></html>", "text/html"),
}
# Those after which a client learns nothing before its own time limit.
SLOW: Final = frozenset({"timeout", "slow drip"})


def fault_mix(
    share: float, seed: int = 0, script: Script = answer_from_schema, kinds: Iterable[str] = tuple(FAULTS)
) -> Script:
    """The script with a share of its replies, from 0 to 1, replaced by faults of all kinds in equal parts.

    Which request fails and how depends on the seed, the question and how often it was asked before, not on the order
    in which requests come. The tokens of every reply differ, so that sums over them agree by no chance.
    """
    faults = [FAULTS[kind] for kind in kinds]
    asked: Counter[bytes] = Counter()

    def mixed(request: Request) -> Reply:
        question = hashlib.blake2b("\0".join((request.model, *request.turns)).encode(), digest_size=8).digest()
        asked[question] += 1
        dice = random.Random(f"{seed} {question.hex()} {asked[question]}")
        reply = dice.choice(faults) if dice.random() < share else script(request)
        return with_tokens(reply, dice)

    return mixed


def with_tokens(reply: Reply, dice: random.Random) -> Reply:
    """The reply, billed with tokens at random."""
    if isinstance(reply, HttpError | Expired | Forgotten):
        return reply
    sent = dice.randrange(200, 5000)
    if isinstance(reply, Refusal):
        return replace(reply, input_tokens=sent, output_tokens=dice.randrange(1, 40))
    bill: dict[str, Any] = {
        "input_tokens": sent,
        "output_tokens": dice.randrange(20, 800),
        "cached_tokens": dice.randrange(sent),
    }
    if isinstance(reply, Answer):
        return replace(reply, **bill)
    return replace(reply, lost=replace(reply.lost, **bill))
