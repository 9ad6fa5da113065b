"""`venire audit`: the answer in words, the page beside it, and a clear refusal where there is nothing to audit."""

import json
from pathlib import Path

from tests.cli.running import venire
from tests.studies import small_study
from venire.audit import Audit
from venire.running import run


def test_it_answers_in_words_and_writes_the_page(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    run(study)
    done = venire("audit", study.folder)
    assert done.exit_code == 0
    assert done.out.startswith("Can I trust these labels?")
    assert str(study.audit) in done.out.replace("\n", "")
    assert "small study" in study.audit.read_text(encoding="utf-8")


def test_its_json_is_the_whole_audit(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    run(study)
    done = venire("audit", study.folder, "--json")
    assert Audit.model_validate(json.loads(done.out)).settings.replicates == 100


def test_what_was_not_reconciled_is_refused(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    done = venire("audit", study.folder)
    assert done.exit_code == 3
    assert "reconcile is not run" in done.err
    assert "venire run" in done.err


def test_labels_of_an_older_panel_are_refused(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    run(study)
    votes = study.folder / "votes.csv"
    votes.write_text(votes.read_text().replace("true,aware,4", "true,aware,5"))
    done = venire("audit", study.folder)
    assert done.exit_code == 3
    assert "grade is not up to date" in done.err
