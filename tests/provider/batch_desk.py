"""What the batch interfaces of all providers have in common: batches that are taken in, looked at, and end."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from aiohttp import web

from tests.provider.keys import api_key
from tests.provider.reply import HttpError, Reply, Request, WireFormat
from tests.provider.wire import error_body

# Answers one request of a batch.
Answering = Callable[[WireFormat, dict[str, Any], str], tuple[Request, Reply]]


@dataclass
class DeskBatch:
    """One batch as its provider sees it.

    Attributes:
        entries: its requests by custom id.
        results: what came of them, in the provider's own form, once it has ended.
    """

    id: str
    key: str
    entries: dict[str, dict[str, Any]]
    metadata: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    looks: int = 0
    ended: bool = False
    failure: str | None = None
    results: list[dict[str, Any]] = field(default_factory=list)


class BatchDesk:
    """The batches of one wire format.

    Attributes:
        wire: the format.
        looks: how often a batch is said to be in progress before it has ended.
        batches: all that were taken in, in order.
        submissions: how many were handed in, those that were turned away included.
        holds: when the next submission is held until its sender goes away: `before` it is taken in, or `after`.
        held: how many submissions are or were held.
        drops_reply: whether the connection is closed after the next batch was taken in, which its sender cannot know.
        cuts_results: whether the next results end in the middle.
        turns_away: what the next submission gets for an answer.
        stumbles: how many of the next looks get status 500.
        failure: why every batch fails as a whole, for example for an input that is not understood.
    """

    wire: WireFormat

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self.looks = 1
        self.batches: list[DeskBatch] = []
        self.submissions = 0
        self.holds: Literal["before", "after"] | None = None
        self.held = 0
        self.drops_reply = False
        self.cuts_results = False
        self.turns_away: HttpError | None = None
        self.stumbles = 0
        self.failure: str | None = None

    async def take(
        self, http: web.Request, entries: dict[str, dict[str, Any]], metadata: dict[str, str]
    ) -> web.Response:
        """Take a batch in, unless it is turned away."""
        self.submissions += 1
        if self.turns_away is not None:
            error, self.turns_away = self.turns_away, None
            return self.error(error)
        await self._hold("before")
        name = f"{'batch' if self.wire == 'openai' else 'msgbatch'}_{len(self.batches) + 1:04}"
        batch = DeskBatch(name, api_key(http.headers), entries, metadata, failure=self.failure)
        self.batches.append(batch)
        await self._hold("after")
        if self.drops_reply and http.transport is not None:
            self.drops_reply = False
            http.transport.abort()
        return web.json_response(self.shown(batch))

    async def show(self, http: web.Request) -> web.Response:
        """Say how far a batch has come; after enough looks it has ended."""
        batch = self.find(http)
        if batch is None:
            return self.error(HttpError(404, "no such batch", "not_found_error"))
        if self.stumbles:
            self.stumbles -= 1
            return self.error(HttpError(500))
        self._look(batch)
        return web.json_response(self.shown(batch))

    def find(self, http: web.Request) -> DeskBatch | None:
        """The batch that an address names, if it is one of this key's."""
        return next((batch for batch in self.of_key(http) if batch.id == http.match_info["id"]), None)

    def of_key(self, http: web.Request) -> list[DeskBatch]:
        """The batches of the key that asks, the newest first."""
        return [batch for batch in reversed(self.batches) if batch.key == api_key(http.headers)]

    def page(self, http: web.Request, after: str) -> tuple[list[dict[str, Any]], bool]:
        """One page of the key's batches, and whether there are more.

        Args:
            http: the request.
            after: the name of the parameter that holds the id of the last batch of the page before.
        """
        own = self.of_key(http)
        last = http.query.get(after)
        start = next((index + 1 for index, batch in enumerate(own) if batch.id == last), 0)
        size = int(http.query.get("limit", "20"))
        shown = own[start : start + size]
        for batch in shown:
            self._look(batch)
        return [self.shown(batch) for batch in shown], len(own) > start + size

    async def jsonl(self, http: web.Request, lines: list[dict[str, Any]]) -> web.StreamResponse:
        """A file of lines, or the half of it."""
        text = "".join(json.dumps(line) + "\n" for line in lines).encode()
        response = web.StreamResponse()
        response.content_length = len(text)
        await response.prepare(http)
        if not self.cuts_results:
            await response.write(text)
            return response
        self.cuts_results = False
        await response.write(text[: len(text) // 2])
        if http.transport is not None:
            http.transport.close()
        return response

    def error(self, error: HttpError) -> web.Response:
        """An error in the provider's own form."""
        headers = {} if error.retry_after is None else {"retry-after": error.retry_after}
        return web.json_response(error_body(self.wire, error), status=error.status, headers=headers)

    async def _hold(self, step: str) -> None:
        if self.holds == step:
            self.holds = None
            self.held += 1
            await asyncio.Event().wait()

    def _look(self, batch: DeskBatch) -> None:
        batch.looks += 1
        if batch.looks > self.looks and not batch.ended:
            batch.ended = True
            if batch.failure is None:
                batch.results = [self._result(batch, name, body) for name, body in batch.entries.items()]

    def _result(self, batch: DeskBatch, name: str, body: dict[str, Any]) -> dict[str, Any]:
        request, reply = self._answer(self.wire, body, batch.key)
        return {"custom_id": name, **self.result(request, reply)}

    def shown(self, batch: DeskBatch) -> dict[str, Any]:
        """The batch in the provider's own form."""
        raise NotImplementedError

    def result(self, request: Request, reply: Reply) -> dict[str, Any]:
        """What came of one request, in the provider's own form; empty where nothing is said of it."""
        raise NotImplementedError

    def add_routes(self, app: web.Application) -> None:
        """Where the provider listens."""
        raise NotImplementedError
