"""Anthropic's message batches: requests go up in one body, and results come down as JSONL.

Anthropic keeps no name of ours with a batch, and tells which requests are in it only when it has ended.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from venire.grade.batch.http import BatchHttp, as_expected
from venire.grade.batch.interface import Progress, RequestFile, Result, Search
from venire.grade.batch.record import Batch

_ENTRY: Final = b'{"custom_id":%s,"params":%s}'
_PATH: Final = "/messages/batches"
_PAGE: Final = "100"
# The clocks of two machines differ.
_CLOCKS: Final = timedelta(hours=1)

# What a single request would have got, by the type of error; see Anthropic's page on errors.
_STATUSES: Final = {
    "invalid_request_error": HTTPStatus.BAD_REQUEST,
    "authentication_error": HTTPStatus.UNAUTHORIZED,
    "billing_error": HTTPStatus.PAYMENT_REQUIRED,
    "permission_error": HTTPStatus.FORBIDDEN,
    "not_found_error": HTTPStatus.NOT_FOUND,
    "request_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "rate_limit_error": HTTPStatus.TOO_MANY_REQUESTS,
    "timeout_error": HTTPStatus.GATEWAY_TIMEOUT,
}


class AnthropicBatches:
    """See `BatchInterface`."""

    max_requests = 100_000
    max_bytes = 256_000_000

    def __init__(self, http: BatchHttp) -> None:
        self._http = http

    def new_file(self) -> RequestFile:
        """An empty body."""
        return RequestFile(_ENTRY, head=b'{"requests":[', between=b",\n", tail=b"]}")

    async def create(self, batch: Batch, file: RequestFile) -> str:
        """Send all requests in one body."""
        created = await self._http.post_once(_PATH, file.reader())
        with as_expected():
            return str(created["id"])

    async def find(self, batch: Batch, known: Collection[str]) -> Search:
        """The batch, among those made since and of the same size, whose first result is of one of our requests."""
        undecided = False
        for shown in await self._made_since(datetime.fromisoformat(batch.begun_at) - _CLOCKS):
            with as_expected():
                name, size = str(shown["id"]), sum(shown["request_counts"].values())
                has_ended = shown["processing_status"] == "ended"
            if name in known or size != len(batch.members):
                continue
            if not has_ended:
                undecided = True
            elif await self._holds(name, batch):
                return Search(name)
        return Search(None, undecided)

    async def look(self, batch_id: str) -> Progress:
        """The state of a message batch."""
        shown = await self._http.get(f"{_PATH}/{batch_id}")
        with as_expected():
            return Progress(shown["processing_status"] == "ended")

    async def results(self, batch_id: str, progress: Progress) -> AsyncIterator[Result]:
        """The lines of the results. They are not fetched from where `results_url` points: the key stays here."""
        async for line in self._http.lines(f"{_PATH}/{batch_id}/results"):
            with as_expected():
                result = _result(line["custom_id"], line["result"])
            yield result

    async def _made_since(self, earliest: datetime) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        page: dict[str, str] = {"limit": _PAGE}
        while True:
            listed = await self._http.get(_PATH, **page)
            with as_expected():
                recent = [each for each in listed["data"] if datetime.fromisoformat(each["created_at"]) >= earliest]
                made += recent
                if not listed.get("has_more") or len(recent) < len(listed["data"]):
                    return made
                page["after_id"] = listed["last_id"]

    async def _holds(self, batch_id: str, batch: Batch) -> bool:
        async for result in self.results(batch_id, Progress(ended=True)):
            return result.custom_id in batch.by_custom_id
        return False


def _result(custom_id: str, result: dict[str, Any]) -> Result:
    if result["type"] == "succeeded":
        return Result(custom_id, HTTPStatus.OK, result["message"])
    if result["type"] == "errored":
        error = result["error"].get("error") or result["error"]
        status = _STATUSES.get(error.get("type"), HTTPStatus.INTERNAL_SERVER_ERROR)
        return Result(custom_id, status, {"type": "error", "error": error})
    return Result(custom_id, None, cause=f"the request {result['type']}")
