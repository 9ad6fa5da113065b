"""The audit of ODCV-Bench as one page: small enough to be mailed, with every transcript in it."""

from pathlib import Path
from typing import Final

import pytest

from tests.report.records import PROVENANCE
from venire.current import current_verdicts
from venire.grade.quotable import sections
from venire.reconcile.auditing import audit
from venire.reconcile.measuring import Case
from venire.report import AuditCases, render_audit
from venire.running import run_one
from venire.stages import StageName
from venire.study import Study
from venire.templates import make_study
from venire.transcript_table import read_subjects

STAGES: Final[tuple[StageName, ...]] = ("collect", "grade", "reconcile")


@pytest.mark.corpus
def test_950_real_transcripts_with_their_verdicts_fit_into_about_10_mb(corpus: Path, tmp_path: Path) -> None:
    make_study(tmp_path / "study", "odcv-bench", corpus)
    study = Study(tmp_path / "study")
    for stage in STAGES:
        run_one(study, stage)
    verdicts = current_verdicts(study)
    case = Case(read_subjects(study.transcripts), verdicts, study.panel, study.rubric, study.settings.settle)
    page = render_audit(
        audit(case),
        study.read_agreement(),
        AuditCases(study.read_transcripts, verdicts, sections),
        title="ODCV-Bench",
        provenance=PROVENANCE,
    )
    assert page.count('<script type="application/octet-stream"') == 950
    assert len(page.encode()) < 10_000_000
