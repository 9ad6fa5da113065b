"""The files of a source, in one order everywhere, and a hash over all of them."""

from pathlib import Path

import pytest

from venire.collect.source_files import source_files, source_hash
from venire.errors import SourceError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b/z.txt", "a.txt", "b/.cache/x", ".git/config", "b/.hidden"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_all_files_below_by_name_and_no_hidden_ones(folder: Path) -> None:
    assert [file.name for file in source_files(folder, 1)] == ["a.txt", "b/z.txt"]
    assert [file.name for file in source_files(folder / "b" / "z.txt", 1)] == ["z.txt"]


def test_the_hash_follows_names_and_contents(folder: Path) -> None:
    hashes = [source_hash(folder)]
    (folder / "b" / ".hidden").write_text("changed")
    assert source_hash(folder) == hashes[0]
    (folder / "a.txt").write_text("changed")
    hashes.append(source_hash(folder))
    (folder / "a.txt").rename(folder / "c.txt")
    hashes.append(source_hash(folder))
    (folder / "c.txt").unlink()
    hashes.append(source_hash(folder))
    assert len(set(hashes)) == 4


def test_a_source_that_is_not_there_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="absent does not exist"):
        source_hash(tmp_path / "absent")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    unreadable = Path("/proc/self/mem")
    if not unreadable.exists():
        pytest.skip("the system has no file that cannot be read by its owner")
    (tmp_path / "a").symlink_to(unreadable)
    with pytest.raises(SourceError, match="cannot read"):
        source_hash(tmp_path)
