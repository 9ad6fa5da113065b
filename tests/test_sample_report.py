"""The worked report in reports/ is the one the sample study gives."""

from pathlib import Path

from reports.sample_study import OUTPUT, sample_report


def test_the_worked_report_is_what_the_sample_study_gives_now() -> None:
    assert sample_report() == OUTPUT.read_text(encoding="utf-8"), "run: python reports/sample_study.py"


def test_it_shows_no_path_of_the_machine_that_made_it() -> None:
    assert str(Path(__file__).resolve().parents[1]) not in OUTPUT.read_text(encoding="utf-8")
