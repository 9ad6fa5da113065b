"""The double's own behavior: books, faults, limits and latency, asked over plain HTTP."""

import http.client
import json
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

import pytest

from tests.provider.books import Books, Entry, Rate
from tests.provider.faults import FAULTS, SLOW, fault_mix
from tests.provider.fixtures import provider
from tests.provider.process import ProviderProcess
from tests.provider.rate import RateLimit
from tests.provider.reply import Answer, Dropped, Garbage, HttpError, Refusal, Reply, Request, in_turn
from tests.provider.server import Provider

__all__ = ["provider"]

ALL_KINDS = tuple(FAULTS)


def test_tokens_cost_what_the_books_say() -> None:
    # 600 fresh at $2, 400 cached at $0.50, 100 out at $10, per million: 0.0012 + 0.0002 + 0.0010
    entry = Entry(0, "m", "Answer", 1000, 100, 400)
    assert entry.usd(Rate(2, 10, 0.5)) == pytest.approx(0.0024)
    assert Entry(0, "m", "Answer", 1000, 100, 400, in_batch=True).usd(Rate(2, 10, 0.5)) == pytest.approx(0.0012)


def test_the_books_hold_every_reply_and_keep_apart_what_no_client_can_know(provider: Provider) -> None:
    provider.books = Books({"gpt": Rate(1, 1, 1)})
    provider.script = in_turn(
        Answer({"a": 1}, 100, 10),
        Answer('{"a"', 200, 20, finish="length"),
        Refusal(input_tokens=300, output_tokens=30),
        HttpError(500),
        Garbage(lost=Answer("", 1000, 7)),
        Dropped(lost=Answer("", 2000, 8)),
    )
    for _ in range(6):
        _ask(provider.address)

    delivered, undelivered = provider.books.delivered("gpt"), provider.books.undelivered()
    assert (delivered.requests, delivered.billed, delivered.input_tokens, delivered.output_tokens) == (4, 3, 600, 60)
    assert delivered.usd == pytest.approx(660 / 1_000_000)
    assert (undelivered.billed, undelivered.input_tokens, undelivered.output_tokens) == (2, 3000, 15)
    shown = _read(f"{provider.address}/books")
    assert shown["delivered"]["input_tokens"] == 600
    assert shown["replies"] == {"Answer": 2, "Dropped": 1, "Garbage": 1, "HttpError 500": 1, "Refusal": 1}


def test_a_mix_of_faults_depends_on_the_question_and_the_seed_alone() -> None:
    questions = [_request(f"question {number}") for number in range(300)]
    first = dict(zip(questions_of(questions), map(fault_mix(0.3, 7), questions), strict=True))
    backwards = questions[::-1]
    again = dict(zip(questions_of(backwards), map(fault_mix(0.3, 7), backwards), strict=True))
    assert first == again
    other = dict(zip(questions_of(questions), map(fault_mix(0.3, 8), questions), strict=True))
    assert first != other


def test_a_mix_of_faults_has_its_share_and_every_kind() -> None:
    script = fault_mix(0.3, script=lambda request: Answer("sound"))
    replies = [script(_request(f"question {number}")) for number in range(2000)]
    kinds: Counter[str] = Counter(kind for reply in replies for kind in [_kind(reply)] if kind)
    # 600 expected, with a standard deviation of sqrt(2000 * 0.3 * 0.7) = 20.5
    assert 500 < kinds.total() < 700
    assert set(kinds) == {_kind(fault) for fault in FAULTS.values()}
    assert set(FAULTS) > SLOW


def test_the_second_try_of_a_question_has_a_luck_of_its_own() -> None:
    script = fault_mix(0.5, kinds=["500"])
    replies = [script(_request("the same")) for _ in range(40)]
    assert {type(reply) for reply in replies} == {Answer, HttpError}


def test_what_goes_over_the_limit_gets_429_and_is_told_when_to_come_back(provider: Provider) -> None:
    provider.rate_limit = RateLimit(per_second=0.01, burst=2)
    statuses = [_ask(provider.address) for _ in range(3)]
    assert statuses == [(200, None), (200, None), (429, "100")]
    assert _ask(provider.address, key="another key") == (200, None)
    assert (provider.received, len(provider.requests)) == (4, 3)
    assert provider.books.as_json()["replies"] == {"Answer": 3, "over the limit": 1}


def test_it_runs_as_a_process_of_its_own() -> None:
    with ProviderProcess("--latency", "0:0.01", "--price", "gpt=1:1:1") as process:
        for _ in range(5):
            assert _ask(process.address) == (200, None)
        delivered = process.books()["models"]["gpt"]["delivered"]
    assert (delivered["requests"], delivered["input_tokens"], delivered["output_tokens"]) == (5, 5000, 500)
    assert delivered["usd"] == pytest.approx(5 * 1100 / 1_000_000)


def questions_of(requests: list[Request]) -> list[str]:
    return [request.turns[0] for request in requests]


def _kind(reply: Reply) -> str | None:
    """Which fault a reply is, its tokens aside."""
    if isinstance(reply, HttpError):
        return f"status {reply.status}"
    if isinstance(reply, Garbage):
        return f"garbage {reply.body!r}"
    if isinstance(reply, Answer):
        return None if reply.content == "sound" else f"answer {reply.content!r}"
    return type(reply).__name__


def _request(turn: str) -> Request:
    return Request("openai", "gpt", "", (turn,), {"type": "object", "properties": {}}, {}, "key", 0)


def _ask(address: str, key: str = "one key") -> tuple[int, str | None]:
    """One request of OpenAI's format: status and `retry-after`; 0 where there was no reply."""
    body = json.dumps({"model": "gpt", "messages": [{"role": "user", "content": "Well?"}]}).encode()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{address}/v1/chat/completions", body, headers)) as reply:
            return reply.status, None
    except urllib.error.HTTPError as error:
        return error.code, error.headers["retry-after"]
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
        return 0, None


def _read(address: str) -> Any:
    with urllib.request.urlopen(address) as reply:
        return json.loads(reply.read())
