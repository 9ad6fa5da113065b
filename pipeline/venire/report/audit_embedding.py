"""The transcripts that travel in the audit's page: each compressed by itself, unpacked when it is opened."""

import base64
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from venire.audit import Audit, Disputed
from venire.report.audit_cases import AuditCases
from venire.report.audit_reader import reader_case
from venire.transcript import Transcript
from venire.verdict import Verdict

# What a page can be opened and mailed with, in characters of base64; disputed transcripts come first.
MOST_EMBEDDED: Final = 20_000_000
# Rows of the list of disputed transcripts: more are not read through, and a browser grows slow.
MOST_LISTED: Final = 2_000
# The judges agree on these: nobody reads through more.
_MOST_OTHERS: Final = 5_000


@dataclass(frozen=True)
class OtherCase:
    """A transcript that the judges do not disagree on."""

    transcript_id: str
    key: str
    agent: str | None
    condition: str | None
    scenario: str | None


@dataclass(frozen=True)
class Embedded:
    """What the page lists and holds.

    Attributes:
        disputed: those listed, worst first.
        others: those listed on which nobody disagrees, in the order in which they were read.
        packed: base64 of gzip of JSON, by transcript id; one that is listed and not in here did not fit.
        unlisted: how many transcripts are not listed.
        left_out: how many of those listed are not embedded.
    """

    disputed: tuple[Disputed, ...]
    others: tuple[OtherCase, ...]
    packed: dict[str, str]
    unlisted: int
    left_out: int


def embed(audit: Audit, cases: AuditCases, most: int = MOST_EMBEDDED) -> Embedded:
    """Pack the disputed transcripts, worst first, and then the others, as far as there is room.

    Args:
        audit: whose `disputed` says which come first.
        cases: the transcripts and verdicts.
        most: characters of base64 in all.
    """
    disputed = audit.disputed[:MOST_LISTED]
    known = {row.transcript_id for row in audit.disputed}
    wanted = {row.transcript_id for row in disputed}
    verdicts = _by_transcript(cases.verdicts)
    packed: dict[str, str] = {}
    others: list[OtherCase] = []
    room, seen = most, 0
    for transcript in cases.transcripts():
        if not transcript.messages:
            continue
        seen += 1
        if transcript.id not in known and len(others) < _MOST_OTHERS:
            others.append(_other(transcript))
        elif transcript.id not in wanted:
            continue
        if transcript.id in wanted or room > 0:
            packed[transcript.id] = pack(transcript, verdicts.get(transcript.id, ()), cases)
            room -= 0 if transcript.id in wanted else len(packed[transcript.id])
    listed = [*(row.transcript_id for row in disputed), *(row.transcript_id for row in others)]
    fitting = _fitting(listed, packed, most)
    return Embedded(
        disputed=disputed,
        others=tuple(others),
        packed=fitting,
        unlisted=max(0, seen - len(listed)),
        left_out=len(listed) - len(fitting),
    )


def pack(transcript: Transcript, verdicts: Sequence[Verdict], cases: AuditCases) -> str:
    """One transcript with its verdicts: JSON, compressed, in base64. The same input gives the same text."""
    content = reader_case(transcript, verdicts, cases.parts).to_json()
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")


def _by_transcript(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.transcript_id, []).append(verdict)
    return found


def _other(transcript: Transcript) -> OtherCase:
    return OtherCase(transcript.id, transcript.key, transcript.agent, transcript.condition, transcript.scenario)


def _fitting(order: Sequence[str], packed: dict[str, str], most: int) -> dict[str, str]:
    """The first of them that fit in the room together."""
    fitting: dict[str, str] = {}
    for identifier in order:
        content = packed.get(identifier)
        if content is not None and len(content) <= most:
            fitting[identifier] = content
            most -= len(content)
    return fitting
