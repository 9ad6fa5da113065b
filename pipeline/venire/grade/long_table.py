"""Long tables of verdicts: a row for each transcript, judge and repeat, as CSV, JSONL or Parquet.

Columns: `transcript` (key or id), `judge`, `repeat` (0 if absent), one for each field of the rubric (empty where the
judge did not answer it), `rationale` (may be absent). See docs/recorded-verdicts.md.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from venire.condition import Value
from venire.errors import VerdictSourceError
from venire.rubric import Rubric, RubricField

_REQUIRED: Final = ("transcript", "judge")
_OPTIONAL: Final = ("repeat", "rationale")
_BOOLS: Final = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


@dataclass(frozen=True)
class LongRow:
    """One row, its values read as the rubric's fields have them; fields left empty are absent."""

    transcript: str
    judge: str
    repeat: int
    answer: dict[str, Value]
    rationale: str
    where: str


def read_long_table(path: Path, rubric: Rubric) -> Iterator[LongRow]:
    """The rows of one table that hold at least one answer.

    Raises:
        VerdictSourceError: the file is not such a table; the message names line and column.
    """
    readers = {".csv": _read_csv, ".jsonl": _read_jsonl, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise VerdictSourceError(
            f"{path}: unknown ending '{path.suffix}'", hint=f"Tables of verdicts end in {', '.join(readers)}."
        )
    try:
        for where, row in reader(path):
            long_row = _row(row, f"{path}, {where}", rubric)
            if long_row.answer:
                yield long_row
    except UnicodeDecodeError as error:
        raise VerdictSourceError(f"{path}, byte {error.start}: not UTF-8 text") from error
    except (OSError, csv.Error) as error:
        raise VerdictSourceError(f"{path}: cannot read the table: {error}") from error


def _read_csv(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        _refuse_repeated_columns(path, rows.fieldnames or ())
        for row in rows:
            if None in row or None in row.values():
                fewer_or_more = "more" if None in row else "fewer"
                raise VerdictSourceError(
                    f"{path}, line {rows.line_num}: {fewer_or_more} cells than the header has columns"
                )
            yield f"line {rows.line_num}", dict(row)


def _refuse_repeated_columns(path: Path, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise VerdictSourceError(f"{path}, line 1: two columns are called '{twice[0]}'")


def _read_jsonl(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise VerdictSourceError(
                    f"{path}, line {number}, column {error.colno}: not JSON: {error.msg}"
                ) from error
            if not isinstance(row, dict):
                raise VerdictSourceError(f"{path}, line {number}: expected an object")
            yield f"line {number}", row


def _read_parquet(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    import pyarrow.lib
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", row
    except pyarrow.lib.ArrowInvalid as error:
        raise VerdictSourceError(f"{path}: not a Parquet file: {error}") from error


def _row(row: dict[str, Any], where: str, rubric: Rubric) -> LongRow:
    fields = {field.name: field for field in rubric.fields}
    for name in _REQUIRED:
        if row.get(name) in (None, ""):
            raise VerdictSourceError(f"{where}: the column '{name}' is empty or missing")
    unknown = sorted(set(row) - {*_REQUIRED, *_OPTIONAL, *fields})
    if unknown:
        known = ", ".join((*_REQUIRED, *_OPTIONAL, *fields))
        raise VerdictSourceError(f"{where}: unknown column '{unknown[0]}'", hint=f"Known columns: {known}.")
    answer = {
        name: _value(field, row[name], where) for name, field in fields.items() if row.get(name) not in (None, "")
    }
    return LongRow(
        transcript=str(row["transcript"]),
        judge=str(row["judge"]),
        repeat=_repeat(row.get("repeat"), f"{where}, column 'repeat'"),
        answer=answer,
        rationale=str(row.get("rationale") or ""),
        where=where,
    )


def _value(field: RubricField, value: Any, where: str) -> Value:
    where = f"{where}, column '{field.name}'"
    if field.type == "bool":
        found = value if isinstance(value, bool) else _BOOLS.get(str(value).strip().lower())
        if found is None:
            raise VerdictSourceError(f"{where}: '{value}' is neither true nor false")
        return found
    if field.type == "integer":
        return _whole_number(value, where)
    return str(value).strip()


def _repeat(value: Any, where: str) -> int:
    repeat = 0 if value in (None, "") else _whole_number(value, where)
    if repeat < 0:
        raise VerdictSourceError(f"{where}: repeats are numbered from 0, and {repeat} is below")
    return repeat


def _whole_number(value: Any, where: str) -> int:
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not number.is_integer():
        raise VerdictSourceError(f"{where}: '{value}' is not a whole number")
    return int(number)
