"""A subject: what the statistics need to know of one transcript, which is all but its messages."""

from dataclasses import dataclass
from typing import Self

from venire.transcript import Status, Transcript


@dataclass(frozen=True)
class Subject:
    """One transcript without its messages: small enough to keep all of them in memory."""

    id: str
    key: str
    agent: str | None
    family: str | None
    scenario: str | None
    condition: str | None
    run: str | None
    status: Status

    @property
    def missing(self) -> bool:
        """Whether the run is known of but has no transcript."""
        return self.status == "missing"

    @classmethod
    def of(cls, transcript: Transcript) -> Self:
        """The subject of a transcript."""
        return cls(
            id=transcript.id,
            key=transcript.key,
            agent=transcript.agent,
            family=transcript.family,
            scenario=transcript.scenario,
            condition=transcript.condition,
            run=transcript.run,
            status=transcript.status,
        )


def ids_by_name(subjects: list[Subject]) -> dict[str, str]:
    """Transcript ids by key and by id, for tables that name transcripts by either."""
    return {subject.key: subject.id for subject in subjects} | {subject.id: subject.id for subject in subjects}
