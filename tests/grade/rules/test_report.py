"""reports/rules-judges.md says what is measured."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


@pytest.mark.corpus
def test_the_published_report_is_what_the_script_measures(corpus: Path, tmp_path: Path) -> None:
    made = tmp_path / "rules-judges.md"
    script = REPOSITORY / "reports" / "rules_judges.py"
    subprocess.run([sys.executable, str(script), str(corpus), str(made)], check=True)
    published = (REPOSITORY / "reports" / "rules-judges.md").read_text(encoding="utf-8")
    assert made.read_text(encoding="utf-8") == published
