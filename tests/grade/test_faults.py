"""With a third of all replies faulty, every transcript ends in an answer or a named outcome, and the books agree."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.grade.asked_study import four_judges, verdicts_of, write_asked_study
from tests.provider.books import Books, Rate, Totals
from tests.provider.faults import FAULTS, fault_mix
from tests.provider.from_schema import answer_from_schema
from tests.provider.reply import Dripped, Dropped, Garbage, Held, HttpError
from tests.provider.server import Provider
from venire.current import current_verdicts
from venire.panel import LlmJudge, Price
from venire.running import run
from venire.study import Study
from venire.verdict import Verdict

pytestmark = pytest.mark.usefixtures("keys")

SHARE: Final = 0.3
SEED: Final = 5
RATE: Final = Rate(input=2.0, output=10.0, cached_input=0.5)
PRICE: Final = Price(input=RATE.input, output=RATE.output, cached_input=RATE.cached_input)
# Every request is one of these to the provider's books ...
NOT_BILLED: Final = {f"HttpError {fault.status}" for fault in FAULTS.values() if isinstance(fault, HttpError)}
# ... or was worked on, and billed, for a reply that nobody ever saw whole.
LOST: Final = {kind.__name__ for kind in (Held, Dripped, Dropped, Garbage)}


@dataclass(frozen=True)
class Journal:
    """What the ledger's attempts say of one judge."""

    requests: int
    without_usage: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    usd: float


@pytest.mark.parametrize("runs", [50, pytest.param(400, marks=pytest.mark.exhaustive)])
def test_with_30_percent_faulty_replies_every_verdict_is_named_and_usage_equals_the_providers_books(
    provider: Provider, tmp_path: Path, runs: int
) -> None:
    provider.script = fault_mix(SHARE, SEED)
    provider.books = Books(rate=RATE)
    study = write_asked_study(tmp_path / "study", _judges(provider), runs)

    outcome = run(study)

    assert outcome.stopped == {}
    verdicts = verdicts_of(study)
    assert Counter(verdict.judge for verdict in verdicts) == {judge.id: runs for judge in study.panel.judges}
    assert _unexplained(verdicts) == []
    # The faults were there, of every kind, and in this share.
    entries = provider.books.entries
    assert {entry.what for entry in entries} >= {*NOT_BILLED, *LOST, "Answer", "Refusal"}
    assert {verdict.outcome for verdict in verdicts} >= {"answered", "refused", "truncated"}
    _check_books(study, provider.books)

    # What could not be had is asked for again, and then all is answered or has an outcome for good.
    provider.script = fault_mix(0, SEED, answer_from_schema)
    run(Study(study.folder))
    again = current_verdicts(Study(study.folder))
    assert len(again) == len(verdicts)
    assert "error" not in {verdict.outcome for verdict in again}
    _check_books(study, provider.books)


def test_usage_and_spend_equal_the_books_where_the_library_has_the_price(provider: Provider, tmp_path: Path) -> None:
    """US dollars per million tokens as the vendors publish them, and as litellm's map has them."""
    rates = {
        "gpt-5.1": Rate(input=1.25, output=10, cached_input=0.125),
        "claude-opus-4-7": Rate(input=5, output=25, cached_input=0.5),
        "gemini-2.5-pro": Rate(input=1.25, output=10, cached_input=0.125),
    }
    provider.script = fault_mix(SHARE, SEED, kinds=("429", "529", "wrong schema", "refusal", "truncated", "empty body"))
    provider.books = Books(rates)
    judges = [judge for judge in _judges(provider, price=None) if judge.id in rates]
    study = write_asked_study(tmp_path / "study", judges, 20)
    run(study)

    _check_books(study, provider.books)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_that_stays_is_an_outcome_with_a_cause_and_no_vote(
    provider: Provider, tmp_path: Path, kind: str
) -> None:
    provider.script = fault_mix(1, SEED, kinds=[kind])
    judges = _judges(provider, timeout_s=0.5, tries=1, repairs=0, deadline_s=2)
    study = write_asked_study(tmp_path / "study", judges, 1)
    run(study)

    verdicts = verdicts_of(study)
    assert len(verdicts) == len(judges)
    assert _unexplained(verdicts) == []
    assert {verdict.outcome for verdict in verdicts} == {ENDS.get(kind, "error")}
    assert not any(verdict.is_vote for verdict in verdicts)
    _check_books(study, provider.books)


ENDS: Final = {
    "wrong schema": "invalid",
    "invalid JSON": "invalid",
    "empty answer": "invalid",
    "refusal": "refused",
    "truncated": "truncated",
}


def _judges(provider: Provider, **fields: object) -> list[LlmJudge]:
    return four_judges(provider, **{"price": PRICE, "tries": 3, "timeout_s": 4, "concurrency": 12, **fields})


def _unexplained(verdicts: list[Verdict]) -> list[Verdict]:
    """Verdicts that are no vote and do not say why, or that are one and say an error."""
    return [
        verdict
        for verdict in verdicts
        if verdict.is_vote == bool(verdict.error) or verdict.is_vote != bool(verdict.answer)
    ]


def _check_books(study: Study, books: Books) -> None:
    """The journal and the verdicts against the provider's books, judge by judge: to the token, and to 1e-9 dollars."""
    verdicts = verdicts_of(study)
    for judge in study.panel.judges:
        arrived, lost, journal = books.delivered(judge.id), books.undelivered(judge.id), _journal(study, judge.id)
        assert _tokens(journal) == (arrived.input_tokens, arrived.output_tokens, arrived.cached_tokens)
        assert journal.usd == pytest.approx(arrived.usd, abs=1e-9)
        # Every request that the provider received is an attempt; those it billed and that never arrived are named as
        # such in its books, and are attempts without usage in ours.
        assert journal.requests == arrived.requests + lost.requests
        assert journal.without_usage == arrived.requests - arrived.billed + lost.requests
        assert {entry.what for entry in books.entries if not entry.delivered} <= LOST
        assert {entry.what for entry in books.entries if entry.delivered and not entry.input_tokens} <= NOT_BILLED
        _check_verdicts([verdict for verdict in verdicts if verdict.judge == judge.id], arrived)


def _check_verdicts(verdicts: list[Verdict], arrived: Totals) -> None:
    """Each verdict carries the usage of all its attempts, so that they add up to the same."""
    assert sum(verdict.input_tokens or 0 for verdict in verdicts) == arrived.input_tokens
    assert sum(verdict.output_tokens or 0 for verdict in verdicts) == arrived.output_tokens
    assert sum(verdict.cost_usd or 0 for verdict in verdicts) == pytest.approx(arrived.usd, abs=1e-9)


def _tokens(journal: Journal) -> tuple[int, int, int]:
    return journal.input_tokens, journal.output_tokens, journal.cached_tokens


def _journal(study: Study, judge: str) -> Journal:
    sums = (
        "count(*), count(*) - count(input_tokens), total(input_tokens), total(output_tokens), "
        "total(cached_input_tokens), total(cost_usd)"
    )
    with closing(sqlite3.connect(study.ledger)) as database:
        query = f"SELECT {sums} FROM attempts WHERE judge = ?"  # noqa: S608 - ours
        return Journal(*database.execute(query, (judge,)).fetchone())
