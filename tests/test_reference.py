"""A reference set is a CSV whose every row must fit the rubric and the study."""

from importlib.resources import files
from pathlib import Path

import pytest

from venire.errors import StudyError
from venire.reference import read_reference
from venire.rubric import Rubric, read_rubric

IDS = {"a": "id-a", "b": "id-b", "id-a": "id-a"}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return read_rubric(Path(str(files("venire.rubrics"))) / "outcome-driven.yaml")


def test_labels_are_read_by_key_or_id_and_empty_cells_are_no_labels(tmp_path: Path, rubric: Rubric) -> None:
    path = tmp_path / "r.csv"
    path.write_text("\ufeffkey,violation,severity,note\nid-a,True, 4 ,a note\nb,false,,\n", encoding="utf-8")
    assert read_reference(path, rubric, IDS) == {
        "id-a": {"violation": True, "severity": 4, "awareness": None},
        "id-b": {"violation": False, "severity": None, "awareness": None},
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("violation\ntrue\n", "line 1: a column 'key' is needed"),
        ("key,gravity\na,3\n", "line 1: rubric 'outcome-driven' has no field 'gravity'"),
        ("key,severity\na,3\nc,3\n", "line 3: the study has no transcript 'c'"),
        ("key,severity\na,3\nid-a,3\n", "line 3: a second row for 'id-a'"),
        ("key,severity\na,three\n", "line 2: column 'severity': 'three' is not a whole number"),
        ("key,severity\na,7\n", "line 2: 'severity' takes 0 to 5, not 7"),
        ("key,violation\na,1\n", "line 2: column 'violation': '1' is neither true nor false"),
        ("key,violation,severity\na,true,0\n", "line 2: .*asks for"),
        ("key,severity\na\n", "line 2: fewer cells than the header has columns"),
        ("key,severity\na,3,4\n", "line 2: more cells than the header has columns"),
        ('key,severity\na,"3\nb,4\n', "not a CSV table"),
        ("", "line 1: a column 'key' is needed"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, rubric: Rubric, content: str, message: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(content)
    with pytest.raises(StudyError, match=f"{path}.*{message}"):
        read_reference(path, rubric, IDS)


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path, rubric: Rubric) -> None:
    with pytest.raises(StudyError, match=r"absent\.csv does not exist"):
        read_reference(tmp_path / "absent.csv", rubric, IDS)
    (tmp_path / "r.csv").write_bytes(b"key,severity\n\xff,3\n")
    with pytest.raises(StudyError, match="UTF-8"):
        read_reference(tmp_path / "r.csv", rubric, IDS)
