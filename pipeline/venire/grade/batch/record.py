"""What the ledger knows of a batch: which questions are in it, and how far it has come."""

import json
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, Self

from venire.grade.attempt import VerdictKey
from venire.hashing import canonical_json, hash_value

BatchFormat = Literal["openai", "anthropic"]
# submitting: it may have reached the provider or not. open: the provider has it. ingested: every answer is in the
# ledger. given_up: there is nothing to wait for, and its questions are open again.
State = Literal["submitting", "open", "ingested", "given_up"]

PENDING: Final[tuple[State, ...]] = ("submitting", "open")


@dataclass(frozen=True)
class Member:
    """One question of a batch: which of the judge's transcripts, repeats and pieces of a long transcript it is."""

    transcript_id: str
    repeat: int
    window: int = 0


@dataclass(frozen=True)
class Batch:
    """Questions to one judge that go to its provider together.

    Attributes:
        name: our own, at random; providers that keep metadata are told it, so that a batch can be found again.
        provider: the format of the batch interface.
        judge, judge_hash, rubric_hash, prompt_hash: what all questions have in common.
        begun_at: when it was about to be submitted, UTC, ISO 8601.
        members: its questions.
        state: how far it has come.
        batch_id: the provider's name for it, once it is known.
    """

    name: str
    provider: BatchFormat
    judge: str
    judge_hash: str
    rubric_hash: str
    prompt_hash: str
    begun_at: str
    members: tuple[Member, ...]
    state: State = "submitting"
    batch_id: str | None = None

    @property
    def hashes(self) -> tuple[str, str, str]:
        """Of the judge, the rubric and the prompt."""
        return self.judge_hash, self.rubric_hash, self.prompt_hash

    def key(self, member: Member) -> VerdictKey:
        """The verdict that a question of the batch is for."""
        hashes = (self.judge_hash, self.rubric_hash, self.prompt_hash)
        return VerdictKey(member.transcript_id, self.judge, *hashes, member.repeat)

    @cached_property
    def by_custom_id(self) -> dict[str, Member]:
        """Its questions by the names under which the provider answers them."""
        return {custom_id(self.key(member), member.window): member for member in self.members}

    def packed(self) -> bytes:
        """The questions as compressed JSON."""
        rows = [[member.transcript_id, member.repeat, member.window] for member in self.members]
        return zlib.compress(canonical_json(rows))

    @classmethod
    def unpacked(cls, row: dict[str, str], packed: bytes) -> Self:
        """The batch from its row in the ledger."""
        members = tuple(Member(*entry) for entry in json.loads(zlib.decompress(packed)))
        return cls(**row, members=members)  # type: ignore[arg-type]


def custom_id(key: VerdictKey, window: int) -> str:
    """The name of a question: the SHA-256 of what it asks, 64 hexadecimal digits, as long as providers allow.

    The same question has the same name in every batch, and the name tells nothing of the transcript.
    """
    return hash_value([key.transcript_id, key.step, key.judge, key.judge_hash, key.rubric_hash, key.prompt_hash,
                       key.repeat, window])  # fmt: skip
