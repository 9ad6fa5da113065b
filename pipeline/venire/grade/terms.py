"""The terms on which a panel is asked: who may be asked about what, what providers allow, and what may be spent."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from venire.grade.budget import Budget
from venire.grade.ledger import Ledger
from venire.panel import LlmJudge, ProviderLimit
from venire.transcript import Transcript


def ask_every_judge(judge: LlmJudge, transcript: Transcript) -> bool:
    """The panel's `own_family: allow`."""
    return True


def tell_nobody(in_flight: int) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Terms:
    """What holds for all judges of a panel.

    Attributes:
        asks: whether a judge is to be asked about a transcript.
        limits: what providers allow one key.
        budget: what may be spent; None for no limit.
        earlier: the ledger that says what need not be asked again, where verdicts go into another one.
        in_flight: kept up to date: by judge, the questions that are with its provider or wait for its limits.
        on_interrupt: called at the first Ctrl-C, with how many requests are in flight and are waited for.
    """

    asks: Callable[[LlmJudge, Transcript], bool] = ask_every_judge
    limits: Sequence[ProviderLimit] = ()
    budget: Budget | None = None
    earlier: Ledger | None = None
    in_flight: Counter[str] = field(default_factory=Counter)
    on_interrupt: Callable[[int], None] = tell_nobody
