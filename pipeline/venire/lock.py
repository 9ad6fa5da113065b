"""One writer per folder: an advisory lock that dies with its process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from venire.errors import StudyBusyError
from venire.files import disk_errors_named


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold `folder` for writing until the block ends; the lock of a killed process is free at once.

    Raises:
        StudyBusyError: another process holds it; the message gives its process id.
        DiskError: the lock file cannot be written.
    """
    path = folder / ".lock"
    with disk_errors_named(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(handle, folder)
        yield
    finally:
        os.close(handle)


def _take(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
        raise StudyBusyError(
            f"{folder} is being written by another venire (process {holder})",
            hint="Wait until it has ended, or stop it; what it has done is kept.",
        ) from None
    with disk_errors_named(folder / ".lock"):
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
