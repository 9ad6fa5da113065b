"""A provider on loopback: speaks the wire formats over real HTTP and answers by a script, in a thread of its own."""

import asyncio
import json
import random
import threading
from collections import Counter
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.provider.batches_anthropic import AnthropicBatches
from tests.provider.batches_openai import OpenAIBatches
from tests.provider.books import Books, Entry
from tests.provider.from_schema import answer_from_schema
from tests.provider.keys import api_key
from tests.provider.rate import RateLimit
from tests.provider.reply import Answer, Dripped, Garbage, Held, HttpError, Refusal, Reply, Request, Script, WireFormat
from tests.provider.reply import rate_limited as refused_for_now
from tests.provider.wire import answer_body, error_body, read_request, refusal_body

_LARGEST_REQUEST = 512 << 20
_DRIP_S = 0.05
_GENERATE = ":generateContent"


class Provider:
    """The double; use it in a `with` block, or `start` and `stop` it.

    Attributes:
        script: decides the reply to each request; may be exchanged at any time.
        latency_s: how long each reply takes: so many seconds, or at random between two numbers of them.
        rate_limit: what it admits of each key; what it does not gets 429 at once, and the script never sees it.
        books: what it billed.
        remembers: whether it keeps requests and what it answered, which takes memory.
        requests: all that was received and admitted, in order.
        received: how many came, those that were not admitted included.
        answered: how many requests got an `Answer` or a `Refusal`, by model and first turn.
        openai_batches, anthropic_batches: the batch interfaces, whose requests are answered by the same script.
    """

    def __init__(
        self, script: Script = answer_from_schema, *, port: int = 0, latency_s: float | tuple[float, float] = 0.0
    ) -> None:
        self.script = script
        self.latency_s = latency_s
        self.rate_limit: RateLimit | None = None
        self.books = Books()
        self.remembers = True
        self.requests: list[Request] = []
        self.received = 0
        self.answered: Counter[tuple[str, str]] = Counter()
        self.openai_batches = OpenAIBatches(self._answer_in_batch)
        self.anthropic_batches = AnthropicBatches(self._answer_in_batch)
        self.address = ""
        self._admitted = 0
        self._dice = random.Random(0)
        self._port = port
        self._held = 0
        self._change = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._released = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="provider", daemon=True)
        self._runner: web.AppRunner | None = None

    @property
    def openai_base(self) -> str:
        """What goes into a judge's `api_base` for a model of OpenAI's format."""
        return f"{self.address}/v1"

    @property
    def anthropic_base(self) -> str:
        """What goes into a judge's `api_base` for a model of Anthropic's format."""
        return self.address

    @property
    def gemini_base(self) -> str:
        """What goes into a judge's `api_base` for a model of Gemini's format."""
        return f"{self.address}/v1beta"

    def start(self) -> Self:
        """Listen on a free port of the loopback interface, or on the one given."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def stop(self) -> None:
        """Close every connection and end the thread."""
        self.release()
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def release(self) -> None:
        """Let every request that is held have its reply."""
        self._loop.call_soon_threadsafe(self._released.set)

    def wait_until_held(self, count: int, timeout_s: float = 60) -> bool:
        """Wait until that many requests are held; False where it took too long."""
        with self._change:
            return self._change.wait_for(lambda: self._held >= count, timeout_s)

    async def _listen(self) -> None:
        app = web.Application(client_max_size=_LARGEST_REQUEST)
        app.router.add_post("/v1/chat/completions", self._serve_openai)
        app.router.add_post("/v1/messages", self._serve_anthropic)
        # The address of a model holds a colon, and the base may or may not name a version.
        app.router.add_post("/models/{model}", self._serve_gemini)
        app.router.add_post("/v1beta/models/{model}", self._serve_gemini)
        app.router.add_get("/books", self._show_books)
        self.openai_batches.add_routes(app)
        self.anthropic_batches.add_routes(app)
        # So that a client that goes away is noticed.
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=2048).start()
        port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{port}"

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve_openai(self, http: web.Request) -> web.StreamResponse:
        return await self._serve("openai", http)

    async def _serve_anthropic(self, http: web.Request) -> web.StreamResponse:
        return await self._serve("anthropic", http)

    async def _serve_gemini(self, http: web.Request) -> web.StreamResponse:
        return await self._serve("gemini", http, http.match_info["model"].removesuffix(_GENERATE))

    async def _show_books(self, http: web.Request) -> web.Response:
        return web.json_response(self.books.as_json())

    async def _serve(self, wire: WireFormat, http: web.Request, model: str | None = None) -> web.StreamResponse:
        self.received += 1
        key = api_key(http.headers)
        body = json.loads(await http.read())
        if (limited := self._limited(wire, key, model or body["model"])) is not None:
            return limited
        request, reply = self._take(wire, body, key, model)
        try:
            await asyncio.sleep(self._latency())
            if isinstance(reply, Held):
                reply = await self._hold(request, reply)
            if isinstance(reply, Dripped):
                return await self._drip(http, request, reply)
        except asyncio.CancelledError:
            self._book(request, reply, delivered=False)
            raise
        return self._respond(request, reply, http)

    def _take(self, wire: WireFormat, body: dict[str, Any], key: str, model: str | None) -> tuple[Request, Reply]:
        """A request that is let in, and what the script has for it."""
        request = read_request(wire, body, key, self._admitted, model)
        self._admitted += 1
        if self.remembers:
            self.requests.append(request)
        return request, self.script(request)

    def _answer_in_batch(self, wire: WireFormat, body: dict[str, Any], key: str) -> tuple[Request, Reply]:
        self.received += 1
        request, reply = self._take(wire, body, key, None)
        self.books.enter(request.number, request.model, reply, delivered=True, in_batch=True)
        if isinstance(reply, Answer | Refusal):
            self._remember_answered(request)
        return request, reply

    def _limited(self, wire: WireFormat, key: str, model: str) -> web.Response | None:
        wait_s = None if self.rate_limit is None else self.rate_limit.admit(key)
        if wait_s is None:
            return None
        self.books.entries.append(Entry(self.received - 1, model, "over the limit"))
        error = refused_for_now(str(wait_s))
        return web.json_response(error_body(wire, error), status=429, headers={"retry-after": str(wait_s)})

    def _latency(self) -> float:
        return self._dice.uniform(*self.latency_s) if isinstance(self.latency_s, tuple) else self.latency_s

    async def _drip(self, http: web.Request, request: Request, reply: Dripped) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "application/json"})
        await response.prepare(http)
        while not self._released.is_set():
            await response.write(b" ")
            await asyncio.sleep(_DRIP_S)
        self._book(request, reply, delivered=False)
        return response

    async def _hold(self, request: Request, held: Held) -> Reply:
        with self._change:
            self._held += 1
            self._change.notify_all()
        await self._released.wait()
        return answer_from_schema(request)

    def _respond(self, request: Request, reply: Reply, http: web.Request) -> web.StreamResponse:
        gone = http.transport is None or http.transport.is_closing()
        self._book(request, reply, delivered=isinstance(reply, Answer | Refusal | HttpError) and not gone)
        match reply:
            case Answer():
                self._remember_answered(request)
                return web.json_response(answer_body(request, reply))
            case Refusal():
                self._remember_answered(request)
                return web.json_response(refusal_body(request, reply))
            case HttpError():
                headers = {} if reply.retry_after is None else {"retry-after": reply.retry_after}
                return web.json_response(error_body(request.wire, reply), status=reply.status, headers=headers)
            case Garbage():
                return web.Response(text=reply.body, content_type=reply.content_type)
            case _:
                if http.transport is not None:
                    http.transport.abort()
                return web.Response()

    def _remember_answered(self, request: Request) -> None:
        if self.remembers:
            self.answered[request.model, request.turns[0]] += 1

    def _book(self, request: Request, reply: Reply, *, delivered: bool) -> None:
        self.books.enter(request.number, request.model, reply, delivered=delivered)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
