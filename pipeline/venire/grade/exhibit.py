"""An exhibit: what each judge is shown of one transcript, whole, with large tool outputs cut, or in windows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from venire.grade.blinding import Blinding
from venire.grade.context_limit import context_limit
from venire.grade.eliding import elide
from venire.grade.measured import MeasuredEntry
from venire.grade.prompt import Part, Prompt, fence_nonce, render_prompt
from venire.grade.record import Entry, Span, entries
from venire.grade.tokens import count_tokens, token_margin
from venire.grade.windows import Window, context_entries, show, split
from venire.panel import LlmJudge, judge_family
from venire.rubric import Rubric
from venire.transcript import Transcript

# With less, a window would hold little more than the system prompt and the task.
_LEAST_ROOM: Final = 2000
_PART_TOKENS: Final = 150


@dataclass(frozen=True)
class Showing:
    """What one judge is shown.

    Attributes:
        prompts: one for each window; none where the transcript is too long.
        elided_chars: how many characters of tool output were left out.
        too_long: why the judge is shown nothing; empty where it is.
    """

    prompts: tuple[Prompt, ...]
    elided_chars: int = 0
    too_long: str = ""


class Exhibit:
    """A transcript on its way to the judges; what several of them are shown is made once.

    Args:
        transcript: what is judged.
        rubric: what is asked about it.
        secret: the study's own random bytes, from which the code of the fences is made.
    """

    def __init__(self, transcript: Transcript, rubric: Rubric, secret: bytes) -> None:
        self.transcript = transcript
        self._rubric = rubric
        self._code = fence_nonce(transcript.id, secret)
        self._views: dict[bool, _View] = {}
        self._showings: dict[tuple[bool, int], Showing] = {}

    def blinding(self, judge: LlmJudge) -> Blinding | None:
        """The neutral words that a judge reads in the place of names; None where it reads the names."""
        return self._view(judge).blinding

    def shown_to(self, judge: LlmJudge) -> Showing:
        """What a judge is shown; see docs/long-transcripts.md for how that is decided."""
        view, limit = self._view(judge), context_limit(judge) - judge.max_tokens
        # No tokenizer makes more tokens than there are bytes; the schema says again what the questionnaire says.
        if _bytes(view.whole) <= limit:
            return Showing((view.whole,))
        margin = token_margin(judge_family(judge))
        around = 2 * count_tokens(view.empty.questionnaire) + count_tokens(view.empty.record + view.empty.system)
        room = math.floor(limit / margin) - around - _PART_TOKENS
        if view.tokens <= room:
            return Showing((view.whole,))
        if judge.long_transcripts == "refuse" or room < _LEAST_ROOM:
            tokens = math.ceil((view.tokens + around) * margin)
            cause = f"up to {tokens:,} tokens, and the judge takes {max(0, limit):,} beside its answer"
            return Showing((), too_long=cause)
        key = (judge.blind, room)
        if key not in self._showings:
            self._showings[key] = view.fitted(room)
        return self._showings[key]

    def _view(self, judge: LlmJudge) -> "_View":
        if judge.blind not in self._views:
            blinding = Blinding(self.transcript) if judge.blind else None
            self._views[judge.blind] = _View(self.transcript, self._rubric, self._code, blinding)
        return self._views[judge.blind]


@dataclass(frozen=True)
class _View:
    """The transcript with its names, or blind."""

    transcript: Transcript
    rubric: Rubric
    code: str
    blinding: Blinding | None

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return entries(self.transcript, self.blinding.blind if self.blinding else str)

    @cached_property
    def whole(self) -> Prompt:
        return self._prompt("\n".join(entry.show() for entry in self.entries))

    @cached_property
    def empty(self) -> Prompt:
        return self._prompt("")

    @cached_property
    def measured(self) -> tuple[MeasuredEntry, ...]:
        return tuple(MeasuredEntry.of(entry) for entry in self.entries)

    @cached_property
    def tokens(self) -> int:
        return count_tokens(self.whole.record) - count_tokens(self.empty.record)

    def fitted(self, room: int) -> Showing:
        """The prompts for a record that does not fit as it is."""
        left_out = elide(self.measured, room)
        windows = split(self.measured, left_out, context_entries(self.transcript), room)
        prompts = tuple(self._part(window, number, windows, left_out) for number, window in enumerate(windows, 1))
        return Showing(prompts, sum(map(len, left_out.values())))

    def _part(self, window: Window, number: int, windows: Sequence[Window], left_out: dict[int, Span]) -> Prompt:
        part = Part(number, len(windows), len(self.entries), window.first, window.last) if len(windows) > 1 else None
        return self._prompt(show(window, self.entries, left_out), part)

    def _prompt(self, record: str, part: Part | None = None) -> Prompt:
        return render_prompt(record, self.rubric, self.code, part)


def _bytes(prompt: Prompt) -> int:
    return len((prompt.system + prompt.record + 2 * prompt.questionnaire).encode())
