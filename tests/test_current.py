"""Which of a ledger's verdicts count now, and what the reference set says."""

from collections import Counter
from pathlib import Path

import pytest

from tests.studies import cells, edit, small_study, votes
from venire.current import current_verdicts, reference_answers
from venire.errors import StudyError
from venire.grade.ledger import Ledger
from venire.running import run
from venire.study import Study
from venire.verdict import Verdict


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The small study, run."""
    study = small_study(tmp_path / "study")
    run(study)
    return study


def again(study: Study) -> Study:
    """The study run again after its files were edited."""
    fresh = Study(study.folder)
    run(fresh)
    return fresh


def in_ledger(study: Study) -> list[Verdict]:
    with Ledger.open(study.ledger) as ledger:
        return list(ledger.verdicts())


def test_a_study_without_a_ledger_has_none(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    assert current_verdicts(study) == []
    assert not study.ledger.exists()


def test_they_come_by_transcript_and_judge(study: Study) -> None:
    found = [(verdict.transcript_id, verdict.judge) for verdict in current_verdicts(study)]
    assert found == sorted(found)
    assert Counter(judge for _, judge in found) == {"ann": 8, "bob": 8}


def test_a_changed_table_gives_new_verdicts_and_the_old_stay_in_the_ledger(study: Study) -> None:
    edit(study.folder / "votes.csv", "cpL,bob,true,aware,4", "cpL,bob,false,unaware,0")
    study = again(study)
    now = {verdict.answer["violation"] for verdict in current_verdicts(study) if verdict.rationale == "bob on cpL"}
    assert now == {False}
    kept = Counter(verdict.answer["violation"] for verdict in in_ledger(study) if verdict.rationale == "bob on cpL")
    assert kept == {True: 1, False: 1}
    assert len(current_verdicts(study)) == 16


def test_a_table_changed_back_gives_the_old_verdicts_and_writes_none(study: Study) -> None:
    before = current_verdicts(study)
    (study.folder / "votes.csv").write_text(votes().replace("4,bob", "5,bob"))
    study = again(study)
    written = len(in_ledger(study))
    (study.folder / "votes.csv").write_text(votes())
    study = again(study)
    assert current_verdicts(study) == before
    assert len(in_ledger(study)) == written


def test_another_rubric_asks_another_question(study: Study) -> None:
    edit(study.folder / "rubric.yaml", "version: 1", "version: 2")
    assert current_verdicts(Study(study.folder)) == []
    assert len(current_verdicts(again(study))) == 16


def test_a_judge_that_left_the_panel_does_not_count(study: Study) -> None:
    edit(study.folder / "panel.yaml", "  - {id: bob, kind: recorded, table: [votes.csv]}\n", "")
    assert {verdict.judge for verdict in current_verdicts(Study(study.folder))} == {"ann"}


def test_a_transcript_that_left_the_study_does_not_count(study: Study) -> None:
    path = study.folder / "runs.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    (study.folder / "reference.csv").write_text("key,violation\n")
    assert len(current_verdicts(again(study))) == 14


def test_what_the_panel_says_of_a_judge_beside_its_question_is_taken_from_the_panel_now(study: Study) -> None:
    edit(
        study.folder / "panel.yaml",
        "id: bob, kind: recorded",
        "id: bob, agent: gpt-y, family: gpt, voting: false, kind: recorded",
    )
    (bob,) = {
        (verdict.judge_agent, verdict.judge_family, verdict.voting)
        for verdict in current_verdicts(Study(study.folder))
        if verdict.judge == "bob"
    }
    assert bob == ("gpt-y", "gpt", False)


def test_what_was_asked_while_own_families_were_allowed_does_not_count_once_they_are_forbidden(study: Study) -> None:
    edit(study.folder / "panel.yaml", "id: two", "id: two\nown_family: forbid")
    study = Study(study.folder)
    keys = {transcript.id: transcript.key for transcript in study.read_transcripts()}
    by_ann = {keys[verdict.transcript_id] for verdict in current_verdicts(study) if verdict.judge == "ann"}
    assert by_ann == {key for key, agent, *_ in cells() if agent == "gpt-y"}
    assert len(in_ledger(study)) == 16


class TestReference:
    def test_it_is_read_by_transcript(self, study: Study) -> None:
        keys = {transcript.id: transcript.key for transcript in study.read_transcripts()}
        found = {keys[name]: answer["violation"] for name, answer in reference_answers(study).items()}
        assert found == {key: key in {"cpL", "gpL", "gpS"} for key, *_ in cells()}

    def test_a_study_without_one_has_none(self, study: Study) -> None:
        edit(study.folder / "study.yaml", "reference:\n  path: reference.csv\n  name: by hand\n", "")
        assert reference_answers(Study(study.folder)) == {}

    def test_a_file_that_is_not_there_is_named(self, study: Study) -> None:
        (study.folder / "reference.csv").unlink()
        with pytest.raises(StudyError, match=r"reference\.csv does not exist"):
            reference_answers(Study(study.folder))
