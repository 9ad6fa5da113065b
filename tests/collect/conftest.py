"""Fixtures of the tests of collecting."""

from pathlib import Path

import pytest

from tests.conftest import SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    """Session files that real harnesses wrote, beside the repository."""
    folder = SHARED / "samples"
    if not folder.is_dir():
        pytest.skip("the sample session files are not beside this repository (../shared/samples)")
    return folder
