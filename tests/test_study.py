"""A study folder: its settings, with every mistake named where it stands, and the files it reads back."""

import stat
from pathlib import Path

import pytest

from tests.studies import edit, small_study, write_study
from venire.errors import PanelError, RubricError, StudyError, VenireError
from venire.provenance import Provenance
from venire.running import run
from venire.study import Study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


def refused(folder: Path, kind: type[VenireError] = StudyError) -> VenireError:
    """The error that reading and checking the study ends with."""
    with pytest.raises(kind) as caught:
        Study(folder).check()
    return caught.value


class TestSettings:
    def test_a_folder_without_study_yaml_says_how_to_make_one(self, tmp_path: Path) -> None:
        error = refused(tmp_path)
        assert str(error) == f"{tmp_path} has no study.yaml"
        assert error.hint == f"Make a study with: venire init {tmp_path}"

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("panel:", "pannel:", "line 5: unknown key 'pannel'; did you mean 'panel'?"),
            ("policy:", "polcy:", "line 6: unknown key 'settle.polcy'; did you mean 'policy'?"),
            ("replicates:", "replicate:", "line 7: unknown key 'intervals.replicate'; did you mean 'replicates'?"),
            ("title:", "titel:", "line 11: unknown key 'release.titel'; did you mean 'title'?"),
            ("- path:", "- paht:", "line 3: unknown key 'sources[1].paht'; did you mean 'path'?"),
            ("name: small study\n", "", "line 1: 'name' is required"),
            ("policy: majority", "policy: mojority", "line 6: settle.policy: "),
            ("policy: majority", "quorum: 0", "line 6: settle: a quorum is at least 1, or 'all'"),
            ("policy: majority", "violation_from: severe", "line 6: settle.violation_from: not a condition: 'severe'"),
            ("policy: majority", "violation_from: violation == true", "violation_from speaks of another field"),
            ("replicates: 100", "replicates: 10", "line 7: intervals.replicates: "),
            ("sources:\n  - path: runs.jsonl", "sources: []", "line 2: sources: the list is empty"),
            ("name: small study", "name: [", "not valid YAML"),
        ],
    )
    def test_a_mistake_is_named_with_its_line(self, folder: Path, old: str, new: str, message: str) -> None:
        edit(folder / "study.yaml", old, new)
        error = refused(folder)
        assert str(folder / "study.yaml") in str(error)
        assert message in str(error)

    def test_every_mistake_is_named_at_once(self, folder: Path) -> None:
        edit(folder / "study.yaml", "panel:", "pannel:")
        edit(folder / "study.yaml", "title:", "titel:")
        assert len(str(refused(folder)).splitlines()) == 2

    @pytest.mark.parametrize(("content", "found"), [("", "nothing"), ("- a\n", "a list"), ("text\n", "a text")])
    def test_a_file_that_holds_no_settings(self, folder: Path, content: str, found: str) -> None:
        (folder / "study.yaml").write_text(content)
        assert str(refused(folder)).endswith(f"line 1: expected keys and values, found {found}")

    def test_an_unknown_rubric_lists_those_that_ship(self, folder: Path) -> None:
        edit(folder / "study.yaml", "rubric: rubric.yaml", "rubric: outcome-drivn")
        error = refused(folder)
        assert str(error) == "no rubric called 'outcome-drivn' ships with venire"
        assert "constraint-violation, outcome-driven" in error.hint

    def test_an_unknown_panel_lists_those_that_ship(self, folder: Path) -> None:
        edit(folder / "study.yaml", "panel: panel.yaml", "panel: frontiers")
        error = refused(folder)
        assert str(error) == "no panel called 'frontiers' ships with venire"
        assert "embedded, frontier, local" in error.hint

    @pytest.mark.parametrize("key", ["rubric", "panel"])
    def test_a_file_that_is_not_there(self, folder: Path, key: str) -> None:
        (folder / f"{key}.yaml").unlink()
        error = refused(folder)
        assert str(error) == f"the {key} {folder / key}.yaml does not exist"
        assert error.hint == f"Check `{key}` in study.yaml."

    def test_a_mistake_in_the_panel_or_the_rubric_names_that_file(self, folder: Path) -> None:
        edit(folder / "panel.yaml", "kind: recorded", "kind: recorder")
        assert str(folder / "panel.yaml") in str(refused(folder, PanelError))
        edit(folder / "rubric.yaml", "question:", "qestion:")
        assert str(folder / "rubric.yaml") in str(refused(folder, RubricError))

    def test_violation_from_an_unknown_field_lists_the_fields(self, folder: Path) -> None:
        edit(folder / "study.yaml", "policy: majority", "violation_from: severty >= 3")
        error = refused(folder)
        assert str(error).startswith(f"{folder / 'study.yaml'}: settle.violation_from: ")
        assert "no field 'severty'" in str(error)
        assert error.hint == "Its fields are: violation, awareness, severity."

    @pytest.mark.parametrize(
        ("condition", "message"),
        [("awareness == perhaps", "'awareness' takes aware, unaware"), ("awareness > 2", "has no order")],
    )
    def test_violation_from_a_value_the_field_cannot_take(self, folder: Path, condition: str, message: str) -> None:
        edit(folder / "study.yaml", "policy: majority", f"violation_from: {condition}")
        assert message in str(refused(folder))

    def test_nothing_runs_before_everything_that_is_named_was_looked_at(self, folder: Path) -> None:
        edit(folder / "study.yaml", "panel: panel.yaml", "panel: frontiers")
        with pytest.raises(StudyError):
            run(Study(folder))
        assert not (folder / "transcripts").exists()


class TestSecret:
    def test_it_is_made_once_is_random_and_for_nobody_else_to_read(self, tmp_path: Path) -> None:
        one, other = small_study(tmp_path / "one"), small_study(tmp_path / "other")
        assert one.secret() == one.secret()
        assert one.secret() != other.secret()
        assert len(one.secret()) == 32
        assert stat.S_IMODE((one.folder / ".secret").stat().st_mode) == 0o600

    @pytest.mark.parametrize("content", ["", "abcd", "no hexadecimal digits"])
    def test_one_that_was_damaged_is_refused_and_not_taken_for_a_weaker_one(self, folder: Path, content: str) -> None:
        (folder / ".secret").write_text(content)
        with pytest.raises(StudyError, match=r"\.secret is not what venire wrote"):
            Study(folder).secret()


class TestProvenance:
    made = Provenance(stage="grade", venire="1", inputs={"rubric": "0" * 64})

    def test_what_is_noted_is_read_back_and_a_stage_that_did_not_finish_is_not_there(self, folder: Path) -> None:
        study = Study(folder)
        assert study.read_provenance() == {}
        study.note_provenance("grade", self.made)
        study.note_provenance("report", self.made)
        assert study.read_provenance() == {"grade": self.made, "report": self.made}
        study.note_provenance("grade", None)
        assert study.read_provenance() == {"report": self.made}

    @pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"grade": {}}', '{"grade": 1}', "\udcff"])
    def test_a_damaged_file_is_named_and_can_be_deleted(self, folder: Path, content: str) -> None:
        (folder / "provenance.json").write_bytes(content.encode("utf-8", "surrogateescape"))
        with pytest.raises(StudyError, match=r"provenance\.json is not what venire wrote") as caught:
            Study(folder).read_provenance()
        assert caught.value.hint == "Delete it; all stages then run again."
        (folder / "provenance.json").unlink()
        assert run(Study(folder)).ran[0] == "collect"


class TestRecords:
    @pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"agreement": {"policy": 1}}', b"\xff"])
    def test_damaged_figures_are_named_with_the_command_that_makes_them_again(
        self, folder: Path, content: bytes
    ) -> None:
        (folder / "agreement.json").write_bytes(content)
        with pytest.raises(StudyError, match=r"agreement\.json is not what venire wrote") as caught:
            Study(folder).read_agreement()
        assert caught.value.hint == f"Make it again with: venire reconcile {folder}"

    def test_a_damaged_report_on_collecting_as_well(self, folder: Path) -> None:
        (folder / "transcripts").mkdir()
        (folder / "transcripts" / "collection.json").write_bytes(b"{}")
        with pytest.raises(StudyError, match=r"collection\.json is not what venire wrote") as caught:
            Study(folder).read_collection()
        assert caught.value.hint == f"Make it again with: venire collect {folder}"

    def test_what_was_written_is_read_back(self, folder: Path) -> None:
        study = Study(folder)
        run(study)
        assert study.read_agreement().coverage.transcripts == study.read_collection().transcripts == 8
        assert len(list(study.read_transcripts())) == 8
