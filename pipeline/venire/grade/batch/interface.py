"""What the batch interfaces of providers have in common, as venire uses them."""

import json
import os
import tempfile
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Final, Protocol, Self

from venire.grade.batch.record import Batch

# Both providers that have batches ask half of what single requests cost, of cached tokens, too.
BATCH_PRICE_FACTOR: Final = 0.5
# A SHA-256 in quotes.
_NAME_BYTES: Final = 66


@dataclass(frozen=True)
class Progress:
    """How far a batch has come.

    Attributes:
        ended: whether there is nothing more to wait for.
        failure: why the provider took none of its requests; empty where it took them.
        files: where the results are, for a provider that names files.
    """

    ended: bool
    failure: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of one request of a batch.

    Attributes:
        custom_id: its name.
        status: that a single request would have had; None where the request was never made.
        body: the reply to a single request.
        cause: why the request was never made.
    """

    custom_id: str
    status: int | None
    body: Any = None
    cause: str = ""


@dataclass(frozen=True)
class Search:
    """What came of looking for a batch that may or may not have reached the provider.

    Attributes:
        batch_id: the provider's name for it; None where it was not found.
        undecided: whether it may be one of those that have not ended, whose requests the provider does not tell.
    """

    batch_id: str | None
    undecided: bool = False


class BatchInterface(Protocol):
    """One provider's way.

    Attributes:
        max_requests, max_bytes: what it takes in one batch.
    """

    max_requests: int
    max_bytes: int

    def new_file(self) -> "RequestFile":
        """An empty file of requests in its form."""

    async def create(self, batch: Batch, file: "RequestFile") -> str:
        """Submit a batch; its id. Must not be repeated unless it was surely turned away.

        Raises:
            TurnedAwayError: there is no batch.
            UnclearError: there may be one.
        """

    async def find(self, batch: Batch, known: Collection[str]) -> Search:
        """Look for a batch that was to be submitted.

        Args:
            batch: which.
            known: ids of other batches.
        """

    async def look(self, batch_id: str) -> Progress:
        """How far it has come."""

    def results(self, batch_id: str, progress: Progress) -> AsyncIterator[Result]:
        """The results of a batch that has ended, in any order."""


class RequestFile:
    """Requests on their way into a batch, in a temporary file that nobody else can open; close it.

    Args:
        form: how one request is written; `%s` stands for its name as JSON and for its body.
        head, between, tail: what stands around the requests.
    """

    def __init__(self, form: bytes, head: bytes = b"", between: bytes = b"\n", tail: bytes = b"\n") -> None:
        self._form, self._between, self._tail = form, between, tail
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self.size = self._file.write(head) + len(tail)
        self.count = 0

    def size_of(self, body: bytes) -> int:
        """How much larger the file would be with one more request."""
        return len(self._between) + len(self._form) + len(body) + _NAME_BYTES

    def add(self, custom_id: str, body: bytes) -> None:
        """Write one more request."""
        entry = self._form.replace(b"%s", json.dumps(custom_id).encode(), 1)
        before, _, after = entry.partition(b"%s")
        between = self._between if self.count else b""
        self.size += self._file.write(between + before + body + after)
        self.count += 1

    def finish(self) -> None:
        """Write the end."""
        self._file.write(self._tail)
        self._file.flush()

    def reader(self) -> IO[bytes]:
        """The whole file, to be read from its beginning and closed; one at a time."""
        reader = os.fdopen(os.dup(self._file.fileno()), "rb")
        reader.seek(0)
        return reader

    def close(self) -> None:
        """Remove the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
