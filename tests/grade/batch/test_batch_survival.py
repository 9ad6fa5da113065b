"""Whatever ends a run, no question is in two batches at once, and no answer is lost or counted twice."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.grade.asking import RUBRIC, SECRET, VIOLATION, grade, run_of
from tests.grade.batch.batch_in_process import judge_at
from tests.grade.batch.batching import FORMATS, batch, desk_of, runs, states, verdicts
from tests.provider.reply import Answer, Reply, Request
from tests.provider.server import Provider
from venire.grade.batch.run import BatchTerms, run_batch_judges
from venire.grade.ledger import Ledger
from venire.transcript import Transcript
from venire.verdict import Verdict

pytestmark = pytest.mark.usefixtures("keys")

BOTH = pytest.mark.parametrize("form", FORMATS)
COUNT = 6
FOREVER = 10**9


@BOTH
def test_killed_between_submitting_and_ingesting_it_goes_on_with_the_same_batch(
    provider: Provider, path: Path, form: str
) -> None:
    desk = desk_of(form, provider)
    desk.looks = FOREVER
    with _killed(provider, path, form):
        _wait_until(lambda: bool(desk.batches and desk.batches[0].looks))
    assert verdicts(path) == {}

    desk.looks = 0
    _run(provider, path, form)

    assert states(path) == ["submitting", "open", "ingested"]
    _all_is_there_once(provider, path, form)


@BOTH
def test_killed_before_it_learned_that_the_batch_was_taken_in_it_finds_it_again(
    provider: Provider, path: Path, form: str
) -> None:
    desk = desk_of(form, provider)
    desk.holds = "after"
    with _killed(provider, path, form):
        _wait_until(lambda: desk.held == 1)
    assert states(path) == ["submitting"]

    # When the next run looks for it, Anthropic does not tell yet which requests are in it.
    desk.looks = 2
    _run(provider, path, form)

    assert states(path) == ["submitting", "open", "ingested"]
    _all_is_there_once(provider, path, form)


@BOTH
def test_killed_before_the_batch_was_taken_in_it_submits_it_again(provider: Provider, path: Path, form: str) -> None:
    desk = desk_of(form, provider)
    desk.holds = "before"
    with _killed(provider, path, form):
        _wait_until(lambda: desk.held == 1)
    assert states(path) == ["submitting"]

    _run(provider, path, form)

    assert states(path) == ["submitting", "given_up", "submitting", "open", "ingested"]
    _all_is_there_once(provider, path, form)


@BOTH
def test_another_batch_of_the_same_size_is_not_taken_for_its_own(
    provider: Provider, path: Path, tmp_path: Path, form: str
) -> None:
    judge = judge_at(form, provider.address)
    batch([judge], [run_of(100 + number) for number in range(COUNT)], tmp_path / "another.sqlite")
    desk = desk_of(form, provider)
    desk.holds = "after"
    with _killed(provider, path, form):
        _wait_until(lambda: desk.held == 1)

    provider.books.entries.clear()
    _run(provider, path, form)

    assert len(desk.batches) == 2
    assert set(verdicts(path)) == {run.id for run in runs(COUNT)}


@BOTH
def test_a_reply_that_is_lost_on_its_way_makes_no_second_batch(provider: Provider, path: Path, form: str) -> None:
    desk_of(form, provider).drops_reply = True
    _run(provider, path, form)
    _all_is_there_once(provider, path, form)


@BOTH
def test_results_that_break_off_are_read_again_and_counted_once(provider: Provider, path: Path, form: str) -> None:
    provider.script = _uneven
    desk_of(form, provider).cuts_results = True
    _run(provider, path, form)
    _all_is_there_once(provider, path, form)


@BOTH
def test_broken_off_while_answers_come_in_it_counts_none_twice(provider: Provider, path: Path, form: str) -> None:
    provider.script = _uneven
    seen: list[Verdict] = []

    def fail_at_the_third(verdict: Verdict) -> None:
        seen.append(verdict)
        if len(seen) == 3:
            raise RuntimeError("the power went")

    judge = judge_at(form, provider.address)
    with Ledger.open(path) as ledger, pytest.raises(RuntimeError, match="power"):
        run_batch_judges(
            [judge], RUBRIC, lambda: iter(runs(COUNT)), ledger, SECRET, fail_at_the_third, BatchTerms(poll_s=0.01)
        )
    assert len(verdicts(path)) == 3

    _run(provider, path, form)
    _all_is_there_once(provider, path, form)


@BOTH
def test_ctrl_c_says_that_the_batch_goes_on(provider: Provider, path: Path, form: str) -> None:
    desk = desk_of(form, provider)
    desk.looks = FOREVER
    process = _start(provider, path, form)
    _wait_until(lambda: bool(desk.batches and desk.batches[0].looks))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert b"go on at their providers" in said
    assert b"Run the same command again" in said


@BOTH
def test_what_is_in_a_batch_is_not_asked_by_single_requests(provider: Provider, path: Path, form: str) -> None:
    desk = desk_of(form, provider)
    desk.looks = FOREVER
    with _killed(provider, path, form):
        _wait_until(lambda: bool(desk.batches and desk.batches[0].looks))

    grade([judge_at(form, provider.address)], runs(COUNT + 2), path)

    assert set(verdicts(path)) == {run_of(COUNT).id, run_of(COUNT + 1).id}
    assert len(provider.requests) == 2


def test_a_transcript_that_is_gone_when_its_answer_comes_keeps_its_reply(provider: Provider, path: Path) -> None:
    provider.script = _uneven
    judge = judge_at("openai", provider.address)
    passes: list[int] = []

    def transcripts() -> Iterator[Transcript]:
        passes.append(1)
        return iter(runs(COUNT) if len(passes) == 1 else runs(COUNT - 1))

    with Ledger.open(path) as ledger:
        run_batch_judges([judge], RUBRIC, transcripts, ledger, SECRET, lambda verdict: None, BatchTerms(poll_s=0.01))
    assert len(verdicts(path)) == COUNT - 1

    batch([judge], runs(COUNT), path)
    _all_is_there_once(provider, path, "openai")


def _all_is_there_once(provider: Provider, path: Path, form: str) -> None:
    """Each verdict once, one batch at the provider, and usage as the provider's own books have it."""
    found = verdicts(path)
    assert set(found) == {run.id for run in runs(COUNT)}
    assert {verdict.outcome for verdict in found.values()} == {"answered"}
    assert len(desk_of(form, provider).batches) == 1
    assert len(provider.requests) == COUNT
    books = provider.books.delivered()
    assert sum(verdict.input_tokens or 0 for verdict in found.values()) == books.input_tokens
    assert sum(verdict.cost_usd or 0 for verdict in found.values()) == pytest.approx(books.usd)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*), sum(input_tokens) FROM attempts").fetchone() == (
            COUNT,
            books.input_tokens,
        )


def _run(provider: Provider, path: Path, form: str) -> None:
    assert batch([judge_at(form, provider.address)], runs(COUNT), path) == ()


def _start(provider: Provider, path: Path, form: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "tests.grade.batch.batch_in_process",
        form,
        provider.address,
        str(path),
        str(COUNT),
    ]
    return subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE)


@contextmanager
def _killed(provider: Provider, path: Path, form: str) -> Iterator[None]:
    """A run in a process of its own, which is killed at the end of the block."""
    process = _start(provider, path, form)
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def _uneven(request: Request) -> Reply:
    number = int(request.turns[0].partition("Make the check number ")[2].split()[0])
    return Answer(VIOLATION, 1000 + 37 * number, 50 + number, cached_tokens=100 * (number % 3))
