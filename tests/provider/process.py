"""The provider double as a process of its own, which takes no time from the one under test."""

import json
import subprocess
import sys
import urllib.request
from types import TracebackType
from typing import Any, Self

from tests.conftest import REPOSITORY


class ProviderProcess:
    """`python -m tests.provider` with these options, on a free port, in a `with` block.

    Attributes:
        address: the same as `Provider.address`; bases are `<address>/v1` for OpenAI's format, `<address>` for
            Anthropic's and `<address>/v1beta` for Gemini's.
    """

    def __init__(self, *options: str) -> None:
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self.address = ""

    def books(self) -> dict[str, Any]:
        """Its books so far; see `tests.provider.books.Books.as_json`."""
        with urllib.request.urlopen(f"{self.address}/books", timeout=30) as reply:
            books: dict[str, Any] = json.loads(reply.read())
        return books

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.provider", "--port", "0", *self._options]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        assert first.startswith("address: "), f"the provider did not start: {first}"
        self.address = first.split()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.communicate(timeout=30)
