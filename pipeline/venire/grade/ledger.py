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
from venire.grade.migrations import migrate
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
    WHERE {" AND ".join(f"{name} IS :{name}" for name in _KEY_COLUMNS)} ORDER BY id
"""  # noqa: S608
_SELECT_SETTLED: Final = """
    SELECT transcript_id, repeat FROM verdicts
    WHERE judge_hash = ? AND rubric_hash = ? AND prompt_hash = ? AND outcome <> 'error'
"""


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

    def attempts(self, key: VerdictKey) -> tuple[Attempt, ...]:
        """Every attempt made for one verdict so far, in order."""
        with _errors_named(self._path):
            rows: Sequence[sqlite3.Row] = self._connection.execute(_SELECT_ATTEMPTS, asdict(key)).fetchall()
        return tuple(_attempt(key, row) for row in rows)

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
