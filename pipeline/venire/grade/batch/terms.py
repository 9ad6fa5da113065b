"""The terms on which a panel answers in batches."""

from collections.abc import Callable
from dataclasses import dataclass

from venire.grade.terms import ask_every_judge
from venire.panel import LlmJudge
from venire.transcript import Transcript


def say_nothing(text: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class BatchTerms:
    """What holds for all judges.

    Attributes:
        asks: whether a judge is to be asked about a transcript.
        poll_s: seconds until a batch is first looked after; the pauses then grow to five minutes.
        say: called with a line of text when a batch is submitted or has ended, and about questions that stay open.
    """

    asks: Callable[[LlmJudge, Transcript], bool] = ask_every_judge
    poll_s: float = 30.0
    say: Callable[[str], None] = say_nothing
