"""What the ledger knows of batches."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from venire.grade.attempt import Attempt
from venire.grade.batch.record import Batch, Member, custom_id
from venire.grade.ledger import Ledger

QUESTION = ("judge", "rubric", "prompt")
MEMBERS = (Member("t1", 0), Member("t1", 1), Member("t2", 0, 3))
BATCH = Batch("first", "openai", "alpha", *QUESTION, "2026-01-01T00:00:00+00:00", MEMBERS)


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        opened.begin_batch(BATCH)
        yield opened


def test_a_batch_is_there_as_it_was_begun(ledger: Ledger) -> None:
    assert ledger.pending_batches() == (BATCH,)


def test_the_last_state_counts_and_the_id_is_kept(ledger: Ledger) -> None:
    ledger.move_batch("first", "open", "batch_1")
    assert ledger.pending_batches() == (replace(BATCH, state="open", batch_id="batch_1"),)
    assert ledger.batch_ids() == {"batch_1"}


@pytest.mark.parametrize("state", ["ingested", "given_up"])
def test_what_is_over_is_not_pending(ledger: Ledger, state: str) -> None:
    ledger.begin_batch(replace(BATCH, name="second"))
    ledger.move_batch("first", "ingested" if state == "ingested" else "given_up", cause="because")
    assert [batch.name for batch in ledger.pending_batches()] == ["second"]


def test_questions_in_pending_batches_are_being_asked(ledger: Ledger) -> None:
    assert ledger.in_batches(*QUESTION) == {("t1", 0), ("t1", 1), ("t2", 0)}
    assert ledger.in_batches("another judge", "rubric", "prompt") == set()
    ledger.move_batch("first", "ingested")
    assert ledger.in_batches(*QUESTION) == set()


def test_the_journal_tells_which_questions_of_a_batch_have_their_reply(ledger: Ledger) -> None:
    key = BATCH.key(MEMBERS[2])
    ledger.journal(Attempt(key, 1, False, "2026-01-01T00:00:00+00:00", 1.0, "failed", window=3, batch="first"))
    ledger.journal(Attempt(BATCH.key(MEMBERS[0]), 1, False, "2026-01-01T00:00:00+00:00", 1.0, "failed"))
    assert ledger.journaled_in_batch("first") == {MEMBERS[2]}


def test_names_of_requests_are_as_long_as_providers_allow_and_stay_the_same() -> None:
    names = [custom_id(BATCH.key(member), member.window) for member in MEMBERS]
    assert names == list(BATCH.by_custom_id)
    assert len(set(names)) == len(MEMBERS)
    assert {len(name) for name in names} == {64}
