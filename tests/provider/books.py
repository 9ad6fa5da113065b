"""The provider's own books: what it billed for each request, to hold against what a client says it used and spent.

Usage that went out with a complete reply is `delivered`, be the answer truncated, refused, no JSON or against the
schema. Where the model did its work and the client never saw the usage (a dropped connection, a reply cut short or
garbled, one that the client did not wait for), real providers bill, too, as far as they say; such a request is booked
with the tokens of the lost answer and is `undelivered`. No client can know these tokens, so they are kept apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from tests.provider.reply import Answer, Expired, Forgotten, HttpError, Refusal, Reply

# Batches cost half at both providers that have them.
BATCH_FACTOR: Final = 0.5
_MILLION: Final = 1_000_000


@dataclass(frozen=True)
class Rate:
    """US dollars per million tokens; what is written to the cache costs as much as other input if not given."""

    input: float = 2.0
    output: float = 10.0
    cached_input: float = 0.5
    cache_write: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. Input includes what was read from the cache and written to it.

    Attributes:
        number: how many requests were received before.
        what: the kind of reply, for example `Answer`, `HttpError 429`, `Dropped`.
        delivered: whether the usage went out to the client, as far as the provider can see.
        in_batch: whether it was part of a batch.
    """

    number: int
    model: str
    what: str
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    delivered: bool = True
    in_batch: bool = False
    written_tokens: int = 0

    def usd(self, rate: Rate) -> float:
        """What it costs."""
        write = rate.input if rate.cache_write is None else rate.cache_write
        fresh = self.input_tokens - self.cached_tokens - self.written_tokens
        dollars = fresh * rate.input + self.cached_tokens * rate.cached_input + self.written_tokens * write
        dollars += self.output_tokens * rate.output
        return dollars / _MILLION * (BATCH_FACTOR if self.in_batch else 1.0)


@dataclass(frozen=True)
class Totals:
    """Sums over entries; `billed` is how many of the requests have tokens."""

    requests: int
    billed: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    written_tokens: int
    usd: float


class Books:
    """All entries, in the order in which the replies ended.

    Attributes:
        rates: by model's name on the wire.
        rate: of every other model.
    """

    def __init__(self, rates: Mapping[str, Rate] | None = None, rate: Rate | None = None) -> None:
        self.rates = dict(rates or {})
        self.rate = rate or Rate()
        self.entries: list[Entry] = []

    def enter(self, number: int, model: str, reply: Reply, *, delivered: bool, in_batch: bool = False) -> None:
        """Book a reply with its tokens, or with those of the answer that was lost."""
        if isinstance(reply, HttpError | Expired | Forgotten):
            what = f"HttpError {reply.status}" if isinstance(reply, HttpError) else type(reply).__name__
            self.entries.append(Entry(number, model, what, in_batch=in_batch))
            return
        billed = reply if isinstance(reply, Answer | Refusal) else reply.lost
        cached, written = (billed.cached_tokens, billed.written_tokens) if isinstance(billed, Answer) else (0, 0)
        tokens = (billed.input_tokens, billed.output_tokens, cached)
        self.entries.append(Entry(number, model, type(reply).__name__, *tokens, delivered, in_batch, written))

    def delivered(self, model: str | None = None) -> Totals:
        """What clients can know: usage that went out in complete replies, of one model or of all."""
        return self._totals(entry for entry in self._of(model) if entry.delivered)

    def undelivered(self, model: str | None = None) -> Totals:
        """What was billed for replies that did not arrive whole."""
        return self._totals(entry for entry in self._of(model) if not entry.delivered)

    def as_json(self) -> dict[str, Any]:
        """The totals, over all and by model, and how many replies of each kind there were."""
        models = sorted({entry.model for entry in self.entries})
        kinds: dict[str, int] = {}
        for entry in list(self.entries):
            kinds[entry.what] = kinds.get(entry.what, 0) + 1
        return {
            "delivered": asdict(self.delivered()),
            "undelivered": asdict(self.undelivered()),
            "replies": dict(sorted(kinds.items())),
            "models": {
                model: {"delivered": asdict(self.delivered(model)), "undelivered": asdict(self.undelivered(model))}
                for model in models
            },
        }

    def _of(self, model: str | None) -> list[Entry]:
        return [entry for entry in list(self.entries) if model in (None, entry.model)]

    def _totals(self, entries: Iterable[Entry]) -> Totals:
        chosen = list(entries)
        return Totals(
            len(chosen),
            sum(1 for entry in chosen if entry.input_tokens),
            sum(entry.input_tokens for entry in chosen),
            sum(entry.output_tokens for entry in chosen),
            sum(entry.cached_tokens for entry in chosen),
            sum(entry.written_tokens for entry in chosen),
            sum(entry.usd(self.rates.get(entry.model, self.rate)) for entry in chosen),
        )
