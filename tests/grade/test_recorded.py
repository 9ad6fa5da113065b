"""Recorded judges: each cell a verdict on a known transcript, checked against the rubric; nothing dropped unseen."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from venire.errors import VerdictSourceError
from venire.grade.recorded import Imported, import_recorded, recorded_hash
from venire.panel import RecordedJudge
from venire.rubric import Rubric, read_rubric

IDS = {"a-x/Bakery": "id-1", "a-x/Bridge": "id-2", "id-1": "id-1", "id-2": "id-2"}
LONG = "transcript,judge,repeat,severity,rationale\na-x/Bakery,Anna,0,4,Lied.\nid-1,Anna,1,3,\na-x/Bridge,Ben,0,0,\n"


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return read_rubric(Path(str(files("venire.rubrics"))) / "outcome-driven.yaml")


def long_judge(**fields: Any) -> RecordedJudge:
    return RecordedJudge.model_validate(
        {"id": "Anna", "kind": "recorded", "table": ["t.csv"], "derive": {"violation": "severity >= 3"}, **fields}
    )


def imported(tmp_path: Path, judge: RecordedJudge, rubric: Rubric, content: str = LONG) -> Imported:
    (tmp_path / "t.csv").write_text(content)
    return import_recorded(judge, rubric, tmp_path, IDS)


def test_wide_tables_give_a_verdict_for_each_score(tmp_path: Path, rubric: Rubric) -> None:
    (tmp_path / "s.csv").write_text("scenario,a-x\nBakery,4\nBridge,N/A\nNowhere,2\n")
    (tmp_path / "r.csv").write_text("scenario,a-x\nBakery,Lied.\nBridge,N/A\nNowhere,-\n")
    judge = RecordedJudge.model_validate(
        {
            "id": "Anna",
            "kind": "recorded",
            "wide": [{"scores": "s.csv", "reasons": "r.csv"}],
            "derive": {"violation": "severity >= 3"},
            "agent": "a",
            "family": "f",
            "voting": False,
        }
    )
    found = import_recorded(judge, rubric, tmp_path, IDS)
    (verdict,) = found.verdicts
    assert (verdict.transcript_id, verdict.outcome, verdict.rationale) == ("id-1", "answered", "Lied.")
    assert verdict.answer == {"violation": True, "awareness": None, "severity": 4}
    assert (verdict.judge_kind, verdict.judge_agent, verdict.judge_family) == ("recorded", "a", "f")
    assert (verdict.voting, verdict.attempts, verdict.rubric_hash) == (False, 0, rubric.hash)
    assert found.unmatched == ["a-x/Nowhere"]


def test_a_long_table_gives_the_rows_of_its_judge_by_key_or_id(tmp_path: Path, rubric: Rubric) -> None:
    found = imported(tmp_path, long_judge(), rubric)
    assert [(item.transcript_id, item.repeat, item.answer["severity"]) for item in found.verdicts] == [
        ("id-1", 0, 4),
        ("id-1", 1, 3),
    ]
    assert found.unmatched == []


def test_a_judge_may_have_another_name_in_the_table(tmp_path: Path, rubric: Rubric) -> None:
    (verdict,) = imported(tmp_path, long_judge(id="second", as_judge="Ben"), rubric).verdicts
    assert (verdict.judge, verdict.transcript_id) == ("second", "id-2")


def test_a_name_that_is_not_in_the_table_is_answered_with_those_that_are(tmp_path: Path, rubric: Rubric) -> None:
    with pytest.raises(VerdictSourceError, match=r"judge 'Anna': no row of t\.csv is by 'Ana'") as caught:
        imported(tmp_path, long_judge(as_judge="Ana"), rubric)
    assert caught.value.hint == "Set `as_judge` to a name in the column 'judge': Anna, Ben."


def test_what_a_row_says_itself_is_not_derived(tmp_path: Path, rubric: Rubric) -> None:
    table = "transcript,judge,severity,violation\nid-1,Anna,4,\nid-2,Anna,,false\n"
    found = imported(tmp_path, long_judge(), rubric, table)
    assert [item.answer["violation"] for item in found.verdicts] == [True, False]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id-1,Anna,0,9,", r"t\.csv, line 2: 'severity' takes 0 to 5, not 9"),
        ("id-1,Anna,0,-1,", r"t\.csv, line 2: 'severity' takes 0 to 5, not -1"),
        (
            "id-1,Anna,0,3,\na-x/Bakery,Anna,0,3,",
            r"t\.csv, line 3: a second verdict of judge 'Anna' on 'a-x/Bakery'; the first is at .*line 2",
        ),
    ],
)
def test_a_row_that_cannot_be_a_verdict_is_named(tmp_path: Path, rubric: Rubric, table: str, message: str) -> None:
    with pytest.raises(VerdictSourceError, match=message) as caught:
        imported(tmp_path, long_judge(), rubric, f"transcript,judge,repeat,severity,rationale\n{table}\n")
    assert caught.value.hint


def test_an_answer_that_breaks_a_rule_of_the_rubric_is_named(tmp_path: Path, rubric: Rubric) -> None:
    with pytest.raises(VerdictSourceError, match=r"t\.csv, line 2: .*asks for"):
        imported(tmp_path, long_judge(), rubric, "transcript,judge,severity,violation\nid-1,Anna,0,true\n")


@pytest.mark.parametrize(
    ("derive", "message"),
    [
        ({"violaton": "severity >= 3"}, "derive 'violaton': rubric 'outcome-driven' has no field 'violaton'"),
        ({"violation": "sevrity >= 3"}, "derive 'violation': rubric 'outcome-driven' has no field 'sevrity'"),
        ({"violation": "severity == 9"}, "derive 'violation': 'severity' takes 0 to 5, not 9"),
    ],
)
def test_a_rule_of_derivation_that_can_derive_nothing_is_refused(
    tmp_path: Path, rubric: Rubric, derive: dict[str, str], message: str
) -> None:
    with pytest.raises(VerdictSourceError, match=f"judge 'Anna', {message}"):
        imported(tmp_path, long_judge(derive=derive), rubric)


def test_a_table_that_does_not_exist_is_named_with_its_judge(tmp_path: Path, rubric: Rubric) -> None:
    with pytest.raises(VerdictSourceError, match=f"judge 'Anna': {tmp_path}/absent.csv does not exist") as caught:
        import_recorded(long_judge(table=["absent.csv"]), rubric, tmp_path, IDS)
    assert "relative to the panel file" in caught.value.hint


def test_the_hash_follows_the_content_of_the_tables(tmp_path: Path) -> None:
    judge = long_judge()
    (tmp_path / "t.csv").write_text(LONG)
    before = recorded_hash(judge, tmp_path)
    assert recorded_hash(judge, tmp_path) == before
    (tmp_path / "t.csv").write_text(LONG.replace(",4,", ",5,"))
    assert recorded_hash(judge, tmp_path) != before
