"""A study names what ships by its name, and what is its own by a path."""

from pathlib import Path
from typing import Literal

import pytest

from venire.errors import StudyError
from venire.shipped import find_file, sample_folder, shipped_names

Kind = Literal["rubrics", "judges"]


@pytest.mark.parametrize("kind", ["rubrics", "judges"])
def test_every_shipped_name_is_found(kind: Kind, tmp_path: Path) -> None:
    assert shipped_names(kind)
    for name in shipped_names(kind):
        assert find_file(name, kind, tmp_path).read_text(encoding="utf-8")


def test_a_path_is_relative_to_the_study_even_where_a_shipped_one_has_the_name(tmp_path: Path) -> None:
    own = tmp_path / "outcome-driven.yaml"
    own.write_text("id: own\n")
    assert find_file("outcome-driven.yaml", "rubrics", tmp_path) == own
    assert find_file("outcome-driven", "rubrics", tmp_path) != own


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no panel called 'frontire' ships") as caught:
        find_file("frontire", "judges", tmp_path)
    assert "embedded, frontier, local" in caught.value.hint


@pytest.mark.parametrize(("kind", "key"), [("rubrics", "rubric"), ("judges", "panel")])
def test_a_path_that_is_not_there_is_named_with_the_key_it_stands_under(tmp_path: Path, kind: Kind, key: str) -> None:
    with pytest.raises(StudyError, match=rf"the {key} {tmp_path}/mine\.yaml does not exist") as caught:
        find_file("mine.yaml", kind, tmp_path)
    assert f"`{key}`" in caught.value.hint


def test_the_sample_has_transcripts_and_reference_labels() -> None:
    assert (sample_folder() / "reference.csv").is_file()
    assert list((sample_folder() / "sample").rglob("messages_record.txt"))
