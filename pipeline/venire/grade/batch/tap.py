"""litellm with its wire cut: the request that it would send, and what it makes of a reply that came by another way.

So a question in a batch has the very body that it would have on its own, and its reply is read, scrubbed and judged a
failure by the very same code. The two clients used here are what litellm's argument `client` takes.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Final, Self

from venire.grade.asker import Asker
from venire.grade.batch.interface import BATCH_PRICE_FACTOR
from venire.grade.batch.record import BatchFormat
from venire.grade.exchange import Exchange, Stopwatch, exchange
from venire.grade.failure import Failure
from venire.grade.keys import NO_KEY
from venire.grade.litellm_import import import_litellm
from venire.grade.price import request_usd

# No byte leaves the process; this only ends a mistake.
_LIMIT_S: Final = 60.0
_KEPT_HEADERS: Final = ("authorization", "x-api-key", "anthropic-", "openai-")
_SINGLE_REQUESTS: Final[dict[BatchFormat, str]] = {"openai": "/chat/completions", "anthropic": "/messages"}
_PROBE: Final = [{"role": "user", "content": "-"}]


@dataclass(frozen=True)
class Request:
    """What litellm would send.

    Attributes:
        base: the address of the provider's interface, without the part that is for single requests.
        headers: those that hold the key, or ask for a version or a beta feature.
        body: JSON.
    """

    base: str
    headers: dict[str, str]
    body: bytes


class Tap:
    """Requests and replies of one judge; use it in an `async with` block, for one of them at a time."""

    def __init__(self, asker: Asker, form: BatchFormat) -> None:
        self._asker = asker
        self._form = form
        self._reply: tuple[int, bytes] = (0, b"")
        self._sent: Any = None
        self._client: Any = None

    async def request(
        self, messages: list[dict[str, Any]] = _PROBE, settings: Mapping[str, Any] | None = None
    ) -> Request | Failure:
        """The request for these messages; the failure where none can be made, as for an unsupported parameter."""
        self._sent, self._reply = None, (200, b"{}")
        exchanged = await self._exchange(messages, settings or {}, Stopwatch.start())
        if self._sent is None:
            return exchanged.failure or Failure("rejected", "NoRequest", "litellm made no request")
        headers = {name: value for name, value in self._sent.headers.items() if name.startswith(_KEPT_HEADERS)}
        return Request(str(self._sent.url).removesuffix(_SINGLE_REQUESTS[self._form]), headers, self._sent.content)

    async def read(self, status: int, body: Any, watch: Stopwatch) -> Exchange:
        """What a reply comes to, at the price of batches."""
        self._reply = (status, json.dumps(body).encode())
        exchanged = await self._exchange(_PROBE, {}, watch)
        if exchanged.cost_usd is None:
            return exchanged
        # From the tokens: litellm may itself halve the price of a reply that says it comes from a batch.
        full = request_usd(self._asker.judge, exchanged.tokens)
        return replace(exchanged, cost_usd=None if full is None else full * BATCH_PRICE_FACTOR)

    async def _exchange(
        self, messages: list[dict[str, Any]], settings: Mapping[str, Any], watch: Stopwatch
    ) -> Exchange:
        return await exchange(self._asker, messages, {**settings, "client": self._client}, _LIMIT_S, watch)

    def _answer(self, request: Any) -> Any:
        import httpx

        self._sent = request
        status, body = self._reply
        return httpx.Response(status, content=body, headers={"content-type": "application/json"})

    async def __aenter__(self) -> Self:
        import_litellm()
        import httpx

        wire = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self._client = self._openai(wire) if self._form == "openai" else await _anthropic(wire)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    def _openai(self, wire: Any) -> Any:
        import openai

        # Where litellm looks for the address, in its order.
        base = self._asker.judge.api_base or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
        return openai.AsyncOpenAI(api_key=self._asker.key or NO_KEY, base_url=base, http_client=wire, max_retries=0)


async def _anthropic(wire: Any) -> Any:
    from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler

    handler = AsyncHTTPHandler()
    await handler.client.aclose()
    handler.client = wire
    return handler


def batch_format(model: str) -> BatchFormat | None:
    """The batch interface of a model's provider; None where it has none that venire speaks."""
    try:
        provider = import_litellm().get_llm_provider(model)[1]
    except Exception:
        # litellm has a class of its own for a model that it cannot place.
        return None
    forms: dict[str, BatchFormat] = {"openai": "openai", "anthropic": "anthropic"}
    return forms.get(provider)
