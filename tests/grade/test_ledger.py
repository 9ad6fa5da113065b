"""The ledger: what is written once stays, what failed is asked again, and only a ledger is taken for one."""

import resource
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import verdict
from venire.errors import DiskError, LedgerError
from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.ledger import Ledger
from venire.grade.migrations import APPLICATION_ID, MIGRATIONS
from venire.verdict import Evidence, Verdict

KEY = VerdictKey("t1", "alpha", "judge-alpha", "rubric", "prompt")
ATTEMPT = Attempt(KEY, 1, repair=False, started_at="2026-01-01T00:00:00+00:00", seconds=1.5, outcome="replied")


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


def test_a_verdict_comes_back_as_it_was(ledger: Ledger) -> None:
    full = verdict(
        "t1",
        "alpha",
        answer={"violation": True, "awareness": None, "severity": 3},
        rationale="Because.",
        evidence=(Evidence(message=2, quote="a\x00b", match="exact", start=0, end=3),),
        judge_family="gpt",
        voting=False,
        repeat=1,
        step=4,
        prompt_hash="prompt",
        input_tokens=5,
        cost_usd=0.25,
        repaired=True,
    )
    assert ledger.record([full]) == 1
    assert list(ledger.verdicts()) == [full]


def test_a_lone_surrogate_is_stored_as_its_visible_escape(ledger: Ledger) -> None:
    ledger.record([verdict("t1", "alpha", rationale="half \ud83d of it", evidence=(_quote("\ud83d"),))])
    (stored,) = ledger.verdicts()
    assert stored.rationale == "half \\ud83d of it"
    assert stored.evidence == (_quote("\ud83d"),)


def test_every_field_of_a_verdict_has_a_column(path: Path, ledger: Ledger) -> None:
    ledger.record([])
    with sqlite3.connect(path) as database:
        columns = {row[1] for row in database.execute("PRAGMA table_info(verdicts)")}
    assert columns == {"id", "recorded_at", *Verdict.model_fields}


@pytest.mark.parametrize("outcome", ["answered", "refused", "invalid", "truncated", "too_long"])
def test_a_settled_verdict_is_written_once(ledger: Ledger, outcome: str) -> None:
    first = verdict("t1", "alpha", outcome=outcome, rationale="first")
    assert ledger.record([first, verdict("t1", "alpha", rationale="second")]) == 1
    assert ledger.record([verdict("t1", "alpha", rationale="third")]) == 0
    assert ledger.record([verdict("t1", "alpha", outcome="error")]) == 0
    assert list(ledger.verdicts()) == [first]


@pytest.mark.parametrize(
    "other",
    [
        {"transcript_id": "t2"},
        {"judge": "beta"},
        {"step": 0},
        {"repeat": 1},
        {"judge_hash": "x"},
        {"rubric_hash": "x"},
        {"prompt_hash": "x"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_each_part_of_the_key_makes_another_verdict(ledger: Ledger, other: dict[str, object]) -> None:
    first = verdict("t1", "alpha", judge_hash="j")
    assert ledger.record([first, first.model_copy(update=other)]) == 2
    assert len(list(ledger.verdicts())) == 2


def test_the_database_itself_refuses_a_second_settled_row(path: Path, ledger: Ledger) -> None:
    ledger.record([verdict("t1", "alpha")])
    columns = ", ".join(Verdict.model_fields)
    copy = f"INSERT INTO verdicts ({columns}) SELECT {columns} FROM verdicts"  # noqa: S608
    with sqlite3.connect(path) as database, pytest.raises(sqlite3.IntegrityError):
        database.execute(copy)


def test_of_errors_the_latest_shows_until_there_is_something_settled(ledger: Ledger) -> None:
    for cause in ("first", "second"):
        ledger.record([verdict("t1", "alpha", outcome="error", error=cause)])
    assert [found.error for found in ledger.verdicts()] == ["second"]
    assert ledger.settled("judge-alpha", "rubric", "") == set()

    ledger.record([verdict("t1", "alpha", repeat=0)])
    assert [found.outcome for found in ledger.verdicts()] == ["answered"]
    assert ledger.settled("judge-alpha", "rubric", "") == {("t1", 0)}


def test_verdicts_of_one_judge(ledger: Ledger) -> None:
    ledger.record([verdict("t1", "alpha"), verdict("t1", "beta"), verdict("t2", "beta")])
    assert [found.transcript_id for found in ledger.verdicts("beta")] == ["t1", "t2"]
    assert list(ledger.verdicts("gamma")) == []


def test_settled_is_of_one_version_of_judge_rubric_and_prompt(ledger: Ledger) -> None:
    ledger.record([verdict("t1", "alpha", repeat=2)])
    assert ledger.settled("judge-alpha", "rubric", "") == {("t1", 2)}
    assert ledger.settled("another", "rubric", "") == set()
    assert ledger.settled("judge-alpha", "another", "") == set()
    assert ledger.settled("judge-alpha", "rubric", "another") == set()


def test_a_transaction_that_breaks_leaves_nothing(ledger: Ledger) -> None:
    def breaking() -> Iterator[Verdict]:
        yield verdict("t1", "alpha")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.record(breaking())
    assert list(ledger.verdicts()) == []
    assert ledger.record([verdict("t1", "alpha")]) == 1


def test_attempts_come_back_in_order_and_only_those_of_the_key(ledger: Ledger) -> None:
    failed = replace(ATTEMPT, outcome="failed", error_class="RateLimitError", error="slow down", http_status=429)
    replied = replace(ATTEMPT, number=2, response='{"choices": "ünïcode"}', input_tokens=5, cost_usd=0.5)
    other = replace(ATTEMPT, key=replace(KEY, repeat=1))
    for attempt in (failed, other, replied):
        ledger.journal(attempt)

    assert ledger.attempts(KEY) == (failed, replied)


def test_a_raw_reply_is_stored_compressed(path: Path, ledger: Ledger) -> None:
    ledger.journal(replace(ATTEMPT, response="x" * 10_000))
    with sqlite3.connect(path) as database:
        (blob,) = database.execute("SELECT response FROM attempts").fetchone()
    assert len(blob) < 100
    assert zlib.decompress(blob) == b"x" * 10_000


def test_what_was_journaled_is_seen_by_another_reader_at_once(path: Path, ledger: Ledger) -> None:
    ledger.journal(ATTEMPT)
    with Ledger.open(path) as reader:
        assert reader.attempts(KEY) == (ATTEMPT,)


def test_the_settings_that_make_a_commit_last(path: Path, ledger: Ledger) -> None:
    ledger.journal(ATTEMPT)
    # 2 is FULL. It belongs to the connection, so it can be seen in this one only.
    assert ledger._connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_ledger_opened_again_keeps_its_content(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.record([verdict("t1", "alpha")])
    with Ledger.open(path) as ledger:
        assert len(list(ledger.verdicts())) == 1


def test_a_ledger_says_what_it_is_and_which_schema_it_has(path: Path) -> None:
    Ledger.open(path).close()
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert database.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    path.touch()
    with Ledger.open(path) as ledger:
        assert ledger.record([verdict("t1", "alpha")]) == 1


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("These are my notes.\n" * 100)
    with pytest.raises(LedgerError, match="no ledger of venire"):
        Ledger.open(path)
    assert path.read_text() == "These are my notes.\n" * 100


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="no ledger of venire") as caught:
        Ledger.open(path)
    assert caught.value.hint
    assert path.read_bytes() == before


def test_a_ledger_of_a_newer_venire_is_refused(path: Path) -> None:
    Ledger.open(path).close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(LedgerError, match=rf"schema {len(MIGRATIONS) + 1}.*up to {len(MIGRATIONS)}") as caught:
        Ledger.open(path)
    assert "Update venire" in caught.value.hint


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="nowhere"):
        Ledger.open(tmp_path / "nowhere" / "verdicts.sqlite")


def test_a_full_disk_is_named_and_what_was_written_stays(path: Path, ledger: Ledger) -> None:
    ledger.record([verdict("t1", "alpha")])
    with _no_file_larger_than(path.stat().st_size + 200_000), pytest.raises(DiskError, match="cannot write") as caught:
        ledger.record(verdict(f"t{number}", "alpha", rationale="x" * 1000) for number in range(2, 2000))
    assert "space" in caught.value.hint

    assert [found.transcript_id for found in ledger.verdicts()] == ["t1"]
    assert ledger.record([verdict("t2", "alpha")]) == 1


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """The operating system's own refusal to write any further, as a full disk gives it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _quote(text: str) -> Evidence:
    return Evidence(message=0, quote=text, match="exact", start=0, end=len(text))
