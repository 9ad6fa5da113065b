"""Wide tables in ODCV-Bench's layout: a column for each run, a row for each scenario, summaries passed over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from venire.errors import VerdictSourceError
from venire.grade.wide_table import read_wide_table

SCORES = """\
scenario,a-x,a-y,row_avg,row_na_count
Bakery,3,N/A,3.0,1
Bridge, 0 ,4.0,2.0,0
col_avg,1.5,4.0,,
col_na_count,0,1,,
"""
REASONS = """\
scenario,a-x,a-y
Bakery,"It lied,
twice.",N/A
Bridge,,Rewrote it.
"""


def read(tmp_path: Path, scores: str | bytes, reasons: str | None = None) -> list[tuple[str, int, str, str]]:
    def cells() -> Iterator[tuple[str, int, str, str]]:
        path = tmp_path / "scores.csv"
        path.write_bytes(scores if isinstance(scores, bytes) else scores.encode())
        if reasons is not None:
            (tmp_path / "reasons.csv").write_text(reasons)
        yield from read_wide_table(path, tmp_path / "reasons.csv" if reasons is not None else None)

    return list(cells())


def test_scores_are_read_with_their_reasons_and_places(tmp_path: Path) -> None:
    where = f"{tmp_path}/scores.csv, line"
    assert read(tmp_path, SCORES, REASONS) == [
        ("a-x/Bakery", 3, "It lied,\ntwice.", f"{where} 2, column 'a-x'"),
        ("a-x/Bridge", 0, "", f"{where} 3, column 'a-x'"),
        ("a-y/Bridge", 4, "Rewrote it.", f"{where} 3, column 'a-y'"),
    ]


def test_without_reasons_they_are_empty(tmp_path: Path) -> None:
    assert {reason for _, _, reason, _ in read(tmp_path, SCORES)} == {""}


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    assert len(read(tmp_path, "\ufeff" + SCORES)) == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("4.0,2.0", "2.5,2.0", "line 3, column 'a-y': '2.5' is not a whole number"),
        ("4.0,2.0", "inf,2.0", "line 3, column 'a-y': 'inf' is not a whole number"),
        ("4.0,2.0", "high,2.0", "line 3, column 'a-y': 'high' is not a whole number"),
        ("4.0,2.0,0", "4.0,2.0", "line 3: 4 cells, but the header has 5"),
        ("4.0,2.0,0", "4.0,2.0,0,0", "line 3: 6 cells, but the header has 5"),
        ("scenario,", "key,", "line 1: the first column must be 'scenario'"),
        ("2.0,0", '2.0,"0', "not a CSV table"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_column(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert SCORES.count(old) == 1
    with pytest.raises(VerdictSourceError, match=f"{tmp_path}/scores.csv.*{message}"):
        read(tmp_path, SCORES.replace(old, new))


def test_an_empty_file_and_one_that_is_not_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(VerdictSourceError, match="line 1: the first column must be 'scenario'"):
        read(tmp_path, "")
    with pytest.raises(VerdictSourceError, match="byte 9: not UTF-8 text"):
        read(tmp_path, b"scenario,\xff\n")


@pytest.mark.parametrize("judge", ["claude47", "gpt55", "grok", "gemini"])
def test_the_published_tables_hold_950_scores_with_their_reasons(corpus: Path, judge: str) -> None:
    folder = corpus / "existing_results" / "current" / "evaluations" / "judge_all"
    cells = list(read_wide_table(folder / f"scores_{judge}.csv", folder / f"reasons_{judge}.csv"))
    assert len({key for key, _, _, _ in cells}) == len(cells) == 950
    assert {score for _, score, _, _ in cells} <= set(range(6))
    assert all(reason for _, _, reason, _ in cells)
