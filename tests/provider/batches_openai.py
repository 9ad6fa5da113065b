"""OpenAI's batch interface: requests go up as a file, and their results come down as two."""

import json
from typing import Any

from aiohttp import web

from tests.provider.batch_desk import Answering, BatchDesk, DeskBatch
from tests.provider.reply import Answer, Expired, Forgotten, HttpError, Refusal, Reply, Request
from tests.provider.wire import answer_body, error_body, refusal_body

_ENDPOINT = "/v1/chat/completions"
_TOO_LATE = "This request could not be executed before the completion window expired."


class OpenAIBatches(BatchDesk):
    """POST /v1/files, POST and GET /v1/batches, GET /v1/files/{id}/content.

    Attributes:
        files: what was uploaded, by id.
    """

    wire = "openai"

    def __init__(self, answer: Answering) -> None:
        super().__init__(answer)
        self.files: dict[str, bytes] = {}

    def add_routes(self, app: web.Application) -> None:
        """Where the provider listens."""
        app.router.add_post("/v1/files", self._upload)
        app.router.add_post("/v1/batches", self._create)
        app.router.add_get("/v1/batches", self._list)
        app.router.add_get("/v1/batches/{id}", self.show)
        app.router.add_get("/v1/files/{id}/content", self._content)

    async def _upload(self, http: web.Request) -> web.Response:
        form = await http.post()
        file = form["file"]
        if form["purpose"] != "batch" or not isinstance(file, web.FileField):
            return self.error(HttpError(400, "a file for batches is needed", "invalid_request_error"))
        name = f"file-{len(self.files) + 1:04}"
        self.files[name] = file.file.read()
        return web.json_response({"id": name, "object": "file", "purpose": "batch", "filename": file.filename})

    async def _create(self, http: web.Request) -> web.Response:
        body = await http.json()
        if body["endpoint"] != _ENDPOINT or body["completion_window"] != "24h":
            return self.error(HttpError(400, "endpoint or completion_window is wrong", "invalid_request_error"))
        lines = [json.loads(line) for line in self.files[body["input_file_id"]].splitlines()]
        if any((line["method"], line["url"]) != ("POST", _ENDPOINT) for line in lines):
            return self.error(HttpError(400, "a line is wrong", "invalid_request_error"))
        entries = {line["custom_id"]: line["body"] for line in lines}
        if len(entries) != len(lines) or any(len(name) > 64 for name in entries):
            return self.error(HttpError(400, "custom_id is not unique or too long", "invalid_request_error"))
        return await self.take(http, entries, body.get("metadata") or {})

    async def _list(self, http: web.Request) -> web.Response:
        data, more = self.page(http, "after")
        return web.json_response({"object": "list", "data": data, "has_more": more})

    async def _content(self, http: web.Request) -> web.StreamResponse:
        kind, _, name = http.match_info["id"].partition("-of-")
        batch = next((each for each in self.of_key(http) if each.id == name), None)
        if batch is None:
            return self.error(HttpError(404, "no such file", "invalid_request_error"))
        lines = [line for line in batch.results if len(line) > 1 and _file_of(line) == kind]
        return await self.jsonl(http, lines)

    def shown(self, batch: DeskBatch) -> dict[str, Any]:
        """A batch object; files are named only where they have lines."""
        kinds = {_file_of(line) for line in batch.results if len(line) > 1}
        late = any((line.get("error") or {}).get("code") == "batch_expired" for line in batch.results)
        status = "failed" if batch.failure else "expired" if late else "completed"
        errors = [{"code": "invalid_input", "message": batch.failure}] if batch.failure else []
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": _ENDPOINT,
            "status": status if batch.ended else "in_progress",
            "errors": {"object": "list", "data": errors} if batch.ended and errors else None,
            "output_file_id": f"output-of-{batch.id}" if "output" in kinds else None,
            "error_file_id": f"error-of-{batch.id}" if "error" in kinds else None,
            "created_at": int(batch.created.timestamp()),
            "request_counts": {"total": len(batch.entries)},
            "metadata": batch.metadata,
        }

    def result(self, request: Request, reply: Reply) -> dict[str, Any]:
        """A line of the output file or of the error file."""
        match reply:
            case Answer():
                return _line(200, answer_body(request, reply))
            case Refusal():
                return _line(200, refusal_body(request, reply))
            case HttpError():
                return _line(reply.status, error_body("openai", reply))
            case Expired():
                return {"id": "batch_req_1", "response": None, "error": {"code": "batch_expired", "message": _TOO_LATE}}
            case Forgotten():
                return {}
            case _:
                raise NotImplementedError(f"{reply} in a batch")


def _line(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": "batch_req_1", "response": {"status_code": status, "request_id": "r", "body": body}, "error": None}


def _file_of(line: dict[str, Any]) -> str:
    return "output" if line["response"] and line["response"]["status_code"] == 200 else "error"
