"""A provider on loopback: speaks the wire formats over real HTTP and answers by a script, in a thread of its own."""

import asyncio
import threading
from collections import Counter
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.provider.from_schema import answer_from_schema
from tests.provider.reply import Answer, Dripped, Garbage, Held, HttpError, Refusal, Reply, Request, Script, WireFormat
from tests.provider.wire import answer_body, error_body, read_request, refusal_body

_LARGEST_REQUEST = 64 << 20
_DRIP_S = 0.02


class Provider:
    """The double; use it in a `with` block, or `start` and `stop` it.

    Attributes:
        script: decides the reply to each request; may be exchanged at any time.
        latency_s: how long each reply takes.
        requests: all that was received, in order.
        answered: how many requests got an `Answer` or a `Refusal`, by model and first turn.
    """

    def __init__(self, script: Script = answer_from_schema, *, port: int = 0, latency_s: float = 0.0) -> None:
        self.script = script
        self.latency_s = latency_s
        self.requests: list[Request] = []
        self.answered: Counter[tuple[str, str]] = Counter()
        self.address = ""
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
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{port}"

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve_openai(self, http: web.Request) -> web.StreamResponse:
        return await self._serve("openai", http)

    async def _serve_anthropic(self, http: web.Request) -> web.StreamResponse:
        return await self._serve("anthropic", http)

    async def _serve(self, wire: WireFormat, http: web.Request) -> web.StreamResponse:
        key = http.headers.get("x-api-key") or http.headers.get("authorization", "").removeprefix("Bearer ")
        request = read_request(wire, await http.json(), key, len(self.requests))
        self.requests.append(request)
        reply = self.script(request)
        await asyncio.sleep(self.latency_s)
        if isinstance(reply, Held):
            await self._hold()
            reply = answer_from_schema(request)
        if isinstance(reply, Dripped):
            return await self._drip(http)
        return self._respond(request, reply, http)

    async def _drip(self, http: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "application/json"})
        await response.prepare(http)
        while not self._released.is_set():
            await response.write(b" ")
            await asyncio.sleep(_DRIP_S)
        return response

    async def _hold(self) -> None:
        with self._change:
            self._held += 1
            self._change.notify_all()
        await self._released.wait()

    def _respond(self, request: Request, reply: Reply, http: web.Request) -> web.StreamResponse:
        match reply:
            case Answer():
                self.answered[request.model, request.turns[0]] += 1
                return web.json_response(answer_body(request, reply))
            case Refusal():
                self.answered[request.model, request.turns[0]] += 1
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

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
