"""What the transcript reader of the audit's page is given: one transcript and every verdict on it, as plain records."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from venire.condition import Value
from venire.figures import value_text
from venire.report.audit_cases import Part
from venire.report.audit_marks import Mark, marks_of
from venire.transcript import ContentReasoning, ContentText, Message, Transcript
from venire.verdict import Evidence, Verdict

# What a reader looks for first.
_CORE: Final = ("violation", "severity", "awareness")


@dataclass(frozen=True)
class ReaderPart:
    """A part of a message, with the quotes in it."""

    kind: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class ReaderMessage:
    """A message.

    Attributes:
        about: what is known of it beside its words: origin, tool, exit code.
        parts: its words.
        hidden: what it holds that cannot be shown as words.
    """

    role: str
    about: tuple[str, ...]
    parts: tuple[ReaderPart, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class ReaderVerdict:
    """A verdict: fields with values in words, or why there is no answer."""

    judge: str
    about: tuple[str, ...]
    answer: tuple[tuple[str, str], ...]
    rationale: str
    failure: str


@dataclass(frozen=True)
class ReaderQuote:
    """A piece of evidence: the number of its verdict, and of the message it was found in, if it was found."""

    verdict: int
    message: int | None
    match: str
    text: str


@dataclass(frozen=True)
class ReaderCase:
    """A transcript with its verdicts, as the page's script takes it."""

    key: str
    about: tuple[str, ...]
    notes: tuple[str, ...]
    messages: tuple[ReaderMessage, ...]
    verdicts: tuple[ReaderVerdict, ...]
    quotes: tuple[ReaderQuote, ...]

    def to_json(self) -> bytes:
        """As JSON in ASCII, which also holds half a surrogate pair."""
        return json.dumps(asdict(self), separators=(",", ":")).encode("ascii")


def reader_case(
    transcript: Transcript, verdicts: Sequence[Verdict], parts: Callable[[Message], Sequence[Part]]
) -> ReaderCase:
    """One transcript for the reader; see `AuditCases` for `parts`."""
    evidence = [(number, quote) for number, verdict in enumerate(verdicts) for quote in verdict.evidence]
    by_message: dict[int | None, list[tuple[int, Evidence]]] = {}
    for number, (_, quote) in enumerate(evidence):
        by_message.setdefault(quote.message, []).append((number, quote))
    return ReaderCase(
        key=transcript.key,
        about=tuple(filter(None, (transcript.agent, transcript.condition, transcript.scenario, transcript.run))),
        notes=_notes(transcript),
        messages=tuple(
            _message(message, parts(message), by_message.get(index, []))
            for index, message in enumerate(transcript.messages)
        ),
        verdicts=tuple(map(_verdict, verdicts)),
        quotes=tuple(ReaderQuote(number, quote.message, quote.match, quote.quote) for number, quote in evidence),
    )


def _notes(transcript: Transcript) -> tuple[str, ...]:
    status = () if transcript.status == "complete" else (f"The transcript is {transcript.status}.",)
    prompt = () if transcript.system_prompt_known else ("The system prompt is not known.",)
    return (*status, *prompt, *transcript.loss_notes)


def _message(message: Message, parts: Sequence[Part], quotes: Sequence[tuple[int, Evidence]]) -> ReaderMessage:
    marks = marks_of(parts, quotes)
    return ReaderMessage(
        role=message.role,
        about=_about_message(message),
        parts=tuple(ReaderPart(part.kind, part.text, found) for part, found in zip(parts, marks, strict=True)),
        hidden=_hidden(message),
    )


def _about_message(message: Message) -> tuple[str, ...]:
    known = message.metadata
    return tuple(
        filter(
            None,
            (
                f"from {known.origin}" if known.origin else "",
                message.function or "",
                f"exit code {known.exit_code}" if known.exit_code is not None else "",
                "cut by the harness before the agent saw it" if known.truncated else "",
                known.timestamp or "",
            ),
        )
    )


def _hidden(message: Message) -> tuple[str, ...]:
    if isinstance(message.content, str):
        return ()
    redacted = any(isinstance(part, ContentReasoning) and part.redacted for part in message.content)
    others = [part.type for part in message.content if not isinstance(part, ContentText | ContentReasoning)]
    return (*(("reasoning that its provider encrypted",) if redacted else ()), *others)


def _said(value: Value | None) -> str:
    return "not asked" if value is None else value_text(value)


def _core_first(field: str) -> tuple[int, str]:
    return (_CORE.index(field) if field in _CORE else len(_CORE), field)


def _verdict(verdict: Verdict) -> ReaderVerdict:
    about = (
        "" if verdict.voting else "no member of the panel",
        verdict.judge_kind,
        f"repeat {verdict.repeat + 1}" if verdict.repeat else "",
        f"step {verdict.step}" if verdict.step is not None else "",
        f"judged in {verdict.windows} windows" if verdict.windows > 1 else "",
        f"{verdict.elided_chars:,} characters of tool output left out" if verdict.elided_chars else "",
        "no quote of it is in the transcript" if verdict.unsupported else "",
    )
    failed = verdict.outcome != "answered"
    return ReaderVerdict(
        judge=verdict.judge,
        about=tuple(filter(None, about)),
        answer=tuple((name, _said(verdict.answer[name])) for name in sorted(verdict.answer, key=_core_first)),
        rationale=verdict.rationale,
        failure=f"{verdict.outcome}: {verdict.error or 'no cause was recorded'}" if failed else "",
    )
