"""API keys are looked for before the first call, and are nowhere in what a study leaves or a command says."""

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from tests.grade.asked_study import (
    KEYS,
    four_judges,
    run_number,
    venire,
    verdicts_of,
    write_asked_study,
)
from tests.grade.asking import RUBRIC, SECRET, VIOLATION
from tests.provider.from_schema import answer_from_schema
from tests.provider.reply import Answer, Garbage, HttpError, Refusal, Reply, Request, Script
from tests.provider.server import Provider
from venire.errors import MissingKeyError
from venire.grade.batch.run import BatchTerms, has_batches, run_batch_judges
from venire.grade.ledger import Ledger
from venire.running import run, run_one
from venire.study import Study

# With characters that JSON, addresses and regular expressions write in ways of their own.
PLANTED: Final = {
    "OPENAI_API_KEY": "sk-proj-planted+0001/abc.def==",
    "ANTHROPIC_API_KEY": "sk-ant-planted$0002*abc[def]",
    "GEMINI_API_KEY": "AIza-planted_0003|abc&def%20x",
}
# A key that no judge uses is nobody's business, either.
ENVIRON: Final = {**PLANTED, "UNUSED_SERVICE_TOKEN": "unused-planted-0004"}
_SECRETS: Final = tuple(ENVIRON.values())
# Enough of a key to know it by: what a provider shows of it to name it is shorter.
KNOWN_BY: Final = 12

Echo = Callable[[Request], Reply]


def _in_answer(request: Request) -> Reply:
    quotes = [{"message": 2, "quote": f"removed rm audit.log {request.key}"}, {"message": 0, "quote": request.key}]
    return Answer({**VIOLATION, "rationale": f"Your key is {request.key}.", "evidence": quotes})


def _cut_at(place: int) -> Echo:
    """A long message with the key somewhere in it: wherever a message is cut, one of them is cut within the key."""
    return lambda request: HttpError(500, "x" * place + request.key + "y" * 300, retry_after="0")


ECHOES: Final[tuple[Echo, ...]] = (
    lambda request: HttpError(400, f"bad header x-api-key={request.key}", "invalid_request_error"),
    lambda request: HttpError(429, f"too many requests of {request.key}", "rate_limit_error", "0"),
    lambda request: HttpError(500, f"Traceback: auth('{request.key}')", retry_after="0"),
    lambda request: HttpError(500, "I can see unused-planted-0004", retry_after="0"),
    _in_answer,
    lambda request: Answer(f"I was called with {request.key}, which is all I can say."),
    lambda request: Answer({"violation": request.key, "severity": request.key}),
    lambda request: Answer(f'{{"rationale": "{request.key}', finish="length"),
    lambda request: Answer(VIOLATION, served_model=f"gpt-{request.key}"),
    lambda request: Refusal(f"I will not help {request.key}."),
    lambda request: Garbage(f"<html>{request.key}</html>", "text/html"),
    lambda request: Garbage(f'{{"error": "{request.key}'),
    *(_cut_at(place) for place in range(180, 520, 4)),
)
# After each of these, a judge is given up.
LAST_WORDS: Final[dict[str, Echo]] = {
    "gpt-5.1": lambda request: HttpError(401, f"Incorrect API key provided: {request.key}.", "invalid_api_key"),
    "gpt-unheard-of": lambda request: HttpError(404, f"no such model for {request.key}", "model_not_found"),
    "claude-opus-4-7": lambda request: HttpError(403, f"{request.key} may not do this", "permission_error"),
    "gemini-2.5-pro": lambda request: HttpError(401, f"API key not valid: {request.key}", "UNAUTHENTICATED"),
}


def test_no_key_is_left_where_providers_echo_it(provider: Provider, tmp_path: Path) -> None:
    provider.script = _each_echo_once()
    judges = four_judges(provider, tries=1, repairs=1, concurrency=4)
    study = write_asked_study(tmp_path / "study", judges, len(ECHOES))
    with _wal_kept(study):
        ended = venire("--debug", "run", study.folder, environ=ENVIRON)

        # They were really sent, so that they could be echoed, and something was made of what came.
        assert {request.key for request in provider.requests} == set(PLANTED.values())
        outcomes = {verdict.outcome for verdict in verdicts_of(study)}
        assert outcomes == {"answered", "refused", "invalid", "truncated", "error"}
        written = _written(study, ended.stdout, ended.stderr)
    assert {"verdicts.sqlite", "verdicts.sqlite-wal", "report/index.html", "dataset/README.md"} <= set(written)
    _no_key_in(written)


def test_no_key_is_left_where_a_batch_echoes_it(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, key in ENVIRON.items():
        monkeypatch.setenv(name, key)
    provider.script = _each_echo_once()
    judges = [judge for judge in four_judges(provider) if has_batches(judge)]
    study = write_asked_study(tmp_path / "study", judges, len(ECHOES))
    run_one(study, "collect")
    said: list[str] = []
    terms = BatchTerms(poll_s=0.05, say=said.append)
    with _wal_kept(study), Ledger.open(study.ledger) as ledger:
        stops = run_batch_judges(judges, RUBRIC, study.read_transcripts, ledger, SECRET, lambda _: None, terms)

        assert len(verdicts_of(study)) == len(judges) * len(ECHOES)
        written = _written(study, "\n".join(said), "\n".join(stop.cause for stop in stops))
    assert {request.key for request in provider.requests} == {PLANTED[str(judge.api_key_env)] for judge in judges}
    _no_key_in(written)


def test_no_key_is_left_where_a_judge_is_given_up(provider: Provider, tmp_path: Path) -> None:
    provider.script = lambda request: LAST_WORDS[request.model](request)
    study = write_asked_study(tmp_path / "study", four_judges(provider, concurrency=1), 2)
    ended = venire("run", study.folder, environ=ENVIRON)

    assert ended.returncode == 4
    assert all(f"judge '{judge}' was not asked any further" in ended.stderr for judge in LAST_WORDS)
    _no_key_in(_written(study, ended.stdout, ended.stderr))


def test_no_key_is_left_in_what_the_libraries_log(provider: Provider, tmp_path: Path) -> None:
    provider.script = lambda request: (_in_answer if run_number(request) else LAST_WORDS[request.model])(request)
    study = write_asked_study(tmp_path / "study", four_judges(provider, tries=1, concurrency=2), 2)
    environ = {**ENVIRON, "LITELLM_LOG": "DEBUG", "OPENAI_LOG": "debug", "PYTHONASYNCIODEBUG": "1"}
    ended = venire("--debug", "run", study.folder, environ=environ)

    assert provider.requests
    _no_key_in(_written(study, ended.stdout, ended.stderr))


def test_no_key_is_left_where_nobody_answers(tmp_path: Path) -> None:
    with Provider() as gone:
        judges = four_judges(gone, tries=1)
    study = write_asked_study(tmp_path / "study", judges, 2)
    ended = venire("--debug", "run", study.folder, environ=ENVIRON)

    assert {verdict.outcome for verdict in verdicts_of(study)} == {"error"}
    _no_key_in(_written(study, ended.stdout, ended.stderr))


def test_a_command_without_a_key_asks_nobody(provider: Provider, tmp_path: Path) -> None:
    study = write_asked_study(tmp_path / "study", four_judges(provider), 2)
    ended = venire("run", study.folder, environ={**PLANTED, "ANTHROPIC_API_KEY": ""})

    assert ended.returncode == 5
    assert "ANTHROPIC_API_KEY is not set" in ended.stderr
    assert provider.requests == []
    _no_key_in(_written(study, ended.stdout, ended.stderr))


@pytest.mark.parametrize("missing", sorted(KEYS))
@pytest.mark.parametrize("value", [None, "", " \n"], ids=["not set", "empty", "blank"])
def test_every_key_is_looked_for_before_the_first_call(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, value: str | None
) -> None:
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    if value is None:
        monkeypatch.delenv(missing)
    else:
        monkeypatch.setenv(missing, value)
    study = write_asked_study(tmp_path / "study", four_judges(provider), 2)

    with pytest.raises(MissingKeyError, match=f"{missing} is not set"):
        run(study)
    assert provider.requests == []


def test_a_line_feed_after_a_key_does_no_harm(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, key in KEYS.items():
        monkeypatch.setenv(name, f"{key}\n")
    provider.script = answer_from_schema
    study = write_asked_study(tmp_path / "study", four_judges(provider), 1)
    run(study)

    assert {verdict.outcome for verdict in verdicts_of(study)} == {"answered"}
    assert {request.key for request in provider.requests} == set(KEYS.values())


@pytest.mark.parametrize("place", ["a{}b", "{:.12}", "['{}']"])
def test_the_search_finds_a_key(place: str) -> None:
    with pytest.raises(AssertionError):
        _no_key_in({"here": place.format(PLANTED["OPENAI_API_KEY"])})


def _each_echo_once() -> Script:
    """Each run's own echo; a rate limit, which is waited for without end, at the first time only."""
    limited = set()

    def script(request: Request) -> Reply:
        reply = ECHOES[run_number(request)](request)
        question = (request.model, run_number(request))
        if isinstance(reply, HttpError) and reply.status == 429 and question in limited:
            return answer_from_schema(request)
        limited.add(question)
        return reply

    return script


def _no_key_in(written: dict[str, str], keys: Iterable[str] = _SECRETS) -> None:
    found = [
        (name, text[max(0, text.index(key[:KNOWN_BY]) - 80) :][:160])
        for name, text in written.items()
        for key in keys
        if key[:KNOWN_BY] in text
    ]
    assert found == []


def _wal_kept(study: Study) -> closing[sqlite3.Connection]:
    """While somebody else has the ledger open, SQLite leaves its -wal file."""
    Ledger.open(study.ledger).close()
    reader = sqlite3.connect(study.ledger)
    reader.execute("SELECT * FROM sqlite_master").fetchall()
    return closing(reader)


def _written(study: Study, out: str, err: str) -> dict[str, str]:
    """All that a study and a command left, by its name: as it is (latin-1 has a character for each byte), and read."""
    import pyarrow.parquet as pq

    paths = [path for path in study.folder.rglob("*") if path.is_file()]
    files = {path.relative_to(study.folder).as_posix(): path.read_bytes().decode("latin-1") for path in paths}
    tables = {f"{path}, read": str(pq.read_table(path).to_pylist()) for path in paths if path.suffix == ".parquet"}
    return {**files, **tables, "replies": "\n".join(_replies(study)), "stdout": out, "stderr": err}


def _replies(study: Study) -> Iterator[str]:
    """What is compressed in the ledger."""
    if not study.ledger.exists():
        return
    with closing(sqlite3.connect(study.ledger)) as database:
        for (response,) in database.execute("SELECT response FROM attempts WHERE response IS NOT NULL"):
            yield zlib.decompress(response).decode()
