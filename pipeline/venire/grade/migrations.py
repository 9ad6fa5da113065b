"""The ledger's schema as numbered steps. A step that was released is never changed: a new one is added below it."""

import sqlite3
from typing import Final

from venire.errors import LedgerError

# "vnre": tells a ledger from any other SQLite file.
APPLICATION_ID: Final = 0x766E7265

_KEY: Final = "transcript_id, ifnull(step, -1), judge, judge_hash, rubric_hash, prompt_hash, repeat"

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE verdicts (
            id INTEGER PRIMARY KEY,
            recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
            transcript_id TEXT NOT NULL,
            step INTEGER,
            judge TEXT NOT NULL,
            repeat INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            answer TEXT NOT NULL,
            rationale TEXT NOT NULL,
            evidence TEXT NOT NULL,
            error TEXT,
            judge_kind TEXT NOT NULL,
            judge_family TEXT,
            judge_agent TEXT,
            voting INTEGER NOT NULL,
            judge_hash TEXT NOT NULL,
            rubric_hash TEXT NOT NULL,
            prompt_hash TEXT NOT NULL,
            requested_model TEXT,
            served_model TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,
            cached_input_tokens INTEGER,
            cost_usd REAL,
            latency_s REAL,
            attempts INTEGER NOT NULL,
            repaired INTEGER NOT NULL
        )
        """,
        # A verdict is settled once. Errors are not settled, so that the next run asks again.
        f"CREATE UNIQUE INDEX verdicts_settled ON verdicts ({_KEY}) WHERE outcome <> 'error'",
        "CREATE INDEX verdicts_failed ON verdicts (transcript_id, judge) WHERE outcome = 'error'",
        """
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            transcript_id TEXT NOT NULL,
            step INTEGER,
            judge TEXT NOT NULL,
            judge_hash TEXT NOT NULL,
            rubric_hash TEXT NOT NULL,
            prompt_hash TEXT NOT NULL,
            repeat INTEGER NOT NULL,
            number INTEGER NOT NULL,
            repair INTEGER NOT NULL,
            started_at TEXT NOT NULL,
            seconds REAL NOT NULL,
            outcome TEXT NOT NULL,
            error_class TEXT,
            error TEXT,
            http_status INTEGER,
            finish_reason TEXT,
            served_model TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,
            cached_input_tokens INTEGER,
            cost_usd REAL,
            response BLOB
        )
        """,
        "CREATE INDEX attempts_by_verdict ON attempts (transcript_id, judge_hash)",
    ),
    (
        "ALTER TABLE verdicts ADD COLUMN windows INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE verdicts ADD COLUMN elided_chars INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE verdicts ADD COLUMN unsupported INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE attempts ADD COLUMN window INTEGER NOT NULL DEFAULT 0",
    ),
    (
        """
        CREATE TABLE batches (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            provider TEXT NOT NULL,
            judge TEXT NOT NULL,
            judge_hash TEXT NOT NULL,
            rubric_hash TEXT NOT NULL,
            prompt_hash TEXT NOT NULL,
            begun_at TEXT NOT NULL,
            requests BLOB NOT NULL
        )
        """,
        # What became of a batch is added, like everything else; the last one counts.
        """
        CREATE TABLE batch_states (
            id INTEGER PRIMARY KEY,
            recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            batch_id TEXT,
            cause TEXT
        )
        """,
        "CREATE INDEX batch_states_by_name ON batch_states (name)",
        "ALTER TABLE attempts ADD COLUMN batch TEXT",
        "CREATE INDEX attempts_by_batch ON attempts (batch) WHERE batch IS NOT NULL",
    ),
)


def migrate(connection: sqlite3.Connection, name: str) -> None:
    """Bring the database to the newest schema, in one transaction.

    Args:
        connection: in autocommit mode.
        name: what messages call the file.

    Raises:
        LedgerError: the file holds something else, or was written by a newer venire.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection, name)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection, name: str) -> int:
    application, version, tables = (
        int(connection.execute(query).fetchone()[0])
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if application == 0 and version == 0 and tables == 0:
        return 0
    if application != APPLICATION_ID:
        raise LedgerError(
            f"{name} is a SQLite database, but no ledger of venire",
            hint="Move it out of the study folder; venire then makes a new ledger.",
        )
    if version > len(MIGRATIONS):
        raise LedgerError(
            f"{name} has schema {version}, and this venire knows schemas up to {len(MIGRATIONS)}",
            hint="Update venire: the ledger was written by a newer version.",
        )
    return version
