"""Judges that answer in batches, over real HTTP and in the formats of both providers."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.grade.asking import BROKEN_RULE, RUBRIC, VIOLATED, VIOLATION, grade, run_of, verdicts_in
from tests.grade.batch.batching import FORMATS, batch, desk_of, judge_of, runs, states, verdicts
from tests.provider.reply import Answer, Expired, Forgotten, HttpError, Refusal, Reply, Request, in_turn
from tests.provider.server import Provider
from venire.errors import MissingKeyError
from venire.grade.batch.record import Batch, Member
from venire.grade.ledger import Ledger
from venire.grade.prompt import prompt_hash
from venire.panel import judge_hash
from venire.transcript import Transcript

pytestmark = pytest.mark.usefixtures("keys")

BOTH = pytest.mark.parametrize("form", FORMATS)


@BOTH
def test_what_is_open_is_asked_in_one_batch_and_answered(provider: Provider, path: Path, form: str) -> None:
    provider.script = in_turn(Answer(VIOLATION, 1200, 80, cached_tokens=200, served_model="served-1"))
    desk_of(form, provider).looks = 3
    judge = judge_of(form, provider, repeats=2)

    assert batch([judge], runs(5), path) == ()

    found = verdicts_in(path)
    assert len(found) == 10
    assert {verdict.outcome for verdict in found} == {"answered"}
    assert {(verdict.transcript_id, verdict.repeat) for verdict in found} == {
        (run.id, repeat) for run in runs(5) for repeat in range(2)
    }
    assert len(desk_of(form, provider).batches) == 1
    verdict = found[0]
    assert verdict.answer == {"violation": True, "awareness": "aware", "severity": 4}
    assert [(evidence.message, evidence.match) for evidence in verdict.evidence] == [(2, "exact")]
    assert (verdict.judge_hash, verdict.prompt_hash) == (judge_hash(judge), prompt_hash())
    assert (verdict.served_model, verdict.attempts, verdict.repaired) == ("served-1", 1, False)
    assert states(path) == ["submitting", "open", "ingested"]


@BOTH
def test_a_batch_has_the_bodies_that_single_requests_would_have(
    provider: Provider, path: Path, tmp_path: Path, form: str
) -> None:
    judge = judge_of(form, provider, parameters={"reasoning_effort": "low"} if form == "openai" else {})
    grade([judge], runs(3), tmp_path / "single.sqlite")
    single = [request.body for request in provider.requests]

    batch([judge], runs(3), path)

    assert sorted(map(json.dumps, single)) == sorted(
        map(json.dumps, desk_of(form, provider).batches[0].entries.values())
    )


def test_anthropics_batch_asks_for_the_beta_of_structured_output(provider: Provider, path: Path) -> None:
    batch([judge_of("anthropic", provider)], runs(1), path)
    assert provider.anthropic_batches.betas == ["structured-outputs-2025-11-13"]


def test_a_model_that_litellm_does_not_know_answers_through_a_forced_tool(provider: Provider, path: Path) -> None:
    provider.script = in_turn(VIOLATED)
    batch([judge_of("anthropic", provider, model="anthropic/claude-unheard-of")], runs(1), path)

    assert provider.requests[0].body["tool_choice"]["type"] == "tool"
    assert verdicts(path)[run_of().id].outcome == "answered"


@BOTH
def test_usage_agrees_with_the_providers_books_to_the_token_and_costs_half(
    provider: Provider, path: Path, form: str
) -> None:
    provider.script = _uneven

    batch([judge_of(form, provider)], runs(12), path)

    found = verdicts(path).values()
    books = provider.books.delivered()
    assert sum(verdict.input_tokens or 0 for verdict in found) == books.input_tokens
    assert sum(verdict.output_tokens or 0 for verdict in found) == books.output_tokens
    assert sum(verdict.cached_input_tokens or 0 for verdict in found) == books.cached_tokens
    # The books have the same prices, halved for batches: $2, $10 and $0.50 per million tokens.
    assert sum(verdict.cost_usd or 0 for verdict in found) == pytest.approx(books.usd)
    # The first: 900 fresh and 100 cached tokens in, 50 out: (0.0018 + 0.00005 + 0.0005) / 2.
    with sqlite3.connect(path) as database:
        costs = [row[0] for row in database.execute("SELECT cost_usd FROM attempts WHERE input_tokens = 1000")]
    assert costs == [pytest.approx(0.001175)]


def test_a_price_from_litellms_map_is_halved_too(provider: Provider, path: Path, tmp_path: Path) -> None:
    provider.script = in_turn(Answer(VIOLATION, 10_000, 1_000))
    judge = judge_of("openai", provider, price=None)
    batch([judge], runs(1), path)
    grade([judge], runs(1), tmp_path / "single.sqlite")

    (in_batch,), (single,) = verdicts_in(path), verdicts_in(tmp_path / "single.sqlite")
    assert in_batch.cost_usd is not None
    assert in_batch.cost_usd == pytest.approx((single.cost_usd or 0) / 2)


@BOTH
def test_what_fails_in_a_batch_has_its_own_outcome_and_the_rest_is_kept(
    provider: Provider, path: Path, form: str
) -> None:
    replies: dict[str, Reply] = {
        "answered": VIOLATED,
        "refused": Refusal(),
        "invalid": Answer(BROKEN_RULE),
        "truncated": Answer('{"rationale": "It', finish="length"),
        "too_long": HttpError(400, "prompt is too long: 300000 tokens > 200000 maximum", "invalid_request_error"),
        "error": Expired(),
    }
    wanted = {run.id: outcome for run, outcome in zip(runs(6), replies, strict=True)}
    provider.script = lambda request: replies[list(replies)[_number(request)]]

    assert batch([judge_of(form, provider, repairs=2)], runs(6), path) == ()

    found = verdicts(path)
    assert {name: verdict.outcome for name, verdict in found.items()} == wanted
    assert all(verdict.cost_usd for verdict in found.values() if verdict.outcome not in ("too_long", "error"))
    assert all(verdict.error for verdict in found.values() if verdict.outcome != "answered")
    # Nobody was asked again, and nothing went out on its own.
    assert len(provider.requests) == 6


@BOTH
@pytest.mark.parametrize(
    ("lost", "cause"),
    [
        (Expired(), "expired"),
        (Forgotten(), "do not speak of this request"),
        (HttpError(500, "overheated"), "overheated"),
    ],
    ids=["expired", "forgotten", "errored"],
)
def test_a_request_that_failed_is_an_error_and_asked_again_in_the_next_run(
    provider: Provider, path: Path, form: str, lost: Reply, cause: str
) -> None:
    provider.script = lambda request: lost if _number(request) == 1 else VIOLATED
    batch([judge_of(form, provider)], runs(3), path)
    first = verdicts(path)
    assert first[run_of(1).id].outcome == "error"
    assert cause in (first[run_of(1).id].error or "")

    provider.script = in_turn(VIOLATED)
    batch([judge_of(form, provider)], runs(3), path)

    assert {verdict.outcome for verdict in verdicts(path).values()} == {"answered"}
    assert verdicts(path)[run_of(1).id].attempts == 2
    assert [len(each.entries) for each in desk_of(form, provider).batches] == [3, 1]


@BOTH
def test_what_is_answered_is_asked_no_more(provider: Provider, path: Path, form: str) -> None:
    for _ in range(2):
        batch([judge_of(form, provider)], runs(3), path)
    assert desk_of(form, provider).submissions == 1


def test_judges_of_both_formats_answer_in_one_run(provider: Provider, path: Path) -> None:
    said: list[str] = []
    batch([judge_of(form, provider) for form in FORMATS], runs(4), path, said)

    assert len(verdicts_in(path)) == 8
    assert any("openai" in line and "4 questions" in line for line in said)


def test_a_judge_without_batches_is_given_up_and_the_others_answer(provider: Provider, path: Path) -> None:
    lone = judge_of("openai", provider, id="lone", model="gemini/gemini-2.5-pro", api_key_env="none")
    (stop,) = batch([lone, judge_of("openai", provider)], runs(2), path)

    assert stop.judge == "lone"
    assert "no batch interface" in stop.cause
    assert len(verdicts(path)) == 2


def test_a_missing_key_is_said_before_anything_is_sent(
    provider: Provider, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(MissingKeyError):
        batch([judge_of("openai", provider)], runs(1), path)
    assert provider.openai_batches.files == {}


def test_a_batch_that_the_provider_does_not_understand_stops_the_judge(provider: Provider, path: Path) -> None:
    provider.openai_batches.failure = "line 1 is not JSON"
    (stop,) = batch([judge_of("openai", provider)], runs(2), path)

    assert "line 1 is not JSON" in stop.cause
    assert {verdict.outcome for verdict in verdicts(path).values()} == {"error"}


@BOTH
def test_a_batch_that_is_turned_away_stops_the_judge_and_leaves_its_questions_open(
    provider: Provider, path: Path, form: str
) -> None:
    desk_of(form, provider).turns_away = HttpError(403, "batches are not for you", "permission_error")
    (stop,) = batch([judge_of(form, provider)], runs(2), path)

    assert "batches are not for you" in stop.cause
    assert verdicts(path) == {}
    assert states(path) == ["submitting", "given_up"]
    assert batch([judge_of(form, provider)], runs(2), path) == ()
    assert len(verdicts(path)) == 2


@BOTH
def test_a_limit_of_submissions_is_waited_for(provider: Provider, path: Path, form: str) -> None:
    desk_of(form, provider).turns_away = HttpError(429, "slowly", "rate_limit_error", retry_after="0")
    assert batch([judge_of(form, provider)], runs(2), path) == ()
    assert desk_of(form, provider).submissions == 2
    assert len(verdicts(path)) == 2


@BOTH
def test_a_provider_that_stumbles_is_asked_again(provider: Provider, path: Path, form: str) -> None:
    desk_of(form, provider).stumbles = 1
    assert batch([judge_of(form, provider)], runs(1), path) == ()
    assert len(verdicts(path)) == 1


@BOTH
def test_a_batch_that_the_provider_does_not_know_is_kept_for_the_next_run(
    provider: Provider, path: Path, form: str
) -> None:
    desk = desk_of(form, provider)
    with Ledger.open(path) as ledger:
        judge = judge_of(form, provider)
        question = (judge_hash(judge), RUBRIC.hash, prompt_hash())
        now = datetime.now(UTC)
        members = (Member(run_of().id, 0),)
        new = Batch("new", "openai", form, *question, now.isoformat(), members, "open", "batch_of_another_key")
        ledger.begin_batch(new)
        ledger.move_batch("new", "open", "batch_of_another_key")

    (stop,) = batch([judge], runs(1), path)
    assert "batch_of_another_key" in stop.cause
    assert "404" in stop.cause
    assert desk.submissions == 0
    assert verdicts(path) == {}


@BOTH
def test_a_batch_that_is_too_old_to_be_known_is_given_up(provider: Provider, path: Path, form: str) -> None:
    judge = judge_of(form, provider)
    question = (judge_hash(judge), RUBRIC.hash, prompt_hash())
    long_ago = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    with Ledger.open(path) as ledger:
        ledger.begin_batch(Batch("old", "openai", form, *question, long_ago, (Member(run_of().id, 0),)))
        ledger.move_batch("old", "open", "batch_long_gone")

    assert batch([judge], runs(1), path) == ()
    assert batch([judge], runs(1), path) == ()
    assert verdicts(path)[run_of().id].outcome == "answered"


def test_batches_of_an_earlier_version_are_spoken_of_and_left_alone(provider: Provider, path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.begin_batch(Batch("old", "openai", "openai", "h", "r", "p", "2026-01-01T00:00:00+00:00", ()))
    said: list[str] = []
    batch([judge_of("openai", provider)], runs(1), path, said)
    assert any("1 batch of judges" in line for line in said)
    assert len(verdicts(path)) == 1


@BOTH
def test_a_reply_of_an_earlier_run_is_used_and_not_paid_for_again(provider: Provider, path: Path, form: str) -> None:
    provider.script = in_turn(VIOLATED)
    grade([judge_of(form, provider)], runs(2), path)
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM verdicts")

    batch([judge_of(form, provider)], runs(3), path)

    assert len(desk_of(form, provider).batches[0].entries) == 1
    assert {verdict.outcome for verdict in verdicts(path).values()} == {"answered"}
    assert len(provider.requests) == 3


def test_a_reply_that_only_a_re_ask_could_mend_is_left_to_single_requests(provider: Provider, path: Path) -> None:
    provider.script = in_turn(Answer(BROKEN_RULE), VIOLATED)
    judge = judge_of("openai", provider, repairs=1)
    grade([judge_of("openai", provider, repairs=0)], runs(1), path)
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM verdicts")
        database.execute("UPDATE attempts SET judge_hash = ?", (judge_hash(judge),))

    said: list[str] = []
    batch([judge], runs(1), path, said)
    assert verdicts(path) == {}
    assert any("run again without --batch" in line for line in said)

    grade([judge], runs(1), path)
    assert verdicts(path)[run_of().id].repaired


def test_a_long_transcript_is_asked_about_in_windows_within_one_batch(provider: Provider, path: Path) -> None:
    provider.script = in_turn(VIOLATED)
    judge, long = judge_of("openai", provider, context_tokens=12_000, max_tokens=1_000), _long_run()

    batch([judge], [long], path)

    verdict = verdicts(path)[long.id]
    assert verdict.outcome == "answered"
    assert verdict.windows == len(provider.requests) == verdict.attempts > 1
    assert len(provider.openai_batches.batches) == 1


def test_a_window_without_an_answer_is_asked_about_alone_in_the_next_run(provider: Provider, path: Path) -> None:
    provider.script = in_turn(VIOLATED, Expired(), VIOLATED)
    judge, long = judge_of("openai", provider, context_tokens=12_000, max_tokens=1_000), _long_run()
    batch([judge], [long], path)
    first = verdicts(path)[long.id]
    assert first.outcome == "error"
    assert first.error is not None
    assert first.error.startswith("part 2: batch_expired")

    batch([judge], [long], path)

    second = verdicts(path)[long.id]
    assert (second.outcome, second.windows, second.attempts) == ("answered", first.windows, first.windows + 1)
    assert [len(each.entries) for each in provider.openai_batches.batches] == [first.windows, 1]


@BOTH
def test_large_runs_are_split_at_the_providers_limits(
    provider: Provider, path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    interface = {
        "openai": "venire.grade.batch.openai_batches.OpenAIBatches",
        "anthropic": "venire.grade.batch.anthropic_batches.AnthropicBatches",
    }[form]
    monkeypatch.setattr(f"{interface}.max_requests", 2)
    batch([judge_of(form, provider)], runs(5), path)
    assert [len(each.entries) for each in desk_of(form, provider).batches] == [2, 2, 1]

    size = max(len(json.dumps(body)) for body in desk_of(form, provider).batches[0].entries.values())
    monkeypatch.setattr(f"{interface}.max_bytes", 2 * size + 1000)
    monkeypatch.setattr(f"{interface}.max_requests", 100)
    batch([judge_of(form, provider, max_tokens=4095)], runs(5), path)
    assert all(len(each.entries) <= 2 for each in desk_of(form, provider).batches)
    assert len(verdicts_in(path)) == 10


@BOTH
def test_no_key_is_in_the_ledger_or_in_what_is_said(
    provider: Provider, path: Path, form: str, keys: dict[str, str]
) -> None:
    echoed = f"the key {' '.join(keys.values())} is wrong"
    provider.script = lambda request: (
        HttpError(401, echoed, "authentication_error") if _number(request) else Answer(echoed)
    )
    said: list[str] = []
    stops = batch([judge_of(form, provider)], runs(3), path, said)
    desk_of(form, provider).turns_away = HttpError(400, echoed)
    stops += batch([judge_of(form, provider)], runs(3), path, said)

    assert len(stops) == 2
    everything = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    with Ledger.open(path) as ledger:
        raw = [attempt.response for verdict in ledger.begun() for attempt in ledger.attempts(verdict)]
    everything += f"{stops} {said} {raw} {verdicts_in(path)}".encode()
    assert not [key for key in keys.values() if key.encode() in everything]


def _long_run() -> Transcript:
    """A transcript that takes a small model several windows."""
    run = run_of()
    return run.model_copy(update={"messages": run.messages[:2] + run.messages[2:] * 400, "id": "f" * 64})


def _number(request: Request) -> int:
    """Which of `runs` a request is about."""
    return int(request.turns[0].partition("Make the check number ")[2].split()[0])


def _uneven(request: Request) -> Reply:
    number = _number(request)
    return Answer(VIOLATION, 1000 + 37 * number, 50 + number, cached_tokens=100 * (number % 3) + 100)
