"""Anthropic's message batches: requests go up in one body, and their results come down as JSONL."""

import re
from typing import Any

from aiohttp import web

from tests.provider.batch_desk import BatchDesk, DeskBatch
from tests.provider.reply import Answer, Expired, Forgotten, HttpError, Refusal, Reply, Request
from tests.provider.wire import answer_body, error_body, refusal_body


class AnthropicBatches(BatchDesk):
    """POST and GET /v1/messages/batches, GET /v1/messages/batches/{id}/results.

    Attributes:
        betas: the `anthropic-beta` header of each submission.
    """

    wire = "anthropic"

    def add_routes(self, app: web.Application) -> None:
        """Where the provider listens."""
        self.betas: list[str] = []
        app.router.add_post("/v1/messages/batches", self._create)
        app.router.add_get("/v1/messages/batches", self._list)
        app.router.add_get("/v1/messages/batches/{id}", self.show)
        app.router.add_get("/v1/messages/batches/{id}/results", self._results)

    async def _create(self, http: web.Request) -> web.Response:
        self.betas.append(http.headers.get("anthropic-beta", ""))
        requests = (await http.json())["requests"]
        entries = {request["custom_id"]: request["params"] for request in requests}
        named_well = all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in entries)
        if len(entries) != len(requests) or not named_well or "anthropic-version" not in http.headers:
            return self.error(HttpError(400, "custom_id or version is wrong", "invalid_request_error"))
        return await self.take(http, entries, {})

    async def _list(self, http: web.Request) -> web.Response:
        data, more = self.page(http, "after_id")
        return web.json_response({"data": data, "has_more": more, "last_id": data[-1]["id"] if data else None})

    async def _results(self, http: web.Request) -> web.StreamResponse:
        batch = self.find(http)
        if batch is None or not batch.ended:
            return self.error(HttpError(404, "no results", "not_found_error"))
        return await self.jsonl(http, [line for line in batch.results if len(line) > 1])

    def shown(self, batch: DeskBatch) -> dict[str, Any]:
        """A message batch object. It says how many requests there are, and not which."""
        kinds = [line["result"]["type"] for line in batch.results if len(line) > 1]
        counts = {kind: kinds.count(kind) for kind in ("succeeded", "errored", "canceled", "expired")}
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if batch.ended else "in_progress",
            "request_counts": {"processing": len(batch.entries) - len(kinds), **counts},
            "created_at": batch.created.isoformat(),
            "results_url": "http://elsewhere.invalid/results" if batch.ended else None,
        }

    def result(self, request: Request, reply: Reply) -> dict[str, Any]:
        """A line of the results."""
        match reply:
            case Answer():
                return _succeeded(answer_body(request, reply))
            case Refusal():
                return _succeeded(refusal_body(request, reply))
            case HttpError():
                return {"result": {"type": "errored", "error": error_body("anthropic", reply)}}
            case Expired():
                return {"result": {"type": "expired"}}
            case Forgotten():
                return {}
            case _:
                raise NotImplementedError(f"{reply} in a batch")


def _succeeded(message: dict[str, Any]) -> dict[str, Any]:
    message["usage"]["service_tier"] = "batch"
    return {"result": {"type": "succeeded", "message": message}}
