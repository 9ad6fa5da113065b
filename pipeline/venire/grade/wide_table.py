"""Wide tables of verdicts in ODCV-Bench's layout.

A CSV with a column for each `<model>-<condition>` and a row for each scenario. Summary rows (`col_…`) and summary
columns (`row_…`) are no data. A cell `N/A`, or an empty one, is no verdict.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from venire.errors import VerdictSourceError

if TYPE_CHECKING:
    from _csv import Reader

_NO_VERDICT: Final = frozenset({"", "N/A", "NA", "nan"})


def read_wide_table(scores: Path, reasons: Path | None) -> Iterator[tuple[str, int, str, str]]:
    """The verdicts: transcript key (`<column>/<row>`), severity, reason (empty without), and where it stands.

    Raises:
        VerdictSourceError: a file is not such a table, or a score is not a whole number.
    """
    texts = {key: text for key, text, _ in _cells(reasons)} if reasons is not None else {}
    for key, text, where in _cells(scores):
        if text not in _NO_VERDICT:
            reason = texts.get(key, "")
            yield key, _score(text, where), "" if reason in _NO_VERDICT else reason, where


def _score(text: str, where: str) -> int:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not number.is_integer():
        raise VerdictSourceError(
            f"{where}: '{text}' is not a whole number", hint="Write N/A where there is no verdict."
        )
    return int(number)


def _cells(path: Path) -> Iterator[tuple[str, str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(path, csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        raise VerdictSourceError(f"{path}, byte {error.start}: not UTF-8 text") from error
    except csv.Error as error:
        raise VerdictSourceError(f"{path}: not a CSV table: {error}") from error


def _rows(path: Path, rows: "Reader") -> Iterator[tuple[str, str, str]]:
    header = next(rows, [])
    if len(header) < 2 or header[0] != "scenario":
        raise VerdictSourceError(
            f"{path}, line 1: the first column must be 'scenario', followed by one for each '<model>-<condition>'"
        )
    for row in rows:
        if not row or row[0].startswith("col_"):
            continue
        if len(row) != len(header):
            raise VerdictSourceError(
                f"{path}, line {rows.line_num}: {len(row)} cells, but the header has {len(header)}"
            )
        for column, cell in zip(header[1:], row[1:], strict=True):
            if not column.startswith("row_"):
                yield f"{column}/{row[0]}", cell.strip(), f"{path}, line {rows.line_num}, column '{column}'"
