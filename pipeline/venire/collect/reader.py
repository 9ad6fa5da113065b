"""What a reader of one transcript format is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from venire.errors import MalformedTranscriptError
from venire.transcript import Transcript

Found = Transcript | MalformedTranscriptError
"""What reading gives: a transcript, or what was wrong with one; the reader goes on after it where it can."""

HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class SourceFile:
    """A file to read.

    Attributes:
        path: where it is.
        name: its path relative to the source, which is what transcripts and messages call it.
        max_bytes: the largest transcript that is read.
    """

    path: Path
    name: str
    max_bytes: int

    def head(self) -> bytes:
        """The first bytes, by which a reader recognises its format."""
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES)

    def malformed(self, position: str, cause: str, hint: str = "") -> MalformedTranscriptError:
        """An error about this file."""
        return MalformedTranscriptError(self.name, position, cause, hint=hint)


class Reader(Protocol):
    """Reads one format; one module each, listed in `venire.collect.registry`."""

    @property
    def name(self) -> str:
        """What `format:` in a study calls it."""

    @property
    def version(self) -> int:
        """Raised whenever the same file would give another transcript."""

    @property
    def usual_names(self) -> tuple[str, ...]:
        """Patterns of file names.

        A file of such a name that no reader recognises is malformed; a file of another name is passed over, and
        counted.
        """

    def recognizes(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes is of this format."""

    def is_placed(self, file: SourceFile) -> bool:
        """Whether the file's place tells which run it holds, where the format needs that.

        A file without a place that repeats one with a place, byte for byte, is a copy and not a run of its own.
        """

    def read(self, file: SourceFile) -> Iterator[Found]:
        """The transcripts of one file, one at a time."""

    def missing(self, files: list[SourceFile]) -> Iterator[Transcript]:
        """Runs that the files of one source show to have existed, but that have no transcript."""
