"""OpenAI's batches: requests go up as a JSONL file, results come down as one file of replies and one of errors."""

import json
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from venire.grade.batch.http import BatchHttp, as_expected
from venire.grade.batch.interface import Progress, RequestFile, Result, Search
from venire.grade.batch.record import Batch

_LINE: Final = b'{"custom_id":%s,"method":"POST","url":"/v1/chat/completions","body":%s}'
# Where our name of a batch is kept with the provider.
_MARK: Final = "venire_batch"
_ENDED: Final = frozenset({"completed", "expired", "cancelled", "failed"})
_PAGE: Final = "100"
# The clocks of two machines differ.
_CLOCKS_S: Final = 3600


class OpenAIBatches:
    """See `BatchInterface`. Nobody else makes batches with our mark, so a search is always decided."""

    max_requests = 50_000
    max_bytes = 200_000_000

    def __init__(self, http: BatchHttp) -> None:
        self._http = http

    def new_file(self) -> RequestFile:
        """An empty JSONL file."""
        return RequestFile(_LINE)

    async def create(self, batch: Batch, file: RequestFile) -> str:
        """Upload the file, then make a batch of it. A file without a batch costs nothing: uploads may be repeated."""
        uploaded = await self._http.post("/files", lambda: _form(batch, file))
        with as_expected():
            file_id = uploaded["id"]
        body = {
            "input_file_id": file_id,
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "metadata": {_MARK: batch.name},
        }
        created = await self._http.post_once("/batches", json.dumps(body).encode())
        with as_expected():
            return str(created["id"])

    async def find(self, batch: Batch, known: Collection[str]) -> Search:
        """The batch with our mark, among those made since."""
        earliest = datetime.fromisoformat(batch.begun_at).timestamp() - _CLOCKS_S
        page: dict[str, str] = {"limit": _PAGE}
        while True:
            listed = await self._http.get("/batches", **page)
            with as_expected():
                for each in listed["data"]:
                    if (each.get("metadata") or {}).get(_MARK) == batch.name:
                        return Search(str(each["id"]))
                if not listed.get("has_more") or not listed["data"] or listed["data"][-1]["created_at"] < earliest:
                    return Search(None)
                page["after"] = listed["data"][-1]["id"]

    async def look(self, batch_id: str) -> Progress:
        """The state of a batch object."""
        shown = await self._http.get(f"/batches/{batch_id}")
        with as_expected():
            return _progress(shown)

    async def results(self, batch_id: str, progress: Progress) -> AsyncIterator[Result]:
        """The lines of both files."""
        for file in progress.files:
            async for line in self._http.lines(f"/files/{file}/content"):
                with as_expected():
                    result = _result(line)
                yield result


def _result(line: dict[str, Any]) -> Result:
    response, error = line.get("response"), line.get("error") or {}
    if response is None or response.get("status_code") is None:
        return Result(line["custom_id"], None, cause=f"{error.get('code')}: {error.get('message')}")
    return Result(line["custom_id"], HTTPStatus(response["status_code"]), response["body"])


def _form(batch: Batch, file: RequestFile) -> Any:
    import aiohttp

    form = aiohttp.FormData()
    form.add_field("purpose", "batch")
    # aiohttp closes what it has sent, and an upload may be repeated.
    form.add_field("file", file.reader(), filename=f"{batch.name}.jsonl", content_type="application/jsonl")
    return form


def _progress(shown: dict[str, Any]) -> Progress:
    files = tuple(str(shown[name]) for name in ("output_file_id", "error_file_id") if shown.get(name))
    failure = ""
    if shown["status"] == "failed":
        errors = (shown.get("errors") or {}).get("data") or []
        failure = "; ".join(str(error.get("message")) for error in errors) or "the provider gave no reason"
    return Progress(shown["status"] in _ENDED, failure, files)
