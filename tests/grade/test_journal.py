"""The journal: rows are on the disk when the writer says so, and a failure reaches everyone who waits."""

import asyncio
from dataclasses import replace
from pathlib import Path

from tests.builders import verdict
from tests.grade.test_ledger import ATTEMPT, KEY
from venire.errors import DiskError
from venire.grade.journal import Journal
from venire.grade.ledger import Ledger


def test_what_was_recorded_is_seen_by_another_reader_at_once(path: Path) -> None:
    async def scenario() -> None:
        with Ledger.open(path) as ledger, Journal(ledger) as journal, Ledger.open(path) as reader:
            await journal.record(ATTEMPT)
            assert reader.attempts(KEY) == (ATTEMPT,)
            await journal.record(verdict("t1", "alpha"))
            assert len(list(reader.verdicts())) == 1

    asyncio.run(scenario())


def test_many_rows_at_once_are_all_written(path: Path) -> None:
    rows = [replace(ATTEMPT, key=replace(KEY, repeat=number)) for number in range(300)]

    async def scenario() -> None:
        with Ledger.open(path) as ledger, Journal(ledger) as journal:
            await asyncio.gather(*map(journal.record, rows))

    asyncio.run(scenario())
    with Ledger.open(path) as ledger:
        assert [ledger.attempts(row.key) for row in rows] == [(row,) for row in rows]


def test_a_note_is_written_when_the_journal_is_closed_at_the_latest(path: Path) -> None:
    async def scenario() -> None:
        with Ledger.open(path) as ledger, Journal(ledger) as journal:
            journal.note(ATTEMPT)

    asyncio.run(scenario())
    with Ledger.open(path) as ledger:
        assert ledger.attempts(KEY) == (ATTEMPT,)


def test_a_full_disk_is_told_to_everyone_who_waits(path: Path) -> None:
    async def scenario() -> list[object]:
        with Ledger.open(path) as ledger, Journal(ledger) as journal:
            pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
            ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
            row = replace(ATTEMPT, error="x" * 200_000)
            return list(await asyncio.gather(*(journal.record(row) for _ in range(3)), return_exceptions=True))

    assert [type(told) for told in asyncio.run(scenario())] == [DiskError] * 3


def test_only_what_was_begun_and_not_settled_is_looked_up(path: Path) -> None:
    done = replace(ATTEMPT, key=replace(KEY, transcript_id="t2"))

    async def scenario() -> None:
        with Ledger.open(path) as ledger:
            settled = verdict("t2", "alpha", judge_hash=KEY.judge_hash, prompt_hash=KEY.prompt_hash)
            ledger.write([ATTEMPT, done], [settled])
            with Journal(ledger) as journal:
                assert journal.attempts(KEY) == (ATTEMPT,)
                assert journal.attempts(KEY, window=1) == ()
                assert journal.attempts(done.key) == ()

    asyncio.run(scenario())


def test_what_another_ledger_holds_is_known_and_left_alone(path: Path) -> None:
    async def scenario() -> None:
        with Ledger.open(path) as earlier, Ledger.open(path.with_name("shard.sqlite")) as own:
            earlier.journal(ATTEMPT)
            with Journal(own, earlier) as journal:
                assert journal.attempts(KEY) == (ATTEMPT,)
                await journal.record(replace(ATTEMPT, number=2))
            assert earlier.attempts(KEY) == (ATTEMPT,)
            assert own.attempts(KEY) == (replace(ATTEMPT, number=2),)

    asyncio.run(scenario())
