"""One process writes a folder at a time, and a dead one holds nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from venire.errors import DiskError, StudyBusyError
from venire.lock import sole_writer

HOLDER = """
import sys
from pathlib import Path
from venire.lock import sole_writer
with sole_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the folder until its input ends or it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_with_the_number_of_the_first(
    tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    with pytest.raises(StudyBusyError, match=rf"another venire \(process {holder.pid}\)"), sole_writer(tmp_path):
        pass


def test_a_killed_holder_frees_the_folder_at_once(tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.wait()
    with sole_writer(tmp_path):
        assert (tmp_path / ".lock").read_text() == str(os.getpid())


def test_the_folder_is_free_again_when_the_block_ends_however_it_ends(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), sole_writer(tmp_path):
        raise RuntimeError
    with sole_writer(tmp_path), pytest.raises(StudyBusyError), sole_writer(tmp_path):
        pass
    with sole_writer(tmp_path):
        pass


def test_a_folder_that_is_not_there_cannot_be_held(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="absent"), sole_writer(tmp_path / "absent"):
        pass
