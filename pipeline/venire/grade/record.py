"""The record in a prompt: each message under a mark of ours, whole or in part, with every gap marked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from venire.grade.escaping import escape
from venire.grade.quotable import Section, sections
from venire.transcript import ContentReasoning, ContentText, Message, Transcript

# What the transcript itself calls something stands in a mark of ours only where it is a plain name.
_PLAIN_NAME: Final = re.compile(r"[!-~]{1,64}")
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_.-]")
LEFT_OUT: Final = "… {count:,} characters left out …"
EARLIER: Final = "… {count:,} characters of this message are in an earlier part …"
LATER: Final = "… {count:,} characters of this message are in a later part …"

Blind = Callable[[str], str]


@dataclass(frozen=True)
class Span:
    """Characters of a message's text from `start` to before `end`."""

    start: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.start)

    def within(self, other: "Span") -> "Span":
        """What both have in common; empty where that is nothing."""
        return Span(max(self.start, other.start), min(self.end, other.end))


NOTHING: Final = Span(0, 0)


@dataclass(frozen=True)
class Entry:
    """One message as it can be shown to a judge.

    Attributes:
        index: of the message, from 0.
        heading: what the mark above it says.
        sections: its words, not yet escaped.
        hidden: marks for parts that are there and cannot be read.
        is_output: whether it is what a tool returned.
    """

    index: int
    heading: str
    sections: tuple[Section, ...]
    hidden: tuple[str, ...]
    is_output: bool

    @cached_property
    def text(self) -> str:
        """Its words in the order in which they are shown; spans count characters of this text."""
        return "\n".join(section.text for section in self.sections)

    @property
    def output(self) -> Span:
        """What the tool returned, without its error; empty for other messages."""
        texts = [span for section, span in self._placed() if self.is_output and section.kind == "text"]
        return texts[0] if texts else NOTHING

    def show(self, shown: Span | None = None, left_out: Span = NOTHING) -> str:
        """The message, or the part of it in `shown`, with marks for what of it is not here.

        Args:
            shown: None for all of it.
            left_out: what no judge is shown.
        """
        shown = shown or Span(0, len(self.text))
        earlier, later = shown.start, len(self.text) - shown.end
        # What was left out at the edge of this part is marked here, and is in no other part.
        earlier -= len(left_out) if left_out.end <= shown.start else 0
        later -= len(left_out) if left_out.start >= shown.end else 0
        lines = [mark(self.heading)]
        lines += [mark(EARLIER.format(count=earlier))] if earlier else []
        for position, (section, place) in enumerate(self._placed()):
            lines += _section(section, position, place, shown, left_out)
        lines += [mark(LATER.format(count=later))] if later else list(self.hidden)
        return "\n".join(lines)

    def _placed(self) -> Iterator[tuple[Section, Span]]:
        at = 0
        for section in self.sections:
            yield section, Span(at, at + len(section.text))
            at += len(section.text) + 1


def entries(transcript: Transcript, blind: Blind) -> tuple[Entry, ...]:
    """Every message of a transcript, with names replaced by `blind`."""
    functions = {call.id: call.function for message in transcript.messages for call in message.calls()}
    return tuple(_entry(index, message, functions, blind) for index, message in enumerate(transcript.messages))


def mark(text: str) -> str:
    """A mark of ours."""
    return f"⟦{text}⟧"


def _section(section: Section, position: int, place: Span, shown: Span, left_out: Span) -> list[str]:
    """The lines of a section that are in this part: its mark, its words, and a mark for what was left out of them."""
    before = Span(place.start, left_out.start if left_out else place.end).within(place).within(shown)
    after = Span(left_out.end, place.end).within(place).within(shown) if left_out else NOTHING
    # A gap that begins or ends just where this part does is marked as well.
    gap = (
        left_out
        and place.start <= left_out.start < place.end
        and not (left_out.end < shown.start or left_out.start > shown.end)
    )
    if not (before or after or gap):
        return []
    lines = (
        [] if section.kind == "text" and position == 0 else [mark("said" if section.kind == "text" else section.kind)]
    )
    words = section.text
    lines += [escape(words[before.start - place.start : before.end - place.start])] if before else []
    lines += [mark(LEFT_OUT.format(count=len(left_out)))] if gap else []
    lines += [escape(words[after.start - place.start : after.end - place.start])] if after else []
    return lines


def _entry(index: int, message: Message, functions: dict[str, str], blind: Blind) -> Entry:
    heading = " · ".join([f"message {index}", *_labels(message, functions, blind)])
    shown = tuple(Section(section.kind, blind(section.text)) for section in sections(message))
    return Entry(index, heading, shown, tuple(_not_shown(message)), message.role == "tool")


def _labels(message: Message, functions: dict[str, str], blind: Blind) -> list[str]:
    """What is known about a message."""
    about = message.metadata
    labels: list[str] = [message.role]
    if message.role == "tool":
        function = message.function or functions.get(message.tool_call_id or "")
        labels += [f"result of {_name(blind(function)) or 'a tool (name not shown)'}"] if function else []
    if about.origin is not None:
        labels.append(f"origin: {about.origin}")
    if about.exit_code is not None:
        labels.append(f"exit code {about.exit_code}")
    if about.truncated:
        labels.append("cut by the harness")
    return labels


def _name(text: str) -> str:
    """A name as it may stand in a mark; empty where it is none."""
    return _NOT_IN_NAMES.sub("_", text) if _PLAIN_NAME.fullmatch(text) else ""


def _not_shown(message: Message) -> list[str]:
    """A mark for every part that is there and cannot be read."""
    if isinstance(message.content, str):
        return []
    marks = []
    for part in message.content:
        if isinstance(part, ContentReasoning):
            marks += [mark("reasoning hidden")] if part.redacted and not part.summary else []
        elif not isinstance(part, ContentText):
            marks.append(mark(f"{_name(part.type) or 'a part of unknown type'}, not shown"))
    return marks
