"""A file is wholly there or not at all, and whoever cannot write is told which file."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from venire.errors import DiskError
from venire.files import replacing, replacing_folder, write_bytes, write_text


def test_a_file_is_made_with_its_folders_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_text(path, "älter")
    write_text(path, "neu")
    assert path.read_bytes() == b"neu"
    assert list(path.parent.iterdir()) == [path]


def test_the_old_content_stays_until_the_new_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")
    with replacing(path) as temporary:
        temporary.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_a_failure_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")
    with pytest.raises(UnicodeEncodeError), replacing(path) as temporary, temporary.open("w", encoding="ascii") as file:
        file.write("half of the n" + "\u00e9")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    for name in ("first", "second"):
        with replacing_folder(path) as temporary:
            (temporary / name).write_text(name)
    assert [item.name for item in path.iterdir()] == ["second"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    with replacing_folder(path) as temporary:
        (temporary / "old").touch()
    with pytest.raises(RuntimeError), replacing_folder(path) as temporary:
        raise RuntimeError
    assert [item.name for item in path.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_at_the_very_exchange_leaves_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    with replacing_folder(path) as temporary:
        (temporary / "old").touch()
    with pytest.raises(DiskError), replacing_folder(path) as temporary:
        temporary.rmdir()  # so that there is nothing to put in the old one's place
    assert [item.name for item in path.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "below"
    with pytest.raises(DiskError, match=f"cannot write {path}: ") as caught:
        write_bytes(path, b"")
    assert caught.value.hint


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from venire.errors import DiskError
from venire.files import write_bytes
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
try:
    write_bytes(Path(sys.argv[1]), bytes(4096))
except DiskError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="the system has no limit on the size of files")
def test_a_full_disk_is_reported_with_the_path_and_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "labels.parquet"
    path.write_bytes(b"old")
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == f"cannot write {path}: File too large\n"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
