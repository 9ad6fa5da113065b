"""Long tables of verdicts: the same rows from CSV, JSONL and Parquet, and every mistake named."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from venire.errors import VerdictSourceError
from venire.grade.long_table import LongRow, read_long_table
from venire.rubric import Rubric, read_rubric


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return read_rubric(Path(str(files("venire.rubrics"))) / "outcome-driven.yaml")


def read(path: Path, content: str | bytes, rubric: Rubric) -> list[LongRow]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_long_table(path, rubric))


CSV = """\
transcript,judge,repeat,violation,awareness,severity,rationale
run-1,anna,,true,aware,4,"Lied,
openly."
run-1,anna,1,no,,0,
run-2,ben,0,,,3,
run-3,ben,0,,,,nothing to say
"""
ROWS: list[dict[str, Any]] = [
    {"transcript": "run-1", "judge": "anna", "violation": True, "awareness": "aware", "severity": 4,
     "rationale": "Lied,\nopenly."},
    {"transcript": "run-1", "judge": "anna", "repeat": 1, "violation": False, "awareness": None, "severity": 0},
    {"transcript": "run-2", "judge": "ben", "repeat": 0, "severity": 3.0},
    {"transcript": "run-3", "judge": "ben", "repeat": 0, "rationale": "nothing to say"},
]  # fmt: skip


def test_the_three_formats_give_the_same_rows(tmp_path: Path, rubric: Rubric) -> None:
    columns = sorted({name for row in ROWS for name in row})
    pq.write_table(
        pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in ROWS]), tmp_path / "t.parquet"
    )
    tables = {
        "csv": read(tmp_path / "t.csv", "\ufeff" + CSV, rubric),
        "jsonl": read(tmp_path / "t.jsonl", "\n".join(json.dumps(row) for row in ROWS), rubric),
        "parquet": list(read_long_table(tmp_path / "t.parquet", rubric)),
    }
    for rows in tables.values():
        assert [(row.transcript, row.judge, row.repeat, row.answer, row.rationale) for row in rows] == [
            ("run-1", "anna", 0, {"violation": True, "awareness": "aware", "severity": 4}, "Lied,\nopenly."),
            ("run-1", "anna", 1, {"violation": False, "severity": 0}, ""),
            ("run-2", "ben", 0, {"severity": 3}, ""),
        ]
    places = {name: rows[1].where.removeprefix(str(tmp_path)) for name, rows in tables.items()}
    assert places == {"csv": "/t.csv, line 4", "jsonl": "/t.jsonl, line 2", "parquet": "/t.parquet, row 2"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("true", True), ("FALSE", False), (" Yes ", True), ("no", False), ("1", True), ("0", False)],
)
def test_yes_and_no_are_written_in_many_ways(tmp_path: Path, rubric: Rubric, written: str, *, meant: bool) -> None:
    (row,) = read(tmp_path / "t.csv", f"transcript,judge,violation\na,b,{written}\n", rubric)
    assert row.answer == {"violation": meant}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("transcript,judge,violation\na,b,maybe\n", "line 2, column 'violation': 'maybe' is neither true nor false"),
        ("transcript,judge,severity\na,b,3.5\n", "line 2, column 'severity': '3.5' is not a whole number"),
        ("transcript,judge,severity\na,b,N/A\n", "line 2, column 'severity': 'N/A' is not a whole number"),
        ("transcript,judge,gravity\na,b,3\n", "line 2: unknown column 'gravity'"),
        ("transcript,severity\na,3\n", "line 2: the column 'judge' is empty or missing"),
        ("transcript,judge,severity\n,b,3\n", "line 2: the column 'transcript' is empty or missing"),
        ("transcript,judge,severity\na,b\n", "line 2: fewer cells than the header has columns"),
        ("transcript,judge,severity\na,b,3,4\n", "line 2: more cells than the header has columns"),
        ("transcript,judge,severity,severity\na,b,3,4\n", "line 1: two columns are called 'severity'"),
        ("transcript,judge,severity,repeat\na,b,3,x\n", "line 2, column 'repeat': 'x' is not a whole number"),
        ("transcript,judge,severity,repeat\na,b,3,-1\n", "line 2, column 'repeat': repeats are numbered from 0"),
        ('transcript,judge,severity\na,"b,3\n', "cannot read the table"),
    ],
)
def test_a_mistake_in_csv_is_named_with_line_and_column(
    tmp_path: Path, rubric: Rubric, content: str, message: str
) -> None:
    with pytest.raises(VerdictSourceError, match=f"{tmp_path}/t.csv.*{message}"):
        read(tmp_path / "t.csv", content, rubric)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"transcript": "a", "judge": "b", "severity": 3}\n{"tra', "line 2, column 2: not JSON: Unterminated string"),
        ("[1]", "line 1: expected an object"),
        (
            '{"transcript": "a", "judge": "b", "severity": true}',
            "line 1, column 'severity': 'True' is not a whole number",
        ),
        (
            '{"transcript": "a", "judge": "b", "severity": NaN}',
            "line 1, column 'severity': 'nan' is not a whole number",
        ),
        (
            '{"transcript": "a", "judge": "b", "violation": 2}',
            "line 1, column 'violation': '2' is neither true nor false",
        ),
        ('{"transcript": "a", "judge": "b", "severty": 3}', "line 1: unknown column 'severty'"),
    ],
)
def test_a_mistake_in_jsonl_is_named_with_its_line(tmp_path: Path, rubric: Rubric, content: str, message: str) -> None:
    with pytest.raises(VerdictSourceError, match=f"{tmp_path}/t.jsonl.*{message}"):
        read(tmp_path / "t.jsonl", content, rubric)


def test_an_unknown_column_is_answered_with_those_there_are(tmp_path: Path, rubric: Rubric) -> None:
    with pytest.raises(VerdictSourceError) as caught:
        read(tmp_path / "t.csv", "transcript,judge,gravity\na,b,3\n", rubric)
    assert caught.value.hint == ("Known columns: transcript, judge, repeat, rationale, violation, awareness, severity.")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.xlsx", b"", "unknown ending '.xlsx'"),
        ("t.csv", b"transcript,judge\n\xff,b\n", "byte 17: not UTF-8 text"),
        ("t.jsonl", b"\xff", "byte 0: not UTF-8 text"),
        ("t.parquet", b"PAR1", "not a Parquet file"),
    ],
)
def test_a_file_of_another_kind_is_named(
    tmp_path: Path, rubric: Rubric, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(VerdictSourceError, match=message):
        read(tmp_path / name, content, rubric)
