"""The ledger: every verdict and every attempt of a study, append-only, in one SQLite file.

A commit is on the disk when it returns (WAL, synchronous FULL), so what was paid for survives a kill.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from venire.errors import DiskError, LedgerError
from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.batch.record import PENDING, Batch, Member, State
from venire.grade.migrations import migrate
from venire.grade.spend import Spend
from venire.hashing import canonical_json
from venire.verdict import Verdict

_BUSY_TIMEOUT_S: Final = 30
_JSON_COLUMNS: Final = ("answer", "evidence")

_VERDICT_COLUMNS: Final = tuple(Verdict.model_fields)
_KEY_COLUMNS: Final = tuple(field.name for field in fields(VerdictKey))
_ATTEMPT_COLUMNS: Final = (*_KEY_COLUMNS, *(field.name for field in fields(Attempt) if field.name != "key"))


def _same_key(left: str, right: str) -> str:
    plain = [f"{left}.{name} = {right}.{name}" for name in _KEY_COLUMNS if name != "step"]
    return " AND ".join([*plain, f"ifnull({left}.step, -1) = ifnull({right}.step, -1)"])


# The names of columns are ours; values go in as parameters.
_INSERT_VERDICT: Final = f"""
    WITH new ({", ".join(_VERDICT_COLUMNS)}) AS (VALUES ({", ".join(f":{name}" for name in _VERDICT_COLUMNS)}))
    INSERT INTO verdicts ({", ".join(_VERDICT_COLUMNS)})
    SELECT * FROM new
    WHERE NOT EXISTS (SELECT 1 FROM verdicts AS old WHERE {_same_key("old", "new")} AND old.outcome <> 'error')
"""  # noqa: S608
_INSERT_ATTEMPT: Final = f"""
    INSERT INTO attempts ({", ".join(_ATTEMPT_COLUMNS)}) VALUES ({", ".join(f":{name}" for name in _ATTEMPT_COLUMNS)})
"""  # noqa: S608
_SELECT_VERDICTS: Final = f"""
    SELECT {", ".join(_VERDICT_COLUMNS)} FROM verdicts AS this
    WHERE (:judge IS NULL OR judge = :judge) AND (outcome <> 'error' OR NOT (
        EXISTS (SELECT 1 FROM verdicts AS other WHERE {_same_key("other", "this")} AND other.outcome <> 'error')
        OR EXISTS (SELECT 1 FROM verdicts AS other
                   WHERE {_same_key("other", "this")} AND other.outcome = 'error' AND other.id > this.id)))
    ORDER BY id
"""  # noqa: S608
_SELECT_ATTEMPTS: Final = f"""
    SELECT {", ".join(_ATTEMPT_COLUMNS)} FROM attempts
    WHERE {" AND ".join(f"{name} IS :{name}" for name in _KEY_COLUMNS)} AND window = :window ORDER BY id
"""  # noqa: S608
# An error may stand in a ledger many times; the same one, by the time at which it was recorded, only once.
_ABSORB_VERDICTS: Final = f"""
    INSERT INTO verdicts ({", ".join(_VERDICT_COLUMNS)}, recorded_at)
    SELECT {", ".join(_VERDICT_COLUMNS)}, recorded_at FROM other.verdicts AS new
    WHERE NOT EXISTS (
        SELECT 1 FROM main.verdicts AS old
        WHERE {_same_key("old", "new")} AND (old.outcome <> 'error' OR old.recorded_at = new.recorded_at))
    ORDER BY new.id
"""  # noqa: S608
_ABSORB_ATTEMPTS: Final = f"""
    INSERT INTO attempts ({", ".join(_ATTEMPT_COLUMNS)})
    SELECT {", ".join(_ATTEMPT_COLUMNS)} FROM other.attempts AS new
    WHERE NOT EXISTS (
        SELECT 1 FROM main.attempts AS old
        WHERE {_same_key("old", "new")} AND old.window = new.window AND old.number = new.number
            AND old.started_at = new.started_at)
    ORDER BY new.id
"""  # noqa: S608
_SELECT_BEGUN: Final = f"""
    SELECT DISTINCT {", ".join(_KEY_COLUMNS)} FROM attempts
    WHERE NOT EXISTS (
        SELECT 1 FROM verdicts WHERE {_same_key("verdicts", "attempts")} AND verdicts.outcome <> 'error')
"""  # noqa: S608
# NULL sums to NULL: where no attempt has a value, the sum is 0.
_SELECT_SPENDING: Final = """
    SELECT judge, judge_hash, count(*) AS attempts,
        sum(outcome IN ('failed', 'cancelled')) AS failed,
        sum(outcome = 'replied' AND batch IS NULL) AS replies,
        coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(output_tokens), 0) AS output_tokens,
        coalesce(sum(cached_input_tokens), 0) AS cached_input_tokens, coalesce(sum(cost_usd), 0.0) AS cost_usd,
        sum(input_tokens IS NOT NULL AND cost_usd IS NULL) AS unpriced,
        coalesce(sum(output_tokens) FILTER (WHERE outcome = 'replied' AND batch IS NULL), 0) AS reply_output_tokens,
        coalesce(sum(seconds) FILTER (WHERE outcome = 'replied' AND batch IS NULL), 0.0) AS reply_seconds
    FROM attempts GROUP BY judge, judge_hash ORDER BY judge, min(id)
"""
_SELECT_SETTLED: Final = """
    SELECT transcript_id, repeat FROM verdicts
    WHERE judge_hash = ? AND rubric_hash = ? AND prompt_hash = ? AND outcome <> 'error'
"""
_BATCH_COLUMNS: Final = ("name", "provider", "judge", "judge_hash", "rubric_hash", "prompt_hash", "begun_at")
_INSERT_BATCH: Final = f"""
    INSERT INTO batches ({", ".join(_BATCH_COLUMNS)}, requests)
    VALUES ({", ".join(f":{name}" for name in _BATCH_COLUMNS)}, :requests)
"""  # noqa: S608
_INSERT_BATCH_STATE: Final = "INSERT INTO batch_states (name, state, batch_id, cause) VALUES (?, ?, ?, ?)"
_SELECT_BATCHES: Final = f"""
    SELECT {", ".join(f"batches.{name}" for name in _BATCH_COLUMNS)}, requests, last.state,
        (SELECT batch_id FROM batch_states WHERE name = batches.name AND batch_id IS NOT NULL ORDER BY id DESC LIMIT 1)
            AS batch_id
    FROM batches JOIN batch_states AS last ON last.name = batches.name
    WHERE last.id = (SELECT max(id) FROM batch_states WHERE name = batches.name)
        AND last.state IN ({", ".join(f"'{state}'" for state in PENDING)})
    ORDER BY batches.id
"""  # noqa: S608


class Ledger:
    """A study's `verdicts.sqlite`; open it with `Ledger.open`, close it, or use it in a `with` block.

    One ledger is used by one thread at a time. Nothing in it is ever changed or removed.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger at `path`, or make a new one.

        Raises:
            LedgerError: the file is no ledger of venire, is damaged, or was written by a newer version.
            DiskError: it cannot be written.
        """
        with _errors_named(path):
            connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            try:
                connection.row_factory = sqlite3.Row
                # First of all, so that a file which is something else is left as it is.
                migrate(connection, str(path))
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    @property
    def path(self) -> Path:
        """Its file."""
        return self._path

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def record(self, verdicts: Iterable[Verdict]) -> int:
        """Write verdicts in one transaction, but none whose key has a settled verdict already.

        Returns:
            how many were written.

        Raises:
            DiskError: the disk is full; none of them is written.
        """
        with self._transaction():
            before = self._connection.total_changes
            self._connection.executemany(_INSERT_VERDICT, map(_verdict_row, verdicts))
            return self._connection.total_changes - before

    def journal(self, attempt: Attempt) -> None:
        """Write one attempt; it is on the disk when this returns.

        Raises:
            DiskError: the disk is full.
        """
        with self._transaction():
            self._connection.execute(_INSERT_ATTEMPT, _attempt_row(attempt))

    def write(self, attempts: Iterable[Attempt], verdicts: Iterable[Verdict]) -> None:
        """Write attempts, and verdicts as `record` does, in one transaction.

        Raises:
            DiskError: the disk is full; none of them is written.
        """
        with self._transaction():
            self._connection.executemany(_INSERT_ATTEMPT, map(_attempt_row, attempts))
            self._connection.executemany(_INSERT_VERDICT, map(_verdict_row, verdicts))

    def absorb(self, other: Path) -> None:
        """Take over every verdict and attempt of another ledger, in one transaction; what is here already stays once.

        Raises:
            LedgerError: the other file is no ledger, or another program holds it.
            DiskError: the disk is full; nothing was taken over.
        """
        # Brings it to the newest schema.
        Ledger.open(other).close()
        with _errors_named(other):
            self._connection.execute("ATTACH DATABASE ? AS other", (str(other),))
        try:
            with self._transaction():
                self._connection.execute(_ABSORB_VERDICTS)
                self._connection.execute(_ABSORB_ATTEMPTS)
        finally:
            self._connection.execute("DETACH DATABASE other")

    def keep_others_out(self) -> None:
        """Let no other process read or write this file until it is closed, or this process has ended.

        Raises:
            LedgerError: another process has it open.
        """
        with _errors_named(self._path):
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        # The lock is taken with the next transaction, and then kept.
        with self._transaction():
            self._connection.execute("SELECT count(*) FROM verdicts")

    def settled(self, judge_hash: str, rubric_hash: str, prompt_hash: str) -> set[tuple[str, int]]:
        """The transcripts and repeats that this judge need not be asked about again: all but errors."""
        with _errors_named(self._path):
            rows = self._connection.execute(_SELECT_SETTLED, (judge_hash, rubric_hash, prompt_hash))
            return {(row["transcript_id"], row["repeat"]) for row in rows}

    def verdicts(self, judge: str | None = None) -> Iterator[Verdict]:
        """One verdict per key, in the order of writing: the settled one, else the latest error.

        Args:
            judge: only the verdicts of the judge with this id.

        Raises:
            LedgerError: the file is damaged.
        """
        with _errors_named(self._path):
            for row in self._connection.execute(_SELECT_VERDICTS, {"judge": judge}):
                yield _verdict(row)

    def spending(self) -> tuple[Spend, ...]:
        """What was asked and paid for, by judge and definition of the judge, failed attempts included."""
        with _errors_named(self._path):
            return tuple(Spend(**dict(row)) for row in self._connection.execute(_SELECT_SPENDING))

    def attempts(self, key: VerdictKey, window: int = 0) -> tuple[Attempt, ...]:
        """Every attempt made for one window of a verdict so far, in order."""
        with _errors_named(self._path):
            rows: Sequence[sqlite3.Row] = self._connection.execute(
                _SELECT_ATTEMPTS, {**asdict(key), "window": window}
            ).fetchall()
        return tuple(_attempt(key, row) for row in rows)

    def begun(self) -> set[VerdictKey]:
        """The verdicts for which there are attempts, and nothing settled."""
        with _errors_named(self._path):
            return {VerdictKey(*row) for row in self._connection.execute(_SELECT_BEGUN)}

    def begin_batch(self, batch: Batch) -> None:
        """Write down a batch that is about to be submitted; it is on the disk when this returns.

        Raises:
            DiskError: the disk is full.
        """
        row = {name: getattr(batch, name) for name in _BATCH_COLUMNS}
        with self._transaction():
            self._connection.execute(_INSERT_BATCH, {**row, "requests": batch.packed()})
            self._connection.execute(_INSERT_BATCH_STATE, (batch.name, batch.state, batch.batch_id, None))

    def move_batch(self, name: str, state: State, batch_id: str | None = None, cause: str | None = None) -> None:
        """Write down how far a batch has come.

        Raises:
            DiskError: the disk is full.
        """
        with self._transaction():
            self._connection.execute(_INSERT_BATCH_STATE, (name, state, batch_id, cause))

    def pending_batches(self) -> tuple[Batch, ...]:
        """The batches whose answers are still to come, in the order in which they were begun."""
        with _errors_named(self._path):
            rows: Sequence[sqlite3.Row] = self._connection.execute(_SELECT_BATCHES).fetchall()
        plain = [{name: row[name] for name in (*_BATCH_COLUMNS, "state", "batch_id")} for row in rows]
        return tuple(Batch.unpacked(values, row["requests"]) for values, row in zip(plain, rows, strict=True))

    def batch_ids(self) -> set[str]:
        """What providers call the batches whose ids are known."""
        query = "SELECT DISTINCT batch_id FROM batch_states WHERE batch_id IS NOT NULL"
        with _errors_named(self._path):
            return {row[0] for row in self._connection.execute(query)}

    def in_batches(self, judge_hash: str, rubric_hash: str, prompt_hash: str) -> set[tuple[str, int]]:
        """The transcripts and repeats that this judge is being asked about in a batch, and need not be asked now."""
        asked = (judge_hash, rubric_hash, prompt_hash)
        return {
            (member.transcript_id, member.repeat)
            for batch in self.pending_batches()
            if batch.hashes == asked
            for member in batch.members
        }

    def journaled_in_batch(self, name: str) -> set[Member]:
        """The questions of a batch whose replies, or failures, are in the journal."""
        query = "SELECT transcript_id, repeat, window FROM attempts WHERE batch = ?"
        with _errors_named(self._path):
            return {Member(*row) for row in self._connection.execute(query, (name,))}

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _errors_named(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled it back already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    row = verdict.model_dump(mode="json")
    return {name: _storable(canonical_json(row[name]).decode() if name in _JSON_COLUMNS else row[name]) for name in row}


def _verdict(row: sqlite3.Row) -> Verdict:
    values = dict(row)
    return Verdict.model_validate({**values, **{name: json.loads(values[name]) for name in _JSON_COLUMNS}})


def _attempt_row(attempt: Attempt) -> dict[str, Any]:
    row = asdict(attempt)
    response = attempt.response
    compressed = None if response is None else zlib.compress(response.encode("utf-8", "backslashreplace"))
    return {name: _storable(value) for name, value in {**row, **row.pop("key"), "response": compressed}.items()}


def _attempt(key: VerdictKey, row: sqlite3.Row) -> Attempt:
    values = {name: row[name] for name in _ATTEMPT_COLUMNS if name not in _KEY_COLUMNS}
    compressed = values.pop("response")
    response = None if compressed is None else zlib.decompress(compressed).decode()
    return Attempt(key, **{**values, "repair": bool(values["repair"])}, response=response)


def _storable(value: Any) -> Any:
    """The value; in a text, a lone surrogate, which UTF-8 cannot hold, becomes its visible escape."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


_DISK_CODES: Final = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
)


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, which say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # The lower byte is the primary code; the rest says where it happened.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _DISK_CODES:
            hint = "Free some space or choose another folder, then run the same command again."
            raise DiskError(f"cannot write {path}: {error}", hint=hint) from error
        if code == sqlite3.SQLITE_BUSY:
            hint = "Wait until the other program has ended, then run the same command again."
            raise LedgerError(f"{path} is locked by another program", hint=hint) from error
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            hint = "Restore it from a backup, or move it away; venire then makes a new ledger."
            raise LedgerError(f"{path} is no ledger of venire, or is damaged: {error}", hint=hint) from error
        raise
