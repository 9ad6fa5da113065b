"""What an artifact was made from: hashes of its inputs, so that a stage knows when it is stale."""

from pydantic import BaseModel, ConfigDict

from venire.hashing import hash_value


class Provenance(BaseModel):
    """What one stage's artifact was made from.

    Attributes:
        stage: collect, grade, reconcile, report or publish.
        venire: the version that made it.
        inputs: SHA-256 of each input, by a name a reader understands ("rubric", "panel", "source runs/a.jsonl").
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    venire: str
    inputs: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """One SHA-256 over all of it: an artifact with another fingerprint is stale."""
        return hash_value(self.model_dump(mode="json"))
