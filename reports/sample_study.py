"""Writes the worked report of the sample study: `python reports/sample_study.py [OUTPUT]`."""

import sys
import tempfile
from pathlib import Path

from venire.running import run
from venire.study import Study
from venire.templates import make_study

OUTPUT = Path(__file__).with_name("sample-study.html")


def sample_report() -> str:
    """The page that `venire demo` makes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "sample")
        make_study(folder, "sample")
        study = Study(folder)
        run(study)
        return study.report.read_text(encoding="utf-8")


if __name__ == "__main__":
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    output.write_text(sample_report(), encoding="utf-8")
