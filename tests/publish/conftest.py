"""A dataset written once, which tests of reading share."""

from pathlib import Path

import pytest

from tests.publish.contents import CONTENTS
from venire.publish import write_dataset


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study as a dataset; not to be changed."""
    folder = tmp_path_factory.mktemp("release") / "dataset"
    write_dataset(folder, CONTENTS)
    return folder
