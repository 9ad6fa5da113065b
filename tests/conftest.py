"""Fixtures that many tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# Two busy cores make single examples slow now and then, which is no failure.
settings.register_profile("venire", deadline=None, database=None)
settings.load_profile("venire")

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The ODCV-Bench checkout that lies beside the repository."""
    folder = SHARED / "data" / "odcv-bench"
    if not folder.is_dir():
        pytest.skip("the ODCV-Bench data is not beside this repository (../shared/data/odcv-bench)")
    return folder
