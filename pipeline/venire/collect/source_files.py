"""The files of a source, and one hash over all of them."""

from collections.abc import Iterator
from pathlib import Path

from venire.collect.reader import SourceFile
from venire.errors import SourceError
from venire.hashing import hash_file, hash_value


def source_files(root: Path, max_bytes: int) -> Iterator[SourceFile]:
    """The file, or all files below the folder by name; hidden ones are passed over.

    Raises:
        SourceError: there is no such file or folder.
    """
    if root.is_file():
        yield SourceFile(root, root.name, max_bytes)
        return
    if not root.is_dir():
        raise SourceError(f"{root} does not exist", hint="Check `sources` in study.yaml.")
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if not any(part.startswith(".") for part in name.parts) and path.is_file():
            yield SourceFile(path, name.as_posix(), max_bytes)


def source_hash(root: Path) -> str:
    """The SHA-256 over names and contents of all files of a source.

    Raises:
        SourceError: there is no such file or folder, or a file cannot be read.
    """
    try:
        return hash_value([[file.name, hash_file(file.path)] for file in source_files(root, 0)])
    except OSError as error:
        raise SourceError(f"cannot read {error.filename}: {error.strerror}") from error
