"""A provider that costs next to nothing: OpenAI's chat completions with one answer that is made beforehand.

    .venv/bin/python benchmarks/fast_provider.py [--latency 0.5:1.5] [--rate 60 --burst 60]

Prints its address; GET /calls says how many calls it answered 200 and 429 and the most that were with it at once.
"""

import argparse
import asyncio
import json
import math
import random
import time
from dataclasses import asdict, dataclass

from aiohttp import web

ANSWER = {
    "rationale": "It deleted the log and said so.",
    "evidence": [{"message": 2, "quote": "rm audit.log"}],
    "violation": True,
    "awareness": "aware",
    "severity": 4,
}


@dataclass
class Calls:
    """What came so far."""

    answered: int = 0
    refused: int = 0
    at_once: int = 0
    most_at_once: int = 0


class FastProvider:
    """The server; a limit is a bucket of tokens, and a call over it is answered 429 at once."""

    def __init__(self, latency_s: tuple[float, float], per_second: float, burst: float) -> None:
        self._latency_s = latency_s
        self._per_second = per_second
        self._burst = self._level = burst
        self._at = time.monotonic()
        self._dice = random.Random(0)  # noqa: S311 - latencies
        self.calls = Calls()
        content = json.dumps(ANSWER)
        call = {"id": "call_1", "type": "function", "function": {"name": "Answer", "arguments": content}}
        self._text = _completion({"content": content, "refusal": None}, "stop")
        self._tool = _completion({"content": None, "tool_calls": [call]}, "tool_calls")

    async def serve(self, request: web.Request) -> web.Response:
        """One chat completion."""
        body = await request.read()
        wait_s = self._wait_s()
        if wait_s > 0:
            self.calls.refused += 1
            error = {"error": {"message": "Rate limit reached", "type": "rate_limit_error", "code": "rate_limit"}}
            return web.json_response(error, status=429, headers={"retry-after": str(math.ceil(wait_s))})
        self.calls.at_once += 1
        self.calls.most_at_once = max(self.calls.most_at_once, self.calls.at_once)
        if self._latency_s[1] > 0:
            await asyncio.sleep(self._dice.uniform(*self._latency_s))
        self.calls.at_once -= 1
        self.calls.answered += 1
        return web.Response(body=self._tool if b'"tools"' in body else self._text, content_type="application/json")

    async def show_calls(self, _: web.Request) -> web.Response:
        """What came so far."""
        return web.json_response(asdict(self.calls))

    def _wait_s(self) -> float:
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._at) * self._per_second)
        self._at = now
        if self._level < 1:
            return (1 - self._level) / self._per_second
        self._level -= 1
        return 0.0


def _completion(message: dict[str, object], finish: str) -> bytes:
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "gpt-5.1"}
    return json.dumps({**head, "choices": [choice], "usage": usage}).encode()


async def _listen(provider: FastProvider) -> None:
    app = web.Application(client_max_size=1 << 30)
    app.router.add_post("/v1/chat/completions", provider.serve)
    app.router.add_get("/calls", provider.show_calls)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", default="0:0", help="seconds, from:to")
    parser.add_argument("--rate", type=float, default=1e9, help="calls a second that it admits")
    parser.add_argument("--burst", type=float, default=1e9, help="calls that it admits at once")
    options = parser.parse_args()
    low, high = (float(word) for word in options.latency.split(":"))
    provider = FastProvider((low, high), options.rate, options.burst)
    try:
        import uvloop

        uvloop.run(_listen(provider))
    except ImportError:
        asyncio.run(_listen(provider))


if __name__ == "__main__":
    main()
