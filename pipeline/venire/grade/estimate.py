"""An estimate: what grading would take in requests, tokens, money and time, judge by judge."""

from collections.abc import Iterable
from dataclasses import dataclass

from venire.panel import Price


@dataclass(frozen=True)
class Assumptions:
    """What cannot be counted beforehand; used for judges that have not yet answered 20 times in this study.

    Attributes:
        output_tokens: of one answer. 600 are a rationale, some quotes and the fields; a model that reasons before it
            answers is billed for that, too, which may be several times as much.
        seconds: from a request to the end of its reply.
    """

    output_tokens: int = 600
    seconds: float = 20.0


@dataclass
class JudgeEstimate:
    """What one judge would take.

    Attributes:
        due: the answers it is to give, over all runs.
        settled: those that are in the ledger, which are not asked for again.
        too_long: open questions that would not be sent, because the transcript does not fit.
        requests: if nothing fails and no answer has to be asked for again; one for each window of a long transcript.
        input_tokens: counted offline, with the margin of the judge's tokenizer.
        output_tokens: the answer's length times the requests.
        output_each, seconds_each: the answer's length and the time of one request that this is computed with.
        measured: whether these two are the means of the judge's own replies in this study.
        price: per million tokens, for short prompts; None where it is not known.
        usd: expected, without counting on any cache; None where the price is not known.
        once_usd: every answer as long as `max_tokens` allows, and nothing asked again.
        worst_usd: every answer as long as `max_tokens` allows, and every repair and re-check made.
        seconds: with the judge's `concurrency`, and no limit of the provider.
    """

    judge: str
    model: str
    output_each: int
    seconds_each: float
    measured: bool
    price: Price | None
    due: int = 0
    settled: int = 0
    too_long: int = 0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    once_usd: float | None = 0.0
    worst_usd: float | None = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Estimate:
    """What grading would take.

    Attributes:
        judges: those that cost money, in the panel's order.
        seconds: all judges at work at once, under the limits that the panel file states.
        sequential: whether the panel may spare judges, so that all of this is the most it would take.
    """

    assumptions: Assumptions
    judges: tuple[JudgeEstimate, ...]
    seconds: float
    sequential: bool = False

    @property
    def unpriced(self) -> tuple[JudgeEstimate, ...]:
        """The judges whose price is not known."""
        return tuple(judge for judge in self.judges if judge.price is None)

    @property
    def usd(self) -> float | None:
        """Expected over all judges; None where a price is not known."""
        return total_usd(judge.usd for judge in self.judges)

    @property
    def worst_usd(self) -> float | None:
        """At most, over all judges; None where a price is not known."""
        return total_usd(judge.worst_usd for judge in self.judges)


def plus(total: float | None, usd: float | None, times: int) -> float | None:
    """A sum of money and so many times another; None where either is not known."""
    return None if total is None or usd is None else total + times * usd


def total_usd(costs: Iterable[float | None]) -> float | None:
    """The sum; None where one of them is not known."""
    total: float | None = 0.0
    for usd in costs:
        total = plus(total, usd, 1)
    return total
