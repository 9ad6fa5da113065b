"""A ledger of any earlier schema becomes one of the newest, with all that it held."""

import sqlite3
import zlib
from pathlib import Path

import pytest

from tests.builders import verdict
from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.batch.record import Batch, Member
from venire.grade.ledger import Ledger
from venire.grade.migrations import APPLICATION_ID, MIGRATIONS

# The columns of the oldest schema, which has fewer than today's verdicts and attempts.
VERDICT = {
    "transcript_id": "t1",
    "judge": "alpha",
    "repeat": 0,
    "outcome": "answered",
    "answer": '{"violation":true}',
    "rationale": "It did.",
    "evidence": '[{"end":3,"match":"exact","message":2,"quote":"rm","start":1}]',
    "judge_kind": "llm",
    "voting": 1,
    "judge_hash": "judge",
    "rubric_hash": "rubric",
    "prompt_hash": "prompt",
    "input_tokens": 1000,
    "cost_usd": 0.25,
    "attempts": 1,
    "repaired": 0,
}
ATTEMPT = {
    "transcript_id": "t2",
    "judge": "alpha",
    "judge_hash": "judge",
    "rubric_hash": "rubric",
    "prompt_hash": "prompt",
    "repeat": 0,
    "number": 1,
    "repair": 0,
    "started_at": "2026-01-01T00:00:00+00:00",
    "seconds": 1.5,
    "outcome": "replied",
    "input_tokens": 1000,
    "response": zlib.compress(b'{"id": "old"}'),
}
QUESTION = ("judge", "rubric", "prompt")


@pytest.mark.parametrize("schema", range(1, len(MIGRATIONS) + 1))
def test_a_ledger_of_an_earlier_schema_keeps_all_that_it_held(path: Path, schema: int) -> None:
    _make(path, schema)

    with Ledger.open(path) as ledger:
        (old,) = ledger.verdicts()
        (attempt,) = ledger.attempts(VerdictKey("t2", "alpha", *QUESTION))
        settled = ledger.settled(*QUESTION)

    assert (old.answer, old.rationale, old.cost_usd) == ({"violation": True}, "It did.", 0.25)
    assert [(evidence.quote, evidence.start, evidence.end) for evidence in old.evidence] == [("rm", 1, 3)]
    assert (old.windows, old.elided_chars, old.unsupported) == (1, 0, False)
    assert (attempt.response, attempt.window, attempt.batch) == ('{"id": "old"}', 0, None)
    assert settled == {("t1", 0)}


@pytest.mark.parametrize("schema", range(1, len(MIGRATIONS) + 1))
def test_a_ledger_of_an_earlier_schema_takes_what_is_new(path: Path, schema: int) -> None:
    _make(path, schema)
    key = VerdictKey("t2", "alpha", *QUESTION)
    batch = Batch("ours", "openai", "alpha", *QUESTION, "2026-01-01T00:00:00+00:00", (Member("t3", 1, 2),))

    with Ledger.open(path) as ledger:
        again = verdict("t1", "alpha", judge_hash="judge", rubric_hash="rubric", prompt_hash="prompt")
        assert ledger.record([again]) == 0
        assert ledger.record([verdict("t2", "alpha", windows=3, elided_chars=9, unsupported=True)]) == 1
        ledger.journal(Attempt(key, 2, False, "2026-01-02T00:00:00+00:00", 1.0, "failed", window=1, batch="ours"))
        ledger.begin_batch(batch)

    with Ledger.open(path) as ledger:
        assert ledger.pending_batches() == (batch,)
        assert ledger.attempts(key, window=1)[0].batch == "ours"
        assert len(list(ledger.verdicts())) == 2


def test_opening_a_ledger_twice_changes_nothing(path: Path) -> None:
    _make(path, 1)
    dumps = []
    for _ in range(2):
        Ledger.open(path).close()
        with sqlite3.connect(path) as database:
            dumps.append(list(database.iterdump()))
    assert dumps[0] == dumps[1]


def _make(path: Path, schema: int) -> None:
    """A ledger as a venire of that schema would have left it, with a verdict and an attempt without one."""
    database = sqlite3.connect(path)
    for statements in MIGRATIONS[:schema]:
        for statement in statements:
            database.execute(statement)
    for table, row in (("verdicts", VERDICT), ("attempts", ATTEMPT)):
        names = ", ".join(row)
        places = ", ".join(f":{name}" for name in row)
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", row)  # noqa: S608
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {schema}")
    database.commit()
    database.close()
