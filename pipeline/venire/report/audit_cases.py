"""What the audit's page needs beside the figures: the transcripts to read, and the verdicts on them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from venire.transcript import Message, Transcript
from venire.verdict import Verdict


class Part(Protocol):
    """One part of a message, such as a call, with its words unchanged."""

    @property
    def kind(self) -> str:
        """What it is: reasoning, text, call or tool error."""

    @property
    def text(self) -> str:
        """Its words."""


@dataclass(frozen=True)
class AuditCases:
    """Transcripts with their verdicts.

    Attributes:
        transcripts: reads them, one at a time; called once.
        verdicts: all that count now, of judges that vote and of others, failures included.
        parts: divides a message into the parts that a judge saw. The spans of evidence count characters of these
            parts' texts with one line break between any two.
    """

    transcripts: Callable[[], Iterable[Transcript]]
    verdicts: Sequence[Verdict]
    parts: Callable[[Message], Sequence[Part]]
