"""Whether the quotes of a judge are really in the transcript, and where.

A span counts characters of the message's quotable text; see `venire.grade.quotable`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from venire.grade.blinding import Blinding
from venire.grade.folded_text import FoldedText
from venire.grade.quotable import quotable_text
from venire.grade.rewritten_text import RewrittenText
from venire.transcript import Message, Transcript
from venire.verdict import Evidence, Match

__all__ = ["Claim", "locate", "quotable_text", "verify"]

# A shorter quote is similar to something in any long text.
FUZZY_MIN_CHARS: Final = 12
FUZZY_MIN_SCORE: Final = 90.0


@dataclass(frozen=True)
class Claim:
    """A quote as a judge gave it, with the index of the message that it says it is from."""

    message: int
    quote: str


@dataclass(frozen=True)
class _Quote:
    words: str
    folded: str


class _Quotable:
    """One message, with the forms in which quotes are looked for, each made when it is needed."""

    def __init__(self, index: int, message: Message, blinding: Blinding | None) -> None:
        self.index = index
        self._message = message
        self._blinding = blinding

    def find(self, quote: _Quote, match: Match) -> tuple[int, int] | None:
        """The span of the quote in the message as it is, found in the one way that `match` names."""
        span = self._find(quote, match)
        return span if span is None or self._blinded is None else self._blinded.span(*span)

    def _find(self, quote: _Quote, match: Match) -> tuple[int, int] | None:
        if match == "exact":
            start = self._text.find(quote.words)
            return None if start < 0 else (start, start + len(quote.words))
        if match == "normalized":
            start = self._folded.text.find(quote.folded)
            return None if start < 0 else self._folded.span(start, start + len(quote.folded))
        return self._find_fuzzy(quote.folded)

    @cached_property
    def _blinded(self) -> RewrittenText | None:
        return None if self._blinding is None else self._blinding.rewrite(quotable_text(self._message))

    @cached_property
    def _text(self) -> str:
        """The text as the judge was shown it."""
        return quotable_text(self._message) if self._blinded is None else self._blinded.text

    @cached_property
    def _folded(self) -> FoldedText:
        return FoldedText(self._text)

    def _find_fuzzy(self, folded_quote: str) -> tuple[int, int] | None:
        from rapidfuzz.fuzz import partial_ratio_alignment

        text = self._folded.text
        # A text shorter than the quote would be looked for in the quote, and nearly always be found.
        if len(folded_quote) < FUZZY_MIN_CHARS or len(text) < len(folded_quote) * FUZZY_MIN_SCORE / 100:
            return None
        found = partial_ratio_alignment(folded_quote, text, score_cutoff=FUZZY_MIN_SCORE)
        if found is None or found.dest_start == found.dest_end:
            return None
        return self._folded.span(found.dest_start, found.dest_end)


def locate(quote: str, claimed_index: int, transcript: Transcript, blinding: Blinding | None = None) -> Evidence:
    """Find one quote.

    The message that was named is looked at first, exactly and then with white space and escapes folded; then the
    others in the same ways, the nearest first; then all of them for similar words. The index of the evidence is that of
    the message in which the quote was found.

    Args:
        quote: the words.
        claimed_index: of the message that they are said to be from.
        transcript: where they are looked for.
        blinding: what the judge was shown in the place of names; None where it was shown the names.
    """
    return _locate(Claim(claimed_index, quote), _quotables(transcript, blinding))


def verify(claims: Iterable[Claim], transcript: Transcript, blinding: Blinding | None = None) -> tuple[Evidence, ...]:
    """Find each quote; see `locate`."""
    quotables = _quotables(transcript, blinding)
    return tuple(_locate(claim, quotables) for claim in claims)


def _quotables(transcript: Transcript, blinding: Blinding | None) -> tuple[_Quotable, ...]:
    return tuple(_Quotable(index, message, blinding) for index, message in enumerate(transcript.messages))


def _locate(claim: Claim, messages: tuple[_Quotable, ...]) -> Evidence:
    quote = _Quote(claim.quote, FoldedText(claim.quote).text.strip(" "))
    nearest = sorted(messages, key=lambda message: abs(message.index - claim.message))
    named = [message for message in nearest if message.index == claim.message]
    others = [message for message in nearest if message.index != claim.message]
    ways: tuple[tuple[Match, list[_Quotable]], ...] = (
        ("exact", named),
        ("normalized", named),
        ("exact", others),
        ("normalized", others),
        ("fuzzy", nearest),
    )
    for match, candidates in ways if quote.folded else ():
        for message in candidates:
            span = message.find(quote, match)
            if span is not None:
                return Evidence(message=message.index, quote=claim.quote, match=match, start=span[0], end=span[1])
    return Evidence(message=None, quote=claim.quote, match="absent")
